#include "catch.hpp"
#include "oncall/effective.hpp"
#include "oncall/given.hpp"

#include <rapidcheck.h>

#include <algorithm>
#include <set>

using namespace oncall;
using given::People;
using given::utc;

namespace {

Rotation weekly_of(const std::string& name, std::vector<Turn> turns, const std::string& zone = "")
{
    Rotation rotation;
    rotation.name = name;
    rotation.unit = Unit::week;
    rotation.start = *local_time_in("2026-01-05T09:00");
    rotation.time_zone = zone;
    rotation.turns = std::move(turns);
    return rotation;
}

Schedule berlin_of(std::vector<Rotation> rotations)
{
    Schedule schedule;
    schedule.name = "payments";
    schedule.time_zone = "Europe/Berlin";
    schedule.rotations = std::move(rotations);
    return schedule;
}

std::set<std::string> on_call_at(const Schedule& schedule, TimePoint at)
{
    const auto people = who_is_on_call(schedule, at).people;
    return {people.begin(), people.end()};
}

std::set<std::string> on_call_among(const std::vector<Shift>& shifts, TimePoint at)
{
    std::set<std::string> people;
    for (const auto& shift : shifts)
        if (shift.start <= at && at < shift.end)
            people.insert(shift.people.begin(), shift.people.end());
    return people;
}

int up_to(int most) { return *rc::gen::resize(rc::kNominalSize, rc::gen::inRange(0, most)); }
bool by_chance(int percent) { return up_to(100) < percent; }
template <class T> T any_of(const std::vector<T>& all)
{
    return all[static_cast<std::size_t>(up_to(static_cast<int>(all.size())))];
}

/// Around the night of a change of clocks, by quarters of an hour.
LocalTime around(LocalTime night, int hours) { return night + std::chrono::minutes{15 * (up_to(8 * hours) - 4 * hours)}; }

const std::vector<std::string> changing_zones{"Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "UTC", "Asia/Kolkata"};

Rotation any_rotation(const std::string& name, LocalTime night)
{
    Rotation rotation;
    rotation.name = name;
    rotation.priority = up_to(2);
    rotation.unit = any_of<Unit>({Unit::hour, Unit::hour, Unit::day});
    rotation.lengths = {1 + up_to(3)};
    rotation.start = around(night, 30);
    if (by_chance(40))
        rotation.time_zone = any_of(changing_zones);
    for (int turn = 1 + up_to(4); turn > 0; --turn)
        rotation.turns.push_back(by_chance(10) ? Turn{} : Turn{any_of<std::string>({"ana", "bo", "chi", "dee"})});
    if (by_chance(20))
        rotation.begin = around(night, 12);
    if (by_chance(20))
        rotation.end = around(night, 12);
    return rotation;
}

Schedule any_schedule(LocalTime night)
{
    Schedule schedule;
    schedule.name = "payments";
    schedule.time_zone = any_of(changing_zones);
    for (const std::string name : {"a", "b", "c"}) {
        if (by_chance(30))
            continue;
        auto rotation = any_rotation(name, night);
        for (int version = by_chance(50) ? up_to(3) : 0; version > 0; --version) {
            auto next = any_rotation(name, night);
            next.from = around(night, 8);
            rotation.versions.push_back(std::move(next));
        }
        schedule.rotations.push_back(std::move(rotation));
    }
    return schedule;
}

/// What a person sees in a form and changes: some rotations stay, some go, some are other ones, some are new.
Schedule edited_at_random(const Schedule& was, LocalTime night)
{
    auto becomes = by_chance(70) ? newest(was) : any_schedule(night);
    std::erase_if(becomes.rotations, [](const Rotation&) { return by_chance(20); });
    for (auto& rotation : becomes.rotations)
        if (by_chance(40))
            rotation = any_rotation(rotation.name, night);
    const bool has_d = std::any_of(
        becomes.rotations.begin(), becomes.rotations.end(), [](const Rotation& rotation) { return rotation.name == "d"; });
    if (by_chance(30))
        becomes.rotations.push_back(any_rotation(has_d ? "e" : "d", night)); // no two have one name
    if (by_chance(20))
        becomes.time_zone = any_of(changing_zones);
    return becomes;
}

/// What `becomes` means: of rotations that show as they were, what was planned stays.
Schedule as_meant(const Schedule& was, Schedule becomes)
{
    const auto in_zone = [](Rotation rotation, const Schedule& of) {
        rotation.time_zone = rotation.time_zone.empty() ? of.time_zone : rotation.time_zone;
        for (auto& version : rotation.versions)
            version.time_zone = version.time_zone.empty() ? of.time_zone : version.time_zone;
        return rotation;
    };
    const auto shown = newest(was);
    for (auto& rotation : becomes.rotations)
        for (std::size_t i = 0; i < was.rotations.size(); ++i)
            if (in_zone(shown.rotations[i], was) == in_zone(rotation, becomes))
                rotation = in_zone(was.rotations[i], was);
    return becomes;
}

std::size_t versions_since(const Rotation& rotation, const std::string& schedule_zone, TimePoint at)
{
    return static_cast<std::size_t>(std::count_if(rotation.versions.begin(), rotation.versions.end(),
        [&](const Rotation& one) { return to_instant(one.from, one.time_zone.empty() ? schedule_zone : one.time_zone) == at; }));
}

} // namespace

TEST_CASE("An edit from a time on leaves what was, and nothing but what it changes gets a version", "[oncall][effective]")
{
    const auto was =
        berlin_of({weekly_of("days", {{"ana"}, {"bo"}}), weekly_of("second", {{"chi"}}), weekly_of("old", {{"dee"}})});
    auto becomes = berlin_of({weekly_of("days", {{"bo"}, {"eve"}}), weekly_of("second", {{"chi"}}), weekly_of("new", {{"fay"}})});
    const auto from = utc("2026-12-01T08:00");
    const auto result = effective_from(was, becomes, from);

    REQUIRE(result.rotations.size() == 4);
    CHECK(result.rotations[0].turns == std::vector<Turn>{{"ana"}, {"bo"}});
    REQUIRE(result.rotations[0].versions.size() == 1);
    CHECK(result.rotations[0].versions[0].from == *local_time_in("2026-12-01T09:00"));
    CHECK(result.rotations[0].versions[0].turns == std::vector<Turn>{{"bo"}, {"eve"}});
    CHECK(result.rotations[1] == was.rotations[1]);
    CHECK(result.rotations[2].end == local_time_in("2026-12-01T09:00"));
    CHECK(result.rotations[3].begin == local_time_in("2026-12-01T09:00"));
    CHECK(result.rotations[3].versions.empty());
    CHECK(on_call_at(result, from - 1ms) == on_call_at(was, from - 1ms));
    CHECK(on_call_at(result, from) == on_call_at(becomes, from));

    SECTION("the form shows what it became, with what has ended")
    {
        const auto shown = newest(result);
        REQUIRE(shown.rotations.size() == 4);
        CHECK(shown.rotations[0] == becomes.rotations[0]);
        CHECK(shown.rotations[2].end == local_time_in("2026-12-01T09:00"));
    }
    SECTION("the same again, or later, changes nothing more")
    {
        CHECK(effective_from(result, newest(result), from) == result);
        CHECK(effective_from(result, newest(result), from + std::chrono::hours{48}) == result);
        CHECK(effective_from(result, newest(result), from - std::chrono::hours{48}) == result); // what was planned stays planned
    }
    SECTION("another edit at the same time takes the place of the first")
    {
        becomes.rotations[0].turns = {{"eve"}};
        const auto again = effective_from(result, becomes, from);
        CHECK(again == effective_from(was, becomes, from));
        CHECK(again.rotations[0].versions.size() == 1);
    }
    SECTION("an edit before it gives up what was planned, and one that takes it back leaves no trace")
    {
        becomes.rotations[0].turns = {{"gus"}};
        const auto earlier = effective_from(result, becomes, from - std::chrono::hours{24});
        REQUIRE(earlier.rotations[0].versions.size() == 1);
        CHECK(earlier.rotations[0].versions[0].from == *local_time_in("2026-11-30T09:00"));
        CHECK(effective_from(result, was, from) == was);
    }
}

TEST_CASE("An edit from a local time that comes twice holds from the first one that can be said", "[oncall][effective]")
{
    // 2026-10-25: 02:00 to 03:00 come twice in Berlin, from 00:00 and from 01:00 UTC.
    const auto was = berlin_of({weekly_of("days", {{"ana"}})});
    const auto becomes = berlin_of({weekly_of("days", {{"bo"}})});
    const auto [from, holds] = GENERATE(table<std::string, std::string>({{"2026-10-25T00:30", "2026-10-25T00:30"},
        {"2026-10-25T01:00", "2026-10-25T02:00"}, {"2026-10-25T01:30", "2026-10-25T02:00"},
        {"2026-10-25T02:00", "2026-10-25T02:00"}, {"2026-03-29T01:00", "2026-03-29T01:00"}}));
    CAPTURE(from);
    CHECK(effective_at(was, becomes, utc(from)) == utc(holds));
    const auto result = effective_from(was, becomes, utc(from));
    CHECK(who_is_on_call(result, utc(holds) - 1ms).people == People{"ana"});
    CHECK(who_is_on_call(result, utc(holds)).people == People{"bo"});
}

TEST_CASE("Another time zone of the schedule moves no shift before its time", "[oncall][effective]")
{
    const auto was = berlin_of({weekly_of("days", {{"ana"}, {"bo"}}), weekly_of("kept", {{"chi"}, {"dee"}}, "Asia/Kolkata")});
    auto becomes = was;
    becomes.time_zone = "America/New_York";
    const auto result = effective_from(was, becomes, utc("2026-12-01T08:00"));
    CHECK(result.time_zone == "America/New_York");
    CHECK(result.rotations[0].time_zone == "Europe/Berlin");
    CHECK(result.rotations[0].versions.at(0).time_zone.empty());
    CHECK(result.rotations[0].versions.at(0).from == *local_time_in("2026-12-01T03:00"));
    CHECK(result.rotations[1] == was.rotations[1]);
}

TEST_CASE("A rotation that has not begun by then is gone without a trace, and its planned version does not come back",
    "[oncall][effective]")
{
    auto later = weekly_of("later", {{"ana"}});
    later.begin = local_time_in("2027-01-01T00:00");
    auto versioned = weekly_of("versioned", {{"bo"}});
    versioned.end = local_time_in("2026-11-01T00:00");
    auto version = weekly_of("versioned", {{"chi"}});
    version.from = *local_time_in("2026-11-15T00:00");
    version.begin = local_time_in("2027-01-01T00:00");
    versioned.versions = {version};
    const auto was = berlin_of({weekly_of("days", {{"dee"}}), later, versioned});
    const auto result = effective_from(was, berlin_of({weekly_of("days", {{"dee"}})}), utc("2026-12-01T08:00"));
    REQUIRE(result.rotations.size() == 2);
    CHECK(on_call_at(result, utc("2026-10-20T12:00")) == std::set<std::string>{"bo", "dee"});
    CHECK(on_call_at(result, utc("2026-11-20T12:00")) == std::set<std::string>{"dee"});
    CHECK(on_call_at(result, utc("2027-02-01T12:00")) == std::set<std::string>{"dee"});
}

TEST_CASE("Property: before an edit all is as it was, from then on as it becomes, over the nights that clocks change",
    "[oncall][effective]")
{
    REQUIRE(rc::check([] {
        const auto night = *local_time_in(any_of<std::string>({"2026-10-25T02:00", "2026-03-29T02:00", "2026-11-01T01:00",
            "2026-03-08T02:00", "2026-04-05T01:30", "2026-10-04T02:00", "2026-06-10T12:00"}));
        const auto zone = any_of(changing_zones);
        auto was = any_schedule(night);
        auto from = to_instant(night, zone) + std::chrono::minutes{15 * (up_to(40) - 20)};
        for (int edit = 0; edit < 2; ++edit) {
            const auto becomes = edited_at_random(was, night);
            const auto at = effective_at(was, becomes, from);
            RC_ASSERT(at >= from);
            RC_ASSERT(at <= from + std::chrono::hours{3});
            const auto result = effective_from(was, becomes, from);
            const auto meant = as_meant(was, becomes);
            const auto first = at - std::chrono::hours{36}, last = at + std::chrono::hours{36};
            const auto is = final_shifts(result, first, last), before = final_shifts(was, first, last),
                       after = final_shifts(meant, first, last);
            RC_ASSERT(on_call_among(is, at - 1ms) == on_call_among(before, at - 1ms));
            for (auto t = first; t < last; t += 15min)
                RC_ASSERT(on_call_among(is, t) == on_call_among(t < at ? before : after, t));
            for (const auto& rotation : result.rotations)
                RC_ASSERT(versions_since(rotation, result.time_zone, at) <= 1u);
            RC_ASSERT(effective_from(result, becomes, at) == result);
            was = result;
            from = at + std::chrono::minutes{15 * (up_to(16) - 8)};
        }
    }));
}

TEST_CASE("What is put back holds from now on, and what was in between stays", "[oncall][effective]")
{
    auto before = berlin_of({weekly_of("days", {{"ana"}})});
    auto after = berlin_of({weekly_of("days", {{"bo"}})});
    const auto at = utc("2026-12-01T08:00"), back = utc("2026-12-05T08:00:07");

    SECTION("also where the newest version is what it was before")
    {
        after.rotations[0].versions = {weekly_of("days", {{"ana"}})};
        after.rotations[0].versions[0].from = *local_time_in("2026-12-10T09:00");
        const auto result = put_back(before, after, at, back);
        for (const auto& [when, who] :
            {std::pair{at - 1ms, "ana"}, {at, "bo"}, {back - 1ms, "bo"}, {back, "ana"}, {utc("2026-12-20T08:00"), "ana"}})
            CHECK(who_is_on_call(result, when).people == People{who});
    }
    SECTION("nothing was in between: not a trace is left")
    {
        CHECK(put_back(before, after, at, at) == before);
        CHECK(put_back(before, after, at + 200ms, at + 900ms) == before);
        after.rotations = {weekly_of("days", {{"ana"}})};
        after.rotations[0].versions = {weekly_of("days", {{"bo"}})};
        after.rotations[0].versions[0].from = *local_time_in("2026-12-10T09:00");
        CHECK(put_back(before, after, at, back) == before);
    }
    SECTION("temporary schedules are cut where it changed")
    {
        before.temporary = {{utc("2026-11-30T00:00"), utc("2026-12-07T00:00"),
            {{utc("2026-11-30T00:00"), utc("2026-12-04T00:00"), {"chi"}},
                {utc("2026-12-04T00:00"), utc("2026-12-07T00:00"), {"dee"}}}}};
        const auto result = put_back(before, after, at, back);
        CHECK(result.temporary.size() == 2);
        for (const auto& [when, who] :
            {std::pair{at - 1ms, "chi"}, {at, "bo"}, {back - 1ms, "bo"}, {back, "dee"}, {utc("2026-12-07T00:00"), "ana"}})
            CHECK(who_is_on_call(result, when).people == People{who});
    }
    SECTION("what no version says is again what it was")
    {
        before.holidays = "berlin";
        before.rotations[0].on_holidays = OnHolidays::off;
        const auto result = put_back(before, after, at, back);
        CHECK(result.holidays == "berlin");
        REQUIRE(result.rotations[0].versions.size() == 2);
        CHECK(result.rotations[0].on_holidays == OnHolidays::off);
        CHECK(result.rotations[0].versions[1].on_holidays == OnHolidays::as_usual);
        auto becomes = newest(result);
        becomes.rotations[0].on_holidays = OnHolidays::as_usual;
        const auto without = effective_from(result, becomes, back + 1h);
        CHECK(without.rotations[0].versions == result.rotations[0].versions);
        CHECK(without.rotations[0].on_holidays == OnHolidays::as_usual);
    }
}

TEST_CASE("Property: what is put back is as before, but for the time in between, over the nights that clocks change",
    "[oncall][effective]")
{
    REQUIRE(rc::check([] {
        const auto night = *local_time_in(any_of<std::string>(
            {"2026-10-25T02:00", "2026-03-29T02:00", "2026-11-01T01:00", "2026-04-05T01:30", "2026-06-10T12:00"}));
        const auto before = any_schedule(night), after = edited_at_random(before, night);
        const auto at = to_instant(night, any_of(changing_zones)) + std::chrono::minutes{15 * (up_to(40) - 20)};
        const auto back = at + std::chrono::minutes{15 * up_to(60)};
        const auto since = effective_at(before, after, at), again = effective_at(before, after, back);
        const auto result = put_back(before, after, at, back);
        const auto first = since - std::chrono::hours{24}, last = again + std::chrono::hours{36};
        const auto is = final_shifts(result, first, last), was = final_shifts(before, first, last),
                   between = final_shifts(after, first, last);
        for (auto t = first; t < last; t += 15min)
            RC_ASSERT(on_call_among(is, t) == on_call_among(t < since || t >= again ? was : between, t));
    }));
}
