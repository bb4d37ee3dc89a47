#include "handlers/climb.hpp"

#include "delivery/outcome.hpp"
#include "handlers/digest.hpp"
#include "handlers/ladder.hpp"
#include "handlers/paging.hpp"
#include "oncall/quiet_hours.hpp"
#include "storage/runs.hpp"

#include <algorithm>

namespace handlers {

using namespace oncall;
using storage::Transaction;

namespace {

std::string listed(const std::vector<std::string>& words)
{
    std::string text;
    for (std::size_t i = 0; i < words.size(); ++i)
        text += (i == 0 ? "" : i + 1 == words.size() ? " and " : ", ") + words[i];
    return text;
}

std::string level_name(const Page& page, const Position& at)
{
    auto text = "level " + std::to_string(at.level + 1) + " of " + std::to_string(page.policy.levels.size());
    if (at.attempt > 0)
        text += ", try " + std::to_string(at.attempt + 1);
    if (at.round > 0)
        text += ", round " + std::to_string(at.round + 1);
    return text;
}

/// Rule → service → policy and level → schedule, team or name.
std::string why(const Alert& alert, const Page& page, const Position& at, const std::string& how)
{
    std::vector<std::string> links{alert.because};
    if (!alert.service.empty() && alert.because.find("service " + alert.service) == alert.because.npos)
        links.push_back("service " + alert.service);
    if (!page.asked_by.empty() && at.level == 0)
        links.push_back((page.responder.empty() ? "wanted by <@" : "asked to help by <@") + page.asked_by + ">");
    else
        links.push_back("policy " + page.policy.name + ", " + level_name(page, at) + " → " + how);
    std::string text;
    for (const auto& link : links)
        text += link.empty() ? "" : (text.empty() ? "" : " → ") + link;
    return text;
}

/// Notifies everyone a step reaches, or holds it until their quiet hours are over. False when that is nobody.
bool notify(Transaction& tx, const Context& app, const Alert& alert, const Page& page, const Step& step, TimePoint now)
{
    const auto reached = reach(step.targets, *app.configuration(), now);
    const auto place = place_of(page.id, step.at);
    Notification notification;
    notification.page = page.id;
    notification.alert = alert.id;
    notification.at = step.at;
    notification.planned_at = now;
    std::vector<std::string> told, paged;
    const auto declined = storage::Notifications{tx}.declined(page.id);
    bool anybody_declined = false;
    for (const auto& reference : reached.people) {
        const auto person = known_as(tx, reference);
        if (std::find(told.begin(), told.end(), person) != told.end())
            continue;
        // Who said "not me" is not asked again by this page.
        if (declined.contains(person) || declined.contains(reference)) {
            anybody_declined = true;
            continue;
        }
        told.push_back(person);
        const auto because = std::find_if(
            reached.because.begin(), reached.because.end(), [&](const auto& one) { return one.person == reference; });
        Run run;
        run.at = step.at;
        run.person = person;
        run.why = why(alert, page, step.at, because == reached.because.end() ? "" : because->how);
        if (const auto until = begin_run(tx, app, alert, page, std::move(run), now))
            storage::Timeline{tx}.add(alert.id, now, "", quiet_via,
                held_words(person, *until) + (page.responder.empty() ? " (" + level_name(page, step.at) + ")" : ""));
        else
            paged.push_back(person);
    }
    for (const auto& channel : reached.channels) {
        told.push_back(channel);
        paged.push_back(channel);
        notification.person = channel;
        notification.why = why(alert, page, step.at, "channel " + channel);
        notification.method = "channel";
        notification.key = place + "." + channel + ".channel";
        plan(tx, notification, page.urgency);
    }
    const auto skip = [&](const std::string& key, const std::string& what) {
        storage::Timeline{tx}.add(alert.id, now, "", "the policy", what);
        const auto channel = app.fallback_channel.empty() ? card_channel(app, alert) : app.fallback_channel;
        if (channel.empty())
            return;
        notification.person = channel;
        notification.why = what;
        notification.method = "fallback";
        notification.key = place + "." + key + ".fallback";
        plan(tx, notification, page.urgency);
    };
    for (const auto& target : reached.empty)
        skip(target_out(target),
            "nobody stands behind " + target_out(target) + " (" + level_name(page, step.at) + ")"
                + (told.empty() ? ", so it was skipped" : ""));
    if (told.empty() && anybody_declined)
        skip("declined", "everybody behind " + level_name(page, step.at) + " has said \"not me\", so it was skipped");
    if (told.empty())
        return false;
    if (paged.empty())
        return true;
    storage::Timeline{tx}.add(alert.id, now, "", page.responder.empty() ? "the policy" : "a request for help",
        "paging " + listed(paged) + " (" + (page.responder.empty() ? level_name(page, step.at) : "to help") + ")");
    return true;
}

} // namespace

std::string known_as(Transaction& tx, const std::string& reference)
{
    const storage::People people{tx};
    auto person = people.find(reference);
    if (!person && reference.find('@') != reference.npos)
        person = people.by_email(reference);
    return person && !person->user_id.empty() ? person->user_id : reference;
}

Policy only(const std::string& who, const std::string& name)
{
    Level level;
    level.targets = {Target{TargetKind::user, who}};
    level.retries = 2;
    return {name, 0, {level}};
}

/// Somebody nobody configured has a name all the same.
void remember(Transaction& tx, const Asked& asked)
{
    const storage::People people{tx};
    if (!asked.actor.empty() && !asked.actor_name.empty() && !people.find(asked.actor))
        people.save({asked.actor, asked.actor, asked.actor_name, "", {}, ""});
}

void cry(Transaction& tx, const Context& app, const Alert& alert, Page& page, TimePoint now)
{
    page.due = now + cry_again_after;
    storage::Pages{tx}.save(page);
    // After an outage one cry is enough.
    storage::Outbox{tx}.withdraw("exhausted:" + std::to_string(page.id.value) + ":");
    std::set<std::string> channels{app.fallback_channel, card_channel(app, alert)};
    channels.erase("");
    for (const auto& channel : channels)
        storage::Outbox{tx}.add(
            "exhausted:" + std::to_string(page.id.value) + ":" + std::to_string(now.time_since_epoch().count()) + ":" + channel,
            "exhausted", storage::Priority::page, channel, alert.id.value, channel, now);
    storage::Timers{tx}.set(storage::TimerKind::page, page.id.value, page.due);
}

void dead_end(
    Transaction& tx, const Context& app, const Alert& alert, const std::string& key, const std::string& what, TimePoint now)
{
    storage::Timeline{tx}.add(alert.id, now, "", "the policy", what);
    const auto channel = app.fallback_channel.empty() ? card_channel(app, alert) : app.fallback_channel;
    if (!channel.empty())
        storage::Outbox{tx}.add(
            "dead_end:" + key, "dead_end", storage::Priority::page, channel, alert.id.value, channel + "\n" + what, now);
}

void climb(Transaction& tx, const Context& app, const Alert& alert, Page& page, TimePoint now)
{
    // A whole round of levels with nobody ends the climb, however many rounds the policy has.
    for (std::size_t skipped = 0;;) {
        const auto decision = decide(page, now);
        if (const auto* step = std::get_if<Step>(&decision); step && skipped < page.policy.levels.size()) {
            page.next = step->next;
            page.stepped_at = now;
            if (notify(tx, app, alert, page, *step, now)) {
                page.due = goes_on_at(page, storage::Runs{tx}.of_page(page.id), std::nullopt).value_or(step->due);
                storage::Timers{tx}.set(storage::TimerKind::page, page.id.value, page.due);
                storage::Pages{tx}.save(page);
                return;
            }
            page.next = next_level(page);
            ++skipped;
        } else if (std::holds_alternative<Step>(decision) || std::holds_alternative<Exhausted>(decision)) {
            if (!page.responder.empty()) {
                dead_end(tx, app, alert, "responder:" + std::to_string(page.id.value),
                    "<@" + page.responder + "> was asked to help and has not answered", now);
                stop_page(tx, page, PageState::resolved, now);
                return;
            }
            page.state = PageState::exhausted;
            storage::Timeline{tx}.add(
                alert.id, now, "", "the policy", "nobody answered: everybody on policy " + page.policy.name + " has been tried");
            cry(tx, app, alert, page, now);
            return;
        } else {
            if (const auto* wait = std::get_if<Wait>(&decision))
                storage::Timers{tx}.set(storage::TimerKind::page, page.id.value, wait->until);
            return;
        }
    }
}

void start_page(Transaction& tx, const Context& app, const Alert& alert, Policy policy, TimePoint now,
    const std::string& asked_by, const std::string& responder)
{
    Page page;
    page.alert = alert.id;
    page.urgency = alert.urgency;
    page.policy = std::move(policy);
    page.due = now;
    page.started_at = now;
    page.asked_by = asked_by;
    page.responder = responder;
    storage::Pages{tx}.add(page);
    climb(tx, app, alert, page, now);
}

void stop_page(Transaction& tx, Page& page, PageState state, TimePoint now)
{
    if (page.state == PageState::resolved)
        return;
    page.state = state;
    page.stopped_at = now;
    storage::Pages{tx}.save(page);
    storage::Notifications{tx}.withdraw(page.id);
    delivery::hush(tx, page.id, "", now);
    end_runs(tx, page.id, RunState::stopped, now);
    storage::Timers{tx}.clear(storage::TimerKind::page, page.id.value);
}

void resume_page(Transaction& tx, const Context& app, const Alert& alert, Page& page, PageState state, TimePoint now)
{
    page.state = state;
    page.stopped_at = {};
    page.due = std::max(page.due, now);
    storage::Pages{tx}.save(page);
    storage::Timers{tx}.set(storage::TimerKind::page, page.id.value, page.due);
    resume_runs(tx, app, alert, page, now);
}

} // namespace handlers
