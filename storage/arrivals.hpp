#pragma once

#include "oncall/arrival.hpp"
#include "storage/repositories.hpp"

namespace storage {

/// An alert that ought to page and does not yet.
struct HeldAlert {
    oncall::AlertId alert{};
    oncall::Hold hold{};
    std::string policy{}; // by which it is to page, by its name
    TimePoint held_at{};
};
struct Arrivals {
    Transaction& tx;

    /// Holds it, or holds it otherwise; its timer is set to the hold's end.
    void hold(const HeldAlert& held) const;
    /// It is held no more; its timer goes.
    void release(oncall::AlertId alert) const;
    std::optional<HeldAlert> find(oncall::AlertId alert) const;
    /// What one silence, or one window, holds and is open, oldest first.
    std::vector<HeldAlert> held_by(oncall::Hold::Kind kind, std::int64_t subject) const;
};

} // namespace storage
