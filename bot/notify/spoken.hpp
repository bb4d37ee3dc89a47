#pragma once

#include "oncall/alert.hpp"

namespace notify {

/// An alert as a voice says it: letters and single blanks alone.
std::string spoken(const oncall::Alert& alert);

} // namespace notify
