#pragma once

#include "oncall/alert.hpp"
#include "oncall/routing.hpp"

namespace oncall {

/// What rules and silences look at in an alert that is kept: what it says now, with the service it belongs to as the one that it
/// named.
AlertFields fields_of(const Alert& alert);

} // namespace oncall
