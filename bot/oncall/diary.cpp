#include "oncall/diary.hpp"

#include <algorithm>

namespace oncall {

namespace {

constexpr std::size_t most_shifts = 5'000; // of a person, of one schedule
constexpr auto back = std::chrono::days{31};
constexpr auto ahead = std::chrono::days{366};

bool is_earlier(const DiaryEntry& one, const DiaryEntry& other)
{
    return std::tie(one.shift.start, one.key) < std::tie(other.shift.start, other.key);
}

/// Everybody whom the schedule puts on call at some time, as it calls them.
std::set<std::string> ever_on_call(const Schedule& schedule)
{
    std::set<std::string> all;
    const auto see = [&](const std::vector<std::string>& people) { all.insert(people.begin(), people.end()); };
    const auto see_turns = [&](const Rotation& rotation) { std::for_each(rotation.turns.begin(), rotation.turns.end(), see); };
    for (const auto& rotation : schedule.rotations) {
        see_turns(rotation);
        std::for_each(rotation.versions.begin(), rotation.versions.end(), see_turns);
    }
    for (const auto& temporary : schedule.temporary)
        for (const auto& shift : temporary.shifts)
            see(shift.people);
    for (const auto& one : schedule.overrides)
        if (one.kind != Override::Kind::remove)
            see(one.people);
    return all;
}

/// Of two shifts of one rotation that begin together, whichever comes first in the schedule is the first.
void name(std::vector<DiaryEntry>& entries)
{
    std::map<std::string, int> seen;
    for (auto& entry : entries) {
        entry.key =
            entry.schedule + "\n" + entry.shift.rotation + "\n" + std::to_string(entry.shift.start.time_since_epoch().count());
        if (const auto before = seen[entry.key]++; before > 0)
            entry.key += "\n" + std::to_string(before);
    }
}

} // namespace

DiarySpan diary_span(TimePoint now)
{
    const auto today = std::chrono::floor<std::chrono::days>(now);
    return {today - back, today + ahead};
}

std::vector<DiaryEntry> diary_of(const Configuration& configuration, const std::set<std::string>& names, DiarySpan span)
{
    std::vector<DiaryEntry> all;
    for (const auto& [schedule_name, schedule] : configuration.schedules) {
        std::set<std::string> identities; // of her in this schedule: one, once it is known who is who
        for (const auto& person : ever_on_call(schedule))
            if (names.contains(person))
                identities.insert(schedule.identity(person));
        std::vector<DiaryEntry> hers;
        for (const auto& identity : identities)
            for (auto& shift : shifts_of(schedule, identity, span.from, span.to, most_shifts))
                hers.push_back({{}, schedule_name, std::move(shift)});
        name(hers);
        std::move(hers.begin(), hers.end(), std::back_inserter(all));
    }
    std::sort(all.begin(), all.end(), is_earlier);
    return all;
}

std::vector<DiaryEntry> diary_of(const Schedule& schedule, DiarySpan span)
{
    // What the span cuts is put in whole, so that it does not become another shift with each day.
    std::vector<DiaryEntry> all;
    const auto add = [&](std::vector<Shift> shifts, auto wanted) {
        for (auto& shift : shifts)
            if (!shift.people.empty() && wanted(shift))
                all.push_back({{}, schedule.name, std::move(shift)});
    };
    const auto at_the_end = who_is_on_call(schedule, span.to - 1ms).because;
    const auto runs_on = [&](const Shift& shift) {
        return shift.end == span.to && std::any_of(at_the_end.begin(), at_the_end.end(), [&](const Shift& whole) {
            return whole.start == shift.start && whole.rotation == shift.rotation;
        });
    };
    add(who_is_on_call(schedule, span.from).because, [&](const Shift& shift) { return shift.end < span.to; });
    add(final_shifts(schedule, span.from, span.to),
        [&](const Shift& shift) { return shift.start > span.from && !runs_on(shift); });
    add(at_the_end, [&](const Shift& shift) { return shift.end >= span.to; });
    name(all);
    std::sort(all.begin(), all.end(), is_earlier);
    return all;
}

} // namespace oncall
