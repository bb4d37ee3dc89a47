#include "handlers/climb.hpp"

#include "delivery/outcome.hpp"
#include "handlers/digest.hpp"
#include "handlers/ladder.hpp"
#include "handlers/paging.hpp"
#include "oncall/acknowledgements.hpp"
#include "oncall/paging_by_hand.hpp"
#include "oncall/policy.hpp"
#include "oncall/quiet_hours.hpp"
#include "oncall/words.hpp"
#include "storage/answers.hpp"
#include "storage/channel_bundles.hpp"
#include "storage/levels.hpp"
#include "storage/runs.hpp"

#include <algorithm>

namespace handlers {

using namespace oncall;
using storage::Transaction;

namespace {

/// Rule → service → policy and level → schedule, team or name.
std::string why(const Alert& alert, const Page& page, const Position& at, const std::string& how, const std::string& again)
{
    std::vector<std::string> links{again.empty() ? "" : "paged again: " + again, alert.because};
    if (!alert.service.empty() && alert.because.find("service " + alert.service) == alert.because.npos)
        links.push_back("service " + alert.service);
    if (page.policy.name == by_hand && page.asked_by.empty())
        links.push_back(how == "named by the policy" ? "" : how);
    else if (!page.asked_by.empty() && at.level == 0)
        links.push_back((page.responder.empty() ? "wanted by <@" : "asked to help by <@") + page.asked_by + ">");
    else
        links.push_back("policy " + page.policy.name + ", " + level_name(page, at) + " → " + how);
    std::string text;
    for (const auto& link : links)
        text += link.empty() ? "" : (text.empty() ? "" : " → ") + link;
    return text;
}

/// Notifies those of a step, or holds it until their quiet hours are over.
void notify(Transaction& tx, const Context& app, const Alert& alert, const Page& page, const Step& step, TimePoint now)
{
    std::vector<std::string> told;
    const auto again = storage::PagedAgain{tx}.why(page.id);
    for (const auto& one : step.now) {
        if (one.kind == Reached::Kind::person) {
            Run run;
            run.at = step.at;
            run.person = one.name;
            run.why = why(alert, page, step.at, one.how, again);
            if (const auto until = begin_run(tx, app, alert, page, std::move(run), now))
                storage::Timeline{tx}.add(alert.id, now, "", quiet_via,
                    held_words(one.name, *until) + (page.responder.empty() ? " (" + level_name(page, step.at) + ")" : ""));
            else
                told.push_back(one.name);
            continue;
        }
        told.push_back(one.kind == Reached::Kind::webhook ? one.how : one.name);
        Notification notification;
        notification.page = page.id;
        notification.alert = alert.id;
        notification.at = step.at;
        notification.planned_at = now;
        notification.person = one.name;
        notification.why = why(alert, page, step.at, one.how, again);
        notification.method = one.kind == Reached::Kind::channel ? "channel" : name(ContactKind::webhook);
        notification.key = place_of(page.id, step.at) + "." + one.name + "." + notification.method;
        plan(tx, notification, page.urgency);
    }
    if (told.empty())
        return;
    storage::Timeline{tx}.add(alert.id, now, "", page.responder.empty() ? "the policy" : "a request for help",
        "paging " + listed(told) + " (" + (page.responder.empty() ? level_name(page, step.at) : "to help") + ")");
}

/// What was passed over is said in the timeline; and that nobody stands behind something, where somebody can mend it. `nobody`:
/// the whole policy has reached nobody.
void say_skipped(
    Transaction& tx, const Context& app, const Alert& alert, const Page& page, const Skip& skip, bool nobody, TimePoint now)
{
    if (!alert.drill)
        storage::EscalationFacts{tx}.add(page,
            {!skip.person.empty() ? skip.person
                    : skip.target ? target_out(*skip.target)
                                  : level_name(page, skip.at),
                skip.at, now, skip.why});
    if (skip.words.empty())
        return;
    storage::Timeline{tx}.add(alert.id, now, "", "the policy", skip.words);
    if ((skip.why == Skip::Why::condition && !nobody) || skip.why == Skip::Why::acknowledged || !skip.person.empty())
        return;
    Notification notification;
    notification.person = app.fallback_channel.empty() ? card_channel(app, alert) : app.fallback_channel;
    if (notification.person.empty())
        return;
    notification.page = page.id;
    notification.alert = alert.id;
    notification.at = skip.at;
    notification.planned_at = now;
    notification.why = skip.words;
    notification.method = "fallback";
    notification.key =
        place_of(page.id, skip.at) + "." + (skip.target ? target_out(*skip.target) : std::string{name(skip.why)}) + ".fallback";
    plan(tx, notification, page.urgency);
    storage::Shouts{tx}.add(alert.id);
}

} // namespace

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
    storage::Shouts{tx}.add(alert.id);
    const auto channel = app.fallback_channel.empty() ? card_channel(app, alert) : app.fallback_channel;
    if (!channel.empty())
        storage::Outbox{tx}.add(
            "dead_end:" + key, "dead_end", storage::Priority::page, channel, alert.id.value, channel + "\n" + what, now);
}

namespace {

void run_step(Transaction& tx, const Context& app, const Alert& alert, Page& page, const Step& step, TimePoint now)
{
    if (step.beginning)
        storage::RoundRobins{tx}.save(page.policy.name, levels_left(page.policy, step.at.level), *step.beginning);
    page.next = step.next;
    page.last = step.at;
    page.stepped_at = now;
    page.waits = false;
    notify(tx, app, alert, page, step, now);
    page.due = goes_on_at(page, storage::Runs{tx}.of_page(page.id), std::nullopt).value_or(step.due);
    storage::Timers{tx}.set(storage::TimerKind::page, page.id.value, page.due);
    storage::Pages{tx}.save(page);
}

/// What comes before has been passed over for good.
void wait(Transaction& tx, const Alert& alert, Page& page, const Wait& wait, TimePoint now)
{
    if (page.due < wait.until) {
        page.due = wait.until;
        page.next = wait.at;
        page.waits = true;
        storage::Pages{tx}.save(page);
        storage::Timeline{tx}.add(alert.id, now, "", "the policy",
            level_name(page, page.next) + " waits for " + wait.why + ", until " + date_token(wait.until));
    }
    storage::Timers{tx}.set(storage::TimerKind::page, page.id.value, page.due);
}

void exhaust(Transaction& tx, const Context& app, const Alert& alert, Page& page, TimePoint now)
{
    if (!page.responder.empty()) {
        dead_end(tx, app, alert, "responder:" + std::to_string(page.id.value),
            "<@" + page.responder + "> was asked to help and has not answered", now);
        stop_page(tx, page, PageState::resolved, now);
        return;
    }
    page.state = PageState::exhausted;
    page.waits = false;
    const auto acknowledged = storage::Acknowledgements{tx}.of_alert(alert.id);
    const auto came = acknowledged.empty() ? "nobody answered"
                                           : "only "
            + in_words(
                acknowledged, needed(page, storage::Notifications{tx}.of_page(page.id), storage::Runs{tx}.of_page(page.id)));
    storage::Timeline{tx}.add(
        alert.id, now, "", "the policy", came + ": everybody on policy " + page.policy.name + " has been tried");
    storage::Shouts{tx}.add(alert.id);
    cry(tx, app, alert, page, now);
}

} // namespace

void climb(Transaction& tx, const Context& app, const Alert& alert, Page& page, TimePoint now, bool hurry)
{
    const auto configuration = app.configuration();
    const auto decision = decide(page, storage::surroundings(tx, alert, *configuration, page), now, hurry);
    const bool nobody = std::holds_alternative<Exhausted>(decision.then) && !page.last;
    for (const auto& skip : decision.skipped)
        say_skipped(tx, app, alert, page, skip, nobody, now);
    if (const auto* step = std::get_if<Step>(&decision.then)) {
        run_step(tx, app, alert, page, *step, now);
    } else if (std::holds_alternative<Exhausted>(decision.then)) {
        exhaust(tx, app, alert, page, now);
    } else if (const auto* until = std::get_if<Wait>(&decision.then)) {
        wait(tx, alert, page, *until, now);
    }
}

void cry_or_climb(Transaction& tx, const Context& app, const Alert& alert, Page& page, TimePoint now)
{
    auto again = page;
    again.state = PageState::paging;
    again.due = now;
    const auto configuration = app.configuration();
    // Rounds without end ended because nobody was there at all: somebody may be by now.
    if (page.policy.until_answered
        && std::holds_alternative<Step>(decide(again, storage::surroundings(tx, alert, *configuration, again), now).then)) {
        page = again;
        climb(tx, app, alert, page, now);
        return;
    }
    cry(tx, app, alert, page, now);
}

void wait_anew(Transaction& tx, const Context& app, PageId id, TimePoint now)
{
    auto page = storage::Pages{tx}.find(id);
    auto alert = page ? storage::Alerts{tx}.find(page->alert) : std::nullopt;
    if (!alert || page->state != PageState::paging || !page->waits || page->due <= now)
        return;
    auto anew = *page;
    anew.due = now;
    const auto configuration = app.configuration();
    const auto decision = decide(anew, storage::surroundings(tx, *alert, *configuration, anew), now);
    const auto* const wait = std::get_if<Wait>(&decision.then);
    if (wait && wait->until == page->due && wait->at == page->next)
        return;
    climb(tx, app, *alert, anew, now);
    // The card says who is paged now: a button pressed on the old one is stale.
    if (anew.responder.empty())
        storage::Alerts{tx}.save(*alert);
    show(tx, app, *alert, now, anew.state == PageState::exhausted);
}

void start_page(Transaction& tx, const Context& app, const Alert& alert, Policy policy, TimePoint now,
    const std::string& asked_by, const std::string& responder, const std::string& again)
{
    Page page;
    page.alert = alert.id;
    page.urgency = alert.urgency;
    page.policy = expanded(policy, *app.configuration());
    page.due = now;
    page.started_at = now;
    page.stepped_at = now;
    page.asked_by = asked_by;
    page.responder = responder;
    storage::Pages{tx}.add(page);
    if (!again.empty())
        storage::PagedAgain{tx}.add(page.id, again);
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
    // What rose since it was answered waits for nobody's quiet hours, and goes on accordingly.
    if (const auto last = last_step(page); last && page.urgency != alert.urgency)
        page.due = std::min(page.due, now + page.policy.levels.at(static_cast<std::size_t>(last->level)).patience);
    page.urgency = alert.urgency;
    storage::Pages{tx}.save(page);
    storage::Timers{tx}.set(storage::TimerKind::page, page.id.value, page.due);
    resume_runs(tx, app, alert, page, now);
}

void take_up_page(Transaction& tx, const Context& app, const Alert& alert, Page& page, PageState state, TimePoint now)
{
    const auto over = std::max(now - page.stopped_at, milliseconds{});
    // Working hours and the end of a bundle come when they come.
    if (!page.waits)
        page.due += over;
    for (auto& run : storage::Runs{tx}.of_page(page.id))
        if (run.state == RunState::stopped && !run.waited && (run.bundle.value == 0 || run.next > 0)) {
            run.due += over;
            storage::Runs{tx}.save(run);
        }
    resume_page(tx, app, alert, page, state, now);
    delivery::pass_on(tx, page.id, now); // what was under way when it stopped may have failed since
}

void put_off_page(Transaction& tx, Page& page, TimePoint until)
{
    if (page.due < until && !page.waits) {
        page.due = until;
        storage::Pages{tx}.save(page);
        storage::Timers{tx}.set(storage::TimerKind::page, page.id.value, page.due);
    }
    for (auto& run : storage::Runs{tx}.open_of(page.id))
        if (run.state == RunState::active && run.due < until && (run.bundle.value == 0 || run.next > 0)) {
            run.due = until;
            storage::Runs{tx}.save(run);
            storage::Timers{tx}.set(storage::TimerKind::run, run.id.value, run.due);
        }
}

} // namespace handlers
