#include "oncall/rise.hpp"

#include <algorithm>
#include <array>

namespace oncall {

namespace {

std::string rise_in_words(const Alert& alert, const Reported& now_is)
{
    return now_is.urgency != alert.urgency ? "its urgency rose to high"
                                           : "its severity rose from " + alert.severity + " to " + now_is.severity;
}

} // namespace

std::optional<int> severity_rank(std::string_view severity)
{
    constexpr std::array<std::pair<std::string_view, int>, 30> ranks{
        {{"critical", 4}, {"crit", 4}, {"fatal", 4}, {"emergency", 4}, {"emerg", 4}, {"alert", 4}, {"disaster", 4}, {"p1", 4},
            {"sev1", 4}, {"error", 3}, {"err", 3}, {"high", 3}, {"major", 3}, {"p2", 3}, {"sev2", 3}, {"warning", 2}, {"warn", 2},
            {"average", 2}, {"medium", 2}, {"minor", 2}, {"p3", 2}, {"sev3", 2}, {"info", 1}, {"information", 1},
            {"informational", 1}, {"notice", 1}, {"low", 1}, {"p4", 1}, {"debug", 0}, {"p5", 0}}};
    const auto* const found = std::find_if(ranks.begin(), ranks.end(), [&](const auto& one) { return one.first == severity; });
    return found == ranks.end() ? std::nullopt : std::optional{found->second};
}

Reported reported_again(const Alert& alert, const std::string& severity, Urgency urgency)
{
    const auto before = severity_rank(alert.severity);
    const auto after = severity_rank(severity);
    Reported is{severity, urgency};
    if (severity.empty() || (before && after && *after < *before))
        is.severity = alert.severity;
    if (alert.urgency == Urgency::high)
        is.urgency = Urgency::high;
    const bool more_urgent = alert.urgency == Urgency::low && urgency == Urgency::high;
    is.rose = more_urgent || (is.urgency == Urgency::high && before && after && *after > *before);
    return is;
}

std::string pages_again(const Alert& alert, const Policy& policy, const Reported& now_is, TimePoint now)
{
    if (alert.state == AlertState::resolved)
        return {};
    if (now_is.rose && (policy.rise_pages || alert.state == AlertState::triggered)) {
        // Whoever is being paged for it in high urgency already hears no more of it by hearing it anew.
        if (alert.state == AlertState::triggered && now_is.urgency == alert.urgency)
            return {};
        return rise_in_words(alert, now_is);
    }
    const bool answered = alert.state == AlertState::acknowledged || alert.state == AlertState::promised;
    if (policy.refire_pages && answered && now - alert.answered_at >= refire_grace)
        return "it fired anew";
    return {};
}

std::string pages_after_all(const Alert& alert, const Policy& policy, const Reported& now_is, TimePoint now)
{
    if (alert.state != AlertState::triggered)
        return pages_again(alert, policy, now_is, now);
    return now_is.rose ? rise_in_words(alert, now_is) : "the rules page for it now";
}

} // namespace oncall
