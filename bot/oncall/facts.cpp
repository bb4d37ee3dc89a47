#include "oncall/facts.hpp"

#include <algorithm>
#include <array>

namespace oncall {

int hour_in(const std::string& time_zone, TimePoint at)
{
    if (time_zone.empty() || !is_time_zone(time_zone))
        return -1;
    const auto local = to_local(at, time_zone);
    return static_cast<int>((local - std::chrono::floor<std::chrono::days>(local)) / 1h);
}

std::string answered_by_kind(std::string_view via)
{
    constexpr std::array<std::pair<std::string_view, ContactKind>, 9> ways{{{"a phone call", ContactKind::voice},
        {"a text message", ContactKind::sms}, {"a link in an SMS", ContactKind::sms}, {"a link in an e-mail", ContactKind::email},
        {"a push notification", ContactKind::web_push}, {"ntfy", ContactKind::ntfy}, {"Pushover", ContactKind::pushover},
        {"Gotify", ContactKind::gotify}, {"a webhook", ContactKind::webhook}}};
    const auto* const found = std::find_if(ways.begin(), ways.end(), [&](const auto& one) { return one.first == via; });
    return std::string{name(found == ways.end() ? ContactKind::slack : found->second)};
}

AnswerFact answer_fact(const std::string& person, const std::vector<std::string>& names, const std::vector<Notification>& all,
    const std::string& via, const std::string& time_zone, TimePoint now)
{
    AnswerFact fact;
    fact.person = person;
    fact.answered_at = now;
    fact.hour = hour_in(time_zone, now);
    fact.answered_by = answered_by_kind(via);
    std::optional<TimePoint> first;
    for (const auto& one : all) {
        const bool hers = std::find(names.begin(), names.end(), one.person) != names.end();
        // What was withdrawn or failed before it left did not reach for her.
        const bool left = one.sent_at != TimePoint{} || one.state == NotificationState::planned;
        if (!hers || !left || one.planned_at > now)
            continue;
        const auto at = one.sent_at == TimePoint{} ? one.planned_at : one.sent_at;
        first = first ? std::min(*first, at) : at;
        fact.at = one.at;
        if (const auto method = method_in(one.method))
            fact.told_by = name(method->kind);
    }
    if (first)
        fact.took = std::max(now - *first, milliseconds{});
    return fact;
}

} // namespace oncall
