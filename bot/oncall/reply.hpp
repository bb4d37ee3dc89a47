#pragma once

#include "oncall/verbs.hpp"

namespace oncall {

/// A text message that answers a page, as it was typed.
struct Reply {
    enum class What {
        answer,
        stop, // no more text messages
        start, // text messages again
        help,
        unclear
    } what{What::unclear};
    Verb verb{}; // of an answer: acknowledge, resolve, escalate or decline
    AlertId alert{}; // which, if it was said
    bool all{}; // each of them
};

/// "4", "ack", "6 12", "12 done", "#12 6", "escalate", "not me", "4 all", "STOP". Only the first line counts: below it phones put
/// signatures. Of two numbers the first is the verb if it can be one.
Reply reply_in(std::string_view text);

/// What an answer is about.
struct Meant {
    enum class What {
        these, // all of them
        which, // several could be meant: ask
        none, // nothing is open
        not_theirs // the one that was named is not open, or she was not told of it
    } what{What::none};
    std::vector<Alert> alerts{}; // `these`, or those to choose from
};

/// `open`: what is not resolved and she was told of in the last hours, newest first. Without a number it is the one the verb can
/// be done to. Where it can be done to none, it is the newest: its refusal says why.
Meant meant_by(const Reply& answer, const std::vector<Alert>& open);

/// How long after she was told of it an alert can be answered by a text message.
inline constexpr milliseconds replies_for = std::chrono::hours{24};

} // namespace oncall
