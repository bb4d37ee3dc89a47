#include "handlers/ladder.hpp"

#include "delivery/outcome.hpp"
#include "handlers/climb.hpp"
#include "handlers/digest.hpp"
#include "handlers/reach.hpp"
#include "storage/bundles.hpp"
#include "storage/runs.hpp"

#include <algorithm>
#include <set>

namespace handlers {

using namespace oncall;
using storage::Transaction;

namespace {

/// What is left of a step: a method may have been removed or stopped since the run began.
std::vector<std::string> still_there(
    Transaction& tx, const Context& app, const std::string& person, const std::vector<std::string>& methods)
{
    return methods_of(NotificationStep{methods, {}}, contacts_of(tx, app, person));
}

/// Takes every step that is due, and stores where the run stands. False when that told nobody.
bool go_on(Transaction& tx, const Context& app, Urgency urgency, Run& run, TimePoint now)
{
    Notification notification;
    notification.page = run.page;
    notification.alert = run.alert;
    notification.at = run.at;
    notification.person = run.person;
    notification.why = run.why;
    notification.planned_at = now;
    notification.run = run.id;
    bool told = false;
    while (true) {
        const auto decision = decide_run(run, now);
        const auto* step = std::get_if<RunStep>(&decision);
        if (!step)
            break;
        run.next = step->step + 1;
        run.due = step->due;
        notification.step = step->step;
        const auto methods = still_there(tx, app, run.person, step->methods);
        for (const auto& method : methods) {
            notification.method = method;
            notification.key = place_of(run.page, run.at) + "." + run.person + "." + method
                + (step->step == 0 ? "" : "." + std::to_string(step->step));
            plan(tx, notification, urgency);
            told = true;
        }
        if (methods.empty())
            run.due = now;
    }
    const storage::Timers timers{tx};
    if (goes_on(run)) {
        timers.set(storage::TimerKind::run, run.id.value, run.due);
    } else {
        run.state = RunState::completed;
        timers.clear(storage::TimerKind::run, run.id.value);
    }
    storage::Runs{tx}.save(run);
    return told;
}

void go_on_or_pass_on(Transaction& tx, const Context& app, Urgency urgency, Run& run, TimePoint now)
{
    // All that was left of it has been removed since it began.
    if (!go_on(tx, app, urgency, run, now))
        delivery::pass_on(tx, run.page, now);
}

/// Whether it waits for others, that they are told in one message: then it joins their bundle, or opens one.
bool is_joined(Transaction& tx, const Context& app, Run& run, const std::vector<TimePoint>& recent, bool drill, TimePoint now)
{
    const storage::Bundles bundles{tx};
    auto open = bundles.open(run.person, run.urgency, run.steps, drill, now);
    const auto until = held_until(recent, open ? std::optional{open->closes_at} : std::nullopt, now, app.bundling);
    if (!until)
        return false;
    if (!open || open->closes_at != *until) {
        open = storage::Bundle{{}, run.person, run.urgency, run.steps, now, *until};
        bundles.add(*open);
    }
    run.bundle = open->id;
    run.due = *until;
    storage::Runs{tx}.save(run);
    storage::Timers{tx}.set(storage::TimerKind::run, run.id.value, run.due);
    storage::Timeline{tx}.add(run.alert, now, "", "bundling",
        run.person + " has had " + std::to_string(app.bundling.at_once) + " pages within " + duration_out(app.bundling.within)
            + ", so this one waits " + duration_out(*until - now) + " to reach them in one message with others");
    return true;
}

/// The step of all of a bundle's members that are at it comes now, so that each of its messages tells of all of them.
void climb_bundle(Transaction& tx, const Context& app, BundleId bundle, int step, TimePoint now)
{
    std::set<AlertId> alerts;
    auto members = storage::Runs{tx}.due_of(bundle, step, now);
    for (auto& run : members) {
        const auto page = storage::Pages{tx}.find(run.page);
        if (!page || !is_running(*page)) {
            storage::Timers{tx}.clear(storage::TimerKind::run, run.id.value);
            continue;
        }
        alerts.insert(run.alert);
        go_on_or_pass_on(tx, app, page->urgency, run, now);
    }
    if (step != 0 || alerts.size() < 2)
        return;
    // A drill's counts in no figure.
    if (const auto first = storage::Alerts{tx}.find(*alerts.begin()); first && !first->drill) {
        ++tx.touched.bundled["bundles"];
        tx.touched.bundled["pages"] += static_cast<std::int64_t>(members.size());
        tx.touched.bundled["alerts"] += static_cast<std::int64_t>(alerts.size());
    }
    for (const auto alert : alerts)
        storage::Timeline{tx}.add(alert, now, "", "bundling",
            members.front().person + " is told in one message of " + std::to_string(members.size()) + " pages, for "
                + std::to_string(alerts.size()) + " alerts");
}

} // namespace

std::string place_of(PageId page, const Position& at)
{
    return std::to_string(page.value) + "." + std::to_string(at.round) + "." + std::to_string(at.level) + "."
        + std::to_string(at.attempt);
}

bool plan(Transaction& tx, Notification& notification, Urgency urgency)
{
    if (!storage::Notifications{tx}.add(notification))
        return false;
    storage::Outbox{tx}.add(notification, urgency, notification.planned_at);
    return true;
}

std::optional<TimePoint> begin_run(
    Transaction& tx, const Context& app, const Alert& alert, const Page& page, Run run, TimePoint now)
{
    run.page = page.id;
    run.alert = alert.id;
    run.due = now;
    run.urgency = page.urgency;
    run.begun_at = now;
    const auto contacts = contacts_of(tx, app, run.person);
    const auto rule = rule_of(tx, app, run.person, alert.team, page.urgency, now);
    run.rule = rule.name;
    run.steps = steps_for(rule, contacts);
    const bool nothing = run.steps.empty();
    if (nothing)
        run.steps.push_back({methods_of(NotificationStep{{"slack", "email"}, {}}, contacts), {}});
    const storage::Runs runs{tx};
    const auto recent = runs.recent(run, app.bundling.at_once);
    if (page.urgency == Urgency::low)
        if (const auto until = quiet_until(tx, app, run.person, alert.team, now)) {
            if (runs.add(run))
                hold(tx, run, *until);
            return until;
        }
    if (!runs.add(run))
        return std::nullopt;
    if (nothing)
        storage::Timeline{tx}.add(alert.id, now, "", "the notification rule",
            "nothing that the notification rule “" + rule.name + "” of " + run.person + " names is set up, so they are paged by "
                + (run.steps.front().methods.size() > 1 ? "Slack and e-mail" : "Slack"));
    if (!is_joined(tx, app, run, recent, alert.drill, now))
        go_on(tx, app, page.urgency, run, now);
    return std::nullopt;
}

void begin_held_run(Transaction& tx, const Context& app, const Page& page, Run run, TimePoint now)
{
    run.state = RunState::active;
    run.waited = false;
    run.due = now;
    go_on_or_pass_on(tx, app, page.urgency, run, now);
}

void begin_held_runs(Transaction& tx, const Context& app, std::vector<Run> runs, const NotificationStep& by, TimePoint now)
{
    storage::Bundle bundle{{}, runs.front().person, Urgency::low, {by}, now, now, true};
    storage::Bundles{tx}.add(bundle);
    for (auto& run : runs) {
        run.state = RunState::active;
        run.steps = bundle.steps;
        run.bundle = bundle.id;
        run.due = now;
        storage::Runs{tx}.save(run); // what it plans is told by the bundle
        go_on_or_pass_on(tx, app, Urgency::low, run, now);
    }
}

void climb_run(Transaction& tx, const Context& app, RunId id, TimePoint now)
{
    auto run = storage::Runs{tx}.find(id);
    if (run && run->state == RunState::held) {
        send_digest(tx, app, run->person, now);
        return;
    }
    const auto page = run ? storage::Pages{tx}.find(run->page) : std::nullopt;
    if (!page || !is_running(*page) || !goes_on(*run)) {
        storage::Timers{tx}.clear(storage::TimerKind::run, id.value);
        return;
    }
    if (run->bundle.value != 0 && run->due <= now) {
        climb_bundle(tx, app, run->bundle, run->next, now);
        return;
    }
    go_on_or_pass_on(tx, app, page->urgency, *run, now);
}

void end_runs(Transaction& tx, PageId page, RunState state, TimePoint now, const std::string& person)
{
    for (auto& run : storage::Runs{tx}.of_page(page)) {
        const bool held = run.state == RunState::held;
        const bool open =
            held || run.state == RunState::active || (run.state == RunState::stopped && state == RunState::completed);
        if (!open || (!person.empty() && run.person != person))
            continue;
        if (held)
            storage::Timeline{tx}.add(
                run.alert, now, "", quiet_via, "left out of what " + spoken_of(run.person) + " is told after their quiet hours");
        run.state = state;
        storage::Runs{tx}.save(run);
        storage::Timers{tx}.clear(storage::TimerKind::run, run.id.value);
    }
}

void resume_runs(Transaction& tx, const Context& app, const Alert& alert, const Page& page, TimePoint now)
{
    std::vector<Run> resumed;
    for (auto& run : storage::Runs{tx}.of_page(page.id)) {
        if (run.state != RunState::stopped)
            continue;
        // What waited for the end of quiet hours waits again, if they are not over by now.
        if (run.waited) {
            const auto until = page.urgency == Urgency::low ? quiet_until(tx, app, run.person, alert.team, now) : std::nullopt;
            if (until) {
                hold(tx, run, *until);
                storage::Timeline{tx}.add(alert.id, now, "", quiet_via, held_words(run.person, *until));
                continue;
            }
            run.waited = false;
            run.due = now;
        }
        run.state = RunState::active;
        run.due = std::max(run.due, now);
        storage::Runs{tx}.save(run);
        storage::Timers{tx}.set(storage::TimerKind::run, run.id.value, run.due);
        resumed.push_back(run);
    }
    const auto last = last_step(page);
    const auto wanted = [&](const Notification& one) {
        return (last && one.at == *last) || std::any_of(resumed.begin(), resumed.end(), [&](const Run& run) {
            return run.id == one.run && run.next - 1 == one.step;
        });
    };
    for (const auto& one : storage::Notifications{tx}.replan(page.id, wanted))
        storage::Outbox{tx}.add(one, page.urgency, now);
}

} // namespace handlers
