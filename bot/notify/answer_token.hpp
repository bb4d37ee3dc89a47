#pragma once

#include "oncall/verbs.hpp"

#include <array>
#include <string>
#include <string_view>
#include <variant>

namespace notify {

using oncall::TimePoint;

/// What pressing the button behind a link does, and for whom.
struct Answer {
    std::int64_t notification{};
    oncall::AlertId alert{};
    oncall::Verb verb{}; // one of `answer_verbs`
    std::string person{}; // a Slack user id once known, else as configured
    std::string id{}; // of one use: the same in a repeat of the same mail. Given by `issue`
    TimePoint expires{}; // likewise
    bool bundle{}; // it answers all that the notification's message told of
};

enum class Unreadable {
    forged, // no token of ours, or from a time to come
    expired
};

/// What may be asked by a link, in the order of the buttons.
inline constexpr std::array answer_verbs{oncall::Verb::acknowledge, oncall::Verb::decline, oncall::Verb::resolve};

/// What a button says, and what it does.
struct ButtonWords {
    std::string_view label{};
    std::string_view does{};
};
ButtonWords button_words(oncall::Verb verb);

/// How long an answer link works.
inline constexpr std::chrono::hours answer_lifetime{24};

/// A signed token (JWT, HS256), fit for a path: ASCII letters, digits, "-_.". `secret` is not empty.
std::string issue(const std::string& secret, const Answer& answer, TimePoint now);

/// Reads a token from anybody, however malformed.
std::variant<Answer, Unreadable> read(const std::string& secret, std::string_view token, TimePoint now);

/// The links in the mail of one notification.
struct AnswerLinks {
    std::string acknowledge{};
    std::string decline{};
    std::string resolve{};
};

/// `public_url` is ONCALL_PUBLIC_URL, without a slash at its end. `bundle`: they answer all that its message tells of.
AnswerLinks answer_links(const std::string& public_url, const std::string& secret, const oncall::Notification& notification,
    TimePoint now, bool bundle = false);

} // namespace notify
