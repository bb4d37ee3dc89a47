#pragma once

#include "handlers/context.hpp"
#include "storage/payloads.hpp"

namespace handlers {

/// Somebody who made a source waits for its first event: what came becomes words for her. Called in the transaction that keeps
/// the payload; does nothing when nobody waits for that source.
void tell_first_event(storage::Transaction& tx, const Context& app, const storage::Payload& payload, TimePoint now);

/// From now on that person hears, for an hour, what the source sends first. False when she waits for it already.
bool wait_for_first_event(storage::Transaction& tx, const std::string& source, const std::string& person, TimePoint now);
/// Until when she does; nullopt: she does not.
std::optional<TimePoint> waits_until(storage::Transaction& tx, const std::string& source, const std::string& person);

/// The hour is over.
void first_event_due(storage::Transaction& tx, const Context& app, std::int64_t wait, TimePoint now);

/// The sources that have never sent anything, in the order of their names.
std::vector<std::string> silent_sources(storage::Transaction& tx, const oncall::Configuration& configuration);

} // namespace handlers
