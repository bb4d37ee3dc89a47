#include "catch.hpp"
#include "config/nothing.hpp"
#include "config/rule_yaml.hpp"

namespace {

config::Parsed rules_in(const std::string& rules)
{
    return config::parse("teams: {a: {policy: p, members: [ana@example.com]}}\nservices: {s: {team: a}}\n"
                         "policies: {p: {levels: [{targets: [\"team:a\"]}]}}\n"
                         "rules:\n"
            + rules,
        nothing);
}

} // namespace

TEST_CASE("What a rule's form has in one field is written and read as in the file", "[config][rule]")
{
    oncall::Rule bare;
    bare.name = "r";
    bare.service = "s";
    CHECK(config::further_yaml(bare).empty());
    auto rule = bare;
    rule.default_service = "t";
    rule.team = "a";
    rule.policy = "p";
    rule.severity = "error";
    rule.title = "{{labels.x}}: {{title}}";
    rule.delay = std::chrono::minutes{5};
    rule.group = {"{{labels.cluster}}", std::chrono::minutes{10}};
    rule.suppress = rule.goes_on = true;
    const auto yaml = config::further_yaml(rule);
    INFO(yaml);
    const auto read = config::parse_further(yaml, bare);
    CHECK(read.problems.empty());
    CHECK(read.rule == rule);
    CHECK(config::parse_further("", rule).rule == bare);
    const auto wrong = config::parse_further("delay: 5m\nservice: s\n", bare);
    REQUIRE(wrong.problems.size() == 1);
    CHECK(std::pair{wrong.problems[0].line, wrong.problems[0].column} == std::pair{2, 1});
}

TEST_CASE("A rule of the file has all that a rule may say, and limits to it", "[config][rule]")
{
    const auto parsed = rules_in(R"(
  - name: r
    when:
      all:
        - {field: title, matches: '(?i)db-\d+'}
        - {field: labels.env, in: [prod, live]}
        - {field: labels.x, exists: false}
        - {field: labels.usage, greater: 90}
        - {during: {time_zone: Europe/Berlin, windows: [{days: [mon], from: "09:00", to: "17:00"}]}}
    then: {default_service: s, team: a, policy: p, severity: error, title: "{{title}}!", delay: 5m,
      group: {by: "{{labels.cluster}}"}, continue: true}
)");
    for (const auto& problem : parsed.problems)
        FAIL(config::describe("", problem));
    const auto& rule = parsed.configuration.rules.at(0);
    using Kind = oncall::Condition::Kind;
    REQUIRE(rule.when.parts.size() == 5);
    CHECK(rule.when.parts[0].value == "(?i)db-\\d+");
    CHECK(rule.when.parts[1].values == std::vector<std::string>{"prod", "live"});
    CHECK(rule.when.parts[2].kind == Kind::no);
    CHECK(rule.when.parts[2].parts.at(0).kind == Kind::exists);
    CHECK(rule.when.parts[3].value == "90");
    CHECK(rule.when.parts[4].hours.windows.size() == 1);
    CHECK(rule.group.within == oncall::Grouping{}.within);
    CHECK(rule.goes_on);

    const auto says = [](const std::string& rules, const std::string& words) {
        const auto problems = rules_in(rules).problems;
        for (const auto& problem : problems)
            if (problem.what.find(words) != std::string::npos)
                return problems.size() < 5;
        return false;
    };
    std::string parts, rules, values, deep = "{field: title, is: x}";
    for (int i = 0; i < 5'000; ++i) {
        parts += (i == 0 ? "" : ", ") + std::string{"{field: title, is: x}"};
        values += (i == 0 ? "a" : ", a") + std::to_string(i);
    }
    for (int i = 0; i < 1'001; ++i)
        rules += "  - {name: r" + std::to_string(i) + ", when: {field: title, is: x}, then: {service: s}}\n";
    for (int i = 0; i < 14; ++i)
        deep = "{not: " + deep + "}";
    CHECK(says("  - {name: r, when: {any: [" + parts + "]}, then: {}}\n", "more than 200 conditions"));
    CHECK(says("  - {name: r, when: {field: title, in: [" + values + "]}, then: {}}\n", "more than 1000 values"));
    CHECK(says("  - {name: r, when: " + deep + ", then: {}}\n", "nested too deeply"));
    CHECK(says("  - {name: r, when: {field: title, matches: \"" + std::string(1'001, 'a') + "\"}, then: {}}\n",
        "longer than 1000 bytes"));
    CHECK(says(rules, "more than 1000 rules"));
}
