#pragma once

#include "oncall/configuration.hpp"

#include <set>

/// Shifts as calendars show them.
namespace oncall {

struct DiaryEntry {
    std::string key{}; // the same for as long as it is the same shift, whatever else of it changes
    std::string schedule{};
    Shift shift{}; // whole, with people
};

/// How far back and ahead calendars show shifts. Counted from the beginning of the day (UTC), so that two looks on one day see
/// the same.
struct DiarySpan {
    TimePoint from{};
    TimePoint to{};
};
DiarySpan diary_span(TimePoint now);

/// A person's shifts of all schedules, by their beginning. `names`: all that the configuration may call her.
std::vector<DiaryEntry> diary_of(const Configuration& configuration, const std::set<std::string>& names, DiarySpan span);

/// All of a schedule, without its gaps.
std::vector<DiaryEntry> diary_of(const Schedule& schedule, DiarySpan span);

} // namespace oncall
