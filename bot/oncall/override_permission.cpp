#include "oncall/override_permission.hpp"

#include "oncall/policy.hpp"
#include "oncall/service_directory.hpp"
#include "oncall/who_may.hpp"
#include "oncall/words.hpp"

#include <algorithm>

namespace oncall {

namespace {

bool pages_by(const Configuration& configuration, const std::string& policy, const std::string& schedule)
{
    const auto found = policy_in(configuration, policy);
    return found && schedules_of(configuration, *found).contains(schedule);
}

} // namespace

/// By their references, those most likely to help first.
std::vector<std::string> may_override(
    const Configuration& configuration, const Schedule& schedule, const std::vector<std::string>& admins, TimePoint now)
{
    std::vector<std::string> people;
    const auto add = [&](const std::vector<std::string>& more) { people.insert(people.end(), more.begin(), more.end()); };
    for (const auto& rotation : schedule.rotations) {
        for (const auto& turn : rotation.turns)
            add(turn);
        for (const auto& version : rotation.versions)
            for (const auto& turn : version.turns)
                add(turn);
    }
    for (const auto& name : teams_of(configuration, schedule.name)) {
        add(configuration.teams.at(name).members);
        add(configuration.teams.at(name).permanent_members);
    }
    for (const auto& one : schedule.overrides)
        if (!is_over(one, now))
            add(one.people);
    add(admins);
    return people;
}

std::vector<std::string> teams_of(const Configuration& configuration, const std::string& schedule)
{
    std::vector<std::string> teams;
    for (const auto& [name, team] : configuration.teams) {
        bool uses = team.schedule == schedule || pages_by(configuration, team.policy, schedule);
        for (const auto& [service, its] : configuration.services)
            uses = uses || (its.team == name && pages_by(configuration, its.policy, schedule));
        if (uses)
            teams.push_back(name);
    }
    return teams;
}

const std::string& channel_told(const Team& team, const std::string& fallback_channel)
{
    return team.channel.empty() ? fallback_channel : team.channel;
}

void permit_override(const Configuration& configuration, const Schedule& schedule, const Asker& asker,
    const std::vector<std::string>& admins, const Known& known, TimePoint now)
{
    permit_override(may_override(configuration, schedule, admins, now), schedule.name, asker, known);
}

void permit_override(const std::vector<std::string>& who_may, const std::string& schedule, const Asker& asker, const Known& known)
{
    std::vector<std::string> to_ask;
    bool is_one{};
    for (const auto& person : who_may) {
        const auto found = known.find(person);
        const auto& id = found == known.end() ? person : found->second;
        is_one = is_one || id == asker.id || (!asker.email.empty() && person == asker.email);
        if (id.find('@') == id.npos && std::find(to_ask.begin(), to_ask.end(), id) == to_ask.end())
            to_ask.push_back(id);
    }
    std::string ask;
    if (to_ask.size() > most_to_ask)
        to_ask.resize(most_to_ask);
    for (auto& id : to_ask)
        id = "<@" + id + ">";
    ask = to_ask.empty() ? "" : " Ask " + listed(to_ask, " or ") + ".";
    const bool elsewhere = asker.stranger || asker.kind == "stranger";
    permit(Deed::override_schedule, asker.kind, asker.stranger, elsewhere ? std::string{} : ask);
    if (is_one || (to_ask.empty() && asker.kind == "member"))
        return;
    if (asker.kind.empty())
        throw Refusal{"I don't know you yet and am asking Slack who you are. Try again in a moment."};
    throw Refusal{"Only those who share schedule " + schedule
        + " can change it: the people in its rotations, the teams it "
          "pages for, and the administrators."
        + ask};
}

} // namespace oncall
