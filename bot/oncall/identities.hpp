#pragma once

#include "oncall/schedule.hpp"

/// Whom the names of a schedule mean.
namespace oncall {

/// Who somebody is in Slack, by what the configuration calls them. Who is not in it is known by that alone.
using Known = std::map<std::string, std::string>;

std::string known_as(const std::string& person, const Known& known);

/// From here on the schedule's overrides find people by who they are, by whichever name.
void tell_apart(Schedule& schedule, const Known& known);

/// An override that takes somebody out, or their part, whom nothing in the schedule ever puts on call. Mostly it calls them
/// otherwise than the rotations do.
struct Missed {
    std::size_t number{}; // of the override
    std::string person{};
    bool operator==(const Missed&) const = default;
};
std::vector<Missed> missed(const Schedule& schedule);
/// A sentence for people, and what to do.
std::string describe(const Missed& missed, const Schedule& schedule);

} // namespace oncall
