#include "catch.hpp"
#include "config/nearest.hpp"
#include "config/oncall_yaml.hpp"

#include <fstream>

using namespace config;

namespace {

Parsed read(std::string_view text)
{
    return parse(
        text, [](const std::string& name) { return name == "KEY" ? std::optional<std::string>{"from-env"} : std::nullopt; });
}

/// The one problem of a text, as "line:column what".
std::string problem(std::string_view text)
{
    const auto parsed = read(text);
    std::string all;
    for (const auto& one : parsed.problems)
        all += std::to_string(one.line) + ":" + std::to_string(one.column) + " " + one.what + " | " + one.fix + "\n";
    return all;
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != text.npos; }

} // namespace

TEST_CASE("The sample configuration has no problems and says what it looks like", "[config]")
{
    std::ifstream file{std::string{ONCALL_SOURCE_DIR} + "/manifest/oncall.yaml"};
    const std::string text{std::istreambuf_iterator<char>{file}, {}};
    CHECK(problem(text) == "");
    const auto all = read(text).configuration;
    CHECK(all.teams.at("payments").members.size() == 3);
    CHECK(all.services.at("checkout").tier == 1);
    const auto& policy = all.policies.at("payments");
    REQUIRE(policy.levels.size() == 3);
    CHECK(policy.repeat == 1);
    CHECK(policy.levels[0].retries == 1);
    CHECK(policy.levels[1].patience == oncall::milliseconds{600'000});
    CHECK(policy.levels[2].targets[1] == oncall::Target{oncall::TargetKind::channel, "#war-room"});
    CHECK(all.schedules.at("payments").rotations.at(0).turns.size() == 3);
    CHECK(all.sources.at("scripts").service == "checkout");
    CHECK(all.rules.size() == 2);
}

TEST_CASE("All problems are reported at once, in the file's order, each with its place and fix", "[config]")
{
    const auto parsed = read("teams:\n"
                             "  a: {chanel: \"#a\", policy: nobody}\n"
                             "schedules:\n"
                             "  s:\n"
                             "    time_zone: Europe/Berln\n"
                             "    rotations:\n"
                             "      - {start: yesterday, users: []}\n"
                             "polices: {}\n");
    REQUIRE(parsed.problems.size() == 6);
    CHECK(parsed.problems[0].line == 2);
    CHECK(parsed.problems[0].column == 7);
    CHECK(has(parsed.problems[0].fix, "`channel`"));
    CHECK(has(parsed.problems[1].what, "no policy `nobody`"));
    CHECK(parsed.problems[2].line == 5);
    CHECK(has(parsed.problems[2].what, "Europe/Berln"));
    CHECK(parsed.problems[5].line == 8);
    CHECK(has(parsed.problems[5].fix, "did you mean `policies`?"));
    CHECK(describe("oncall.yaml", parsed.problems[0])
        == "oncall.yaml:2:7: team a has no key `chanel`. Fix: did you mean `channel`?");
}

TEST_CASE("What cannot work is refused", "[config]")
{
    CHECK(has(problem("teams: {a: {}, a: {}}"), "`a` is there twice"));
    CHECK(has(problem("services: {s: {}}"), "nobody would be paged for service s"));
    CHECK(has(problem("teams: {t: {}}\nservices: {s: {team: t}}"), "2:12 nobody would be paged"));
    CHECK(has(problem("policies: {p: {}}"), "has no levels"));
    CHECK(has(problem("policies: {p: {levels: [{targets: []}]}}"), "no targets"));
    CHECK(has(problem("policies: {p: {levels: [{targets: [ana@x.com]}]}}"), "is no target"));
    CHECK(has(problem("policies: {p: {levels: [{targets: [\"user:ana\"]}]}}"), "is no person"));
    CHECK(has(problem("policies: {p: {levels: [{targets: [\"user:a@b.c\"], patience: soon}]}}"), "`patience`"));
    CHECK(has(problem("policies: {p: {levels: [{targets: [\"user:a@b.c\"], retries: -1}]}}"), "whole number"));
    CHECK(has(problem("sources: {a: {format: xml}}"), "no format that is known"));
    CHECK(has(problem("sources: {a: {format: pagerdty}}"), "did you mean `pagerduty`?"));
    CHECK(has(problem("sources: {a: {format: generic, key: k}, b: {format: generic, key: k}}"), "the same key"));
    CHECK(has(problem("sources: {a: {format: generic, key_env: NOT_SET}}"), "NOT_SET is not set"));
    CHECK(has(problem("sources: {a: {format: generic, key: k, key_env: KEY}}"), "more than one key"));
    CHECK(has(problem("sources: {a: {format: generic, key_hash: abc}}"), "SHA-256"));
    CHECK(has(problem("rules: [{when: {field: colour, is: red}, then: {}}]"), "no field `colour`"));
    CHECK(has(problem("rules: [{name: r, when: {all: []}, then: {}}]"), "no conditions"));
    CHECK(has(problem("rules: [{name: r, when: {field: title, is: x, all: []}, then: {}}]"), "a condition is one thing"));
    CHECK(has(problem("teams: ["), "this is no YAML"));
    CHECK(has(problem("- 1"), "must be a mapping"));
    CHECK(has(problem("teams: {t: {members: [a@b.c, a@b.c]}}"), "there twice"));
}

TEST_CASE("Deep nesting ends in a problem, not in a crash", "[config]")
{
    CHECK_FALSE(problem(std::string(100'000, '[')).empty());
    std::string deep = "rules: [{name: r, then: {}, when: ";
    for (int i = 0; i < 60; ++i)
        deep += "{not: ";
    deep += "{field: title, is: x}" + std::string(60, '}') + "}]";
    CHECK(has(problem(deep), "nested too deeply"));
}

TEST_CASE("A key may come from the environment, and a source may have none", "[config]")
{
    const auto all = read("sources: {a: {format: generic, key_env: KEY}, b: {format: generic}}").configuration;
    CHECK(all.sources.at("a").key == "from-env");
    CHECK(all.sources.at("b").key.empty());
}

TEST_CASE("The nearest word is what somebody meant", "[config]")
{
    const std::vector<std::string> verbs{"ack", "escalate", "resolve", "snooze", "who"};
    CHECK(nearest("resovle", verbs) == "resolve");
    CHECK(nearest("ECSALATE", verbs) == "escalate");
    CHECK(nearest("akc", verbs) == "ack");
    CHECK(nearest("banana", verbs) == std::nullopt);
    CHECK(nearest("", verbs) == std::nullopt);
}
