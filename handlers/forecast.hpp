#pragma once

#include "handlers/context.hpp"
#include "oncall/forecast.hpp"
#include "oncall/lint.hpp"

/// What would happen, by people's own rules and methods as they are now. Nothing here changes anything.
namespace handlers {

/// What a page for that alert by that policy would do from `now` on, if nobody answered.
oncall::Forecast forecast_of(storage::Transaction& tx, const Context& app, const oncall::Configuration& configuration,
    const oncall::Alert& alert, const oncall::Policy& policy, TimePoint now);
/// The channels that are told when nobody answered.
std::vector<std::string> cries_of(const Context& app, const oncall::Configuration& configuration, const std::string& team);

/// The team whose alerts a policy pages for, as far as one can say; empty: none.
std::string team_of(const oncall::Configuration& configuration, const std::string& policy);

/// What lint has to say of all policies, or of one.
std::vector<oncall::Warning> warnings_of(
    storage::Transaction& tx, const Context& app, const oncall::Configuration& configuration, TimePoint now);
std::vector<std::string> warnings_of(storage::Transaction& tx, const Context& app, const oncall::Configuration& configuration,
    const std::string& policy, TimePoint now);

} // namespace handlers
