#include "oncall/policy.hpp"

#include <algorithm>
#include <set>

namespace oncall {

namespace {

/// The other policy that a level stands for, if it does.
const Policy* other_policy(const Configuration& configuration, const Level& level)
{
    if (level.targets.size() != 1 || level.targets.front().kind != TargetKind::policy)
        return nullptr;
    const auto found = configuration.policies.find(level.targets.front().name);
    return found == configuration.policies.end() ? nullptr : &found->second;
}

class Expansion {
public:
    explicit Expansion(const Configuration& configuration)
        : configuration_{configuration}
    {
    }
    std::vector<Level> of(const Policy& policy)
    {
        const auto itself = configuration_.policies.find(policy.name);
        way_ = {itself == configuration_.policies.end() ? &policy : &itself->second};
        expand(policy, {});
        return std::move(levels_);
    }
    bool is_too_much() const { return too_much_; }

private:
    void expand(const Policy& policy, const LevelCondition& when)
    {
        // Policies that name each other twice double at each step, also where nothing comes of it.
        too_much_ = too_much_ || ++visits_ > 10 * most_levels;
        for (auto level : policy.levels) {
            too_much_ = too_much_ || levels_.size() > most_levels;
            const auto condition = both(when, level.when);
            if (too_much_ || !condition)
                continue;
            const auto* const other = other_policy(configuration_, level);
            if (!other) {
                level.when = *condition;
                levels_.push_back(std::move(level));
            } else if (std::find(way_.begin(), way_.end(), other) == way_.end()) {
                way_.push_back(other);
                expand(*other, *condition);
                way_.pop_back();
            }
        }
    }

    const Configuration& configuration_;
    std::vector<const Policy*> way_{}; // that leads here
    std::vector<Level> levels_{};
    std::size_t visits_{};
    bool too_much_{};
};

bool find_way(const Configuration& configuration, const std::string& from, const std::string& to, std::vector<std::string>& way,
    std::set<std::string>& seen)
{
    const auto found = configuration.policies.find(from);
    if (found == configuration.policies.end() || !seen.insert(from).second)
        return false;
    way.push_back(from);
    if (from == to)
        return true;
    for (const auto& level : found->second.levels)
        for (const auto& target : level.targets)
            if (target.kind == TargetKind::policy && find_way(configuration, target.name, to, way, seen))
                return true;
    way.pop_back();
    return false;
}

} // namespace

NamedRotation rotation_of(const Configuration& configuration, std::string_view name)
{
    for (auto stroke = name.find('/'); stroke != name.npos; stroke = name.find('/', stroke + 1)) {
        const auto schedule = configuration.schedules.find(std::string{name.substr(0, stroke)});
        if (schedule == configuration.schedules.end())
            continue;
        for (const auto& rotation : schedule->second.rotations)
            if (rotation.name == name.substr(stroke + 1))
                return {&schedule->second, &rotation};
    }
    return {};
}

const Schedule* schedule_of(const Configuration& configuration, const Target& target)
{
    if (target.kind == TargetKind::rotation)
        return rotation_of(configuration, target.name).schedule;
    if (target.kind != TargetKind::schedule && target.kind != TargetKind::next)
        return nullptr;
    const auto found = configuration.schedules.find(target.name);
    return found == configuration.schedules.end() ? nullptr : &found->second;
}

std::optional<LevelCondition> both(const LevelCondition& one, const LevelCondition& other)
{
    if (one.urgency && other.urgency && one.urgency != other.urgency)
        return std::nullopt;
    if (one.working_hours && other.working_hours && one.working_hours != other.working_hours)
        return std::nullopt;
    LevelCondition both;
    both.urgency = one.urgency ? one.urgency : other.urgency;
    both.working_hours = one.working_hours ? one.working_hours : other.working_hours;
    both.severities = one.severities.empty() ? other.severities : one.severities;
    if (!one.severities.empty() && !other.severities.empty()) {
        both.severities.erase(std::remove_if(both.severities.begin(), both.severities.end(),
                                  [&](const std::string& severity) {
                                      return std::find(other.severities.begin(), other.severities.end(), severity)
                                          == other.severities.end();
                                  }),
            both.severities.end());
        if (both.severities.empty())
            return std::nullopt;
    }
    return both;
}

Policy expanded(const Policy& policy, const Configuration& configuration)
{
    auto whole = policy;
    whole.levels = Expansion{configuration}.of(policy);
    return whole;
}

std::set<std::string> schedules_of(const Configuration& configuration, const Policy& policy)
{
    std::set<std::string> names;
    for (const auto& level : expanded(policy, configuration).levels)
        for (const auto& target : level.targets)
            if (const auto* const schedule = schedule_of(configuration, target))
                names.insert(schedule->name);
    return names;
}

std::set<std::string> user_groups_of(const Policy& policy)
{
    std::set<std::string> names;
    for (const auto& level : policy.levels)
        for (const auto& target : level.targets)
            if (target.kind == TargetKind::user_group)
                names.insert(target.name);
    return names;
}

bool has_too_many_levels(const Configuration& configuration, const std::string& policy)
{
    const auto found = configuration.policies.find(policy);
    if (found == configuration.policies.end())
        return false;
    Expansion expansion{configuration};
    return expansion.of(found->second).size() > most_levels || expansion.is_too_much();
}

std::vector<std::string> way_to_policy(const Configuration& configuration, const std::string& from, const std::string& to)
{
    std::vector<std::string> way;
    std::set<std::string> seen;
    find_way(configuration, from, to, way, seen);
    return way;
}

} // namespace oncall
