#include "catch.hpp"
#include "config/nearest.hpp"
#include "config/oncall_yaml.hpp"
#include "places.hpp"

#include <fstream>

using namespace config;

namespace {

Parsed parse_with_key(std::string_view text)
{
    return parse(
        text, [](const std::string& name) { return name == "KEY" ? std::optional<std::string>{"from-env"} : std::nullopt; });
}

/// The one problem of a text, as "line:column what".
std::string problem(std::string_view text)
{
    const auto parsed = parse_with_key(text);
    std::string all;
    for (const auto& one : parsed.problems)
        all += std::to_string(one.line) + ":" + std::to_string(one.column) + " " + one.what + " | " + one.fix + "\n";
    return all;
}

} // namespace

TEST_CASE("The sample configuration has no problems and says what it looks like", "[config]")
{
    std::ifstream file{std::string{ONCALL_SOURCE_DIR} + "/manifest/oncall.yaml"};
    const std::string text{std::istreambuf_iterator<char>{file}, {}};
    CHECK(problem(text) == "");
    const auto all = parse_with_key(text).configuration;
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
    const auto parsed = parse_with_key("teams:\n"
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
    const auto all = parse_with_key("sources: {a: {format: generic, key_env: KEY}, b: {format: generic}}").configuration;
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

TEST_CASE("What the sample shows in comments works as it stands there", "[config]")
{
    std::ifstream file{std::string{ONCALL_SOURCE_DIR} + "/manifest/oncall.yaml"};
    std::string text;
    int lines = 0;
    for (std::string line; std::getline(file, line);) {
        const auto sign = line.find("# ");
        const bool shown = sign != line.npos && line.find_first_not_of(' ') == sign
            && (line.find('{') != line.npos || line.find("# overrides:") != line.npos || line.find("# user_group:") != line.npos
                || line.find("# heartbeats:") != line.npos || line.find("# - name: ") != line.npos);
        text += (shown ? line.erase(sign, 2) : line) + "\n";
        lines += shown;
    }
    CHECK(lines == 15);
    CHECK(problem(text) == "");
    const auto all = parse_with_key(text).configuration;
    CHECK(all.teams.at("payments").user_group == "@payments-oncall");
    CHECK(all.schedules.at("payments").rotations.at(1).windows.size() == 2);
    CHECK(all.schedules.at("payments").overrides.size() == 2);
    CHECK(all.heartbeats.at("backup").source == "scripts");
    CHECK(all.rules.size() == 4);
}

TEST_CASE("A schedule says all that rotations can do", "[config][schedules]")
{
    const auto text = R"(
schedules:
  s:
    time_zone: Europe/Berlin
    rotations:
      - name: uneven
        priority: -1
        unit: day
        length: [5, 2]
        start: 2026-11-02T09:00
        begin: 2026-11-01T00:00
        end: 2027-11-01T00:00
        time_zone: America/New_York
        days: [fri, mon]
        windows:
          - {from: 9:00, to: "24:00"}
          - {days: [sun, sat], from: "20:00", to: "08:00"}
          - {from: fri 20:00, to: mon 08:00}
        users: [ana@example.com, [bo@example.com, "@chi"], null]
      - start: 2026-11-02 09:00:30
        handoff_day: thu
        users: [U0123ABC]
        versions: [{from: 2026-12-01T00:00, unit: month, start: 2026-12-31T00:00, users: [null, eve@example.com]}]
      - name: planned
        versions: [{from: 2026-12-01T00:00, start: 2026-12-07T09:00, users: [ana@example.com]}]
    overrides:
      - {from: 2026-12-24T00:00, to: 2026-12-24T01:00Z, put: dee@example.com, instead_of: ana@example.com, rotation: planned}
      - {from: 2026-12-24T00:00+01:00, to: 2026-12-27T00:00-05:00, add: [ana@example.com, bo@example.com]}
      - {from: 2026-10-25T02:30, to: 2026-10-25T02:30+01:00, remove: [ana@example.com]}
    temporary:
      - {from: 2026-12-31T00:00, to: 2027-01-02T00:00}
      - {from: 2026-12-31T00:00, to: 2027-01-02T00:00, shifts: [{from: 2026-12-01T00:00, to: 2027-01-01T00:00Z, users: "@ana"}]}
)";
    CHECK(problem(text) == "");
    using namespace std::chrono_literals;
    using oncall::Weekday;
    const auto local = [](const char* time) { return *oncall::local_time_in(time); };
    const auto at = [](const char* time, const char* zone) { return oncall::to_instant(*oncall::local_time_in(time), zone); };
    const auto schedule = parse_with_key(text).configuration.schedules.at("s");
    REQUIRE(schedule.rotations.size() == 3);
    const auto& uneven = schedule.rotations[0];
    CHECK(uneven.priority == -1);
    CHECK(uneven.unit == oncall::Unit::day);
    CHECK(uneven.lengths == std::vector{5, 2});
    CHECK(uneven.start == local("2026-11-02T09:00"));
    CHECK(uneven.begin == local("2026-11-01T00:00"));
    CHECK(uneven.end == local("2027-11-01T00:00"));
    CHECK(uneven.time_zone == "America/New_York");
    CHECK(uneven.days == std::vector{Weekday::mon, Weekday::fri});
    CHECK(uneven.windows
        == std::vector<oncall::Window>{{.from = 9h, .to = 24h}, {.days = {Weekday::sat, Weekday::sun}, .from = 20h, .to = 8h},
            {.from_day = Weekday::fri, .to_day = Weekday::mon, .from = 20h, .to = 8h}});
    CHECK(uneven.turns == std::vector<oncall::Turn>{{"ana@example.com"}, {"bo@example.com", "@chi"}, {}});
    const auto& nameless = schedule.rotations[1];
    CHECK(nameless.name == "rotation 2");
    CHECK(nameless.start == local("2026-11-02T09:00:30"));
    CHECK(nameless.handoff_day == Weekday::thu);
    REQUIRE(nameless.versions.size() == 1);
    CHECK(nameless.versions[0].name == "rotation 2");
    CHECK(nameless.versions[0].from == local("2026-12-01T00:00"));
    CHECK(nameless.versions[0].unit == oncall::Unit::month);
    CHECK(nameless.versions[0].turns == std::vector<oncall::Turn>{{}, {"eve@example.com"}});
    CHECK(schedule.rotations[2].turns.empty());
    CHECK(schedule.rotations[2].versions.size() == 1);
    REQUIRE(schedule.overrides.size() == 3);
    CHECK(schedule.overrides[0].from == at("2026-12-24T00:00", "Europe/Berlin"));
    CHECK(schedule.overrides[0].to == at("2026-12-24T01:00", "UTC"));
    CHECK(schedule.overrides[0].people == std::vector<std::string>{"dee@example.com"});
    CHECK(schedule.overrides[0].instead_of == "ana@example.com");
    CHECK(schedule.overrides[0].rotation == "planned");
    CHECK(schedule.overrides[1].kind == oncall::Override::Kind::add);
    CHECK(schedule.overrides[1].from == at("2026-12-23T23:00", "UTC"));
    CHECK(schedule.overrides[1].to == at("2026-12-27T05:00", "UTC"));
    // The local time comes twice: without an offset the first is meant.
    CHECK(schedule.overrides[2].to - schedule.overrides[2].from == 1h);
    REQUIRE(schedule.temporary.size() == 2);
    CHECK(schedule.temporary[0].shifts.empty());
    CHECK(schedule.temporary[1].shifts.at(0).from == at("2026-12-01T00:00", "Europe/Berlin"));
    CHECK(schedule.temporary[1].shifts.at(0).people == std::vector<std::string>{"@ana"});
}

TEST_CASE("A temporary schedule's own times are the schedule's, unless they carry an offset", "[config][schedules]")
{
    const auto text = R"(
schedules:
  s:
    time_zone: Europe/Berlin
    temporary:
      - {from: 2026-12-31T00:00, to: 2027-01-02T00:00-05:00, shifts: [{from: 2026-12-31T06:00Z, to: 2027-01-01T06:00, users: [a@b.c]}]}
      - {from: 2026-10-25T02:30, to: 2026-10-25T02:30+01:00}
      - {from: 2026-03-29T02:30, to: 2026-03-29T03:30}
)";
    CHECK(problem(text) == "");
    const auto utc = [](const char* time) { return oncall::to_instant(*oncall::local_time_in(time), "UTC"); };
    const auto temporary = parse_with_key(text).configuration.schedules.at("s").temporary;
    REQUIRE(temporary.size() == 3);
    CHECK(temporary[0].from == utc("2026-12-30T23:00"));
    CHECK(temporary[0].to == utc("2027-01-02T05:00"));
    CHECK(temporary[0].shifts.at(0).from == utc("2026-12-31T06:00"));
    CHECK(temporary[0].shifts.at(0).to == utc("2027-01-01T05:00"));
    CHECK(temporary[1].from == utc("2026-10-25T00:30")); // of the two, the first
    CHECK(temporary[1].to == utc("2026-10-25T01:30"));
    CHECK(temporary[2].from == utc("2026-03-29T01:00")); // skipped: the first instant after
    CHECK(temporary[2].to == utc("2026-03-29T01:30"));
}

TEST_CASE("Versions are in the order of their instants, each by its own clock", "[config][schedules]")
{
    // In Tokyo it is 8 when it is 18 of the day before in New York.
    CHECK(problem(R"(
schedules:
  s:
    rotations:
      - name: w
        versions:
          - {from: 2026-11-10T08:00, time_zone: Asia/Tokyo, start: 2026-11-02T09:00, users: [a@b.c]}
          - {from: 2026-11-10T02:00, time_zone: America/New_York, start: 2026-11-02T09:00, users: [b@b.c]}
)") == "");
}

TEST_CASE("Times after 2037 are as exact as those before", "[config][schedules]")
{
    const auto schedule = parse_with_key(
        "schedules: {s: {time_zone: Europe/Berlin, overrides: [{from: 2045-07-01T09:00, to: 2045-12-01T09:00, put: [a@b.c]}]}}")
                              .configuration.schedules.at("s");
    REQUIRE(schedule.overrides.size() == 1);
    CHECK(oncall::iso(schedule.overrides[0].from, "UTC") == "2045-07-01T07:00:00+00:00");
    CHECK(oncall::iso(schedule.overrides[0].to, "UTC") == "2045-12-01T08:00:00+00:00");
}

TEST_CASE("A file with schedules alone is valid, and where nobody is paged any text is a person", "[config][schedules]")
{
    const auto text = "schedules: {s: {rotations: [{name: w, start: 2026-11-02T09:00, users: [Ana, 7, [Bo B., \"<chi>\"]]}]}}";
    const auto parsed = parse(
        text, [](const std::string&) { return std::optional<std::string>{}; }, Names::any);
    CHECK(parsed.problems.empty());
    CHECK(parsed.configuration.schedules.at("s").rotations.at(0).turns
        == std::vector<oncall::Turn>{{"Ana"}, {"7"}, {"Bo B.", "<chi>"}});
    CHECK(parse_with_key(text).problems.size() == 4);
}

TEST_CASE("What can page somebody only in a channel, or later, is no mistake", "[config]")
{
    CHECK(problem("policies: {p: {levels: [{targets: [\"channel:#war-room\"]}]}}") == "");
    CHECK(
        problem("schedules: {s: {rotations: [{versions: [{from: 2027-01-01T00:00, start: 2027-01-04T09:00, users: [a@b.c]}]}]}}\n"
                "policies: {p: {levels: [{targets: [schedule:s]}]}}")
        == "");
    CHECK(problem("schedules: {s: {temporary: [{from: 2027-01-01T00:00, to: 2027-01-04T09:00, shifts: [{from: 2027-01-01T00:00, "
                  "to: 2027-01-04T09:00, users: [a@b.c]}]}]}}\npolicies: {p: {levels: [{targets: [schedule:s]}]}}")
        == "");
}

TEST_CASE("A file full of mistakes tells the first thousand, and how many more there are", "[config]")
{
    std::string text = "teams:\n";
    for (int i = 0; i < 3'000; ++i)
        text += "  t" + std::to_string(i) + ": {policy: p" + std::to_string(i) + "}\n";
    const auto parsed = parse_with_key(text);
    REQUIRE(parsed.problems.size() == 1'001);
    CHECK(parsed.problems.back().what == "there are 2000 more problems");
}

TEST_CASE("Each problem says by its path what it is about", "[config]")
{
    const auto parsed =
        parse_with_key("teams: {payments: {channel: payments}}\n"
                       "schedules: {s: {rotations: [{name: w, start: 2026-11-02T09:00, users: [a@b.c]}, {name: n, start: "
                       "2026-11-02T09:00, users: [a@b.c], windows: [{from: \"25:00\", to: \"08:00\"}]}]}}\n"
                       "policies: {p: {levels: [{targets: [user:a@b.c], patience: soon}]}}\n"
                       "rules: [{name: r, when: {not: {field: x, is: y}}, then: {}}, {when: {}, then: {}}]\n");
    std::vector<std::string> paths;
    for (const auto& one : parsed.problems)
        paths.push_back(one.path);
    CHECK(paths
        == std::vector<std::string>{"team payments.channel", "schedule s.rotations[1].windows[0].from",
            "policy p.levels[0].patience", "rule r.when.not.field", "rules[1]", "rules[1].when"});
}
