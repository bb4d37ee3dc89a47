#include "catch.hpp"
#include "noon.hpp"
#include "oncall/given.hpp"
#include "oncall/lint.hpp"

using namespace oncall;
using given::target;
using Texts = std::vector<std::string>;

namespace {

Configuration sample()
{
    Configuration all;
    all.teams["payments"] = {.name = "payments", .members = {"ana@example.com", "bo@example.com"}, .policy = "payments"};
    all.teams["nobody"] = {.name = "nobody"};
    all.schedules["gone"].name = "gone";
    all.policies["payments"] = {.name = "payments", .levels = {{{target("team:payments")}, 5min, 0}}};
    return all;
}

void work_by_day(Configuration& all)
{
    Window window;
    window.from = 9h;
    window.to = 17h;
    all.teams["payments"].working_hours = {"Europe/Berlin", {window}};
}

/// What is said of the first level; "" when nothing is.
std::string said(const Configuration& all, const Acquaintances& known = {})
{
    const auto found = lint(all, noon, known);
    CHECK(found.size() <= 1);
    return found.empty() ? "" : found.front().path + ": " + found.front().what;
}

std::string said_of(Level level, void (*more)(Configuration&) = nullptr, const Acquaintances& known = {})
{
    auto all = sample();
    if (level.targets.empty())
        level.targets = {target("team:payments")};
    all.policies["payments"].levels = {std::move(level)};
    if (more)
        more(all);
    return said(all, known);
}

/// Everybody has an SMS after a minute and a call after three.
Acquaintance acquaintance(const std::string& reference, Urgency)
{
    Acquaintance one;
    one.person = reference.starts_with("ana") ? "U1" : reference;
    one.rule = "the default";
    one.steps = {{{"slack"}, 60s}, {{"sms:1"}, 2min}, {{"voice:1"}, 0s}};
    if (reference.starts_with("gone"))
        one.cannot = "has left this workspace";
    if (reference.starts_with("slack"))
        one.steps.resize(1);
    return one;
}

const std::string first_level{"policy payments.levels[0]"};

} // namespace

TEST_CASE("Of a calendar that has said nothing yet it is not known whom it pages", "[oncall][lint]")
{
    auto all = sample();
    auto& schedule = all.schedules["payments"];
    schedule.name = "payments";
    schedule.rotations.push_back({.name = "cover", .ics = "https://calendar.example.org/x.ics"});
    const std::string meant = GENERATE("schedule:payments", "next:payments", "rotation:payments/cover");
    all.policies["payments"].levels = {{{target(meant)}, 5min, 0}};
    CHECK(said(all).empty());
    // It has said something, and by it nobody is on in the coming week.
    schedule.rotations.front().versions.push_back({.name = "cover"});
    CHECK(said(all).find("pages nobody in the coming week") != std::string::npos);
}

TEST_CASE("A policy without anything odd is not commented on", "[oncall][lint]")
{
    CHECK(said(sample()).empty());
    CHECK(said(sample(), acquaintance).empty());
    CHECK(lint({}, noon).empty());
    CHECK(lint_policy(sample(), "unheard of", noon).empty());
}

TEST_CASE("A level whose conditions can never hold is named", "[oncall][lint]")
{
    const auto low_to_channel = [](Configuration& all) { all.policies["payments"].low_urgency_in_channel = true; };
    const auto ruled_high = [](Configuration& all) {
        Rule rule;
        rule.urgency = Urgency::high;
        all.rules.push_back(rule);
    };
    Level low, hours, severity;
    low.when.urgency = Urgency::low;
    CHECK(said_of(low).empty());
    CHECK(said_of(low, low_to_channel)
        == first_level
            + ".when: level 1 never runs: it is for low urgency, and by this policy low urgency goes to the channel and pages "
              "nobody");
    hours.when.working_hours = false;
    CHECK(said_of(hours)
        == first_level + ".when: level 1 never runs: it depends on working hours, and no team that pages by this policy has any");
    CHECK(said_of(hours, work_by_day).empty());
    const auto work_always = [](Configuration& all) {
        Window window;
        window.to = 24h;
        all.teams["payments"].working_hours = {"Europe/Berlin", {window}};
    };
    CHECK(said_of(hours, work_always)
        == first_level
            + ".when: level 1 never runs: it is for the time outside working hours, and whoever pages by this policy always "
              "works");
    hours.wait_for_working_hours = true;
    CHECK(said_of(hours, work_by_day)
        == first_level + ".when: level 1 never runs: it waits for working hours, and is for the time outside them");
    hours.when.working_hours = true;
    CHECK(said_of(hours, work_by_day)
        == first_level
            + ".wait_for_working_hours: level 1 waits for nothing: it is for working hours alone, and passed over outside them");
    hours.when.working_hours.reset();
    CHECK(said_of(hours)
        == first_level
            + ".wait_for_working_hours: level 1 waits for working hours, and no team that pages by this policy has any");
    severity.when = {Urgency::high, {"warning", "info"}, std::nullopt};
    CHECK(said_of(severity)
        == first_level
            + ".when: level 1 never runs: alerts of severity warning or info are of low urgency, and it is for high urgency "
              "alone");
    CHECK(said_of(severity, ruled_high).empty());
    severity.when.severities.push_back("critical");
    CHECK(said_of(severity).empty());
    severity.when = {Urgency::low, {"critical"}, std::nullopt};
    CHECK(said_of(severity)
        == first_level
            + ".when: level 1 never runs: alerts of severity critical are of high urgency, and it is for low urgency alone");
}

TEST_CASE("A level nobody can be reached on is named, with why", "[oncall][lint]")
{
    Level level;
    level.targets = {target("team:nobody"), target("schedule:gone")};
    CHECK(said_of(level)
        == first_level + ".targets: level 1 pages nobody in the coming week: nobody stands behind team nobody or schedule gone");
    level.targets.push_back(target("channel:#ops"));
    CHECK(said_of(level).empty());
    level.targets = {target("user:gone@example.com"), target("user:gone2@example.com")};
    CHECK(said_of(level).empty());
    CHECK(said_of(level, nullptr, acquaintance)
        == first_level
            + ".targets: level 1 reaches nobody: gone@example.com has left this workspace and gone2@example.com has left this "
              "workspace");
    level.targets.push_back(target("user:ana@example.com"));
    CHECK(said_of(level, nullptr, acquaintance).empty());
}

TEST_CASE("More acknowledgements than people are named", "[oncall][lint]")
{
    Level level;
    level.acknowledgements = 3;
    CHECK(said_of(level) == first_level + ".acknowledgements: level 1 waits for 3 acknowledgements and pages 2 people");
    level.acknowledgements = 2;
    CHECK(said_of(level).empty());
    level.targets = {target("user:ana@example.com")};
    CHECK(said_of(level) == first_level + ".acknowledgements: level 1 waits for 2 acknowledgements and pages one person");
    level.targets.push_back(target("channel:#ops"));
    CHECK(said_of(level).empty());
}

TEST_CASE("Patience that is shorter than somebody's own rule needs is named with the person", "[oncall][lint]")
{
    Level level;
    level.patience = 30s;
    CHECK(said_of(level).empty()); // nothing is known of anybody
    CHECK(said_of(level, nullptr, acquaintance)
        == first_level
            + ".patience: level 1 lasts 30s until nobody is waited for any more, and SMS to <@U1> comes only after 1m and SMS to "
              "bo@example.com comes only after 1m");
    level.targets = {target("user:slack@example.com"), target("user:bo@example.com")};
    level.retries = 3;
    CHECK(said_of(
              level, [](Configuration& all) { all.policies["payments"].repeat = 1; }, acquaintance)
        == first_level
            + ".patience: level 1 lasts 2m until the next one is paged, and call to bo@example.com comes only after 3m");
    level.retries = 6;
    CHECK(said_of(level, nullptr, acquaintance).empty());
    auto all = sample();
    all.policies["payments"].levels.front().patience = 10s;
    REQUIRE(lint(all, noon, acquaintance).size() == 1);
    CHECK(words_of(lint(all, noon, acquaintance).front())
        == "policy payments, level 1 lasts 10s until nobody is waited for any more, and SMS to <@U1> comes only after 1m and SMS "
           "to "
           "bo@example.com comes only after 1m. To mend it: give it more patience than 1m, or a retry; or have their rules begin "
           "sooner.");
}

TEST_CASE("Policies that lead to each other and never come together are named", "[oncall][lint]")
{
    auto all = sample();
    Level level;
    level.targets = {target("policy:ledger")};
    level.when.urgency = Urgency::low;
    all.policies["payments"].levels.push_back(level);
    auto& ledger = all.policies["ledger"];
    ledger = all.policies["payments"];
    ledger.name = "ledger";
    ledger.levels = {{{target("user:bo@example.com")}, 5min, 0}};
    CHECK(lint(all, noon).empty());
    ledger.levels.front().when.urgency = Urgency::high;
    ledger.repeat = 2;
    auto found = lint_policy(all, "payments", noon);
    REQUIRE(found.size() == 2);
    CHECK(found[0].path + ": " + found[0].what
        == "policy payments.levels[1].when: level 2 never runs level 1 of policy ledger: what both are for never comes together");
    CHECK(found[1].path + ": " + found[1].what
        == "policy payments.levels[1].targets: level 2 takes the levels of policy ledger once: its `repeat` counts for nothing "
           "here");
    ledger.repeat = 0;
    ledger.levels.front() = level;
    ledger.levels.front().targets = {target("policy:payments")};
    found = lint_policy(all, "payments", noon);
    REQUIRE(found.size() == 1);
    CHECK(found[0].what == "level 2 leads back to this policy: payments → ledger → payments");
}
