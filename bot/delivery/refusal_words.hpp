#pragma once

#include "storage/repositories.hpp"

namespace delivery {

/// Whoever asked for what Slack then refused hears of it where they asked, by its `response_url`, for as long as that lives;
/// else, or without one, by direct message. `row` is what was refused.
void tell_where_asked(storage::Transaction& tx, const storage::OutboxRow& row, const std::string& response_url,
    const std::string& person, const std::string& words, oncall::TimePoint now);

} // namespace delivery
