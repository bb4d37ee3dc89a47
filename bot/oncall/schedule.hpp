#pragma once

#include "oncall/time.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace oncall {

/// People as the configuration names them: e-mail, @handle or Slack id. On call together when in one turn; empty: nobody's turn.
using Turn = std::vector<std::string>;

enum class Unit { hour, day, week, month };
enum class Weekday { mon, tue, wed, thu, fri, sat, sun };

/// When a rotation is on duty, on the wall clock of its zone. With `from_day` and `to_day` it is open from one weekday to
/// another, once a week; else from `from` to `to` on each of `days`, by the day it begins on. An end at or before the beginning
/// is the next day's (the next week's).
struct Window {
    std::vector<Weekday> days{}; // empty: the rotation's, else every day
    std::optional<Weekday> from_day{}; // both or neither, and never with `days`
    std::optional<Weekday> to_day{};
    std::chrono::minutes from{}; // of the day, to 24:00
    std::chrono::minutes to{};
    bool operator==(const Window&) const = default;
};

/// A rotation yields shifts: from `start` on (and before it, the pattern runs both ways), each turn lasts some units on the wall
/// clock. Its local times are in `time_zone`.
struct Rotation {
    std::string name{};
    int priority{}; // the higher wins where rotations overlap; equal ones are on call together
    Unit unit{Unit::week};
    std::vector<int> lengths{1}; // in units, used in turn; each at least 1
    LocalTime start{}; // the first turn begins
    std::string time_zone{}; // empty: the schedule's
    std::vector<Turn> turns{};
    std::vector<Weekday> days{}; // whole days, or those on which windows without days are open; empty: all
    std::vector<Window> windows{}; // empty: always, on `days`
    std::optional<Weekday> handoff_day{}; // of a weekly rotation: weeks begin on it, at the time of `start`
    std::optional<LocalTime> begin{}; // it exists from here on
    std::optional<LocalTime> end{}; // and until here
    /// What it becomes: each holds from its `from` until the next one's; ordered by `from`. They have the name of this one, no
    /// versions of their own, and inherit nothing else. Without turns of its own, a rotation begins with its first version.
    std::vector<Rotation> versions{};
    LocalTime from{}; // of a version
    bool operator==(const Rotation&) const = default;
};

/// A temporary change of a schedule.
struct Override {
    enum class Kind { put, add, remove };
    TimePoint from{};
    TimePoint to{};
    Kind kind{Kind::put};
    std::vector<std::string> people{};
    std::string instead_of{}; // put: takes this person's part only
    std::string rotation{}; // changes this rotation, before priorities are compared; empty: the result
    std::int64_t id{}; // its row in the database; 0: none. Not part of what it is
    bool operator==(const Override& other) const
    {
        return from == other.from && to == other.to && kind == other.kind && people == other.people
            && instead_of == other.instead_of && rotation == other.rotation;
    }
};

/// Masks everything in its time, also where it has nobody. Its shifts are cut to it.
struct Temporary {
    struct Shift {
        TimePoint from{};
        TimePoint to{};
        std::vector<std::string> people{};
        bool operator==(const Shift&) const = default;
    };
    TimePoint from{};
    TimePoint to{};
    std::vector<Shift> shifts{};
    bool operator==(const Temporary&) const = default;
};

struct Schedule {
    std::string name{};
    std::string time_zone{"UTC"};
    std::vector<Rotation> rotations{};
    std::vector<Override> overrides{}; // in the order they were made
    std::vector<Temporary> temporary{}; // where they overlap, the later in the list holds
    bool operator==(const Schedule&) const = default;
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

/// What one rotation says by itself, before overrides of the schedule, temporary schedules and priorities; cut to [from, to).
/// Times in which it is not on duty, or has a turn with nobody, are left out.
std::vector<Shift> rotation_shifts(const Schedule& schedule, const std::string& rotation, TimePoint from, TimePoint to);

/// When who is on call next changes after `at`, or a handoff makes the same people go on; within 400 days.
std::optional<TimePoint> next_handoff(const Schedule& schedule, TimePoint at);

/// The final shifts of a person that end after `from` and begin before `to`, whole, oldest first; at most `most`.
std::vector<Shift> shifts_of(const Schedule& schedule, const std::string& person, TimePoint from, TimePoint to, std::size_t most);

/// Stretches of [from, to) with nobody on call; neighbours joined.
std::vector<Shift> gaps(const Schedule& schedule, TimePoint from, TimePoint to);

/// Stretches of [from, to) in which several people are on call though no turn, `add` or temporary shift names them together.
std::vector<Shift> doubles(const Schedule& schedule, TimePoint from, TimePoint to);

} // namespace oncall
