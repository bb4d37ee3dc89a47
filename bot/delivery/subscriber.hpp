#pragma once

#include "delivery/job.hpp"

/// How a service stands, as its subscribers are told: posted once and then edited.
namespace delivery {

/// Renders it from the newest state.
void render_subscriber(storage::Transaction& tx, Job& job);
/// It was posted or edited. Does nothing for other kinds of rows.
void subscriber_said(storage::Transaction& tx, const Job& job, const Came& came, oncall::TimePoint now);
/// Slack refused it: what comes next is told anew. False when it is another kind of row.
bool subscriber_refused(storage::Transaction& tx, const Job& job, const Came& came);

} // namespace delivery
