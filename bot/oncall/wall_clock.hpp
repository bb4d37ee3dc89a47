#pragma once

#include "oncall/zone.hpp"

namespace oncall {

/// The wall clock of one time zone, quick for many questions about neighbouring times.
class WallClock {
public:
    /// Throws std::runtime_error on an unknown zone.
    explicit WallClock(std::string zone);
    const std::string& zone() const { return zone_; }

    /// As `to_instant`: a skipped time is the first instant after the gap, a repeated one its first occurrence.
    TimePoint instant(LocalTime local) const;
    /// The latest local time that was shown or skipped until `t`; where the clock is set back, it waits for it to catch up. So
    /// `instant(local) <= t` exactly where `local <= reached(t)`, and what is decided on the wall clock needs no case for
    /// changes.
    LocalTime reached(TimePoint t) const;

private:
    void look_up(TimePoint t) const;
    bool holds(TimePoint t) const { return begin_ <= t && t < end_; }

    std::string zone_;
    const Zone& place_;
    // The stretch with one offset that was asked for last.
    mutable TimePoint begin_{};
    mutable TimePoint end_{};
    mutable milliseconds offset_{};
    mutable LocalTime shown_before_{};
};

} // namespace oncall
