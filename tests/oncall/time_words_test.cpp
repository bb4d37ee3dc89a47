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
             {"tuesday 9:00 3h", "2026-11-10T09:00", "2026-11-10T12:00"},
             // As people say them.
             {"fri 6-10pm", "2026-11-06T18:00", "2026-11-06T22:00"}, {"fri 9am-5pm", "2026-11-06T09:00", "2026-11-06T17:00"},
             {"friday 6 to 10 p.m.", "2026-11-06T18:00", "2026-11-06T22:00"},
             {"friday between 18:00 and 22:00", "2026-11-06T18:00", "2026-11-06T22:00"},
             {"tomorrow noon until midnight", "2026-11-04T12:00", "2026-11-05T00:00"},
             {"tomorrow evening", "2026-11-04T18:00", "2026-11-04T22:00"}, {"tonight", "2026-11-03T20:00", "2026-11-04T08:00"},
             {"tonight 10-1", "2026-11-03T22:00", "2026-11-04T01:00"}, {"this weekend", "2026-11-07T00:00", "2026-11-09T00:00"},
             {"next week", "2026-11-09T00:00", "2026-11-16T00:00"}, {"next monday", "2026-11-09T00:00", "2026-11-10T00:00"},
             {"5.12. 18:00-20:00", "2026-12-05T18:00", "2026-12-05T20:00"}, {"3 march", "2027-03-03T00:00", "2027-03-04T00:00"},
             {"dec 24th to jan 2nd", "2026-12-24T00:00", "2027-01-03T00:00"}, {"mon-wed", "2026-11-09T00:00", "2026-11-12T00:00"},
             {"for an hour and a half", "2026-11-03T13:00", "2026-11-03T14:30"},
             {"30 minutes", "2026-11-03T13:00", "2026-11-03T13:30"},
             {"in 2 hours for 30m", "2026-11-03T15:00", "2026-11-03T15:30"},
             {"until 18:00", "2026-11-03T13:00", "2026-11-03T18:00"}, {"until monday 9", "2026-11-03T13:00", "2026-11-09T09:00"},
             {"through friday", "2026-11-03T13:00", "2026-11-07T00:00"}}) {
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

TEST_CASE("What may be several times is none, and says which", "[oncall][cover]")
{
    struct Row {
        std::string text{};
        std::vector<std::string> from{};
    };
    for (const auto& row : std::vector<Row>{{"next friday", {"2026-11-06T00:00", "2026-11-13T00:00"}},
             {"next weekend", {"2026-11-07T00:00", "2026-11-14T00:00"}}, {"5/12", {"2026-12-05T00:00", "2027-05-12T00:00"}}}) {
        INFO(row.text);
        const auto found = understood(row.text);
        CHECK_FALSE(found.span);
        CHECK(found.trouble.find("several times") != std::string::npos);
        REQUIRE(found.readings.size() == row.from.size());
        for (std::size_t at = 0; at < row.from.size(); ++at)
            CHECK(found.readings[at].from == berlin_moment(row.from[at]));
    }
    const auto until = understood("until friday");
    REQUIRE(until.readings.size() == 2);
    CHECK(until.readings[0].to == berlin_moment("2026-11-06T00:00"));
    CHECK(until.readings[1].to == berlin_moment("2026-11-07T00:00"));
}

TEST_CASE("A question may be about what has been, and the end of something is a moment", "[oncall][cover]")
{
    const auto asked = [](std::vector<std::string> words, bool past) {
        return time_asked_about(words, "Europe/Berlin", asked_at, past);
    };
    CHECK(asked({"last", "night"}, true).span == Span{berlin_moment("2026-11-02T20:00"), berlin_moment("2026-11-03T08:00")});
    CHECK(asked({"friday"}, true).span == Span{berlin_moment("2026-10-30T00:00"), berlin_moment("2026-10-31T00:00")});
    CHECK(asked({"friday"}, false).span == Span{berlin_moment("2026-11-06T00:00"), berlin_moment("2026-11-07T00:00")});
    CHECK(asked({"yesterday", "at", "3am"}, true).moment == berlin_moment("2026-11-02T03:00"));
    CHECK(asked({"an", "hour", "ago"}, true).moment == berlin_moment("2026-11-03T12:00"));
    CHECK(asked({"at", "9"}, false).moment == berlin_moment("2026-11-04T09:00"));
    CHECK(asked({"at", "9"}, true).moment == berlin_moment("2026-11-03T09:00"));
    CHECK(moment_said({"monday", "9"}, "Europe/Berlin", asked_at).moment == berlin_moment("2026-11-09T09:00"));
    CHECK(moment_said({"9"}, "Europe/Berlin", asked_at).moment == berlin_moment("2026-11-04T09:00"));
    CHECK(moment_said({"monday"}, "Europe/Berlin", asked_at).moments
        == std::vector<TimePoint>{berlin_moment("2026-11-09T09:00"), berlin_moment("2026-11-09T00:00")});
    CHECK(moment_said({"yesterday", "9"}, "Europe/Berlin", asked_at).trouble.find("over already") != std::string::npos);
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

TEST_CASE("Times are written as the people of a language and region write them", "[oncall][cover]")
{
    struct Row {
        std::string locale{}, evening{}, over_night{};
        bool sunday_first{};
    };
    const std::vector<Row> rows{
        {"en-US", "Fri 6 Nov, 6:00 PM – 10:30 PM", "Fri 6 Nov, 12:00 PM – Sat 7 Nov, 12:00 AM", true},
        {"en-GB", "Fri 6 Nov 18:00 – 22:30", "Fri 6 Nov 12:00 – Sat 7 Nov 00:00", false},
        {"de-DE", "Fri 6 Nov 18:00 – 22:30", "Fri 6 Nov 12:00 – Sat 7 Nov 00:00", false},
        {"ja-JP", "Fri 6 Nov 18:00 – 22:30", "Fri 6 Nov 12:00 – Sat 7 Nov 00:00", true},
        {"pt-BR", "Fri 6 Nov 18:00 – 22:30", "Fri 6 Nov 12:00 – Sat 7 Nov 00:00", true},
        {"tlh-Q", "Fri 6 Nov 18:00 – 22:30", "Fri 6 Nov 12:00 – Sat 7 Nov 00:00", false},
        {"", "Fri 6 Nov 18:00 – 22:30", "Fri 6 Nov 12:00 – Sat 7 Nov 00:00", false},
    };
    const Span evening{berlin_moment("2026-11-06T18:00"), berlin_moment("2026-11-06T22:30")};
    const Span over_night{berlin_moment("2026-11-06T12:00"), berlin_moment("2026-11-07T00:00")};
    for (const auto& row : rows) {
        INFO(row.locale);
        const auto style = time_style(row.locale);
        CHECK(in_zone(evening, "Europe/Berlin", style) == row.evening);
        CHECK(in_zone(over_night, "Europe/Berlin", style) == row.over_night);
        CHECK(style.sunday_first == row.sunday_first);
    }
}
