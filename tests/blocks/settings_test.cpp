#include "blocks/golden.hpp"
#include "blocks/settings.hpp"
#include "blocks/sound.hpp"
#include "catch.hpp"
#include "handlers/policy_form.hpp"
#include "handlers/settings_forms.hpp"
#include "noon.hpp"
#include "workspace/block_kit.hpp"

using blocks::View;

namespace {

oncall::Configuration sample()
{
    oncall::Configuration all;
    all.schedules["payments"] = {.name = "payments", .time_zone = "Europe/Berlin"};
    all.policies["payments"] = {.name = "payments", .repeat = 2};
    oncall::Level first, second;
    first.targets = {{oncall::TargetKind::schedule, "payments"}};
    first.retries = 1;
    second.targets = {{oncall::TargetKind::user, "ana@example.com"}, {oncall::TargetKind::channel, "#war-room"}};
    all.policies["payments"].levels = {first, second};
    all.teams["payments"] = {.name = "payments",
        .channel = "#payments-alerts",
        .members = {"ana@example.com", "gone@example.com"},
        .policy = "payments"};
    all.services["checkout"] = {.name = "checkout", .team = "payments", .tier = 1, .runbook = "https://wiki.example.com/c"};
    all.sources["grafana"] = {.name = "grafana", .format = "generic", .service = "checkout", .team = "payments"};
    all.heartbeats["backup"] = {.name = "backup",
        .source = "grafana",
        .every = std::chrono::hours{24},
        .grace = std::chrono::hours{2},
        .service = "checkout",
        .severity = "critical",
        .description = "The nightly <!channel> copy."};
    for (const std::string name : {"first", "<!channel> *x*"}) {
        oncall::Rule rule;
        rule.name = name;
        rule.when = {.kind = oncall::Condition::Kind::is, .field = "severity", .value = "critical"};
        rule.service = "checkout";
        rule.page = false;
        all.rules.push_back(rule);
    }
    return all;
}

void look(const std::string& name, const View& view)
{
    INFO(name);
    CHECK(workspace::problems_in_view(view, "modal") == std::vector<std::string>{});
    for (const auto& text : texts(view))
        CHECK(unsound_text(text.starts_with("<!channel>") ? "" : text, {}) == std::vector<std::string>{});
    golden(name, view);
}

View form_of(const std::string& kind, const std::string& name, bool fresh = false)
{
    const handlers::Naming people{{{"ana@example.com", "U01ANA00000"}}, {{"U01ANA00000", "ana@example.com"}}};
    const handlers::Subject subject{kind, name, fresh};
    const auto values = handlers::values_of(subject, sample(), people);
    blocks::Form form;
    form.title = "Form";
    form.submit = "Check";
    form.callback = blocks::view::settings_form;
    form.parts = handlers::parts_of(subject, values, sample(), people);
    return blocks::form(form, values);
}

} // namespace

TEST_CASE("The settings look as they did when somebody last looked at them", "[blocks][settings]")
{
    for (const auto& kind : blocks::settings_kinds())
        look("settings_" + std::string{kind.kind}, blocks::settings_list(sample(), kind.kind, 0));
    look("settings_none", blocks::settings_list({}, "rule", 7));
    look("settings_form_team", form_of("team", "payments"));
    look("settings_form_service", form_of("service", "checkout"));
    look("settings_form_policy", form_of("policy", "payments"));
    look("settings_form_source", form_of("source", "grafana"));
    look("settings_form_heartbeat", form_of("heartbeat", "backup"));
    look("settings_form_rule", form_of("rule", "<!channel> *x*"));
    look("settings_form_new_policy", form_of("policy", "", true));

    const blocks::Names names{{"U02BO000000", "Bo"}};
    blocks::PlanView plan;
    plan.draft = "d1";
    plan.note = "<@U02BO000000> changed it meanwhile";
    plan.lines = {"policy payments", "• level 1, patience: 5m → <!channel>"};
    look("settings_plan", blocks::settings_plan(plan, names));
    auto mapped = plan;
    mapped.note.clear();
    mapped.lines = {"source scripts", "• mapping: - → title: /event/headline"};
    mapped.warnings = {"1 of what it sent last could be read until now."};
    mapped.becomes.resize(1);
    mapped.becomes[0].title = "The disk is full <!channel>";
    mapped.becomes[0].facts = {"From source scripts, format generic"};
    mapped.becomes[0].lines = {"0 min: <@U02BO000000>"};
    look("settings_plan_of_a_mapping", blocks::settings_plan(mapped, names));
    auto tried = plan;
    tried.note.clear();
    tried.lines = {"new: rule disks", "• delay: 10m"};
    tried.forecast = {"What it would have made of the alerts that came:",
        "Of the 30 alerts of the last 7 days it would have met 1. Something would have been different for 1.",
        "Alert #2 “Disk <!channel> is full”, <!date^1793707200^{date_short_pretty} {time}|2026-11-03>: pages 10m later"};
    look("settings_plan_of_a_rule", blocks::settings_plan(tried, names));
    plan.draft.clear();
    plan.note.clear();
    plan.lines = {"policy payments is used by team payments."};
    look("settings_refused", blocks::settings_plan(plan, names));
    look("settings_saved", blocks::settings_saved({"policy payments", "• repeat: 1 → 2"}, names));
    look("settings_rotate", blocks::settings_rotate("grafana"));
    blocks::KeyView key{"grafana", "generic", "https://oncall.example.com", "k3y", noon};
    look("settings_key", blocks::settings_key(key));
    key.format = "pagerduty";
    key.old_until.reset();
    look("settings_key_pagerduty", blocks::settings_key(key));
}

TEST_CASE("However many things there are, a view of the settings is one that Slack takes", "[blocks][settings]")
{
    auto all = sample();
    for (int i = 0; i < 500; ++i) {
        const auto name = "<@U1> " + std::string(70, 'x') + std::to_string(i);
        all.teams[name] = {.name = name, .channel = std::string(3'000, '#')};
        all.services[name].name = all.policies[name].name = all.sources[name].name = all.schedules[name].name = name;
        all.heartbeats[name].name = name;
        all.rules.push_back({.name = name});
    }
    for (const auto& kind : blocks::settings_kinds())
        for (const std::size_t page : {0, 1, 12, 13, 1'000}) {
            INFO(kind.kind << " " << page);
            CHECK(
                workspace::problems_in_view(blocks::settings_list(all, kind.kind, page), "modal") == std::vector<std::string>{});
        }
    const handlers::Naming nobody;
    for (const std::string kind : {"team", "service", "policy", "source", "heartbeat", "rule"}) {
        INFO(kind);
        const handlers::Subject subject{kind, "", true};
        auto values = handlers::values_of(subject, all, nobody);
        for (int i = 0; i < 20; ++i)
            handlers::add_level(values);
        blocks::Form form;
        form.title = "New";
        form.submit = "Check";
        form.callback = "x";
        form.parts = handlers::parts_of(subject, values, all, nobody);
        CHECK(workspace::problems_in_view(blocks::form(form, values), "modal") == std::vector<std::string>{});
    }
    blocks::PlanView plan;
    plan.draft = "d1";
    plan.lines.assign(500, std::string(10'000, '<'));
    const auto view = blocks::settings_plan(plan, {});
    CHECK(workspace::problems_in_view(view, "modal") == std::vector<std::string>{});
    CHECK(view["blocks"].back()["text"]["text"] == "and 441 lines more");
    CHECK(workspace::problems_in_view(blocks::settings_saved(plan.lines, {}), "modal") == std::vector<std::string>{});
}

TEST_CASE("What stands in a form comes back from it, whatever the kind of field", "[blocks][settings]")
{
    const auto state = slack::parse(R"({
        "name": {"value": {"type": "plain_text_input", "value": " x "}},
        "empty": {"value": {"type": "plain_text_input", "value": null}},
        "levels[0].people#3": {"value": {"type": "multi_users_select", "selected_users": ["U1", "U2"]}},
        "policy": {"options.policy": {"type": "static_select", "selected_option": {"text": {}, "value": "=p"}}},
        "none": {"value": {"type": "static_select", "selected_option": null}},
        "targets": {"options.target": {"type": "multi_external_select", "selected_options": [{"value": "team:a"}, {"value": "team:b"}]}},
        "odd": 7, "odder": {"value": []}})");
    CHECK(blocks::form_values(state)
        == blocks::Values{{"name", {" x "}}, {"empty", {}}, {"levels[0].people", {"U1", "U2"}}, {"policy", {"=p"}}, {"none", {}},
            {"targets", {"team:a", "team:b"}}});
    CHECK(blocks::form_values(nullptr).empty());
    CHECK(blocks::field_block("levels[0].people", 3) == "levels[0].people#3");
    CHECK(blocks::field_block("name", 0) == "name");
}
