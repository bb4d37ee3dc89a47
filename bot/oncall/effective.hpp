#pragma once

#include "oncall/schedule.hpp"

namespace oncall {

/// `becomes`, holding from `from` on: before that instant the schedule is as it `was`. A rotation that changes gets a version, one
/// that is gone ends, one that is new begins; one that is the same stays as it is. What was to come after `from` gives way to
/// `becomes`. Overrides and temporary schedules are those of `was`. `from` is an instant of a whole minute.
Schedule effective_from(const Schedule& was, const Schedule& becomes, TimePoint from);

} // namespace oncall
