#include "handlers/reach.hpp"

#include "handlers/climb.hpp"
#include "storage/contacts.hpp"

#include <algorithm>

namespace handlers {

using namespace oncall;
using storage::Transaction;

namespace {

/// The address of her profile, or the one the configuration names her by. Nobody is mailed who was only typed.
std::string address_of(const Context& app, const std::optional<storage::Person>& known, const std::string& person)
{
    if (known && !known->user_id.empty() && !known->email.empty())
        return known->email;
    const bool configured =
        person.front() != '@' && person.find('@') != person.npos && people_of(*app.configuration()).contains(person);
    return configured ? person : std::string{};
}

bool is_member(Transaction& tx, const Team& team, const std::string& person)
{
    return std::any_of(team.members.begin(), team.members.end(),
        [&](const std::string& member) { return member == person || known_as(tx, member) == person; });
}

/// What is kept for the teams she is in, `first` before the others.
std::vector<storage::PersonsRules> of_teams(
    Transaction& tx, const Context& app, const std::string& person, const std::string& first)
{
    const storage::NotificationRules rules{tx};
    const auto configuration = app.configuration();
    auto names = rules.teams();
    std::stable_partition(names.begin(), names.end(), [&](const std::string& name) { return name == first; });
    std::vector<storage::PersonsRules> found;
    for (const auto& name : names)
        if (const auto team = configuration->teams.find(name);
            team != configuration->teams.end() && is_member(tx, team->second, person))
            found.push_back(rules.of("team:" + name));
    return found;
}

} // namespace

std::vector<ContactMethod> contacts_of(Transaction& tx, const Context& app, const std::string& person)
{
    const auto known = storage::People{tx}.find(person);
    const auto& user = known && !known->user_id.empty() ? known->user_id : person;
    std::vector<ContactMethod> contacts(1);
    contacts.front().person = user;
    contacts.front().kind = ContactKind::slack;
    contacts.front().address = user;
    if (const auto address = address_of(app, known, person); !address.empty() && app.ways.contains(ContactKind::email)) {
        contacts.push_back(contacts.front());
        contacts.back().kind = ContactKind::email;
        contacts.back().address = address;
    }
    for (auto& own : storage::ContactMethods{tx}.of(user))
        if (app.ways.contains(own.kind))
            contacts.push_back(std::move(own));
    return contacts;
}

std::vector<NotificationRule> team_rules_of(
    Transaction& tx, const Context& app, const std::string& person, const std::string& first)
{
    for (auto& team : of_teams(tx, app, person, first))
        if (!team.rules.empty())
            return std::move(team.rules);
    return {};
}

QuietHours team_quiet_of(Transaction& tx, const Context& app, const std::string& person, const std::string& first)
{
    for (auto& team : of_teams(tx, app, person, first))
        if (team.quiet)
            return std::move(team.quiet);
    return std::nullopt;
}

NotificationRule rule_of(
    Transaction& tx, const Context& app, const std::string& person, const std::string& team, Urgency urgency, TimePoint now)
{
    const auto known = storage::People{tx}.find(person);
    const auto& user = known && !known->user_id.empty() ? known->user_id : person;
    const auto hers = storage::NotificationRules{tx}.of(user).rules;
    return rule_at(hers, team_rules_of(tx, app, user, team), urgency, now, known ? known->time_zone : std::string{});
}

std::optional<TimePoint> quiet_until(
    Transaction& tx, const Context& app, const std::string& person, const std::string& team, TimePoint now)
{
    const auto known = storage::People{tx}.find(person);
    const auto& user = known && !known->user_id.empty() ? known->user_id : person;
    const auto hers = storage::NotificationRules{tx}.of(user).quiet;
    return oncall::quiet_until(
        quiet_hours(hers, team_quiet_of(tx, app, user, team)), now, known ? known->time_zone : std::string{});
}

} // namespace handlers
