#include "oncall/working_hours.hpp"

#include "oncall/open_hours.hpp"
#include "oncall/wall_clock.hpp"

namespace oncall {

namespace {

/// A window may lie in an hour that the clocks skip, and be open at no time that week.
constexpr int most_openings = 100;

OpenHours open_hours(const WorkingHours& of)
{
    Rotation rotation;
    rotation.windows = of.windows;
    return OpenHours{rotation};
}

} // namespace

bool is_said(const WorkingHours& hours) { return !hours.windows.empty() && is_time_zone(hours.time_zone); }

bool works_at(const WorkingHours& hours, TimePoint at)
{
    return is_said(hours) && open_hours(hours).at(WallClock{hours.time_zone}.reached(at));
}

bool ever_rests(const WorkingHours& hours) { return !is_said(hours) || !open_hours(hours).always(); }

std::optional<TimePoint> works_from(const WorkingHours& hours, TimePoint at)
{
    if (!is_said(hours))
        return std::nullopt;
    const auto open = open_hours(hours);
    const WallClock clock{hours.time_zone};
    if (open.never())
        return std::nullopt;
    if (open.always())
        return at;
    for (int looked = 0; looked < most_openings; ++looked) {
        const auto local = clock.reached(at);
        if (open.at(local))
            return at;
        at = std::max(clock.instant(open.changes(local)), at + 1ms);
    }
    return std::nullopt;
}

} // namespace oncall
