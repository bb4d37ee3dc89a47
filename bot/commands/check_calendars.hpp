#pragma once

#include "commands/check.hpp"
#include "storage/inspection.hpp"

namespace commands {

/// The calendars that the configuration reads, as the service has read them last: their age, and whom nobody knows in them.
void check_calendars(
    const oncall::Configuration& configuration, const storage::Inspection& found, oncall::TimePoint now, const Tell& tell);

} // namespace commands
