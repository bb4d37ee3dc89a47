#include "handlers/silences.hpp"

#include "handlers/arriving.hpp"
#include "handlers/climb.hpp"
#include "handlers/overrides.hpp"
#include "handlers/permits.hpp"
#include "oncall/alert_fields.hpp"
#include "oncall/paging_by_hand.hpp"
#include "oncall/service_directory.hpp"
#include "oncall/words.hpp"
#include "storage/arrivals.hpp"
#include "storage/groups.hpp"
#include "storage/heartbeats.hpp"

#include <algorithm>

namespace handlers {

using namespace oncall;
using storage::Silences;
using storage::StoredSilence;
using storage::Transaction;

namespace {

constexpr int most_open_looked_at = 500;
constexpr std::size_t most_waiting_named = 10, most_in_digest = 20, most_in_digest_message = 2'500;
constexpr std::size_t most_silences_at_once = 100; // that hold or will: each new alert is compared with them
constexpr auto planned_is_told = std::chrono::hours{24};

std::string named_silence(const Silence& one) { return std::string{called(one)} + " " + std::to_string(one.id); }

std::string silence_reason(const Silence& one) { return one.reason.empty() ? "" : ": " + one.reason; }

/// For the card and the timeline.
std::string held_because(const Silence& one)
{
    return (one.kind == Hold::Kind::maintenance ? "maintenance, planned by " : "silenced by ") + mention(one.made_by) + " ("
        + named_silence(one) + ")" + silence_reason(one);
}

/// For the audit, without anybody's zone.
std::string audited_silence(const Silence& one)
{
    auto text = words_of_match(one) + " from " + iso(one.from, "UTC") + " to " + iso(one.to, "UTC");
    if (const auto again = words_of_recurrence(one); !again.empty())
        text += ", " + again;
    return text + (one.ended_at == TimePoint{} ? "" : ", ended") + silence_reason(one);
}

void tell_of_silence(
    Transaction& tx, const Context& app, const Silence& one, const std::string& key, const std::string& words, TimePoint now)
{
    const auto configuration = app.configuration();
    for (const auto& channel : channels_of(one, *configuration, app.fallback_channel))
        storage::Outbox{tx}.add("silence:" + std::to_string(one.id) + ":" + key + ":" + channel, "channel_words",
            storage::Priority::furniture, channel, one.id, channel + "\n" + words, now);
}

std::string held_count_words(const storage::HeldCount& held)
{
    if (held.all == 0)
        return "It held no alerts.";
    auto text = "It held " + std::to_string(held.all) + (held.all == 1 ? " alert" : " alerts");
    if (held.open == 0)
        return text + "; none of them is open any more.";
    text += "; " + std::to_string(held.open) + (held.open == 1 ? " is still open" : " are still open");
    if (held.waiting_count == 0)
        return text + ", and nobody is paged: somebody has each of them, something else holds it, or it is only shown.";
    if (held.waiting_count < held.open)
        text += ", of which " + std::to_string(held.waiting_count);
    std::vector<std::string> numbers;
    for (const auto& id : held.waiting)
        numbers.push_back(number(id));
    const auto* const paged = held.waiting_count == held.open ? " and paged now: "
        : held.waiting_count == 1                             ? " is paged now: "
                                                              : " are paged now: ";
    return text + paged + listed(numbers) + (held.waiting_count > static_cast<std::int64_t>(numbers.size()) ? " and more." : ".");
}

void silence_begins(Transaction& tx, const Context& app, StoredSilence& one, TimePoint until, TimePoint now)
{
    one.begun_at = now;
    one.until = until;
    Silences{tx}.stands(one);
    const auto& what = one.what;
    const auto words = what.kind == Hold::Kind::maintenance
        ? "🛠️ Maintenance of " + words_of_match(what) + " begins, until " + date_token(until) + "; planned by "
            + mention(what.made_by) + silence_reason(what) + ". Alerts are shown and page nobody; what is open at its end pages."
        : "🔕 " + mention(what.made_by) + " silences " + words_of_match(what) + " until " + date_token(until)
            + silence_reason(what)
            + ". Alerts are shown and page nobody; what is open at the end pages. `/oncall silences` ends it.";
    tell_of_silence(tx, app, what, "begins:" + std::to_string(one.round), words, now);
}

void silence_ends(Transaction& tx, const Context& app, StoredSilence& one, TimePoint now)
{
    // What its next time holds at once counts there.
    const auto round = one.round++;
    one.begun_at = {};
    one.until = {};
    Silences{tx}.stands(one);
    // Whatever else still holds must not count as paged now: it is looked at again first.
    const auto held = storage::Arrivals{tx}.held_by(one.what.kind, one.what.id);
    if (held.size() <= most_waiting_named) {
        for (const auto& each : held)
            arrival_due(tx, app, each.alert, now);
    } else {
        Silences{tx}.look_again(one, now); // each in its own turn
    }
    const auto count = Silences{tx}.count(one, round, most_waiting_named);
    const auto& what = one.what;
    const auto by = what.ended_at == TimePoint{} ? std::string{} : ", ended by " + mention(what.ended_by);
    const auto words = "🔔 " + std::string{what.kind == Hold::Kind::maintenance ? "Maintenance of " : "The silence of "}
        + words_of_match(what) + " is over" + by + ". " + held_count_words(count);
    tell_of_silence(tx, app, what, "ends:" + std::to_string(round), words, now);
}

/// It goes on otherwise: whoever was told of it as it was, and whoever is silent now, must hear of that.
void silence_goes_on(
    Transaction& tx, const Context& app, const StoredSilence& one, const Silence& before, const std::string& who, TimePoint now)
{
    const auto& what = one.what;
    const auto words = "🔕 " + mention(who) + " changed the " + std::string{called(what)} + " of " + words_of_match(before)
        + ": it is of " + words_of_match(what) + " until " + date_token(one.until)
        + (comes_back(what) ? ", " + words_of_recurrence(what) + " until " + date_token(what.to) : "") + silence_reason(what)
        + ". `/oncall silences` ends it.";
    const auto key = "changed:" + std::to_string(one.version);
    tell_of_silence(tx, app, what, key, words, now);
    const auto told = channels_of(what, *app.configuration(), app.fallback_channel);
    for (const auto& channel : channels_of(before, *app.configuration(), app.fallback_channel))
        if (std::find(told.begin(), told.end(), channel) == told.end())
            storage::Outbox{tx}.add("silence:" + std::to_string(what.id) + ":" + key + ":" + channel, "channel_words",
                storage::Priority::furniture, channel, what.id, channel + "\n" + words, now);
}

/// It begins or ends where its time has come, and looks at itself again when that changes next.
void follow_silence(Transaction& tx, const Context& app, StoredSilence& one, TimePoint now)
{
    auto until = holds_until(one.what, now);
    // While nobody was there one of its times may have ended and the next begun.
    const bool was_longer = one.begun_at != TimePoint{} && until && one.until > now;
    if (one.begun_at != TimePoint{} && !was_longer)
        silence_ends(tx, app, one, now);
    if (until && one.begun_at == TimePoint{}) {
        silence_begins(tx, app, one, *until, now);
    } else if (until && one.until != *until) {
        one.until = *until;
        Silences{tx}.stands(one);
    }
    const storage::Timers timers{tx};
    if (const auto next = next_change(one.what, now)) {
        timers.set(storage::TimerKind::silence, one.what.id, *next);
    } else {
        timers.clear(storage::TimerKind::silence, one.what.id);
        one.over = true;
        Silences{tx}.stands(one);
    }
    plan_digest_of_silence(tx, app, now);
}

/// By what it is to page when it is held no more.
std::string policy_to_go_on(const Configuration& configuration, const Alert& alert, const Page& page)
{
    for (const auto& name : {page.policy.name, alert.policy})
        if (policy_in(configuration, name))
            return name;
    const auto by_service = policy_of_service(configuration, alert.service);
    return by_service.empty() ? policy_of_team(configuration, alert.team) : by_service;
}

/// Of a group all that are open: nobody would be paged for the others.
bool is_met_with_its_group(Transaction& tx, const StoredSilence& one, const Alert& alert)
{
    const auto meets_it = [&](const Alert& each) { return meets(one.what, fields_of(each), each.team); };
    if (!meets_it(alert))
        return false;
    const auto children = storage::AlertGroups{tx}.open_children(alert.id);
    return std::all_of(children.begin(), children.end(), [&](AlertId id) {
        const auto child = storage::Alerts{tx}.find(id);
        return !child || meets_it(*child);
    });
}

/// What pages now and is met stops, and is held as what comes anew.
int hold_open_alerts(Transaction& tx, const Context& app, const StoredSilence& one, const Asked& asked)
{
    const auto until = holds_until(one.what, asked.now);
    if (!until)
        return 0;
    const auto configuration = app.configuration();
    const Hold hold{one.what.kind, one.what.id, *until, held_because(one.what)};
    int count = 0;
    for (auto& alert : storage::Alerts{tx}.all_open(most_open_looked_at)) {
        if (alert.state != AlertState::triggered || alert.drill || !is_met_with_its_group(tx, one, alert))
            continue;
        auto page = storage::Pages{tx}.latest(alert.id);
        // Whom somebody paged by hand is wanted all the same, as is one paged after it.
        if (!page || !is_running(*page) || alert.because.starts_with(paged_by))
            continue;
        stop_page(tx, *page, PageState::resolved, asked.now);
        storage::Arrivals{tx}.hold({alert.id, hold, policy_to_go_on(*configuration, alert, *page), asked.now});
        storage::Timeline{tx}.add(
            alert.id, asked.now, asked.actor, asked.via, "stopped the page: " + hold.because + ", until " + date_token(*until));
        storage::Alerts{tx}.save(alert); // what shows it as paging is behind
        show(tx, app, alert, asked.now, true);
        ++count;
    }
    return count;
}

StoredSilence found_silence(Transaction& tx, std::int64_t id, std::int64_t version)
{
    auto one = Silences{tx}.find(id);
    if (!one || one->over)
        throw Refusal{"This is over"
            + (one && one->what.ended_at != TimePoint{} ? ", ended by " + mention(one->what.ended_by) : std::string{})
            + ". `/oncall silences` lists what is silent."};
    if (one->version != version)
        throw Refusal{"This was changed since it was shown. `/oncall silences` shows it as it is now."};
    return *one;
}

/// It is stored as it is to be from here on, and holds accordingly.
ChangedSilence changed_silence(Transaction& tx, const Context& app, StoredSilence one, const Silence& before,
    std::string_view verb, std::string words, const Asked& asked)
{
    const auto round = one.round;
    const bool held = one.begun_at != TimePoint{};
    follow_silence(tx, app, one, asked.now);
    if (held && one.begun_at != TimePoint{} && one.round == round && one.what != before)
        silence_goes_on(tx, app, one, before, asked.actor, asked.now);
    // What it holds goes on being held, until another time, or pages.
    Silences{tx}.look_again(one, asked.now);
    storage::Audit{tx}.add(asked.now, asked.actor, asked.via, std::string{verb}, named_silence(one.what),
        before.id == 0 ? "" : audited_silence(before), audited_silence(one.what));
    ChangedSilence done;
    done.words = std::move(words);
    done.undo = one.undo_by.empty() ? "" : std::to_string(one.what.id) + ":" + std::to_string(one.version);
    done.one = std::move(one);
    return done;
}

std::string silence_digest_line(Transaction& tx, const StoredSilence& one, const Configuration& configuration, TimePoint now)
{
    const auto& what = one.what;
    auto line = std::string{what.kind == Hold::Kind::maintenance ? "• maintenance of " : "• "} + words_of_match(what);
    if (const auto until = holds_until(what, now))
        line += " until " + date_token(*until);
    else if (const auto from = holds_from(what, now))
        line += ", begins " + date_token(*from);
    if (const auto again = words_of_recurrence(what); !again.empty())
        line += " (" + again + ")";
    line += ", by " + mention(what.made_by) + silence_reason(what);
    const auto held = Silences{tx}.count(one, one.round, 0);
    if (holds_until(what, now))
        line += held.all == 0 ? "; holds nothing so far"
                              : "; holds " + std::to_string(held.all) + ", " + std::to_string(held.open) + " of them open";
    for (const auto& gone : gone_from(what, configuration))
        line += "; there is no " + gone + " any more";
    return line;
}

std::string pause_digest_line(const Heartbeat& one)
{
    return "• heartbeat " + one.name + " is paused until " + date_token(one.paused_until)
        + (one.paused_by.empty() ? "" : ", by " + mention(one.paused_by))
        + (one.pause_reason.empty() ? "" : ": " + one.pause_reason);
}

void send_digest_of_silence(Transaction& tx, const Context& app, TimePoint now)
{
    const auto configuration = app.configuration();
    std::map<std::string, std::vector<std::string>> lines;
    for (const auto& one : Silences{tx}.coming()) {
        const auto from = holds_from(one.what, now);
        if (!from || *from > now + planned_is_told)
            continue;
        const auto line = silence_digest_line(tx, one, *configuration, now);
        for (const auto& channel : channels_of(one.what, *configuration, app.fallback_channel))
            lines[channel].push_back(line);
    }
    for (const auto& one : storage::Heartbeats{tx}.paused())
        for (const auto& channel : channels_of(one, *configuration, app.fallback_channel))
            lines[channel].push_back(pause_digest_line(one));
    const auto day = std::to_string(std::chrono::floor<std::chrono::minutes>(now).time_since_epoch().count());
    for (const auto& [channel, its] : lines) {
        std::string words{"🔕 Silent today, and paging nobody:"};
        for (std::size_t i = 0; i < its.size(); ++i) {
            if (i == most_in_digest || words.size() > most_in_digest_message) {
                words += "\nand " + std::to_string(its.size() - i) + " more: `/oncall silences`";
                break;
            }
            words += "\n" + its[i];
        }
        storage::Outbox{tx}.add("silence_digest:" + day + ":" + channel, "channel_words", storage::Priority::furniture, channel,
            0, channel + "\n" + words, now);
    }
}

} // namespace

std::vector<Hold> silenced(Transaction& tx, const Context&, const Alert& alert, TimePoint now)
{
    std::vector<Hold> holds;
    if (alert.drill)
        return holds;
    const auto in_force = Silences{tx}.in_force(now);
    if (in_force.empty())
        return holds;
    const auto fields = fields_of(alert);
    for (const auto& one : in_force)
        if (meets(one.what, fields, alert.team))
            if (const auto until = holds_until(one.what, now))
                holds.push_back({one.what.kind, one.what.id, *until, held_because(one.what)});
    return holds;
}

void plan_digest_of_silence(Transaction& tx, const Context& app, TimePoint now)
{
    const storage::Timers timers{tx};
    const bool any = !Silences{tx}.coming().empty() || !storage::Heartbeats{tx}.paused().empty();
    if (!any)
        timers.clear(storage::TimerKind::digest, 0);
    else if (const auto due = timers.find(storage::TimerKind::digest, 0); !due)
        timers.set(storage::TimerKind::digest, 0, next_digest(*app.configuration(), now));
}

void silence_due(Transaction& tx, const Context& app, const storage::Timer& timer, TimePoint now)
{
    storage::Timers{tx}.clear(timer.kind, timer.subject);
    if (timer.kind == storage::TimerKind::digest) {
        send_digest_of_silence(tx, app, now);
        plan_digest_of_silence(tx, app, now);
        return;
    }
    if (auto one = Silences{tx}.find(timer.subject); one && !one->over)
        follow_silence(tx, app, *one, now);
}

void permit_silencing(Transaction& tx, const Context& app, const Silence& silence, const Asked& asked)
{
    permit_silence(*app.configuration(), silence, asker_of(tx, asked), app.admins, storage::known_people(tx));
}

ChangedSilence make_silence(Transaction& tx, const Context& app, const SilenceWish& wish, const Asked& asked)
{
    const Silences silences{tx};
    auto wanted = wish.what;
    Silence before;
    StoredSilence one;
    if (wanted.id != 0) {
        one = found_silence(tx, wanted.id, wish.version);
        before = one.what;
        permit_silencing(tx, app, before, asked);
        wanted.kind = before.kind;
        wanted.made_by = before.made_by;
        if (before.from <= asked.now && !comes_back(wanted))
            wanted.from = before.from; // what has been stays
    } else {
        wanted.made_by = asked.actor;
        if (!comes_back(wanted)) // the first time of one that does says when, also if it is past
            wanted.from = std::max<TimePoint>(wanted.from, std::chrono::floor<std::chrono::seconds>(asked.now));
    }
    permit_silencing(tx, app, wanted, asked);
    // From now on: what was long ago does not make it too long.
    auto ahead = wanted;
    ahead.from = std::max<TimePoint>(ahead.from, std::chrono::floor<std::chrono::seconds>(asked.now));
    if (const auto problem = problem_of(ahead, *app.configuration(), asked.now))
        throw Refusal{problem->words};
    if (wanted.id == 0 && silences.coming().size() >= most_silences_at_once)
        throw Refusal{"There are 100 silences and windows already. End some first: `/oncall silences`."};
    remember(tx, asked);
    one.undo = before.id == 0 ? "" : storage::silence_out(before);
    one.undo_by = asked.actor;
    one.what = wanted;
    one.what.ended_by.clear();
    one.what.ended_at = {};
    if (before.id == 0) {
        one.made_at = asked.now;
        silences.add(one);
    } else {
        silences.save(one);
    }
    const auto& what = one.what;
    auto done =
        changed_silence(tx, app, one, before, before.id == 0 ? called(what) : "edit " + std::string{called(what)}, "", asked);
    const int stopped = wish.open_too ? hold_open_alerts(tx, app, done.one, asked) : 0;
    const auto until = holds_until(what, asked.now);
    const auto from = holds_from(what, asked.now);
    done.words = (what.kind == Hold::Kind::maintenance ? "Maintenance of " : "Silence of ") + words_of_match(what)
        + (until       ? " until " + date_token(*until)
                : from ? " from " + date_token(*from)
                       : std::string{})
        + (comes_back(what) ? ", " + words_of_recurrence(what) : "") + silence_reason(what) + "."
        + (stopped > 0 ? " " + std::to_string(stopped) + (stopped == 1 ? " page was stopped." : " pages were stopped.") : "");
    return done;
}

ChangedSilence end_silence(Transaction& tx, const Context& app, std::int64_t id, std::int64_t version, const Asked& asked)
{
    auto one = found_silence(tx, id, version);
    if (one.what.made_by != asked.actor)
        permit_silencing(tx, app, one.what, asked);
    else
        permit_deed(tx, Deed::silence, asked);
    remember(tx, asked);
    const auto before = one.what;
    one.undo = storage::silence_out(before);
    one.undo_by = asked.actor;
    one.what.ended_by = asked.actor;
    one.what.ended_at = asked.now;
    Silences{tx}.save(one);
    const auto what =
        std::string{before.kind == Hold::Kind::maintenance ? "Maintenance of " : "The silence of "} + words_of_match(before);
    return changed_silence(tx, app, one, before, "end " + std::string{called(before)},
        what + (holds_until(before, asked.now) ? " has ended: what it held and is open pages now." : " is deleted."), asked);
}

ChangedSilence undo_silence(Transaction& tx, const Context& app, std::int64_t id, std::int64_t version, const Asked& asked)
{
    auto one = Silences{tx}.find(id);
    if (!one || one->version != version || one->undo_by != asked.actor)
        throw Refusal{"That can be undone no more. `/oncall silences` shows what is silent."};
    if (one->undo.empty()) {
        auto done = end_silence(tx, app, id, version, asked);
        auto& ended = done.one;
        ended.undo_by.clear();
        Silences{tx}.save(ended);
        done.undo.clear();
        return done;
    }
    const auto before = one->what;
    one->what = storage::silence_in(one->undo);
    one->what.id = id;
    if (one->what.to <= asked.now)
        throw Refusal{"It would be over by now. `/oncall silence` makes a new one."};
    permit_silencing(tx, app, one->what, asked);
    one->undo.clear();
    one->undo_by.clear();
    one->over = false;
    Silences{tx}.save(*one);
    return changed_silence(tx, app, *one, before, "undo",
        "Undone: it is as it was, " + words_of_match(one->what) + " until " + date_token(one->what.to) + ".", asked);
}

} // namespace handlers
