#pragma once

#include "oncall/alert.hpp"

#include <string>
#include <vector>

namespace commands {

/// How a page ends that nobody answers, or goes on when it was played for `played`: in words, each true.
std::string ending_of(const oncall::Page& page, oncall::milliseconds played);
/// What is not read when a configuration is played, a line each: calendars elsewhere.
std::vector<std::string> calendars_unread(const oncall::Configuration& configuration);

/// Plays the oncall.yaml at `path`, from now on: an alert from each source and for each service, one after the other, and what
/// its policy does while nobody answers. `once` plays it at once and ends; else it is played on the page when that is asked for,
/// a hundred times as fast as life. What is wrong in the file is said as `apply` says it. Nobody outside of this machine is asked
/// or told anything. Returns the exit status.
int replay(const std::string& path, bool once);

} // namespace commands
