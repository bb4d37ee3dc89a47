#include "catch.hpp"
#include "oncall/calendar.hpp"
#include "oncall/schedules_in_words.hpp"
#include "oncall/zone.hpp"

using namespace oncall;

namespace {

std::string changes_of(std::string_view zone, int year)
{
    const auto beginning = [&](int of) { return *instant_in(std::to_string(of) + "-01-01", "UTC"); };
    std::string text;
    for (const auto& change : clock_changes(zone, beginning(year), beginning(year + 1)))
        text += (text.empty() ? "" : " ") + iso(change.at, "UTC").substr(5, 11) + offset_words(change.after);
    return text;
}

} // namespace

TEST_CASE("The clocks of a zone go on changing after the last year that its file lists", "[oncall][time]")
{
    // By Python's zoneinfo and tzdata 2025b. The files list 2037; then their last line holds.
    const std::tuple<const char*, int, const char*> all[]{
        {"Europe/Berlin", 2037, "03-29T01:00+02:00 10-25T01:00+01:00"},
        {"Europe/Berlin", 2038, "03-28T01:00+02:00 10-31T01:00+01:00"},
        {"Europe/Berlin", 2040, "03-25T01:00+02:00 10-28T01:00+01:00"},
        {"Europe/Berlin", 2060, "03-28T01:00+02:00 10-31T01:00+01:00"},
        {"America/New_York", 2037, "03-08T07:00-04:00 11-01T06:00-05:00"},
        {"America/New_York", 2038, "03-14T07:00-04:00 11-07T06:00-05:00"},
        {"America/New_York", 2047, "03-10T07:00-04:00 11-03T06:00-05:00"},
        {"America/New_York", 2060, "03-14T07:00-04:00 11-07T06:00-05:00"},
        {"Australia/Lord_Howe", 2037, "04-04T15:00+10:30 10-03T15:30+11:00"},
        {"Australia/Lord_Howe", 2038, "04-03T15:00+10:30 10-02T15:30+11:00"},
        {"Australia/Lord_Howe", 2040, "03-31T15:00+10:30 10-06T15:30+11:00"},
        {"Australia/Lord_Howe", 2060, "04-03T15:00+10:30 10-02T15:30+11:00"},
        {"America/Santiago", 2038, "04-04T03:00-04:00 09-05T04:00-03:00"}, // at 24:00
        {"America/Santiago", 2047, "04-07T03:00-04:00 09-08T04:00-03:00"},
        {"America/Nuuk", 2038, "03-28T01:00-01:00 10-31T01:00-02:00"}, // an hour before a day's midnight
        {"America/Nuuk", 2040, "03-25T01:00-01:00 10-28T01:00-02:00"},
        {"Asia/Jerusalem", 2038, "03-26T00:00+03:00 10-30T23:00+02:00"}, // 26 hours after a Thursday's midnight
        {"Asia/Jerusalem", 2060, "03-26T00:00+03:00 10-30T23:00+02:00"},
        {"Pacific/Chatham", 2038, "04-03T14:00+12:45 09-25T14:00+13:45"},
        {"Pacific/Chatham", 2047, "04-06T14:00+12:45 09-28T14:00+13:45"},
        {"Europe/Dublin", 2038, "03-28T01:00+01:00 10-31T01:00+00:00"}, // winter is what differs there
        {"Europe/Dublin", 2060, "03-28T01:00+01:00 10-31T01:00+00:00"},
        {"America/Havana", 2040, "03-11T05:00-04:00 11-04T05:00-05:00"},
        {"Asia/Kolkata", 2038, ""},
        {"America/Sao_Paulo", 2060, ""},
    };
    for (const auto& [zone, year, changes] : all) {
        INFO(zone << " " << year);
        CHECK(changes_of(zone, year) == changes);
    }
    CHECK(iso(to_instant(*local_time_in("2050-03-27T02:30"), "Europe/Berlin"), "UTC") == "2050-03-27T01:00:00+00:00");
    CHECK(iso(to_instant(*local_time_in("2050-10-30T02:30"), "Europe/Berlin"), "UTC") == "2050-10-30T00:30:00+00:00");
    CHECK(iso(*instant_in("2198-07-01T10:00Z", "UTC"), "Europe/Berlin") == "2198-07-01T12:00:00+02:00");
}

TEST_CASE("A handoff stays at its local time in 2050 too", "[oncall][time][schedule]")
{
    using namespace in_words;
    check({{"summer and winter of 2050", {"Europe/Berlin", {daily("2026-11-02T09:00", "ana bo")}},
        {{"2050-07-01T06:59Z", "bo"}, {"2050-07-01T07:00Z", "ana"}, {"2050-12-01T07:59Z", "ana"}, {"2050-12-01T08:00Z", "bo"}}}});
}

TEST_CASE("The last line of a zone's file is read as it is defined", "[oncall][time]")
{
    const auto read = [](std::string_view line, int year) {
        const auto rule = ZoneRule::in(line);
        std::string text;
        if (rule)
            for (const auto& change : rule->changes(year))
                text += (text.empty() ? "" : " ") + iso(change.at, "UTC").substr(0, 19) + offset_words(change.offset);
        return text;
    };
    CHECK(read("CET-1CEST,M3.5.0,M10.5.0/3", 2026) == "2026-03-29T01:00:00+02:00 2026-10-25T01:00:00+01:00");
    CHECK(read("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", 2026) == "2026-03-29T01:00:00-01:00 2026-10-25T01:00:00-02:00");
    CHECK(read("<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", 2026) == "2026-10-03T15:30:00+11:00 2026-04-04T15:00:00+10:30");
    // The 60th day is the 1st of March in every year, or the 29th of February in a leap year.
    CHECK(read("AAA0BBB,J60/0,J365/0", 2026) == "2026-03-01T00:00:00+01:00 2026-12-30T23:00:00+00:00");
    CHECK(read("AAA0BBB,J60/0,J365/0", 2028) == "2028-03-01T00:00:00+01:00 2028-12-30T23:00:00+00:00");
    CHECK(read("AAA0BBB,59/0,364/0", 2026) == "2026-03-01T00:00:00+01:00 2026-12-30T23:00:00+00:00");
    CHECK(read("AAA0BBB,59/0,364/0", 2028) == "2028-02-29T00:00:00+01:00 2028-12-29T23:00:00+00:00");
    CHECK(read("AAA0BBB-1:30:15,J1/-0:00:30,J2/100", 2026) == "2025-12-31T23:59:30+01:30 2026-01-06T02:29:45+00:00");
    for (const auto* line : {"", "UTC0", "<+01>-1", "CET", "CET-1CEST", "CET-1CEST,", "CET-1CEST,M3.5.0",
             "CET-1CEST,M13.5.0,M10.5.0", "CET-1CEST,M3.6.0,M10.5.0", "CET-1CEST,M3.5.7,M10.5.0", "CET-1CEST,J0,J365",
             "CET-1CEST,0,366", "CET-1CEST,M3.5.0,M10.5.0/168", "CET-1CEST,M3.5.0,M10.5.0 ", "<CET-1", "-1CEST,M3.5.0,M10.5.0",
             "CET-1,M3.5.0,M10.5.0", "CET-99999999999999999999CEST,M3.5.0,M10.5.0"}) {
        INFO(line);
        CHECK_FALSE(ZoneRule::in(line));
    }
}

TEST_CASE("A name that means another zone on each machine is none", "[oncall][time]")
{
    for (const auto* name : {"localtime", "posixrules", "Factory", "posix/Europe/Berlin", "right/Europe/Berlin", "Europe", "",
             "/etc/localtime", "../localtime"}) {
        INFO(name);
        CHECK_FALSE(is_time_zone(name));
    }
    for (const auto* name : {"UTC", "Europe/Berlin", "EST5EDT", "Etc/GMT+5", "America/Argentina/Buenos_Aires"}) {
        INFO(name);
        CHECK(is_time_zone(name));
    }
}
