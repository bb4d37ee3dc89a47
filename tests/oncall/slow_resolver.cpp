#include "oncall/slow_resolver.hpp"

#include <date/tz.h>

#include <algorithm>
#include <limits>
#include <map>
#include <set>

namespace slow {

using namespace oncall;

namespace {

/// Minutes of a wall clock, or of UTC, since 1970.
using Minute = std::int64_t;
constexpr Minute day = 24 * 60;

Minute minute_of(TimePoint t) { return std::chrono::floor<std::chrono::minutes>(t.time_since_epoch()).count(); }
Minute minute_of(LocalTime t) { return std::chrono::floor<std::chrono::minutes>(t.time_since_epoch()).count(); }

Minute midnight(Minute m) { return m - (m % day + day) % day; }
int weekday(Minute m) { return static_cast<int>(((midnight(m) / day + 3) % 7 + 7) % 7); } // 1970 began on a Thursday
bool includes(const std::vector<Weekday>& days, int one) { return std::count(days.begin(), days.end(), Weekday{one}) > 0; }

/// What the clock of a zone shows in each minute of [from, to); while it goes through an hour again, the last minute it had
/// shown.
std::vector<Minute> shown(const std::string& zone, Minute from, Minute to)
{
    const auto* const place = date::locate_zone(zone);
    std::vector<Minute> found;
    Minute latest = -1'000'000'000;
    for (auto m = from - 2 * day; m < to; ++m) {
        const auto offset = place->get_info(date::sys_seconds{std::chrono::minutes{m}}).offset;
        latest = std::max(latest, m + offset.count() / 60);
        if (m >= from)
            found.push_back(latest);
    }
    return found;
}

bool is_open(const Rotation& rotation, Minute m)
{
    const auto today = weekday(m);
    const auto yesterday = (today + 6) % 7;
    const auto time = m - midnight(m);
    if (rotation.windows.empty())
        return rotation.days.empty() || includes(rotation.days, today);
    for (const auto& window : rotation.windows) {
        const Minute from = window.from.count();
        const Minute to = window.to.count();
        if (window.from_day) {
            const auto begins = static_cast<int>(*window.from_day) * day + from;
            const auto ends = static_cast<int>(*window.to_day) * day + to;
            const auto now = today * day + time;
            if (begins < ends ? now >= begins && now < ends : now >= begins || now < ends)
                return true;
            continue;
        }
        const auto& days = window.days.empty() ? rotation.days : window.days;
        const auto on = [&](int one) { return days.empty() || includes(days, one); };
        if (from < to ? on(today) && time >= from && time < to : (on(today) && time >= from) || (on(yesterday) && time < to))
            return true;
    }
    return false;
}

bool begins_period(const Rotation& rotation, Minute m)
{
    const auto start = minute_of(rotation.start);
    if (m == start)
        return true;
    if (rotation.unit == Unit::hour)
        return (m - start) % 60 == 0;
    if (m - midnight(m) != start - midnight(start))
        return false;
    if (rotation.unit == Unit::day)
        return true;
    if (rotation.unit == Unit::week)
        return weekday(m) == (rotation.handoff_day ? static_cast<int>(*rotation.handoff_day) : weekday(start));
    const auto date_of = [](Minute at) { return date::year_month_day{date::sys_days{date::days{midnight(at) / day}}}; };
    const auto today = date_of(m);
    const auto anchor = date_of(start).day();
    return today.day() == anchor || (today.day() < anchor && date_of(m + day).day() == date::day{1});
}

constexpr std::int64_t off_duty = std::numeric_limits<std::int64_t>::min();

/// The number of the turn in each minute of the wall clock from `from` to `to`; off_duty where the rotation is not open.
std::vector<std::int64_t> turns(const Rotation& rotation, Minute from, Minute to)
{
    std::vector<std::int64_t> found(static_cast<std::size_t>(to - from), off_duty);
    const auto start = minute_of(rotation.start);
    const auto count = static_cast<std::int64_t>(rotation.lengths.size());
    const auto length = [&](std::int64_t turn) {
        return rotation.lengths[static_cast<std::size_t>((turn % count + count) % count)];
    };
    // Of the period that is walked through: whether it is open at some time, and when, as far as that is asked for.
    bool counts = false;
    std::vector<Minute> open;
    std::int64_t turn{};
    int left{};
    const auto walk = [&](Minute m) {
        const bool wanted = m >= from && m < to;
        if ((wanted || !counts) && is_open(rotation, m)) {
            counts = true;
            if (wanted)
                open.push_back(m);
        }
    };
    const auto close_period = [&](int step) {
        if (!counts)
            return;
        if (left == 0) {
            turn += step;
            left = length(turn);
        }
        --left;
        for (const auto m : open)
            found[static_cast<std::size_t>(m - from)] = turn;
        open.clear();
        counts = false;
    };
    turn = 0;
    left = length(0);
    for (auto m = start;; ++m) {
        if (begins_period(rotation, m)) {
            close_period(1);
            if (m >= to)
                break;
        }
        walk(m);
    }
    turn = -1;
    left = length(-1);
    for (auto m = start - 1;; --m) {
        if (begins_period(rotation, m + 1)) {
            close_period(-1);
            if (m < from)
                break;
        }
        walk(m);
    }
    return found;
}

/// The first minute in which the clock of a zone shows `local`, or is beyond it.
Minute first_shown(const std::string& zone, Minute local)
{
    const auto begin = local - 27 * 60;
    const auto clock = shown(zone, begin, local + 27 * 60);
    return begin + (std::find_if(clock.begin(), clock.end(), [&](Minute m) { return m >= local; }) - clock.begin());
}

/// One rotation with its versions, walked once.
struct Walked {
    struct Version {
        const Rotation* rotation{};
        Minute begins{}; // by UTC; of the first, long ago
        std::vector<Minute> clock{};
        std::vector<std::int64_t> turns{}; // from the first minute of the clock on
    };
    std::vector<Version> versions{};
    Minute from{};

    Walked(const Rotation& rotation, const Schedule& schedule, Minute begin, Minute end)
        : from{begin}
    {
        std::vector<const Rotation*> all{&rotation};
        for (const auto& one : rotation.versions)
            all.push_back(&one);
        for (const auto* one : all) {
            const auto& zone = one->time_zone.empty() ? schedule.time_zone : one->time_zone;
            Version version{one, std::numeric_limits<Minute>::min(), shown(zone, begin, end), {}};
            if (one != &rotation)
                version.begins = first_shown(zone, minute_of(one->from));
            if (!one->turns.empty())
                version.turns = slow::turns(*one, version.clock.front(), version.clock.back() + 1);
            versions.push_back(std::move(version));
        }
    }
    /// At the minute `i` from the beginning.
    const Version& version(std::size_t i) const
    {
        const auto* found = &versions.front();
        for (const auto& one : versions)
            if (one.begins <= from + static_cast<Minute>(i) && one.begins >= found->begins)
                found = &one;
        return *found;
    }
    std::optional<Entry> entry(const std::string& name, std::size_t i) const
    {
        const auto& it = version(i);
        const auto now = it.clock[i];
        if ((it.rotation->begin && now < minute_of(*it.rotation->begin))
            || (it.rotation->end && now >= minute_of(*it.rotation->end)))
            return std::nullopt;
        const auto turn = it.turns.empty() ? off_duty : it.turns[static_cast<std::size_t>(now - it.clock.front())];
        if (turn == off_duty)
            return std::nullopt;
        const auto count = static_cast<std::int64_t>(it.rotation->turns.size());
        const auto& people = it.rotation->turns[static_cast<std::size_t>((turn % count + count) % count)];
        if (people.empty())
            return std::nullopt;
        Entry entry{{Kind::turn, static_cast<std::size_t>(&it - versions.data()), turn}, {}};
        entry.shift.people = people;
        entry.shift.rotation = name;
        return entry;
    }
};

bool names(const std::vector<std::string>& people, const std::string& person)
{
    return std::find(people.begin(), people.end(), person) != people.end();
}

void overrule(std::vector<Entry>& entries, const Schedule& schedule, const std::string& rotation, TimePoint t)
{
    const auto& all = schedule.overrides;
    std::vector<std::size_t> active;
    for (std::size_t i = 0; i < all.size(); ++i)
        if (all[i].rotation == rotation && all[i].from <= t && t < all[i].to)
            active.push_back(i);
    if (active.empty())
        return;
    const auto is_whole_put = [&](std::size_t i) { return all[i].kind == Override::Kind::put && all[i].instead_of.empty(); };
    const auto brought_in = [&](std::size_t i) {
        std::vector<std::string> people;
        for (const auto& person : all[i].people) {
            const bool removed = std::any_of(active.begin(), active.end(), [&](std::size_t later) {
                return later > i && all[later].kind == Override::Kind::remove && names(all[later].people, person);
            });
            if (!removed && !names(people, person))
                people.push_back(person);
        }
        return people;
    };
    if (const auto put = std::find_if(active.rbegin(), active.rend(), is_whole_put); put != active.rend()) {
        Entry entry{{Kind::put, *put, 0}, {}};
        for (const auto& person : all[*put].people)
            if (!names(entry.shift.people, person))
                entry.shift.people.push_back(person);
        entry.shift.rotation = rotation;
        entry.shift.overridden = true;
        entries = {entry};
        active.erase(active.begin(), put.base());
    }
    for (auto& entry : entries) {
        std::vector<std::string> people;
        const auto bring = [&](const std::string& person) {
            if (!names(people, person))
                people.push_back(person);
        };
        for (const auto& person : entry.shift.people) {
            const auto about = std::find_if(active.rbegin(), active.rend(), [&](std::size_t i) {
                return all[i].kind == Override::Kind::remove ? names(all[i].people, person) : all[i].instead_of == person;
            });
            if (about == active.rend())
                bring(person);
            else if (all[*about].kind == Override::Kind::put)
                for (const auto& other : brought_in(*about))
                    bring(other);
        }
        entry.shift.overridden = entry.shift.overridden || people != entry.shift.people;
        entry.shift.people = people;
    }
    for (const auto i : active)
        if (all[i].kind == Override::Kind::add) {
            Entry entry{{Kind::add, i, 0}, {}};
            entry.shift = {{}, {}, brought_in(i), rotation, true};
            entries.push_back(entry);
        }
    std::erase_if(entries, [](const Entry& entry) { return entry.shift.people.empty(); });
}

} // namespace

Answer minutes(const Schedule& schedule, TimePoint from, TimePoint to)
{
    std::vector<Walked> rotations;
    rotations.reserve(schedule.rotations.size());
    for (const auto& rotation : schedule.rotations)
        rotations.emplace_back(rotation, schedule, minute_of(from), minute_of(to));
    Answer answer;
    answer.rotations.resize(rotations.size());
    auto& found = answer.all;
    for (auto t = from; t < to; t += 1min) {
        const auto i = static_cast<std::size_t>((t - from) / 1min);
        std::map<int, std::vector<Entry>> by_priority;
        bool planned = false;
        for (std::size_t r = 0; r < rotations.size(); ++r) {
            const auto& name = schedule.rotations[r].name;
            std::vector<Entry> own;
            if (auto entry = rotations[r].entry(name, i)) {
                entry->shift.start = t;
                entry->shift.end = t + 1min;
                own.push_back(std::move(*entry));
                planned = true;
            }
            answer.rotations[r].push_back(own);
            overrule(own, schedule, name, t);
            for (auto& entry : own)
                by_priority[rotations[r].version(i).rotation->priority].push_back(std::move(entry));
        }
        std::vector<Entry> entries;
        if (!by_priority.empty())
            entries = std::move(by_priority.rbegin()->second);
        overrule(entries, schedule, "", t);
        for (std::size_t number = 0; number < schedule.temporary.size(); ++number) {
            const auto& temporary = schedule.temporary[number];
            if (t < temporary.from || t >= temporary.to)
                continue;
            entries.clear();
            for (std::size_t shift = 0; shift < temporary.shifts.size(); ++shift) {
                const auto& one = temporary.shifts[shift];
                if (t < one.from || t >= one.to || one.people.empty())
                    continue;
                Entry entry{{Kind::temporary, number, static_cast<std::int64_t>(shift)}, {}};
                entry.shift = {{}, {}, one.people, "", true};
                entries.push_back(entry);
            }
        }
        if (entries.empty())
            entries.push_back({{Kind::nobody, 0, 0}, {{}, {}, {}, "", planned}});
        for (auto& entry : entries) {
            entry.shift.start = t;
            entry.shift.end = t + 1min;
        }
        found.push_back(std::move(entries));
    }
    return answer;
}

std::vector<Shift> joined(const Minutes& all)
{
    std::vector<Shift> shifts;
    std::vector<std::pair<const Entry*, std::size_t>> before;
    for (const auto& entries : all) {
        std::vector<std::pair<const Entry*, std::size_t>> now;
        for (const auto& entry : entries) {
            const auto same = std::find_if(before.begin(), before.end(), [&](const auto& one) {
                return one.first->because == entry.because && one.first->shift.rotation == entry.shift.rotation
                    && one.first->shift.people == entry.shift.people && one.first->shift.overridden == entry.shift.overridden;
            });
            if (same == before.end())
                shifts.push_back(entry.shift);
            else
                shifts[same->second].end = entry.shift.end;
            now.emplace_back(&entry, same == before.end() ? shifts.size() - 1 : same->second);
        }
        before = std::move(now);
    }
    return shifts;
}

std::vector<TimePoint> transitions(const std::string& zone, TimePoint from, TimePoint to)
{
    const auto* const place = date::locate_zone(zone);
    std::vector<TimePoint> found;
    for (auto t = std::chrono::floor<std::chrono::seconds>(from.time_since_epoch());;) {
        const auto end = place->get_info(date::sys_seconds{t}).end.time_since_epoch();
        if (TimePoint{end} >= to)
            return found;
        found.push_back(TimePoint{end});
        t = end;
    }
}

} // namespace slow
