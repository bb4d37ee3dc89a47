#include "catch.hpp"
#include "oncall/time_words.hpp"

#include <sstream>

using namespace oncall;

namespace {

TimePoint berlin_moment(std::string_view text) { return to_instant(*local_time_in(text), "Europe/Berlin"); }

// A Tuesday.
const TimePoint asked_at = berlin_moment("2026-11-03T13:00");

SaidTime understood(const std::string& text, TimePoint at = asked_at)
{
    std::istringstream stream{text};
    std::vector<std::string> words;
    for (std::string word; stream >> word;)
        words.push_back(word);
    return time_said(words, "Europe/Berlin", at);
}

} // namespace

TEST_CASE("A time in words is a time on the reader's wall clock", "[oncall][cover]")
{
    struct Row {
        std::string text{}, from{}, to{};
    };
    for (const auto& row : std::vector<Row>{{"friday 18:00-22:00", "2026-11-06T18:00", "2026-11-06T22:00"},
             {"Fri 18-22", "2026-11-06T18:00", "2026-11-06T22:00"},
             {"on fri from 6pm to 10pm", "2026-11-06T18:00", "2026-11-06T22:00"},
             {"friday", "2026-11-06T00:00", "2026-11-07T00:00"}, {"tomorrow 22:00-06:00", "2026-11-04T22:00", "2026-11-05T06:00"},
             {"today 18:00 – 20:30", "2026-11-03T18:00", "2026-11-03T20:30"},
             {"18:00-20:00", "2026-11-03T18:00", "2026-11-03T20:00"}, // still to come today
             {"9:00-12:00", "2026-11-04T09:00", "2026-11-04T12:00"}, // over today
             {"12:00-14:00", "2026-11-03T12:00", "2026-11-03T14:00"}, // runs
             {"tuesday 9:00-12:00", "2026-11-10T09:00", "2026-11-10T12:00"}, {"tue", "2026-11-03T00:00", "2026-11-04T00:00"},
             {"fri 18:00 to sun 9:00", "2026-11-06T18:00", "2026-11-08T09:00"},
             {"sun 18:00 until mon 9:00", "2026-11-08T18:00", "2026-11-09T09:00"},
             {"2026-12-24 09:00-24:00", "2026-12-24T09:00", "2026-12-25T00:00"},
             {"friday 18:00 4h", "2026-11-06T18:00", "2026-11-06T22:00"}, {"2h", "2026-11-03T13:00", "2026-11-03T15:00"},
             {"tuesday 12:00 8h", "2026-11-03T12:00", "2026-11-03T20:00"}, // runs
             {"tuesday 9:00 3h", "2026-11-10T09:00", "2026-11-10T12:00"}}) {
        INFO(row.text);
        const auto found = understood(row.text);
        CHECK(found.trouble.empty());
        CHECK(found.rest.empty());
        REQUIRE(found.span);
        CHECK(*found.span == Span{berlin_moment(row.from), berlin_moment(row.to)});
    }
}

TEST_CASE("Words that are no time are left, and a time that cannot be says why", "[oncall][cover]")
{
    const auto found = understood("me payments friday 18:00-22:00");
    REQUIRE(found.span);
    CHECK(found.rest == std::vector<std::string>{"me", "payments"});
    CHECK(understood("my next shift").next_shift);
    CHECK_FALSE(understood("payments").span);
    CHECK(understood("payments").trouble.empty());
    CHECK(understood("friday 18:00").trouble.find("until when") != std::string::npos);
    CHECK(understood("2026-11-02").trouble.find("over already") != std::string::npos);
    CHECK(understood("fri 18:00-20:00 21:00").trouble.find("more than one time") != std::string::npos);
    CHECK(understood("my next shift friday").trouble.find("either") != std::string::npos);
    CHECK(understood("friday 18:00-27:00").rest == std::vector<std::string>{"18:00-27:00"}); // no time of a day
}

TEST_CASE("Times over a change of the clocks are as long as they are", "[oncall][cover]")
{
    // 2027-03-28: 02:00 to 03:00 does not exist.
    const auto short_night = understood("2027-03-28 00:00-06:00");
    REQUIRE(short_night.span);
    CHECK(short_night.span->to - short_night.span->from == 5h);
    CHECK(understood("2027-03-28 02:30-06:00").span->from == berlin_moment("2027-03-28T03:00"));
    // 2027-10-31: 02:00 to 03:00 comes twice.
    const auto long_night = understood("2027-10-31 00:00-06:00", berlin_moment("2027-10-01T12:00"));
    REQUIRE(long_night.span);
    CHECK(long_night.span->to - long_night.span->from == 7h);
    CHECK(in_zone(*long_night.span, "Europe/Berlin") == "Sun 31 Oct 00:00 – 06:00");
    CHECK(in_zone(*short_night.span, "America/New_York") == "Sat 27 Mar 19:00 – Sun 28 Mar 00:00");
    CHECK(in_zone(*short_night.span, "no/zone") == "Sat 27 Mar 23:00 – Sun 28 Mar 04:00");
}
