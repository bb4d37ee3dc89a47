#pragma once

#include "blocks/kit.hpp"

namespace blocks::kit {

/// {"type": type}: what each block and element begins as.
Json typed(std::string_view type);

} // namespace blocks::kit
