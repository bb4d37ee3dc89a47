#pragma once

#include "oncall/schedule.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace config {

/// A date and time as the file says it, with an offset or without.
struct WrittenTime {
    oncall::LocalTime local{};
    std::optional<std::chrono::minutes> offset{};
};

/// "2026-11-02T09:00", also with seconds, thousandths, a blank instead of T, and an offset: "Z", "+01:00". From 1970 to 2199.
/// nullopt when it is none of these or the calendar has no such day.
std::optional<WrittenTime> time_in(std::string_view text);

/// Whether it is written as one, be there such a day or not.
bool looks_like_time(std::string_view text);

bool is_in_range(oncall::LocalTime time);

/// The shortest of the notation that time_in reads.
std::string time_out(oncall::LocalTime time);

/// Local in `zone`; with its offset where that alone says which of two it is.
std::string time_out(oncall::TimePoint time, const std::string& zone);

/// "20:00", to "24:00".
std::optional<std::chrono::minutes> clock_in(std::string_view text);
std::string clock_out(std::chrono::minutes time);

/// "mon" to "sun".
std::optional<oncall::Weekday> weekday_in(std::string_view text);
std::string weekday_out(oncall::Weekday day);
const std::vector<std::string>& weekdays();

/// "hour", "day", "week", "month".
std::optional<oncall::Unit> unit_in(std::string_view text);
std::string unit_out(oncall::Unit unit);
const std::vector<std::string>& units();

/// What stands as `repeat` where rounds go on without end.
inline constexpr std::string_view until_answered{"until_answered"};

} // namespace config
