#pragma once

#include "delivery/job.hpp"

/// What is told of edits of schedules: in channels, posted once and then edited, and to those whose shifts move.
namespace delivery {

/// Renders it from the newest state.
void render_schedule_edit(storage::Transaction& tx, Job& job);
void render_schedule_edit_dm(storage::Transaction& tx, Job& job);
/// It was posted or edited. Does nothing for other kinds of rows.
void schedule_edit_said(storage::Transaction& tx, const Job& job, const Came& came, oncall::TimePoint now);
/// Slack refused it: it goes to the fallback channel, with why. False when it is another kind of row.
bool schedule_edit_refused(
    storage::Transaction& tx, const Job& job, const Came& came, const std::string& fallback_channel, oncall::TimePoint now);

} // namespace delivery
