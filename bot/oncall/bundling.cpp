#include "oncall/bundling.hpp"

#include <algorithm>
#include <tuple>

namespace oncall {

std::optional<TimePoint> held_until(
    const std::vector<TimePoint>& recent, std::optional<TimePoint> open, TimePoint now, const Bundling& bundling)
{
    if (bundling.hold <= milliseconds{0})
        return std::nullopt;
    const auto count = std::count_if(recent.begin(), recent.end(), [&](TimePoint at) { return at > now - bundling.within; });
    if (count < bundling.at_once)
        return std::nullopt;
    const auto latest = now + std::min(bundling.hold, longest_hold);
    // One that closes later was opened before the clock was set back.
    return open && *open > now && *open <= latest ? *open : latest;
}

std::string message_of(const Notification& one, BundleId bundle)
{
    if (bundle.value == 0)
        return one.key;
    return "bundle." + std::to_string(bundle.value) + "." + one.method + "." + std::to_string(one.step);
}

int severity_rank(const Alert& alert)
{
    const auto& severity = alert.severity;
    if (severity == "critical")
        return 0;
    if (severity == "error")
        return 1;
    if (severity.empty())
        return alert.urgency == Urgency::high ? 2 : 4;
    return severity == "warning" ? 3 : severity == "info" ? 4 : 2;
}

bool is_more_important(const Alert& one, const Alert& other)
{
    const auto place = [](const Alert& alert) {
        return std::tuple{alert.urgency != Urgency::high, severity_rank(alert), alert.id};
    };
    return place(one) < place(other);
}

void order_by_importance(std::vector<Alert>& alerts) { std::sort(alerts.begin(), alerts.end(), is_more_important); }

} // namespace oncall
