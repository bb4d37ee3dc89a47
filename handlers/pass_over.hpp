#pragma once

#include "handlers/context.hpp"

namespace handlers {

/// Somebody who is being paged can answer no more, and `words` say why: what she was sent of it, or was to be, counts no more,
/// and the page goes on at once where nobody else of the try is left. `who`: a Slack user id. False when it pages her no more.
bool pass_over(storage::Transaction& tx, const Context& app, oncall::AlertId id, const std::string& who, const std::string& words,
    TimePoint now);

} // namespace handlers
