#pragma once

#include "storage/database.hpp"

namespace stored {

/// Fills a database with `alerts` alerts, the newest `open` of them open in all states, each with its page, notifications,
/// timeline, messages and what its sender was told; the open ones with their timers. All is well with it at `now`.
void fill(storage::Transaction& tx, int alerts, int open, storage::TimePoint now);

} // namespace stored
