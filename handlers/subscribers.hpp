#pragma once

#include "handlers/context.hpp"

/// Who subscribes to a service is told how it stands, by one message that is edited; nobody is paged by it.
namespace handlers {

/// The alert has changed, or opened: whoever subscribes to its service is told, if that says something new. Inside a
/// transaction.
void tell_subscribers(storage::Transaction& tx, const Context& app, const oncall::Alert& alert, TimePoint now);

} // namespace handlers
