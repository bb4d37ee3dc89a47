#pragma once

#include "oncall/escalation.hpp"
#include "oncall/reach_words.hpp"

#include <set>

namespace oncall {

/// Somebody whom a policy would page, and from when to when.
struct ComingShift {
    std::string person{}; // as configured
    std::string by{}; // "schedule payments", "team payments", "policy payments"
    TimePoint from{};
    TimePoint to{};
    bool operator==(const ComingShift&) const = default;
};

/// Everybody whom the policies could page within [from, to): the shifts of their schedules, the members of their teams and, as
/// far as `groups` knows them, of Slack user groups, and who is named. Ordered by time, then person; each person once by each
/// schedule, team, group or policy and stretch.
std::vector<ComingShift> coming_shifts(
    const Configuration& configuration, TimePoint from, TimePoint to, const GroupMembers& groups = {});

/// The Slack user groups that the policies name and that are not in `groups`, by name.
std::vector<std::string> unread_groups(const Configuration& configuration, const GroupMembers& groups);

/// What is known of how to reach somebody.
struct Reach {
    std::string user{}; // her Slack id; empty: Slack does not know her
    std::string kind{}; // "member", "guest", "bot", "gone", "stranger"; empty: not known yet
    std::string email{};
    std::string time_zone{};
    std::vector<ContactMethod> methods{}; // that she has set up
    std::vector<NotificationRule> rules{}; // hers
    std::vector<NotificationRule> team_rules{};
};

/// Somebody who cannot be reached, or not be woken, while she is on call.
struct NotReady {
    std::string person{};
    ComingShift shift{}; // the first in which it is so
    bool reached{}; // by something, which may not wake her
    std::vector<std::string> why{}; // sentences
};

/// Those of the coming rota who are not ready for a page of high urgency. `ways`: what the operator has set up a provider for;
/// somebody missing in `reaches` is unknown to Slack.
std::vector<NotReady> not_ready(
    const std::vector<ComingShift>& shifts, const std::map<std::string, Reach>& reaches, const std::set<ContactKind>& ways);

/// All of the coming rota.
struct Readiness {
    std::vector<NotReady> not_ready{};
    std::size_t people{}; // on the rota
    std::vector<std::string> unread{}; // groups whose members nobody knows
    TimePoint until{};
};
/// What it comes to, and a line for each who is not ready. People are written <@U…> or as configured, times <!date^…>.
std::vector<std::string> words_of(const Readiness& readiness);

/// When the weekly report is due next: Monday at 10:00 in the zone that most schedules have.
TimePoint next_report(const Configuration& configuration, TimePoint now);

} // namespace oncall
