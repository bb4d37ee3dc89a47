#pragma once

#include "oncall/configuration.hpp"

namespace oncall {

/// "schedule payments", "rotation weekly of schedule payments", "user group @payments-oncall", "a webhook at example.com"; people
/// as <@U…> or as configured, channels as they are.
std::string words_of(const Target& target);

/// When a level is run, and how: "for high urgency, outside working hours; 2 tries of 5m, one person after the other; 2 people
/// must acknowledge". What is as usual is left out, but for the patience.
std::string words_of(const Level& level);
/// What a method of a notification rule is called in short: "Slack", "e-mail", "SMS", "call", "push", "webhook".
std::string words_of_method_kind(const std::string& method);
/// The conditions alone; empty: it is always run.
std::string words_of(const LevelCondition& when);

} // namespace oncall
