#pragma once

#include "handlers/paging.hpp"
#include "oncall/arrival.hpp"

/// Alerts that are one: by their rule, or by somebody's hand. One of them stands for all, has the card and pages. Inside a
/// transaction.
namespace handlers {

/// The open alert that stands for the group of a new one; zero: there is none.
oncall::AlertId group_for(
    storage::Transaction& tx, const Context& app, const oncall::Alert& alert, const oncall::Routed& routed, TimePoint now);
/// A new alert has joined its parent: said, and paged again if it is worse than all there were.
void joined(storage::Transaction& tx, const Context& app, const oncall::Alert& child, const Asked& asked);
/// A child has got worse since it joined: the same.
void child_rose(storage::Transaction& tx, const Context& app, const oncall::Alert& child, const Asked& asked);
/// It has a card of its own, for it was shown before it joined.
bool is_shown_itself(storage::Transaction& tx, const oncall::Alert& child);

} // namespace handlers
