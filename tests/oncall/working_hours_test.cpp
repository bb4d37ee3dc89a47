#include "catch.hpp"
#include "oncall/given.hpp"
#include "oncall/working_hours.hpp"

using namespace oncall;
using given::at;

namespace {

WorkingHours office(const std::string& zone = "Europe/Berlin")
{
    using enum Weekday;
    return {zone, {{{mon, tue, wed, thu, fri}, {}, {}, 9h, 17h}}};
}

std::string next(const WorkingHours& hours, const std::string& local)
{
    const auto found = works_from(hours, given::at(local));
    return found ? iso(*found, hours.time_zone) : "never";
}

} // namespace

TEST_CASE("A team works in its windows, on the wall clock of its zone", "[oncall][levels]")
{
    CHECK(works_at(office(), at("2026-11-03T09:00")));
    CHECK(works_at(office(), at("2026-11-03T16:59")));
    CHECK_FALSE(works_at(office(), at("2026-11-03T17:00")));
    CHECK_FALSE(works_at(office(), at("2026-11-03T08:59")));
    CHECK_FALSE(works_at(office(), at("2026-11-07T12:00"))); // a Saturday
    // The same instant is an hour earlier there.
    CHECK_FALSE(works_at(office("Europe/London"), at("2026-11-03T09:30")));
    CHECK_FALSE(works_at({}, at("2026-11-03T12:00")));
    CHECK_FALSE(is_said({}));
    CHECK_FALSE(is_said({"Mars/Olympus", office().windows}));
    CHECK_FALSE(works_at({"Mars/Olympus", office().windows}, at("2026-11-03T12:00")));
    CHECK_FALSE(works_from({}, at("2026-11-03T12:00")));
}

TEST_CASE(
    "What waits for working hours waits until they begin, also over a weekend and a change of the clocks", "[oncall][levels]")
{
    CHECK(next(office(), "2026-11-03T12:00") == "2026-11-03T12:00:00+01:00");
    CHECK(next(office(), "2026-11-03T17:00") == "2026-11-04T09:00:00+01:00");
    CHECK(next(office(), "2026-11-06T20:00") == "2026-11-09T09:00:00+01:00");
    // Germany's clocks are set back in the night to Sunday, and forward in March.
    CHECK(next(office(), "2026-10-23T18:00") == "2026-10-26T09:00:00+01:00");
    CHECK(next(office(), "2026-03-27T18:00") == "2026-03-30T09:00:00+02:00");
    // Hours that begin in the hour that is skipped begin when it is over; in the one that comes twice, the first time.
    WorkingHours sunday{"Europe/Berlin", {{{Weekday::sun}, {}, {}, 2h + 30min, 10h}}};
    CHECK(next(sunday, "2026-03-28T12:00") == "2026-03-29T03:00:00+02:00");
    CHECK(next(sunday, "2026-10-24T12:00") == "2026-10-25T02:30:00+02:00");
    // All of them are skipped that week.
    sunday.windows.front().to = 2h + 45min;
    CHECK(next(sunday, "2026-03-28T12:00") == "2026-04-05T02:30:00+02:00");
    // Always.
    WorkingHours always{"Europe/Berlin", {{{}, {}, {}, 0min, 24h}}};
    CHECK(next(always, "2026-03-29T03:00") == "2026-03-29T03:00:00+02:00");
}
