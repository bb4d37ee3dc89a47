#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace oncall {

using std::chrono::milliseconds;
using namespace std::chrono_literals;

/// Wall clock, UTC, in milliseconds.
using TimePoint = std::chrono::sys_time<milliseconds>;

/// A local date and time without a zone.
using LocalTime = std::chrono::local_time<milliseconds>;

/// A date without a zone.
using LocalDay = std::chrono::local_days;

/// "30s", "5m", "2h", "1d"; also combined, "1h30m". nullopt when it is none of these, is negative, or is over ten years.
std::optional<milliseconds> duration_in(std::string_view text);
/// The shortest of the same notation.
std::string duration_out(milliseconds duration);

/// "2026-11-02T09:00", also with seconds or a blank instead of T. nullopt when it is no such date or time.
std::optional<LocalTime> local_time_in(std::string_view text);

/// Whether the system's time zone database knows `name`.
bool is_time_zone(std::string_view name);

/// The instant of a local time in `zone`: a skipped local time becomes the first instant after the gap, a repeated one its first
/// occurrence. Throws std::runtime_error on an unknown zone.
TimePoint to_instant(LocalTime local, std::string_view zone);
LocalTime to_local(TimePoint instant, std::string_view zone);

/// "2026-11-02T09:00:00+01:00" in `zone`.
std::string iso(TimePoint instant, std::string_view zone);

} // namespace oncall
