#include "oncall/escalation.hpp"
#include "oncall/policy.hpp"

#include <algorithm>

namespace oncall {

namespace {

/// By what a person of a schedule stands behind a target.
std::string how(const std::string& schedule, const std::vector<Shift>& because, const std::string& person)
{
    auto text = "schedule " + schedule;
    for (const auto& shift : because) {
        if (std::find(shift.people.begin(), shift.people.end(), person) == shift.people.end())
            continue;
        if (shift.overridden)
            return text + ", override" + (shift.rotation.empty() ? "" : " of rotation " + shift.rotation);
        return shift.rotation.empty() ? text : text + ", rotation " + shift.rotation;
    }
    return text;
}

struct ReachedPeople {
    std::vector<std::string> names{};
    std::function<std::string(const std::string& person)> how{};
};

ReachedPeople named(std::vector<std::string> names, std::string how)
{
    return {std::move(names), [how = std::move(how)](const std::string&) { return how; }};
}

ReachedPeople on_call(const Schedule& schedule, TimePoint now)
{
    auto found = who_is_on_call(schedule, now);
    return {std::move(found.people), [name = schedule.name, because = std::move(found.because)](const std::string& person) {
                return how(name, because, person);
            }};
}

ReachedPeople next_on_call(const Schedule& schedule, TimePoint now)
{
    return named(who_is_on_call(schedule, now).next, "schedule " + schedule.name + ", next on call");
}

/// Who is on duty by one rotation, with the overrides that are for it, whatever others take precedence in the schedule.
ReachedPeople on_duty(const NamedRotation& named_rotation, TimePoint now)
{
    auto alone = *named_rotation.schedule;
    const auto& name = named_rotation.rotation->name;
    std::erase_if(alone.rotations, [&](const Rotation& one) { return one.name != name; });
    std::erase_if(alone.overrides, [&](const Override& one) { return one.rotation != name; });
    alone.temporary.clear();
    return on_call(alone, now);
}

ReachedPeople people_behind(const Target& target, const Configuration& configuration, TimePoint now, const GroupMembers& groups)
{
    switch (target.kind) {
    case TargetKind::user: return named({target.name}, "named by the policy");
    case TargetKind::team:
        if (const auto found = configuration.teams.find(target.name); found != configuration.teams.end())
            return named(found->second.members, "team " + target.name);
        break;
    case TargetKind::schedule:
        if (const auto* const schedule = schedule_of(configuration, target))
            return on_call(*schedule, now);
        break;
    case TargetKind::next:
        if (const auto* const schedule = schedule_of(configuration, target))
            return next_on_call(*schedule, now);
        break;
    case TargetKind::rotation:
        if (const auto rotation = rotation_of(configuration, target.name); rotation.rotation)
            return on_duty(rotation, now);
        break;
    case TargetKind::user_group:
        if (const auto found = groups.find(target.name); found != groups.end())
            return named(found->second, "user group " + target.name);
        break;
    case TargetKind::policy: // its levels have taken its place, if it was there
    case TargetKind::channel:
    case TargetKind::webhook: break;
    }
    return {};
}

} // namespace

std::vector<std::string> Reached::people() const
{
    std::vector<std::string> people;
    for (const auto& one : all)
        if (one.kind == Kind::person)
            people.push_back(one.name);
    return people;
}

Reached reach(const std::vector<Target>& targets, const Configuration& configuration, TimePoint now, const GroupMembers& groups)
{
    Reached reached;
    const auto add = [&](Reached::Kind kind, const std::string& name, const Target& target, std::string how) {
        const auto same = [&](const Reached::One& one) { return one.kind == kind && one.name == name; };
        if (std::none_of(reached.all.begin(), reached.all.end(), same))
            reached.all.push_back({kind, name, target, std::move(how)});
    };
    for (const auto& target : targets) {
        if (target.kind == TargetKind::channel) {
            add(Reached::Kind::channel, target.name, target, "channel " + target.name);
            continue;
        }
        if (target.kind == TargetKind::webhook) {
            add(Reached::Kind::webhook, target.name, target, "a webhook");
            continue;
        }
        const auto people = people_behind(target, configuration, now, groups);
        if (people.names.empty())
            reached.empty.push_back(target);
        for (const auto& person : people.names)
            add(Reached::Kind::person, person, target, people.how(person));
    }
    return reached;
}

} // namespace oncall
