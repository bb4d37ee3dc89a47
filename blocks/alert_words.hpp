#pragma once

#include "blocks/kit.hpp"

/// How an alert is spoken of in one line, the same wherever that is.
namespace blocks {

/// The colour of its state.
kit::Mrkdwn dot_of(oncall::AlertState state);
/// "Acknowledged by Ana": the word beside the colour.
kit::Mrkdwn state_of(const AlertView& shown);
/// "#42 Checkout is down (critical, checkout)"
kit::Mrkdwn in_short(const oncall::Alert& alert);

/// "and 41 more like it: 38 open, 3 over"; empty: it stands for itself alone.
kit::Mrkdwn group_of(const AlertView& shown);

} // namespace blocks
