#pragma once

#include "handlers/paging.hpp"
#include "oncall/arrival.hpp"

/// Alerts that come and go. Inside a transaction.
namespace handlers {

/// It has come and gone so often lately that it pages only once it stays. Not if nobody was paged for it within an hour: it may
/// never stay.
std::optional<oncall::Hold> flapping(storage::Transaction& tx, const Context& app, const oncall::Alert& alert, TimePoint now);
/// What was over a moment ago, by its source's word, comes back as the alert that it was; its id, or zero: it is a new one. What
/// the source says of it now is the caller's, and so is what pages for it.
oncall::AlertId comes_back(
    storage::Transaction& tx, const Context& app, const std::string& source, const Report& report, const Asked& asked);
/// Whoever has it, or is paged for it, is told that it is back; not when it flaps.
void say_back(storage::Transaction& tx, const oncall::Alert& alert, TimePoint now);
/// Its page goes on, but not before it has stayed for a while, if it flaps.
void calm_page(storage::Transaction& tx, const Context& app, const oncall::Alert& alert, TimePoint now);
/// It flapped when it came back last, and that was lately.
bool flapped(storage::Transaction& tx, const Context& app, oncall::AlertId alert, TimePoint now);

} // namespace handlers
