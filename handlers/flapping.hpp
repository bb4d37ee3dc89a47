#pragma once

#include "handlers/paging.hpp"
#include "oncall/arrival.hpp"

/// Alerts that come and go. Inside a transaction.
namespace handlers {

/// It has come and gone so often lately that it pages only once it stays.
std::optional<oncall::Hold> flapping(storage::Transaction& tx, const Context& app, const oncall::Alert& alert, TimePoint now);
/// What was over a moment ago, by its source's word, comes back as the alert that it was; its id, or zero: it is a new one.
oncall::AlertId comes_back(
    storage::Transaction& tx, const Context& app, const std::string& source, const Report& report, const Asked& asked);

} // namespace handlers
