#pragma once

#include "oncall/coverage.hpp"

#include <set>

/// Which findings a team is told of ahead, and when. Nothing is stepped: what was told and what is found say it.
namespace oncall {

/// How far ahead findings are looked for, to be told.
inline constexpr milliseconds told_ahead{8 * 24h};

enum class Ahead { week, day };
std::string_view name(Ahead ahead); // "week", "day"

/// A finding that was told and is not over.
struct ToldFinding {
    FindingKind kind{};
    std::string person{}; // of `Finding::people`, the first; empty of a gap
    TimePoint from{};
    TimePoint to{};
    Ahead ahead{};
};

struct ToTell {
    Finding finding{};
    Ahead ahead{};
};
/// What is told now: usual findings never; gaps, doubles and people beyond reach once at 09:00 of the first morning on which they
/// begin within a week, and once a day before; what keeps people from sleep on that morning alone. What is a day away or less
/// is told at once, but not between 22:00 and 09:00 while it is more than 12 hours away. Times are the schedule's. What begins in
/// a stretch that was told was told; what was told of a day ahead is told of no week ahead.
std::vector<ToTell> to_tell(
    const std::vector<Finding>& findings, const std::vector<ToldFinding>& told, const std::string& time_zone, TimePoint now);

/// When, after `now`, to look again, if nothing changes: at the latest the next morning at 09:00.
TimePoint next_look(
    const std::vector<Finding>& findings, const std::vector<ToldFinding>& told, const std::string& time_zone, TimePoint now);

/// The next 09:00 there after `now`.
TimePoint next_morning(const std::string& time_zone, TimePoint now);

/// Without the shifts of people who were reported: that no page reaches them was said, and what to do.
std::vector<Finding> without_reported(std::vector<Finding> findings, const std::set<std::string>& reported);

/// Where its end is by now, of what goes on: of people beyond reach and lost sleep also what follows within three days. Else its
/// end as it was told.
TimePoint end_by_now(const std::vector<Finding>& findings, const ToldFinding& one);

/// Whether it is still found, if only in part.
bool is_found(const std::vector<Finding>& findings, const ToldFinding& one);

} // namespace oncall
