#pragma once

#include "oncall/configuration.hpp"

#include <set>

/// What policies name, found.
namespace oncall {

/// The most levels of a policy, with those of the policies it names.
inline constexpr std::size_t most_levels = 100;

/// "payments/weekly": the schedule and its rotation; null where there is none. Of names with strokes in them, the first way to
/// read them that leads somewhere.
struct NamedRotation {
    const Schedule* schedule{};
    const Rotation* rotation{};
};
NamedRotation rotation_of(const Configuration& configuration, std::string_view name);

/// The schedule that a target of kind schedule, next or rotation asks; null when it is none of these, or not there.
const Schedule* schedule_of(const Configuration& configuration, const Target& target);

/// The schedules that a policy asks, with those of the policies it names.
std::set<std::string> schedules_of(const Configuration& configuration, const Policy& policy);

/// The Slack user groups that its own levels name.
std::set<std::string> user_groups_of(const Policy& policy);

/// Both conditions at once; nullopt when they can never hold together.
std::optional<LevelCondition> both(const LevelCondition& one, const LevelCondition& other);

/// The policy with the levels of those it names in their place; without those that would come back to themselves or can never be
/// run. This is what a page is frozen with.
Policy expanded(const Policy& policy, const Configuration& configuration);

/// Whether that makes more than the most levels.
bool has_too_many_levels(const Configuration& configuration, const std::string& policy);

/// By which policies, from `from` on, one gets to `to`: both ends included. Empty: it does not.
std::vector<std::string> way_to_policy(const Configuration& configuration, const std::string& from, const std::string& to);

} // namespace oncall
