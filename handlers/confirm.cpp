#include "handlers/confirm.hpp"

#include "delivery/outcome.hpp"

namespace handlers {

bool confirm(storage::Transaction& tx, const Context& app, const std::string& reference, const notify::Outcome& outcome,
    const std::string& words, TimePoint now)
{
    // Who calls back is Twilio.
    return delivery::confirm(tx, reference, outcome, words, app.callers.size() > 1, now);
}

} // namespace handlers
