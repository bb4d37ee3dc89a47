#pragma once

#include "oncall/turns.hpp"
#include "oncall/wall_clock.hpp"

#include <memory>

namespace oncall {

/// One clock for each zone that a schedule names, made when first asked for.
class WallClocks {
public:
    /// Null when there is no such zone.
    WallClock* of(const std::string& zone);

private:
    std::vector<std::unique_ptr<WallClock>> clocks_{};
};

/// What one rotation, with its versions, says by itself. Made for questions about neighbouring times.
class Duty {
public:
    /// The rotation must outlive it, and so must the clocks.
    Duty(const Rotation& rotation, const std::string& schedule_zone, WallClocks& clocks);

    /// A stretch in which nothing changes; `since` and `until` may be without end.
    struct Stretch {
        TimePoint since{};
        TimePoint until{};
        const Turn* people{}; // null: not on duty
        int priority{};
        std::size_t version{}; // 0: the rotation itself
        std::int64_t turn{};
    };
    const Stretch& at(TimePoint t);

private:
    struct Version {
        const Rotation* rotation{};
        WallClock* clock{};
        TimePoint from{};
        TimePoint begin{};
        TimePoint end{};
        std::optional<OpenHours> hours{};
        std::optional<Turns> turns{};
    };
    Stretch find(TimePoint t);

    std::vector<Version> versions_{}; // by `from`
    Stretch last_{};
};

} // namespace oncall
