#pragma once

#include "blocks/blocks.hpp"
#include "storage/repositories.hpp"

namespace delivery {

/// An alert with all that its card shows, as it stands in the database.
blocks::AlertView view_of(storage::Transaction& tx, const oncall::Configuration& configuration, oncall::Alert alert);
/// The same with what helps to understand it, for a message of its own: when it fired before, what else is open.
blocks::AlertView whole_view_of(storage::Transaction& tx, const oncall::Configuration& configuration, oncall::Alert alert);

} // namespace delivery
