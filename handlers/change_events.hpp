#pragma once

#include "handlers/routes.hpp"
#include "oncall/change_event.hpp"

namespace handlers {

/// Whether it was made before all that is kept.
bool is_too_old(const oncall::ChangeEvent& change, TimePoint now);

/// Keeps a change of a source (told twice it is one), routes it to a service as an alert would be, and lets the cards of that
/// service's open alerts follow. Pages nobody. One that is too old is not kept.
void take_change(storage::Transaction& tx, const Context& app, oncall::ChangeEvent change, TimePoint now);

/// What a change that is told once more is known by, 255 bytes at most: its own key; else, where its source says when it was, one
/// that follows from what it says; else none.
std::string change_key(const oncall::ChangeEvent& change);

/// `changes checkout`: the last ten of a service, or of a source those of no known service; alone: of all.
Answer changes(slack::Command command, std::string rest, std::string delivery, Context& app);

} // namespace handlers
