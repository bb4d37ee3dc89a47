#include "handlers/paging.hpp"

#include "handlers/after.hpp"
#include "handlers/arriving.hpp"
#include "handlers/by_hand.hpp"
#include "handlers/channel_bundles.hpp"
#include "handlers/climb.hpp"
#include "handlers/coverage.hpp"
#include "handlers/covers.hpp"
#include "handlers/first_event.hpp"
#include "handlers/flapping.hpp"
#include "handlers/grouping.hpp"
#include "handlers/handoff.hpp"
#include "handlers/heartbeats.hpp"
#include "handlers/ladder.hpp"
#include "handlers/quiet.hpp"
#include "handlers/readiness.hpp"
#include "handlers/silences.hpp"
#include "handlers/subscribers.hpp"
#include "oncall/arrival.hpp"
#include "oncall/service_directory.hpp"
#include "oncall/words.hpp"
#include "storage/answers.hpp"
#include "storage/arrivals.hpp"
#include "storage/reported_alerts.hpp"
#include "storage/runs.hpp"

#include <algorithm>
#include <charconv>

namespace handlers {

using namespace oncall;
using storage::Transaction;

std::string card_channel(const Context& app, const Alert& alert)
{
    const auto configuration = app.configuration();
    const auto team = configuration->teams.find(alert.team);
    return team != configuration->teams.end() && !team->second.channel.empty() ? team->second.channel : app.fallback_channel;
}

void show(Transaction& tx, const Context& app, const Alert& alert, TimePoint now, bool state_changed, std::int64_t but_not)
{
    if (alert.suppressed)
        return;
    tell_subscribers(tx, app, alert, now);
    // The card of the alert that stands for it counts it.
    if (const auto parent = alert.parent.value == 0 ? std::nullopt : storage::Alerts{tx}.find(alert.parent))
        show(tx, app, *parent, now, false);
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
    if (channel.empty() || (alert.parent.value != 0 && !is_shown_itself(tx, alert)))
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

AlertFields fields_of(const std::string& source, const Report& report, TimePoint now)
{
    AlertFields fields;
    fields.source = source;
    fields.service = report.service;
    fields.title = report.title;
    fields.description = report.description;
    fields.severity = report.severity;
    fields.labels = report.labels;
    fields.at = now;
    return fields;
}

/// Rules are tried on what the source said.
void keep_reported(Transaction& tx, const Alert& alert, const Report& report)
{
    if (alert.title != report.title || alert.severity != report.severity || alert.service != report.service)
        storage::ReportedAlerts{tx}.keep(alert.id, {report.title, report.severity, report.service});
}

Alert as_reported(Alert alert, const Routed& routed, const Report& report, const Reported& is)
{
    alert.title = routed.title;
    alert.description = report.description;
    alert.labels = report.labels;
    alert.severity = is.severity;
    alert.urgency = is.urgency;
    return alert;
}

/// An open alert is reported once more: what the source says now, and whether that pages again. `back`: it was over.
void report_again(Transaction& tx, const Context& app, Alert open, const Report& report, const Asked& asked, bool back = false)
{
    const auto configuration = app.configuration();
    const auto routed = route(*configuration, fields_of(open.source, report, asked.now));
    auto page = storage::Pages{tx}.latest(open.id);
    // A rule kept it, and none does as it is now: it got worse, or the time is another.
    const bool comes_up = open.suppressed && !routed.suppress;
    open.suppressed = open.suppressed && !comes_up;
    // It was stopped when the alert was held: as if there had been none.
    if (page && page->state == PageState::resolved && open.state == AlertState::triggered
        && (back || storage::Arrivals{tx}.find(open.id)))
        page.reset();
    const auto today = policy_in(*configuration, routed.policy);
    const bool has_policy = today.has_value();
    const auto is = reported_again(open, routed.severity, routed.urgency);
    auto now_is = as_reported(open, routed, report, is);
    if (back && page && !is.rose)
        calm_page(tx, app, open, asked.now);
    else if ((back || comes_up) && !page)
        hold_again(tx, app, now_is, routed, asked.now);
    auto held = storage::Arrivals{tx}.find(open.id);
    bool is_held_now = false;
    if (!page && (!held || breaks(held->hold, is)) && open.state == AlertState::triggered && !open.suppressed
        && open.parent.value == 0 && routed.page && has_policy && !is_shown_alone(app, now_is, *today)) {
        now_is.service = routed.service;
        now_is.team = routed.team;
        hold_if_silenced(tx, app, now_is, routed.policy, asked.now);
        held = storage::Arrivals{tx}.find(open.id);
        is_held_now = held && !breaks(held->hold, is);
    }
    const bool stands_back = open.suppressed || open.parent.value != 0 || (held && is_held_still(tx, app, now_is, is, asked.now));
    std::string why;
    if (stands_back)
        why = {};
    else if (page)
        why = pages_again(open, page->policy, is, asked.now);
    else if (routed.page && has_policy && !is_shown_alone(app, now_is, *today))
        why = pages_after_all(open, *today, is, asked.now);
    const bool in_vain =
        !stands_back && !page && routed.page && !has_policy && (is.rose || comes_up) && open.state == AlertState::triggered;
    if (is.rose && why.empty())
        storage::Timeline{tx}.add(open.id, asked.now, asked.actor, asked.via,
            "rose to " + (is.severity.empty() ? "" : is.severity + ", ") + std::string{name(is.urgency)} + " urgency");
    const auto rose = is.rose ? std::optional{open} : std::nullopt;
    open.title = routed.title;
    open.description = report.description;
    open.labels = report.labels;
    open.links = report.links;
    open.severity = is.severity;
    open.urgency = is.urgency;
    // So far it was only shown: what pages for it now need not be what showed it.
    if (!page && (!why.empty() || in_vain || is_held_now || comes_up)) {
        open.service = routed.service;
        open.team = routed.team;
        open.rule = routed.rule;
        open.because = routed.because;
        open.policy = routed.own_policy ? routed.policy : "";
    }
    storage::Alerts{tx}.refired(open);
    if (is_held_now || comes_up)
        storage::Alerts{tx}.save(open); // what shows it as paging nobody is behind
    if (comes_up)
        storage::Timeline{tx}.add(open.id, asked.now, "", "the policy", "shown from now on: no rule suppresses it any more");
    if (routed.title != report.title)
        keep_reported(tx, open, report);
    group_reported(tx, open, asked);
    if (rose && open.parent.value != 0)
        child_rose(tx, app, open, routed, asked);
    if (in_vain)
        no_policy(tx, app, open, asked.now);
    if (comes_up && routed.lost)
        no_service(tx, app, open, report.service, asked.now);
    if (!why.empty()) {
        Wish wish;
        wish.verb = Verb::again;
        wish.alert = open.id;
        wish.text = why;
        open = change(tx, app, wish, asked);
    } else if (back) {
        say_back(tx, open, asked.now);
    }
    show(tx, app, open, asked.now, !why.empty());
}

/// Its source says that it is over, or `why`. A page nobody answered does not go silently.
Alert clear_alert(Transaction& tx, const Context& app, AlertId open, const Asked& asked, const std::string& why = {})
{
    if (const auto alert = storage::Alerts{tx}.find(open); alert && outlives_its_source(tx, app, *alert, asked, why))
        return *alert;
    const auto page = storage::Pages{tx}.latest(open);
    Wish wish{Verb::clear, open};
    wish.text = why;
    auto cleared = change(tx, app, wish, asked);
    if (page && is_running(*page))
        tell_of_clear(tx, cleared, *page, asked, why, flapped(tx, app, cleared.id, asked.now));
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
            return clear_alert(tx, app, open->id, asked, report.why).id;
        }
        report_again(tx, app, *open, report, asked);
        return accepted(open->id);
    }
    if (report.signal != Report::Signal::fire)
        return {};

    if (const auto back = comes_back(tx, app, source, report, asked); back.value != 0) {
        const auto open = alerts.find(back).value_or(Alert{});
        expect_again(tx, app, open, report.ends, asked.now);
        report_again(tx, app, open, report, asked, true);
        return accepted(back);
    }

    const auto routed = route(*app.configuration(), fields_of(source, report, asked.now));

    Alert alert;
    alert.source = source;
    alert.dedup_key = report.dedup_key;
    alert.title = routed.title;
    alert.description = report.description;
    alert.severity = routed.severity;
    alert.urgency = routed.urgency;
    alert.service = routed.service;
    alert.team = routed.team;
    alert.rule = routed.rule;
    alert.because = routed.because;
    alert.policy = routed.own_policy ? routed.policy : "";
    alert.group_key = routed.group_key;
    alert.suppressed = routed.suppress;
    alert.labels = report.labels;
    alert.links = report.links;
    alert.triggered_at = asked.now;
    const auto nobody = report.whom.empty() ? std::string{} : page_for_source(tx, app, alert, report.whom, asked);
    if (!report.whom.empty() && nobody.empty()) {
        keep_reported(tx, alert, report);
        expect_again(tx, app, alert, report.ends, asked.now);
        return accepted(alert.id);
    }
    arrive(tx, app, alert, routed, asked);
    keep_reported(tx, alert, report);
    if (routed.lost && !alert.suppressed && report.whom.empty())
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
    if (timer.kind == storage::TimerKind::arrival) {
        arrival_due(tx, app, {timer.subject}, now);
        return;
    }
    if (timer.kind == storage::TimerKind::silence || timer.kind == storage::TimerKind::digest) {
        silence_due(tx, app, timer, now);
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
