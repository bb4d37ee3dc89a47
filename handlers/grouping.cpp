#include "handlers/grouping.hpp"

#include "handlers/after.hpp"
#include "handlers/arriving.hpp"
#include "handlers/climb.hpp"
#include "handlers/permits.hpp"
#include "handlers/silences.hpp"
#include "oncall/grouping.hpp"
#include "oncall/service_directory.hpp"
#include "oncall/words.hpp"
#include "storage/answers.hpp"
#include "storage/arrivals.hpp"
#include "storage/channel_bundles.hpp"
#include "storage/groups.hpp"

#include <algorithm>

namespace handlers {

using namespace oncall;
using storage::AlertGroups;
using storage::Transaction;

namespace {

constexpr int most_of_key = 4; // groups of one key that are open: full ones, and those that are held back
const std::string by_group{"its group"};

std::string titled(const Alert& alert) { return number(alert.id) + " " + alert.title; }

/// As it stands in storage, or as if it stood there.
storage::AlertGroup group_kept(Transaction& tx, const Alert& parent)
{
    if (const auto kept = AlertGroups{tx}.find(parent.id))
        return *kept;
    storage::AlertGroup group;
    group.parent = parent.id;
    group.last_at = parent.triggered_at;
    group.urgency = parent.urgency;
    group.worst = severity_rank(parent.severity).value_or(-1);
    return group;
}

Group as_group(Transaction& tx, const Alert& parent, const storage::AlertGroup& kept)
{
    Group group;
    group.parent = parent.id;
    group.began_at = parent.triggered_at;
    group.last_at = kept.last_at;
    group.members = static_cast<std::size_t>(kept.members);
    group.urgency = kept.urgency;
    group.worst = kept.worst;
    const auto held = storage::Arrivals{tx}.find(parent.id);
    const auto page = storage::Pages{tx}.latest(parent.id);
    const bool is_paged_now = page && is_running(*page);
    if (held && !is_paged_now)
        group.held = held->hold.kind;
    group.looked_after = held || parent.state != AlertState::triggered || is_paged_now;
    return group;
}

void keep_worst(storage::AlertGroup& kept, const Group& group)
{
    kept.urgency = group.urgency;
    kept.worst = group.worst;
}

/// By itself it would page somebody.
bool would_page(const Context& app, const Alert& alert, const Routed& routed)
{
    const auto configuration = app.configuration();
    const auto policy = policy_in(*configuration, routed.policy);
    return routed.page && policy && !is_shown_alone(app, alert, *policy);
}

/// One of its group is worse than all there were: the page of the one that stands for it begins anew. Whoever is being paged for
/// it with that urgency hears no more by hearing it anew. What holds the group holds the worse one only if it is meant for it,
/// too. `policy`: by which the worse one would page, where the group has none.
void page_for_group(Transaction& tx, const Context& app, Alert parent, const Alert& worse, Urgency urgency,
    const std::string& policy, const std::string& why, const Asked& asked)
{
    const auto page = storage::Pages{tx}.latest(parent.id);
    const auto held = storage::Arrivals{tx}.find(parent.id);
    const bool higher = urgency == Urgency::high && parent.urgency == Urgency::low;
    if (higher) {
        parent.urgency = Urgency::high;
        storage::Alerts{tx}.save(parent);
    }
    const bool is_paged_now = page && is_running(*page);
    if (!is_paged_now && held && !silenced(tx, app, worse, asked.now).empty())
        return;
    storage::Shouts{tx}.add(parent.id);
    if (parent.state == AlertState::triggered && is_paged_now && !higher)
        return;
    Wish wish;
    wish.verb = Verb::again;
    wish.alert = parent.id;
    wish.text = why;
    const auto changed = change(tx, app, wish, asked);
    const auto now_page = storage::Pages{tx}.latest(parent.id);
    const auto configuration = app.configuration();
    const auto its = policy_in(*configuration, policy);
    if (its && !(now_page && is_running(*now_page)) && !storage::Arrivals{tx}.find(parent.id))
        start_page(tx, app, changed, *its, asked.now, "", "", why);
    show(tx, app, changed, asked.now, true);
}

/// What was sent for it, or was to be, counts no more; nor does what was to happen to it later.
void hush_alert(Transaction& tx, const Alert& alert, TimePoint now)
{
    if (auto page = storage::Pages{tx}.latest(alert.id); page && is_running(*page))
        stop_page(tx, *page, PageState::resolved, now);
    for (auto& helper : storage::Pages{tx}.of_responders(alert.id))
        if (is_running(helper))
            stop_page(tx, helper, PageState::resolved, now);
    const storage::Timers timers{tx};
    for (const auto kind : {storage::TimerKind::snooze, storage::TimerKind::promise, storage::TimerKind::lapse})
        timers.clear(kind, alert.id.value);
    storage::StillOnIts{tx}.forget(alert.id);
    storage::Arrivals{tx}.release(alert.id);
    storage::Undos{tx}.forget(alert.id);
}

/// It is over with its group, by whoever ended that.
void end_with(Transaction& tx, const Context& app, Alert child, const Alert& with, const std::string& words, const Asked& asked)
{
    hush_alert(tx, child, asked.now);
    child.state = AlertState::resolved;
    child.answered_by = with.answered_by;
    child.answered_at = asked.now;
    child.answered_via = with.answered_via;
    child.snoozed_until = {};
    storage::Alerts{tx}.save(child);
    storage::Timeline{tx}.add(child.id, asked.now, asked.actor, asked.via, words);
    if (is_shown_itself(tx, child) || !storage::Messages{tx}.of_alert(child.id).empty())
        show(tx, app, child, asked.now, true);
}

/// The one that stands for a group ends with the last of it, if its own source says that it is over.
void end_if_last(Transaction& tx, const Context& app, AlertId id, const Asked& asked)
{
    const auto parent = storage::Alerts{tx}.find(id);
    const auto group = parent ? AlertGroups{tx}.find(id) : std::nullopt;
    if (!group || group->over_at == TimePoint{} || parent->state == AlertState::resolved || AlertGroups{tx}.has_open(id))
        return;
    Asked nobody = asked;
    nobody.actor.clear();
    nobody.actor_name.clear();
    nobody.via = by_group;
    const auto page = storage::Pages{tx}.latest(id);
    const auto cleared = change(tx, app, {Verb::clear, id}, nobody);
    if (page && is_running(*page))
        tell_of_clear(tx, cleared, *page, nobody);
    show(tx, app, cleared, asked.now, true);
}

void page_goes_on(Transaction& tx, const Alert& alert, TimePoint now)
{
    const storage::Timers timers{tx};
    if (alert.state == AlertState::snoozed)
        timers.set(storage::TimerKind::snooze, alert.id.value, std::max(now, alert.snoozed_until));
    else if (alert.state == AlertState::promised)
        timers.set(storage::TimerKind::promise, alert.id.value, std::max(now, alert.snoozed_until));
    else
        ask_later(tx, alert, storage::Pages{tx}.latest(alert.id), now);
}

Alert alert_or_refuse(Transaction& tx, AlertId id)
{
    auto alert = storage::Alerts{tx}.find(id);
    if (!alert)
        throw Refusal{"There is no alert " + number(id) + ". `/oncall status` lists what is open."};
    return std::move(*alert);
}

void refuse_to_merge(Transaction& tx, const Alert& child, const Alert& into)
{
    const auto one = number(child.id), other = number(into.id);
    if (child.id == into.id)
        throw Refusal{"That is one alert: " + one + ". Which two? Write `/oncall merge 17 into 12`: then #12 stands for both."};
    for (const auto* alert : {&child, &into}) {
        const auto it = number(alert->id);
        if (alert->state == AlertState::resolved)
            throw Refusal{it + " is over. Only open alerts can be merged; `/oncall reopen " + std::to_string(alert->id.value)
                + "` opens it first."};
        if (alert->drill)
            throw Refusal{it + " is a drill, for which nothing is broken. It cannot be merged with anything."};
        if (alert->suppressed)
            throw Refusal{it + " is kept by a rule that shows it nowhere, so nobody would see what is merged with it."};
    }
    if (child.parent == into.id)
        throw Refusal{one + " is of the group of " + other + " already."};
    const auto page = storage::Pages{tx}.latest(child.id);
    const bool unanswered = child.parent.value == 0 && child.state == AlertState::triggered;
    if (unanswered && child.source.empty() && page && is_running(*page))
        throw Refusal{one
            + " was paged by hand, and whoever it is for has not answered. Acknowledge or cancel it first, or merge " + other
            + " into " + one + "."};
    const auto held = storage::Arrivals{tx}.find(into.id);
    const auto other_page = storage::Pages{tx}.latest(into.id);
    const bool other_waits = held && into.state == AlertState::triggered && !(other_page && is_running(*other_page));
    if (unanswered && page && is_running(*page) && other_waits)
        throw Refusal{other + " is held back (" + held->hold.because + "), so nobody would be paged for " + one + ". Merge "
            + other + " into " + one + " instead, or wait until it is not."};
    const auto size = group_kept(tx, child).members + group_kept(tx, into).members;
    if (size > static_cast<std::int64_t>(most_in_group))
        throw Refusal{"Together they would be " + std::to_string(size) + " alerts, and a group has at most "
            + std::to_string(most_in_group) + ". Leave " + one + " as it is."};
}

} // namespace

AlertId group_for(
    Transaction& tx, const Context& app, const Alert& alert, const Routed& routed, const std::vector<Hold>& holds, TimePoint now)
{
    if (routed.group_key.empty() || routed.suppress)
        return {};
    Comer comer{would_page(app, alert, routed), holds};
    if (routed.delay > milliseconds{})
        comer.holds.push_back({Hold::Kind::delay, 0, now + routed.delay, ""});
    const AlertGroups groups{tx};
    for (const auto id : groups.of_key(routed.group_key, most_of_key))
        if (const auto parent = storage::Alerts{tx}.find(id))
            if (takes(as_group(tx, *parent, group_kept(tx, *parent)), comer, routed.group_within, now))
                return id;
    return {};
}

void stands_for_group(Transaction& tx, const Alert& alert, TimePoint now)
{
    if (alert.group_key.empty() || alert.suppressed || alert.parent.value != 0)
        return;
    const AlertGroups groups{tx};
    groups.save(group_kept(tx, alert));
    groups.take_key(alert.group_key, alert.id, alert.triggered_at, now - group_lasts);
}

void joined(Transaction& tx, const Context& app, const Alert& child, const Routed& routed, const Asked& asked)
{
    const auto parent = storage::Alerts{tx}.find(child.parent);
    if (!parent)
        return;
    auto kept = group_kept(tx, *parent);
    auto group = as_group(tx, *parent, kept);
    const auto worse = worse_by(group, child.severity, child.urgency);
    add_to(group, child.severity, child.urgency);
    keep_worst(kept, group);
    ++kept.members;
    kept.last_at = std::max(kept.last_at, asked.now);
    AlertGroups{tx}.save(kept);
    storage::Timeline{tx}.add(child.id, asked.now, "", by_group, "joined " + titled(*parent) + ", which stands for it");
    storage::Timeline{tx}.add(parent->id, asked.now, "", by_group,
        titled(child) + " joined" + (child.severity.empty() ? "" : ", severity " + child.severity));
    if (!worse.empty() && would_page(app, child, routed))
        page_for_group(tx, app, *parent, child, child.urgency, routed.policy, number(child.id) + " joined " + worse, asked);
}

void child_rose(Transaction& tx, const Context& app, const Alert& child, const Routed& routed, const Asked& asked)
{
    const auto parent = storage::Alerts{tx}.find(child.parent);
    if (!parent || parent->state == AlertState::resolved)
        return;
    auto kept = group_kept(tx, *parent);
    auto group = as_group(tx, *parent, kept);
    const auto worse = worse_by(group, child.severity, child.urgency);
    add_to(group, child.severity, child.urgency);
    keep_worst(kept, group);
    AlertGroups{tx}.save(kept);
    if (worse.empty() || !would_page(app, child, routed))
        return;
    const auto page = storage::Pages{tx}.latest(parent->id);
    // As of one alone: a policy may leave those alone who have answered.
    if (page && parent->state != AlertState::triggered && !page->policy.rise_pages)
        return;
    page_for_group(
        tx, app, *parent, child, child.urgency, routed.policy, number(child.id) + " of its group is worse now, " + worse, asked);
}

bool is_shown_itself(Transaction& tx, const Alert& child) { return storage::ChannelAlerts{tx}.find(child.id).has_value(); }

void group_reported(Transaction& tx, const Alert& alert, const Asked& asked)
{
    const AlertGroups groups{tx};
    const auto root = alert.parent.value != 0 ? alert.parent : alert.id;
    auto kept = groups.find(root);
    if (!kept)
        return;
    kept->last_at = std::max(kept->last_at, asked.now);
    if (root == alert.id) {
        Group group;
        group.urgency = kept->urgency;
        group.worst = kept->worst;
        add_to(group, alert.severity, alert.urgency);
        keep_worst(*kept, group);
        if (kept->over_at != TimePoint{})
            storage::Timeline{tx}.add(alert.id, asked.now, asked.actor, asked.via, "fires again by its source");
        kept->over_at = {};
    }
    groups.save(*kept);
}

bool outlives_its_source(Transaction& tx, const Context& app, const Alert& alert, const Asked& asked, const std::string& why)
{
    const AlertGroups groups{tx};
    if (alert.parent.value != 0 || alert.state == AlertState::resolved || !groups.has_open(alert.id))
        return false;
    auto kept = group_kept(tx, alert);
    if (kept.over_at != TimePoint{})
        return true; // told twice
    kept.over_at = asked.now;
    groups.save(kept);
    const auto open = groups.count(alert.id).open;
    storage::Timeline{tx}.add(alert.id, asked.now, asked.actor, asked.via,
        (why.empty() ? "over by its source" : "over by itself: " + why) + "; " + std::to_string(open) + " of its group "
            + (open == 1 ? "is" : "are") + " still open");
    show(tx, app, alert, asked.now, false);
    return true;
}

void refuse_of_child(Transaction& tx, const Alert& child, Verb verb, const Asked& asked)
{
    using enum Verb;
    const bool alone = verb == resolve || verb == reopen || verb == note || verb == undo || verb == clear || verb == refire;
    if (child.parent.value == 0 || alone || (verb == acknowledge && asked.actor.empty()))
        return;
    if (child.state == AlertState::resolved)
        return; // the table of verbs says it
    const auto parent = storage::Alerts{tx}.find(child.parent);
    const auto stands = std::to_string(child.parent.value);
    throw Refusal{number(child.id) + " is of the group of " + (parent ? titled(*parent) : "#" + stands)
        + ", which is paged and answered for all of them. Answer #" + stands + ", or `/oncall split "
        + std::to_string(child.id.value) + "` takes this one out."};
}

bool leaves_what_is_over(Transaction& tx, Alert& alert, TimePoint now)
{
    if (alert.parent.value == 0)
        return false;
    const auto parent = storage::Alerts{tx}.find(alert.parent);
    if (parent && parent->state != AlertState::resolved)
        return false;
    storage::Timeline{tx}.add(
        alert.id, now, "", by_group, "stands for itself: " + number(alert.parent) + ", which stood for it, is over");
    alert.parent = {};
    alert.group_key.clear();
    return true;
}

void group_follows(Transaction& tx, const Context& app, const Alert& before, const Alert& alert, Verb verb, const Asked& asked)
{
    const AlertGroups groups{tx};
    if (alert.parent.value != 0) {
        if (alert.state == AlertState::resolved && before.state != AlertState::resolved)
            end_if_last(tx, app, alert.parent, asked);
        return;
    }
    if (alert.state == AlertState::resolved && before.state != AlertState::resolved) {
        for (const auto id : groups.open_children(alert.id))
            if (auto child = storage::Alerts{tx}.find(id))
                end_with(tx, app, std::move(*child), alert, "resolved with " + number(alert.id), asked);
        return;
    }
    if (before.state != AlertState::resolved || alert.state == AlertState::resolved)
        return;
    if (auto kept = groups.find(alert.id); kept && kept->over_at != TimePoint{} && !groups.has_open(alert.id)) {
        kept->over_at = {}; // whoever opens it again knows better
        groups.save(*kept);
    }
    if (verb != Verb::undo || before.answered_by.empty())
        return;
    for (const auto id : groups.resolved_by(alert.id, before.answered_by, before.answered_at)) {
        auto child = storage::Alerts{tx}.find(id);
        // It may have come as a new one meanwhile.
        if (!child || storage::Alerts{tx}.open(child->source, child->dedup_key))
            continue;
        child->state = AlertState::triggered;
        child->answered_by.clear();
        child->answered_at = {};
        child->answered_via.clear();
        storage::Alerts{tx}.save(*child);
        storage::Timeline{tx}.add(id, asked.now, asked.actor, asked.via, "open again with " + number(alert.id));
        if (is_shown_itself(tx, *child))
            show(tx, app, *child, asked.now, true);
    }
}

Alert merge(Transaction& tx, const Context& app, AlertId child_id, AlertId into_id, const Asked& asked)
{
    if (!asked.actor.empty())
        permit_deed(tx, Deed::page_on, asked);
    remember(tx, asked);
    auto child = alert_or_refuse(tx, child_id);
    auto into = alert_or_refuse(tx, into_id);
    if (into.parent == child.id)
        throw Refusal{number(into.id) + " is of the group of " + number(child.id) + " already. `/oncall split "
            + std::to_string(into.id.value) + "` takes it out, if " + number(into.id) + " is to stand for both."};
    if (into.parent.value != 0)
        into = alert_or_refuse(tx, into.parent);
    refuse_to_merge(tx, child, into);

    const AlertGroups groups{tx};
    const auto left = child.parent;
    auto page = storage::Pages{tx}.latest(child.id);
    const bool was_paged = child.state == AlertState::triggered && page && is_running(*page);
    const auto waited = storage::Arrivals{tx}.find(child.id);
    const auto its = left.value == 0
        ? group_kept(tx, child)
        : storage::AlertGroup{child.id, asked.now, 1, child.urgency, severity_rank(child.severity).value_or(-1), {}};
    auto kept = group_kept(tx, into);
    kept.members += its.members;
    kept.last_at = std::max(kept.last_at, its.last_at);
    kept.worst = std::max(kept.worst, its.worst);
    const bool higher = its.urgency == Urgency::high && kept.urgency == Urgency::low;
    if (its.urgency == Urgency::high)
        kept.urgency = Urgency::high;
    hush_alert(tx, child, asked.now);
    child.parent = into.id;
    storage::Alerts{tx}.save(child);
    groups.move(child.id, into.id, into.triggered_at);
    groups.save(kept);
    storage::Alerts{tx}.save(into); // a button that takes back what came before is stale
    storage::Undos{tx}.forget(into.id);
    storage::Timeline{tx}.add(child.id, asked.now, asked.actor, asked.via, "merged it into " + titled(into));
    storage::Timeline{tx}.add(into.id, asked.now, asked.actor, asked.via, "merged " + titled(child) + " into it");
    storage::Audit{tx}.add(
        asked.now, asked.actor, asked.via, "merge", number(child.id), left.value == 0 ? "" : number(left), number(into.id));
    // It stood only for the others.
    if (its.over_at != TimePoint{})
        end_with(tx, app, child, {}, "over by its source", {"", "", by_group, asked.now});
    else
        show(tx, app, child, asked.now, true);
    if (left.value != 0) {
        if (auto old = groups.find(left)) {
            old->members = std::max<std::int64_t>(old->members - 1, 1);
            groups.save(*old);
        }
        end_if_last(tx, app, left, asked);
        if (const auto parent = storage::Alerts{tx}.find(left))
            show(tx, app, *parent, asked.now, false);
    }

    const auto now_page = storage::Pages{tx}.latest(into.id);
    const bool is_running_now = now_page && is_running(*now_page);
    const auto why = number(child.id) + " was merged into it";
    if (into.state == AlertState::triggered && ((was_paged && !is_running_now) || (higher && is_running_now))) {
        Asked nobody = asked;
        nobody.actor.clear();
        nobody.via = by_group;
        page_for_group(tx, app, into, child, its.urgency, "", why, nobody);
        into = alert_or_refuse(tx, into.id);
        // Nothing of its own stands behind it.
        if (was_paged && !is_paged(tx, into.id) && !storage::Arrivals{tx}.find(into.id))
            start_page(tx, app, into, page->policy, asked.now, "", "", why);
    }
    // What it waited for is waited for by what stands for it, if nobody is paged for that.
    const bool waits_there =
        into.state == AlertState::triggered ? child.state == AlertState::triggered && !is_running_now : !now_page;
    if (waited && waits_there && its.over_at == TimePoint{} && !storage::Arrivals{tx}.find(into.id))
        storage::Arrivals{tx}.hold({into.id, waited->hold, waited->policy, waited->held_at});
    if (its.urgency == Urgency::high && into.urgency == Urgency::low) {
        into.urgency = Urgency::high; // of what is paged later
        storage::Alerts{tx}.save(into);
    }
    show(tx, app, into, asked.now, false);
    return into;
}

Alert split(Transaction& tx, const Context& app, AlertId child_id, const Asked& asked)
{
    if (!asked.actor.empty())
        permit_deed(tx, Deed::page_on, asked);
    remember(tx, asked);
    auto child = alert_or_refuse(tx, child_id);
    if (child.parent.value == 0)
        throw Refusal{number(child.id) + " is of no group, so there is nothing to split it from."
            + (AlertGroups{tx}.has_open(child.id) ? " It stands for others: split those from it." : "")};
    if (child.state == AlertState::resolved)
        throw Refusal{number(child.id) + " is over. `/oncall reopen " + std::to_string(child.id.value) + "` opens it first."};
    const AlertGroups groups{tx};
    const auto left = child.parent;
    child.parent = {};
    child.group_key.clear(); // what comes goes where the others are
    storage::Alerts{tx}.save(child);
    storage::Undos{tx}.forget(child.id);
    if (auto kept = groups.find(left)) {
        kept->members = std::max<std::int64_t>(kept->members - 1, 1);
        groups.save(*kept);
    }
    const auto why = "it was split from " + number(left);
    storage::Timeline{tx}.add(
        child.id, asked.now, asked.actor, asked.via, "split it from " + number(left) + ": it stands for itself");
    storage::Timeline{tx}.add(left, asked.now, asked.actor, asked.via, "split " + titled(child) + " from it");
    storage::Audit{tx}.add(asked.now, asked.actor, asked.via, "split", number(child.id), number(left), "");
    page_goes_on(tx, child, asked.now);
    stand_alone(tx, app, child, why, asked.now);
    show(tx, app, child, asked.now, true);
    end_if_last(tx, app, left, asked);
    if (auto parent = storage::Alerts{tx}.find(left)) {
        storage::Undos{tx}.forget(left);
        show(tx, app, *parent, asked.now, false);
    }
    return child;
}

} // namespace handlers
