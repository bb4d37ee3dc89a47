#include "catch.hpp"
#include "oncall/calendar.hpp"
#include "oncall/calendars.hpp"

#include <algorithm>

using namespace oncall;

namespace {

TimePoint at(const std::string& text, const std::string& zone = "Europe/Berlin") { return instant_in(text, zone).value(); }
LocalDay day(const std::string& text) { return std::chrono::floor<std::chrono::days>(local_time_in(text + "T00:00").value()); }

CalendarEvent event(
    const std::string& title, const std::string& from, const std::string& to, std::vector<std::string> people = {})
{
    return {title, title, std::move(people), false, false, at(from), at(to)};
}
CalendarEvent whole_days(const std::string& title, const std::string& from, const std::string& to)
{
    return {title, title, {}, true, true, at(from, "UTC"), at(to, "UTC")};
}

const std::vector<Acquainted> known{{"ana@example.com", "Ana Example", "ana@example.com", "U1"},
    {"@bo", "Bo", "bo@example.com", "U2"}, {"chi@example.com", "chi", "chi@example.com", "U3"},
    {"U4", "Ana Other", "ana.other@example.com", "U4"}, {"ana@example.com", "Ana Example", "ana@example.com", "U1"}};

using People = std::vector<std::string>;

/// Bo and Chi by turns, a week each; at ten in the morning.
Schedule weekly()
{
    Schedule schedule;
    schedule.name = "payments";
    schedule.time_zone = "Europe/Berlin";
    Rotation rotation;
    rotation.name = "weekly";
    rotation.start = local_time_in("2026-11-02T10:00").value();
    rotation.turns = {{"@bo"}, {"chi@example.com"}};
    schedule.rotations = {rotation};
    return schedule;
}

People on(const Schedule& schedule, const std::string& when) { return who_is_on_call(schedule, at(when)).people; }

} // namespace

TEST_CASE("An event names people by its title, else by who takes part", "[oncall][calendars]")
{
    const auto [title, people] = GENERATE(table<std::string, People>({
        {"Bo", {"@bo"}},
        {"ana example", {"ana@example.com"}},
        {"On call: Bo & Chi", {"@bo", "chi@example.com"}},
        {"Chi, Bo (primary)", {"chi@example.com", "@bo"}},
        {"bo@example.com", {"@bo"}},
        {"@bo", {"@bo"}},
        {"<@U3>", {"chi@example.com"}},
        {"@dee and bo", {"@dee", "@bo"}}, // Slack is asked for whom nobody knows
        {"dee@example.com", {"dee@example.com"}},
        {"Ana", {"guest@example.com"}}, // there are two
        {"Vacation cover", {"guest@example.com"}},
        {"", {"guest@example.com"}},
        {"((((", {"guest@example.com"}},
    }));
    INFO(title);
    CHECK(people_in(event(title, "2026-11-02", "2026-11-03", {"guest@example.com"}), known) == people);
    CHECK(
        people_in(event("Vacation cover", "2026-11-02", "2026-11-03", {"ana@example.com"}), known) == People{"ana@example.com"});
    CHECK(people_in(event("Vacation cover", "2026-11-02", "2026-11-03"), known).empty());
}

TEST_CASE("A rotation read from a calendar has the calendar's shifts and nothing between them", "[oncall][calendars]")
{
    auto schedule = weekly();
    Rotation cover;
    cover.name = "cover";
    cover.priority = 1;
    cover.ics = "https://calendar.example.org/x.ics";
    schedule.rotations.push_back(cover);
    const CalendarsRead read{{cover.ics,
        {event("Ana Example", "2026-11-04T09:00", "2026-11-05T09:00"), event("Chi", "2026-11-05T06:00", "2026-11-06T09:00"),
            event("Chi", "2026-11-06T09:00", "2026-11-07T09:00"), event("Somebody", "2026-11-08T09:00", "2026-11-09T09:00"),
            whole_days("Bo", "2026-11-10", "2026-11-11")}}};
    const auto nameless = fill_in(schedule, {}, read, known);
    CHECK(nameless == std::vector<Nameless>{{"payments", "cover", "Somebody", at("2026-11-08T09:00")}});

    std::vector<std::string> shifts;
    for (const auto& shift : rotation_shifts(schedule, "cover", at("2026-11-01"), at("2026-11-20"))) {
        shifts.push_back(iso(shift.start, "Europe/Berlin").substr(5, 11) + "–" + iso(shift.end, "Europe/Berlin").substr(5, 11));
        for (const auto& person : shift.people)
            shifts.back() += " " + person;
    }
    CHECK(shifts
        == std::vector<std::string>{"11-04T09:00–11-05T06:00 ana@example.com",
            "11-05T06:00–11-05T09:00 ana@example.com chi@example.com", "11-05T09:00–11-06T09:00 chi@example.com",
            "11-06T09:00–11-07T09:00 chi@example.com", "11-10T00:00–11-11T00:00 @bo"});
    // Where it has nobody, the lower priority is on.
    CHECK(on(schedule, "2026-11-04T12:00") == People{"ana@example.com"});
    CHECK(on(schedule, "2026-11-08T12:00") == People{"@bo"});
    CHECK(on(schedule, "2026-11-12T12:00") == People{"chi@example.com"});

    // What is read again replaces what was read before; nothing read is nobody.
    fill_in(schedule, {}, {}, known);
    CHECK(on(schedule, "2026-11-04T12:00") == People{"@bo"});
}

TEST_CASE("On a holiday a rotation is off, or others are on, and nobody's turn moves", "[oncall][calendars]")
{
    auto schedule = weekly();
    schedule.holidays = "germany";
    auto& rotation = schedule.rotations.front();
    HolidayCalendar germany;
    germany.name = "germany";
    germany.url = "https://calendar.example.org/de.ics";
    const CalendarsRead read{{germany.url,
        {whole_days("Christmas", "2026-12-25", "2026-12-27"), event("Dinner", "2026-12-10T19:00", "2026-12-10T21:00")}}};
    const auto plain = schedule;

    SECTION("as usual")
    {
        fill_in(schedule, {{"germany", germany}}, read, known);
        CHECK(schedule == plain);
    }
    SECTION("off")
    {
        rotation.on_holidays = OnHolidays::off;
        fill_in(schedule, {{"germany", germany}}, read, known);
        CHECK(on(schedule, "2026-12-24T23:59") == on(plain, "2026-12-24T23:59"));
        CHECK(on(schedule, "2026-12-25T00:00").empty());
        CHECK(on(schedule, "2026-12-26T23:59").empty());
        CHECK(on(schedule, "2026-12-27T00:00") == on(plain, "2026-12-27T00:00"));
        CHECK(on(schedule, "2026-12-10T20:00") == on(plain, "2026-12-10T20:00")); // a dinner is no holiday
        CHECK(on(schedule, "2027-03-10T12:00") == on(plain, "2027-03-10T12:00"));
        CHECK(gaps(schedule, at("2026-11-02"), at("2027-11-01"))
            == std::vector<Shift>{{at("2026-12-25"), at("2026-12-27"), {}, "", false}});
    }
    SECTION("others")
    {
        rotation.on_holidays = OnHolidays::others;
        rotation.others = {"ana@example.com"};
        rotation.end = local_time_in("2026-12-26T12:00").value();
        fill_in(schedule, {{"germany", germany}}, read, known);
        CHECK(on(schedule, "2026-12-25T12:00") == People{"ana@example.com"});
        CHECK(on(schedule, "2026-12-26T11:59") == People{"ana@example.com"});
        CHECK(on(schedule, "2026-12-26T12:00").empty()); // it exists no more
    }
    SECTION("by another calendar than the schedule's, and written by hand")
    {
        rotation.on_holidays = OnHolidays::off;
        rotation.holidays = "company";
        HolidayCalendar company;
        company.name = "company";
        company.dates = {{day("2026-11-03"), "Founders' day"}};
        fill_in(schedule, {{"germany", germany}, {"company", company}}, read, known);
        CHECK(on(schedule, "2026-11-03T12:00").empty());
        CHECK(on(schedule, "2026-12-25T12:00") == on(plain, "2026-12-25T12:00"));
    }
}

TEST_CASE("Whatever the rotation, holidays change their days and nothing else", "[oncall][calendars]")
{
    // Versions, windows, days, zones and changes of the clocks; dates in runs, on changes of versions, and at the ends.
    std::uint64_t state = 7;
    const auto below = [&](int most) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        return static_cast<int>((state >> 33) % static_cast<std::uint64_t>(most));
    };
    const std::vector<std::string> zones{"Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "UTC"};
    const auto local = [&](int first_day) {
        return LocalTime{day("2026-10-01") + std::chrono::days{first_day + below(60)}} + std::chrono::hours{below(24)};
    };
    for (int round = 0; round < 12; ++round) {
        Schedule schedule = weekly();
        auto& rotation = schedule.rotations.front();
        const auto shape = [&](Rotation& one) {
            one.start = local(0);
            one.unit = static_cast<Unit>(below(4));
            one.lengths = {1 + below(3)};
            one.turns = {{"@bo"}, {"chi@example.com"}, below(2) == 0 ? Turn{} : Turn{"ana@example.com"}};
            if (below(2) == 0)
                one.time_zone = zones[static_cast<std::size_t>(below(4))];
            if (below(3) == 0)
                one.days = {Weekday::mon, Weekday::tue, Weekday::wed, Weekday::fri};
            if (below(3) == 0)
                one.windows = {{{}, {}, {}, std::chrono::hours{20}, std::chrono::hours{8}}};
        };
        shape(rotation);
        for (int versions = below(3); versions > 0; --versions) {
            Rotation version;
            version.name = rotation.name;
            shape(version);
            version.from = local(10 * versions);
            rotation.versions.push_back(version);
        }
        const auto plain = schedule;
        rotation.on_holidays = below(2) == 0 ? OnHolidays::off : OnHolidays::others;
        if (rotation.on_holidays == OnHolidays::others)
            rotation.others = {"dee@example.com"};
        schedule.holidays = "days";
        HolidayCalendar days;
        for (int count = below(12); count > 0; --count)
            days.dates[day("2026-10-01") + std::chrono::days{below(75)}] = "";
        fill_in(schedule, {{"days", days}}, {}, known);

        const auto from = at("2026-10-01", "UTC"), to = at("2026-12-20", "UTC");
        for (auto t = from; t < to; t += 1h) {
            // Which version holds, and so whose midnight counts.
            const Rotation* holds = &plain.rotations.front();
            TimePoint since{milliseconds{-900'000'000'000'000}};
            for (const auto& version : plain.rotations.front().versions) {
                const auto begins = to_instant(version.from, version.time_zone.empty() ? plain.time_zone : version.time_zone);
                if (begins <= t && begins >= since) {
                    holds = &version;
                    since = begins;
                }
            }
            const auto zone = holds->time_zone.empty() ? plain.time_zone : holds->time_zone;
            const bool holiday = days.dates.contains(std::chrono::floor<std::chrono::days>(to_local(t, zone)));
            const auto usual = who_is_on_call(plain, t).people;
            const auto expected = holiday ? rotation.others : usual;
            INFO("round " << round << " at " << iso(t, "UTC") << (holiday ? " holiday" : ""));
            REQUIRE(who_is_on_call(schedule, t).people == expected);
        }
    }
}
