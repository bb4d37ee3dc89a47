#pragma once

#include "handlers/routes.hpp"

/// `/oncall heartbeats`: what is to be heard of.
namespace handlers {

/// Alone: all of them; `add`, or `add backup`: the form of a new one; `pause backup 3d because …`, `resume backup`, `delete
/// backup`: does it; a name: those that are called so.
Answer heartbeats_command(slack::Command command, std::string rest, std::string delivery, Context& app);
/// Anything pressed in it.
Answer click_heartbeats(slack::Action pressed, std::string delivery, Context& app);

} // namespace handlers
