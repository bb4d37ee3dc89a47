#pragma once

#include "slack/client.hpp"

namespace delivery {

/// It goes by itself, or is said by whoever watches Slack: nothing is said here, and what held before goes on to hold.
bool is_passing(slack::ErrorClass what);

} // namespace delivery
