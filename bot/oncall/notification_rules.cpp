#include "oncall/notification_rules.hpp"

#include "oncall/open_hours.hpp"
#include "oncall/wall_clock.hpp"

#include <algorithm>

namespace oncall {

namespace {

/// "sms", "push" or "sms:12".
bool names(std::string_view method, const ContactMethod& one)
{
    return method == name(one.kind) || (method == "push" && is_push(one.kind)) || method == method_out(one);
}

bool holds(const NotificationRule& rule, TimePoint now, const std::string& time_zone)
{
    if (rule.windows.empty())
        return true;
    Rotation open;
    open.windows = rule.windows;
    const WallClock clock{is_time_zone(time_zone) ? time_zone : "UTC"};
    return OpenHours{open}.at(clock.reached(now));
}

} // namespace

NotificationRule default_rule(Urgency urgency)
{
    NotificationRule rule;
    rule.name = "the default";
    rule.urgency = urgency;
    rule.steps = {{{"slack", "email", "push"}, 60s}, {{"sms", "voice"}, 0s}};
    return rule;
}

const NotificationRule& rule_at(const std::vector<NotificationRule>& hers, const std::vector<NotificationRule>& teams,
    Urgency urgency, TimePoint now, const std::string& time_zone)
{
    for (const auto* rules : {&hers, &teams})
        for (const auto& rule : *rules)
            if (rule.urgency == urgency && holds(rule, now, time_zone))
                return rule;
    static const auto high = default_rule(Urgency::high);
    static const auto low = default_rule(Urgency::low);
    return urgency == Urgency::high ? high : low;
}

std::vector<std::string> methods_of(const NotificationStep& step, const std::vector<ContactMethod>& hers)
{
    std::vector<std::string> found;
    for (const auto& method : step.methods)
        for (const auto& one : hers) {
            const bool usable = one.id.value == 0 || is_usable(one);
            if (auto name = method_out(one);
                usable && names(method, one) && std::find(found.begin(), found.end(), name) == found.end())
                found.push_back(std::move(name));
        }
    return found;
}

std::vector<NotificationStep> steps_for(const NotificationRule& rule, const std::vector<ContactMethod>& hers)
{
    std::vector<NotificationStep> steps;
    for (const auto& step : rule.steps)
        if (auto methods = methods_of(step, hers); !methods.empty())
            steps.push_back({std::move(methods), step.wait});
    return steps;
}

Attempts attempts_of(ContactKind kind)
{
    using enum ContactKind;
    return kind == sms || kind == voice || kind == slack ? Attempts{3, 60s} : Attempts{1, 0s};
}

} // namespace oncall
