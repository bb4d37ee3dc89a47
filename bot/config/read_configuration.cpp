#include "config/read_configuration.hpp"

#include "config/read.hpp"
#include "oncall/condition.hpp"
#include "oncall/policy.hpp"

#include <algorithm>

namespace config {

namespace {

using oncall::Configuration;

template <typename Map> std::vector<std::string> names_of(const Map& map)
{
    std::vector<std::string> names;
    for (const auto& [name, value] : map)
        names.push_back(name);
    return names;
}

void read_section(Reader& reader, const Section& section, Configuration& into)
{
    const auto name = section.name.value_or("");
    if (section.kind == "team")
        into.teams[name] = read_team(reader, name, section.at);
    else if (section.kind == "service")
        into.services[name] = read_service(reader, name, section.at);
    else if (section.kind == "holidays")
        into.holidays[name] = read_holidays(reader, name, section.at);
    else if (section.kind == "schedule")
        into.schedules[name] = read_schedule(reader, name, section.at);
    else if (section.kind == "policy")
        into.policies[name] = read_policy(reader, name, section.at);
    else if (section.kind == "source")
        into.sources[name] = read_source(reader, name, section.at);
    else if (section.kind == "heartbeat")
        into.heartbeats[name] = read_heartbeat(reader, name, section.at);
    else if (section.kind == "directory")
        into.directories[name] = read_directory(reader, name, section.at);
    else
        into.rules.push_back(read_rule(reader, section.name, section.at));
}

/// "payments/weekly", of all schedules.
std::vector<std::string> rotations_of(const Configuration& all)
{
    std::vector<std::string> names;
    for (const auto& [name, schedule] : all.schedules)
        for (const auto& rotation : schedule.rotations)
            names.push_back(name + "/" + rotation.name);
    std::sort(names.begin(), names.end());
    return names;
}

void check_references(Reader& reader, const Configuration& all)
{
    const std::map<std::string, std::vector<std::string>> known{{"team", names_of(all.teams)},
        {"service", names_of(all.services)}, {"schedule", names_of(all.schedules)}, {"policy", names_of(all.policies)},
        {"source", names_of(all.sources)}, {"rotation", rotations_of(all)}, {"holidays", names_of(all.holidays)},
        {"directory", names_of(all.directories)}};
    for (const auto& reference : reader.references()) {
        const auto& names = known.at(reference.kind);
        if (!std::binary_search(names.begin(), names.end(), reference.name))
            reader.problem(reference.at, "there is no " + reference.kind + " `" + reference.name + "`",
                reader.suggestion(reference.name, names, "define it, or name one that exists"));
    }
}

/// Whether anybody is in it, now or planned.
bool somebody(const oncall::Rotation& rotation)
{
    const auto in_turns = [](const oncall::Rotation& one) {
        return std::any_of(one.turns.begin(), one.turns.end(), [](const auto& turn) { return !turn.empty(); });
    };
    return !rotation.ics.empty() || in_turns(rotation)
        || std::any_of(rotation.versions.begin(), rotation.versions.end(), in_turns);
}

/// Whether a rotation or a temporary schedule has anybody. Overrides do not count: they pass.
bool has_people(const oncall::Schedule& schedule)
{
    const auto in_shifts = [](const oncall::Temporary& temporary) {
        return std::any_of(
            temporary.shifts.begin(), temporary.shifts.end(), [](const auto& shift) { return !shift.people.empty(); });
    };
    return std::any_of(schedule.rotations.begin(), schedule.rotations.end(), somebody)
        || std::any_of(schedule.temporary.begin(), schedule.temporary.end(), in_shifts);
}

/// Whether a target could ever reach anybody. What has a problem of its own is not blamed twice.
bool reaches_somebody(const Reader& reader, const Configuration& all, const oncall::Target& target)
{
    switch (target.kind) {
    case oncall::TargetKind::team: {
        const auto team = all.teams.find(target.name);
        return team == all.teams.end() || !team->second.members.empty() || reader.is_faulty("team " + target.name);
    }
    case oncall::TargetKind::schedule:
    case oncall::TargetKind::next: {
        const auto schedule = all.schedules.find(target.name);
        return schedule == all.schedules.end() || has_people(schedule->second) || reader.is_faulty("schedule " + target.name);
    }
    case oncall::TargetKind::rotation: {
        const auto* const rotation = oncall::rotation_of(all, target.name).rotation;
        return !rotation || somebody(*rotation);
    }
    case oncall::TargetKind::policy: // it is looked at itself
    case oncall::TargetKind::user:
    case oncall::TargetKind::channel:
    case oncall::TargetKind::user_group:
    case oncall::TargetKind::webhook: break;
    }
    return true; // whoever is in the channel or the group can answer
}

/// Where it pages by other policies.
std::vector<Place> policies_in(const Section& section)
{
    std::vector<Place> found;
    const auto items_of = [](const Place& at, const std::string& key) {
        std::vector<Place> items;
        const auto* const list = at.node->kind == Node::Kind::mapping ? find(*at.node, key) : nullptr;
        const Place place{list, at.path + "." + key};
        for (std::size_t i = 0; list && list->kind == Node::Kind::list && i < list->items.size(); ++i)
            items.push_back(place.item(i));
        return items;
    };
    for (const auto& level : items_of(section.at, "levels"))
        for (const auto& target : items_of(level, "targets"))
            if (const auto known = oncall::target_in(target.node->text); known && known->kind == oncall::TargetKind::policy)
                found.push_back(target);
    return found;
}

/// False when it comes back to itself.
bool check_cycles(Reader& reader, const Configuration& all, const Section& section)
{
    bool good = true;
    for (const auto& at : policies_in(section)) {
        const auto by = oncall::target_in(at.node->text)->name;
        const auto way = oncall::way_to_policy(all, by, *section.name);
        if (way.empty())
            continue;
        good = false;
        std::string names = "`" + *section.name + "`";
        for (const auto& name : way)
            names += " → `" + name + "`";
        reader.problem(
            at, "policy " + *section.name + " would come back to itself: " + names, "take out one of these `policy:` targets");
    }
    return good;
}

void check_policy(Reader& reader, const Configuration& all, const Section& section)
{
    const auto& policy = all.policies.at(*section.name);
    if (!check_cycles(reader, all, section))
        return;
    if (oncall::has_too_many_levels(all, *section.name))
        reader.problem({section.key, section.at.path},
            "policy " + policy.name + " has more than " + std::to_string(oncall::most_levels)
                + " levels, with those of the policies it names",
            "leave some out");
    const auto reaches = [&](const oncall::Level& level) {
        return std::any_of(level.targets.begin(), level.targets.end(),
            [&](const oncall::Target& target) { return reaches_somebody(reader, all, target); });
    };
    if (!reader.is_faulty(section.at.path) && std::none_of(policy.levels.begin(), policy.levels.end(), reaches))
        reader.problem({section.key, section.at.path}, "nobody could ever be reached by policy " + policy.name,
            "put people into its teams and schedules, or add a target such as user:ana@example.com");
}

void check_service(Reader& reader, const Configuration& all, const Section& section)
{
    const auto& service = all.services.at(*section.name);
    const auto team = all.teams.find(service.team);
    // A directory knows services that are nobody's yet. That is said with each sync, and when one has an alert.
    if (!service.directory.empty())
        return;
    if (service.policy.empty()
        && (service.team.empty() || (team != all.teams.end() && team->second.policy.empty() && team->second.schedule.empty())))
        reader.problem({section.key, section.at.path}, "nobody would be paged for service " + service.name,
            "give it a `policy`, or a `team` that has one or a `schedule`");
}

/// Whether the part's name is all right and its own.
bool check_name(
    Reader& reader, const Section& section, std::set<std::pair<std::string, std::string>>& seen, const std::string& name)
{
    const Place key{section.key, section.at.path};
    if (section.kind != "rule")
        reader.check_name(key, name, section.kind == "holidays" ? "a calendar of holidays" : "a " + section.kind);
    if (name.empty() || seen.emplace(section.kind, name).second)
        return true;
    reader.problem(key,
        "two " + (section.kind == "directory" ? "directories" : section.kind + (section.kind == "holidays" ? "" : "s"))
            + " are called `" + name + "`",
        "rename one of them");
    return false;
}

} // namespace

Parsed read_configuration(Reader& reader, const std::vector<Section>& sections)
{
    Parsed parsed;
    auto& all = parsed.configuration;
    std::set<std::pair<std::string, std::string>> seen;
    for (const auto& section : sections) {
        reader.enter(section.at.path);
        read_section(reader, section, all);
        check_name(reader, section, seen, section.kind == "rule" ? all.rules.back().name : *section.name);
    }
    if (all.rules.size() > oncall::most_rules)
        reader.problem(sections[0].at, "there are more than " + std::to_string(oncall::most_rules) + " rules",
            "put several into one, with `any` and `in`");
    reader.enter("");
    check_references(reader, all);
    for (const auto& section : sections) {
        reader.enter(section.at.path);
        if (section.kind == "service")
            check_service(reader, all, section);
        if (section.kind == "policy")
            check_policy(reader, all, section);
    }
    parsed.problems = reader.problems();
    return parsed;
}

} // namespace config
