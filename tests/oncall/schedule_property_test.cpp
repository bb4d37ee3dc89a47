#include "catch.hpp"
#include "oncall/slow_resolver.hpp"

#include <rapidcheck.h>

#include <cstdlib>
#include <set>
#include <tuple>

/// Random schedules around time changes, held against the slow resolver. A run takes each change of each zone;
/// ONCALL_SCHEDULE_RUNS=n makes n runs, each with other schedules.

using namespace oncall;

namespace oncall {

/// What a counterexample looks like.
static void showValue(const Shift& shift, std::ostream& to)
{
    to << "\n  " << iso(shift.start, "UTC") << " " << iso(shift.end, "UTC") << " " << shift.rotation
       << (shift.overridden ? " *" : "");
    for (const auto& person : shift.people)
        to << " " << person;
}

} // namespace oncall

namespace {

const std::vector<std::string> zones{"America/New_York", "America/Chicago", "Europe/Berlin", "Australia/Lord_Howe",
    "Asia/Kolkata", "America/Sao_Paulo", "Pacific/Apia", "Africa/Casablanca", "Asia/Tehran", "Pacific/Chatham"};
const std::vector<std::string> everybody{"ana", "bo", "chi", "dee", "eve"};

struct Change {
    std::string zone{};
    TimePoint at{};
};

/// Every change of 2015 to 2035; for zones without any, some times all the same.
const std::vector<Change>& changes()
{
    static const std::vector<Change> all = [] {
        const auto from = to_instant(*local_time_in("2015-01-01T00:00"), "UTC");
        const auto to = to_instant(*local_time_in("2036-01-01T00:00"), "UTC");
        std::vector<Change> found;
        for (const auto& zone : zones) {
            auto times = slow::transitions(zone, from, to);
            for (auto t = from; times.size() < 4; t += std::chrono::hours{24 * 1'000})
                times.push_back(t);
            for (const auto t : times)
                found.push_back({zone, t});
        }
        return found;
    }();
    return all;
}

int pick(int from, int to) { return *rc::gen::resize(rc::kNominalSize, rc::gen::inRange(from, to)); }
bool chance(int percent) { return pick(0, 100) < percent; }
template <class T> T one_of(const std::vector<T>& all)
{
    return all[static_cast<std::size_t>(pick(0, static_cast<int>(all.size())))];
}

Turn some_people()
{
    Turn people{one_of(everybody)};
    if (const auto second = one_of(everybody); chance(20) && second != people[0])
        people.push_back(second);
    return people;
}

/// Where clocks change, more often than elsewhere.
std::chrono::minutes some_time_of_day()
{
    return chance(70) ? std::chrono::minutes{15 * pick(0, 17)} : std::chrono::minutes{15 * pick(0, 96)};
}

LocalTime near(LocalTime middle, int days)
{
    const auto midnight = std::chrono::floor<std::chrono::days>(middle);
    return LocalTime{midnight + std::chrono::days{pick(-days, days + 1)} + some_time_of_day()};
}

std::vector<Weekday> some_days()
{
    std::vector<Weekday> days;
    for (int day = 0; day < 7; ++day)
        if (chance(60))
            days.push_back(Weekday{day});
    return days;
}

Window some_window(bool with_days)
{
    Window window;
    do {
        window.from = some_time_of_day();
        window.to = chance(10) ? std::chrono::minutes{24 * 60} : some_time_of_day();
    } while (window.from == window.to);
    if (chance(25)) {
        window.from_day = Weekday{pick(0, 7)};
        window.to_day = Weekday{pick(0, 7)};
    } else if (with_days) {
        window.days = some_days();
    }
    return window;
}

Rotation some_rotation(const Change& change)
{
    Rotation rotation;
    rotation.priority = pick(0, 2);
    rotation.unit = one_of<Unit>({Unit::hour, Unit::hour, Unit::day, Unit::day, Unit::week, Unit::month});
    rotation.lengths = {pick(1, 4)};
    if (chance(25))
        rotation.lengths.push_back(pick(1, 4));
    if (chance(25))
        rotation.time_zone = one_of(zones);
    const auto middle = to_local(change.at, change.zone);
    rotation.start = near(middle,
        rotation.unit == Unit::hour       ? 4
            : rotation.unit == Unit::day  ? 10
            : rotation.unit == Unit::week ? 25
                                          : 80);
    for (int turn = pick(1, 5); turn > 0; --turn)
        rotation.turns.push_back(chance(10) ? Turn{} : some_people());
    if (chance(30))
        rotation.days = some_days();
    for (int window = chance(50) ? pick(1, 3) : 0; window > 0; --window)
        rotation.windows.push_back(some_window(chance(50)));
    if (rotation.unit == Unit::week && chance(50))
        rotation.handoff_day = Weekday{pick(0, 7)};
    if (chance(15))
        rotation.begin = near(middle, 2);
    if (chance(15))
        rotation.end = near(middle, 2);
    return rotation;
}

TimePoint some_time(const Change& change) { return change.at + std::chrono::minutes{15 * pick(-4 * 60, 4 * 60)}; }

Override some_override(const Change& change, const Schedule& schedule)
{
    Override one;
    one.from = some_time(change);
    one.to = one.from + std::chrono::minutes{15 * pick(1, 4 * 40)};
    one.kind = one_of<Override::Kind>({Override::Kind::put, Override::Kind::put, Override::Kind::add, Override::Kind::remove});
    one.people = some_people();
    if (one.kind == Override::Kind::put && chance(65))
        one.instead_of = one_of(everybody);
    if (chance(35) && !schedule.rotations.empty())
        one.rotation = one_of(schedule.rotations).name;
    return one;
}

Temporary some_temporary(const Change& change)
{
    Temporary one;
    one.from = some_time(change);
    one.to = one.from + std::chrono::minutes{15 * pick(1, 4 * 30)};
    for (int shift = pick(0, 4); shift > 0; --shift) {
        const auto from = some_time(change);
        one.shifts.push_back({from, from + std::chrono::minutes{15 * pick(1, 4 * 30)}, some_people()});
    }
    return one;
}

Schedule some_schedule(const Change& change)
{
    Schedule schedule;
    schedule.time_zone = change.zone;
    for (int r = pick(0, 4); r > 0; --r) {
        auto rotation = some_rotation(change);
        rotation.name = "r" + std::to_string(r);
        for (int version = chance(20) ? pick(1, 3) : 0; version > 0; --version) {
            auto next = some_rotation(change);
            next.name = rotation.name;
            if (chance(50))
                next.time_zone = rotation.time_zone;
            next.from = near(to_local(change.at, change.zone), 3);
            rotation.versions.push_back(next);
        }
        schedule.rotations.push_back(rotation);
    }
    for (int i = chance(70) ? pick(1, 9) : 0; i > 0; --i)
        schedule.overrides.push_back(some_override(change, schedule));
    for (int i = chance(25) ? pick(1, 3) : 0; i > 0; --i)
        schedule.temporary.push_back(some_temporary(change));
    return schedule;
}

using Shifts = std::vector<Shift>;

Shifts in_order(Shifts shifts)
{
    std::sort(shifts.begin(), shifts.end(), [](const Shift& a, const Shift& b) {
        return std::tie(a.start, a.rotation, a.people, a.end, a.overridden)
            < std::tie(b.start, b.rotation, b.people, b.end, b.overridden);
    });
    return shifts;
}

Shifts part(const Shifts& shifts, TimePoint from, TimePoint to)
{
    Shifts cut;
    for (auto shift : shifts) {
        shift.start = std::max(shift.start, from);
        shift.end = std::min(shift.end, to);
        if (shift.start < shift.end)
            cut.push_back(shift);
    }
    return in_order(cut);
}

std::set<std::string> people_at(const Shifts& shifts, TimePoint t)
{
    std::set<std::string> people;
    for (const auto& shift : shifts)
        if (shift.start <= t && t < shift.end)
            people.insert(shift.people.begin(), shift.people.end());
    return people;
}

std::set<std::string> as_set(const std::vector<std::string>& people) { return {people.begin(), people.end()}; }

void check_who(const Schedule& schedule, const Shifts& expected, TimePoint at, TimePoint from, TimePoint to)
{
    const auto on_call = who_is_on_call(schedule, at);
    const auto people = people_at(expected, at);
    RC_ASSERT(as_set(on_call.people) == people);
    RC_ASSERT(on_call.people.size() == people.size());
    Shifts because;
    for (const auto& shift : expected)
        if (shift.start <= at && at < shift.end)
            because.push_back(shift);
    RC_ASSERT(part(on_call.because, from, to) == in_order(because));

    std::optional<TimePoint> until;
    std::optional<TimePoint> handoff;
    for (const auto& shift : expected)
        if (shift.start > at) {
            if (people_at(expected, shift.start) != people)
                until = std::min(until.value_or(to), shift.start);
            handoff = std::min(handoff.value_or(to), shift.start);
        }
    for (const auto& shift : expected)
        if (shift.start <= at && at < shift.end && shift.end < to)
            handoff = std::min(handoff.value_or(to), shift.end); // an addition ends, and nothing begins
    for (const auto& shift : expected)
        if (shift.end > at && shift.end < to && people_at(expected, shift.end) != people)
            until = std::min(until.value_or(to), shift.end);
    if (until) {
        RC_ASSERT(on_call.until == until);
        RC_ASSERT(as_set(on_call.next) == people_at(expected, *until));
    } else {
        RC_ASSERT(on_call.until.value_or(to) >= to);
    }
    if (handoff)
        RC_ASSERT(next_handoff(schedule, at) == handoff);
    else
        RC_ASSERT(next_handoff(schedule, at).value_or(to) >= to);
}

void check_gaps_and_doubles(const Schedule& schedule, const slow::Minutes& minutes, TimePoint from, TimePoint to)
{
    std::set<TimePoint> unmanned;
    std::set<TimePoint> several;
    for (const auto& entries : minutes) {
        std::set<std::string> all;
        std::size_t most = 0;
        for (const auto& entry : entries)
            if (entry.because.kind != slow::Kind::add) {
                all.insert(entry.shift.people.begin(), entry.shift.people.end());
                most = std::max(most, entry.shift.people.size());
            }
        if (entries.size() == 1 && entries[0].shift.people.empty())
            unmanned.insert(entries[0].shift.start);
        if (all.size() > most)
            several.insert(entries[0].shift.start);
    }
    const auto minutes_of = [](const Shifts& shifts) {
        std::set<TimePoint> found;
        for (const auto& shift : shifts)
            for (auto t = shift.start; t < shift.end; t += 1min)
                found.insert(t);
        return found;
    };
    const auto found = gaps(schedule, from, to);
    RC_ASSERT(minutes_of(found) == unmanned);
    for (std::size_t i = 0; i + 1 < found.size(); ++i)
        RC_ASSERT(found[i].end < found[i + 1].start);
    RC_ASSERT(minutes_of(doubles(schedule, from, to)) == several);
}

void check_around(const Change& change)
{
    const auto schedule = some_schedule(change);
    const auto from = change.at - std::chrono::minutes{pick(30, 60 * 30)};
    const auto to = change.at + std::chrono::minutes{pick(30, 60 * 30)};
    const auto minutes = slow::minutes(schedule, from, to);
    const auto expected = in_order(slow::joined(minutes.all));
    RC_ASSERT(final_shifts(schedule, from, to) == expected);

    for (int i = 0; i < 6; ++i)
        check_who(schedule, expected,
            i == 0 ? change.at : from + std::chrono::minutes{pick(0, static_cast<int>((to - from) / 1min))}, from, to);
    const auto begin = from + std::chrono::minutes{pick(0, static_cast<int>((to - from) / 1min))};
    const auto end = begin + std::chrono::minutes{pick(0, 600)};
    RC_ASSERT(part(final_shifts(schedule, begin, end), from, to) == part(expected, begin, std::min(end, to)));
    RC_ASSERT(part(final_shifts(schedule, from - std::chrono::hours{500}, to + std::chrono::hours{500}), from, to) == expected);

    for (std::size_t r = 0; r < schedule.rotations.size(); ++r)
        RC_ASSERT(rotation_shifts(schedule, schedule.rotations[r].name, from, to) == slow::joined(minutes.rotations[r]));
    const auto person = one_of(everybody);
    Shifts theirs;
    for (const auto& shift : expected)
        if (std::count(shift.people.begin(), shift.people.end(), person) > 0)
            theirs.push_back(shift);
    const auto whole = shifts_of(schedule, person, from, to, 1'000);
    RC_ASSERT(part(whole, from, to) == theirs);
    if (!whole.empty()) {
        const auto most = static_cast<std::size_t>(pick(0, static_cast<int>(whole.size())));
        const Shifts first{whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(most)};
        RC_ASSERT(shifts_of(schedule, person, from, to, most) == first);
    }
    check_gaps_and_doubles(schedule, minutes.all, from, to);
}

} // namespace

TEST_CASE("Around time changes the schedule is what counting minutes says, for display and for paging", "[oncall][schedule]")
{
    const auto* const runs = std::getenv("ONCALL_SCHEDULE_RUNS");
    const auto each = runs ? std::atoi(runs) : 1;
    REQUIRE(each > 0);
    CHECK(changes().size() > 300);
    for (int run = 0; run < each; ++run)
        for (std::size_t i = 0; i < changes().size(); ++i) {
            const auto seed = static_cast<std::uint64_t>(run) * changes().size() + i;
            const auto one = rc::gen::exec([&] {
                check_around(changes()[i]);
                return true;
            });
            INFO(changes()[i].zone << " " << iso(changes()[i].at, "UTC") << ", run " << run);
            try {
                one(rc::Random{seed}, rc::kNominalSize).value();
            } catch (const rc::detail::CaseResult& failed) {
                FAIL_CHECK(failed.description);
            }
        }
}
