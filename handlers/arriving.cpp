#include "handlers/arriving.hpp"

#include "handlers/climb.hpp"
#include "handlers/flapping.hpp"
#include "handlers/grouping.hpp"
#include "handlers/silences.hpp"
#include "handlers/suggestions.hpp"
#include "oncall/alert_fields.hpp"
#include "oncall/service_directory.hpp"
#include "storage/arrivals.hpp"

namespace handlers {

using namespace oncall;
using storage::Transaction;

/// Whether an alert is only shown, for its policy pages nobody for low urgency.
bool is_shown_alone(const Context& app, const Alert& alert, const Policy& policy)
{
    return policy.low_urgency_in_channel && alert.urgency == Urgency::low && !card_channel(app, alert).empty();
}

void no_policy(Transaction& tx, const Context& app, const Alert& alert, TimePoint now)
{
    const auto whose = alert.service.empty() ? "team " + alert.team : "service " + alert.service;
    const auto what = whose + " has no escalation policy, so nobody was paged";
    const auto hour = std::chrono::floor<std::chrono::hours>(now).time_since_epoch().count();
    // In a storm once an hour: hundreds of these would stand before the dead ends of others.
    const auto key = "policy:" + storage::sha256(whose).substr(0, 16) + ":" + std::to_string(hour);
    if (storage::Inbox{tx}.first("no_" + key, now))
        dead_end(tx, app, alert, key, what, now);
    else
        storage::Timeline{tx}.add(alert.id, now, "", "the policy", what);
}

/// Nobody knows whose it is. Its card shows it; that something is missing in the configuration is said once an hour for each
/// source and service, for in a storm there may be hundreds.
void no_service(Transaction& tx, const Context& app, const Alert& alert, const std::string& named, TimePoint now)
{
    const auto hour = std::chrono::floor<std::chrono::hours>(now).time_since_epoch().count();
    const auto key = "no_service:" + storage::sha256(alert.source + "\n" + named).substr(0, 16) + ":" + std::to_string(hour);
    const auto channel = app.fallback_channel.empty() ? card_channel(app, alert) : app.fallback_channel;
    if (channel.empty() || !storage::Inbox{tx}.first(key, now))
        return;
    const auto why = named.empty() ? "the alert names no service, and its source " + alert.source + " belongs to none"
                                   : "there is no service " + named;
    storage::Outbox{tx}.add("dead_end:" + key, "dead_end", storage::Priority::page, channel, alert.id.value,
        channel + "\n" + why + ", so nobody was paged" + (alert.team.empty() ? "; and no team owns the source" : ""), now);
}

namespace {

void page_now(
    Transaction& tx, const Context& app, const Alert& alert, const std::string& policy, const std::string& again, TimePoint now)
{
    const auto configuration = app.configuration();
    const auto found = policy_in(*configuration, policy);
    const bool has_policy = found.has_value();
    if (has_policy && is_shown_alone(app, alert, *found))
        storage::Timeline{tx}.add(
            alert.id, now, "", "the policy", "low urgency: it is shown here, and policy " + policy + " pages nobody for it");
    else if (has_policy)
        start_page(tx, app, alert, *found, now, "", "", again);
    else if (!alert.service.empty() || !alert.team.empty())
        no_policy(tx, app, alert, now);
    else if (!policy.empty()) // a rule's own, which was deleted while the alert was held
        dead_end(tx, app, alert, "policy:" + std::to_string(alert.id.value),
            "there is no policy " + policy + " any more, so nobody was paged", now);
}

std::vector<Hold> holds_of(Transaction& tx, const Context& app, const Alert& alert, TimePoint now)
{
    auto holds = silenced(tx, app, alert, now);
    if (auto unsteady = flapping(tx, app, alert, now))
        holds.push_back(std::move(*unsteady));
    return holds;
}

void hold_back(Transaction& tx, const Alert& alert, const Hold& hold, const std::string& policy, TimePoint now)
{
    const storage::Arrivals arrivals{tx};
    const auto before = arrivals.find(alert.id);
    arrivals.hold({alert.id, hold, policy, before ? before->held_at : now});
    if (!before || before->hold.because != hold.because)
        storage::Timeline{tx}.add(alert.id, now, "", "a timer", "held back: " + hold.because);
}

/// What it was to page by may be gone by now: then it pages by what pages for its service or team.
std::string policy_of_today(const Configuration& configuration, const Alert& alert, const std::string& held)
{
    if (policy_in(configuration, held))
        return held;
    const auto of_service = policy_of_service(configuration, alert.service);
    const auto other = of_service.empty() ? policy_of_team(configuration, alert.team) : of_service;
    return other.empty() ? held : other;
}

/// Somebody has it, or it sleeps, and nobody was ever paged for it: if it is given back it is looked at.
void page_if_given_back(Transaction& tx, const Alert& alert, const std::string& policy, TimePoint now)
{
    storage::Arrivals{tx}.hold({alert.id, {Hold::Kind::delay, 0, now, "nobody was paged before it was answered"}, policy, now});
    storage::Timers{tx}.clear(storage::TimerKind::arrival, alert.id.value);
}

} // namespace

void arrive(Transaction& tx, const Context& app, Alert& alert, const Routed& routed, const Asked& asked)
{
    Circumstances around;
    if (routed.page)
        around.holds = holds_of(tx, app, alert, asked.now);
    around.group = group_for(tx, app, alert, routed, around.holds, asked.now);
    const auto arrival = arrival_of(routed, around, asked.now);
    if (arrival.course == Arrival::Course::join)
        alert.parent = around.group;
    storage::Alerts{tx}.add(alert);
    storage::Timeline{tx}.add(alert.id, asked.now, asked.actor, asked.via, "reported: " + alert.title);
    stands_for_group(tx, alert, asked.now);
    switch (arrival.course) {
    case Arrival::Course::page: page_now(tx, app, alert, routed.policy, {}, asked.now); break;
    case Arrival::Course::hold: hold_back(tx, alert, arrival.hold, routed.policy, asked.now); break;
    case Arrival::Course::join: joined(tx, app, alert, routed, asked); break;
    case Arrival::Course::show:
    case Arrival::Course::keep: break;
    }
    show(tx, app, alert, asked.now, false);
    suggest_group(tx, app, alert, asked.now);
}

void hold_again(Transaction& tx, const Context& app, const Alert& alert, const Routed& routed, TimePoint now)
{
    if (alert.suppressed || alert.parent.value != 0 || !routed.page)
        return;
    if (alert.state != AlertState::triggered) {
        page_if_given_back(tx, alert, routed.policy, now);
        return;
    }
    const auto arrival = arrival_of(routed, {holds_of(tx, app, alert, now), {}}, now);
    if (arrival.course == Arrival::Course::hold)
        hold_back(tx, alert, arrival.hold, routed.policy, now);
}

void hold_if_silenced(Transaction& tx, const Context& app, const Alert& alert, const std::string& policy, TimePoint now)
{
    Routed whole;
    whole.page = true;
    const auto arrival = arrival_of(whole, {silenced(tx, app, alert, now), {}}, now);
    if (arrival.course == Arrival::Course::hold)
        hold_back(tx, alert, arrival.hold, policy, now);
}

bool is_held_still(Transaction& tx, const Context& app, const Alert& alert, const Reported& now_is, TimePoint now)
{
    return (alert.state == AlertState::triggered && !now_is.rose) || !silenced(tx, app, alert, now).empty();
}

void stand_alone(Transaction& tx, const Context& app, const Alert& alert, const std::string& why, TimePoint now)
{
    const auto configuration = app.configuration();
    auto fields = fields_of(alert);
    fields.at = now;
    const auto routed = route(*configuration, fields);
    // What its service says holds also where no rule speaks of it: a page by hand has none.
    if (!alert.source.empty() && !routed.page && !routed.lost) {
        storage::Timeline{tx}.add(alert.id, now, "", "the policy", "its rule pages nobody for it");
        return;
    }
    const auto policy = alert.policy.empty() ? policy_of_service(*configuration, alert.service) : alert.policy;
    if (alert.state != AlertState::triggered) {
        if (!storage::Pages{tx}.latest(alert.id))
            page_if_given_back(tx, alert, policy, now);
        return;
    }
    Routed whole;
    whole.page = true;
    const auto arrival = arrival_of(whole, {holds_of(tx, app, alert, now), {}}, now);
    if (arrival.course == Arrival::Course::hold)
        hold_back(tx, alert, arrival.hold, policy, now);
    else if (const auto before = storage::Pages{tx}.latest(alert.id); before && !policy_in(*configuration, policy))
        start_page(tx, app, alert, before->policy, now, "", "", why);
    else
        page_now(tx, app, alert, policy, why, now);
}

void arrival_due(Transaction& tx, const Context& app, AlertId id, TimePoint now)
{
    const storage::Arrivals arrivals{tx};
    const auto held = arrivals.find(id);
    auto alert = held ? storage::Alerts{tx}.find(id) : std::nullopt;
    const auto page = alert ? storage::Pages{tx}.latest(id) : std::nullopt;
    // One that was stopped when it was held stands in nobody's way.
    if (!alert || alert->state == AlertState::resolved || (page && page->state != PageState::resolved)) {
        arrivals.release(id);
        return;
    }
    // Somebody has it, or it joined others: if it is given back it is looked at again.
    if (alert->state != AlertState::triggered || alert->parent.value != 0) {
        storage::Timers{tx}.clear(storage::TimerKind::arrival, id.value);
        return;
    }
    Routed routed;
    routed.page = true;
    auto holds = holds_of(tx, app, *alert, now);
    if (held->hold.kind == Hold::Kind::delay)
        holds.push_back(held->hold); // what is left of it
    const auto arrival = arrival_of(routed, {std::move(holds), {}}, now);
    if (arrival.course == Arrival::Course::hold) {
        hold_back(tx, *alert, arrival.hold, held->policy, now);
    } else {
        arrivals.release(id);
        const auto why = "it was held back (" + held->hold.because + "), and is open still";
        const auto configuration = app.configuration();
        const auto policy = policy_of_today(*configuration, *alert, held->policy);
        if (page && !policy_in(*configuration, policy))
            start_page(tx, app, *alert, page->policy, now, page->asked_by, "", why);
        else
            page_now(tx, app, *alert, policy, why, now);
        storage::Alerts{tx}.save(*alert); // what shows it as held is behind
    }
    show(tx, app, *alert, now, false);
}

} // namespace handlers
