#include "handlers/paging.hpp"

#include "oncall/escalation.hpp"
#include "oncall/routing.hpp"

#include <algorithm>

namespace handlers {

using namespace oncall;
using storage::Transaction;

namespace {

std::string number(AlertId id) { return "#" + std::to_string(id.value); }

/// Who a configured person is in Slack, if that is known by now.
std::string known_as(Transaction& tx, const std::string& reference)
{
    const auto person = storage::People{tx}.find(reference);
    return person && !person->user_id.empty() ? person->user_id : reference;
}

/// Somebody nobody configured has a name all the same.
void remember(Transaction& tx, const Asked& asked)
{
    const storage::People people{tx};
    if (!asked.actor.empty() && !asked.actor_name.empty() && !people.find(asked.actor))
        people.save({asked.actor, asked.actor, asked.actor_name, "", {}});
}

std::string listed(const std::vector<std::string>& words)
{
    std::string text;
    for (std::size_t i = 0; i < words.size(); ++i)
        text += (i == 0 ? "" : i + 1 == words.size() ? " and " : ", ") + words[i];
    return text;
}

void cry(Transaction& tx, const Context& app, const Alert& alert, const Page& page, TimePoint now)
{
    std::set<std::string> channels{app.fallback_channel, card_channel(app, alert)};
    channels.erase("");
    for (const auto& channel : channels)
        storage::Outbox{tx}.add(
            "exhausted:" + std::to_string(page.id.value) + ":" + std::to_string(now.time_since_epoch().count()) + ":" + channel,
            "exhausted", storage::Priority::page, channel, alert.id.value, channel, now);
    storage::Timers{tx}.set(storage::TimerKind::page, page.id.value, now + cry_again_after);
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

std::string level_name(const Page& page, const Position& at)
{
    auto text = "level " + std::to_string(at.level + 1) + " of " + std::to_string(page.policy.levels.size());
    if (at.attempt > 0)
        text += ", try " + std::to_string(at.attempt + 1);
    if (at.round > 0)
        text += ", round " + std::to_string(at.round + 1);
    return text;
}

/// Notifies everyone a step reaches. False when that is nobody.
bool notify(Transaction& tx, const Context& app, const Alert& alert, const Page& page, const Step& step, TimePoint now)
{
    const auto reached = reach(step.targets, *app.configuration, now);
    const auto place = std::to_string(page.id.value) + "." + std::to_string(step.at.round) + "." + std::to_string(step.at.level)
        + "." + std::to_string(step.at.attempt);
    std::vector<std::string> people;
    for (const auto& reference : reached.people) {
        auto person = known_as(tx, reference);
        if (std::find(people.begin(), people.end(), person) == people.end())
            people.push_back(std::move(person));
    }
    for (const auto& person : people) {
        Notification notification;
        notification.key = place + "." + person + ".slack";
        notification.page = page.id;
        notification.alert = alert.id;
        notification.at = step.at;
        notification.person = person;
        notification.planned_at = now;
        if (storage::Notifications{tx}.add(notification))
            storage::Outbox{tx}.add(
                "dm:" + notification.key, "dm", storage::Priority::page, person, notification.id.value, "", now);
    }
    for (const auto& channel : reached.channels)
        storage::Outbox{tx}.add("channel_page:" + place + "." + channel, "channel_page", storage::Priority::page, channel,
            alert.id.value, channel, now);

    auto told = people;
    told.insert(told.end(), reached.channels.begin(), reached.channels.end());
    for (const auto& target : reached.empty)
        dead_end(tx, app, alert, place + "." + target_out(target),
            "nobody stands behind " + target_out(target) + " (" + level_name(page, step.at) + ")"
                + (told.empty() ? ", so it was skipped" : ""),
            now);
    if (told.empty())
        return false;
    storage::Timeline{tx}.add(alert.id, now, "", "the policy", "paging " + listed(told) + " (" + level_name(page, step.at) + ")");
    return true;
}

/// Runs what is due and stores where the page stands.
void climb(Transaction& tx, const Context& app, const Alert& alert, Page& page, TimePoint now)
{
    // A whole round of levels with nobody ends the climb, however many rounds the policy has.
    for (std::size_t skipped = 0;;) {
        const auto decision = decide(page, now);
        if (const auto* step = std::get_if<Step>(&decision); step && skipped < page.policy.levels.size()) {
            page.next = step->next;
            if (notify(tx, app, alert, page, *step, now)) {
                page.due = step->due;
                storage::Timers{tx}.set(storage::TimerKind::page, page.id.value, page.due);
                break;
            }
            page.next = next_level(page);
            ++skipped;
        } else if (std::holds_alternative<Step>(decision) || std::holds_alternative<Exhausted>(decision)) {
            page.state = PageState::exhausted;
            page.due = now + cry_again_after;
            storage::Timeline{tx}.add(
                alert.id, now, "", "the policy", "nobody answered: everybody on policy " + page.policy.name + " has been tried");
            cry(tx, app, alert, page, now);
            break;
        } else {
            if (const auto* wait = std::get_if<Wait>(&decision))
                storage::Timers{tx}.set(storage::TimerKind::page, page.id.value, wait->until);
            return;
        }
    }
    storage::Pages{tx}.save(page);
}

void start_page(Transaction& tx, const Context& app, const Alert& alert, Policy policy, TimePoint now)
{
    Page page;
    page.alert = alert.id;
    page.urgency = alert.urgency;
    page.policy = std::move(policy);
    page.due = now;
    page.started_at = now;
    storage::Pages{tx}.add(page);
    climb(tx, app, alert, page, now);
}

void stop_page(Transaction& tx, AlertId alert, PageState state)
{
    auto page = storage::Pages{tx}.latest(alert);
    if (!page || page->state == PageState::resolved)
        return;
    page->state = state;
    storage::Pages{tx}.save(*page);
    storage::Notifications{tx}.withdraw(page->id);
    storage::Timers{tx}.clear(storage::TimerKind::page, page->id.value);
}

void open_alert(Transaction& tx, const Context& app, Alert& alert, const std::string& policy, bool page, const Asked& asked)
{
    storage::Alerts{tx}.add(alert);
    storage::Timeline{tx}.add(alert.id, asked.now, asked.actor, asked.via, "reported: " + alert.title);
    if (page) {
        const auto found = app.configuration->policies.find(policy);
        if (found != app.configuration->policies.end())
            start_page(tx, app, alert, found->second, asked.now);
        else if (!alert.service.empty())
            dead_end(tx, app, alert, "policy:" + std::to_string(alert.id.value),
                "service " + alert.service + " has no escalation policy, so nobody was paged", asked.now);
    }
    show(tx, app, alert, asked.now, false);
}

std::string filled(std::string words, const Alert& alert)
{
    const auto put = [&words](std::string_view hole, const std::string& with) {
        if (const auto at = words.find(hole); at != words.npos)
            words.replace(at, hole.size(), with);
    };
    put("{who}", alert.answered_by.empty() ? "its source" : "<@" + alert.answered_by + ">");
    const auto seconds = std::to_string(std::chrono::floor<std::chrono::seconds>(alert.answered_at).time_since_epoch().count());
    put("{when}", "<!date^" + seconds + "^{date_short_pretty} {time}|" + iso(alert.answered_at, "UTC") + ">");
    return words;
}

} // namespace

std::string card_channel(const Context& app, const Alert& alert)
{
    const auto team = app.configuration->teams.find(alert.team);
    return team != app.configuration->teams.end() && !team->second.channel.empty() ? team->second.channel : app.fallback_channel;
}

void show(Transaction& tx, const Context& app, const Alert& alert, TimePoint now, bool state_changed, std::int64_t but_not)
{
    const storage::Outbox outbox{tx};
    const auto id = std::to_string(alert.id.value);
    const auto channel = card_channel(app, alert);
    bool card_is_clicked = false;
    if (state_changed)
        for (const auto& message : storage::Messages{tx}.of_alert(alert.id)) {
            if (message.id == but_not) {
                // It is edited by its response_url. An older edit that is under way must not have the last word.
                card_is_clicked = message.kind == "card";
                outbox.again(card_is_clicked ? "card:" + id : "message:" + std::to_string(message.id));
            } else if (message.kind != "card")
                outbox.add("message:" + std::to_string(message.id), "dm_update", storage::Priority::card, message.channel,
                    message.id, "", now);
        }
    if (channel.empty())
        return;
    if (!card_is_clicked)
        outbox.add("card:" + id, "card", storage::Priority::card, channel, alert.id.value, channel, now);
    outbox.add("thread:" + id, "thread", storage::Priority::furniture, channel, alert.id.value, channel, now);
}

AlertId receive(Transaction& tx, const Context& app, const std::string& source, const Report& report, const Asked& asked)
{
    const storage::Alerts alerts{tx};
    if (auto open = alerts.open(source, report.dedup_key)) {
        if (!report.firing) {
            const auto cleared = change(tx, app, {Verb::clear, open->id}, asked);
            show(tx, app, cleared, asked.now, true);
            return cleared.id;
        }
        open->title = report.title;
        open->description = report.description;
        open->labels = report.labels;
        open->links = report.links;
        alerts.refired(*open);
        show(tx, app, *open, asked.now, false);
        return open->id;
    }
    if (!report.firing)
        return {};

    AlertFields fields;
    fields.source = source;
    fields.service = report.service;
    fields.title = report.title;
    fields.description = report.description;
    fields.severity = report.severity;
    fields.labels = report.labels;
    const auto routed = route(*app.configuration, fields);

    Alert alert;
    alert.source = source;
    alert.dedup_key = report.dedup_key;
    alert.title = report.title;
    alert.description = report.description;
    alert.severity = report.severity;
    alert.urgency = routed.urgency;
    alert.service = routed.service;
    alert.team = routed.team;
    alert.rule = routed.rule;
    alert.because = routed.because;
    alert.labels = report.labels;
    alert.links = report.links;
    alert.triggered_at = asked.now;
    open_alert(tx, app, alert, routed.policy, routed.page, asked);
    return alert.id;
}

AlertId page_by_hand(Transaction& tx, const Context& app, const std::string& person, const std::string& why, const Asked& asked)
{
    permit(Verb::escalate, asked.actor_team, asked.home_team);
    remember(tx, asked);
    Alert alert;
    alert.title = why;
    alert.because = "paged by hand";
    alert.triggered_at = asked.now;
    // The card goes where the person's team looks; the first team that has them, in the order of names.
    for (const auto& [name, team] : app.configuration->teams) {
        const auto is_member = [&](const std::string& member) { return known_as(tx, member) == person; };
        if (alert.team.empty() && std::any_of(team.members.begin(), team.members.end(), is_member))
            alert.team = name;
    }
    Level level;
    level.targets = {Target{TargetKind::user, person}};
    level.retries = 2;
    Policy policy;
    policy.name = "paged by hand";
    policy.levels = {level};

    storage::Alerts{tx}.add(alert);
    storage::Timeline{tx}.add(alert.id, asked.now, asked.actor, asked.via, "paged " + person + ": " + why);
    storage::Audit{tx}.add(asked.now, asked.actor, asked.via, "page", number(alert.id), "", person);
    start_page(tx, app, alert, std::move(policy), asked.now);
    show(tx, app, alert, asked.now, false);
    return alert.id;
}

Alert change(Transaction& tx, const Context& app, const Wish& wish, const Asked& asked)
{
    permit(wish.verb, asked.actor_team, asked.home_team);
    remember(tx, asked);
    auto alert = storage::Alerts{tx}.find(wish.alert).value_or(Alert{});
    if (alert.id.value == 0)
        throw Refusal{"There is no alert " + number(wish.alert) + ". `/oncall status` lists what is open."};
    const auto outcome = apply(alert.state, wish.verb);
    if (const auto* no = std::get_if<Refusal>(&outcome))
        throw Refusal{number(alert.id) + ": " + filled(no->what(), alert)};
    // A second press of Escalate on the same card must not climb two levels.
    if (wish.verb == Verb::escalate && wish.shown_version != 0 && wish.shown_version != alert.version)
        throw Refusal{number(alert.id)
            + " has moved on since this was shown. Look at the card, and press again if it should still be escalated."};

    const auto& effect = std::get<Effect>(outcome);
    const auto before = std::string{name(alert.state)};
    auto page = storage::Pages{tx}.latest(alert.id);
    const storage::Timers timers{tx};
    std::string words{effect.words};

    alert.state = effect.state;
    alert.answered_by = effect.state == AlertState::triggered ? "" : asked.actor;
    alert.answered_at = effect.state == AlertState::triggered ? TimePoint{} : asked.now;
    alert.snoozed_until = {};
    timers.clear(storage::TimerKind::snooze, alert.id.value);
    if (wish.verb == Verb::snooze) {
        alert.snoozed_until = asked.now + wish.snooze_for;
        timers.set(storage::TimerKind::snooze, alert.id.value, alert.snoozed_until);
        words += " for " + duration_out(wish.snooze_for);
    }
    if (wish.verb == Verb::escalate && !page)
        throw Refusal{number(alert.id) + " has no escalation policy to climb. `/oncall page @someone` reaches a person."};
    storage::Alerts{tx}.save(alert);
    storage::Timeline{tx}.add(alert.id, asked.now, asked.actor, asked.via, words);
    storage::Audit{tx}.add(asked.now, asked.actor, asked.via, std::string{name(wish.verb)}, number(alert.id), before,
        std::string{name(alert.state)});

    switch (effect.paging) {
    case Effect::Paging::keep: break;
    case Effect::Paging::stop:
        stop_page(tx, alert.id, alert.state == AlertState::resolved ? PageState::resolved : PageState::acknowledged);
        break;
    case Effect::Paging::next_level:
        storage::Notifications{tx}.withdraw(page->id);
        page->state = PageState::paging;
        page->next = next_level(*page);
        page->due = asked.now;
        climb(tx, app, alert, *page, asked.now);
        break;
    case Effect::Paging::start: {
        // The policy of today, if the service still has one; a page by hand goes to its person again.
        auto policy = page ? page->policy : Policy{};
        if (const auto service = app.configuration->services.find(alert.service); service != app.configuration->services.end()) {
            const auto team = app.configuration->teams.find(service->second.team);
            const auto& wanted = !service->second.policy.empty() || team == app.configuration->teams.end()
                ? service->second.policy
                : team->second.policy;
            if (const auto found = app.configuration->policies.find(wanted); found != app.configuration->policies.end())
                policy = found->second;
        }
        if (!policy.levels.empty())
            start_page(tx, app, alert, std::move(policy), asked.now);
        break;
    }
    }
    return alert;
}

void timer_due(Transaction& tx, const Context& app, const storage::Timer& timer, TimePoint now)
{
    const storage::Timers timers{tx};
    if (timer.kind == storage::TimerKind::snooze) {
        timers.clear(timer.kind, timer.subject);
        const auto alert = storage::Alerts{tx}.find({timer.subject});
        if (alert && alert->state == AlertState::snoozed) {
            const auto awake = change(tx, app, {Verb::wake, alert->id}, {"", "", "a timer", now});
            show(tx, app, awake, now, true);
        }
        return;
    }
    auto page = storage::Pages{tx}.find({timer.subject});
    auto alert = page ? storage::Alerts{tx}.find(page->alert) : std::nullopt;
    if (!alert || (page->state != PageState::paging && page->state != PageState::exhausted)) {
        timers.clear(timer.kind, timer.subject);
        return;
    }
    if (page->state == PageState::exhausted) {
        cry(tx, app, *alert, *page, now);
        return;
    }
    climb(tx, app, *alert, *page, now);
    // The card says who is paged now: a button pressed on the old one is stale.
    storage::Alerts{tx}.save(*alert);
    show(tx, app, *alert, now, page->state == PageState::exhausted);
}

} // namespace handlers
