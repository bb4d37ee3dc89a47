#include "catch.hpp"
#include "oncall/calendar.hpp"
#include "oncall/calendars.hpp"

#include <algorithm>

using namespace oncall;

namespace {

TimePoint instant_at(const std::string& text, const std::string& zone = "Europe/Berlin")
{
    return instant_in(text, zone).value();
}
LocalDay the_day(const std::string& text)
{
    return std::chrono::floor<std::chrono::days>(local_time_in(text + "T00:00").value());
}

CalendarEvent event_at(
    const std::string& title, const std::string& from, const std::string& to, std::vector<std::string> people = {})
{
    return {title, title, std::move(people), false, false, instant_at(from), instant_at(to)};
}
CalendarEvent whole_days(const std::string& title, const std::string& from, const std::string& to)
{
    return {title, title, {}, true, true, instant_at(from, "UTC"), instant_at(to, "UTC")};
}

const NameIndex whom_i_know{std::vector<Acquainted>{{"ana@example.com", "Ana Example", "ana@example.com", "U1", true},
    {"@bo", "Bo", "bo@example.com", "U2", true}, {"chi@example.com", "chi", "chi@example.com", "U3", true},
    {"U4", "Ana Other", "ana.other@example.com", "U4", true}, {"ana@example.com", "Ana Example", "ana@example.com", "U1", true}}};

using Persons = std::vector<std::string>;

/// Bo and Chi by turns, a week each; at ten in the morning.
Schedule bo_and_chi()
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

Persons on_duty_at(const Schedule& schedule, const std::string& when)
{
    return who_is_on_call(schedule, instant_at(when)).people;
}

} // namespace

TEST_CASE("An event names people by its title, else by who takes part", "[oncall][calendars]")
{
    const auto [title, people] = GENERATE(table<std::string, Persons>({
        {"Bo", {"@bo"}},
        {"ana example", {"ana@example.com"}},
        {"On call: Bo & Chi", {"@bo", "chi@example.com"}},
        {"Chi, Bo (primary)", {"chi@example.com", "@bo"}},
        {"bo@example.com", {"@bo"}},
        {"@bo", {"@bo"}},
        {"<@U3>", {"chi@example.com"}},
        {"On Call - Bo - payments", {"@bo"}},
        {"Ana Example: primary", {"ana@example.com"}},
        {"@dee and bo", {"@bo"}},
        {"dee@example.com", {"chi@example.com"}}, // who takes part
        {"Ana", {"chi@example.com"}}, // there are two
        {"Vacation cover", {"chi@example.com"}},
        {"", {"chi@example.com"}},
        {"((((", {"chi@example.com"}},
    }));
    INFO(title);
    CHECK(people_in(event_at(title, "2026-11-02", "2026-11-03", {"chi@example.com"}), whom_i_know).people == people);
}

TEST_CASE("Whom nobody knows is no person but is said, and who has declined does not come", "[oncall][calendars]")
{
    const auto called = [&](const std::string& title, Persons people, Persons declined = {}) {
        auto one = event_at(title, "2026-11-02", "2026-11-03", std::move(people));
        one.declined = std::move(declined);
        return people_in(one, whom_i_know);
    };
    CHECK(called("Vacation cover", {}) == Called{});
    CHECK(called("@dee & Bo", {}) == Called{{"@bo"}, {"@dee"}, false});
    CHECK(called("Cover", {"dee@example.com", "Chi@Example.com"}) == Called{{"chi@example.com"}, {"dee@example.com"}, false});
    CHECK(called("Bo", {}, {"bo@example.com"}) == Called{{}, {}, true});
    CHECK(called("Cover", {"chi@example.com"}, {"bo@example.com"}) == Called{{"chi@example.com"}, {}, true});
}

TEST_CASE("A rotation read from a calendar has the calendar's shifts and nothing between them", "[oncall][calendars]")
{
    auto schedule = bo_and_chi();
    Rotation cover;
    cover.name = "cover";
    cover.priority = 1;
    cover.ics = "https://calendar.example.org/x.ics";
    schedule.rotations.push_back(cover);
    auto maybe = event_at("Chi", "2026-11-14T09:00", "2026-11-15T09:00");
    maybe.tentative = true; // it is no shift
    const CalendarsRead read{{cover.ics,
        {event_at("Ana Example", "2026-11-04T09:00", "2026-11-05T09:00"), event_at("Chi", "2026-11-05T06:00", "2026-11-06T09:00"),
            event_at("Chi", "2026-11-06T09:00", "2026-11-07T09:00"), event_at("Somebody", "2026-11-08T09:00", "2026-11-09T09:00"),
            whole_days("Bo", "2026-11-10", "2026-11-11"), maybe}}};
    const auto nameless = fill_in(schedule, {}, read, whom_i_know);
    CHECK(nameless
        == std::vector<Nameless>{
            {"payments", "cover", "Somebody", instant_at("2026-11-08T09:00"), instant_at("2026-11-09T09:00"), {}, true, false}});
    CHECK(words_of(nameless.front(), "Europe/Berlin")
        == "\"Somebody\" on 2026-11-08: no name in it is one I know; nobody is on duty by it");
    const Nameless half{"payments", "cover", "Ana, Bo & Zoe", instant_at("2026-11-08T09:00"), instant_at("2026-11-09T09:00"), {},
        false, false, {"ana"}, {"zoe"}};
    CHECK(words_of(half, "Europe/Berlin")
        == "\"Ana, Bo & Zoe\" on 2026-11-08: I know nobody called zoe, and several are called ana; the others are on duty");

    std::vector<std::string> shifts;
    for (const auto& shift : rotation_shifts(schedule, "cover", instant_at("2026-11-01"), instant_at("2026-11-20"))) {
        shifts.push_back(iso(shift.start, "Europe/Berlin").substr(5, 11) + "–" + iso(shift.end, "Europe/Berlin").substr(5, 11));
        for (const auto& person : shift.people)
            shifts.back() += " " + person;
    }
    CHECK(shifts
        == std::vector<std::string>{"11-04T09:00–11-05T06:00 ana@example.com",
            "11-05T06:00–11-05T09:00 ana@example.com chi@example.com", "11-05T09:00–11-06T09:00 chi@example.com",
            "11-06T09:00–11-07T09:00 chi@example.com", "11-10T00:00–11-11T00:00 @bo"});
    // Where it has nobody, the lower priority is on.
    CHECK(on_duty_at(schedule, "2026-11-04T12:00") == Persons{"ana@example.com"});
    CHECK(on_duty_at(schedule, "2026-11-08T12:00") == Persons{"@bo"});
    CHECK(on_duty_at(schedule, "2026-11-12T12:00") == Persons{"chi@example.com"});

    // Filled in again it is the same, however often: nothing adds up. Nothing read is nobody.
    const auto filled = schedule;
    fill_in(schedule, {}, read, whom_i_know);
    CHECK(schedule == filled);
    fill_in(schedule, {}, {}, whom_i_know);
    CHECK(on_duty_at(schedule, "2026-11-04T12:00") == Persons{"@bo"});
}

TEST_CASE("On a holiday a rotation is off, or others are on, and nobody's turn moves", "[oncall][calendars]")
{
    auto schedule = bo_and_chi();
    schedule.holidays = "germany";
    auto& rotation = schedule.rotations.front();
    HolidayCalendar germany;
    germany.name = "germany";
    germany.url = "https://calendar.example.org/de.ics";
    const CalendarsRead read{{germany.url,
        {whole_days("Christmas", "2026-12-25", "2026-12-27"), event_at("Dinner", "2026-12-10T19:00", "2026-12-10T21:00")}}};
    const auto plain = schedule;

    SECTION("as usual")
    {
        fill_in(schedule, {{"germany", germany}}, read, whom_i_know);
        CHECK(schedule == plain);
    }
    SECTION("off")
    {
        rotation.on_holidays = OnHolidays::off;
        fill_in(schedule, {{"germany", germany}}, read, whom_i_know);
        CHECK(on_duty_at(schedule, "2026-12-24T23:59") == on_duty_at(plain, "2026-12-24T23:59"));
        CHECK(on_duty_at(schedule, "2026-12-25T00:00").empty());
        CHECK(on_duty_at(schedule, "2026-12-26T23:59").empty());
        CHECK(on_duty_at(schedule, "2026-12-27T00:00") == on_duty_at(plain, "2026-12-27T00:00"));
        CHECK(on_duty_at(schedule, "2026-12-10T20:00") == on_duty_at(plain, "2026-12-10T20:00")); // a dinner is no holiday
        CHECK(on_duty_at(schedule, "2027-03-10T12:00") == on_duty_at(plain, "2027-03-10T12:00"));
        CHECK(gaps(schedule, instant_at("2026-11-02"), instant_at("2027-11-01"))
            == std::vector<Shift>{{instant_at("2026-12-25"), instant_at("2026-12-27"), {}, "", false}});
    }
    SECTION("others")
    {
        rotation.on_holidays = OnHolidays::others;
        rotation.others = {"ana@example.com"};
        rotation.end = local_time_in("2026-12-26T12:00").value();
        fill_in(schedule, {{"germany", germany}}, read, whom_i_know);
        CHECK(on_duty_at(schedule, "2026-12-25T12:00") == Persons{"ana@example.com"});
        CHECK(on_duty_at(schedule, "2026-12-26T11:59") == Persons{"ana@example.com"});
        CHECK(on_duty_at(schedule, "2026-12-26T12:00").empty()); // it exists no more
    }
    SECTION("at its own hours, not on the days it is never on")
    {
        rotation.on_holidays = OnHolidays::others;
        rotation.others = {"ana@example.com"};
        rotation.days = {Weekday::mon, Weekday::tue, Weekday::wed, Weekday::thu, Weekday::fri};
        rotation.windows = {{{}, {}, {}, std::chrono::hours{9}, std::chrono::hours{17}}};
        fill_in(schedule, {{"germany", germany}}, read, whom_i_know);
        CHECK(on_duty_at(schedule, "2026-12-25T08:59").empty());
        CHECK(on_duty_at(schedule, "2026-12-25T09:00") == Persons{"ana@example.com"});
        CHECK(on_duty_at(schedule, "2026-12-25T17:00").empty());
        CHECK(on_duty_at(schedule, "2026-12-26T12:00").empty()); // a Saturday
    }
    SECTION("whoever's turn it is by another rotation, whatever its hours")
    {
        rotation.on_holidays = OnHolidays::rotation;
        rotation.other_rotation = "weekend";
        Rotation weekend;
        weekend.name = "weekend";
        weekend.priority = -1;
        weekend.unit = Unit::day;
        weekend.start = local_time_in("2026-12-19T00:00").value();
        weekend.days = {Weekday::sat, Weekday::sun};
        weekend.turns = {{"dee@example.com"}, {"eli@example.com"}};
        weekend.on_holidays = OnHolidays::off; // it has the other's duty all the same
        schedule.rotations.push_back(weekend);
        fill_in(schedule, {{"germany", germany}}, read, whom_i_know);
        // The 19th is dee's, the 20th eli's; on Friday, the 25th, it is dee's turn, who comes next.
        CHECK(on_duty_at(schedule, "2026-12-24T23:59") == on_duty_at(plain, "2026-12-24T23:59"));
        CHECK(on_duty_at(schedule, "2026-12-25T03:00") == Persons{"dee@example.com"});
        CHECK(on_duty_at(schedule, "2026-12-26T12:00") == Persons{"dee@example.com"});
        CHECK(on_duty_at(schedule, "2026-12-27T12:00") == on_duty_at(plain, "2026-12-27T12:00"));
    }
    SECTION("by another calendar than the schedule's, and written by hand")
    {
        rotation.on_holidays = OnHolidays::off;
        rotation.holidays = "company";
        HolidayCalendar company;
        company.name = "company";
        company.dates = {{the_day("2026-11-03"), "Founders' day"}};
        fill_in(schedule, {{"germany", germany}, {"company", company}}, read, whom_i_know);
        CHECK(on_duty_at(schedule, "2026-11-03T12:00").empty());
        CHECK(on_duty_at(schedule, "2026-12-25T12:00") == on_duty_at(plain, "2026-12-25T12:00"));
    }
}

TEST_CASE("Calendars of many long events, and holidays without end, are put in within a moment", "[oncall][calendars]")
{
    SECTION("hundreds of events at a time, all of them for the same forty")
    {
        std::vector<Acquainted> forty;
        std::string title;
        for (int i = 0; i < 40; ++i) {
            const auto person = "p" + std::to_string(i) + "@example.com";
            forty.push_back({person, "", person, ""});
            title += (i > 0 ? ", " : "") + person;
        }
        auto schedule = bo_and_chi();
        auto& rotation = schedule.rotations.front();
        rotation.ics = "x";
        const auto first = instant_at("2026-01-01");
        std::vector<CalendarEvent> events;
        for (int i = 0; i < 600; ++i) {
            const auto begins = first + i * std::chrono::hours{12};
            events.push_back({title, title, {}, false, false, begins, begins + std::chrono::days{400}});
        }
        const auto began = std::chrono::steady_clock::now();
        CHECK(fill_in(schedule, {}, {{"x", events}}, NameIndex{forty}).empty());
        CHECK(std::chrono::steady_clock::now() - began < std::chrono::seconds{5}); // one by one it would be 20 million people
        CHECK(on_duty_at(schedule, "2026-06-01T12:00").size() == 40);
        CHECK(on_duty_at(schedule, "2027-11-30T12:00").size() == 40); // the last one runs still
        CHECK(on_duty_at(schedule, "2027-12-03T12:00").empty());
    }
    SECTION("of more people at once than any shift has, the first are on")
    {
        std::vector<Acquainted> many;
        std::vector<CalendarEvent> events;
        for (int i = 0; i < 60; ++i) {
            const auto person = "p" + std::to_string(i) + "@example.com";
            many.push_back({person, "", person, ""});
            events.push_back(event_at(person, "2026-11-03", "2026-11-04"));
        }
        auto schedule = bo_and_chi();
        schedule.rotations.front().ics = "x";
        fill_in(schedule, {}, {{"x", events}}, NameIndex{many});
        const auto on = on_duty_at(schedule, "2026-11-03T12:00");
        CHECK(on.size() == 50);
        CHECK(on.front() == "p0@example.com");
    }
    SECTION("years of holidays in a row, handed to a rotation of hours")
    {
        auto schedule = bo_and_chi();
        schedule.holidays = "years";
        auto hourly = schedule.rotations.front();
        hourly.name = "hourly";
        hourly.priority = -1;
        hourly.unit = Unit::hour;
        schedule.rotations.front().on_holidays = OnHolidays::rotation;
        schedule.rotations.front().other_rotation = "hourly";
        schedule.rotations.push_back(hourly);
        const auto plain = schedule;
        HolidayCalendar years;
        years.dates[the_day("2026-11-10")] = "one day";
        for (int i = 0; i < 1'500; ++i)
            years.dates[the_day("2026-12-01") + std::chrono::days{i}] = "all of them";
        fill_in(schedule, {{"years", years}}, {}, whom_i_know);
        CHECK(schedule.rotations.front().versions.size() < 100);
        CHECK(on_duty_at(schedule, "2026-11-10T12:30") != on_duty_at(schedule, "2026-11-10T13:30"));
        CHECK(on_duty_at(schedule, "2026-12-24T12:00") == on_duty_at(plain, "2026-12-24T12:00"));
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
        return LocalTime{the_day("2026-10-01") + std::chrono::days{first_day + below(60)}} + std::chrono::hours{below(24)};
    };
    for (int round = 0; round < 12; ++round) {
        Schedule schedule = bo_and_chi();
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
        auto open = schedule; // somebody whenever the rotation is on, whoever's turn it is
        open.rotations.front().turns = {{"x"}};
        for (auto& version : open.rotations.front().versions)
            version.turns = {{"x"}};
        rotation.on_holidays = below(2) == 0 ? OnHolidays::off : OnHolidays::others;
        if (rotation.on_holidays == OnHolidays::others)
            rotation.others = {"dee@example.com"};
        schedule.holidays = "days";
        HolidayCalendar days;
        for (int count = below(12); count > 0; --count)
            days.dates[the_day("2026-10-01") + std::chrono::days{below(75)}] = "";
        fill_in(schedule, {{"days", days}}, {}, whom_i_know);

        const auto from = instant_at("2026-10-01", "UTC"), to = instant_at("2026-12-20", "UTC");
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
            const auto expected = !holiday ? usual : who_is_on_call(open, t).people.empty() ? Persons{} : rotation.others;
            INFO("round " << round << " at " << iso(t, "UTC") << (holiday ? " holiday" : ""));
            REQUIRE(who_is_on_call(schedule, t).people == expected);
        }
    }
}

TEST_CASE("A calendar that tells only of what is to come does not take away what was", "[oncall][calendars]")
{
    const auto old = event_at("Bo", "2026-01-01", "2026-01-02"), past = event_at("Bo", "2026-11-01", "2026-11-02"),
               running = event_at("Ana", "2026-11-03", "2026-11-05"), next = event_at("Chi", "2026-11-05", "2026-11-06");
    const auto since = instant_at("2026-02-01"), now = instant_at("2026-11-04");
    auto until_now = running;
    until_now.to = now;
    const auto kept = [&](const std::vector<CalendarEvent>& before, std::vector<CalendarEvent> after) {
        return with_past(before, std::move(after), since, now, {"Europe/Berlin", false}).events;
    };
    CHECK(kept({old, past, running}, {next}) == std::vector<CalendarEvent>{past, until_now, next});
    CHECK(kept({old, past, running}, {}) == std::vector<CalendarEvent>{past, until_now});
    // What reaches back says what was.
    CHECK(kept({past}, {old, next}) == std::vector<CalendarEvent>{old, next});
    CHECK(kept({past, running}, {running, next}) == std::vector<CalendarEvent>{past, running, next});
    CHECK(to_come({old, past, running, next}, now) == 2);
}

TEST_CASE("Whole days that are over stay whole, by the clock of their rotation", "[oncall][calendars]")
{
    const auto one_day = whole_days("Bo", "2026-11-04", "2026-11-05"), two = whole_days("Bo", "2026-11-04", "2026-11-06"),
               next = whole_days("Chi", "2026-11-06", "2026-11-07");
    const auto since = instant_at("2026-02-01");
    const CalendarPlace tokyo{"Asia/Tokyo", false}, tokyo_holidays{"Asia/Tokyo", true};
    const auto kept = [&](const CalendarEvent& event, const std::string& now, const CalendarPlace& place) {
        const auto all = with_past({event}, {next}, since, instant_at(now, place.time_zone), place);
        return all.events.size() == 2 ? iso(all.events.front().to, "UTC").substr(0, 16) : "gone";
    };
    // The calendar drops a day when it ends.
    CHECK(kept(one_day, "2026-11-05T00:01", tokyo) == "2026-11-05T00:00");
    CHECK(kept(one_day, "2026-11-05T00:01", {"America/New_York", false}) == "2026-11-05T00:00");
    // It was taken out at ten: until then it was a shift, and it is a holiday until its day ends.
    CHECK(kept(two, "2026-11-04T10:00", tokyo) == "2026-11-04T10:00");
    CHECK(kept(two, "2026-11-04T10:00", tokyo_holidays) == "2026-11-05T00:00");
    // It had not begun, though it had by UTC, or would have.
    CHECK(kept(one_day, "2026-11-03T22:00", tokyo_holidays) == "gone");
    CHECK(kept(one_day, "2026-11-03T22:00", {"America/New_York", true}) == "gone");
}

TEST_CASE("Of what is over, no more is kept than a calendar may hold", "[oncall][calendars]")
{
    const auto first = instant_at("2026-10-01"), now = instant_at("2026-11-04");
    std::vector<CalendarEvent> before;
    for (int i = 0; i < 5'001; ++i) {
        const auto at = first + i * std::chrono::minutes{1};
        before.push_back({std::to_string(i), "Bo", {}, false, false, at, at + std::chrono::minutes{1}});
    }
    auto kept = with_past(before, {}, first, now, {});
    CHECK(kept.forgot);
    REQUIRE(kept.events.size() == 5'000);
    CHECK(kept.events.front().uid == "1");
    kept = with_past(kept.events, {}, first, now, {});
    CHECK_FALSE(kept.forgot);
    CHECK(kept.events.size() == 5'000);
    for (auto& event : before)
        event.title = std::string(1'000, 'x');
    CHECK(with_past(before, {}, first, now, {}).events.size() < 1'100);
}

TEST_CASE("A calendar's days are those of the rotation that reads it", "[oncall][calendars]")
{
    Configuration all;
    auto& schedule = all.schedules["payments"] = bo_and_chi();
    schedule.holidays = "germany";
    all.holidays["germany"].url = "x";
    CHECK(calendar_place_of("x", all) == CalendarPlace{"Europe/Berlin", true});
    schedule.rotations.front().time_zone = "Asia/Tokyo";
    CHECK(calendar_place_of("x", all) == CalendarPlace{"Asia/Tokyo", true});
    schedule.rotations.push_back({});
    schedule.rotations.back().name = "cover";
    schedule.rotations.back().ics = "x";
    CHECK(calendar_place_of("x", all) == CalendarPlace{"Europe/Berlin", false});
    CHECK(calendar_place_of("y", all) == CalendarPlace{"UTC", false});
}
