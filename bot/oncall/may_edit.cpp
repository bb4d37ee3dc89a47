#include "oncall/may_edit.hpp"

#include "oncall/override_permission.hpp"
#include "oncall/policy.hpp"
#include "oncall/who_may.hpp"
#include "oncall/words.hpp"

#include <algorithm>
#include <set>

namespace oncall {

namespace {

bool exists(const Configuration& all, const std::string& kind, const std::string& name)
{
    if (kind == "team")
        return all.teams.contains(name);
    if (kind == "service")
        return all.services.contains(name);
    if (kind == "policy")
        return all.policies.contains(name);
    if (kind == "source")
        return all.sources.contains(name);
    if (kind == "heartbeat")
        return all.heartbeats.contains(name);
    if (kind == "schedule")
        return all.schedules.contains(name);
    return kind == "rule" && std::any_of(all.rules.begin(), all.rules.end(), [&](const Rule& rule) { return rule.name == name; });
}

bool is(const Editor& editor, const std::string& person)
{
    const auto known = editor.ids.find(person);
    return person == editor.user || (known != editor.ids.end() && known->second == editor.user)
        || (!editor.email.empty() && person == editor.email);
}

bool any_is(const Editor& editor, const std::vector<std::string>& people)
{
    return std::any_of(people.begin(), people.end(), [&](const std::string& one) { return is(editor, one); });
}

/// Who changes what is a team's: its managers, where it names any; else its members.
const std::vector<std::string>& editors_of(const Team& team) { return team.managers.empty() ? team.members : team.managers; }

/// "members of team payments", "managers of team payments and members of team search".
std::string editors_said(const Configuration& all, const std::vector<std::string>& teams)
{
    std::vector<std::string> managed, others, words;
    for (const auto& name : teams) {
        const auto team = all.teams.find(name);
        (team != all.teams.end() && !team->second.managers.empty() ? managed : others).push_back(name);
    }
    if (!managed.empty())
        words.push_back("managers of team " + listed(managed, ", "));
    if (!others.empty())
        words.push_back("members of team " + listed(others, ", "));
    return listed(words, " and ");
}

bool in_any(const Editor& editor, const Configuration& all, const std::vector<std::string>& teams)
{
    return std::any_of(teams.begin(), teams.end(), [&](const std::string& name) {
        const auto team = all.teams.find(name);
        return team != all.teams.end() && any_is(editor, editors_of(team->second));
    });
}

bool owns(const Editor& editor, const Configuration& all, const std::string& kind, const std::string& name)
{
    const auto teams = owners(all, kind, name);
    if (!teams.empty() || (kind != "policy" && kind != "schedule"))
        return in_any(editor, all, teams);
    return std::any_of(
        all.teams.begin(), all.teams.end(), [&](const auto& team) { return any_is(editor, editors_of(team.second)); });
}

/// "Ask <@U1> or <@U2>."
std::string whom_to_ask(const Editor& editor, const Configuration& all, const std::vector<std::string>& teams)
{
    std::vector<std::string> people;
    const auto add = [&](const std::vector<std::string>& more) {
        for (const auto& person : more) {
            const auto known = editor.ids.find(person);
            const auto id = known == editor.ids.end() || known->second.empty() ? person : "<@" + known->second + ">";
            if (people.size() < most_to_ask && std::find(people.begin(), people.end(), id) == people.end())
                people.push_back(id);
        }
    };
    add(editor.admins);
    for (const auto& name : teams)
        if (const auto team = all.teams.find(name); team != all.teams.end())
            add(editors_of(team->second));
    std::string text;
    for (std::size_t i = 0; i < people.size(); ++i)
        text += (i == 0 ? "" : i + 1 == people.size() ? " or " : ", ") + people[i];
    return text.empty() ? "" : " Ask " + text + ".";
}

[[noreturn]] void refuse(const Editor& editor, const std::string& kind, const std::string& name, const Configuration& all)
{
    const auto teams = owners(all, kind, name);
    const auto who = teams.empty() ? std::string{"Only admins (ONCALL_ADMINS)"} : "Only admins and " + editors_said(all, teams);
    throw Refusal{who + " may change " + kind + " " + name + "." + whom_to_ask(editor, all, teams)};
}

/// Whoever pages by a thing owns it from then on, so that it must be theirs to begin with.
void permit_use(
    const Editor& editor, const std::string& thing, const std::vector<std::string>& teams, const Configuration& before)
{
    if (!teams.empty() && !in_any(editor, before, teams))
        throw Refusal{"Only admins and " + editors_said(before, teams) + " may have others paged by " + thing + "."
            + whom_to_ask(editor, before, teams)};
}

std::string policy_of(const Configuration& all, const std::string& kind, const std::string& name)
{
    const auto team = all.teams.find(name);
    const auto service = all.services.find(name);
    if (kind == "team")
        return team == all.teams.end() ? "" : team->second.policy;
    return kind != "service" || service == all.services.end() ? "" : service->second.policy;
}

std::set<std::string> schedules_of(const Configuration& all, const std::string& name)
{
    const auto policy = all.policies.find(name);
    return policy == all.policies.end() ? std::set<std::string>{} : schedules_of(all, policy->second);
}

} // namespace

std::vector<std::string> owners(const Configuration& configuration, const std::string& kind, const std::string& name)
{
    std::set<std::string> teams;
    const auto of_service = [&](const std::string& service) {
        const auto found = configuration.services.find(service);
        return found == configuration.services.end() ? std::string{} : found->second.team;
    };
    if (kind == "team" && configuration.teams.contains(name))
        teams.insert(name);
    if (kind == "service")
        teams.insert(of_service(name));
    const auto of_source = [&](const std::string& named) {
        const auto source = configuration.sources.find(named);
        if (source == configuration.sources.end())
            return std::string{};
        return source->second.team.empty() ? of_service(source->second.service) : source->second.team;
    };
    if (kind == "source")
        teams.insert(of_source(name));
    if (kind == "heartbeat")
        if (const auto monitor = configuration.heartbeats.find(name); monitor != configuration.heartbeats.end())
            teams.insert(
                monitor->second.service.empty() ? of_source(monitor->second.source) : of_service(monitor->second.service));
    if (kind == "policy") {
        for (const auto& [team, its] : configuration.teams)
            if (its.policy == name)
                teams.insert(team);
        for (const auto& [service, its] : configuration.services)
            if (its.policy == name)
                teams.insert(its.team);
    }
    if (kind == "schedule")
        for (auto& team : teams_of(configuration, name))
            teams.insert(std::move(team));
    teams.erase("");
    return {teams.begin(), teams.end()};
}

void permit_settings(const Editor& editor, const Configuration& configuration)
{
    const bool elsewhere = editor.stranger || editor.kind == "stranger";
    const auto ask = elsewhere || editor.kind.empty() ? std::string{} : whom_to_ask(editor, configuration, {});
    permit(Deed::change_settings, editor.kind, editor.stranger, ask);
}

void permit_edit(const Editor& editor, const std::string& kind, const std::string& name, const Configuration& before,
    const Configuration& after)
{
    permit_settings(editor, before);
    if (editor.admins.empty() || any_is(editor, editor.admins))
        return;
    const bool was = exists(before, kind, name), becomes = exists(after, kind, name);
    if ((!was && !becomes) || (was && !owns(editor, before, kind, name)))
        refuse(editor, kind, name, before);
    // Nobody founds a team but an admin, though a team may change itself as it likes, and leave.
    if (becomes && (kind == "team" ? !was : !owns(editor, after, kind, name)))
        refuse(editor, kind, name, kind == "team" ? before : after);
    const auto by = kind == "policy" ? name : "";
    const auto had = schedules_of(before, by);
    auto has = schedules_of(after, by);
    if (const auto policy = policy_of(after, kind, name); !policy.empty() && policy != policy_of(before, kind, name)) {
        permit_use(editor, "policy " + policy, owners(before, "policy", policy), before);
        has = schedules_of(after, policy);
    }
    if (const auto team = after.teams.find(name); kind == "team" && team != after.teams.end() && !team->second.schedule.empty()) {
        const auto was_team = before.teams.find(name);
        if (was_team == before.teams.end() || was_team->second.schedule != team->second.schedule)
            has.insert(team->second.schedule);
    }
    for (const auto& schedule : has)
        if (!had.contains(schedule))
            permit_use(editor, "schedule " + schedule, teams_of(before, schedule), before);
}

} // namespace oncall
