#include "oncall/open_hours.hpp"

#include "oncall/week.hpp"

#include <algorithm>
#include <utility>

namespace oncall {

namespace {

milliseconds of_week(LocalTime local) { return ((local - a_monday) % a_week + a_week) % a_week; }

milliseconds of_week(Weekday weekday) { return static_cast<int>(weekday) * a_day; }

struct Stretch {
    milliseconds from{};
    milliseconds to{};
    auto operator<=>(const Stretch&) const = default;
};

constexpr Weekday every_day[]{Weekday::mon, Weekday::tue, Weekday::wed, Weekday::thu, Weekday::fri, Weekday::sat, Weekday::sun};

/// From the beginning of a week, `to` at most a week after `from`.
void add_stretches(const Window& window, const std::vector<Weekday>& weekdays, std::vector<Stretch>& found)
{
    const auto is_time = [](milliseconds of_day) { return of_day >= 0ms && of_day <= a_day; };
    if (!is_time(window.from) || !is_time(window.to) || window.from_day.has_value() != window.to_day.has_value())
        return;
    if (window.from == window.to && window.from_day == window.to_day)
        return;
    if (window.from_day) {
        const auto from = of_week(*window.from_day) + window.from;
        const auto length = (of_week(*window.to_day) + window.to - from + a_week) % a_week;
        found.push_back({from, from + (length > 0ms ? length : a_week)}); // "tue 00:00" to "mon 24:00" is the whole week
        return;
    }
    const milliseconds length = window.to > window.from ? window.to - window.from : window.to + a_day - window.from;
    const auto add = [&](Weekday weekday) {
        const auto from = of_week(weekday) + window.from;
        found.push_back({from, from + length});
    };
    if (weekdays.empty())
        std::for_each(std::begin(every_day), std::end(every_day), add);
    else
        std::for_each(weekdays.begin(), weekdays.end(), add);
}

/// Within one week, in order, apart from each other.
std::vector<Stretch> in_one_week(const std::vector<Stretch>& stretches)
{
    std::vector<Stretch> parts;
    parts.reserve(2 * stretches.size());
    for (auto one : stretches) {
        if (one.from >= a_week)
            one = {one.from - a_week, one.to - a_week};
        if (one.from < one.to)
            parts.push_back({one.from, std::min(one.to, a_week)});
        if (one.to > a_week)
            parts.push_back({0ms, one.to - a_week});
    }
    std::sort(parts.begin(), parts.end());
    std::size_t count = 0;
    for (const auto& part : parts) {
        if (count > 0 && part.from <= parts[count - 1].to)
            parts[count - 1].to = std::max(parts[count - 1].to, part.to);
        else
            parts[count++] = part;
    }
    parts.resize(count);
    return parts;
}

} // namespace

OpenHours::OpenHours(const Rotation& rotation)
    : always_{rotation.windows.empty() && rotation.days.empty()}
{
    if (always_)
        return;
    std::vector<Stretch> stretches;
    stretches.reserve(7 * std::max<std::size_t>(1, rotation.windows.size()));
    for (const auto& window : rotation.windows)
        add_stretches(window, window.days.empty() ? rotation.days : window.days, stretches);
    if (rotation.windows.empty())
        for (const auto weekday : rotation.days)
            stretches.push_back({of_week(weekday), of_week(weekday) + a_day});

    const auto open = in_one_week(stretches);
    if (open.empty())
        return;
    const bool through_sunday = open.front().from == 0ms && open.back().to == a_week;
    if (through_sunday && open.size() == 1) {
        always_ = true;
        return;
    }
    edges_.reserve(2 * open.size());
    for (const auto& one : open) {
        if (one.from > 0ms)
            edges_.push_back({one.from, true});
        if (one.to < a_week || !through_sunday)
            edges_.push_back({one.to, false});
    }
    if (open.front().from == 0ms && !through_sunday)
        edges_.push_back({a_week, true});
}

std::vector<OpenHours::Edge>::const_iterator OpenHours::after(milliseconds at) const
{
    return std::upper_bound(edges_.begin(), edges_.end(), at, [](milliseconds one, const Edge& edge) { return one < edge.at; });
}

bool OpenHours::at(LocalTime local) const
{
    if (edges_.empty())
        return always_;
    const auto next = after(of_week(local));
    return next == edges_.end() ? !edges_.front().opens : !next->opens;
}

bool OpenHours::within(LocalTime from, LocalTime to) const
{
    return from < to && (at(from) || (!edges_.empty() && changes(from) < to));
}

LocalTime OpenHours::changed(LocalTime local) const
{
    const auto at = of_week(local);
    const auto next = after(at);
    return local - at + (next == edges_.begin() ? edges_.back().at - a_week : std::prev(next)->at);
}

LocalTime OpenHours::changes(LocalTime local) const
{
    const auto at = of_week(local);
    const auto next = after(at);
    return local - at + (next == edges_.end() ? edges_.front().at + a_week : next->at);
}

} // namespace oncall
