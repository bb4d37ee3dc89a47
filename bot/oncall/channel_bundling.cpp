#include "oncall/channel_bundling.hpp"

#include <algorithm>
#include <tuple>

namespace oncall {

ChannelPlace channel_place(
    const std::vector<TimePoint>& recent, const std::optional<OpenChannelBundle>& newest, TimePoint now, const Bundling& rule)
{
    if (rule.hold <= milliseconds{0})
        return ChannelPlace::card;
    // One of a time to come was there before the clock was set back.
    const auto count = std::count_if(recent.begin(), recent.end(), [&](TimePoint at) { return at > now - rule.within; });
    if (count < rule.at_once)
        return ChannelPlace::card;
    const bool goes_on =
        newest && newest->alerts < most_in_channel_bundle && newest->opened_at <= now && now - newest->opened_at < joined_for;
    return goes_on ? ChannelPlace::join : ChannelPlace::open;
}

void order_for_channel(std::vector<Alert>& alerts)
{
    const auto place = [](const Alert& alert) {
        const int stage = alert.state == AlertState::triggered ? 0 : alert.state == AlertState::resolved ? 2 : 1;
        return std::tuple{stage, alert.urgency != Urgency::high, severity_rank(alert), -alert.id.value};
    };
    std::sort(alerts.begin(), alerts.end(), [&](const Alert& one, const Alert& other) { return place(one) < place(other); });
}

} // namespace oncall
