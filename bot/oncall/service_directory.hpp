#pragma once

#include "oncall/override_permission.hpp"

#include <set>

/// Whose a service is, by what people are paged for it, what hangs on it, and who hears of it.
namespace oncall {

/// By which policy a team is paged; empty: by none. Its own, else the one that its schedule makes.
std::string policy_of_team(const Configuration& configuration, const std::string& team);
/// The service's own, else its team's.
std::string policy_of_service(const Configuration& configuration, const std::string& service);
/// The policy of that name. One that a team's schedule makes is whoever is on call by it, and then the whole team; it stands in
/// no configuration, and one that does counts before it.
std::optional<Policy> policy_in(const Configuration& configuration, const std::string& name);
/// Whether that is one that a schedule makes: "schedule of team payments".
bool is_made_of_schedule(const Configuration& configuration, const std::string& policy);

/// The services that need it, by name; a service that needs itself is none of them.
std::vector<std::string> dependents_of(const Configuration& configuration, const std::string& service);

/// What people said themselves, by Slack id: told of a service's alerts, or not.
using OwnWishes = std::map<std::string, bool>;
/// Who is told how the alerts of a service stand: whom it names, the observers of its team, and who subscribed herself; whoever
/// unsubscribed is not. Slack ids where they are known.
std::vector<std::string> subscribers_of(
    const Configuration& configuration, const std::string& service, const OwnWishes& own, const Known& known);

/// Whether `asker` may page the service by hand, whom the configuration may name to do so alone; admins always may. Throws
/// Refusal, which says who may.
void permit_paging_of(const Configuration& configuration, const std::string& service, const Asker& asker,
    const std::vector<std::string>& admins, const Known& known);

/// "manager", "responder, manager", "observer": what somebody is in a team; as the configuration names them. Managers first.
struct TeamMember {
    std::string person{};
    std::string roles{};
    bool operator==(const TeamMember&) const = default;
};
std::vector<TeamMember> roles_in(const Team& team);

} // namespace oncall
