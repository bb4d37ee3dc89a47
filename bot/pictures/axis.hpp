#pragma once

#include "oncall/time.hpp"

#include <string>
#include <vector>

namespace pictures {

using oncall::TimePoint;

/// A calendar day of a zone, as long as it truly is.
struct Day {
    TimePoint begin{};
    TimePoint end{};
    oncall::LocalTime local{};
};

/// A stretch of the period, drawn in one line from left to right.
struct Strip {
    TimePoint from{};
    TimePoint to{};
    std::vector<Day> days{}; // the first and the last may stick out
};

/// A period cut into lines that can be read: one up to 35 days, else lines of whole weeks.
std::vector<Strip> strips(TimePoint from, TimePoint to, const std::string& zone);

/// Where an instant is, in pixels.
struct Axis {
    TimePoint from{};
    double left{};
    double per_hour{};
    double x(TimePoint at) const;
    double of(oncall::milliseconds duration) const;
};

/// Instants worth a tick within a day, when a day is `pixels` wide; none when it is too narrow.
std::vector<TimePoint> hour_ticks(const Strip& strip, const std::string& zone, double pixels);

} // namespace pictures
