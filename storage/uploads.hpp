#pragma once

#include "storage/database.hpp"

#include <optional>
#include <string>

namespace storage {

/// A file that Slack has been given for a message that is not out yet.
struct Upload {
    std::string key{}; // of the outbox row
    std::string digest{}; // of what it was made of
    std::string file{}; // Slack's id
    TimePoint completed_at{}; // zero: not yet, as far as we know
};
struct Uploads {
    Transaction& tx;
    std::optional<Upload> find(const std::string& key) const;
    /// Adds it, or replaces the one of that key.
    void save(const Upload& upload) const;
    void forget(const std::string& key) const;
    /// Those whose row is gone.
    void forget_strays() const;
};

} // namespace storage
