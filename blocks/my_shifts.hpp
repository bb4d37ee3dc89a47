#pragma once

#include "blocks/blocks.hpp"
#include "oncall/my_shifts.hpp"

namespace blocks {

/// `/oncall me`: when a person is on call, who hands over to her and to whom she does. `whose`: of another than whoever reads it.
Message my_shifts(
    const std::vector<oncall::MyShift>& shifts, oncall::TimePoint now, const Names& names = {}, const std::string& whose = {});

} // namespace blocks
