#pragma once

#include "handlers/context.hpp"
#include "storage/payloads.hpp"

namespace handlers {

/// Somebody who made a source waits for its first event: what came becomes words for her. Called in the transaction that keeps
/// the payload; does nothing when nobody waits for that source.
void tell_first_event(storage::Transaction& tx, const Context& app, const storage::Payload& payload, TimePoint now);

} // namespace handlers
