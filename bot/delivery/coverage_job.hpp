#pragma once

#include "delivery/job.hpp"

/// What teams are told of the coverage of their schedules, rendered from the newest state.
namespace delivery {

void coverage_job(storage::Transaction& tx, const Desk& desk, Job& job);
/// It is posted: where it stands is kept.
void coverage_said(storage::Transaction& tx, const Job& job, const Came& came);
/// Slack did not take it in its channel: it is in the fallback channel, with why.
void coverage_refused(
    storage::Transaction& tx, const Job& job, const std::string& why, const std::string& fallback_channel, oncall::TimePoint now);

} // namespace delivery
