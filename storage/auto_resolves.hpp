#pragma once

#include "storage/database.hpp"

#include <optional>

namespace storage {

/// An alert that resolves when it is not reported for a while. When that is due is its timer `quiet`.
struct AutoResolve {
    oncall::milliseconds may_last{}; // by which its timer was set
    bool ends{}; // its source says when it is over
};
struct AutoResolves {
    Transaction& tx;

    std::optional<AutoResolve> find(std::int64_t alert) const;
    /// Adds it, or replaces the alert's.
    void save(std::int64_t alert, const AutoResolve& one) const;
    void forget(std::int64_t alert) const;
    /// We start to listen: while we did not, nobody could report, so that each has its whole time from now on.
    void begin_anew(TimePoint now) const;
};

} // namespace storage
