#include "oncall/acknowledgements.hpp"

#include <algorithm>

namespace oncall {

int needed(const Page& page, const std::vector<Notification>& told, const std::vector<Run>& runs)
{
    int most = 1;
    const auto count = [&](const Position& at) {
        const auto level = static_cast<std::size_t>(at.level);
        if (level < page.policy.levels.size())
            most = std::max(most, page.policy.levels[level].acknowledgements);
    };
    for (const auto& one : told) {
        // Who said "not me" before being reached was told by no level.
        const bool never = one.state == NotificationState::declined && one.run.value == 0;
        if (one.method != "fallback" && !never)
            count(one.at);
    }
    for (const auto& run : runs)
        count(run.at);
    return most;
}

bool has_acknowledged(const std::vector<Acknowledgement>& all, const std::string& person)
{
    return std::any_of(all.begin(), all.end(), [&](const Acknowledgement& one) { return one.person == person; });
}

std::string in_words(const std::vector<Acknowledgement>& all, int needed)
{
    return std::to_string(all.size()) + " of " + std::to_string(needed) + " acknowledged";
}

} // namespace oncall
