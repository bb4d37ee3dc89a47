#pragma once

#include "storage/database.hpp"

#include <optional>
#include <string>

namespace storage {

/// What people had sent to their contact methods, for the limits on it: "code", "test".
struct ContactSends {
    Transaction& tx;
    void add(const std::string& person, const std::string& what, const std::string& address, TimePoint at) const;
    /// The `most`th latest since then, counted from one: as many were sent, and it is the first to fall out of the limit.
    std::optional<TimePoint> by(const std::string& person, const std::string& what, TimePoint since, int most) const;
    /// The same to an address, whoever had it sent.
    std::optional<TimePoint> to(const std::string& address, const std::string& what, TimePoint since, int most) const;
    void forget_before(TimePoint when) const;
};

} // namespace storage
