#include "oncall/unable.hpp"

#include "catch.hpp"
#include "noon.hpp"
#include "oncall/escalation.hpp"
#include "oncall/given.hpp"

using namespace oncall;
using given::at;

namespace {

const std::set<std::string> bo{"bo@example.com", "UBO"};

Schedule rota_with(std::vector<Turn> turns)
{
    Rotation weekly;
    weekly.name = "weekly";
    weekly.start = *local_time_in("2026-11-02T09:00");
    weekly.turns = std::move(turns);
    Schedule schedule;
    schedule.name = "payments";
    schedule.time_zone = "Europe/Berlin";
    schedule.rotations.push_back(std::move(weekly));
    return schedule;
}

Configuration everywhere()
{
    Configuration all;
    all.schedules["payments"] = rota_with({{"ana"}, {"bo@example.com"}, {"chi"}});
    all.schedules["payments"].rotations.front().others = {"UBO"};
    all.teams["payments"] = {
        .name = "payments", .permanent_members = {"ana", "UBO"}, .members = {"ana", "bo@example.com"}, .policy = "payments"};
    Level first, last;
    first.targets = {given::target("schedule:payments"), given::target("user:bo@example.com")};
    last.targets = {given::target("user:bo@example.com")};
    all.policies["payments"].name = "payments";
    all.policies["payments"].levels = {first, last};
    return all;
}

std::vector<std::string> told(const Configuration& all, TimePoint when)
{
    std::vector<std::string> words;
    for (const auto& place : places_of(all, bo, when))
        words.push_back(describe(place) + (place.alone ? ", alone" : ""));
    return words;
}

std::string on_call(const Configuration& all, const std::string& when)
{
    std::string people;
    for (const auto& person : who_is_on_call(all.schedules.at("payments"), given::at(when)).people)
        people += (people.empty() ? "" : " ") + person;
    return people;
}

} // namespace

TEST_CASE("Wherever somebody is named is found, by each of their names", "[oncall][unable]")
{
    auto all = everywhere();
    CHECK(told(all, noon)
        == std::vector<std::string>{"schedule payments, rotation weekly",
            "schedule payments, on holidays of rotation weekly, alone", "policy payments, level 1",
            "policy payments, level 2, alone", "team payments", "the user group of team payments"});
    SECTION("an override that is to come, and none that is over")
    {
        all = {};
        all.schedules["payments"] = rota_with({{"ana"}});
        auto& changes = all.schedules["payments"].overrides;
        changes.push_back({.from = noon - 2h, .to = noon - 1h, .people = {"UBO"}});
        CHECK(told(all, noon).empty());
        changes.push_back({.from = noon + 1h, .to = noon + 2h, .people = {"UBO"}});
        REQUIRE(places_of(all, bo, noon).size() == 1);
        CHECK(told(all, noon).front().starts_with("schedule payments, an override <!date^"));
    }
    SECTION("of versions those that hold now or later")
    {
        all = {};
        auto& rotation = (all.schedules["payments"] = rota_with({{"UBO"}})).rotations.front();
        auto next = rotation;
        next.turns = {{"ana"}};
        next.from = *local_time_in("2026-11-09T09:00");
        rotation.versions.push_back(next);
        CHECK(told(all, noon) == std::vector<std::string>{"schedule payments, rotation weekly, alone"});
        CHECK(told(all, at("2026-11-10T09:00")).empty());
        rotation.end = *local_time_in("2026-11-03T09:00");
        CHECK(told(all, noon).empty());
    }
}

TEST_CASE("Whoever is taken out is named nowhere, and the others go on in their order", "[oncall][unable]")
{
    const auto all = everywhere();
    struct Case {
        std::string when{}, now{}, next{}, after{};
    };
    // One turn less moves whose turn each week is, but not who is on call, nor who comes after whom.
    for (const auto& one : {Case{"2026-11-03T12:00", "ana", "chi", "ana"}, Case{"2026-11-10T12:00", "chi", "ana", "chi"},
             Case{"2026-11-17T12:00", "chi", "ana", "chi"}, Case{"2026-11-24T12:00", "ana", "chi", "ana"}}) {
        INFO(one.when);
        const auto becomes = without(all, bo, "", at(one.when));
        const auto week = [&](int weeks) {
            std::string people;
            for (const auto& person : who_is_on_call(becomes.schedules.at("payments"), at(one.when) + weeks * 7 * 24h).people)
                people += person;
            return people;
        };
        CHECK(week(0) == one.now);
        CHECK(week(1) == one.next);
        CHECK(week(2) == one.after);
        CHECK(places_of(becomes, bo, at(one.when)).empty());
        CHECK(becomes.teams.at("payments").members == std::vector<std::string>{"ana"});
    }
}

TEST_CASE("Whoever takes somebody's place has it everywhere, once, and no turn moves", "[oncall][unable]")
{
    const auto becomes = without(everywhere(), bo, "ana", noon);
    CHECK(places_of(becomes, bo, noon).empty());
    CHECK(on_call(becomes, "2026-11-10T12:00") == "ana");
    CHECK(on_call(becomes, "2026-11-17T12:00") == "chi");
    CHECK(becomes.teams.at("payments").members == std::vector<std::string>{"ana"});
    CHECK(becomes.teams.at("payments").permanent_members == std::vector<std::string>{"ana"});
    CHECK(becomes.policies.at("payments").levels.at(1).targets == std::vector<Target>{given::target("user:ana")});
    CHECK(becomes.schedules.at("payments").rotations.front().others == Turn{"ana"});
    SECTION("and who is in the turn besides stays")
    {
        Configuration pair;
        pair.schedules["payments"] = rota_with({{"ana", "UBO"}, {}, {"UBO"}});
        const auto alone = without(pair, bo, "", noon);
        CHECK(alone.schedules.at("payments").rotations.front().turns.size() == 2);
        CHECK(on_call(alone, "2026-11-03T12:00") == "ana");
    }
}

TEST_CASE("A page passes over who can answer none, says why, and skips a level of nobody else at once", "[oncall][unable]")
{
    Configuration all;
    all.teams["payments"].members = {"ana", "bo"};
    Alert alert;
    Page page;
    Level first, second;
    first.targets = {given::target("user:ana")};
    second.targets = {given::target("team:payments")};
    page.policy.levels = {first, second};
    page.due = noon;
    Surroundings around{alert, all};
    around.unable = {{"ana", "is deactivated in Slack"}};
    const auto decision = decide(page, around, noon);
    REQUIRE(decision.skipped.size() == 3);
    CHECK(decision.skipped[0].words == "<@ana> is deactivated in Slack, so level 1 of 2 goes on without them");
    CHECK(decision.skipped[1].words == "nobody behind level 1 of 2 can answer a page, so it was skipped");
    CHECK(decision.skipped[2].person == "ana");
    const auto* const step = std::get_if<Step>(&decision.then);
    REQUIRE(step);
    CHECK(step->at.level == 1);
    REQUIRE(step->now.size() == 1);
    CHECK(step->now.front().name == "bo");
    around.unable["bo"] = "is an app";
    CHECK(std::holds_alternative<Exhausted>(decide(page, around, noon).then)); // and it cries
}
