#include "pictures/axis.hpp"

#include "oncall/calendar.hpp"

#include <algorithm>

namespace pictures {

namespace {

using namespace std::chrono_literals;
using oncall::LocalTime;
using oncall::milliseconds;

std::vector<Day> days_of(TimePoint from, TimePoint to, const std::string& zone)
{
    std::vector<Day> days;
    for (auto local = oncall::day_of(oncall::to_local(from, zone));; local += 24h) {
        const auto begin = oncall::to_instant(local, zone);
        const auto end = oncall::to_instant(local + 24h, zone);
        if (begin >= to)
            return days;
        // A day that a zone skipped has no length, as Apia's 30 December 2011.
        if (begin < end && end > from)
            days.push_back({begin, end, local});
    }
}

} // namespace

double Axis::of(milliseconds duration) const { return per_hour * static_cast<double>(duration.count()) / 3'600'000; }

double Axis::x(TimePoint at) const { return left + of(at - from); }

std::vector<Strip> strips(TimePoint from, TimePoint to, const std::string& zone)
{
    const auto days = days_of(from, to, zone);
    const auto count = days.size();
    const std::size_t most = count <= 140 ? 35 : 98;
    const auto lines = (count + most - 1) / most;
    const auto each = lines <= 1 ? count : ((count + lines - 1) / lines + 6) / 7 * 7;
    std::vector<Strip> found;
    for (std::size_t first = 0; first < count; first += each) {
        Strip strip;
        strip.days.assign(days.begin() + static_cast<std::ptrdiff_t>(first),
            days.begin() + static_cast<std::ptrdiff_t>(std::min(first + each, count)));
        strip.from = std::max(from, strip.days.front().begin);
        strip.to = std::min(to, strip.days.back().end);
        found.push_back(std::move(strip));
    }
    return found;
}

std::vector<TimePoint> hour_ticks(const Strip& strip, const std::string& zone, double pixels)
{
    constexpr double room = 62; // for "09:00"
    milliseconds step{};
    for (const milliseconds candidate : {12h, 6h, 3h, 2h, 1h})
        if (pixels * static_cast<double>(candidate / 1h) / 24 >= room)
            step = candidate;
    for (const milliseconds candidate : {30min, 15min, 5min, 1min})
        if (pixels * static_cast<double>(candidate / 1min) / 1'440 >= room)
            step = candidate;
    std::vector<TimePoint> ticks;
    if (step == 0ms)
        return ticks;
    for (const auto& day : strip.days)
        for (auto local = day.local; local < day.local + 24h; local += step) {
            const auto at = oncall::to_instant(local, zone);
            // What the clock skips has no place.
            if (at >= strip.from && at < strip.to && oncall::to_local(at, zone) == local)
                ticks.push_back(at);
        }
    return ticks;
}

} // namespace pictures
