#pragma once

#include "oncall/time.hpp"

#include <string>
#include <string_view>
#include <vector>

/// Local dates as people write them, and what the clocks of a zone do.
namespace oncall {

/// "Mon", "Nov".
std::string_view weekday_word(LocalTime local);
std::string_view month_word(LocalTime local);
bool is_weekend(LocalTime local);

/// The beginning of its day, of its month.
LocalTime day_of(LocalTime local);
LocalTime month_of(LocalTime local);
int day_of_month(LocalTime local);
int year_of(LocalTime local);

/// "09:00", with seconds where they are not 0.
std::string clock_words(LocalTime local);
/// "Mon 2 Nov 2026".
std::string day_words(LocalTime local);
/// "Mon 2026-11-02 09:00": as wide as any other without seconds.
std::string sortable_words(LocalTime local);

/// "+01:00".
std::string offset_words(milliseconds offset);
milliseconds offset_at(TimePoint at, std::string_view zone);

/// At `at`, the clocks of a zone go from one offset to another.
struct ClockChange {
    TimePoint at{};
    milliseconds before{};
    milliseconds after{};
};

/// Those in (from, to), in order.
std::vector<ClockChange> clock_changes(std::string_view zone, TimePoint from, TimePoint to);

/// An ISO 8601 date, or date and time, extended or basic: "2026-11-02", "2026-11-02T09:00", "2026-11-02T09:00:30.5+01:00",
/// "20261102T0900Z". Without an offset it is local in `zone`; a date alone is its midnight, and 24:00 is the next day's.
/// nullopt when it is none of these.
std::optional<TimePoint> instant_in(std::string_view text, std::string_view zone);

} // namespace oncall
