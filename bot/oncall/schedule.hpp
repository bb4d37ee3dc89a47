#pragma once

#include "oncall/time.hpp"

#include <set>
#include <string>
#include <vector>

namespace oncall {

/// People as the configuration names them: e-mail, @handle or Slack id. On call together when in one turn; empty: nobody's turn.
using Turn = std::vector<std::string>;

enum class Unit { hour, day, week, month };

/// A rotation yields shifts: from `start` on (and before it, the pattern runs both ways), each turn lasts `length` units on the
/// wall clock.
struct Rotation {
    std::string name{};
    int priority{}; // the higher wins where rotations overlap; equal ones are on call together
    Unit unit{Unit::week};
    int length{1};
    LocalTime start{}; // the first turn begins, in `time_zone`
    std::string time_zone{}; // empty: the schedule's
    std::vector<Turn> turns{};
};

/// A temporary change of a schedule.
struct Override {
    enum class Kind { put, add, remove };
    TimePoint from{};
    TimePoint to{};
    Kind kind{Kind::put};
    std::vector<std::string> people{};
    std::string instead_of{}; // put: takes this person's part only
};

struct Schedule {
    std::string name{};
    std::string time_zone{"UTC"};
    std::vector<Rotation> rotations{};
    std::vector<Override> overrides{}; // in the order they were made
};

/// A stretch of [start, end) in which the same turn of the same rotation is on call. A handoff always begins a new one.
/// `rotation` is empty for gaps and for changes that replaced nobody; `people` is empty for a gap.
struct Shift {
    TimePoint start{};
    TimePoint end{};
    std::vector<std::string> people{};
    std::string rotation{};
    bool overridden{};
    bool operator==(const Shift&) const = default;
};

/// The final schedule cut to [from, to), ordered by start, then rotation. Covers every instant: gaps are shifts with nobody.
/// Asking for a part gives the part of asking for the whole.
std::vector<Shift> final_shifts(const Schedule& schedule, TimePoint from, TimePoint to);

struct OnCall {
    std::vector<std::string> people{}; // in order, each once
    std::vector<Shift> because{}; // the shifts they are on by, cut to nothing: whole
    std::optional<TimePoint> until{}; // when this changes, if within the horizon of 400 days
    std::vector<std::string> next{}; // who is on then
};

/// Who is on call at `at`.
OnCall who_is_on_call(const Schedule& schedule, TimePoint at);

} // namespace oncall
