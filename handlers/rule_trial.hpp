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

/// What came in the last week, as its sources told it.
storage::Alerts::Recent came_lately(storage::Transaction& tx, TimePoint at);

/// What the rule, as `becomes` has it, would have made of them that `now` did not; sentences of ours. Others have their turn
/// meanwhile; what is not looked at within a second is left out, and how many were is said.
asio::awaitable<std::vector<std::string>> tried(storage::Alerts::Recent came, std::shared_ptr<const oncall::Configuration> now,
    oncall::Configuration becomes, std::string rule, Context& app);

/// A rule that holds: against how it would have been without it.
asio::awaitable<blocks::ForecastView> tried_view(
    storage::Alerts::Recent came, std::shared_ptr<const oncall::Configuration> holds, std::string rule, Context& app);

} // namespace handlers
