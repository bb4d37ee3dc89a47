#pragma once

#include "oncall/alert.hpp"
#include "oncall/configuration.hpp"

namespace oncall {

/// Who wants to change the configuration, as far as it matters for the permission.
struct Editor {
    std::string user{}; // a Slack id
    std::string email{};
    std::string kind{}; // "member", "guest", "bot", "gone", "stranger", as Slack says; empty: not known yet
    bool stranger{}; // of another workspace
    std::vector<std::string> admins{}; // ONCALL_ADMINS; empty: every member may change everything
    std::map<std::string, std::string> ids{}; // person as named in the configuration → Slack id
};

/// The teams that a thing of that kind belongs to: a team to itself, a service and a source to its team (a source without one
/// to its service's), a heartbeat to its service's (without one to its source's), a policy and a schedule to all that page by it.
/// A rule belongs to nobody.
std::vector<std::string> owners(const Configuration& configuration, const std::string& kind, const std::string& name);

/// Whether `editor` may change anything at all. Throws Refusal.
void permit_settings(const Editor& editor, const Configuration& configuration);

/// Whether `editor` may turn what is called so in `before` into what it is in `after`; in one of the two it may be missing.
/// Admins may change everything, a team's managers what belongs to it, before and after (the members of one that names no
/// manager); guests and strangers never. A policy
/// or a schedule that nobody pages by is any team's. Nor does anybody but admins page by what is another team's, a policy or a
/// schedule, where that was not so before: it would become theirs. Throws Refusal with whom to ask.
void permit_edit(const Editor& editor, const std::string& kind, const std::string& name, const Configuration& before,
    const Configuration& after);

} // namespace oncall
