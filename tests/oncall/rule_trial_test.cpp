#include "catch.hpp"
#include "oncall/rule_trial.hpp"

using namespace oncall;

namespace {

std::vector<Alert> alerts_that_came(int count)
{
    std::vector<Alert> alerts;
    for (int i = 1; i <= count; ++i) {
        auto& alert = alerts.emplace_back();
        alert.id = {i};
        alert.source = "scripts";
        alert.service = "checkout";
        alert.severity = "critical";
        alert.title = i % 2 == 0 ? "Disk is full" : "It is slow";
        alert.triggered_at = TimePoint{std::chrono::hours{500'000}};
    }
    return alerts;
}

Configuration with_rules(std::vector<Rule> rules)
{
    Configuration all;
    all.teams["payments"] = {.name = "payments", .policy = "default"};
    all.services["checkout"] = {.name = "checkout", .team = "payments"};
    all.rules = std::move(rules);
    return all;
}

const Condition disks{Condition::Kind::contains, {}, "title", "Disk"};

} // namespace

TEST_CASE("A rule is tried on what came: how many it meets, and what would have been different", "[oncall][routing]")
{
    const auto now = with_rules({});
    const auto alerts = alerts_that_came(30);
    const Rule quiet{.name = "disks", .when = disks, .urgency = Urgency::low, .delay = 10min, .title = "disk: {{title}}"};
    auto trial = try_rule(now, with_rules({quiet}), "disks", alerts);
    CHECK(trial.looked_at == 30);
    CHECK(trial.met == 15);
    CHECK(trial.different == 15);
    CHECK(trial.stopped == 0);
    REQUIRE(trial.first.size() == most_tried_shown);
    CHECK(trial.first[0].alert.value == 2);
    CHECK(trial.first[0].changes
        == std::vector<std::string>{"urgency low instead of high", "pages 10m later", "called \"disk: Disk is full\""});
    auto words = words_of(trial, 7, true);
    CHECK(
        words.front() == "Of the 30 alerts of the last 7 days it would have met 15. Something would have been different for 15.");
    CHECK(words.back() == "and 5 more");
    CHECK(words.size() == 12);
    CHECK(words_of(trial, 7, false).front().starts_with("Of the newest 30 alerts"));

    // The same thing said once more changes nothing; an earlier rule that does not go on leaves it nothing to say.
    trial = try_rule(with_rules({quiet}), with_rules({quiet}), "disks", alerts);
    CHECK(trial.different == 0);
    CHECK(words_of(trial, 7, true).front()
        == "Of the 30 alerts of the last 7 days it would have met 15. Nothing would have been different.");
    auto first = quiet;
    first.name = "first";
    trial = try_rule(with_rules({first}), with_rules({first, quiet}), "disks", alerts);
    CHECK(trial.stopped == 15);
    CHECK(words_of(trial, 7, true)[1].find("an earlier rule decides 15") != std::string::npos);

    CHECK(words_of(try_rule(now, with_rules({quiet}), "disks", {}), 7, true)
        == std::vector<std::string>{"No alert came in the last 7 days, so there is nothing to try it on."});
    CHECK(try_rule(now, now, "gone", alerts).met == 0);
}

TEST_CASE("A trial in parts says what one at once says: what would be different first, and of how many", "[oncall][routing]")
{
    const Rule low_disks{.name = "disks", .when = disks, .urgency = Urgency::low};
    const Condition of_checkout{Condition::Kind::is, {}, "service", "checkout"};
    const Rule low{.name = "low", .when = of_checkout, .urgency = Urgency::low};
    const auto now = with_rules({low_disks}), becomes = with_rules({low});
    const auto alerts = alerts_that_came(12);
    const std::span<const Alert> all{alerts};
    const auto begun = try_rule(now, becomes, "low", all.first(5));
    const auto trial = try_rule(now, becomes, "low", all.subspan(5), begun);
    std::vector<std::int64_t> shown;
    for (const auto& one : trial.first)
        shown.push_back(one.alert.value);
    CHECK(shown == std::vector<std::int64_t>{1, 3, 5, 7, 9, 11, 2, 4, 6, 8});
    CHECK(words_of(trial, 7, true) == words_of(try_rule(now, becomes, "low", alerts), 7, true));
    CHECK(words_of(begun, 7, false).front().starts_with("Of the newest 5 alerts of the last 7 days it would have met 5."));
}

TEST_CASE("What a rule changes is said: whose it is, whether it pages, when, and with whom", "[oncall][routing]")
{
    Routed was;
    was.page = true;
    was.policy = "default";
    was.service = "checkout";
    auto is = was;
    CHECK(changes_between(was, is).empty());
    is.page = false;
    CHECK(changes_between(was, is) == std::vector<std::string>{"pages nobody"});
    is.suppress = true;
    CHECK(changes_between(was, is) == std::vector<std::string>{"kept, and not shown", "pages nobody"});
    is = was;
    is.service.clear();
    is.team = "search";
    is.policy = "searchers";
    is.group_key = "r\na";
    CHECK(changes_between(was, is)
        == std::vector<std::string>{"service none instead of checkout", "team search instead of none",
            "policy searchers instead of default", "in a group"});
}
