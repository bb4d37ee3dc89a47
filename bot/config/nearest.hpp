#pragma once

#include "oncall/nearest.hpp"

namespace config {

using oncall::nearest;

} // namespace config
