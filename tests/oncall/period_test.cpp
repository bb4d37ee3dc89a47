#include "catch.hpp"
#include "oncall/outlook.hpp"
#include "oncall/period.hpp"

using namespace oncall;

namespace {

const std::string berlin_zone{"Europe/Berlin"};
TimePoint wall_clock(const std::string& local) { return to_instant(*local_time_in(local), berlin_zone); }

} // namespace

TEST_CASE("Periods are read as people say them", "[oncall][period]")
{
    const auto now = wall_clock("2026-11-04T15:30"); // a Wednesday
    struct Case {
        std::string words{}, from{}, to{}, said{};
    };
    const std::vector<Case> cases{
        {"2w", "2026-11-04", "2026-11-18", "Wed 4 Nov 2026 to Tue 17 Nov 2026"},
        {"10 days", "2026-11-04", "2026-11-14", "Wed 4 Nov 2026 to Fri 13 Nov 2026"},
        {"Last  2 Weeks", "2026-10-21", "2026-11-04", "Wed 21 Oct 2026 to Tue 3 Nov 2026"},
        {"week", "2026-11-02", "2026-11-09", "Mon 2 Nov 2026 to Sun 8 Nov 2026"},
        {"last week", "2026-10-26", "2026-11-02", "Mon 26 Oct 2026 to Sun 1 Nov 2026"},
        {"next week", "2026-11-09", "2026-11-16", "Mon 9 Nov 2026 to Sun 15 Nov 2026"},
        {"this month", "2026-11-01", "2026-12-01", "November 2026"},
        {"last month", "2026-10-01", "2026-11-01", "October 2026"},
        {"next month", "2026-12-01", "2027-01-01", "December 2026"},
        {"2026-10", "2026-10-01", "2026-11-01", "October 2026"},
        {"today", "2026-11-04", "2026-11-05", "Wed 4 Nov 2026"},
        {"2026-11-02", "2026-11-02", "2026-11-03", "Mon 2 Nov 2026"},
        {"yesterday", "2026-11-03", "2026-11-04", "Tue 3 Nov 2026"},
        {"this weekend", "2026-11-07", "2026-11-09", "Sat 7 Nov 2026 to Sun 8 Nov 2026"},
        {"24 dec to 2 jan", "2026-12-24", "2027-01-03", "Thu 24 Dec 2026 to Sat 2 Jan 2027"},
        {"2026-11-02 to 2026-11-15", "2026-11-02", "2026-11-16", "Mon 2 Nov 2026 to Sun 15 Nov 2026"},
    };
    for (const auto& one : cases) {
        INFO(one.words);
        const auto period = period_in(one.words, berlin_zone, now);
        REQUIRE(period);
        CHECK(*period == Period{wall_clock(one.from + "T00:00"), wall_clock(one.to + "T00:00")});
        CHECK(words_of(*period, berlin_zone) == one.said);
    }
    for (const std::string none : {"", "payments", "2x", "0d", "2026-13", "2026-02-30", "401d", "2026-11-15 to 2026-11-02", "w",
             "next", "2020-01-01 to 2026-01-01", "1999-12", "9999-12", "2100-01-01"}) {
        INFO(none);
        CHECK_FALSE(period_in(none, berlin_zone, now));
    }
}

TEST_CASE("Before and after a month are months, and before and after days as many days", "[oncall][period]")
{
    const auto now = wall_clock("2026-11-04T15:30");
    const auto month = *period_in("2026-12", berlin_zone, now);
    CHECK(later(month, berlin_zone) == *period_in("2027-01", berlin_zone, now));
    CHECK(earlier(later(month, berlin_zone), berlin_zone) == month);
    // Over the change of the clocks as well.
    const auto weeks = Period{wall_clock("2026-10-14T00:00"), wall_clock("2026-10-28T00:00")};
    CHECK(later(weeks, berlin_zone) == Period{wall_clock("2026-10-28T00:00"), wall_clock("2026-11-11T00:00")});
    CHECK(earlier(later(weeks, berlin_zone), berlin_zone) == weeks);
    CHECK(is_in_reach(*period_in("2099-12", berlin_zone, now)));
    CHECK_FALSE(is_in_reach(later(later(*period_in("2099-12", berlin_zone, now), berlin_zone), berlin_zone)));
}

TEST_CASE("An outlook goes from handoff to handoff, and leaves out those to the same people", "[oncall][period]")
{
    Schedule schedule;
    schedule.time_zone = berlin_zone;
    Rotation rotation;
    rotation.start = *local_time_in("2026-11-02T09:00");
    rotation.turns = {{"ana"}, {"ana"}, {}, {"bo"}};
    schedule.rotations.push_back(rotation);
    const std::vector<OnCallStretch> expected{{wall_clock("2026-11-03T00:00"), wall_clock("2026-11-16T09:00"), {"ana"}},
        {wall_clock("2026-11-16T09:00"), wall_clock("2026-11-23T09:00"), {}},
        {wall_clock("2026-11-23T09:00"), wall_clock("2026-11-27T00:00"), {"bo"}}};
    CHECK(outlook(schedule, wall_clock("2026-11-03T00:00"), wall_clock("2026-11-27T00:00"), 9) == expected);
    CHECK(outlook(schedule, wall_clock("2026-11-03T00:00"), wall_clock("2026-11-27T00:00"), 2).size() == 2);
}
