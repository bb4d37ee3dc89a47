#pragma once

#include "handlers/routes.hpp"

namespace handlers {

/// Whether the event tells that we were invited to a channel.
bool is_invitation(const slack::Event& event, const Context& app);
/// What waits for a channel that we were not in is tried again at once.
Answer invited(slack::Event event, Context& app);

} // namespace handlers
