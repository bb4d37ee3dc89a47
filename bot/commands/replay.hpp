#pragma once

#include <string>

namespace commands {

/// Plays the oncall.yaml at `path`, from now on: an alert from each source and for each service, one after the other, and what
/// its policy does while nobody answers. `once` plays it at once and ends; else it is played on the page when that is asked for,
/// a hundred times as fast as life. What is wrong in the file is said as `apply` says it. Nobody outside of this machine is asked
/// or told anything. Returns the exit status.
int replay(const std::string& path, bool once);

} // namespace commands
