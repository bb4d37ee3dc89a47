#include "blocks/golden.hpp"
#include "blocks/schedule_form.hpp"
#include "blocks/sound.hpp"
#include "catch.hpp"
#include "config/random_configuration.hpp"
#include "handlers/rotation_form.hpp"
#include "handlers/schedule_form.hpp"
#include "noon.hpp"
#include "workspace/block_kit.hpp"

#include <rapidcheck.h>

using namespace handlers;
using namespace std::chrono_literals;
using blocks::Values;
using oncall::Schedule;

namespace {

using Strings = std::vector<std::string>;

const Naming schedule_naming{
    {{"ana@example.com", "U1"}, {"bo@example.com", "U2"}}, {{"U1", "ana@example.com"}}, {{"U1", "Ana"}, {"U2", "Bo"}}};

Schedule weekly_payments(std::vector<oncall::Turn> turns = {{"ana@example.com"}, {"bo@example.com"}})
{
    Schedule schedule;
    schedule.name = "payments";
    schedule.time_zone = "Europe/Berlin";
    oncall::Rotation weekly;
    weekly.name = "weekly";
    weekly.start = *oncall::local_time_in("2026-11-02T09:00");
    weekly.turns = std::move(turns);
    schedule.rotations = {weekly};
    return schedule;
}

slack::View schedule_modal_of(const Schedule& schedule, bool fresh, const Naming& naming = schedule_naming)
{
    Values values;
    if (fresh)
        values["name"] = {"payments"};
    put_schedule(values, schedule, noon);
    blocks::Form form;
    form.title = "Edit schedule";
    form.submit = "Check";
    form.callback = "x";
    form.parts = schedule_parts({fresh ? "" : schedule.name, fresh, !fresh, noon}, values, naming);
    return blocks::form(form, values);
}

Strings on_call(const Schedule& schedule, oncall::TimePoint at) { return oncall::who_is_on_call(schedule, at).people; }

} // namespace

TEST_CASE("A schedule that stands beside its form's fields is whole, whatever it has", "[handlers][schedule_form]")
{
    CHECK(rc::check("for any schedule", [] {
        const auto all = tests::random_configuration([](int most) { return *rc::gen::inRange(0, most); });
        for (auto [name, schedule] : all.schedules) {
            schedule.overrides.clear();
            Values values;
            put_schedule(values, schedule, noon);
            RC_ASSERT(drafted(values, name) == schedule);
            RC_ASSERT(holding_from(schedule, drafted(values, name), noon) == schedule);
            RC_ASSERT(workspace::problems_in_view(schedule_modal_of(schedule, false), "modal") == Strings{});
        }
    }));
}

TEST_CASE("What has been stays as it was when a schedule is edited", "[handlers][schedule_form]")
{
    const auto was = weekly_payments();
    auto becomes = weekly_payments({{"bo@example.com"}, {"chi@example.com"}});
    oncall::Rotation nights = becomes.rotations.front();
    nights.name = "nights";
    nights.priority = 1;
    nights.turns = {{"dee@example.com"}};
    becomes.rotations.insert(becomes.rotations.begin(), nights);
    const auto holds = holding_from(was, becomes, noon);
    CHECK(on_call(holds, noon - 1ms) == Strings{"ana@example.com"});
    CHECK(on_call(holds, noon) == Strings{"dee@example.com"});
    CHECK(oncall::changes_between(was, holds, {}, noon - 9'000h, noon).empty());
    CHECK(oncall::changes_between(becomes, holds, {}, noon, noon + 9'000h).empty());
    REQUIRE(holds.rotations.size() == 2);
    CHECK(holds.rotations.front().name == "nights"); // as they stand in the form
    // A name alone, and what was never on duty, need no version.
    auto renamed = was;
    renamed.rotations.front().name = "weeks";
    CHECK(holding_from(was, renamed, noon) == renamed);
    auto to_come = was;
    to_come.rotations.front().begin = *oncall::local_time_in("2026-12-01T09:00");
    auto mended = to_come;
    mended.rotations.front().turns = {{"chi@example.com"}};
    CHECK_FALSE(has_been_used(to_come, noon));
    CHECK(has_been_used(was, noon));
    CHECK(holding_from(to_come, mended, noon) == mended);
}

TEST_CASE("Temporary schedules, holidays and calendars are taken over by an edit, and what has been of them stays",
    "[handlers][schedule_form]")
{
    auto was = weekly_payments();
    was.temporary = {{noon - 24h, noon + 24h, {{noon - 24h, noon + 24h, {"chi@example.com"}}}}};
    auto becomes = weekly_payments({{"bo@example.com"}});
    becomes.temporary = {{noon - 24h, noon + 48h, {{noon - 24h, noon + 48h, {"dee@example.com"}}}}};
    becomes.holidays = "germany";
    becomes.rotations.front().on_holidays = oncall::OnHolidays::off;
    const auto holds = holding_from(was, becomes, noon);
    CHECK(on_call(holds, noon - 1h) == Strings{"chi@example.com"});
    CHECK(on_call(holds, noon + 1h) == Strings{"dee@example.com"});
    CHECK(on_call(holds, noon + 49h) == Strings{"bo@example.com"});
    CHECK(holds.holidays == "germany");
    CHECK(holds.rotations.front().on_holidays == oncall::OnHolidays::off);
    REQUIRE(holds.rotations.front().versions.size() == 1);
    CHECK(holds.rotations.front().versions.front().on_holidays == oncall::OnHolidays::as_usual);
}

TEST_CASE(
    "What is done on holidays has no date: it holds at once, and whoever is over does what they did", "[handlers][schedule_form]")
{
    auto was = weekly_payments();
    was.holidays = "germany";
    was.rotations.push_back(was.rotations.front());
    was.rotations.back().name = "nights";
    was.rotations.front().on_holidays = oncall::OnHolidays::rotation;
    was.rotations.front().other_rotation = "nights";
    auto becomes = was;
    becomes.rotations.front().on_holidays = oncall::OnHolidays::off;
    becomes.rotations.front().other_rotation.clear();
    CHECK(undated(was, was).empty());
    CHECK(undated(was, becomes) == Strings{"what rotation weekly does on holidays"});
    CHECK(holding_from(was, becomes, noon) == becomes); // and no version
    becomes.holidays.clear();
    becomes.rotations.front().on_holidays = oncall::OnHolidays::as_usual;
    becomes.rotations.back().name = "evenings";
    becomes.rotations.back().turns = {{"chi@example.com"}};
    becomes.rotations.erase(becomes.rotations.begin());
    const auto holds = holding_from(was, becomes, noon);
    REQUIRE(holds.rotations.size() == 3);
    const auto read = schedule_in(schedule_out(holds), "payments");
    CHECK(read.problems.empty());
    CHECK(read.schedule == holds);
    CHECK(holds.rotations[0].name == "evenings");
    CHECK(holds.rotations[1].holidays == "germany"); // the schedule has none any more
    CHECK(holds.rotations[1].other_rotation == "nights");
    CHECK(holds.rotations[1].end);

    auto read_from = weekly_payments();
    read_from.rotations.front() = {};
    read_from.rotations.front().name = "weekly";
    read_from.rotations.front().ics = "https://example.com/a.ics";
    const Strings gone{"the calendar that rotation weekly was read from"};
    CHECK(undated(read_from, weekly_payments()) == gone);
    CHECK(undated(weekly_payments(), read_from) == Strings{"the calendar that rotation weekly is read from"});
    auto named = weekly_payments();
    named.holidays = "germany";
    CHECK(undated(weekly_payments(), named).empty()); // nobody goes by it
}

TEST_CASE("What is planned comes sooner when an earlier time is chosen", "[handlers][schedule_form]")
{
    const auto planned = holding_from(weekly_payments(), weekly_payments({{"chi@example.com"}}), noon + 240h);
    CHECK(planned_sooner(planned, noon + 240h) == planned);
    const auto sooner = holding_from(planned, planned_sooner(planned, noon + 1h), noon + 1h);
    CHECK(on_call(sooner, noon + 1h - 1ms) == Strings{"ana@example.com"});
    CHECK(on_call(sooner, noon + 1h) == Strings{"chi@example.com"});
    REQUIRE(sooner.rotations.size() == 1);
    CHECK(sooner.rotations.front().versions.size() == 1);
    CHECK(planned_sooner(weekly_payments(), noon) == weekly_payments());
}

TEST_CASE("Rotations move and go, and the form says what is planned and what is over", "[handlers][schedule_form]")
{
    auto schedule = weekly_payments();
    schedule.rotations.push_back(schedule.rotations.front());
    schedule.rotations.back().name = "nights";
    Values values;
    put_schedule(values, schedule, noon);
    move_rotation(values, 1, 0);
    CHECK(drafted(values, "payments").rotations.front().name == "nights");
    move_rotation(values, 0, std::string::npos);
    remove_rotation(values, 0);
    remove_rotation(values, 7);
    REQUIRE(drafted(values, "payments").rotations.size() == 1);
    CHECK(drafted(values, "payments").rotations.front().name == "weekly");
    values["time_zone"] = {"Asia/Tokyo"};
    CHECK(drafted(values, "payments").time_zone == "Asia/Tokyo");
    values["time_zone"] = {"no such"};
    CHECK(drafted(values, "payments").time_zone == "Europe/Berlin");

    auto renamed = schedule;
    renamed.rotations[0] = holding_from(weekly_payments(), weekly_payments({{"bo@example.com"}}), noon).rotations.front();
    renamed.rotations[1].other_rotation = "weekly";
    const auto before = newest_of(renamed.rotations[0]);
    auto weeks = before;
    put_rotation_back(renamed, 0, before, weeks);
    CHECK(renamed.rotations[0].versions.size() == 1);
    weeks.name = "weeks";
    put_rotation_back(renamed, 0, before, weeks);
    CHECK(renamed.rotations[0].name == "weeks");
    CHECK(renamed.rotations[0].versions.size() == 1);
    CHECK(renamed.rotations[1].other_rotation == "weeks");
    weeks.priority = 2;
    put_rotation_back(renamed, 0, before, weeks);
    CHECK(renamed.rotations[0] == weeks);
    put_rotation_back(renamed, 2, weeks, before);
    CHECK(renamed.rotations.size() == 3);

    auto planned = holding_from(weekly_payments(), weekly_payments({{"bo@example.com"}}), noon + 240h);
    planned.rotations.push_back(schedule.rotations.back());
    planned.rotations.back().end = *oncall::local_time_in("2026-10-01T00:00");
    Values of_planned;
    put_schedule(of_planned, planned, noon);
    CHECK(takes_effect(of_planned) == noon + 240h);
    golden("schedule_form_planned", schedule_modal_of(planned, false));
    CHECK_FALSE(takes_effect({{"effective", {"soon"}}}));
    CHECK(takes_effect({{"effective", {"1793707259"}}}) == noon);
}

TEST_CASE("The form of a schedule and what it comes to look as they did", "[handlers][schedule_form]")
{
    golden("schedule_form", schedule_modal_of(weekly_payments(), false));
    Schedule begun;
    begun.name = "new";
    begun.time_zone = "Europe/Berlin";
    golden("schedule_form_new", schedule_modal_of(begun, true));

    blocks::SchedulePlan plan;
    plan.schedule = "payments";
    plan.draft = "draft";
    plan.external_id = "schedule-draft";
    plan.note = "<@U2> changed it, after you opened this form.";
    plan.from = noon;
    plan.to = noon + 336h;
    plan.changes = {{noon, noon + 140h, {"U1"}, {"U2"}}, {noon + 140h, noon + 308h, {"U2"}, {}}};
    plan.warnings = {"Nobody is on call."};
    plan.lines = {"schedule payments", "• rotations[0].users: ana → bo"};
    plan.picture = blocks::kit::context({"Drawing the picture …"});
    const blocks::Names names{{"U1", "Ana"}, {"U2", "Bo"}};
    golden("schedule_plan", blocks::schedule_plan(plan, names));
    plan.takes_effect = noon + 48h;
    plan.changes.clear();
    plan.note.clear();
    golden("schedule_plan_to_come", blocks::schedule_plan(plan, names));
    golden("schedule_saved", blocks::schedule_saved("payments", noon + 48h));

    // However much there is, and whatever it says, Slack takes it.
    const std::string hostile{"<!channel> ``` <@U9> *x* \xFF\n"};
    plan.schedule = plan.note = hostile + std::string(5'000, 's');
    plan.changes.assign(500, {noon, noon + 1h, Strings(200, hostile), Strings(200, hostile)});
    plan.warnings.assign(500, plan.note);
    plan.lines.assign(500, plan.note);
    for (const bool fresh : {true, false}) {
        plan.fresh = fresh;
        CHECK(workspace::problems_in_view(blocks::schedule_plan(plan, {}), "modal") == Strings{});
    }
    Schedule large = weekly_payments();
    large.rotations.assign(60, large.rotations.front());
    for (auto& rotation : large.rotations)
        rotation.turns.assign(20, {std::string(50, 'x') + "@example.com"});
    CHECK(workspace::problems_in_view(schedule_modal_of(large, false), "modal") == Strings{});
    large.rotations.assign(300, large.rotations.front());
    CHECK_THROWS_AS(schedule_modal_of(large, false), oncall::Refusal);
}
