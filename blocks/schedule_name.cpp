#include "blocks/schedule_name.hpp"

namespace blocks {

kit::Mrkdwn schedule_name(const std::string& schedule)
{
    constexpr std::size_t most = 60;
    const auto shown = kit::one_line(schedule, most);
    return shown.empty() ? "(no name)" : shown;
}

} // namespace blocks
