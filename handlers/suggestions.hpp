#pragma once

#include "handlers/routes.hpp"

/// That a new alert may belong to an open one: said on its card, for whoever looks at it to decide. Nobody is paged otherwise or
/// later for it.
namespace handlers {

/// Looks once for what a new alert may belong to, after it was shown. Only of one that has a card of its own: in a storm alerts
/// share theirs, and where they do not it is not looked for. Not of one that was grouped, is a drill or was paged by hand.
void suggest_group(storage::Transaction& tx, const Context& app, const oncall::Alert& alert, TimePoint now);

/// Merge, or not related.
Answer click_suggestion(slack::Action action, std::string delivery, Context& app);

} // namespace handlers
