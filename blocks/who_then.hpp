#pragma once

#include "blocks/blocks.hpp"
#include "oncall/outlook.hpp"

namespace blocks {

/// Who is on call by one schedule in a time that was asked about.
struct OnCallThen {
    std::string schedule{};
    std::vector<oncall::OnCallStretch> stretches{}; // of a moment one, with `from` as its time
    bool more{}; // than are listed
};
/// `at`: a moment was asked about; none: a time from `from` to `to`.
Message who_then(const std::vector<OnCallThen>& all, std::optional<oncall::TimePoint> at, oncall::TimePoint from,
    oncall::TimePoint to, const Names& names = {});

} // namespace blocks
