#pragma once

#include "blocks/blocks.hpp"
#include "storage/repositories.hpp"

namespace delivery {

/// An alert with all that its card shows, as it stands in the database at `now`.
blocks::AlertView view_of(storage::Transaction& tx, const oncall::Configuration& configuration, oncall::Alert alert, oncall::TimePoint now);

} // namespace delivery
