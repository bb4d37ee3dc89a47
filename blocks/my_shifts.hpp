#pragma once

#include "blocks/blocks.hpp"
#include "oncall/my_shifts.hpp"

namespace blocks {

/// `/oncall me`: when a person is on call, who hands over to her and to whom she does.
Message my_shifts(const std::vector<oncall::MyShift>& shifts, oncall::TimePoint now, const Names& names = {});

} // namespace blocks
