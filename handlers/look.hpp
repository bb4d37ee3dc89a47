#pragma once

#include "blocks/forecast.hpp"
#include "handlers/what_if.hpp"

namespace handlers {

/// The policy that somebody means, or a Refusal with those there are.
const oncall::Policy& policy_called(const oncall::Configuration& configuration, const std::string& name, const std::string& verb);

/// What would become of it now: one for each of the first alerts and changes. Nothing is stored.
std::vector<blocks::ForecastView> what_would_become(storage::Transaction& tx, const Context& app,
    const oncall::Configuration& configuration, const Supposed& asked, TimePoint now);
/// What is said below them.
std::string note_below(const Supposed& asked);

} // namespace handlers
