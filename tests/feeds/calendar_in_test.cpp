#include "catch.hpp"
#include "doors/random.hpp"
#include "feeds/calendar_in.hpp"
#include "feeds/samples.hpp"
#include "oncall/calendar.hpp"
#include "oncall/calendars.hpp"

#include <chrono>

using namespace std::chrono_literals;
using samples::calendar_of;
using samples::event_of;

namespace {

oncall::TimePoint at(const std::string& text) { return oncall::instant_in(text, "UTC").value(); }

const auto from = at("2026-10-01"), to = at("2027-10-01");

/// "2026-11-02T08:00Z–2026-11-02T16:00Z One", a line each; local times without the Z.
std::vector<std::string> lines(const feeds::ReadCalendar& calendar)
{
    std::vector<std::string> all;
    for (const auto& event : calendar.events) {
        const auto z = event.local ? "" : "Z";
        all.push_back(oncall::iso(event.from, "UTC").substr(0, 16) + z + "–" + oncall::iso(event.to, "UTC").substr(0, 16) + z
            + " " + event.title);
    }
    return all;
}
std::vector<std::string> lines(const std::string& text) { return lines(feeds::calendar_in(text, from, to)); }

using Lines = std::vector<std::string>;

bool says(const feeds::ReadCalendar& calendar, const std::string& part)
{
    return std::any_of(
        calendar.notes.begin(), calendar.notes.end(), [&](const std::string& note) { return note.find(part) != note.npos; });
}

} // namespace

TEST_CASE("A calendar of Google's is read with its exceptions, moved occurrences and cancellations", "[feeds]")
{
    const auto calendar = feeds::calendar_in(samples::google, from, to);
    CHECK(calendar.problem.empty());
    CHECK(calendar.name == "Vacation cover");
    CHECK(calendar.notes.empty());
    // At nine in Berlin, whatever the clocks do; not on the 9th, and on the 17th instead of the 16th; until the 30th, 23:59.
    CHECK(lines(calendar)
        == Lines{"2026-10-19T07:00Z–2026-10-19T15:00Z Ana, weekly cover", "2026-10-26T08:00Z–2026-10-26T16:00Z Ana, weekly cover",
            "2026-11-02T08:00Z–2026-11-02T16:00Z Ana, weekly cover", "2026-11-17T09:00Z–2026-11-17T11:00Z Moved to Tuesday",
            "2026-11-23T08:00Z–2026-11-23T16:00Z Ana, weekly cover", "2026-11-30T08:00Z–2026-11-30T16:00Z Ana, weekly cover",
            "2026-12-24T00:00–2026-12-27T00:00 Out of office"});
    // Who has declined does not take part, and the organizer counts where nobody does.
    CHECK(calendar.events.front().people == std::vector<std::string>{"ana@example.com"});
    CHECK(calendar.events.back().all_day);
    CHECK(calendar.events.back().from_in("Europe/Berlin") == at("2026-12-23T23:00Z"));
}

TEST_CASE("Google's public holidays are whole days, though they are marked as free", "[feeds]")
{
    const auto calendar = feeds::calendar_in(samples::google_holidays, from, to);
    CHECK(lines(calendar)
        == Lines{"2026-12-25T00:00–2026-12-26T00:00 Christmas Day", "2026-12-26T00:00–2026-12-27T00:00 Boxing Day"});
    oncall::HolidayCalendar germany;
    germany.url = "https://calendar.google.com/x.ics";
    const auto dates = oncall::dates_of(germany, {{germany.url, calendar.events}});
    using namespace std::chrono;
    CHECK(dates == std::set<oncall::LocalDay>{local_days{2026y / December / 25}, local_days{2026y / December / 26}});
}

TEST_CASE("Who takes part, who does not, and what may come to nothing is read as Google and Outlook write it", "[feeds]")
{
    const auto read = [](const std::string& properties) {
        return feeds::calendar_in(calendar_of(event_of("DTSTART:20261102T090000Z\r\nDURATION:PT8H\r\n" + properties)), from, to)
            .events.at(0);
    };
    using People = std::vector<std::string>;
    const std::string ana = "ATTENDEE;CUTYPE=INDIVIDUAL;PARTSTAT=", to_ana = ";CN=Ana:mailto:ana@example.com\r\n";
    CHECK(read(ana + "ACCEPTED" + to_ana).people == People{"ana@example.com"});
    CHECK(read(ana + "NEEDS-ACTION" + to_ana).people == People{"ana@example.com"});
    for (const std::string answer : {"DECLINED", "TENTATIVE"}) {
        // Nor does whoever made the event stand in for her.
        const auto event = read("ORGANIZER:mailto:bo@example.com\r\n" + ana + answer + to_ana);
        CHECK(event.people.empty());
        CHECK(event.declined == People{"ana@example.com"});
    }
    // Who writes others' shifts is not in them.
    CHECK(read("ORGANIZER:mailto:bo@example.com\r\n").people.empty());
    // Rooms and calendars of Google's are nobody.
    CHECK(read("ATTENDEE;CN=Cover:mailto:c_1@group.calendar.google.com\r\n").people.empty());
    CHECK(read("STATUS:TENTATIVE\r\n").tentative);
    CHECK(read("X-MICROSOFT-CDO-BUSYSTATUS:TENTATIVE\r\nSTATUS:CONFIRMED\r\n").tentative);
    CHECK_FALSE(read("X-MICROSOFT-CDO-BUSYSTATUS:OOF\r\nSTATUS:CONFIRMED\r\n").tentative);
}

TEST_CASE("A calendar that breaks off in the middle is none", "[feeds]")
{
    for (const auto part : {2u, 3u, 4u}) {
        const auto calendar = feeds::calendar_in(samples::google.substr(0, samples::google.size() * part / 5), from, to);
        CHECK(calendar.problem.find("breaks off") != std::string::npos);
        CHECK(calendar.events.empty());
    }
}

TEST_CASE("Outlook's zones are known by their Windows names, or by what the calendar says of them", "[feeds]")
{
    const Lines nights{"2026-10-23T18:00Z–2026-10-24T06:00Z On call: Bo", "2026-10-24T18:00Z–2026-10-25T06:00Z On call: Bo",
        "2026-10-25T19:00Z–2026-10-26T07:00Z On call: Bo", "2026-10-26T19:00Z–2026-10-27T07:00Z On call: Bo"};
    for (const auto& [zone, described] : {std::pair{"W. Europe Standard Time", true}, std::pair{"W. Europe Standard Time", false},
             std::pair{"Customized Time Zone", true}}) {
        INFO(zone << " " << described);
        const auto calendar = feeds::calendar_in(samples::outlook(zone, described), from, to);
        // The night in which the clocks go back is as long as the others: a length is exact.
        CHECK(lines(calendar) == nights);
        CHECK(calendar.notes.empty());
    }
    const auto unknown = feeds::calendar_in(samples::outlook("Mars Standard Time", false), from, to);
    CHECK(unknown.events.size() == 4);
    CHECK(unknown.events.front().local);
    CHECK(says(unknown, "Mars Standard Time"));
}

TEST_CASE("Recurrences are spread as their rules say", "[feeds]")
{
    const auto spread = [](const std::string& properties) { return lines(calendar_of(event_of(properties))).size(); };
    CHECK(spread("DTSTART:20261101T090000Z\r\nDTEND:20261101T100000Z\r\nRRULE:FREQ=DAILY;COUNT=5\r\n") == 5);
    CHECK(spread("DTSTART:20261101T090000Z\r\nDURATION:PT1H\r\nRRULE:FREQ=WEEKLY;UNTIL=20261115T090000Z\r\n") == 3);
    CHECK(spread("DTSTART;VALUE=DATE:19700101\r\nRRULE:FREQ=YEARLY\r\n") == 1);
    CHECK(spread("DTSTART;VALUE=DATE:20260101\r\nRRULE:FREQ=MONTHLY;BYMONTHDAY=31\r\n") == 7);
    CHECK(spread("DTSTART;VALUE=DATE:20261101\r\nRRULE:FREQ=DAILY;COUNT=3\r\nEXDATE;VALUE=DATE:20261102\r\n") == 2);
    CHECK(
        spread("DTSTART:20261101T090000Z\r\nDURATION:PT1H\r\nRRULE:FREQ=DAILY;COUNT=4\r\nEXDATE:20261102T090000Z,20261103T090000Z"
               "\r\n")
        == 2);
    CHECK(spread("DTSTART:20261101T090000Z\r\nDURATION:PT1H\r\nRRULE:FREQ=DAILY;COUNT=2\r\nRDATE:20261120T090000Z\r\n") == 3);
    // A last occurrence that is said in UTC and lies on another local day.
    CHECK(spread("DTSTART;TZID=America/Los_Angeles:20261101T200000\r\nDURATION:PT1H\r\n"
                 "RRULE:FREQ=DAILY;UNTIL=20261104T040000Z\r\n")
        == 3);
    CHECK(spread("DTSTART:20261101T090000Z\r\nDTEND:20261101T090000Z\r\n") == 0); // it lasts for no time
    CHECK(lines(calendar_of(event_of("DTSTART:20261101T090000\r\nDURATION:PT1H\r\n")))
        == Lines{"2026-11-01T09:00–2026-11-01T10:00 One"});
}

TEST_CASE("A calendar beyond the limits costs no more than they allow, and says what was left out", "[feeds]")
{
    const auto began = std::chrono::steady_clock::now();
    const auto read = [](const std::string& text) { return feeds::calendar_in(text, from, to); };

    CHECK(read(std::string(6 << 20, 'x')).problem == "it is larger than 5 MB");
    CHECK(read("<!DOCTYPE html><html>Sign in</html>").problem.find("no calendar") != std::string::npos);
    CHECK(read("").problem.find("no calendar") != std::string::npos);

    for (const std::string rule :
        {"FREQ=SECONDLY", "FREQ=MINUTELY;BYMONTH=2;BYMONTHDAY=30", "FREQ=HOURLY;BYSETPOS=-1;BYDAY=MO"}) {
        INFO(rule);
        const auto calendar = read(calendar_of(event_of("DTSTART:20261101T090000Z\r\nDURATION:PT1M\r\nRRULE:" + rule + "\r\n")));
        CHECK(calendar.events.size() == 1);
        CHECK(says(calendar, "more often than daily"));
    }
    std::string many;
    for (int i = 0; i < 21'000; ++i)
        many += event_of("DTSTART:20261101T090000Z\r\nDURATION:PT1M\r\n");
    const auto calendar = read(calendar_of(many));
    CHECK(calendar.events.size() == 5'000);
    CHECK(says(calendar, "more than 20000 events"));
    CHECK(says(calendar, "more events in the coming year"));

    std::string never, from_the_start;
    for (int i = 0; i < 200; ++i) {
        never += event_of("DTSTART:19200101T090000Z\r\nDURATION:PT1M\r\nRRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30\r\n");
        from_the_start += event_of("DTSTART:00010101T090000Z\r\nDURATION:PT1M\r\nRRULE:FREQ=DAILY\r\n");
    }
    CHECK(says(read(calendar_of(never)), "more repetitions"));
    CHECK(says(read(calendar_of(from_the_start)), "more repetitions"));

    // A picture in an event, and a title of a megabyte.
    const auto fat = read(calendar_of(
        event_of("DTSTART:20261101T090000Z\r\nDURATION:PT1H\r\nATTACH;ENCODING=BASE64:" + std::string(1 << 20, 'A') + "\r\n")
        + event_of("DTSTART:20261102T090000Z\r\nDURATION:PT1H\r\nSUMMARY:" + std::string(1 << 20, 'B') + "\r\n")));
    CHECK(fat.events.size() == 2);
    CHECK(fat.events.back().title.size() <= 300);

    std::string deep;
    for (int i = 0; i < 100'000; ++i)
        deep += "BEGIN:VEVENT\r\n";
    CHECK(read("BEGIN:VCALENDAR\r\n" + deep).events.empty());
    CHECK(std::chrono::steady_clock::now() - began < 20s);
}

TEST_CASE("Whatever bytes come, reading them ends, and its events lie in their order within what was asked for", "[feeds]")
{
    doors::SeededRandom random{7};
    const std::vector<std::string> seeds{samples::google, samples::outlook("W. Europe Standard Time", true),
        samples::outlook("Customized Time Zone", true),
        calendar_of(event_of("DTSTART;VALUE=DATE:20261101\r\nRRULE:FREQ=MONTHLY;BYDAY=2TU;BYSETPOS=1;COUNT=10\r\nRDATE;VALUE="
                             "PERIOD:20261101T000000Z/PT5H\r\n"))};
    const auto number = [&](std::size_t below) {
        return static_cast<std::size_t>(random.fraction() * static_cast<double>(below));
    };
    for (int round = 0; round < 400; ++round) {
        auto text = seeds[number(seeds.size())];
        const auto other = seeds[number(seeds.size())];
        for (auto changes = 1 + number(8); changes > 0; --changes) {
            const auto place = number(text.size());
            switch (number(5)) {
            case 0: text[place] = static_cast<char>(number(256)); break;
            case 1: text.erase(place, number(40)); break;
            case 2: text.insert(place, other.substr(number(other.size()), number(80))); break;
            case 3: text.insert(place, random.bytes(number(6))); break;
            case 4: text.replace(place, std::min<std::size_t>(4, text.size() - place), "9999"); break;
            }
        }
        const auto calendar = feeds::calendar_in(text, from, to);
        for (std::size_t i = 0; i < calendar.events.size(); ++i) {
            const auto& event = calendar.events[i];
            REQUIRE(event.from < event.to);
            REQUIRE(event.to > from - 26h);
            REQUIRE(event.from < to + 26h);
            if (i > 0)
                REQUIRE(calendar.events[i - 1].from <= event.from);
        }
    }
}
