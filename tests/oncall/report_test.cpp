#include "catch.hpp"
#include "oncall/calendar.hpp"
#include "oncall/report.hpp"

#include <random>

using namespace oncall;

namespace {

const std::string zone_of_berlin{"Europe/Berlin"};

TimePoint wall_time(const std::string& local, const std::string& zone = zone_of_berlin)
{
    return to_instant(*local_time_in(local), zone);
}

std::chrono::local_days date_at(int year, unsigned month, unsigned of_month)
{
    return std::chrono::local_days{std::chrono::year{year} / std::chrono::month{month} / std::chrono::day{of_month}};
}

Schedule weekly_rota(std::vector<Turn> turns)
{
    Schedule schedule;
    schedule.name = "payments";
    schedule.time_zone = zone_of_berlin;
    Rotation rotation;
    rotation.name = "weekly";
    rotation.start = *local_time_in("2026-10-19T00:00");
    rotation.turns = std::move(turns);
    schedule.rotations.push_back(std::move(rotation));
    return schedule;
}

ReportedPerson in_berlin(const std::string& person) { return {person, person, zone_of_berlin}; }

/// The same by the minute, on what a clock on the wall shows.
OnCallHours by_minutes(TimePoint from, TimePoint to, const std::string& zone, const Holidays& holidays)
{
    OnCallHours hours;
    for (auto minute = from; minute < to; minute += 1min) {
        const auto local = to_local(minute, zone);
        const auto today = std::chrono::floor<std::chrono::days>(local);
        const auto hour = std::chrono::floor<std::chrono::hours>(local - today).count();
        const std::chrono::weekday weekday{today};
        const bool weekend = weekday == std::chrono::Saturday || weekday == std::chrono::Sunday;
        (hour < 8 || hour >= 22                                       ? hours.sleep
                : hour < 18 && !weekend && holidays.count(today) == 0 ? hours.business
                                                                      : hours.off) += 1min;
        hours.weekend += weekend ? 1min : 0min;
        hours.holiday += holidays.count(today) > 0 ? 1min : 0min;
    }
    return hours;
}

} // namespace

TEST_CASE("Hours on call are business, off and sleep hours of the person's own day", "[oncall][report]")
{
    struct Case {
        std::string from{}, to{};
        OnCallHours hours{};
    };
    // Counted by hand.
    const std::vector<Case> cases{
        {"2026-11-03T00:00", "2026-11-04T00:00", {10h, 4h, 10h, 0h, 0h}}, // a Tuesday
        {"2026-11-07T00:00", "2026-11-08T00:00", {0h, 14h, 10h, 24h, 0h}}, // a Saturday
        {"2026-11-06T17:00", "2026-11-07T09:30", {1h, 5h + 30min, 10h, 9h + 30min, 0h}}, // Friday evening to Saturday morning
        {"2026-11-02T09:00", "2026-11-09T09:00", {50h, 48h, 70h, 48h, 0h}}, // a week
        {"2026-10-19T00:00", "2026-10-26T00:00",
            {50h, 48h, 71h, 49h, 0h}}, // a week in which the night of Sunday has an hour more
        {"2026-03-23T00:00", "2026-03-30T00:00", {50h, 48h, 69h, 47h, 0h}}, // … and an hour less
        {"2026-11-03T12:00", "2026-11-03T12:00", {}},
    };
    for (const auto& one : cases) {
        INFO(one.from << " to " << one.to);
        CHECK(hours_of(wall_time(one.from), wall_time(one.to), zone_of_berlin) == one.hours);
    }
    // What is night in Berlin is day in Auckland, and the other way round.
    CHECK(hours_of(wall_time("2026-11-03T22:00"), wall_time("2026-11-04T06:00"), "Pacific/Auckland").business == 8h);
    // A holiday is a weekend, whatever its day.
    CHECK(hours_of(wall_time("2026-12-25T00:00"), wall_time("2026-12-27T00:00"), zone_of_berlin,
              {date_at(2026, 12, 25), date_at(2026, 12, 26)})
        == OnCallHours{0h, 28h, 20h, 24h, 48h});
}

TEST_CASE("Hours on call are what counting minutes finds, and their parts are the whole", "[oncall][report]")
{
    std::mt19937_64 random{20'261'128};
    const auto below = [&](std::int64_t most) { return static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(most)); };
    const std::vector<std::string> zones{"Europe/Berlin", "America/New_York", "America/Sao_Paulo", "Atlantic/Azores",
        "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia", "America/Havana", "UTC"};
    const auto year = wall_time("2011-01-01T00:00", "UTC");
    for (int i = 0; i < 36; ++i) {
        const auto& zone = zones[static_cast<std::size_t>(i) % zones.size()];
        const auto from = year + std::chrono::minutes{below(8 * 366 * 24 * 60)};
        const auto to = from + std::chrono::minutes{below(9 * 24 * 60)};
        Holidays holidays;
        if (i % 3 == 0)
            holidays.insert(std::chrono::floor<std::chrono::days>(to_local(from + 24h, zone)));
        INFO(zone << " " << iso(from, zone) << " to " << iso(to, zone));
        const auto hours = hours_of(from, to, zone, holidays);
        CHECK(hours == by_minutes(from, to, zone, holidays));
        CHECK(hours.total() == to - from);
    }
}

TEST_CASE("A report has everybody once, by name, with what overrides made of the time", "[oncall][report]")
{
    auto schedule = weekly_rota({{"bo"}, {"Ana"}});
    Override one;
    one.from = wall_time("2026-10-21T08:00");
    one.to = wall_time("2026-10-21T18:00");
    one.people = {"Ana"};
    schedule.overrides.push_back(one);
    auto night = weekly_rota({{"bo"}});
    night.name = "night";
    night.overrides.push_back(
        {wall_time("2026-10-23T00:00"), wall_time("2026-10-24T00:00"), Override::Kind::remove, {"bo"}, {}, {}, 0});
    const Period week{wall_time("2026-10-19T00:00"), wall_time("2026-10-26T00:00")};

    SECTION("of one schedule")
    {
        const auto report = report_of({&schedule}, week, in_berlin);
        REQUIRE(report.rows.size() == 2);
        CHECK(report.rows[0] == ReportRow{"Ana", "Ana", zone_of_berlin, {10h, 0h, 0h, 0h, 0h}, 1});
        CHECK(report.rows[1] == ReportRow{"bo", "bo", zone_of_berlin, {40h, 48h, 71h, 49h, 0h}, 2});
        CHECK(report.total == OnCallHours{50h, 48h, 71h, 49h, 0h});
        CHECK(report.nobody.empty());
    }
    SECTION("with holidays, each by what one is on call by then")
    {
        const auto holidays = [](const Schedule&, const std::string& rotation) {
            using namespace std::chrono;
            return Holidays{local_days{2026y / October / (rotation.empty() ? 21 : 22)}};
        };
        const auto report = report_of({&schedule}, week, in_berlin, {}, holidays);
        REQUIRE(report.rows.size() == 2);
        CHECK(report.rows[0].hours == OnCallHours{0h, 10h, 0h, 0h, 10h});
        CHECK(report.rows[1].hours == OnCallHours{30h, 58h, 71h, 49h, 24h});
    }
    SECTION("with holidays all year, of which those around a shift count, wherever one lives")
    {
        const auto holidays = [](const Schedule&, const std::string&) {
            Holidays all;
            for (auto date = date_at(2026, 1, 1); date < date_at(2027, 1, 1); date += std::chrono::days{1})
                all.insert(date);
            return all;
        };
        const std::string zone = GENERATE("Europe/Berlin", "Pacific/Kiritimati", "America/Los_Angeles");
        const auto there = [&](const std::string& person) { return ReportedPerson{person, person, zone}; };
        const auto report = report_of({&schedule}, week, there, {}, holidays);
        CHECK(report.total.holiday == 169h);
        CHECK(report.total.business == 0h);
    }
    SECTION("of two, in which one is on call by both at once")
    {
        const auto report = report_of({&schedule, &night}, week, in_berlin);
        REQUIRE(report.rows.size() == 2);
        CHECK(report.rows[1].hours.total() == 169h);
        CHECK(report.rows[1].stretches == 1);
        CHECK(report.nobody == std::map<std::string, milliseconds>{{"night", 24h}});
    }
    SECTION("of one person, by whichever name")
    {
        const auto same = [](const std::string& person) {
            return ReportedPerson{"U1", "Robin", person == "bo" ? "Asia/Tokyo" : ""};
        };
        CHECK(report_of({&schedule}, week, same, "U2").rows.empty());
        const auto report = report_of({&schedule}, week, same, "U1");
        REQUIRE(report.rows.size() == 1);
        CHECK(report.rows[0].hours.total() == 169h);
        CHECK(report.rows[0].time_zone == "Asia/Tokyo");
        // The time that others did not cover is not hers.
        CHECK(report_of({&night}, week, same, "U1").nobody.empty());
    }
}

TEST_CASE("A report as CSV is read as text by a spreadsheet", "[oncall][report]")
{
    const auto schedule = weekly_rota({{"=cmd|'/C calc'!A0"}, {"Bo, \"the\" one"}, {"@chi"}, {"-1"}});
    const Period weeks{wall_time("2026-11-02T00:00"), wall_time("2026-11-30T00:00")};
    const auto text = csv_of(report_of({&schedule}, weeks, in_berlin), zone_of_berlin);
    INFO(text);
    const auto has = [&](const std::string& part) { return text.find(part) != text.npos; };
    CHECK(text.starts_with("\xEF\xBB\xBFperson,id,time_zone,from,to,times_on_call,hours,business_hours,off_hours,sleep_hours,"));
    CHECK(has("\r\n'=cmd|'/C calc'!A0,'=cmd|'/C "
              "calc'!A0,Europe/Berlin,2026-11-02T00:00:00+01:00,2026-11-30T00:00:00+01:00,1,168.00,50.00,48.00,70.00,"
              "48.00,0.00\r\n"));
    CHECK(has("\"Bo, \"\"the\"\" one\""));
    CHECK(has("\r\n'@chi,"));
    CHECK(has("\r\n'-1,"));
    CHECK(
        text.ends_with("all,,,2026-11-02T00:00:00+01:00,2026-11-30T00:00:00+01:00,,672.00,200.00,192.00,280.00,192.00,0.00\r\n"));
}
