#include "blocks/settings.hpp"
#include "catch.hpp"
#include "config/items.hpp"
#include "config/random_configuration.hpp"
#include "handlers/policy_form.hpp"
#include "handlers/settings_forms.hpp"
#include "oncall/alert.hpp"
#include "workspace/block_kit.hpp"

#include <rapidcheck.h>

using namespace handlers;
using blocks::Values;
using oncall::Configuration;

namespace {

using Texts = std::vector<std::string>;

oncall::Target target(const std::string& text) { return *oncall::target_in(text); }

Configuration sample()
{
    Configuration all;
    all.schedules["payments"].name = "payments";
    all.policies["payments"] = {.name = "payments", .repeat = 1};
    auto& levels = all.policies["payments"].levels;
    levels.push_back(
        {{target("schedule:payments"), target("user:ana@example.com"), target("channel:#war-room")}, std::chrono::minutes{5}, 1});
    levels.push_back({{target("team:payments"), target("user:gone@example.com")}, std::chrono::seconds{90}, 0});
    all.teams["payments"] = {.name = "payments",
        .channel = "#payments",
        .user_group = "@payments",
        .permanent_members = {"bo@example.com"},
        .topic = true,
        .members = {"gone@example.com", "ana@example.com", "@bo"},
        .policy = "payments"};
    all.services["checkout"] = {.name = "checkout", .team = "payments", .tier = 1, .runbook = "https://wiki.example.com/c"};
    all.sources["am"] = {.name = "am", .format = "alertmanager", .service = "checkout"};
    all.heartbeats["backup"] = {
        .name = "backup", .source = "am", .every = std::chrono::hours{24}, .grace = std::chrono::hours{2}};
    oncall::Rule rule;
    rule.name = "critical";
    rule.when = {.kind = oncall::Condition::Kind::is, .field = "severity", .value = "critical"};
    rule.service = "checkout";
    rule.urgency = oncall::Urgency::high;
    rule.page = true;
    all.rules.push_back(rule);
    return all;
}

const Naming people{{{"ana@example.com", "U1"}, {"bo@example.com", "U2"}, {"@bo", "U2"}, {"chi@example.com", "U3"}},
    {{"U1", "ana@example.com"}, {"U2", "bo@example.com"}}};

Filled fill(const Subject& subject, const Values& changes, const Configuration& now = sample())
{
    auto values = values_of(subject, now, people);
    for (const auto& [field, texts] : changes)
        values[field] = texts;
    return filled(subject, values, now, people);
}

/// Every thing a form can be opened for.
std::vector<Subject> subjects(const Configuration& all)
{
    std::vector<Subject> found;
    for (const auto& item : config::items_of(all))
        if (item.kind != "schedule")
            found.push_back({item.kind, item.name, false});
    return found;
}

std::string json_of(const Configuration& all, const Subject& subject)
{
    for (const auto& item : config::items_of(all))
        if (item.kind == subject.kind && item.name == subject.name)
            return item.json;
    return {};
}

} // namespace

TEST_CASE("A form that is sent as it was opened changes nothing", "[handlers][settings]")
{
    for (const auto& subject : subjects(sample())) {
        INFO(subject.kind << " " << subject.name);
        const auto form = fill(subject, {});
        CHECK(form.errors.empty());
        CHECK(form.becomes == sample());
    }
    CHECK(rc::check("for any configuration", [] {
        const auto all = tests::random_configuration([](int most) { return *rc::gen::inRange(0, most); });
        Naming naming;
        int next = 0;
        for (const auto& [person, places] : oncall::people_of(all))
            if (*rc::gen::arbitrary<bool>()) {
                naming.ids[person] = "U" + std::to_string(++next);
                naming.references.emplace(naming.ids[person], person);
            }
        for (const auto& subject : subjects(all)) {
            Values values;
            try {
                values = values_of(subject, all, naming);
            } catch (const oncall::Refusal&) {
                continue; // too much for a form, and says so
            }
            const auto form = filled(subject, values, all, naming);
            RC_ASSERT((form.errors == std::map<std::string, std::string>{}));
            RC_ASSERT(json_of(form.becomes, subject) == json_of(all, subject));
            // And Slack takes it, and gives back what stands in it.
            blocks::Form view;
            view.title = "Edit";
            view.submit = "Check";
            view.callback = "x";
            view.parts = parts_of(subject, values, all, naming);
            RC_ASSERT(workspace::problems_in_view(blocks::form(view, values), "modal") == Texts{});
            for (std::size_t i = 0; subject.kind == "policy" && i < levels_in(values); ++i) {
                view.parts = level_parts(subject.name, values, i, all, naming);
                RC_ASSERT(workspace::problems_in_view(blocks::form(view, values), "modal") == Texts{});
            }
        }
    }));
}

TEST_CASE("A source's form has all that the file says of one, and keeps its signing secret to itself", "[handlers][settings]")
{
    const Subject source{"source", "am", false};
    const auto full = fill(source,
        {{"format", {"=generic"}}, {"auto_resolve", {"90m"}}, {"quiet", {"true"}}, {"signed", {"true"}},
            {"signing_secret", {"a-long-secret"}},
            {"further", {"severities: {P2: warning}\nmapping:\n  fields:\n    title: /a/b"}}});
    CHECK(full.errors.empty());
    const auto& made = full.becomes.sources.at("am");
    CHECK(made.auto_resolve == std::chrono::minutes{90});
    CHECK((made.quiet && made.is_signed));
    CHECK(made.signing_secret == "a-long-secret");
    CHECK(made.severities == std::map<std::string, std::string>{{"p2", "warning"}});
    CHECK(made.mapping.fields.at("title").from == Texts{"/a/b"});
    CHECK(json_of(full.becomes, source).find("a-long-secret") == std::string::npos);
    const auto shown = values_of(source, full.becomes, people);
    CHECK(shown.at("auto_resolve") == Texts{"1h30m"});
    for (const auto& [field, texts] : shown)
        for (const auto& text : texts)
            CHECK(text.find("a-long-secret") == std::string::npos);

    const std::vector<std::tuple<std::string, std::string, std::string>> wrong{{"auto_resolve", "5s", "I can't read that"},
        {"signing_secret", "short", "too short"},
        {"further", "severities: {P2: loud}", "Line 1, column 18: there is no severity"},
        {"further", "key: abc", "has no key `key`"}, {"further", "mapping: {fields: {title: x}}", "no JSON pointer"},
        {"further", "branches: [main]", "says nothing with format alertmanager"}, {"further", "{", "this is no YAML"}};
    for (const auto& [field, text, words] : wrong) {
        INFO(field << ": " << text);
        const auto* const format = text.starts_with("mapping") ? "=generic" : "=alertmanager"; // that says something of its own
        const auto form = fill(source, {{"format", {format}}, {field, {text}}});
        REQUIRE(form.errors.contains(field));
        CHECK(form.errors.at(field).find(words) != std::string::npos);
    }
    const auto never = fill(source, {{"format", {"=azure"}}, {"signed", {"true"}}});
    REQUIRE(never.errors.contains("signed"));
    CHECK(never.errors.at("signed").find("never signed") != std::string::npos);
    CHECK(field_of(source, sample(), "source am.mapping.fields.title") == "further");
    CHECK(field_of(source, sample(), "source am.auto_resolve") == "auto_resolve");
}

TEST_CASE("People keep the words the configuration has for them", "[handlers][settings]")
{
    const Subject team{"team", "payments", false};
    CHECK(values_of(team, sample(), people).at("members") == Texts{"U1", "U2"});
    CHECK(values_of(team, sample(), people).at("members.unknown") == Texts{"gone@example.com"});
    const auto added = fill(team, {{"members", {"U3", "U2", "U1", "U9"}}});
    CHECK(added.becomes.teams.at("payments").members == Texts{"gone@example.com", "ana@example.com", "@bo", "U3", "U9"});
    const auto less = fill(team, {{"members", {"U2"}}, {"members.unknown", {}}});
    CHECK(less.becomes.teams.at("payments").members == Texts{"@bo"});
    const auto known = fill(team, {{"permanent_members", {"U1"}}});
    CHECK(known.becomes.teams.at("payments").permanent_members == Texts{"ana@example.com"});
}

TEST_CASE("What a team's channel is told is chosen in its form", "[handlers][settings]")
{
    const Subject team{"team", "payments", false};
    CHECK(values_of(team, sample(), people).at("verbosity") == Texts{"=thread"});
    const auto calm = fill(team, {{"verbosity", {"=cards"}}});
    CHECK(calm.becomes.teams.at("payments").verbosity == oncall::Verbosity::cards);
    CHECK(json_of(calm.becomes, team).find(R"("verbosity":"cards")") != std::string::npos);
    CHECK(fill(team, {{"verbosity", {"=thread"}}}, calm.becomes).becomes == sample());
    CHECK(fill(team, {{"verbosity", {}}}).becomes == sample());
}

TEST_CASE("Channels and groups are taken as people write them", "[handlers][settings]")
{
    const Subject team{"team", "payments", false};
    for (const auto& [typed, means] : std::vector<std::pair<std::string, std::string>>{
             {"ops", "#ops"}, {" #ops ", "#ops"}, {"C0123ABCD", "C0123ABCD"}, {"<#C0123ABCD|ops>", "C0123ABCD"}, {"", ""}})
        CHECK(fill(team, {{"channel", {typed}}}).becomes.teams.at("payments").channel == means);
    CHECK(fill(team, {{"user_group", {"oncall"}}}).becomes.teams.at("payments").user_group == "@oncall");
    const Subject policy{"policy", "payments", false};
    auto values = values_of(policy, sample(), people);
    values["levels[1].add_others"] = {"ops, #war-room\nC0123ABCD @payments-oncall https://example.com/hook"};
    take_added(values, 1, people);
    CHECK_FALSE(values.contains("levels[1].add_others"));
    const auto& targets = values.at("levels[1].targets");
    CHECK(Texts(targets.begin() + 2, targets.end())
        == Texts{"channel:#ops", "channel:#war-room", "channel:C0123ABCD", "user_group:@payments-oncall",
            "webhook:https://example.com/hook"});
}

TEST_CASE("Levels are added, moved and removed with what was typed in them", "[handlers][settings]")
{
    const Subject policy{"policy", "payments", false};
    auto values = values_of(policy, sample(), people);
    values["levels[0].patience"] = {"not yet"};
    move_level(values, 0, 1);
    CHECK(values.at("levels[1].patience") == Texts{"not yet"});
    CHECK(values.at("levels[1].targets") == Texts{"schedule:payments", "user:ana@example.com", "channel:#war-room"});
    CHECK(values.at("levels[0].targets") == Texts{"team:payments", "user:gone@example.com"});
    add_level(values);
    CHECK(levels_in(values) == 3);
    CHECK(values.at("levels[2].patience") == Texts{"5m"});
    remove_level(values, 1);
    CHECK(levels_in(values) == 2);
    values["levels[1].targets"] = {"team:payments"};
    const auto form = filled(policy, values, sample(), people);
    CHECK(form.errors.empty());
    CHECK(form.becomes.policies.at("payments").levels.size() == 2);
    CHECK(form.becomes.policies.at("payments").levels[0] == sample().policies.at("payments").levels[1]);
    remove_level(values, 1);
    remove_level(values, 0);
    CHECK(levels_in(values) == 1);
    for (int i = 0; i < 30; ++i)
        add_level(values);
    CHECK(levels_in(values) == 20);
    move_level(values, 19, 20);
    move_level(values, 40, 3);
    remove_level(values, 40);
    CHECK(levels_in(values) == 20);
}

TEST_CASE("Targets are added, moved and removed, and people keep the configuration's words", "[handlers][settings]")
{
    const Subject policy{"policy", "payments", false};
    auto values = values_of(policy, sample(), people);
    values["levels[0].add_people"] = {"U2", "U1", "U9"};
    values["levels[0].add_targets"] = {"team:payments", "schedule:payments", "no target"};
    take_added(values, 0, people);
    CHECK(values.at("levels[0].targets")
        == Texts{
            "schedule:payments", "user:ana@example.com", "channel:#war-room", "user:bo@example.com", "user:U9", "team:payments"});
    move_target(values, 0, 5, 4);
    move_target(values, 0, 0, 17);
    move_target(values, 7, 0, 1);
    remove_target(values, 0, 1);
    remove_target(values, 0, 17);
    CHECK(values.at("levels[0].targets")
        == Texts{"schedule:payments", "channel:#war-room", "user:bo@example.com", "team:payments", "user:U9"});
    const auto form = filled(policy, values, sample(), people);
    CHECK(form.errors.empty());
    CHECK(form.becomes.policies.at("payments").levels[0].targets[3] == target("team:payments"));
}

TEST_CASE("Everything a policy can say goes into its forms and comes back", "[handlers][settings]")
{
    auto all = sample();
    auto& policy = all.policies.at("payments");
    policy.repeat = 0;
    policy.until_answered = policy.low_urgency_in_channel = policy.refire_pages = true;
    policy.rise_pages = false;
    policy.still_on_it = std::chrono::minutes{30};
    auto& level = policy.levels.front();
    level.order = oncall::Order::round_robin;
    level.acknowledgements = 2;
    level.when = {oncall::Urgency::low, {"critical", "error"}, false};
    level.wait_for_working_hours = true;
    const auto form = fill({"policy", "payments", false}, {}, all);
    CHECK(form.errors.empty());
    CHECK(form.becomes == all);
    const auto other = fill({"policy", "payments", false},
        {{"repeat", {"3"}}, {"until_answered", {}}, {"low_urgency", {}}, {"refire", {}}, {"rise", {"true"}},
            {"still_on_it", {""}}, {"levels[0].order", {"=one_by_one"}}, {"levels[0].acknowledgements", {""}},
            {"levels[0].urgency", {"-"}}, {"levels[0].severities", {"Critical,  WARNING, critical"}},
            {"levels[0].working_hours", {"=true"}}, {"levels[0].wait", {}}},
        all);
    const auto& becomes = other.becomes.policies.at("payments");
    CHECK(becomes.repeat == 3);
    CHECK_FALSE((becomes.until_answered || becomes.low_urgency_in_channel || becomes.refire_pages));
    CHECK(becomes.rise_pages);
    CHECK(becomes.still_on_it.count() == 0);
    CHECK(becomes.levels[0].order == oncall::Order::one_by_one);
    CHECK(becomes.levels[0].acknowledgements == 1);
    CHECK(becomes.levels[0].when == oncall::LevelCondition{std::nullopt, {"critical", "warning"}, true});
    CHECK_FALSE(becomes.levels[0].wait_for_working_hours);
}

TEST_CASE("Twenty levels of twenty-five targets fit into the forms of a policy, and more are refused with words",
    "[handlers][settings]")
{
    auto all = sample();
    auto& policy = all.policies.at("payments");
    oncall::Level level;
    for (int i = 0; i < 25; ++i)
        level.targets.push_back(target("user:" + std::string(200, 'x') + std::to_string(i) + "@example.com"));
    level.when = {oncall::Urgency::high, {std::string(2'000, 's')}, true};
    policy.levels.assign(20, level);
    const Subject subject{"policy", "payments", false};
    const auto takes = [&](std::vector<blocks::Part> parts, const Values& values) {
        blocks::Form view;
        view.title = "Edit";
        view.submit = "Check";
        view.callback = "x";
        view.parts = std::move(parts);
        return workspace::problems_in_view(blocks::form(view, values), "modal");
    };
    for (int i = 0; i < 300; ++i)
        all.schedules["s" + std::to_string(i)].rotations.resize(2, {.name = std::string(80, 'r')});
    const auto values = values_of(subject, all, people);
    CHECK(takes(parts_of(subject, values, all, people), values) == Texts{});
    for (std::size_t i = 0; i < 20; ++i)
        CHECK(takes(level_parts("payments", values, i, all, people), values) == Texts{});
    CHECK(filled(subject, values, all, people).errors.empty());

    auto more = values;
    more["levels[3].add_people"] = {"U1"};
    take_added(more, 3, people);
    const auto errors = filled(subject, more, all, people).errors;
    REQUIRE(errors.contains("levels[3].add_people"));
    CHECK(errors.at("levels[3].add_people").starts_with("Level 4 has 26 targets, and a form takes 25."));
    policy.levels.push_back(level);
    CHECK_THROWS_WITH(values_of(subject, all, people),
        "policy payments has more levels than fit into a form of Slack (20). Change it in oncall.yaml.");
    policy.levels.resize(1);
    policy.levels.front().targets.push_back(target("channel:#one-too-many"));
    CHECK_THROWS_WITH(values_of(subject, all, people),
        "Level 1 of policy payments has more targets than fit into a form of Slack (25). Change it in oncall.yaml.");
}

TEST_CASE("What cannot be read is said at its field", "[handlers][settings]")
{
    const auto error = [](const Subject& subject, const Values& changes, const std::string& field) {
        const auto form = fill(subject, changes);
        return form.errors.contains(field) ? form.errors.at(field) : "no error";
    };
    CHECK(error({"policy", "payments", false}, {{"levels[1].patience", {"soon"}}}, "levels[1].patience")
        == "This is no time. Write it as 30s, 5m, 2h or 1d.");
    CHECK(error({"policy", "payments", false}, {{"still_on_it", {"soon"}}}, "still_on_it")
        == "This is no time. Write it as 30s, 5m, 2h or 1d.");
    CHECK(error({"policy", "payments", false}, {{"levels[1].targets", {}}}, "levels[1].add_people")
        == "Level 2 pages nobody: choose somebody, or remove it.");
    CHECK(error({"team", "", true}, {{"name", {"  "}}}, "name") == "Give it a name.");
    CHECK(error({"team", "", true}, {{"name", {" payments"}}}, "name") == "There is a team of that name already.");
    CHECK(error({"rule", "", true}, {{"name", {"critical"}}}, "name") == "There is a rule of that name already.");
    CHECK(error({"rule", "critical", false}, {{"when", {"any:\n- {field: severity, is: x}\n- {feild: y, is: z}"}}}, "when")
              .starts_with("Line 3, column "));
    CHECK_THROWS_AS(fill({"team", "unheard of", false}, {}), oncall::Refusal);
}

TEST_CASE("A problem is shown at the field it is about", "[handlers][settings]")
{
    const auto all = sample();
    const Subject policy{"policy", "payments", false}, team{"team", "payments", false}, rule{"rule", "critical", false};
    CHECK(field_of(team, all, "team payments.channel") == "channel");
    CHECK(field_of(team, all, "team payments.members[2]") == "members");
    CHECK(field_of(team, all, "team payments") == "");
    CHECK(field_of(team, all, "team payments2.channel") == "");
    CHECK(field_of(team, all, "service checkout.team") == "");
    CHECK(field_of({"team", "payments", true}, all, "team payments") == "name");
    CHECK(field_of(policy, all, "policy payments.repeat") == "repeat");
    CHECK(field_of(policy, all, "policy payments.levels[1].patience") == "levels[1].patience");
    CHECK(field_of(policy, all, "policy payments.levels[0].targets[0]") == "levels[0].add_targets");
    CHECK(field_of(policy, all, "policy payments.levels[0].targets[1]") == "levels[0].add_people");
    CHECK(field_of(policy, all, "policy payments.levels[0].targets[2]") == "levels[0].add_others");
    CHECK(field_of(policy, all, "policy payments.levels[0].targets") == "levels[0].add_people");
    CHECK(field_of(policy, all, "policy payments.levels[0].when.urgency") == "levels[0].urgency");
    CHECK(field_of(policy, all, "policy payments.levels[0].when.severity[1]") == "levels[0].severities");
    CHECK(field_of(policy, all, "policy payments.levels[0].wait_for_working_hours") == "levels[0].wait");
    CHECK(field_of(policy, all, "policy payments.again.rise") == "rise");
    CHECK(field_of(policy, all, "policy payments.still_on_it") == "still_on_it");
    CHECK(field_of(rule, all, "rule critical.when.all[0].field") == "when");
    CHECK(field_of(rule, all, "rule critical.then.service") == "then.service");
    CHECK(field_of(rule, all, "rule critical.then.group.by") == "further");
}

TEST_CASE("Conditions are written a line each, or as the file has them", "[handlers][settings]")
{
    using Kind = oncall::Condition::Kind;
    const auto is = [](std::string field, std::string value) {
        return oncall::Condition{Kind::is, {}, std::move(field), std::move(value)};
    };
    CHECK(condition_out(is("severity", "critical")) == "severity = critical");
    CHECK(condition_out({Kind::all, {is("severity", "critical"), is("labels.team", "a = b: [c]")}, {}, {}})
        == "severity = critical\nlabels.team = a = b: [c]");
    CHECK(condition_in("severity=critical\n\n labels.team =  payments ").condition
        == oncall::Condition{Kind::all, {is("severity", "critical"), is("labels.team", "payments")}, {}, {}});
    CHECK(condition_in("not: {field: severity, is: info}").condition
        == oncall::Condition{Kind::no, {is("severity", "info")}, {}, {}});
    CHECK(condition_in(R"({"any": [{"field": "title", "is": "x = y"}]})").condition
        == oncall::Condition{Kind::any, {is("title", "x = y")}, {}, {}});

    const auto error = [](const std::string& text) { return condition_in(text).error; };
    CHECK(error(" \n") == "Say which alerts it is for, as severity = critical.");
    CHECK(error("severity = critical\nsevrity = x").starts_with("Line 2: alerts have no field `sevrity`"));
    CHECK(error("severity").starts_with("Line 1"));
    CHECK(error("any: [").starts_with("Line "));
    CHECK(error("{field: severity, is: a}\n{field: severity, is: b}").starts_with("Line "));
    CHECK(error("severity = critical\nany: []").starts_with("Line "));
    CHECK(error("]\n- name: other\n").starts_with("Line "));
    CHECK(rc::check("what is written is read", [] {
        const auto all = tests::random_configuration([](int most) { return *rc::gen::inRange(0, most); });
        for (const auto& rule : all.rules) {
            const auto text = condition_out(rule.when);
            const auto read = condition_in(text);
            RC_LOG() << text << "\n" << read.error;
            RC_ASSERT(read.condition.has_value());
            const bool list_of_one = rule.when.kind == Kind::all && rule.when.parts.size() == 1;
            RC_ASSERT(*read.condition == (list_of_one && read.condition->kind == Kind::is ? rule.when.parts.front() : rule.when));
        }
    }));
}

TEST_CASE("Nothing typed into conditions gets out of them", "[handlers][settings]")
{
    CHECK(rc::check([] {
        const auto pieces =
            *rc::gen::container<Texts>(rc::gen::elementOf(Texts{"a", "=", "\n", "- ", ": ", "{", "}", "[", "]", "\"", "'", "#",
                "---", "...", "&x", "*x", "!!", "rules:", "|", ">", "\t", " ", "field", "is", "severity", "\xFF", "?", "%"}));
        std::string text;
        for (const auto& piece : pieces)
            text += piece;
        const auto read = condition_in(text);
        RC_ASSERT(read.condition.has_value() != !read.error.empty());
    }));
}

TEST_CASE("Fields of levels that are not there are let go", "[handlers][settings]")
{
    blocks::Values values{{"levels[1].people", {"U1"}}, {"levels[99999999999999999999].people", {"U1"}}, {"levels[0", {"x"}}};
    handlers::move_level(values, 0, 1);
    handlers::remove_level(values, 0);
    CHECK(values.empty());
}
