#pragma once

#include "blocks/blocks.hpp"
#include "storage/repositories.hpp"

namespace delivery {

/// An alert with all that its card shows, as it stands in the database.
blocks::AlertView view_of(storage::Transaction& tx, const oncall::Configuration& configuration, oncall::Alert alert);

} // namespace delivery
