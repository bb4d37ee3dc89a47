#pragma once

#include "handlers/routes.hpp"

namespace handlers {

/// `report`, also of a schedule, a team or `me`, and with a time: who was on call for how long. Else of all schedules, last week.
Answer report(slack::Command command, std::string rest, std::string delivery, Context& app);
/// As a CSV file, in the direct messages of whoever clicks.
Answer click_report(slack::Action action, std::string delivery, Context& app);

} // namespace handlers
