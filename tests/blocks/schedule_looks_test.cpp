#include "blocks/golden.hpp"
#include "blocks/my_shifts.hpp"
#include "blocks/report.hpp"
#include "blocks/schedule_picture.hpp"
#include "blocks/sound.hpp"
#include "catch.hpp"
#include "noon.hpp"

#include <algorithm>

using namespace std::chrono_literals;
using Texts = std::vector<std::string>;

namespace {

const blocks::Names names{{"U1", "Ana"}, {"U2", "Bo"}};
const std::string hostile_text{"<!channel> ``` <@U9> *x* \xFF\n"};

blocks::ScheduleShown payments()
{
    blocks::ScheduleShown shown;
    shown.schedule = "payments";
    shown.team = "payments";
    shown.now = noon;
    shown.on_call.people = {"U1"};
    shown.on_call.until = noon + 140h;
    shown.on_call.next = {"U2"};
    shown.next = {{noon, noon + 140h, {"U1"}}, {noon + 140h, noon + 308h, {"U2"}}, {noon + 308h, noon + 336h, {}}};
    shown.from = noon - 12h;
    shown.to = noon + 324h;
    shown.period = "Tue 3 Nov 2026 to Mon 16 Nov 2026";
    shown.time_zone = "Europe/Berlin";
    shown.alone = true;
    shown.names = names;
    return shown;
}

blocks::ReportShown report(std::size_t people)
{
    blocks::ReportShown shown;
    for (std::size_t i = 0; i < people; ++i) {
        shown.report.rows.push_back(
            {"U" + std::to_string(i), "Person " + std::to_string(i), "Europe/Berlin", {50h, 48h, 70h + 30min, 48h, 0h}, 1});
        shown.report.total += shown.report.rows.back().hours;
    }
    shown.report.nobody["payments"] = 90min;
    shown.title = "Hours on call of schedule payments";
    shown.period = "October 2026";
    shown.time_zone = "Europe/Berlin";
    shown.value = "schedule:1790805600:1793487600:Europe/Berlin:payments";
    return shown;
}

} // namespace

TEST_CASE("A schedule, its first words and the list look as they did", "[blocks][schedule_look]")
{
    golden("schedule_shown", blocks::schedule_shown(payments()));
    golden("schedule_words", blocks::schedule_words(payments()));
    golden("schedules", blocks::schedules({{"ledger", ""}, {"payments", "payments"}}));
    CHECK(blocks::picture("F1", "Ana, then Bo")
        == blocks::Json::parse(R"({"type":"image","slack_file":{"id":"F1"},"alt_text":"Ana, then Bo"})"));
    CHECK(unsound(blocks::schedules({})) == Texts{});
}

TEST_CASE("A person's shifts look as they did", "[blocks][schedule_look]")
{
    const std::vector<oncall::MyShift> shifts{{"payments", noon - 28h, noon + 140h, false, {"U2"}, {"U2"}, {}},
        {"ledger", noon + 200h, noon + 210h, false, {}, {}, {"U2"}}};
    golden("my_shifts", blocks::my_shifts(shifts, noon, names));
    // Nobody is missing after what goes on.
    const oncall::MyShift always{"night", noon - 28h, noon + 2160h, true, {}, {}, {}, true};
    const auto read = shown(blocks::my_shifts({always}, noon, names));
    CHECK(read.find("until at least") != std::string::npos);
    CHECK(read.find("nobody") == std::string::npos);
    golden("my_shifts_none", blocks::my_shifts({}, noon, names));
}

TEST_CASE("A report looks as it did", "[blocks][report]")
{
    golden("report", blocks::report(report(2)));
    auto none = report(0);
    none.planned = true;
    const auto read = shown(blocks::report(none));
    CHECK(read.find("Hours on call of schedule payments, October 2026, as planned: none.") != std::string::npos);
    CHECK(read.find("Hours without anybody on call: payments 1.5.") != std::string::npos);
}

TEST_CASE("However much there is of schedules, shifts and hours, Slack takes it, and hostile names stay words", "[blocks]")
{
    auto shown = payments();
    shown.schedule = shown.team = shown.period = shown.time_zone = hostile_text + std::string(5'000, 's');
    shown.on_call.people.assign(200, hostile_text);
    shown.on_call.next.assign(200, hostile_text + std::string(500, 'x'));
    shown.next.assign(100, {noon, noon + 1h, shown.on_call.next});
    CHECK(unsound(blocks::schedule_shown(shown)) == Texts{});
    CHECK(unsound(blocks::schedule_words(shown)) == Texts{});
    std::vector<blocks::ScheduleListed> all;
    for (int i = 0; i < 300; ++i)
        all.push_back({std::to_string(i) + std::string(200, 's'), hostile_text}); // a menu shows names as they are
    CHECK(unsound(blocks::schedules(all)) == Texts{});
    const oncall::MyShift shift{
        hostile_text, noon, noon + 1h, true, shown.on_call.next, shown.on_call.people, shown.on_call.people};
    CHECK(unsound(blocks::my_shifts(std::vector<oncall::MyShift>(100, shift), noon, {})) == Texts{});
    auto many = report(500);
    for (int i = 0; i < 300; ++i)
        many.report.nobody[std::to_string(i) + hostile_text + std::string(100, 'g')] = 1h;
    many.title = many.period = many.time_zone = hostile_text + std::string(5'000, 't');
    for (auto& row : many.report.rows)
        row.name = hostile_text + std::string(100, 'n');
    const auto message = blocks::report(many);
    CHECK(unsound(message) == Texts{});
    const auto table =
        std::find_if(message.blocks.begin(), message.blocks.end(), [](const auto& block) { return block["type"] == "table"; });
    REQUIRE(table != message.blocks.end());
    CHECK((*table)["rows"].size() <= 100);
}
