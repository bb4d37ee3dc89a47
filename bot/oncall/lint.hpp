#pragma once

#include "oncall/configuration.hpp"
#include "oncall/notification_rules.hpp"

#include <functional>

namespace oncall {

/// Something of the configuration that may be meant and deserves a look. Nothing is refused for it.
struct Warning {
    std::string path{}; // as of a problem in the file: "policy payments.levels[0].patience"
    std::string what{}; // one sentence without its stop; people as <@U…> or as configured
    std::string fix{};
    bool operator==(const Warning&) const = default;
};

/// What is known of how somebody is paged.
struct Acquaintance {
    std::string person{}; // a Slack user id once known, else as configured
    std::string cannot{}; // why she can never answer, as "has left this workspace"; empty: she can
    std::string rule{}; // the name of the notification rule for the urgency
    std::vector<NotificationStep> steps{}; // of it, with the methods she has
};
using Acquaintances = std::function<Acquaintance(const std::string& reference, Urgency urgency)>;

/// Levels that never run, levels nobody can be reached on, policies that lead back to themselves, more acknowledgements than
/// people, patience that ends before somebody's own notification rule does; services that depend on what is none here. By path.
/// Without `known` what is people's own is not looked at. Whoever is on call within the coming week counts as paged by a
/// schedule; by a rotation whose calendar has said nothing that is nobody knows whom.
std::vector<Warning> lint(const Configuration& configuration, TimePoint now, const Acquaintances& known = {});
/// Of one policy alone.
std::vector<Warning> lint_policy(
    const Configuration& configuration, const std::string& policy, TimePoint now, const Acquaintances& known = {});

/// "policy payments, level 1: …. Fix: …."
std::string words_of(const Warning& warning);

} // namespace oncall
