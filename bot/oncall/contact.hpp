#pragma once

#include "oncall/alert.hpp"

namespace oncall {

using ContactId = Id<struct ContactTag>;

/// The kinds of ways to reach a person. `push` stands for all four of its providers in a notification rule.
enum class ContactKind { slack, email, sms, voice, web_push, ntfy, pushover, gotify, webhook };

std::string_view name(ContactKind kind); // "slack", "email", "sms", "voice", "web_push", "ntfy", "pushover", "gotify", "webhook"
/// What people call it, at the beginning of a sentence: "Slack", "E-mail", "SMS", "Call", "Web push", "ntfy" …
std::string_view title(ContactKind kind);
std::optional<ContactKind> contact_kind_in(std::string_view text);
/// One of the four that `push` stands for.
bool is_push(ContactKind kind);

/// One way to reach a person, which she has set up herself. Slack's DM and the address of her profile need no row: they are
/// always there (id 0).
struct ContactMethod {
    ContactId id{};
    std::string person{}; // a Slack user id
    ContactKind kind{};
    std::string label{}; // "Work"; may be empty
    std::string address{}; // an e-mail address, a number as E.164, a topic, key or URL, a web push subscription as JSON
    TimePoint added_at{};
    TimePoint verified_at{}; // TimePoint{}: nothing but its code is sent to it
    TimePoint consented_at{}; // to SMS and calls; TimePoint{}: not
    TimePoint stopped_at{}; // she answered STOP, or the subscription is no more; TimePoint{}: it works
    TimePoint last_at{}; // when something was last sent
    std::string last_outcome{}; // and what came of it, in words: "delivered", "failed: carrier …"
    std::int64_t version{1};
    bool operator==(const ContactMethod&) const = default;
};

/// Whether pages may be sent to it now: it is verified and not stopped, and SMS and calls have her consent.
bool is_usable(const ContactMethod& method);

/// The name of it in `Notification::method` and in notification rules: "slack", "email" (id 0), else "sms:12".
std::string method_out(const ContactMethod& method);
/// The kind and the id of such a name; nullopt when it is none. "channel" and "fallback" are none. "webhook" (id 0) is one that a
/// policy names itself.
struct MethodName {
    ContactKind kind{};
    ContactId id{};
};
std::optional<MethodName> method_in(std::string_view text);

/// Its address for others than its owner: "+49 … 12", "a…@example.com", "a URL at example.com"; never the whole.
std::string masked(const ContactMethod& method);

} // namespace oncall
