#pragma once

#include "storage/database.hpp"

#include <optional>
#include <string>

namespace storage {

/// A change of the configuration that somebody looks at before saving it. Knows no keys; of a source, the new signing secret.
struct Draft {
    std::string id{};
    std::string actor{};
    std::string edits{}; // JSON
    TimePoint at{};
};
struct Drafts {
    Transaction& tx;
    void add(const Draft& draft) const;
    std::optional<Draft> find(const std::string& id) const;
    void forget(const std::string& id) const;
    void forget_before(TimePoint when) const;
};

} // namespace storage
