#pragma once

#include "delivery/job.hpp"

/// What handoffs have to say, rendered from the newest state: a job that finds nothing to say any more stays empty.
namespace delivery {

void handoff_job(storage::Transaction& tx, const Desk& desk, Job& job);
void note_request_job(storage::Transaction& tx, const Desk& desk, Job& job);
void shift_reminder_job(storage::Transaction& tx, const Desk& desk, Job& job);
void accept_reminder_job(storage::Transaction& tx, const Desk& desk, Job& job);
void pager_test_job(storage::Transaction& tx, const Desk& desk, Job& job);

/// One of them is posted: where it stands is kept.
void handoff_said(storage::Transaction& tx, const Job& job, const Came& came);
/// Slack did not take one. In its channel a handoff cannot be told: it is in the fallback channel, with why.
void handoff_refused(
    storage::Transaction& tx, const Job& job, const std::string& why, const std::string& fallback_channel, oncall::TimePoint now);

} // namespace delivery
