#pragma once

#include "handlers/context.hpp"
#include "notify/outcome.hpp"

namespace handlers {

/// A provider reports what became of something it took, by what it calls it: a callback, or an answer when it was asked.
/// `outcome.how` is `confirmed`, `refused` (that attempt failed) or anything else (still on its way: nothing changes); `words`
/// say it, "delivered" or "carrier", for the alert's thread and for the method's owner. May be told twice, late and in the wrong
/// order: what has arrived has arrived, and a failed attempt leads to one further attempt at most. False when nothing is known
/// by that reference (yet): nothing changes.
bool confirm(storage::Transaction& tx, const Context& app, const std::string& reference, const notify::Outcome& outcome,
    const std::string& words, TimePoint now);

} // namespace handlers
