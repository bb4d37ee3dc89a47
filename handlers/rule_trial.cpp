#include "handlers/rule_trial.hpp"

#include "oncall/rule_trial.hpp"
#include "oncall/words.hpp"
#include "storage/reported_alerts.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <span>

namespace handlers {

namespace {

constexpr int days_tried = 7;
constexpr int most_tried_alerts = 2'000;
constexpr std::size_t tried_at_once = 20; // then others have their turn
constexpr auto longest_trial = std::chrono::seconds{1}; // Slack waits for three

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

storage::Alerts::Recent came_lately(storage::Transaction& tx, TimePoint at)
{
    auto recent = storage::Alerts{tx}.since(at - std::chrono::days{days_tried}, most_tried_alerts);
    if (recent.alerts.empty())
        return recent;
    const auto said = storage::ReportedAlerts{tx}.from(recent.alerts.back().id);
    for (auto& alert : recent.alerts)
        if (const auto first = said.find(alert.id); first != said.end()) {
            alert.title = first->second.title;
            alert.severity = first->second.severity;
            alert.service = first->second.service;
        }
    return recent;
}

asio::awaitable<std::vector<std::string>> tried(storage::Alerts::Recent came, std::shared_ptr<const oncall::Configuration> now,
    oncall::Configuration becomes, std::string rule, Context& app)
{
    const std::span<const oncall::Alert> all{came.alerts};
    const auto end = std::chrono::steady_clock::now() + longest_trial;
    oncall::RuleTrial trial;
    while (trial.looked_at < all.size()) {
        const auto next = all.subspan(trial.looked_at, std::min(tried_at_once, all.size() - trial.looked_at));
        trial = oncall::try_rule(*now, becomes, rule, next, std::move(trial));
        if (std::chrono::steady_clock::now() > end)
            break;
        auto turn = asio::post(app.tasks.loop(), asio::use_awaitable);
        co_await std::move(turn);
    }
    co_return oncall::words_of(trial, days_tried, came.all && trial.looked_at == all.size());
}

asio::awaitable<blocks::ForecastView> tried_view(
    storage::Alerts::Recent came, std::shared_ptr<const oncall::Configuration> holds, std::string rule, Context& app)
{
    auto without = std::make_shared<oncall::Configuration>(*holds);
    std::erase_if(without->rules, [&](const oncall::Rule& one) { return one.name == rule; });
    auto trying = tried(std::move(came), without, *holds, rule, app);
    blocks::ForecastView view;
    view.title = "Rule " + rule + ": which alerts it would have met";
    view.facts.emplace_back("Compared with how it would be without it");
    view.lines = co_await std::move(trying);
    co_return view;
}

} // namespace handlers
