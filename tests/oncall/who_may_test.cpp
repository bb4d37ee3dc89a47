#include "oncall/who_may.hpp"

#include "catch.hpp"
#include "oncall/alert.hpp"
#include "places.hpp"

#include <filesystem>
#include <fstream>

using namespace oncall;

TEST_CASE("Each kind of person may what the table says, and is refused in words that say what to do", "[oncall][whomay]")
{
    // The beginning of the refusal; "" is allowed.
    struct Row {
        Deed deed{};
        std::string guest{}, bot{}, gone{}, stranger{}, unknown{};
    };
    const std::vector<Row> rows{
        {Deed::look, "", "", "", "Only people of this workspace", ""},
        {Deed::post, "Guests of this workspace cannot post", "Guests", "", "Only people", "I don't know you yet"},
        {Deed::see_coverage, "Guests of this workspace cannot see", "Guests", "", "Only people", "I don't know you yet"},
        {Deed::see_report, "Guests of this workspace can only see their own hours", "Guests", "", "Only people",
            "I don't know you yet"},
        {Deed::see_own_report, "", "", "", "Only people", ""},
        {Deed::answer, "", "Apps answer no alerts", "Your account is deactivated", "Only members of this workspace can do that",
            ""},
        {Deed::page_on, "Guests of this workspace cannot page people", "Apps answer no alerts", "Your account is deactivated",
            "Only members of this workspace can do that", ""},
        {Deed::page, "Guests of this workspace cannot page people", "Apps do not page", "Your account is deactivated",
            "Only members of this workspace can page", ""},
        {Deed::override_schedule, "Guests of this workspace cannot change who is on call", "Guests", "Guests",
            "Only members of this workspace can do that", ""},
        {Deed::silence, "Guests of this workspace cannot hold back pages", "Guests", "Guests",
            "Only members of this workspace can do that", "I don't know you yet"},
        {Deed::take_shift, "Guests of this workspace cannot change who is on call", "Guests", "Guests",
            "Only members of this workspace can be on call", "I don't know you yet"},
        {Deed::change_settings, "Guests of this workspace can't change settings", "Guests", "Guests",
            "Only members of this workspace can change settings", "I don't know you yet"},
        {Deed::set_contact, "", "Apps are not paged", "", "Only people of this workspace are paged", ""},
        {Deed::be_away, "", "", "Your account is deactivated", "Only members of this workspace have absences", ""},
        {Deed::read_calendar, "", "", "Your account is deactivated", "Only members of this workspace have calendars", ""},
        {Deed::hand_over, "", "", "Your account is deactivated", "Only members of this workspace can do that", ""},
        {Deed::speak, "", "", "", "Only members of this workspace can ask me", ""},
    };
    REQUIRE(rows.size() == static_cast<std::size_t>(deeds_count));
    for (const auto& row : rows) {
        const auto is = [&](const std::string& kind, bool stranger, const std::string& words) {
            const std::string why{why_may_not(row.deed, kind, stranger)};
            INFO(static_cast<int>(row.deed) << " " << kind << ": " << why);
            CHECK(why.empty() == words.empty());
            CHECK(why.starts_with(words));
            if (words.empty())
                CHECK_NOTHROW(permit(row.deed, kind, stranger, " Ask Ana."));
            else
                CHECK_THROWS_WITH(permit(row.deed, kind, stranger, " Ask Ana."), why + " Ask Ana.");
        };
        is("member", false, "");
        is("guest", false, row.guest);
        is("bot", false, row.bot);
        is("gone", false, row.gone);
        is("stranger", false, row.stranger);
        is("", false, row.unknown);
        for (const std::string kind : {"member", "guest", ""})
            is(kind, true, row.stranger); // it came from another workspace
    }
}

TEST_CASE("Whoever is known for one of ours is that, whatever workspace of the organisation they press from", "[oncall][whomay]")
{
    for (const std::string kind : {"member", "guest"})
        CHECK_FALSE(is_elsewhere(kind, "T2", "T1"));
    for (const std::string kind : {"", "gone", "bot"}) {
        CHECK(is_elsewhere(kind, "T2", "T1"));
        CHECK_FALSE(is_elsewhere(kind, "T1", "T1"));
        CHECK_FALSE(is_elsewhere(kind, "", "T1"));
        CHECK_FALSE(is_elsewhere(kind, "T2", ""));
    }
    CHECK(is_elsewhere("stranger", "T1", "T1"));
}

TEST_CASE("Nothing else refuses a kind of person in words of its own", "[oncall][whomay]")
{
    const std::filesystem::path top{ONCALL_SOURCE_DIR};
    for (const auto* folder : {"bot/oncall", "handlers"})
        for (const auto& entry : std::filesystem::recursive_directory_iterator{top / folder}) {
            if (entry.path().extension() != ".cpp" || entry.path().filename() == "who_may.cpp")
                continue;
            std::ifstream file{entry.path()};
            for (std::string line; std::getline(file, line);) {
                INFO(entry.path() << ": " << line);
                CHECK(line.find("\"Guests of this workspace") == line.npos);
                CHECK(line.find("Your account is deactivated") == line.npos);
            }
        }
}
