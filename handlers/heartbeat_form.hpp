#pragma once

#include "handlers/settings_forms.hpp"

/// The form of a heartbeat in `/oncall settings`.
namespace handlers {

void put_monitor(blocks::Values& values, const oncall::Monitor& monitor);
void monitor_parts(std::vector<blocks::Part>& parts, const oncall::Configuration& now);
void read_monitor(oncall::Monitor& monitor, const blocks::Values& values, std::map<std::string, std::string>& errors);

} // namespace handlers
