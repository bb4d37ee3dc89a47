#include "storage/rules_json.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>

namespace storage {

using nlohmann::json;

namespace {

constexpr std::array<std::string_view, 7> weekdays{"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

json out(oncall::Weekday day) { return weekdays.at(static_cast<std::size_t>(day)); }

oncall::Weekday day_in(const json& text)
{
    const auto found = std::find(weekdays.begin(), weekdays.end(), text.get<std::string>());
    return static_cast<oncall::Weekday>((found - weekdays.begin()) % static_cast<std::ptrdiff_t>(weekdays.size()));
}

json out(const oncall::Window& window)
{
    json one{{"from", window.from.count()}, {"to", window.to.count()}};
    for (const auto day : window.days)
        one["days"].push_back(out(day));
    if (window.from_day)
        one["from_day"] = out(*window.from_day);
    if (window.to_day)
        one["to_day"] = out(*window.to_day);
    return one;
}

oncall::Window window_in(const json& one)
{
    oncall::Window window;
    window.from = std::chrono::minutes{one.at("from").get<int>()};
    window.to = std::chrono::minutes{one.at("to").get<int>()};
    if (one.contains("days"))
        for (const auto& day : one.at("days"))
            window.days.push_back(day_in(day));
    if (one.contains("from_day"))
        window.from_day = day_in(one.at("from_day"));
    if (one.contains("to_day"))
        window.to_day = day_in(one.at("to_day"));
    return window;
}

json out(const std::vector<oncall::Window>& windows)
{
    auto all = json::array();
    for (const auto& window : windows)
        all.push_back(out(window));
    return all;
}

std::vector<oncall::Window> windows_in(const json& all)
{
    std::vector<oncall::Window> windows;
    for (const auto& one : all)
        windows.push_back(window_in(one));
    return windows;
}

json out(const std::vector<oncall::NotificationStep>& steps)
{
    auto all = json::array();
    for (const auto& step : steps)
        all.push_back(json{{"methods", step.methods}, {"wait", step.wait.count()}});
    return all;
}

std::vector<oncall::NotificationStep> in(const json& all)
{
    std::vector<oncall::NotificationStep> steps;
    for (const auto& step : all)
        steps.push_back(
            {step.at("methods").get<std::vector<std::string>>(), oncall::milliseconds{step.at("wait").get<std::int64_t>()}});
    return steps;
}

std::string dumped(const json& value) { return value.dump(-1, ' ', false, json::error_handler_t::replace); }

} // namespace

std::string rules_out(const std::vector<oncall::NotificationRule>& rules)
{
    auto all = json::array();
    for (const auto& rule : rules) {
        all.push_back(json{{"name", rule.name}, {"urgency", oncall::name(rule.urgency)}, {"windows", out(rule.windows)},
            {"steps", out(rule.steps)}});
    }
    return dumped(all);
}

std::vector<oncall::NotificationRule> rules_in(const std::string& text)
{
    std::vector<oncall::NotificationRule> rules;
    for (const auto& one : json::parse(text)) {
        oncall::NotificationRule rule;
        rule.name = one.at("name").get<std::string>();
        rule.urgency = one.at("urgency").get<std::string>() == "low" ? oncall::Urgency::low : oncall::Urgency::high;
        rule.windows = windows_in(one.at("windows"));
        rule.steps = in(one.at("steps"));
        rules.push_back(std::move(rule));
    }
    return rules;
}

std::string quiet_out(const oncall::QuietHours& quiet) { return quiet ? dumped(out(*quiet)) : std::string{}; }

oncall::QuietHours quiet_in(const std::string& text)
{
    return text.empty() ? std::nullopt : std::optional{windows_in(json::parse(text))};
}

std::string steps_out(const std::vector<oncall::NotificationStep>& steps) { return dumped(out(steps)); }
std::vector<oncall::NotificationStep> steps_in(const std::string& text) { return in(json::parse(text)); }

} // namespace storage
