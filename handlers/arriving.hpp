#pragma once

#include "handlers/paging.hpp"
#include "oncall/arrival.hpp"

/// What becomes of an alert when it is new: it pages, is held back, joins others, or is only shown. Inside a transaction.
namespace handlers {

/// Stores the alert, which was routed so and whose fields are filled, and does what follows; its id is set.
void arrive(storage::Transaction& tx, const Context& app, oncall::Alert& alert, const oncall::Routed& routed, const Asked& asked);

/// It is back, and has never paged: what holds it now holds it again. Whether it pages else is the caller's.
void hold_again(
    storage::Transaction& tx, const Context& app, const oncall::Alert& alert, const oncall::Routed& routed, TimePoint now);

/// It pages after all, for it got worse or its rules are others: what is silent now holds it until the end of that.
void hold_if_silenced(
    storage::Transaction& tx, const Context& app, const oncall::Alert& alert, const std::string& policy, TimePoint now);

/// Whether an alert that was held, and is by now as it was reported, is to stay so. Until its time it does, unless it got worse
/// or somebody has it: then only while a silence is meant for it as it is now.
bool is_held_still(
    storage::Transaction& tx, const Context& app, const oncall::Alert& alert, const oncall::Reported& now_is, TimePoint now);

/// What is open now and ought to page is paged, or held by what holds it now. For whatever is held no more: a timer, a silence
/// that was ended, an alert that was given back. Does nothing for what is not held.
void arrival_due(storage::Transaction& tx, const Context& app, oncall::AlertId alert, TimePoint now);

/// An open alert that others stood for stands for itself: it pages, or is held by what holds it now; if somebody has it, once it
/// is given back.
void stand_alone(storage::Transaction& tx, const Context& app, const oncall::Alert& alert, const std::string& why, TimePoint now);

/// Whether an alert is only shown, for its policy pages nobody for low urgency.
bool is_shown_alone(const Context& app, const oncall::Alert& alert, const oncall::Policy& policy);
/// It ought to page, and no policy stands behind it: said, once an hour for each service.
void no_policy(storage::Transaction& tx, const Context& app, const oncall::Alert& alert, TimePoint now);
/// Nobody knows whose it is: the same, for each source and service that it names.
void no_service(
    storage::Transaction& tx, const Context& app, const oncall::Alert& alert, const std::string& named, TimePoint now);

} // namespace handlers
