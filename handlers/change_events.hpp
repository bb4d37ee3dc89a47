#pragma once

#include "handlers/context.hpp"
#include "oncall/change_event.hpp"

namespace handlers {

/// Keeps a change of a source (told twice it is one), routes it to a service as an alert would be, and lets the cards of that
/// service's open alerts follow. Pages nobody.
void take_change(storage::Transaction& tx, const Context& app, oncall::ChangeEvent change, TimePoint now);

} // namespace handlers
