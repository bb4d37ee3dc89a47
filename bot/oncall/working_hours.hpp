#pragma once

#include "oncall/configuration.hpp"

namespace oncall {

/// Whether the team has said when it works.
bool is_said(const WorkingHours& hours);

/// Whether it works at `at`, on the wall clock of its zone: a skipped time is the first instant after the gap, a repeated one its
/// first occurrence. Hours that were never said, or in an unknown zone, are never.
bool works_at(const WorkingHours& hours, TimePoint at);

/// Whether there is a time at which it does not work; also of hours that were never said.
bool ever_rests(const WorkingHours& hours);

/// `at` itself when it works then, else when it works next; nullopt when that is never.
std::optional<TimePoint> works_from(const WorkingHours& hours, TimePoint at);

} // namespace oncall
