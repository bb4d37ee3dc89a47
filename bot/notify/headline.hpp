#pragma once

#include "oncall/alert.hpp"

namespace notify {

/// "checkout: Checkout is down", on one line; of a title longer than `most` the rest is "…".
std::string headline(const oncall::Alert& alert, std::size_t most);

} // namespace notify
