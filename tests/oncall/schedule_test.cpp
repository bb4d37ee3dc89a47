#include "catch.hpp"
#include "oncall/given.hpp"
#include "oncall/schedule.hpp"

#include <rapidcheck.h>

using namespace oncall;
using given::People;
using given::utc;

namespace {

Schedule weekly_in_berlin()
{
    Schedule schedule;
    schedule.name = "payments";
    schedule.time_zone = "Europe/Berlin";
    Rotation rotation;
    rotation.name = "weekly";
    rotation.unit = Unit::week;
    rotation.start = *local_time_in("2026-11-02T09:00");
    rotation.turns = {{"ana"}, {"bo"}, {"chi", "dee"}};
    schedule.rotations = {rotation};
    return schedule;
}

} // namespace

TEST_CASE("A week rotation hands over at its local time, in its order, and knows who is next", "[oncall][schedule]")
{
    const auto schedule = weekly_in_berlin();
    const auto now = who_is_on_call(schedule, utc("2026-11-03T12:00"));
    CHECK(now.people == People{"ana"});
    REQUIRE(now.until);
    CHECK(iso(*now.until, "Europe/Berlin") == "2026-11-09T09:00:00+01:00");
    CHECK(now.next == People{"bo"});
    CHECK(who_is_on_call(schedule, utc("2026-11-09T07:59")).people == People{"ana"});
    CHECK(who_is_on_call(schedule, utc("2026-11-09T08:00")).people == People{"bo"});
    CHECK(who_is_on_call(schedule, utc("2026-11-17T08:00")).people == People{"chi", "dee"});
    CHECK(who_is_on_call(schedule, utc("2026-10-27T12:00")).people == People{"chi", "dee"}); // the pattern runs both ways
}

TEST_CASE("The handoff stays at its local time when the clocks change", "[oncall][schedule]")
{
    auto schedule = weekly_in_berlin();
    schedule.rotations[0].unit = Unit::day;
    // Europe/Berlin leaves summer time on 2026-10-25.
    CHECK(who_is_on_call(schedule, utc("2026-10-24T06:59")).people != who_is_on_call(schedule, utc("2026-10-24T07:00")).people);
    CHECK(who_is_on_call(schedule, utc("2026-10-26T07:59")).people != who_is_on_call(schedule, utc("2026-10-26T08:00")).people);
}

TEST_CASE("The higher priority wins, equal ones are on call together, and nobody's turn is a gap", "[oncall][schedule]")
{
    auto schedule = weekly_in_berlin();
    Rotation second = schedule.rotations[0];
    second.name = "second";
    second.turns = {{"eve"}};
    schedule.rotations.push_back(second);
    CHECK(who_is_on_call(schedule, utc("2026-11-03T12:00")).people == People{"eve", "ana"}); // by the rotations' names
    schedule.rotations[1].priority = 1;
    CHECK(who_is_on_call(schedule, utc("2026-11-03T12:00")).people == People{"eve"});
    schedule.rotations = {schedule.rotations[0]};
    schedule.rotations[0].turns = {{"ana"}, {}};
    CHECK(who_is_on_call(schedule, utc("2026-11-10T12:00")).people.empty());
}

TEST_CASE("Overrides replace, add and remove for their time", "[oncall][schedule]")
{
    auto schedule = weekly_in_berlin();
    schedule.overrides = {{utc("2026-11-03T10:00"), utc("2026-11-03T14:00"), Override::Kind::put, {"bo"}, ""}};
    CHECK(who_is_on_call(schedule, utc("2026-11-03T09:59")).people == People{"ana"});
    CHECK(who_is_on_call(schedule, utc("2026-11-03T10:00")).people == People{"bo"});
    CHECK(who_is_on_call(schedule, utc("2026-11-03T14:00")).people == People{"ana"});
    schedule.overrides[0].kind = Override::Kind::add;
    CHECK(who_is_on_call(schedule, utc("2026-11-03T12:00")).people.size() == 2);
    schedule.overrides[0].kind = Override::Kind::remove;
    schedule.overrides[0].people = {"ana"};
    CHECK(who_is_on_call(schedule, utc("2026-11-03T12:00")).people.empty());
}

TEST_CASE("Any schedule covers every instant, and a part is the part of the whole", "[oncall][schedule]")
{
    const auto holds = rc::check("cover", [] {
        Schedule schedule;
        schedule.time_zone = *rc::gen::element<std::string>("UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe");
        const auto count = *rc::gen::inRange(0, 3);
        for (int i = 0; i < count; ++i) {
            Rotation rotation;
            rotation.name = std::to_string(i);
            rotation.priority = *rc::gen::inRange(0, 2);
            rotation.unit = *rc::gen::element(Unit::hour, Unit::day, Unit::week, Unit::month);
            rotation.lengths = {*rc::gen::inRange(1, 4)};
            rotation.start = *local_time_in("2026-10-01T00:30") + std::chrono::hours{*rc::gen::inRange(0, 2'000)};
            for (int turn = *rc::gen::inRange(1, 4); turn > 0; --turn)
                rotation.turns.push_back(*rc::gen::element(Turn{"ana"}, Turn{"bo"}, Turn{}, Turn{"ana", "chi"}));
            schedule.rotations.push_back(rotation);
        }
        const auto from = utc("2026-10-20T00:00") + std::chrono::hours{*rc::gen::inRange(0, 500)};
        const auto to = from + std::chrono::hours{*rc::gen::inRange(1, 600)};
        const auto shifts = final_shifts(schedule, from, to);
        const auto at = from + milliseconds{*rc::gen::inRange<std::int64_t>(0, (to - from).count())};

        std::set<std::string> people;
        bool covered = false;
        for (const auto& shift : shifts) {
            RC_ASSERT(shift.start < shift.end);
            RC_ASSERT(shift.start >= from);
            RC_ASSERT(shift.end <= to);
            if (shift.start <= at && at < shift.end) {
                covered = true;
                people.insert(shift.people.begin(), shift.people.end());
            }
        }
        RC_ASSERT(covered);
        const auto on_call = who_is_on_call(schedule, at);
        RC_ASSERT(people == std::set<std::string>(on_call.people.begin(), on_call.people.end()));

        std::vector<Shift> cut;
        for (auto shift : final_shifts(schedule, from - std::chrono::hours{100}, to + std::chrono::hours{100})) {
            shift.start = std::max(shift.start, from);
            shift.end = std::min(shift.end, to);
            if (shift.start < shift.end)
                cut.push_back(shift);
        }
        std::stable_sort(cut.begin(), cut.end(),
            [](const Shift& a, const Shift& b) { return std::tie(a.start, a.rotation) < std::tie(b.start, b.rotation); });
        RC_ASSERT(cut == shifts);
    });
    CHECK(holds);
}
