#pragma once

#include "handlers/routes.hpp"

/// Calendars out: the addresses at which calendar apps read shifts.
namespace handlers {

/// `calendar`: the address of one's own shifts; with a schedule's name: one's own address of its shifts.
Answer calendar(slack::Command command, std::string rest, std::string delivery, Context& app);
/// `calendars`: those that are read, and how that goes.
Answer calendars(slack::Command command, std::string rest, std::string delivery, Context& app);
/// Another address in place of the one there is, which works no more from the commit on.
Answer click_calendar_new(slack::Action action, std::string delivery, Context& app);

} // namespace handlers
