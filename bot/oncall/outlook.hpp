#pragma once

#include "oncall/schedule.hpp"

namespace oncall {

/// A stretch of [from, to) in which the same people are on call.
struct OnCallStretch {
    TimePoint from{};
    TimePoint to{};
    std::vector<std::string> people{}; // empty: nobody
    bool operator==(const OnCallStretch&) const = default;
};

/// Who is on call from `from` to `to`, one stretch after the other; the first `most` of them. A handoff to the same people is
/// none.
std::vector<OnCallStretch> outlook(const Schedule& schedule, TimePoint from, TimePoint to, std::size_t most);

} // namespace oncall
