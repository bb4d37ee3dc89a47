#include "catch.hpp"
#include "oncall/given.hpp"
#include "oncall/shift_changes.hpp"

using namespace oncall;
using given::utc;

namespace {

Schedule daily_of(std::vector<Turn> turns)
{
    Schedule schedule;
    schedule.name = "payments";
    Rotation rotation;
    rotation.name = "daily";
    rotation.unit = Unit::day;
    rotation.start = *local_time_in("2026-11-02T00:00");
    rotation.turns = std::move(turns);
    schedule.rotations = {rotation};
    return schedule;
}

/// "+ana 02T00 03T00, -bo …" of November 2026.
std::string changes_in_words(const std::vector<ShiftChange>& changes)
{
    std::string words;
    for (const auto& change : changes)
        words += (words.empty() ? "" : ", ") + std::string{change.added ? "+" : "-"} + change.person + " "
            + iso(change.from, "UTC").substr(8, 5) + " " + iso(change.to, "UTC").substr(8, 5);
    return words;
}

std::string compared(const Schedule& was, const Schedule& becomes, const std::string& to = "2026-11-06T00:00")
{
    return changes_in_words(shift_changes(was, becomes, utc("2026-11-02T00:00"), utc(to)));
}

} // namespace

TEST_CASE("Whose shifts an edit moves: theirs that go and that come, neighbours joined", "[oncall][shift changes]")
{
    CHECK(compared(daily_of({{"ana"}, {"bo"}}), daily_of({{"ana"}, {"bo"}})).empty());
    CHECK(compared(daily_of({{"ana"}, {"bo"}}), daily_of({{"ana"}, {"chi"}}))
        == "-bo 03T00 04T00, +chi 03T00 04T00, -bo 05T00 06T00, +chi 05T00 06T00");
    CHECK(compared(daily_of({{"ana"}, {"bo"}}), daily_of({{"ana"}, {"ana"}}))
        == "+ana 03T00 04T00, -bo 03T00 04T00, "
           "+ana 05T00 06T00, -bo 05T00 06T00");
    // A handoff to oneself is none: neither where shifts are joined nor where they are told.
    CHECK(compared(daily_of({{"ana"}, {"ana"}, {"bo"}}), daily_of({{"bo"}}))
        == "-ana 02T00 04T00, +bo 02T00 04T00, "
           "-ana 05T00 06T00, +bo 05T00 06T00");
    CHECK(compared(daily_of({{"ana"}}), daily_of({{"ana"}, {"ana"}})).empty());
    CHECK(compared(daily_of({{"ana"}}), daily_of({{"ana", "bo"}})) == "+bo 02T00 06T00");
    CHECK(compared(Schedule{}, daily_of({{"ana"}, {}})) == "+ana 02T00 03T00, +ana 04T00 05T00");
}

TEST_CASE("A moved handoff changes only the hours between, and overrides stand", "[oncall][shift changes]")
{
    const auto was = daily_of({{"ana"}, {"bo"}});
    auto becomes = was;
    becomes.rotations[0].start = *local_time_in("2026-11-02T09:00");
    CHECK(compared(was, becomes, "2026-11-04T00:00") == "-ana 02T00 02T09, +bo 02T00 02T09, +ana 03T00 03T09, -bo 03T00 03T09");

    auto covered = was;
    covered.overrides = {{utc("2026-11-03T00:00"), utc("2026-11-04T00:00"), Override::Kind::put, {"eve"}}};
    auto other = daily_of({{"ana"}, {"chi"}});
    other.overrides = covered.overrides;
    CHECK(compared(covered, other, "2026-11-05T00:00").empty());
}

TEST_CASE("Another name of the same person is no change once it is known who they are", "[oncall][shift changes]")
{
    auto was = daily_of({{"@ana"}, {"bo"}});
    auto becomes = daily_of({{"ana@example.com"}, {"bo"}});
    CHECK(!compared(was, becomes).empty());
    tell_apart_together(was, becomes, {{"@ana", "UANA"}, {"ana@example.com", "UANA"}});
    CHECK(compared(was, becomes).empty());
}

TEST_CASE("What is compared has a bound", "[oncall][shift changes]")
{
    auto was = daily_of({{"ana"}, {"bo"}});
    was.rotations[0].unit = Unit::hour;
    auto becomes = was;
    std::swap(becomes.rotations[0].turns[0], becomes.rotations[0].turns[1]);
    CHECK(shift_changes(was, becomes, utc("2026-11-02T00:00"), utc("2036-11-02T00:00")).size() == most_shift_changes);
    CHECK(shift_changes(was, becomes, utc("2026-11-02T00:00"), utc("2026-11-02T00:00")).empty());
}
