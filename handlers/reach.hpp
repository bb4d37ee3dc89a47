#pragma once

#include "handlers/context.hpp"
#include "oncall/quiet_hours.hpp"

/// How a person can be reached, and what she wants of it.
namespace handlers {

/// All her contact methods that could be used with what the operator has set up: Slack and the address of her profile with the
/// id 0, and those of her own, also ones that are stopped or not verified. `person`: a Slack user id, or as configured.
std::vector<oncall::ContactMethod> contacts_of(storage::Transaction& tx, const Context& app, const std::string& person);

/// The rules that hold where she has none: those of a team she is in, `team` (that of the alert) before others.
std::vector<oncall::NotificationRule> team_rules_of(
    storage::Transaction& tx, const Context& app, const std::string& person, const std::string& team);

/// The quiet hours that hold where she has said nothing of hers, as above.
oncall::QuietHours team_quiet_of(
    storage::Transaction& tx, const Context& app, const std::string& person, const std::string& team);

/// Her notification rule at `now`: hers, else that of a team she is in (that of the alert first), else the default.
oncall::NotificationRule rule_of(storage::Transaction& tx, const Context& app, const std::string& person, const std::string& team,
    oncall::Urgency urgency, TimePoint now);

/// When the quiet hours that she is in at `now` are over, hers or a team's; nullopt: she is in none.
std::optional<TimePoint> quiet_until(
    storage::Transaction& tx, const Context& app, const std::string& person, const std::string& team, TimePoint now);

} // namespace handlers
