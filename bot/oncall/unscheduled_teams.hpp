#pragma once

#include "oncall/configuration.hpp"

namespace oncall {

/// A team that asks no schedule who is on call, and whom its policy pages first.
struct UnscheduledTeam {
    std::string team{};
    std::vector<std::string> pages{}; // people as configured; channels, user groups and webhooks in words
    bool operator==(const UnscheduledTeam&) const = default;
};
/// By name. A team whose policy or whose services' policies ask a schedule is none of them, nor is one that pages by no policy.
std::vector<UnscheduledTeam> unscheduled_teams(const Configuration& configuration);

} // namespace oncall
