#pragma once

#include "oncall/contact.hpp"
#include "oncall/escalation.hpp"

namespace oncall {

/// How long somebody took to answer, kept for later advice.
struct AnswerFact {
    std::string person{};
    Position at{}; // the try that reached her last
    TimePoint answered_at{};
    std::optional<milliseconds> took{}; // since the page first reached for her; nullopt: it had not
    int hour{-1}; // hers, 0 to 23, when she answered; -1: nobody knows her zone
    std::string told_by{}; // the kind of method that reached for her last: "sms"; empty: none had
    std::string answered_by{}; // the kind she answered by
};

/// Of an answer at `now`. `all`: the page's notifications; `names`: all that she is called in them; `via`: as the timeline says
/// it.
AnswerFact answer_fact(const std::string& person, const std::vector<std::string>& names, const std::vector<Notification>& all,
    const std::string& via, const std::string& time_zone, TimePoint now);

/// The hour of the day there; -1: there is no such zone.
int hour_in(const std::string& time_zone, TimePoint at);

/// The kind of contact method an answer came by, from the timeline's words: "a text message" → "sms". "slack" for all in Slack.
std::string answered_by_kind(std::string_view via);

/// Whom a step passed over, and why.
struct SkipFact {
    std::string who{}; // a person, a target as the policy writes it, or a level: "level 2 of 3"
    Position at{};
    TimePoint when{};
    Skip::Why why{};
};

} // namespace oncall
