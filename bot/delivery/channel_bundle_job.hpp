#pragma once

#include "delivery/job.hpp"

/// The card that alerts of a storm share, and the lines of a channel that wants them.
namespace delivery {

/// From the newest state of all of them: posted once, then edited.
void render_channel_bundle(storage::Transaction& tx, const Desk& desk, Job& job);
/// Where it stands from here on.
void channel_bundle_said(storage::Transaction& tx, const Job& job, const Came& came);
/// Whether the refusal is dealt with: a card that was deleted is posted anew.
bool channel_bundle_refused(storage::Transaction& tx, const Job& job, const Came& came, oncall::TimePoint now);

/// Nothing when things have gone on: a newer line says how they stand. `body` is "channel\nstate".
void render_channel_line(storage::Transaction& tx, const Desk& desk, Job& job);

} // namespace delivery
