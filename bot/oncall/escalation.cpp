#include "oncall/escalation.hpp"

#include <algorithm>

namespace oncall {

namespace {

bool past_the_end(const Policy& policy, const Position& at) { return policy.levels.empty() || at.round > policy.repeat; }

Position after(const Policy& policy, Position at)
{
    if (at.attempt < policy.levels.at(at.level).retries)
        return {at.round, at.level, at.attempt + 1};
    if (at.level + 1 < static_cast<int>(policy.levels.size()))
        return {at.round, at.level + 1, 0};
    return {at.round + 1, 0, 0};
}

} // namespace

bool is_running(const Page& page) { return page.state == PageState::paging || page.state == PageState::exhausted; }

bool reaches(const Notification& notification)
{
    using enum NotificationState;
    return notification.state == planned || notification.state == sent || notification.state == confirmed;
}

std::variant<Step, Wait, Exhausted, Done> decide(const Page& page, TimePoint now)
{
    if (page.state != PageState::paging)
        return Done{};
    if (now < page.due)
        return Wait{page.due};
    if (past_the_end(page.policy, page.next))
        return Exhausted{};
    const auto& level = page.policy.levels.at(page.next.level);
    return Step{page.next, level.targets, after(page.policy, page.next), now + level.patience};
}

std::optional<Position> last_step(const Page& page)
{
    const auto& levels = page.policy.levels;
    if (levels.empty() || page.next == Position{})
        return std::nullopt;
    auto at = page.next;
    if (at.attempt > 0)
        return Position{at.round, at.level, at.attempt - 1};
    if (at.level > 0)
        return Position{at.round, at.level - 1, levels.at(at.level - 1).retries};
    return Position{at.round - 1, static_cast<int>(levels.size()) - 1, levels.back().retries};
}

Position next_level(const Page& page)
{
    const auto last = last_step(page);
    if (!last)
        return page.next;
    if (last->level + 1 < static_cast<int>(page.policy.levels.size()))
        return {last->round, last->level + 1, 0};
    return {last->round + 1, 0, 0};
}

namespace {

/// By what a person stands behind a target.
std::string how(const Target& target, const OnCall& on_call, const std::string& person)
{
    switch (target.kind) {
    case TargetKind::user: return "named by the policy";
    case TargetKind::team: return "team " + target.name;
    case TargetKind::channel: return "channel " + target.name;
    default: break;
    }
    auto text = "schedule " + target.name;
    for (const auto& shift : on_call.because) {
        if (std::find(shift.people.begin(), shift.people.end(), person) == shift.people.end())
            continue;
        if (shift.overridden)
            return text + ", override" + (shift.rotation.empty() ? "" : " of rotation " + shift.rotation);
        return shift.rotation.empty() ? text : text + ", rotation " + shift.rotation;
    }
    return text;
}

} // namespace

Reached reach(const std::vector<Target>& targets, const Configuration& configuration, TimePoint now)
{
    Reached reached;
    for (const auto& target : targets) {
        std::vector<std::string> people;
        OnCall on_call;
        switch (target.kind) {
        case TargetKind::user: people = {target.name}; break;
        case TargetKind::schedule:
            if (const auto found = configuration.schedules.find(target.name); found != configuration.schedules.end())
                on_call = who_is_on_call(found->second, now);
            people = on_call.people;
            break;
        case TargetKind::team:
            if (const auto found = configuration.teams.find(target.name); found != configuration.teams.end())
                people = found->second.members;
            break;
        case TargetKind::channel: reached.channels.push_back(target.name); continue;
        default: break;
        }
        if (people.empty())
            reached.empty.push_back(target);
        for (auto& person : people) {
            if (std::find(reached.people.begin(), reached.people.end(), person) != reached.people.end())
                continue;
            reached.because.push_back({person, target, how(target, on_call, person)});
            reached.people.push_back(std::move(person));
        }
    }
    return reached;
}

} // namespace oncall
