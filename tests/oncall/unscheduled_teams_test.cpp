#include "oncall/unscheduled_teams.hpp"

#include "catch.hpp"

using namespace oncall;

namespace {

Policy paging_by(std::vector<Target> targets)
{
    Policy policy;
    Level first, second;
    first.targets = std::move(targets);
    second.targets = {{TargetKind::user, "cto@example.com"}};
    policy.levels = {first, second};
    return policy;
}

void add_team(Configuration& to, const std::string& name, const std::string& policy, std::vector<std::string> members = {})
{
    auto& team = to.teams[name];
    team.name = name;
    team.policy = policy;
    team.members = std::move(members);
}

} // namespace

TEST_CASE("Teams that ask no schedule are told with whom they page first", "[oncall][home]")
{
    Configuration all;
    all.schedules["payments"].name = "payments";
    all.policies["rota"] = paging_by({{TargetKind::schedule, "payments"}});
    all.policies["people"] = paging_by({{TargetKind::user, "bo@example.com"}, {TargetKind::team, "web"},
        {TargetKind::channel, "#war-room"}, {TargetKind::user_group, "@web"}});
    all.policies["through"] = paging_by({{TargetKind::policy, "rota"}});
    add_team(all, "docs", "");
    add_team(all, "ops", "through");
    add_team(all, "payments", "rota");
    add_team(all, "search", "people", {"dee@example.com"});
    add_team(all, "web", "people", {"bo@example.com", "chi@example.com"});
    const std::vector<std::string> paged{"bo@example.com", "chi@example.com", "#war-room", "user group @web"};
    CHECK(unscheduled_teams(all) == std::vector<UnscheduledTeam>{{"search", paged}, {"web", paged}});

    // A service of theirs that asks one is enough: the team stands with that schedule.
    all.services["index"] = {.name = "index", .team = "search", .policy = "rota"};
    CHECK(unscheduled_teams(all) == std::vector<UnscheduledTeam>{{"web", paged}});
    CHECK(unscheduled_teams({}).empty());
}
