#include "catch.hpp"
#include "feeds/calendar_in.hpp"
#include "feeds/calendar_out.hpp"
#include "feeds/other_reader.hpp"
#include "oncall/calendar.hpp"

using namespace std::chrono_literals;

TEST_CASE("A calendar that goes out is read by others as it was meant, whatever is in its names", "[feeds]")
{
    const auto noon = oncall::instant_in("2026-11-03T12:00Z", "UTC").value();
    std::string hostile = "Añá, \"Bo\"; \\ c:\r\nBEGIN:VEVENT\nX\x01\x7F ";
    for (int i = 0; i < 60; ++i)
        hostile += "\xF0\x9F\x98\x80\xC3\xBC,;";
    feeds::PublishedCalendar calendar{"On call: payments; 1, 2", "Who is on call\nand when", {}};
    calendar.events.push_back({"a@oncall-bot", noon, noon + 1h, hostile, hostile, 3, noon - 24h});
    calendar.events.push_back({"b@oncall-bot", noon + 1h, noon + 300 * 24h, "", "", 0, noon});
    const auto text = feeds::calendar_out(calendar);
    CHECK(text == feeds::calendar_out(calendar));

    const auto read = tests::read_by_others(text);
    CHECK(read["version"] == "2.0");
    CHECK(read["name"] == "On call: payments; 1, 2");
    CHECK(read["refresh"] == "PT1H");
    REQUIRE(read["events"].size() == 2);
    const auto& first = read["events"][0];
    CHECK(first["uid"] == "a@oncall-bot");
    CHECK(first["sequence"] == 3);
    CHECK(first["changed"] == "2026-11-02T12:00:00+00:00");
    CHECK(first["start"] == "2026-11-03T12:00:00+00:00");
    CHECK(first["end"] == "2026-11-03T13:00:00+00:00");
    CHECK(first["transparent"] == "TRANSPARENT");
    std::string shown = hostile;
    std::erase_if(shown, [](char c) { return c == '\r' || c == '\x01' || c == '\x7F'; });
    CHECK(first["title"] == shown);

    // And by ourselves.
    const auto again = feeds::calendar_in(text, noon - 24h, noon + 24h);
    REQUIRE(again.events.size() == 2);
    CHECK(again.events[0].from == noon);
    CHECK(again.events[0].uid == "a@oncall-bot");
}
