#pragma once

#include "blocks/forecast.hpp"
#include "handlers/context.hpp"
#include "oncall/configuration.hpp"

/// "Which of last week's alerts would this rule have met", by what is kept of them. Nothing here changes anything.
namespace handlers {

inline constexpr std::string_view trial_note{
    "Alerts are looked at as they are kept: with the title, severity and service that they had last. Nothing was changed."};

/// The rule that "rule NAME" means, in whatever letters; "": none, so that these are the words of an alert.
std::string rule_meant(const oncall::Configuration& configuration, const std::string& rest);

/// What the rule, as `becomes` has it, would have made of them that `now` did not; sentences of ours.
std::vector<std::string> tried(storage::Transaction& tx, const oncall::Configuration& now, const oncall::Configuration& becomes,
    const std::string& rule, TimePoint at);

/// A rule that holds: against how it would have been without it.
blocks::ForecastView tried_view(
    storage::Transaction& tx, const oncall::Configuration& configuration, const std::string& rule, TimePoint at);

} // namespace handlers
