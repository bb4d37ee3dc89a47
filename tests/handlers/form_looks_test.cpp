#include "blocks/golden.hpp"
#include "blocks/settings.hpp"
#include "catch.hpp"
#include "handlers/policy_form.hpp"
#include "handlers/rule_form.hpp"
#include "handlers/schedule_draft.hpp"
#include "handlers/settings.hpp"
#include "handlers/sun_form.hpp"
#include "noon.hpp"
#include "workspace/block_kit.hpp"

/// The forms that the handlers put together, as they are sent.

using namespace handlers;
using namespace std::chrono_literals;
using blocks::Values;

namespace {

Surroundings looked_at_from()
{
    oncall::Configuration all;
    auto& schedule = all.schedules["payments"];
    schedule.name = "payments";
    schedule.time_zone = "Europe/Berlin";
    oncall::Rotation weekly;
    weekly.name = "weekly <!here>";
    weekly.start = *oncall::local_time_in("2026-11-02T09:00");
    weekly.turns = {{"ana@example.com"}, {"bo@example.com"}};
    schedule.rotations = {weekly};
    auto& policy = all.policies["payments"];
    policy.name = "payments";
    policy.levels.push_back({{*oncall::target_in("schedule:payments"), *oncall::target_in("user:ana@example.com"),
                                 *oncall::target_in("channel:#war-room")},
        5min, 1});
    policy.levels.push_back({{*oncall::target_in("user:gone@example.com")}, 90s, 0});
    all.sources["grafana"] = {.name = "grafana", .format = "generic", .service = "checkout"};
    all.services["checkout"].name = "checkout";
    Surroundings around;
    around.now = std::make_shared<const oncall::Configuration>(std::move(all));
    around.naming = {{{"ana@example.com", "U1"}, {"bo@example.com", "U2"}}, {{"U1", "ana@example.com"}, {"U2", "bo@example.com"}},
        {{"U1", "Ana"}, {"U2", "Bo <!here>"}}};
    around.names = around.naming.names;
    return around;
}

slack::View settings_look(const FormState& state, const Surroundings& around, const std::vector<std::string>& words = {})
{
    return form_view(state, values_of(state.subject, *around.now, around.naming), around, words);
}

oncall::NotificationRule at_night()
{
    oncall::NotificationRule rule;
    rule.name = "Nights <!channel>";
    rule.windows = {{.days = {oncall::Weekday::mon, oncall::Weekday::sun}, .from = 22h, .to = 7h}};
    rule.steps = {{{"push", "sms:12"}, 90s}, {{"voice"}, 0s}};
    return rule;
}

} // namespace

TEST_CASE(
    "A thing's form looks as it did when somebody last looked at it, with its words and its old key", "[handlers][settings]")
{
    auto around = looked_at_from();
    FormState state;
    state.subject = {"policy", "payments", false};
    state.seen = "0123";
    state.draft = "d7";
    golden("settings_form_view_policy", settings_look(state, around, {"<@U2> changed it meanwhile. <!channel>"}));
    state.level = 0;
    state.generation = 3;
    golden("settings_form_view_level", settings_look(state, around));
    FormState fresh;
    fresh.subject = {"team", "", true};
    golden("settings_form_view_new_team", settings_look(fresh, around));
    FormState source;
    source.subject = {"source", "grafana", false};
    around.old_key_until = noon;
    golden("settings_form_view_source_with_an_old_key", settings_look(source, around));
    golden("settings_refused_to_somebody", refusal_view("Ask <@U1>, who is an admin. <!channel>", around.names));
}

TEST_CASE("A schedule's form, its rotation's and its YAML's look as they did when somebody last looked at them",
    "[handlers][schedule_form]")
{
    const auto around = looked_at_from();
    FormState state;
    state.subject = {"schedule", "payments", false};
    state.seen = "0123";
    state.draft = "d7";
    Values values;
    put_schedule(values, around.now->schedules.at("payments"), noon);
    golden("schedule_view", schedule_view(state, values, around, noon, {"<@U2> changed it meanwhile."}));
    auto rotation = state;
    rotation.level = 0;
    rotation.generation = 2;
    golden("schedule_view_rotation", schedule_view(rotation, values, around, noon));
    values["yaml"] = {"time_zone: Europe/Berlin\nrotations: []\n"};
    golden("schedule_yaml", schedule_yaml_view(state, values, around, noon, true));
    golden("schedule_yaml_without_a_file", schedule_yaml_view(state, values, around, noon, false));
    values["no_room"] = {"1"};
    golden("schedule_yaml_too_long", schedule_yaml_view(state, values, around, noon, true));
    state.subject = {"schedule", "", true};
    golden("schedule_yaml_too_long_without_a_file", schedule_yaml_view(state, values, around, noon, false));
}

TEST_CASE("The form of a schedule that follows the sun looks as it did when somebody last looked at it", "[handlers][sun]")
{
    Values values;
    values["name"] = {"support"};
    values["unit"] = {"=week"};
    values["first"] = {"2026-11-09"};
    values["zone1"] = {"Europe/Berlin"};
    golden("sun_form", sun_form_view(values));
    values["people1"] = {"U1", "U2"};
    values["hours1"] = {std::string(3'000, 'h')};
    CHECK(workspace::problems_in_view(sun_form_view(values), "modal") == std::vector<std::string>{});
}

TEST_CASE("The forms of rules and of quiet hours look as they did when somebody last looked at them", "[handlers][rules]")
{
    oncall::ContactMethod work;
    work.id = {12};
    work.kind = oncall::ContactKind::sms;
    work.address = "+4915123456789";
    work.label = "Work <!here>";
    const auto values = rule_values(at_night());
    auto form =
        rule_form(rule_parts(values, {work}, "Europe/Berlin"), false, oncall::Urgency::high, "It wakes nobody. <!channel>");
    form.metadata = "{}";
    form.generation = 2;
    golden("rule_form", blocks::form(form, values));
    oncall::NotificationRule none;
    none.steps.resize(1);
    const auto empty = rule_values(none);
    golden("rule_form_new", blocks::form(rule_form(rule_parts(empty, {}, ""), true, oncall::Urgency::low, ""), empty));
    golden("quiet_form", blocks::form(quiet_form(quiet_parts("Europe/Berlin")), quiet_values({.from = 22h, .to = 7h})));
    golden("quiet_form_new", blocks::form(quiet_form(quiet_parts("")), {}));
}
