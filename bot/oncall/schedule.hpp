#pragma once

#include "oncall/time.hpp"

#include <cstdint>
#include <map>
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

/// What a rotation does on a holiday: what it does on other days; it is off duty; or its duty, at its hours, is others', or that
/// of whoever's turn it is by another rotation.
enum class OnHolidays { as_usual, off, others, rotation };

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
    /// What it becomes: each holds from its `from`, in its own zone, until the next one's; of two at one instant the later in the
    /// list. They have the name of this one, no versions of their own, and inherit nothing else. Without turns of its own, a
    /// rotation begins with its first version.
    std::vector<Rotation> versions{};
    LocalTime from{}; // of a version
    std::string ics{}; // the address of a calendar that says its shifts, in place of turns; empty: it has turns
    std::string holidays{}; // the calendar of its holidays; empty: the schedule's
    OnHolidays on_holidays{OnHolidays::as_usual}; // of its versions, too
    Turn others{}; // who is on duty on holidays instead
    std::string other_rotation{}; // of the same schedule, whose turns are on duty on holidays instead
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
    std::string holidays{}; // the calendar of holidays of its rotations; empty: none
    /// Of people it calls by several names, as @ana and ana@example.com: each further name → the one they are compared by. Filled
    /// by `tell_apart` once it is known who they are; without it, two names are two people.
    std::map<std::string, std::string> identities{};
    const std::string& identity(const std::string& person) const;
    bool operator==(const Schedule&) const = default;
};

/// A stretch of [start, end) in which the same turn of the same rotation, or the same change, is on call. A handoff always begins
/// a new one, also when the same people go on, and so does a version; inside a turn only windows, a higher priority, an override
/// or a temporary schedule cut.
struct Shift {
    TimePoint start{};
    TimePoint end{};
    std::vector<std::string> people{}; // each once; empty: a gap
    std::string rotation{}; // whose turn it is, or was before somebody stood in; the one an override names. Empty for gaps,
                            // temporary shifts, and what an override of the whole schedule puts or adds
    bool overridden{}; // an override or a temporary schedule made it; of a gap: somebody would be on call without
    bool operator==(const Shift&) const = default;
};

// All answers below come from one walk over the same stretches, so what is displayed is what is paged. Turns, windows, begin, end
// and versions are decided on the wall clock of their zone and then become instants: a skipped time is the first instant after
// the gap, a repeated one its first occurrence. A rotation that cannot be (no turns, a length below 1, an unknown zone, a window
// of no length) has nobody on call. None of them throws, and none keeps anything between two questions.

/// The final schedule cut to [from, to), ordered by start, then rotation. Covers every instant: gaps are shifts with nobody.
/// Rotations of equal priority give shifts that overlap. Asking for a part gives the part of asking for the whole.
std::vector<Shift> final_shifts(const Schedule& schedule, TimePoint from, TimePoint to);

struct OnCall {
    std::vector<std::string> people{}; // in the order of the shifts, each once
    std::vector<Shift> because{}; // the shifts they are on by, whole; what lasts longer is cut 400 days away, or a change
                                  // later; of nobody: the gap
    std::optional<TimePoint> until{}; // when other people are on call, if within 400 days; a handoff to the same ones is none
    std::vector<std::string> next{}; // who is on call then
};

/// Who is on call at `at`. Cheap enough to ask at each try of a page: it looks only as far as the answer needs.
OnCall who_is_on_call(const Schedule& schedule, TimePoint at);

/// What one rotation says by itself, before any overrides, temporary schedules and priorities; cut to [from, to). Times in which
/// it is not on duty, or has a turn with nobody, are left out. Of a rotation that is not there: nothing.
std::vector<Shift> rotation_shifts(const Schedule& schedule, const std::string& rotation, TimePoint from, TimePoint to);

/// The next time after `at` at which a shift of the final schedule begins or ends: others are on call, or a handoff makes the
/// same people go on. Within 400 days.
std::optional<TimePoint> next_handoff(const Schedule& schedule, TimePoint at);

/// The final shifts of a person that end after `from` and begin before `to`, whole, oldest first; the first `most` of them.
/// What lasts longer is cut 400 days before `from` and after `to`, or a change later.
std::vector<Shift> shifts_of(const Schedule& schedule, const std::string& person, TimePoint from, TimePoint to, std::size_t most);

/// Stretches of [from, to) with nobody on call; neighbours joined, `overridden` when a part of it was made.
std::vector<Shift> gaps(const Schedule& schedule, TimePoint from, TimePoint to);

/// Stretches of [from, to) in which several people are on call though no turn, override or temporary shift names them together,
/// and none was added: mostly rotations of equal priority. `people` is everybody who is on call, and `rotation` empty.
std::vector<Shift> doubles(const Schedule& schedule, TimePoint from, TimePoint to);

} // namespace oncall
