#include "catch.hpp"
#include "oncall/given.hpp"
#include "oncall/schedule_edits.hpp"
#include "oncall/words.hpp"

#include <algorithm>

using namespace oncall;
using given::utc;

namespace {

const auto edited_at = utc("2026-11-03T12:00"); // a Tuesday

/// Turns from Monday to Monday, 08:00.
Schedule edited_weeks(std::vector<Turn> turns, Unit unit = Unit::week)
{
    Rotation rotation;
    rotation.name = "weekly";
    rotation.unit = unit;
    rotation.start = *local_time_in("2026-11-02T08:00");
    rotation.turns = std::move(turns);
    Schedule schedule;
    schedule.name = "payments";
    schedule.rotations = {std::move(rotation)};
    return schedule;
}

MovedShifts moved_by(const Schedule& before, const Schedule& after) { return moved_shifts(before, after, {}, edited_at); }

std::string at_time(const std::string& time) { return date_token(utc(time)); }

std::size_t lines_in(const std::string& text) { return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')) + 1; }

} // namespace

TEST_CASE("Whoever's shifts an edit moves reads before and after, what is near first", "[oncall][schedule_edits]")
{
    const auto moved = moved_by(edited_weeks({{"UANA"}, {"UBO"}, {"UCHI"}}), edited_weeks({{"UBO"}, {"UANA"}, {"UCHI"}}));
    CHECK(moved.changes.size() == 6);
    REQUIRE_FALSE(moved.later.empty());
    CHECK(moved.later.front().start == utc("2027-01-04T08:00"));
    const auto bos = moved_words("UBO", moved, edited_at);
    INFO(bos);
    CHECK(bos.starts_with("• ⚠️ Within a day: You are on call " + date_token(edited_at) + " – "
        + at_time("2026-11-09T08:00") + ", instead of <@UANA>\n• You are not on call " + at_time("2026-11-09T08:00") + " – "
        + at_time("2026-11-16T08:00") + " any more: <@UANA> is\n• You are on call " + at_time("2026-11-23T08:00")));
    CHECK(bos.ends_with("\n• and so on from " + at_time("2027-01-25T08:00") + " on"));
    CHECK(lines_in(bos) == 9);
    CHECK(moved_words("UCHI", moved, edited_at).empty());

    const auto lines = change_lines(moved);
    REQUIRE(lines.size() == 7);
    CHECK(lines[1] == at_time("2026-11-09T08:00") + " – " + at_time("2026-11-16T08:00") + ": <@UANA> instead of <@UBO>");
}

TEST_CASE("What moves for good, much or nothing is said in few lines", "[oncall][schedule_edits]")
{
    SECTION("for good, across the end of what is looked at")
    {
        const auto moved = moved_by(edited_weeks({{"UANA"}}), edited_weeks({{"UBO", "UCHI"}}));
        CHECK(moved_words("UANA", moved, edited_at)
            == "• ⚠️ Within a day: You are not on call from " + date_token(edited_at)
                + " on any more: <@UBO> and <@UCHI> are");
        CHECK(change_lines(moved)
            == std::vector<std::string>{"from " + date_token(edited_at) + " on: <@UBO> and <@UCHI> instead of <@UANA>"});
    }
    SECTION("each day of eight weeks")
    {
        const auto moved = moved_by(edited_weeks({{"UANA"}, {"UBO"}}, Unit::day), edited_weeks({{"UBO"}, {"UANA"}}, Unit::day));
        const auto anas = moved_words("UANA", moved, edited_at);
        INFO(anas);
        CHECK(lines_in(anas) == 9);
        CHECK(anas.ends_with("\n• and so on from " + at_time("2026-11-11T08:00") + " on"));
        CHECK(change_lines(moved).size() == 10);
    }
    SECTION("a schedule that is deleted leaves nobody")
    {
        const auto moved = moved_by(edited_weeks({{"UANA"}}), Schedule{});
        CHECK(moved_words("UANA", moved, edited_at).ends_with(" any more: nobody is"));
    }
    SECTION("only what is further off than eight weeks")
    {
        auto after = edited_weeks({{"UANA"}});
        after.rotations[0].versions = edited_weeks({{"UBO"}}).rotations;
        after.rotations[0].versions[0].from = *local_time_in("2027-02-01T08:00");
        const auto moved = moved_by(edited_weeks({{"UANA"}}), after);
        CHECK(moved.changes.empty());
        CHECK(concerned(moved).size() == 2);
        CHECK(moved_words("UANA", moved, edited_at)
            == "• You are not on call from " + at_time("2027-02-01T08:00") + " on any more: <@UBO> is");
        CHECK(moved_words("UBO", moved, edited_at)
            == "• You are on call from " + at_time("2027-02-01T08:00") + " on, instead of <@UANA>");
        CHECK(edit_words({}, moved)
            == "Nobody's shifts of the next 8 weeks move. The first that do: " + at_time("2027-02-01T08:00") + ".");
    }
    SECTION("of twelve who take turns, also whose first shift that moves is the eleventh")
    {
        std::vector<Turn> turns;
        for (int i = 0; i < 12; ++i)
            turns.push_back({"U" + std::to_string(i)});
        const auto before = edited_weeks(turns);
        std::swap(turns[10], turns[11]);
        const auto moved = moved_by(before, edited_weeks(turns));
        CHECK(moved.changes.empty());
        CHECK(moved_words("U10", moved, edited_at)
                  .starts_with("• You are not on call " + at_time("2027-01-11T08:00") + " – " + at_time("2027-01-18T08:00")
                      + " any more: <@U11> is\n• You are on call " + at_time("2027-01-18T08:00")));
        CHECK(concerned(moved).size() == 2);
    }
    SECTION("what has been is no matter of an edit, nor who is called otherwise")
    {
        auto after = edited_weeks({{"UANA"}});
        after.rotations[0].begin = *local_time_in("2026-11-03T10:00");
        CHECK(moved_by(edited_weeks({{"UANA"}}), after).changes.empty());
        const auto by_address = edited_weeks({{"ana@example.com"}});
        const Known ids{{"ana@example.com", "UANA"}};
        CHECK(moved_shifts(by_address, edited_weeks({{"UANA"}}), ids, edited_at).changes.empty());
    }
}

TEST_CASE("What moves in many schedules is one message, what is near first, and names those it has no room for",
    "[oncall][schedule_edits]")
{
    std::vector<MovedIn> all;
    for (int i = 0; i < 40; ++i)
        all.push_back({"s" + std::to_string(i), "Schedule s" + std::to_string(i), "• " + std::string(900, 'x')});
    const auto near = moved_words("UANA", moved_by(edited_weeks({{"UANA"}}), edited_weeks({{"UBO"}})), edited_at);
    all.push_back({"zeta", "Schedule zeta, deleted", near});
    const auto words = moved_paragraphs(all);
    INFO(words);
    CHECK(words.starts_with("Schedule zeta, deleted:\n• ⚠️ Within a day: You are not on call"));
    CHECK(words.find("\n\nSchedule s0:\n• xxx") != words.npos);
    CHECK(words.find("\n\nYour shifts also move in s6, s7, ") != words.npos);
    CHECK(words.find(" and 26 more. `/oncall schedule` shows them.") != words.npos);
    CHECK(words.size() < 7'000);
    CHECK(moved_paragraphs({}).empty());
    all.erase(all.begin() + 2, all.end());
    CHECK(moved_paragraphs(all) == "Schedule s0:\n" + all[0].words + "\n\nSchedule s1:\n" + all[1].words);
}

TEST_CASE("What differs in a schedule is said in words, under who is on call", "[oncall][schedule_edits]")
{
    const auto words = edit_words({{"rotations[weekly].users", "[UANA]", "[UBO]"}, {"rotations[nights]", "", "{unit: day}"},
                                      {"time_zone", std::string(400, 'x'), ""}},
        moved_by(edited_weeks({{"UANA"}}), edited_weeks({{"UBO"}})));
    INFO(words);
    CHECK(words.starts_with(
        "Who is on call:\n• from " + date_token(edited_at) + " on: <@UBO> instead of <@UANA>\n\nWhat differs:\n"));
    CHECK(words.find("\n• rotation weekly, users: [UANA] → [UBO]\n• rotation nights: nothing → {unit: day}\n• time zone: xxx")
        != words.npos);
    CHECK(words.ends_with("x… → nothing"));
    CHECK(words.size() < 900);
    CHECK(edited_by("UANA", "a form in Slack") == "changed by <@UANA>");
    CHECK(edited_by("", "oncall.yaml, applied by root") == "changed by oncall.yaml, applied by root");
}
