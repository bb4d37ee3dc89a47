#pragma once

#include "handlers/paging.hpp"
#include "oncall/arrival.hpp"

/// Alerts that are one: by their rule, or by somebody's hand. One of them stands for all, has the card and pages. Inside a
/// transaction.
namespace handlers {

/// The open alert that stands for the group of a new one, which `holds` would hold back; zero: there is none.
oncall::AlertId group_for(storage::Transaction& tx, const Context& app, const oncall::Alert& alert, const oncall::Routed& routed,
    const std::vector<oncall::Hold>& holds, TimePoint now);
/// A new alert is the first of its group, if its rule groups it.
void stands_for_group(storage::Transaction& tx, const oncall::Alert& alert, TimePoint now);
/// A new alert has joined its parent: said, and paged again if it is worse than all there were.
void joined(
    storage::Transaction& tx, const Context& app, const oncall::Alert& child, const oncall::Routed& routed, const Asked& asked);
/// A child has got worse since it joined: the same.
void child_rose(
    storage::Transaction& tx, const Context& app, const oncall::Alert& child, const oncall::Routed& routed, const Asked& asked);
/// It has a card of its own, for it was shown before it joined.
bool is_shown_itself(storage::Transaction& tx, const oncall::Alert& child);
/// An open one was reported once more: its group goes on, and what was over by its source is not.
void group_reported(storage::Transaction& tx, const oncall::Alert& alert, const Asked& asked);

/// It stands for others that are open: its own source's clear, or `why`, is said, and it stays. False: nothing was done.
bool outlives_its_source(
    storage::Transaction& tx, const Context& app, const oncall::Alert& alert, const Asked& asked, const std::string& why = {});

/// Throws Refusal where what a person wants of a child is done at the alert that stands for it.
void refuse_of_child(storage::Transaction& tx, const oncall::Alert& child, oncall::Verb verb, const Asked& asked);
/// It is open again: what stood for it may be over by now, and then it stands for itself. True then; the caller saves it.
bool leaves_what_is_over(storage::Transaction& tx, oncall::Alert& alert, TimePoint now);
/// What follows in its group when an alert was changed from `before`: all are resolved with the one that stands for them, and
/// come back with it when that is undone; that one ends with its last.
void group_follows(storage::Transaction& tx, const Context& app, const oncall::Alert& before, const oncall::Alert& alert,
    oncall::Verb verb, const Asked& asked);

/// Puts an alert, with its own group, under another, or under what stands for that one: its page stops, and what shows it says
/// where it went. What is paged then, or has been answered, holds for both. Returns the one that stands for all. Throws Refusal.
oncall::Alert merge(
    storage::Transaction& tx, const Context& app, oncall::AlertId child, oncall::AlertId into, const Asked& asked);
/// It stands for itself again: it has a card, and pages if nobody has answered it. Returns it. Throws Refusal.
oncall::Alert split(storage::Transaction& tx, const Context& app, oncall::AlertId child, const Asked& asked);

} // namespace handlers
