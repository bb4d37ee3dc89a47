#include "oncall/service_directory.hpp"

#include "oncall/words.hpp"

#include <algorithm>

namespace oncall {

namespace {

constexpr std::string_view made_policy{"schedule of team "};

/// The team whose schedule makes the policy of that name; null: it is none of these.
const Team* team_that_makes(const Configuration& configuration, const std::string& policy)
{
    if (!policy.starts_with(made_policy) || configuration.policies.contains(policy))
        return nullptr;
    const auto team = configuration.teams.find(policy.substr(made_policy.size()));
    const bool makes = team != configuration.teams.end() && configuration.schedules.contains(team->second.schedule);
    return makes ? &team->second : nullptr;
}

std::string id_known(const std::string& person, const Known& known)
{
    const auto& id = known_as(person, known);
    return id.empty() ? person : id;
}

bool names_asker(const std::vector<std::string>& people, const Asker& asker, const Known& known)
{
    return std::any_of(people.begin(), people.end(), [&](const std::string& one) {
        return one == asker.id || id_known(one, known) == asker.id || (!asker.email.empty() && one == asker.email);
    });
}

} // namespace

std::string policy_of_team(const Configuration& configuration, const std::string& team)
{
    const auto found = configuration.teams.find(team);
    if (found == configuration.teams.end())
        return {};
    if (!found->second.policy.empty())
        return found->second.policy;
    return configuration.schedules.contains(found->second.schedule) ? std::string{made_policy} + team : std::string{};
}

std::string policy_of_service(const Configuration& configuration, const std::string& service)
{
    const auto found = configuration.services.find(service);
    if (found == configuration.services.end())
        return {};
    return found->second.policy.empty() ? policy_of_team(configuration, found->second.team) : found->second.policy;
}

std::optional<Policy> policy_in(const Configuration& configuration, const std::string& name)
{
    if (const auto found = configuration.policies.find(name); found != configuration.policies.end())
        return found->second;
    const auto* const team = team_that_makes(configuration, name);
    if (!team)
        return std::nullopt;
    Policy made;
    made.name = name;
    Level on_call;
    on_call.targets = {{TargetKind::schedule, team->schedule}};
    made.levels.push_back(std::move(on_call));
    if (!team->members.empty()) {
        Level everybody;
        everybody.targets = {{TargetKind::team, team->name}};
        made.levels.push_back(std::move(everybody));
    }
    return made;
}

bool is_made_of_schedule(const Configuration& configuration, const std::string& policy)
{
    return team_that_makes(configuration, policy) != nullptr;
}

std::vector<std::string> dependents_of(const Configuration& configuration, const std::string& service)
{
    std::vector<std::string> found;
    for (const auto& [name, one] : configuration.services)
        if (name != service && std::find(one.depends_on.begin(), one.depends_on.end(), service) != one.depends_on.end())
            found.push_back(name);
    return found;
}

std::vector<std::string> subscribers_of(
    const Configuration& configuration, const std::string& service, const OwnWishes& own, const Known& known)
{
    std::vector<std::string> people;
    const auto add = [&](const std::string& person) {
        auto id = id_known(person, known);
        const auto wish = own.find(id);
        const bool unsubscribed = wish != own.end() && !wish->second;
        if (!unsubscribed && std::find(people.begin(), people.end(), id) == people.end())
            people.push_back(std::move(id));
    };
    const auto found = configuration.services.find(service);
    if (found == configuration.services.end())
        return people;
    std::for_each(found->second.subscribers.begin(), found->second.subscribers.end(), add);
    if (const auto team = configuration.teams.find(found->second.team); team != configuration.teams.end())
        std::for_each(team->second.observers.begin(), team->second.observers.end(), add);
    for (const auto& [person, wants] : own)
        if (wants)
            add(person);
    return people;
}

void permit_paging_of(const Configuration& configuration, const std::string& service, const Asker& asker,
    const std::vector<std::string>& admins, const Known& known)
{
    const auto found = configuration.services.find(service);
    if (found == configuration.services.end() || found->second.paged_by.empty() || names_asker(admins, asker, known))
        return;
    std::vector<std::string> who;
    for (const auto& text : found->second.paged_by) {
        const auto one = target_in(text);
        if (!one)
            continue;
        const auto team = configuration.teams.find(one->name);
        const bool is_team = one->kind == TargetKind::team;
        if (is_team && team != configuration.teams.end()
            && (names_asker(team->second.members, asker, known) || names_asker(team->second.managers, asker, known)))
            return;
        if (!is_team && names_asker({one->name}, asker, known))
            return;
        who.push_back(is_team ? "team " + one->name : mention(id_known(one->name, known)));
    }
    throw Refusal{"Service " + service + " is paged by hand only by " + listed(who) + ". Ask them, or page its team."};
}

std::vector<TeamMember> roles_in(const Team& team)
{
    std::vector<TeamMember> all;
    const auto add = [&](const std::vector<std::string>& people, const std::string& role) {
        for (const auto& person : people) {
            const auto there = std::find_if(all.begin(), all.end(), [&](const TeamMember& one) { return one.person == person; });
            if (there == all.end())
                all.push_back({person, role});
            else
                there->roles += ", " + role;
        }
    };
    add(team.managers, "manager");
    add(team.members, "responder");
    add(team.observers, "observer");
    return all;
}

} // namespace oncall
