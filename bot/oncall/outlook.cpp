#include "oncall/outlook.hpp"

namespace oncall {

std::vector<OnCallStretch> outlook(const Schedule& schedule, TimePoint from, TimePoint to, std::size_t most)
{
    std::vector<OnCallStretch> found;
    for (auto at = from; at < to && found.size() < most;) {
        const auto on_call = who_is_on_call(schedule, at);
        const auto until = std::min(on_call.until.value_or(to), to);
        found.push_back({at, until, on_call.people});
        at = until;
    }
    return found;
}

} // namespace oncall
