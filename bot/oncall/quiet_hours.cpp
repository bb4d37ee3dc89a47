#include "oncall/quiet_hours.hpp"

#include "oncall/open_hours.hpp"
#include "oncall/wall_clock.hpp"

#include <algorithm>
#include <tuple>

namespace oncall {

namespace {

OpenHours quiet_hours_of(const std::vector<Window>& quiet)
{
    Rotation rotation;
    rotation.windows = quiet;
    return OpenHours{rotation};
}

} // namespace

const std::vector<Window>& quiet_hours(const QuietHours& hers, const QuietHours& teams)
{
    static const std::vector<Window> none;
    return hers ? *hers : teams ? *teams : none;
}

bool come_to_an_end(const std::vector<Window>& quiet) { return quiet.empty() || !quiet_hours_of(quiet).always(); }

std::optional<TimePoint> quiet_until(const std::vector<Window>& quiet, TimePoint now, const std::string& time_zone)
{
    if (quiet.empty())
        return std::nullopt;
    const auto hours = quiet_hours_of(quiet);
    if (hours.always() || hours.never())
        return std::nullopt;
    const WallClock clock{is_time_zone(time_zone) ? time_zone : "UTC"};
    const auto local = clock.reached(now);
    if (!hours.at(local))
        return std::nullopt;
    return clock.instant(hours.changes(local));
}

std::vector<HeldPage> in_digest(std::vector<HeldPage> held)
{
    std::erase_if(held, [](const HeldPage& one) { return one.run.state != RunState::held || !is_running(one.page); });
    std::sort(held.begin(), held.end(), [](const HeldPage& one, const HeldPage& other) {
        return std::tuple{one.alert.triggered_at, one.run.id} < std::tuple{other.alert.triggered_at, other.run.id};
    });
    return held;
}

std::optional<TimePoint> goes_on_at(const Page& page, const std::vector<Run>& runs, std::optional<TimePoint> told_at)
{
    const auto last = last_step(page);
    if (!last || page.state != PageState::paging)
        return std::nullopt;
    auto begins = told_at;
    bool any = false;
    for (const auto& run : runs) {
        if (run.at != *last)
            continue;
        if (!run.waited)
            return std::nullopt;
        // One digest has told of it, and its patience runs, whatever becomes of the others.
        if (!told_at && run.state != RunState::held && run.bundle.value != 0)
            return std::nullopt;
        any = true;
        if (!told_at && run.state == RunState::held)
            begins = std::min(begins.value_or(run.due), run.due);
    }
    if (!any || !begins)
        return std::nullopt;
    return *begins + page.policy.levels.at(static_cast<std::size_t>(last->level)).patience;
}

} // namespace oncall
