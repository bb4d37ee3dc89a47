#include "oncall/duty.hpp"

#include <algorithm>
#include <stdexcept>

namespace oncall {

WallClock* WallClocks::of(const std::string& zone)
{
    for (const auto& clock : clocks_)
        if (clock->zone() == zone)
            return clock.get();
    try {
        return clocks_.emplace_back(std::make_unique<WallClock>(zone)).get();
    } catch (const std::runtime_error&) {
        return nullptr;
    }
}

Duty::Duty(const Rotation& rotation, const std::string& schedule_zone, WallClocks& clocks)
{
    const auto add = [&](const Rotation& one, bool from_the_beginning) {
        auto* const clock = clocks.of(one.time_zone.empty() ? schedule_zone : one.time_zone);
        const auto instant = [&](LocalTime local) { return clock ? clock->instant(local) : TimePoint{local.time_since_epoch()}; };
        Version version{&one, clock, no_beginning, no_beginning, no_end};
        if (!from_the_beginning)
            version.from = instant(one.from);
        if (one.begin)
            version.begin = instant(*one.begin);
        if (one.end)
            version.end = instant(*one.end);
        versions_.push_back(std::move(version));
    };
    versions_.reserve(1 + rotation.versions.size());
    add(rotation, true);
    for (const auto& version : rotation.versions)
        add(version, false);
    std::stable_sort(
        versions_.begin() + 1, versions_.end(), [](const Version& one, const Version& other) { return one.from < other.from; });
}

const Duty::Stretch& Duty::at(TimePoint t)
{
    if (t < last_.since || t >= last_.until)
        last_ = find(t);
    return last_;
}

Duty::Stretch Duty::find(TimePoint t)
{
    const auto after = std::upper_bound(
        versions_.begin() + 1, versions_.end(), t, [](TimePoint at, const Version& one) { return at < one.from; });
    auto& version = *std::prev(after);
    const auto& rotation = *version.rotation;
    Stretch found{version.from, after == versions_.end() ? no_end : after->from, nullptr, rotation.priority,
        static_cast<std::size_t>(std::prev(after) - versions_.begin()), 0};
    const auto not_before = [&](TimePoint since) { found.since = std::max(found.since, since); };
    const auto not_after = [&](TimePoint until) { found.until = std::min(found.until, until); };

    if (t < version.begin) {
        not_after(version.begin);
        return found;
    }
    if (t >= version.end) {
        not_before(version.end);
        return found;
    }
    not_before(version.begin);
    not_after(version.end);
    if (!version.clock || !is_possible(rotation))
        return found;
    if (!version.hours) {
        version.hours.emplace(rotation);
        version.turns.emplace(rotation, *version.hours);
    }
    if (version.hours->never())
        return found;
    const auto local = version.clock->reached(t);
    if (!version.hours->always()) {
        not_before(version.clock->instant(version.hours->changed(local)));
        not_after(version.clock->instant(version.hours->changes(local)));
        if (!version.hours->at(local))
            return found;
    }
    found.turn = version.turns->at(local);
    found.people = &version.turns->people(found.turn);
    not_before(version.clock->instant(version.turns->begin(found.turn)));
    not_after(version.clock->instant(version.turns->begin(found.turn + 1)));
    return found;
}

} // namespace oncall
