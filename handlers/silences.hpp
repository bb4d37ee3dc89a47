#pragma once

#include "handlers/paging.hpp"
#include "oncall/arrival.hpp"

/// Silences and maintenance windows. Inside a transaction.
namespace handlers {

/// What of them holds this alert back now.
std::vector<oncall::Hold> silenced(storage::Transaction& tx, const Context& app, const oncall::Alert& alert, TimePoint now);
/// One begins or ends, or what is silent is to be listed.
void silence_due(storage::Transaction& tx, const Context& app, const storage::Timer& timer, TimePoint now);

} // namespace handlers
