#pragma once

#include "pictures/schedule_svg.hpp"

namespace pictures {

/// What the picture of a schedule says about who is on call in the end, for whoever cannot see it: at most `most` bytes, and
/// what has no room is said to be missing. Times are the schedule's.
std::string schedule_words(const oncall::Schedule& schedule, const ScheduleView& view, std::size_t most = 1'800);

} // namespace pictures
