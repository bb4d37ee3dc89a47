#pragma once

#include "oncall/notification_rules.hpp"

namespace oncall {

/// "SMS +49 151 …, Work": as its owner knows it. `whole`: with the address, else masked.
std::string words_of(const ContactMethod& method, bool whole);

/// "always", "Mon to Fri, 22:00 to 07:00".
std::string words_of(const std::vector<Window>& windows);

/// "Low urgency waits from 22:00 to 07:00 (Europe/Berlin); one digest at 07:00", for one of the quiet hours of `of`.
std::string quiet_words(const Window& window, std::size_t of, const std::string& time_zone);

/// "At once: e-mail, Slack, push. After 1 min: SMS, phone call (not set up)." What she has none of is skipped, with its wait.
/// `hers`: as for methods_of.
std::string words_of(const std::vector<NotificationStep>& steps, const std::vector<ContactMethod>& hers);

/// Whether a page by that kind may wake somebody: SMS, calls and push do; Slack, e-mail and webhooks don't.
bool wakes(ContactKind kind);
/// Whether any step of the rule does, by what she has and can be used.
bool can_wake(const NotificationRule& rule, const std::vector<ContactMethod>& hers);

} // namespace oncall
