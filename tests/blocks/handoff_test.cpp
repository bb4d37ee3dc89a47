#include "blocks/golden.hpp"
#include "blocks/handoff.hpp"
#include "blocks/sound.hpp"
#include "catch.hpp"

using namespace std::chrono_literals;
using oncall::AlertState;

namespace {

constexpr oncall::TimePoint nine{std::chrono::milliseconds{1'793'707'200'000 + (6 * 24 - 4) * 3'600'000LL}};

const std::string ana{"U01ANA00000"}, bo{"U02BO000000"}, chi{"U03CHI00000"}, cto{"U09CTO00000"};
const blocks::Names handoff_names{{ana, "Ana"}, {bo, "Bo"}, {chi, "Chi <!here>"}, {cto, "Cto"}};

blocks::HandoffView payments_handoff()
{
    blocks::HandoffView one;
    one.schedule = "payments";
    one.at = nine;
    one.until = nine + 7 * 24h;
    one.incoming = {{bo, "member", {}, {}, {}}};
    one.outgoing = {ana};
    one.stays = {chi};
    one.notes = {{ana, "The cache is *cold*.\n<!channel> & <https://example.com|look>", nine - 20min}};
    return one;
}

blocks::HandoffMessageView message()
{
    blocks::HandoffMessageView shown;
    shown.id = 7;
    shown.handoffs = {payments_handoff()};
    shown.open = {
        {{12}, "checkout", "Checkout is <down>", AlertState::triggered, "https://slack.com/archives/C01/p1793707200000100"},
        {{14}, "", "The disk is full", AlertState::snoozed, ""}};
    shown.more = 3;
    shown.names = handoff_names;
    return shown;
}

} // namespace

TEST_CASE("A handoff and what is told of it look as they did when somebody last looked", "[blocks][handoff]")
{
    golden("handoff", blocks::handoff(message()), {bo});
    auto later = message();
    later.handoffs[0].incoming = {{bo, "member", nine + 5min, {}, {}}, {chi, "member", {}, nine + 1h, cto}};
    later.handoffs[0].stays.clear();
    later.open.clear();
    later.handoffs.push_back(payments_handoff());
    later.handoffs[1].schedule = "search";
    later.handoffs[1].outgoing = {ana, cto};
    later.handoffs[1].incoming = {{"gus@example.com", "gone", {}, {}, {}}, {"eve@example.com", "nobody", {}, {}, {}}};
    later.handoffs[1].notes.clear();
    later.trouble = "#payments: is_archived";
    golden("handoff_of_two_schedules", blocks::handoff(later), {bo, chi});
    auto gap = message();
    gap.handoffs[0].incoming.clear();
    gap.handoffs[0].stays.clear();
    golden("handoff_to_nobody", blocks::handoff(gap));
    gap.handoffs[0].is_planned_gap = true;
    const auto evening = blocks::handoff(gap);
    golden("handoff_to_a_planned_gap", evening);
    CHECK(evening.text.starts_with("🌙 Nobody is on call by schedule payments until"));
    CHECK(evening.text.find("⚠️") == std::string::npos);
    CHECK(buttons(evening) == std::vector<std::string>{"Write a note…"});
    // Whom Slack was not asked about yet is said nothing of.
    auto early = message();
    early.handoffs[0].incoming = {{"eve@example.com", "", {}, {}, {}}};
    CHECK(blocks::handoff(early).text.find("🚨") == std::string::npos);
    auto fewer = message();
    fewer.handoffs[0].incoming.clear();
    fewer.handoffs[0].until = {};
    golden("handoff_to_those_who_stay", blocks::handoff(fewer));

    golden("shift_reminder", blocks::shift_reminder({"payments", nine, nine + 7 * 24h, 24h, {ana}, {chi}, "", handoff_names}));
    golden("shift_reminder_late", blocks::shift_reminder({"payments", nine, {}, 7 * 24h, {}, {}, "", handoff_names, true}));
    golden("shift_reminder_as_it_begins",
        blocks::shift_reminder({"payments", nine, nine + 24h, 0h, {ana}, {}, "h12", handoff_names}));
    golden("note_request", blocks::note_request({"payments", nine, {bo, chi}, 3, handoff_names}));
    golden("accept_reminder", blocks::accept_reminder(payments_handoff(), 12, handoff_names));
    golden("pager_test",
        blocks::pager_test({nine,
            {{"Slack", "arrived", "you are reading it"}, {"SMS +49 … 12, <!here>", "sent", ""},
                {"Call +49 … 12", "failed", "no answer"}, {"ntfy topic", "planned", ""}},
            true}));
    golden("pager_test_that_wakes_nobody", blocks::pager_test({nine, {{"Slack", "arrived", ""}}, false}));

    golden("handoff_note", blocks::note_form({{{"schedule payments: whoever comes after me", "3:0", {}}}, "3:0", "The cache"}));
    golden("reminders", blocks::reminders_form({"1d", "1h"}, "1h"));
    golden("reminders_none", blocks::reminders_form({}, "never"));
}

TEST_CASE("However much there is, a handoff's message is taken by Slack", "[blocks][handoff]")
{
    auto huge = message();
    for (int i = 0; i < 30; ++i)
        huge.handoffs.push_back(payments_handoff());
    for (auto& one : huge.handoffs) {
        one.schedule = std::string(200, '<');
        one.notes = {{ana, std::string(2'000, '&'), nine}, {bo, std::string(2'000, '<'), nine}};
        for (int i = 0; i < 40; ++i)
            one.incoming.push_back({chi, "gone", {}, {}, {}});
    }
    for (int i = 0; i < 40; ++i)
        huge.open.push_back({{i}, std::string(90, '>'), std::string(400, '&'), AlertState::triggered, "javascript:alert(1)"});
    const auto shown = blocks::handoff(huge);
    CHECK(unsound(shown, {bo, chi}) == std::vector<std::string>{});
    CHECK(buttons(shown) == std::vector<std::string>{"Accept", "Write a note…", "Put somebody on call…"});
}

TEST_CASE("Of many handoffs of an instant none is left out, whatever notes there are, and what is broken comes first",
    "[blocks][handoff]")
{
    auto many = message();
    for (int i = 1; i < 20; ++i) {
        many.handoffs.push_back(payments_handoff());
        many.handoffs.back().schedule = "schedule-" + std::to_string(i);
    }
    for (auto& one : many.handoffs)
        one.notes.front().text = std::string(2'000, 'x') + "\n";
    many.handoffs.back().incoming.clear();
    many.handoffs.back().stays.clear();
    const auto shown = blocks::handoff(many);
    CHECK(unsound(shown, {bo}) == std::vector<std::string>{});
    const auto text = blocks::Json(shown.blocks).dump();
    for (const auto& one : many.handoffs)
        CHECK(text.find("by schedule " + one.schedule + " until") != std::string::npos);
    CHECK(text.find("Nobody is on call") < text.find("by schedule payments"));
    CHECK(text.find("📝") != std::string::npos);
    CHECK(text.find("Checkout is") != std::string::npos);
    CHECK(text.find("schedule:schedule-19") != std::string::npos);
}
