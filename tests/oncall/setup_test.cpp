#include "oncall/setup.hpp"

#include "catch.hpp"
#include "noon.hpp"
#include "oncall/my_teams.hpp"

#include <algorithm>

using namespace oncall;

namespace {

/// Nothing is missing.
Configuration complete()
{
    Configuration all;
    Rotation rotation;
    rotation.name = "weekly";
    rotation.start = *local_time_in("2026-11-02T09:00");
    rotation.turns = {{"ana@example.com"}, {"bo@example.com"}};
    auto& schedule = all.schedules["primary"];
    schedule.name = "primary";
    schedule.rotations = {rotation};
    auto& policy = all.policies["pager"];
    policy.name = "pager";
    policy.levels = {{{{TargetKind::schedule, "primary"}}}};
    auto& team = all.teams["payments"];
    team.name = "payments";
    team.channel = "#payments";
    team.policy = "pager";
    team.members = {"chi@example.com"};
    all.services["checkout"] = {"checkout", "payments"};
    all.sources["scripts"].name = "scripts";
    return all;
}

SetupFacts all_done()
{
    SetupFacts facts;
    facts.has_admins = facts.has_fallback = facts.has_heartbeat = facts.can_wake = true;
    return facts;
}

} // namespace

TEST_CASE("What is left to set up is said with what to do, each thing once, and nothing when all is done", "[oncall][home]")
{
    CHECK(steps_left(complete(), all_done(), noon).empty());
    struct Missing {
        std::string words{};
        std::function<void(Configuration&, SetupFacts&)> take_away{};
        std::string kind{};
    };
    const std::vector<Missing> all{
        {"no channel for what nobody answers", [](auto&, auto& facts) { facts.has_fallback = false; }},
        {"Nobody is named as an administrator", [](auto&, auto& facts) { facts.has_admins = false; }},
        {"Nobody would notice", [](auto&, auto& facts) { facts.has_heartbeat = false; }},
        {"Nothing is set up that wakes", [](auto&, auto& facts) { facts.can_wake = false; }},
        {"the scope im:write: nobody", [](auto&, auto& facts) { facts.missing_scopes = {"im:write: nobody can be paged"}; }},
        {"Slack does not know eve@example.com (team payments).",
            [](auto&, auto& facts) {
                facts.strangers = {{"eve@example.com", {"team payments"}}};
            },
            "team"},
        {"User group @x", [](auto&, auto& facts) { facts.troubles = {"User group @x is not there."}; }},
        {"There is no schedule", [](auto& has, auto&) { has.schedules.clear(); }},
        {"Schedule primary has nobody", [](auto& has, auto&) { has.schedules.at("primary").rotations.front().turns = {{}}; }},
        {"Service checkout has no policy", [](auto& has, auto&) { has.services["checkout"].team = "other"; }, "service"},
        {"Team empty has no policy",
            [](auto& has, auto&) {
                has.teams["empty"].name = "empty";
                has.teams["empty"].channel = "#empty";
            },
            "team"},
        {"Team payments has no channel", [](auto& has, auto&) { has.teams.at("payments").channel.clear(); }, "team"},
        {"There is no policy", [](auto& has, auto&) { has.policies.clear(); }, "policy"},
        {"Nothing sends alerts", [](auto& has, auto&) { has.sources.clear(); }, "source"},
        {"Sources a and scripts have not sent anything yet",
            [](auto&, auto& facts) {
                facts.silent_sources = {"a", "scripts"};
            },
            "source"},
    };
    for (const auto& one : all) {
        INFO(one.words);
        auto configuration = complete();
        auto facts = all_done();
        one.take_away(configuration, facts);
        const auto steps = steps_left(configuration, facts, noon);
        REQUIRE(steps.size() == 1);
        CHECK(has(steps.front().what, one.words));
        CHECK((!steps.front().fix.empty() || !facts.troubles.empty()));
        CHECK(steps.front().kind == one.kind);
    }
    auto scopes = all_done();
    scopes.missing_scopes = {"im:write: nobody can be paged", "users:read: names are not known"};
    const auto of_scopes = steps_left(complete(), scopes, noon);
    REQUIRE(of_scopes.size() == 1);
    CHECK(has(of_scopes.front().what, "the scopes im:write: nobody can be paged; users:read: names are not known."));

    auto without = complete();
    without.teams.clear();
    without.services.clear();
    CHECK(has(steps_left(without, all_done(), noon).front().what, "There is no team"));

    auto many = complete();
    for (const char* name : {"a", "b", "c", "d", "e", "f", "g"}) {
        many.teams[name] = many.teams.at("payments");
        many.teams[name].channel.clear();
    }
    CHECK(has(steps_left(many, all_done(), noon).front().what, "Teams a, b, c, d, e and 2 more have no channel"));
}

TEST_CASE("Somebody's teams are those she is a member of, and those she is on duty for", "[oncall][home]")
{
    const auto all = complete();
    const Known known{{"ana@example.com", "U1"}, {"chi@example.com", "U3"}};
    const MyPlaces both{{"payments"}, {"primary"}, true};
    CHECK(places_of(all, known, "U1", noon) == both); // by the schedule
    CHECK(places_of(all, known, "U3", noon) == both); // as a member
    CHECK(places_of(all, known, "U9", noon) == MyPlaces{});
}
