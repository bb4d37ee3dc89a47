#pragma once

#include "handlers/paging.hpp"
#include "oncall/heartbeat.hpp"

/// What is to be heard of, and what happens when it is not. Everything here runs inside a transaction.
namespace handlers {

/// The key of its alert, at most 255 bytes.
std::string heartbeat_key(const oncall::Heartbeat& heartbeat);

/// It was heard of: a success begins its interval anew, and the alert about its silence or its failure is over; a failure is an
/// alert at once, unless it is paused or its source quiet.
void heard_of(
    storage::Transaction& tx, const Context& app, const oncall::Heartbeat& heartbeat, const oncall::Ping& ping, TimePoint now);

/// It was changed: its timer follows, and what nobody watches any more raises no alert. `heartbeat.id` is set.
void heartbeat_changed(storage::Transaction& tx, const Context& app, const oncall::Heartbeat& heartbeat, TimePoint now);

/// It is not to be heard of any more.
void remove_heartbeat(storage::Transaction& tx, const Context& app, const oncall::Heartbeat& heartbeat, TimePoint now);

/// Paused until then, it raises no alert and its own is over; the digest of what is silent lists it.
void pause_heartbeat(storage::Transaction& tx, const Context& app, const oncall::Heartbeat& heartbeat, TimePoint until,
    const std::string& reason, const Asked& asked);
/// Its interval begins now, if it was ever heard of. By somebody, or at the end of its pause.
void resume_heartbeat(storage::Transaction& tx, const Context& app, const oncall::Heartbeat& heartbeat, const Asked& asked);

/// Those that the configuration names are made, changed and removed as its items say, in the transaction that writes these. What
/// is configured wins over what a ping or Opsgenie's API has made by the same name; paused stays paused.
void follow_configured_heartbeats(storage::Transaction& tx, const Context& app, TimePoint now);

/// What was heard in the future, by a clock that was wrong, was heard now at the latest: else its silence would be told as much
/// later. And what is paused without an end has one. At a start.
void mend_heartbeats(storage::Transaction& tx, const Context& app, TimePoint now);

/// Its timer is due: nothing was heard of it in time, the interval begins anew, for we were away, or its pause is over.
void heartbeat_due(storage::Transaction& tx, const Context& app, std::int64_t id, TimePoint now);

} // namespace handlers
