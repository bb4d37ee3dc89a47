#pragma once

#include "storage/database.hpp"

#include <map>
#include <vector>

namespace storage {

/// What the senders of sources sign with.
struct SourceSecrets {
    Transaction& tx;

    /// Those that hold, by source, the newest first.
    std::map<std::string, std::vector<std::string>> holding(TimePoint now) const;
    /// SHA-256 of the one that stays, by source.
    std::map<std::string, std::string> hashes() const;
    /// Until when an older one of the source works; TimePoint{}: none does.
    TimePoint older_until(const std::string& source, TimePoint now) const;
    /// The source signs with this one; the one it had holds for `overlap` more, zero: no longer.
    void save(const std::string& source, const std::string& secret, TimePoint now, oncall::milliseconds overlap) const;
    /// Replaced ones hold no longer. False when there are none.
    bool end_overlap(const std::string& source, TimePoint now) const;
    void keep_only(const std::vector<std::string>& sources) const;
    /// Those whose time is over. True when there was one.
    bool forget_before(TimePoint now) const;
};

} // namespace storage
