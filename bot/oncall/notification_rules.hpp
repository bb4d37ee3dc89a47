#pragma once

#include "oncall/contact.hpp"
#include "oncall/schedule.hpp"

namespace oncall {

/// What is tried at once, and how long it is waited for before the next step. A method is a kind ("sms": each of hers of that
/// kind; "push": each of web_push, ntfy, pushover, gotify) or one of hers ("sms:12").
struct NotificationStep {
    std::vector<std::string> methods{};
    milliseconds wait{};
    bool operator==(const NotificationStep&) const = default;
};

/// A person's own ladder for an urgency. The first of hers whose time it is holds; one without `windows` holds always.
struct NotificationRule {
    std::string name{}; // "Office hours"
    Urgency urgency{Urgency::high};
    std::vector<Window> windows{}; // in her time zone, as those of a rotation
    std::vector<NotificationStep> steps{};
    bool operator==(const NotificationRule&) const = default;
};

/// E-mail, Slack and push at once; SMS and voice after 60 s.
NotificationRule default_rule(Urgency urgency);

/// The rule that holds for somebody at `now`, in the zone of her profile: hers, else her team's, else the default.
const NotificationRule& rule_at(const std::vector<NotificationRule>& hers, const std::vector<NotificationRule>& teams,
    Urgency urgency, TimePoint now, const std::string& time_zone);

/// The methods of a step that she has and that can be used, as `method_out` names them, each once. Methods not set up are
/// skipped, and may leave none. `hers` has those without a row (Slack, the profile's address) too, with the id 0; they are
/// usable without being verified.
std::vector<std::string> methods_of(const NotificationStep& step, const std::vector<ContactMethod>& hers);

/// What a rule comes to for somebody: its steps with the methods that she has, without those that have none.
std::vector<NotificationStep> steps_for(const NotificationRule& rule, const std::vector<ContactMethod>& hers);

/// How often and how far apart a method is tried in all; a further attempt follows only a failed one.
struct Attempts {
    int most{1};
    milliseconds apart{};
};
Attempts attempts_of(ContactKind kind); // sms, voice, slack: 3, 60 s apart; the others: 1

} // namespace oncall
