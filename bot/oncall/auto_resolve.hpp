#pragma once

#include "oncall/alert.hpp"

/// Alerts that nobody says are over: not reported for a while, they resolve by themselves.
namespace oncall {

/// Of a source: never, whatever its format.
inline constexpr milliseconds auto_resolve_never{-1};
/// What holds for what never says that it is over, where the source says nothing.
inline constexpr milliseconds auto_resolve_usual{60 * 60'000};
inline constexpr milliseconds auto_resolve_least{60'000}, auto_resolve_most{std::chrono::days{30}};
/// A report moves the time at most this often, and that much later: storms are not to write each time.
inline constexpr milliseconds auto_resolve_grain{60'000};

/// "never", "30m"; nullopt: neither, or out of a minute to thirty days.
std::optional<milliseconds> auto_resolve_in(std::string_view text);
/// The same back; empty: as the format.
std::string auto_resolve_out(milliseconds auto_resolve);

/// For how long an alert of the source may go unreported; zero: for ever. `ends`: its source will say when it is over.
milliseconds may_be_unreported(const Source& source, bool ends);

/// "not reported for 30 minutes"
std::string not_reported_for(milliseconds quiet);
/// Whether its source's silence resolved it.
bool is_over_by_silence(const Alert& alert);

} // namespace oncall
