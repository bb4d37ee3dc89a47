#include "catch.hpp"
#include "feeds/calendar_in.hpp"
#include "feeds/samples.hpp"
#include "oncall/calendar.hpp"

#include <chrono>

using namespace std::chrono_literals;
using samples::calendar_of;
using samples::event_of;

namespace {

feeds::ReadCalendar read_in_year(const std::string& text, const feeds::CalendarLimits& limits = {})
{
    return feeds::calendar_in(
        text, oncall::instant_in("2026-10-01", "UTC").value(), oncall::instant_in("2027-10-01", "UTC").value(), limits);
}

feeds::ReadCalendar by_rule(const std::string& start, const std::string& rule)
{
    return read_in_year(calendar_of(event_of("DTSTART:" + start + "\r\nDURATION:PT1H\r\nRRULE:" + rule + "\r\n")));
}

/// "0,1,…,last".
std::string numbers_to(int last)
{
    std::string all = "0";
    for (int i = 1; i <= last; ++i)
        all += "," + std::to_string(i);
    return all;
}

bool notes_say(const feeds::ReadCalendar& calendar, const std::string& part)
{
    return std::any_of(
        calendar.notes.begin(), calendar.notes.end(), [&](const std::string& note) { return note.find(part) != note.npos; });
}

/// A zone of no known name by which an event on 2 November is written.
feeds::ReadCalendar in_zone_of(const std::string& rule)
{
    std::string text = "BEGIN:VTIMEZONE\r\nTZID:Own\r\nBEGIN:STANDARD\r\nDTSTART:19000101T000000\r\nTZOFFSETFROM:+0200\r\n"
                       "TZOFFSETTO:+0100\r\n"
        + rule + "\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n";
    return read_in_year(calendar_of(text + event_of("DTSTART;TZID=Own:20261102T090000\r\nDURATION:PT1H\r\n")));
}

} // namespace

TEST_CASE("Days are found by a rule as the standard says", "[feeds]")
{
    const auto [start, rule, expected] = GENERATE(table<std::string, std::string, std::string>({
        {"20261101T090000Z", "FREQ=DAILY;INTERVAL=10;COUNT=2", "11-01 11-11"},
        {"20261101T090000Z", "FREQ=DAILY;BYHOUR=7;BYMINUTE=0;COUNT=1", "11-02"},
        {"20261101T090000Z", "FREQ=DAILY;BYMONTH=12;BYDAY=MO;COUNT=2", "12-07 12-14"},
        {"20261103T090000Z", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=MO;COUNT=4", "11-03 11-08 11-17 11-22"},
        {"20261103T090000Z", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=SU;COUNT=4", "11-03 11-15 11-17 11-29"},
        {"20261103T090000Z", "FREQ=WEEKLY;UNTIL=20261110", "11-03 11-10"},
        {"20261101T090000Z", "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;COUNT=3", "11-30 12-31 01-29"},
        {"20261101T090000Z", "FREQ=MONTHLY;BYDAY=-1SU;COUNT=2", "11-29 12-27"},
        {"20261101T090000Z", "FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=2", "11-30 12-31"},
        {"20261101T090000Z", "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13;COUNT=1", "11-13"},
        {"20251130T090000Z", "FREQ=MONTHLY;COUNT=13", "10-30 11-30 12-30"},
        {"20000314T090000Z", "FREQ=YEARLY", "03-14"},
        {"20000314T090000Z", "FREQ=YEARLY;BYMONTH=3;BYDAY=2SU", "03-14"},
        {"20000314T090000Z", "FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO", "05-17"},
        {"20000314T090000Z", "FREQ=YEARLY;BYYEARDAY=-1", "12-31"},
        {"20000314T090000Z", "FREQ=YEARLY;BYDAY=1MO,-1FR", "12-25 01-04"},
    }));
    std::string found;
    const auto calendar = by_rule(start, rule);
    for (const auto& event : calendar.events)
        found += (found.empty() ? "" : " ") + oncall::iso(event.from, "UTC").substr(5, 5);
    INFO(rule);
    CHECK(found == expected);
    CHECK(calendar.notes.empty());
}

TEST_CASE("No rule of a stranger's takes long, whatever it asks for", "[feeds]")
{
    const auto began = std::chrono::steady_clock::now();
    const auto seconds = numbers_to(59);
    for (const auto& rule : {"FREQ=DAILY;BYHOUR=" + numbers_to(23) + ";BYMINUTE=" + seconds + ";BYSECOND=" + seconds,
             "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;BYSECOND=" + numbers_to(19), std::string{"FREQ=YEARLY;INTERVAL=9999"},
             std::string{"RSCALE=HEBREW;FREQ=YEARLY"}}) {
        INFO(rule.substr(0, 60));
        const auto calendar = by_rule("19000101T090000Z", rule);
        CHECK(calendar.events.empty());
        CHECK(notes_say(calendar, "not understood"));
    }
    // Nothing ever happens by these.
    for (const std::string rule : {"FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=6",
             "FREQ=MONTHLY;BYDAY=5MO;BYMONTHDAY=1", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=YEARLY;BYDAY=MO;BYSETPOS=200",
             "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;COUNT=5"}) {
        INFO(rule);
        CHECK(by_rule("19000101T090000Z", rule).events.empty());
        std::string many;
        for (int i = 0; i < 500; ++i)
            many += event_of("DTSTART:20300101T090000Z\r\nDURATION:PT1M\r\nRRULE:" + rule + "\r\n");
        CHECK(read_in_year(calendar_of(many)).events.empty());
    }
    // Many rules in one event; the first one holds.
    std::string rules = "RRULE:FREQ=DAILY;COUNT=3\r\n";
    for (int i = 0; i < 200'000; ++i)
        rules += "RRULE:FREQ=DAILY\r\n";
    const auto calendar = read_in_year(calendar_of(event_of("DTSTART:20261101T090000Z\r\nDURATION:PT1H\r\n" + rules)));
    CHECK(calendar.events.size() == 3);
    CHECK(notes_say(calendar, "more than one rule"));
    CHECK(std::chrono::steady_clock::now() - began < 10s);
}

TEST_CASE("A zone's own rules are yearly, or the zone is not known", "[feeds]")
{
    const auto began = std::chrono::steady_clock::now();
    const auto yearly = in_zone_of("RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU");
    REQUIRE(yearly.events.size() == 1);
    CHECK_FALSE(yearly.events.front().local);
    CHECK(oncall::iso(yearly.events.front().from, "UTC").substr(11, 5) == "08:00");
    for (const std::string rule :
        {"rrule:FREQ=SECONDLY", "RRULE;X-FREQ=YEARLY:FREQ=HOURLY", "RRULE;X-FREQ=\"YEARLY:x\":FREQ=SECONDLY",
            "RRULE:FREQ=YEARLY;BYMONTH=1,2,3,4,5,6,7,8,9,10,11,12;BYMONTHDAY=1,2,3,4,5,6,7;BYHOUR=1,2,3,4,5,6",
            "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "RRULE:FREQ=YEARLY;BYDAY=MO;BYSETPOS=200"}) {
        INFO(rule);
        const auto calendar = in_zone_of(rule);
        REQUIRE(calendar.events.size() == 1);
        CHECK(calendar.events.front().local);
        CHECK(notes_say(calendar, "Own"));
    }
    CHECK(std::chrono::steady_clock::now() - began < 5s);
}

TEST_CASE("A calendar that takes too long is given up, and one of long titles is cut", "[feeds]")
{
    std::string many;
    for (int i = 0; i < 1'000; ++i)
        many += event_of("DTSTART:20261101T090000Z\r\nDURATION:PT1H\r\n");
    int looks = 0;
    feeds::CalendarLimits hurried;
    hurried.too_late = [&] { return ++looks > 10; };
    const auto given_up = read_in_year(calendar_of(many), hurried);
    CHECK(given_up.problem.find("too long") != std::string::npos);
    CHECK(given_up.events.empty());
    CHECK(looks == 11);

    feeds::CalendarLimits narrow;
    narrow.text = 2'000;
    const auto cut = read_in_year(calendar_of(event_of("DTSTART:20261001T090000Z\r\nDURATION:PT1H\r\nSUMMARY:"
                                      + std::string(180, 't') + "\r\nRRULE:FREQ=DAILY\r\n")),
        narrow);
    CHECK(cut.events.size() > 5);
    CHECK(cut.events.size() < 400);
    CHECK(notes_say(cut, "more events"));
}

TEST_CASE("Outlook's whole days off a series of times are off, and what is marked as free says so", "[feeds]")
{
    CHECK(read_in_year(calendar_of(event_of("DTSTART:20261101T090000Z\r\nDURATION:PT1H\r\nRRULE:FREQ=DAILY;COUNT=3\r\n"
                                            "EXDATE;VALUE=DATE:20261102\r\n")))
              .events.size()
        == 2);
    const auto marked = read_in_year(calendar_of(event_of("DTSTART;VALUE=DATE:20261101\r\nTRANSP:TRANSPARENT\r\n")
        + event_of("DTSTART;VALUE=DATE:20261102\r\nTRANSP:OPAQUE\r\n")));
    REQUIRE(marked.events.size() == 2);
    CHECK(marked.events[0].free);
    CHECK_FALSE(marked.events[1].free);
}
