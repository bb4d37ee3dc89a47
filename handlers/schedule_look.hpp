#pragma once

#include "handlers/routes.hpp"

namespace handlers {

/// `schedule payments`, also with a time ("next month"): who is on call, in words at once, and as a picture a moment later.
/// Alone: the schedules there are. `schedule sun`: a form for one that follows the sun.
Answer schedule(slack::Command command, std::string rest, std::string delivery, Context& app);
/// Earlier, later, another schedule: a picture of that; for everybody in the channel when that was pressed.
Answer click_schedule(slack::Action action, std::string delivery, Context& app);

} // namespace handlers
