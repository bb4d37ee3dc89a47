#pragma once

#include "oncall/schedule.hpp"

/// Edits of a schedule that hold from an instant on.
namespace oncall {

/// `becomes`, holding from `from` on: before that instant the schedule is as it `was`. A rotation that changes gets a version,
/// one that is gone ends, one that is new begins; one that is the same stays as it is. What was to come after `from` gives way to
/// `becomes`. Overrides and temporary schedules are those of `was`. `from` is an instant of a whole second.
///
/// A rotation of `becomes` that is just the newest version of what it was is the same: it stays with what was planned for it, so
/// that a form which shows `newest` changes only what somebody changed in it. Rotations are the same by their name. Where a local
/// time cannot name `from`, because the clock is set back, everything holds from `effective_at` on. A rotation read from a
/// calendar is at once what it becomes: its past is the calendar's.
Schedule effective_from(const Schedule& was, const Schedule& becomes, TimePoint from);

/// `from`, or the first instant after it that the wall clocks of all the rotations can name: of a local time that comes twice,
/// the second one cannot be said.
TimePoint effective_at(const Schedule& was, const Schedule& becomes, TimePoint from);

/// `before` again from `now` on, after an edit that made it `after` at `at`: what held in between stays what was. Where nobody's
/// time on call differs in between, just `before`.
Schedule put_back(const Schedule& before, const Schedule& after, TimePoint at, TimePoint now);

/// Each rotation as its newest version is, which is the one that holds at the end, and without versions: what a form shows. One
/// that has ended is still there, with its `end`.
Schedule newest(const Schedule& schedule);

} // namespace oncall
