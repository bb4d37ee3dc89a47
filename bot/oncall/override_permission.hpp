#pragma once

#include "oncall/overrides.hpp"

namespace oncall {

/// Who asks, as far as it matters for a permission.
struct Asker {
    std::string id{}; // in Slack
    std::string email{};
    std::string kind{}; // "member", "guest", "bot", "gone", "stranger"; empty: not known yet
    bool stranger{}; // of another workspace
};

/// Whether `asker` may make, edit and take back overrides of that schedule: `admins` may, whoever its rotations name or an
/// override of it that is not over, and the members of every team that pages by it. While Slack knows none of these, every full
/// member may; guests, bots and strangers never. Throws Refusal with whom to ask.
void permit_override(const Configuration& configuration, const Schedule& schedule, const Asker& asker,
    const std::vector<std::string>& admins, const Known& known, TimePoint now);

/// The same in two steps, for many askers: whom the first finds the second lets.
std::vector<std::string> may_override(
    const Configuration& configuration, const Schedule& schedule, const std::vector<std::string>& admins, TimePoint now);
void permit_override(
    const std::vector<std::string>& who_may, const std::string& schedule, const Asker& asker, const Known& known);

/// The teams that page by that schedule: by their own policy, or by that of one of their services.
std::vector<std::string> teams_of(const Configuration& configuration, const std::string& schedule);
/// Where a team is told of things; empty: nowhere.
const std::string& channel_told(const Team& team, const std::string& fallback_channel);

} // namespace oncall
