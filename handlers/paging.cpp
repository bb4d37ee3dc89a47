#include "handlers/paging.hpp"

#include "handlers/after.hpp"
#include "handlers/by_hand.hpp"
#include "handlers/channel_bundles.hpp"
#include "handlers/climb.hpp"
#include "handlers/coverage.hpp"
#include "handlers/covers.hpp"
#include "handlers/first_event.hpp"
#include "handlers/handoff.hpp"
#include "handlers/heartbeats.hpp"
#include "handlers/ladder.hpp"
#include "handlers/quiet.hpp"
#include "handlers/readiness.hpp"
#include "oncall/rise.hpp"
#include "oncall/routing.hpp"
#include "oncall/words.hpp"
#include "storage/answers.hpp"
#include "storage/runs.hpp"

#include <algorithm>
#include <charconv>

namespace handlers {

using namespace oncall;
using storage::Transaction;

namespace {

/// Whether an alert is only shown, for its policy pages nobody for low urgency.
bool is_shown_alone(const Context& app, const Alert& alert, const Policy& policy)
{
    return policy.low_urgency_in_channel && alert.urgency == Urgency::low && !card_channel(app, alert).empty();
}

void no_policy(Transaction& tx, const Context& app, const Alert& alert, TimePoint now)
{
    const auto what = "service " + alert.service + " has no escalation policy, so nobody was paged";
    const auto hour = std::chrono::floor<std::chrono::hours>(now).time_since_epoch().count();
    // In a storm once an hour: hundreds of these would stand before the dead ends of others.
    const auto key = "policy:" + storage::sha256(alert.service).substr(0, 16) + ":" + std::to_string(hour);
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

void open_alert(Transaction& tx, const Context& app, Alert& alert, const std::string& policy, bool page, const Asked& asked)
{
    storage::Alerts{tx}.add(alert);
    storage::Timeline{tx}.add(alert.id, asked.now, asked.actor, asked.via, "reported: " + alert.title);
    if (page) {
        const auto configuration = app.configuration();
        const auto found = configuration->policies.find(policy);
        const bool has_policy = found != configuration->policies.end();
        if (has_policy && is_shown_alone(app, alert, found->second))
            storage::Timeline{tx}.add(alert.id, asked.now, "", "the policy",
                "low urgency: it is shown here, and policy " + policy + " pages nobody for it");
        else if (has_policy)
            start_page(tx, app, alert, found->second, asked.now);
        else if (!alert.service.empty())
            no_policy(tx, app, alert, asked.now);
    }
    show(tx, app, alert, asked.now, false);
}

} // namespace

std::string card_channel(const Context& app, const Alert& alert)
{
    const auto configuration = app.configuration();
    const auto team = configuration->teams.find(alert.team);
    return team != configuration->teams.end() && !team->second.channel.empty() ? team->second.channel : app.fallback_channel;
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
                outbox.again(card_is_clicked ? "card:" + id : storage::update_key(message));
            } else if (message.kind != "card")
                outbox.follow(message, now);
        }
    if (channel.empty())
        return;
    const auto at = placed(tx, app, alert, channel, now);
    tell_change(tx, app, alert, at, channel, now);
    if (at.bundle.value != 0) {
        follow_channel_bundle(tx, at.bundle, now, !state_changed);
        return;
    }
    if (!card_is_clicked)
        outbox.add("card:" + id, "card", storage::Priority::card, channel, alert.id.value, channel, now);
    outbox.add("thread:" + id, "thread", storage::Priority::furniture, channel, alert.id.value, channel, now);
}

namespace {

AlertFields fields_of(const std::string& source, const Report& report)
{
    AlertFields fields;
    fields.source = source;
    fields.service = report.service;
    fields.title = report.title;
    fields.description = report.description;
    fields.severity = report.severity;
    fields.labels = report.labels;
    return fields;
}

/// An open alert is reported once more: what the source says now, and whether that pages again.
void report_again(Transaction& tx, const Context& app, Alert open, const Report& report, const Asked& asked)
{
    const auto configuration = app.configuration();
    const auto routed = route(*configuration, fields_of(open.source, report));
    const auto page = storage::Pages{tx}.latest(open.id);
    const auto today = configuration->policies.find(routed.policy);
    const bool has_policy = today != configuration->policies.end();
    const auto is = reported_again(open, report.severity, routed.urgency);
    auto now_is = open;
    now_is.urgency = is.urgency;
    std::string why;
    if (page)
        why = pages_again(open, page->policy, is, asked.now);
    else if (routed.page && has_policy && !is_shown_alone(app, now_is, today->second))
        why = pages_after_all(open, today->second, is, asked.now);
    const bool in_vain = !page && routed.page && !has_policy && is.rose && open.state == AlertState::triggered;
    if (is.rose && why.empty())
        storage::Timeline{tx}.add(open.id, asked.now, asked.actor, asked.via,
            "rose to " + (is.severity.empty() ? "" : is.severity + ", ") + std::string{name(is.urgency)} + " urgency");
    open.title = report.title;
    open.description = report.description;
    open.labels = report.labels;
    open.links = report.links;
    open.severity = is.severity;
    open.urgency = is.urgency;
    // So far it was only shown: what pages for it now need not be what showed it.
    if (!page && (!why.empty() || in_vain)) {
        open.service = routed.service;
        open.team = routed.team;
        open.rule = routed.rule;
        open.because = routed.because;
    }
    storage::Alerts{tx}.refired(open);
    if (in_vain)
        no_policy(tx, app, open, asked.now);
    if (!why.empty()) {
        Wish wish;
        wish.verb = Verb::again;
        wish.alert = open.id;
        wish.text = why;
        open = change(tx, app, wish, asked);
    }
    show(tx, app, open, asked.now, !why.empty());
}

/// Its source says that it is over, or `why`. A page nobody answered does not go silently.
Alert clear_alert(Transaction& tx, const Context& app, AlertId open, const Asked& asked, const std::string& why = {})
{
    const auto page = storage::Pages{tx}.latest(open);
    Wish wish{Verb::clear, open};
    wish.text = why;
    auto cleared = change(tx, app, wish, asked);
    if (page && is_running(*page))
        tell_of_clear(tx, cleared, *page, asked, why);
    show(tx, app, cleared, asked.now, true);
    return cleared;
}

std::optional<std::int64_t> label_number(const std::map<std::string, std::string>& labels, const std::string& name)
{
    const auto found = labels.find(name);
    if (found == labels.end())
        return std::nullopt;
    std::int64_t number{};
    const auto* const end = found->second.data() + found->second.size();
    const auto read = std::from_chars(found->second.data(), end, number);
    return read.ec == std::errc{} && read.ptr == end ? std::optional{number} : std::nullopt;
}

/// It says how something ended that began before what the alert is about.
bool is_outrun(const Alert& alert, const Report& report)
{
    if (report.counted_by.empty())
        return false;
    const auto now = label_number(report.labels, report.counted_by), newest = label_number(alert.labels, report.counted_by);
    return now && newest && *now < *newest;
}

} // namespace

AlertId receive(Transaction& tx, const Context& app, const std::string& source, const Report& report, const Asked& asked)
{
    const storage::Alerts alerts{tx};
    const auto accepted = [&](AlertId id) {
        storage::Journal{tx}.accepted(source, report.dedup_key, id, asked.now);
        return id;
    };
    if (auto open = alerts.open(source, report.dedup_key)) {
        if (report.signal != Report::Signal::clear)
            expect_again(tx, app, *open, report.ends, asked.now);
        if (report.signal == Report::Signal::acknowledge) {
            // Told twice, or after a person said so here: nothing new.
            const bool counted = has_acknowledged(storage::Acknowledgements{tx}.of_alert(open->id), asked.actor);
            if (open->state == AlertState::triggered && !counted) {
                const auto taken = change(tx, app, {Verb::acknowledge, open->id}, asked);
                show(tx, app, taken, asked.now, true);
            }
            return open->id;
        }
        if (report.signal == Report::Signal::clear && is_outrun(*open, report))
            return {};
        if (report.signal == Report::Signal::clear) {
            return clear_alert(tx, app, open->id, asked).id;
        }
        report_again(tx, app, *open, report, asked);
        return accepted(open->id);
    }
    if (report.signal != Report::Signal::fire)
        return {};

    const auto routed = route(*app.configuration(), fields_of(source, report));

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
    const auto nobody = report.whom.empty() ? std::string{} : page_for_source(tx, app, alert, report.whom, asked);
    if (!report.whom.empty() && nobody.empty()) {
        expect_again(tx, app, alert, report.ends, asked.now);
        return accepted(alert.id);
    }
    open_alert(tx, app, alert, routed.policy, routed.page, asked);
    if (routed.lost && report.whom.empty())
        no_service(tx, app, alert, report.service, asked.now);
    expect_again(tx, app, alert, report.ends, asked.now);
    if (!nobody.empty())
        dead_end(tx, app, alert, "whom:" + std::to_string(alert.id.value), nobody, asked.now);
    return accepted(alert.id);
}

void timer_due(Transaction& tx, const Context& app, const storage::Timer& timer, TimePoint now)
{
    const storage::Timers timers{tx};
    // It may have moved since it was listed.
    const auto due = timers.find(timer.kind, timer.subject);
    if (!due || *due > now)
        return;
    if (timer.kind == storage::TimerKind::run) {
        climb_run(tx, app, {timer.subject}, now);
        const auto run = storage::Runs{tx}.find({timer.subject});
        // The card says by which ways.
        if (const auto alert = run ? storage::Alerts{tx}.find(run->alert) : std::nullopt)
            show(tx, app, *alert, now, false);
        return;
    }
    if (timer.kind == storage::TimerKind::handoff) {
        handoff_due(tx, app, timer.subject, now);
        return;
    }
    if (timer.kind == storage::TimerKind::accept) {
        accept_due(tx, app, timer.subject, now);
        return;
    }
    if (timer.kind == storage::TimerKind::readiness) {
        report_readiness(tx, app, now);
        return;
    }
    if (timer.kind == storage::TimerKind::cover) {
        cover_due(tx, app, timer.subject, now);
        return;
    }
    if (timer.kind == storage::TimerKind::coverage) {
        coverage_due(tx, app, timer.subject, now);
        return;
    }
    if (timer.kind == storage::TimerKind::first_event) {
        first_event_due(tx, app, timer.subject, now);
        return;
    }
    if (timer.kind == storage::TimerKind::heartbeat) {
        heartbeat_due(tx, app, timer.subject, now);
        return;
    }
    if (timer.kind != storage::TimerKind::page) {
        timers.clear(timer.kind, timer.subject);
        const auto alert = storage::Alerts{tx}.find({timer.subject});
        if (!alert)
            return;
        const Asked nobody{"", "", "a timer", now};
        if (timer.kind == storage::TimerKind::quiet) {
            if (const auto why = over_by_silence(tx, app, *alert, *due, now); !why.empty())
                clear_alert(tx, app, alert->id, nobody, why);
            return;
        }
        if (timer.kind == storage::TimerKind::snooze && alert->state == AlertState::snoozed) {
            const auto awake = change(tx, app, {Verb::wake, alert->id}, nobody);
            show(tx, app, awake, now, true);
        } else if (timer.kind == storage::TimerKind::promise && alert->state == AlertState::promised) {
            storage::Timeline{tx}.add(
                alert->id, now, "", "a timer", "reminded " + mention(alert->answered_by) + " of the promise");
            storage::Outbox{tx}.add("reminder:" + std::to_string(alert->id.value) + ":" + std::to_string(alert->version),
                "reminder", storage::Priority::page, alert->answered_by, alert->id.value, alert->answered_by, now);
            timers.set(storage::TimerKind::lapse, alert->id.value, now + promise_grace);
            show(tx, app, *alert, now, false);
        } else if (timer.kind == storage::TimerKind::lapse && alert->state == AlertState::promised) {
            const auto lapsed = change(tx, app, {Verb::lapse, alert->id}, nobody);
            show(tx, app, lapsed, now, true);
        } else if (alert->state == AlertState::acknowledged) {
            still_on_it_due(tx, app, *alert, now);
        }
        return;
    }
    auto page = storage::Pages{tx}.find({timer.subject});
    auto alert = page ? storage::Alerts{tx}.find(page->alert) : std::nullopt;
    if (!alert || !is_running(*page)) {
        timers.clear(timer.kind, timer.subject);
        return;
    }
    if (page->state == PageState::exhausted) {
        cry_or_climb(tx, app, *alert, *page, now);
        if (page->state == PageState::exhausted) {
            show(tx, app, *alert, now, false); // the card says when it cries again
            return;
        }
    } else {
        climb(tx, app, *alert, *page, now);
    }
    // The card says who is paged now: a button pressed on the old one is stale.
    if (page->responder.empty())
        storage::Alerts{tx}.save(*alert);
    show(tx, app, *alert, now, page->state == PageState::exhausted);
}

} // namespace handlers
