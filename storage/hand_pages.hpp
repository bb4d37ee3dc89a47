#pragma once

#include "oncall/alert.hpp"
#include "storage/database.hpp"

#include <optional>
#include <string>

namespace storage {

/// Who paged by hand, for the limit on it. `what` stands for whom, how urgently and why.
struct HandPages {
    Transaction& tx;
    void add(oncall::AlertId alert, const std::string& actor, const std::string& what, TimePoint at) const;
    /// The `most`th latest since then, counted from one: as many there were, and it is the first to fall out of the limit.
    std::optional<TimePoint> by(const std::string& actor, TimePoint since, int most) const;
    /// The latest page of the same since then.
    std::optional<oncall::AlertId> same(const std::string& actor, const std::string& what, TimePoint since) const;
    void forget_before(TimePoint when) const;
};

} // namespace storage
