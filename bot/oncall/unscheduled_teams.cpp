#include "oncall/unscheduled_teams.hpp"

#include "oncall/policy.hpp"
#include "oncall/policy_words.hpp"
#include "oncall/service_directory.hpp"

#include <algorithm>

namespace oncall {

namespace {

bool asks_a_schedule(const Configuration& configuration, const std::string& policy)
{
    const auto found = policy_in(configuration, policy);
    return found && !schedules_of(configuration, *found).empty();
}

/// Whom the first level of it names.
std::vector<std::string> paged_first(const Configuration& configuration, const Policy& policy)
{
    const auto levels = expanded(policy, configuration).levels;
    std::vector<std::string> pages;
    const auto add = [&](const std::string& one) {
        if (std::find(pages.begin(), pages.end(), one) == pages.end())
            pages.push_back(one);
    };
    if (levels.empty())
        return pages;
    for (const auto& target : levels.front().targets) {
        const auto team = target.kind == TargetKind::team ? configuration.teams.find(target.name) : configuration.teams.end();
        if (team != configuration.teams.end())
            std::for_each(team->second.members.begin(), team->second.members.end(), add);
        else
            add(target.kind == TargetKind::user ? target.name : words_of(target));
    }
    return pages;
}

} // namespace

std::vector<UnscheduledTeam> unscheduled_teams(const Configuration& configuration)
{
    std::vector<UnscheduledTeam> found;
    for (const auto& [name, team] : configuration.teams) {
        const auto policy = configuration.policies.find(team.policy);
        const auto& of_team = name;
        const bool asks = asks_a_schedule(configuration, policy_of_team(configuration, name))
            || std::any_of(configuration.services.begin(), configuration.services.end(), [&](const auto& service) {
                   return service.second.team == of_team && asks_a_schedule(configuration, service.second.policy);
               });
        if (!asks && policy != configuration.policies.end())
            found.push_back({name, paged_first(configuration, policy->second)});
    }
    return found;
}

} // namespace oncall
