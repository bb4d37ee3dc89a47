#include "catch.hpp"
#include "oncall/calendar.hpp"

using namespace oncall;

TEST_CASE("An ISO 8601 time is read with its offset, or in the zone that is meant", "[oncall][time]")
{
    const auto read = [](std::string_view text) {
        const auto at = instant_in(text, "Europe/Berlin");
        return at ? iso(*at, "UTC") : "none";
    };
    const std::pair<const char*, const char*> sound[]{
        {"2026-11-02", "2026-11-01T23:00:00+00:00"},
        {"20261102", "2026-11-01T23:00:00+00:00"},
        {"2026-11-02T09:00", "2026-11-02T08:00:00+00:00"},
        {"2026-11-02 09:00", "2026-11-02T08:00:00+00:00"},
        {"2026-11-02t09", "2026-11-02T08:00:00+00:00"},
        {"2026-07-02T09:00:30", "2026-07-02T07:00:30+00:00"},
        {"20260702T090030", "2026-07-02T07:00:30+00:00"},
        {"2026-11-02T09:00Z", "2026-11-02T09:00:00+00:00"},
        {"2026-11-02T09:00:00.000z", "2026-11-02T09:00:00+00:00"},
        {"2026-11-02T09:00:00,5+01:00", "2026-11-02T08:00:00+00:00"},
        {"20261102T0900-0330", "2026-11-02T12:30:00+00:00"},
        {"2026-11-02T09:00+05:45", "2026-11-02T03:15:00+00:00"},
        {"2026-11-02T09:00-08", "2026-11-02T17:00:00+00:00"},
        {"2026-11-02T24:00", "2026-11-02T23:00:00+00:00"},
        {"2028-02-29", "2028-02-28T23:00:00+00:00"},
        {"2026-03-29T02:30", "2026-03-29T01:00:00+00:00"}, // skipped: the first instant after the gap
        {"2026-10-25T02:30", "2026-10-25T00:30:00+00:00"}, // twice: the first
        {"2026-10-25T02:30+01:00", "2026-10-25T01:30:00+00:00"},
    };
    for (const auto& [text, utc] : sound) {
        INFO(text);
        CHECK(read(text) == utc);
    }
    CHECK(instant_in("1970-01-01T00:00:00.0625Z", "UTC") == TimePoint{62ms});
    for (const auto* text : {"", "tomorrow", "2026", "2026-11", "2026-11-2", "2026-13-01", "2026-02-29", "2026-1102", "202611-02",
             "2026-11-02T", "2026-11-02T9:00", "2026-11-02T09:60", "2026-11-02T25:00", "2026-11-02T24:01", "2026-11-02T09:00:60",
             "2026-11-02T0900", "20261102T09:00", "2026-11-02T09:00:00.", "2026-11-02T09:00+", "2026-11-02T09:00+24:00",
             "2026-11-02T09:00+01:60", "2026-11-02T09:00+1", "2026-11-02T09:00 CET", "2026-11-02T09:00ZZ", "2026-11-02+01:00",
             " 2026-11-02", "2026-11-02 ", "\x00"}) {
        INFO(text);
        CHECK(read(text) == "none");
    }
}

TEST_CASE("What the clocks of a zone do is known to the millisecond", "[oncall][time]")
{
    const auto told = [](std::string_view zone, std::string_view from, std::string_view to) {
        std::vector<std::string> words;
        for (const auto& change : clock_changes(zone, *instant_in(from, "UTC"), *instant_in(to, "UTC")))
            words.push_back(iso(change.at, "UTC") + " " + offset_words(change.before) + " " + offset_words(change.after));
        return words;
    };
    using Words = std::vector<std::string>;
    CHECK(told("Europe/Berlin", "2026-01-01", "2027-01-01")
        == Words{"2026-03-29T01:00:00+00:00 +01:00 +02:00", "2026-10-25T01:00:00+00:00 +02:00 +01:00"});
    CHECK(told("Australia/Lord_Howe", "2026-04-01", "2026-05-01") == Words{"2026-04-04T15:00:00+00:00 +11:00 +10:30"});
    CHECK(told("Pacific/Apia", "2011-12-01", "2012-01-15") == Words{"2011-12-30T10:00:00+00:00 -10:00 +14:00"});
    CHECK(told("Africa/Casablanca", "2026-01-01", "2027-01-01").size() == 2);
    CHECK(told("Asia/Kolkata", "2015-01-01", "2035-01-01").empty());
    // In (from, to): neither at the beginning nor at the end.
    CHECK(told("Europe/Berlin", "2026-03-29T01:00", "2026-04-01").empty());
    CHECK(told("Europe/Berlin", "2026-03-01", "2026-03-29T01:00").empty());
    CHECK(told("Europe/Berlin", "2026-03-29T00:59:59", "2026-03-29T01:00:01").size() == 1);
}

TEST_CASE("Dates are written as people write them", "[oncall][time]")
{
    const auto at = *local_time_in("2026-11-02T09:05");
    CHECK(day_words(at) == "Mon 2 Nov 2026");
    CHECK(sortable_words(at) == "Mon 2026-11-02 09:05");
    CHECK(clock_words(*local_time_in("2026-11-02T09:05:07")) == "09:05:07");
    CHECK(day_of(at) == *local_time_in("2026-11-02T00:00"));
    CHECK(month_of(at) == *local_time_in("2026-11-01T00:00"));
    CHECK(is_weekend(*local_time_in("2026-11-08T23:59")));
    CHECK_FALSE(is_weekend(at));
    CHECK(weekday_word(LocalTime{}) == "Thu"); // 1970
    CHECK(weekday_word(*local_time_in("1969-12-31T23:59")) == "Wed");
    CHECK(offset_words(-210min) == "-03:30");
}
