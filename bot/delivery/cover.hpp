#pragma once

#include "delivery/job.hpp"

/// Messages of requests for cover, swaps and takes: posted once, then edited.
namespace delivery {

/// Renders it from the newest state.
void render_cover(storage::Transaction& tx, Job& job);
/// It was posted or edited.
void cover_said(storage::Transaction& tx, const Job& job, const Came& came, oncall::TimePoint now);
/// Slack refused it: the requester is told who was not asked.
void cover_refused(storage::Transaction& tx, const Job& job, const Came& came, oncall::TimePoint now);

} // namespace delivery
