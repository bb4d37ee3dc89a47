#pragma once

#include "handlers/context.hpp"

namespace handlers {

/// Somebody who is being paged can answer no more, and `why` says it ("is deactivated in Slack"): what she was sent of it, or was
/// to be, counts no more until she can again, and the page goes on at once where nobody else of the try is left. Where she was
/// asked to help that ends, and is told. `who`: a Slack user id. False when no page has to go on without her.
bool pass_over(storage::Transaction& tx, const Context& app, oncall::AlertId id, const std::string& who, const std::string& why,
    TimePoint now);

} // namespace handlers
