#include "blocks/silences.hpp"

#include "blocks/golden.hpp"
#include "blocks/samples.hpp"
#include "blocks/sound.hpp"
#include "catch.hpp"
#include "workspace/block_kit.hpp"

using namespace std::chrono_literals;

namespace {

const blocks::Names silent_names{{"U01ANA00000", "Ana"}};
const std::string hostile_silence{"<!channel> ``` <@U09EVE00000> *x* & \u202E\n"};

oncall::Silence silent_checkout()
{
    oncall::Silence one;
    one.id = 3;
    one.services = {"checkout"};
    one.when.parts = {*oncall::term_in("labels.cluster=eu-1"), *oncall::term_in("title~<!here> disk")};
    one.from = samples::start;
    one.to = samples::start + 2h;
    one.reason = "deploy of <4.2> & more";
    one.made_by = "U01ANA00000";
    return one;
}

oncall::Silence planned_window()
{
    oncall::Silence one;
    one.id = 4;
    one.kind = oncall::Hold::Kind::maintenance;
    one.teams = {"payments"};
    one.from = samples::start;
    one.to = samples::start + 24h * 60;
    one.repeats = oncall::recurrence_of("weekly", samples::start, samples::start + 2h, "Europe/Berlin").hours;
    one.reason = "backups";
    one.made_by = "U01ANA00000";
    return one;
}

} // namespace

TEST_CASE("Silences look as they did when somebody last looked at them", "[blocks][silences]")
{
    blocks::SilenceLine holds{silent_checkout(), 2, samples::start + 2h, samples::start, 7, 2, {}};
    blocks::SilenceLine comes{planned_window(), 1, {}, samples::start + 24h * 7, 0, 0, {"team payments"}};
    oncall::Heartbeat backup;
    backup.name = "backup <!channel>";
    backup = oncall::paused(backup, samples::start + 24h, "U01ANA00000", "the disk is moved");
    golden("silences", blocks::silences({holds, comes}, "", "", silent_names, {backup}));
    golden("silences_made", blocks::silences({holds}, "Silence of service checkout: <@U01ANA00000> & co.", "3:2", silent_names));
    golden("silences_none", blocks::silences({}, "", "", {}));
    auto hostile = holds;
    hostile.what.services = std::vector<std::string>(20, hostile_silence + std::string(150, 's'));
    hostile.what.reason = hostile_silence + std::string(3'000, 'r');
    hostile.gone = hostile.what.services;
    const std::vector<blocks::SilenceLine> many(100, hostile);
    CHECK(unsound(blocks::silences(many, hostile_silence + std::string(5'000, 'n'), "3:2", {})) == std::vector<std::string>{});
    backup.name = backup.pause_reason = hostile_silence + std::string(3'000, 'r');
    const std::vector<oncall::Heartbeat> paused(100, backup);
    CHECK(unsound(blocks::silences({}, "", "", {}, paused)) == std::vector<std::string>{});
}

TEST_CASE("The forms of silences look as they did when somebody last looked at them", "[blocks][silences]")
{
    blocks::SilenceForm form;
    form.metadata = "silence:0:0";
    form.services = {{"checkout", "=checkout", ""}, {"ledger", "=ledger", ""}};
    form.teams = {{"payments", "=payments", ""}};
    form.values = {
        {"services", {"=checkout"}}, {"terms", {"labels.cluster=eu-1"}}, {"to", {"1793617200"}}, {"reason", {"deploy"}}};
    golden("silence_form", blocks::silence_form(form));
    form.kind = oncall::Hold::Kind::maintenance;
    form.metadata = "maintenance:4:1";
    form.edits = true;
    form.note = "Somebody else changed it.";
    form.values["repeat"] = {"weekly"};
    form.values["zone"] = {"Europe/Berlin"};
    golden("silence_form_of_maintenance", blocks::silence_form(form));

    blocks::SilencePlan plan;
    plan.what = silent_checkout();
    plan.draft = "{}";
    plan.open = {"#17 Checkout is down", "#19 <!channel> disk"};
    plan.open_count = 2;
    plan.last_week = 41;
    plan.grave = {"It holds back pages of tier 1: checkout."};
    golden("silence_plan", blocks::silence_plan(plan, silent_names));
    plan.what = planned_window();
    plan.times = {{samples::start, samples::start + 2h}, {samples::start + 24h * 7, samples::start + 24h * 7 + 2h}};
    plan.open.clear();
    plan.open_count = 0;
    plan.grave.clear();
    golden("silence_plan_of_maintenance", blocks::silence_plan(plan, silent_names));
    golden("silence_plan_done", blocks::silence_plan({.note = "It is silent.", .done = true, .undo = "3:1"}, {}));
    golden("silence_plan_refused", blocks::silence_plan({.note = "Only members of team payments can."}, {}));
    plan.what.reason = hostile_silence + std::string(3'000, 'r');
    plan.what.services = std::vector<std::string>(20, hostile_silence + std::string(150, 's'));
    plan.open = std::vector<std::string>(50, hostile_silence + std::string(300, 't'));
    plan.open_count = 50;
    plan.grave = {hostile_silence + std::string(600, 'g')};
    CHECK(workspace::problems_in_view(blocks::silence_plan(plan, {}), "modal") == std::vector<std::string>{});
}
