#include "catch.hpp"
#include "oncall/absences.hpp"
#include "oncall/calendar.hpp"

using namespace std::chrono_literals;
using namespace oncall;

namespace {

TimePoint moment(const std::string& text, const std::string& zone = "Europe/Berlin") { return instant_in(text, zone).value(); }

} // namespace

TEST_CASE("When somebody is away is understood as people write it", "[oncall][absences]")
{
    const auto now = moment("2026-11-03T13:00"); // a Tuesday
    const auto [words, from, to] = GENERATE(table<std::string, std::string, std::string>({
        {"2026-12-24 to 2027-01-02", "2026-12-24", "2027-01-03"},
        {"from 2026-12-24 until 2027-01-02 because Holiday", "2026-12-24", "2027-01-03"},
        {"2026-12-24", "2026-12-24", "2026-12-25"},
        {"2026-12-24T12:00 to 2026-12-24T18:00", "2026-12-24T12:00", "2026-12-24T18:00"},
        {"today", "2026-11-03", "2026-11-04"},
        {"Tomorrow", "2026-11-04", "2026-11-05"},
        {"next week", "2026-11-09", "2026-11-16"},
        {"this week", "2026-11-03", "2026-11-09"},
        {"friday", "2026-11-06", "2026-11-07"},
        {"tue", "2026-11-03", "2026-11-04"},
        {"monday to wednesday", "2026-11-09", "2026-11-12"},
        {"mon to fri because wedding", "2026-11-09", "2026-11-14"},
        {"2026-12-24 to sunday", "2026-12-24", "2026-12-28"},
        {"thu - sat", "2026-11-05", "2026-11-08"},
    }));
    INFO(words);
    const auto wish = away_in(words, now, "Europe/Berlin");
    CHECK(wish.problem == "");
    CHECK(wish.from == moment(from));
    CHECK(wish.to == moment(to));
    CHECK(wish.why == (words.find("because") == words.npos ? "" : words.find("wedding") == words.npos ? "Holiday" : "wedding"));
}

TEST_CASE("What makes no sense as an absence says what to write", "[oncall][absences]")
{
    const auto now = moment("2026-11-03T13:00");
    for (const std::string words : {"soon", "2026-13-01", "2026-12-24 to", "2026-12-24T12:00", "2026-11-01",
             "2027-01-02 to 2026-12-24", "wedding", "sunset", "frightened to friday", "2026-12-01 to 2029-01-01", "to", ""}) {
        INFO(words);
        CHECK(away_in(words, now, "Europe/Berlin").problem != "");
    }
}

TEST_CASE("A calendar of absences holds days and long times, and nothing that is marked", "[oncall][absences]")
{
    const auto day = CalendarEvent{"1", "Holiday", {}, true, true, moment("2026-12-24", "UTC"), moment("2026-12-27", "UTC")};
    auto ignored = day;
    ignored.title = "Birthday #OnCall-Ignore";
    const CalendarEvent meeting{"2", "Review", {}, false, false, moment("2026-11-04T10:00"), moment("2026-11-04T11:00")};
    const CalendarEvent dentist{"3", "Dentist", {}, false, false, moment("2026-11-05T08:00"), moment("2026-11-05T13:00")};
    auto birthday = day;
    birthday.to = birthday.from + 24h;
    birthday.free = true;
    auto journey = day;
    journey.free = true;
    CHECK(absences_in("U1", {birthday, journey}, "Europe/Berlin").size() == 1);
    // What only may be, and what she has not said yes to.
    auto maybe = day, declined = day;
    maybe.tentative = true;
    declined.declined = {"ana@example.com"};
    CHECK(absences_in("U1", {maybe, declined}, "Europe/Berlin", "Ana@example.com").empty());
    CHECK(absences_in("U1", {declined}, "Europe/Berlin", "bo@example.com").size() == 1);
    const auto found = absences_in("U1", {day, ignored, meeting, dentist}, "Europe/Berlin");
    REQUIRE(found.size() == 2);
    CHECK(found[0] == Away{"U1", moment("2026-12-24"), moment("2026-12-27"), "Holiday"});
    CHECK(found[1].why == "Dentist");
}

TEST_CASE("A clash is a shift in which its person is away, by whatever name, once", "[oncall][absences]")
{
    Configuration configuration;
    auto& schedule = configuration.schedules["payments"];
    schedule.name = "payments";
    Rotation weekly;
    weekly.name = "weekly";
    weekly.start = local_time_in("2026-11-02T09:00").value();
    weekly.turns = {{"ana@example.com"}, {"bo@example.com"}};
    schedule.rotations = {weekly};
    const auto now = moment("2026-11-03T12:00", "UTC");
    const auto until = now + std::chrono::days{30};
    const std::map<std::string, std::set<std::string>> names{{"U1", {"U1", "ana@example.com"}}, {"U2", {"bo@example.com"}}};
    const auto of = [&](const std::vector<Away>& away) { return clashes(configuration, away, names, now, until); };

    const auto found = of({{"U1", moment("2026-11-19", "UTC"), moment("2026-11-20", "UTC"), "Holiday"},
        {"U1", moment("2026-11-21", "UTC"), moment("2026-11-22", "UTC"), ""},
        {"U2", moment("2026-11-19", "UTC"), moment("2026-11-20", "UTC"), ""}});
    REQUIRE(found.size() == 2);
    CHECK(found[1].from == moment("2026-11-21", "UTC"));
    CHECK(found[1].shift.start == found[0].shift.start);
    CHECK(found[0].person == "U1");
    CHECK(found[0].shift.start == moment("2026-11-16T09:00", "UTC"));
    CHECK(found[0].from == moment("2026-11-19", "UTC"));
    CHECK(found[0].to == moment("2026-11-20", "UTC"));
    CHECK(found[0].why == "Holiday");
    // A whole holiday clashes with each shift in it; one that is running counts from now on, and one that is over not at all.
    CHECK(of({{"U1", moment("2026-11-02", "UTC"), moment("2026-11-25", "UTC"), ""}}).size() == 2);
    CHECK(of({{"U1", moment("2026-11-02", "UTC"), moment("2026-11-03", "UTC"), ""}}).empty());
    // Who stands in is asked in place of whom she stands in for.
    schedule.overrides.push_back(
        {moment("2026-11-16T09:00", "UTC"), moment("2026-11-23T09:00", "UTC"), Override::Kind::put, {"bo@example.com"}});
    CHECK(of({{"U1", moment("2026-11-19", "UTC"), moment("2026-11-20", "UTC"), ""}}).empty());
    CHECK(of({{"U2", moment("2026-11-19", "UTC"), moment("2026-11-20", "UTC"), ""}}).size() == 1);
}
