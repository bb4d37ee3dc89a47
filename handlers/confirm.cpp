#include "handlers/confirm.hpp"

#include "delivery/outcome.hpp"

namespace handlers {

bool confirm(storage::Transaction& tx, const Context&, const std::string& reference, const notify::Outcome& outcome,
    const std::string& words, TimePoint now)
{
    return delivery::confirm(tx, reference, outcome, words, now);
}

} // namespace handlers
