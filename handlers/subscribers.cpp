#include "handlers/subscribers.hpp"

#include "handlers/by_hand.hpp"
#include "oncall/service_directory.hpp"
#include "storage/levels.hpp"
#include "storage/services.hpp"

#include <algorithm>

namespace handlers {

using namespace oncall;
using storage::SubscriberMessage;
using storage::SubscriberMessages;
using storage::Transaction;

namespace {

constexpr int most_told_of = 6; // alerts that are looked at; the message shows five
constexpr auto same_episode = std::chrono::hours{1}; // what comes back within it is told by the same message

/// Whether anybody could be told, from the configuration alone.
bool configuration_subscribes(const Configuration& configuration, const std::string& service)
{
    const auto found = configuration.services.find(service);
    if (found == configuration.services.end())
        return false;
    const auto team = configuration.teams.find(found->second.team);
    return !found->second.subscribers.empty() || (team != configuration.teams.end() && !team->second.observers.empty());
}

std::string digest_of_alerts(const std::vector<Alert>& alerts)
{
    std::string all;
    for (const auto& alert : alerts)
        all += std::to_string(alert.id.value) + ":" + std::string{name(alert.state)} + ":" + alert.answered_by + "\n";
    return storage::sha256(all).substr(0, 16);
}

void tell_subscriber(Transaction& tx, const SubscriberMessage& message, TimePoint now)
{
    SubscriberMessages{tx}.save(message);
    storage::Outbox{tx}.add(storage::subscriber_key(message.service, message.person), "subscriber", storage::Priority::furniture,
        message.person, 0, message.person + "\n" + message.service, now);
}

/// The message that is open for somebody, or a new one.
SubscriberMessage message_for(
    const SubscriberMessage* before, const std::string& service, const std::string& person, TimePoint now)
{
    SubscriberMessage message;
    if (before)
        message = *before;
    message.service = service;
    message.person = person;
    const bool over = message.over_at != TimePoint{};
    if (!before || over)
        message.began = now;
    if (over && now - message.over_at > same_episode) {
        message.channel.clear();
        message.ts.clear();
    }
    message.over_at = {};
    return message;
}

} // namespace

void tell_subscribers(Transaction& tx, const Context& app, const Alert& alert, TimePoint now)
{
    const auto& service = alert.service;
    if (service.empty() || alert.drill)
        return;
    const auto configuration = app.configuration();
    const auto told = SubscriberMessages{tx}.of(service);
    const auto own = storage::Subscriptions{tx}.of(service);
    if (told.empty() && own.empty() && !configuration_subscribes(*configuration, service))
        return;
    const auto urgent = storage::ServiceAlerts{tx}.urgent(service, most_told_of);
    const auto shows = digest_of_alerts(urgent);
    const auto is_told = [&](const SubscriberMessage& one) { return one.shows == shows; };
    if (urgent.empty() ? std::all_of(told.begin(), told.end(), is_told)
                       : !told.empty() && std::all_of(told.begin(), told.end(), is_told))
        return;
    std::vector<std::string> people;
    if (!urgent.empty())
        people = subscribers_of(*configuration, service, own, storage::known_people(tx));
    for (const auto& one : told)
        if (one.over_at == TimePoint{} && std::find(people.begin(), people.end(), one.person) == people.end())
            people.push_back(one.person);
    for (const auto& person : people) {
        if (!is_slack_id(person))
            continue;
        const auto before = std::find_if(told.begin(), told.end(), [&](const auto& one) { return one.person == person; });
        if (before != told.end() && before->shows == shows)
            continue;
        auto message = urgent.empty() ? *before : message_for(before == told.end() ? nullptr : &*before, service, person, now);
        if (urgent.empty())
            message.over_at = now;
        message.shows = shows;
        tell_subscriber(tx, message, now);
    }
}

} // namespace handlers
