#include "handlers/rule_trial.hpp"

#include "oncall/rule_trial.hpp"
#include "oncall/words.hpp"
#include "storage/reported_alerts.hpp"

namespace handlers {

namespace {

constexpr int days_tried = 7;
constexpr int most_tried_alerts = 2'000;

} // namespace

std::string rule_meant(const oncall::Configuration& configuration, const std::string& rest)
{
    constexpr std::string_view begins{"rule "};
    const auto words = oncall::lower(rest);
    if (!words.starts_with(begins))
        return {};
    auto name = oncall::trimmed(std::string_view{words}.substr(begins.size()));
    if (name.size() > 1 && name.front() == '"' && name.back() == '"')
        name = name.substr(1, name.size() - 2);
    for (const auto& rule : configuration.rules)
        if (oncall::lower(rule.name) == name)
            return rule.name;
    return {};
}

std::vector<std::string> tried(storage::Transaction& tx, const oncall::Configuration& now, const oncall::Configuration& becomes,
    const std::string& rule, TimePoint at)
{
    auto recent = storage::Alerts{tx}.since(at - std::chrono::days{days_tried}, most_tried_alerts);
    if (!recent.alerts.empty()) {
        const auto said = storage::ReportedAlerts{tx}.from(recent.alerts.back().id);
        for (auto& alert : recent.alerts)
            if (const auto first = said.find(alert.id); first != said.end()) {
                alert.title = first->second.title;
                alert.severity = first->second.severity;
                alert.service = first->second.service;
            }
    }
    return oncall::words_of(oncall::try_rule(now, becomes, rule, recent.alerts), days_tried, recent.all);
}

blocks::ForecastView tried_view(
    storage::Transaction& tx, const oncall::Configuration& configuration, const std::string& rule, TimePoint at)
{
    auto without = configuration;
    std::erase_if(without.rules, [&](const oncall::Rule& one) { return one.name == rule; });
    blocks::ForecastView view;
    view.title = "Rule " + rule + ": which alerts it would have met";
    view.facts.emplace_back("Compared with how it would be without it");
    view.lines = tried(tx, without, configuration, rule, at);
    return view;
}

} // namespace handlers
