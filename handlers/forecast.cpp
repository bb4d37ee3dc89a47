#include "handlers/forecast.hpp"

#include "handlers/climb.hpp"
#include "handlers/reach.hpp"
#include "oncall/may_edit.hpp"
#include "oncall/policy.hpp"
#include "storage/contacts.hpp"
#include "storage/levels.hpp"

#include <algorithm>

namespace handlers {

using namespace oncall;
using storage::Transaction;

namespace {

/// What is kept of somebody, whatever the time.
struct Reachable {
    std::string person{};
    std::vector<ContactMethod> contacts{};
    std::vector<NotificationRule> hers{}, teams{};
    std::vector<Window> quiet{};
    std::string time_zone{};
};

Reachable reachable(Transaction& tx, const Context& app, const std::string& reference, const std::string& team)
{
    Reachable one;
    one.person = storage::known_as(tx, reference);
    one.contacts = contacts_of(tx, app, one.person);
    auto hers = storage::NotificationRules{tx}.of(one.person);
    one.hers = std::move(hers.rules);
    one.teams = team_rules_of(tx, app, one.person, team);
    one.quiet = quiet_hours(hers.quiet, team_quiet_of(tx, app, one.person, team));
    if (const auto known = storage::People{tx}.find(one.person))
        one.time_zone = known->time_zone;
    return one;
}

/// As a run of her would begin at `at`.
Forecast::Person paged(const Reachable& one, Urgency urgency, TimePoint at)
{
    Forecast::Person person;
    person.person = one.person;
    const auto& rule = rule_at(one.hers, one.teams, urgency, at, one.time_zone);
    person.rule = rule.name;
    person.steps = steps_for(rule, one.contacts);
    if (person.steps.empty())
        person.steps.push_back({methods_of(NotificationStep{{"slack", "email"}, {}}, one.contacts), {}});
    if (urgency == Urgency::low)
        if (const auto until = oncall::quiet_until(one.quiet, at, one.time_zone))
            person.held = *until - at;
    return person;
}

std::string why_not(Transaction& tx, const std::string& person)
{
    const auto known = storage::People{tx}.find(person);
    const auto kind = known ? known->kind : std::string{};
    return kind == "bot"     ? "is an app and cannot answer"
        : kind == "gone"     ? "has left this workspace"
        : kind == "stranger" ? "is of another workspace"
                             : "";
}

Acquaintances acquaintances(Transaction& tx, const Context& app, TimePoint now)
{
    return [&tx, &app, now](const std::string& reference, Urgency urgency) {
        auto known = paged(reachable(tx, app, reference, ""), urgency, now);
        Acquaintance one;
        one.cannot = why_not(tx, known.person);
        one.person = std::move(known.person);
        one.rule = std::move(known.rule);
        one.steps = std::move(known.steps);
        return one;
    };
}

} // namespace

Forecast forecast_of(Transaction& tx, const Context& app, const Configuration& configuration, const Alert& alert,
    const Policy& policy, TimePoint now)
{
    Page page;
    page.urgency = alert.urgency;
    page.policy = expanded(policy, configuration);
    // A long climb asks for the same people again and again.
    std::map<std::string, Reachable> met;
    return forecast(
        page, storage::surroundings(tx, alert, configuration, page), now, [&](const std::string& person, TimePoint at) {
            auto found = met.find(person);
            if (found == met.end())
                found = met.emplace(person, reachable(tx, app, person, alert.team)).first;
            return paged(found->second, alert.urgency, at);
        });
}

std::vector<std::string> cries_of(const Context& app, const Configuration& configuration, const std::string& team)
{
    std::vector<std::string> channels;
    if (const auto its = configuration.teams.find(team); its != configuration.teams.end() && !its->second.channel.empty())
        channels.push_back(its->second.channel);
    if (!app.fallback_channel.empty() && std::find(channels.begin(), channels.end(), app.fallback_channel) == channels.end())
        channels.push_back(app.fallback_channel);
    return channels;
}

std::string team_of(const Configuration& configuration, const std::string& policy)
{
    const auto teams = owners(configuration, "policy", policy);
    return teams.empty() ? "" : teams.front();
}

std::vector<Warning> warnings_of(Transaction& tx, const Context& app, const Configuration& configuration, TimePoint now)
{
    return lint(configuration, now, acquaintances(tx, app, now));
}

std::vector<std::string> warnings_of(
    Transaction& tx, const Context& app, const Configuration& configuration, const std::string& policy, TimePoint now)
{
    std::vector<std::string> words;
    for (const auto& warning : lint_policy(configuration, policy, now, acquaintances(tx, app, now)))
        words.push_back(words_of(warning));
    return words;
}

} // namespace handlers
