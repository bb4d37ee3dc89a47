#pragma once

#include "oncall/time.hpp"

namespace oncall {

/// A day and a week of the wall clock, and the beginning of a Monday, from which weeks are counted.
inline constexpr milliseconds a_day = 24h, a_week = 7 * a_day;
inline constexpr LocalTime a_monday{4 * a_day};

} // namespace oncall
