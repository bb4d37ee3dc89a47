#pragma once

#include "oncall/configuration.hpp"

/// What is still to be done before pages can be trusted.
namespace oncall {

/// What the configuration does not say.
struct SetupFacts {
    bool has_admins{}; // ONCALL_ADMINS
    bool has_fallback{}; // ONCALL_CHANNEL
    bool has_heartbeat{}; // ONCALL_HEARTBEAT_URL
    bool can_wake{}; // a way is set up that wakes people
    std::string bot{"oncall"}; // what it is called in Slack
    std::vector<std::string> missing_scopes{}; // "im:write: nobody can be paged by direct message"
    std::map<std::string, std::vector<std::string>> strangers{}; // whom Slack does not know → where they are named
    std::vector<std::string> silent_sources{}; // that have never sent anything
    std::vector<std::string> troubles{}; // what is known not to work in Slack, with what to do, as sentences
};

struct SetupStep {
    std::string what{}; // as words of ours
    std::string fix{}; // what to do
    std::string kind{}; // of settings where it can be done, as in config::Item; empty: it is done elsewhere
    bool operator==(const SetupStep&) const = default;
};
/// In the order in which they matter; nothing when all is done.
std::vector<SetupStep> steps_left(const Configuration& configuration, const SetupFacts& facts, TimePoint now);

} // namespace oncall
