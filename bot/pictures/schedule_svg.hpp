#pragma once

#include "oncall/schedule.hpp"

#include <map>
#include <string>

namespace pictures {

/// `viewer`: light, and dark where the viewer knows that its reader wants that (`prefers-color-scheme`).
enum class Theme { viewer, light, dark };

struct ScheduleView {
    oncall::TimePoint from{};
    oncall::TimePoint to{};
    oncall::TimePoint now{}; // a line, when it is in the period
    std::map<std::string, std::string> names{}; // what people are called; else by what stands before the @
    Theme theme{Theme::viewer};
};

constexpr int picture_width = 1200;
/// What a picture holds; what is beyond it is left out and said, but for the period: that is refused.
constexpr std::chrono::hours longest_picture{24 * 400};
constexpr std::size_t most_drawn_rotations = 24; // of one line; fewer where there are more lines

/// A schedule as SVG: each rotation, what is changed, who is on call in the end, gaps, now; on the days of the schedule's zone.
/// The same bytes for the same arguments. Throws std::invalid_argument on a period that is empty or too long.
std::string schedule_svg(const oncall::Schedule& schedule, const ScheduleView& view);

} // namespace pictures
