#pragma once

#include "notify/answer_token.hpp"
#include "notify/email.hpp"
#include "oncall/alert.hpp"

namespace notify {

/// A page, as a mail tells it.
struct PageEmail {
    std::string to{}; // an address
    oncall::Notification notification{};
    oncall::Alert alert{};
    std::string why{}; // why this person, in plain words
    std::string holder{}; // who has it now, in plain words; empty: nobody
    std::string runbook{};
    std::string time_zone{}; // the person's; may be empty
    std::optional<AnswerLinks> answers{}; // without ONCALL_PUBLIC_URL there are none
    bool slack_is_down{}; // it could not be said there
};

/// The whole story, as text and as HTML; its subject alone tells it on a lock screen: "[#1 critical] checkout: Checkout is down".
/// Nothing in it comes from elsewhere: no pictures, no tracking.
Email page_email(const PageEmail& page, TimePoint now);

/// Words of the service about itself, to an operator. `id` is the mail's.
Email alarm_email(std::string to, const std::string& words, std::string id, TimePoint now);

} // namespace notify
