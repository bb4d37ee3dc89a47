#include "handlers/after.hpp"

#include "delivery/outcome.hpp"
#include "handlers/climb.hpp"
#include "handlers/digest.hpp"
#include "handlers/ladder.hpp"
#include "oncall/facts.hpp"
#include "oncall/flapping.hpp"
#include "oncall/words.hpp"
#include "storage/answers.hpp"
#include "storage/channel_bundles.hpp"
#include "storage/runs.hpp"

#include <algorithm>

namespace handlers {

using namespace oncall;
using storage::Transaction;

namespace {

std::string person_or_source(const std::string& id)
{
    if (id.empty())
        return "its source";
    return id.find('@') == id.npos ? "<@" + id + ">" : id;
}

std::string people_listed(const std::vector<std::string>& people)
{
    std::string text;
    for (std::size_t i = 0; i < people.size(); ++i)
        text += (i == 0 ? "" : i + 1 == people.size() ? " and " : ", ") + person_or_source(people[i]);
    return text;
}

bool is_acknowledgement(Verb verb)
{
    return verb == Verb::acknowledge || verb == Verb::join || verb == Verb::promise || verb == Verb::still_on_it;
}

/// Whether somebody of the try last made can still acknowledge who has not.
bool somebody_is_expected(Transaction& tx, const Page& page, const std::vector<Acknowledgement>& by)
{
    const auto last = last_step(page);
    const auto expected = [&](const Position& at, const std::string& who) {
        return last && at == *last && !has_acknowledged(by, known_as(tx, who));
    };
    const auto all = storage::Notifications{tx}.of_page(page.id);
    const auto runs = storage::Runs{tx}.open_of(page.id);
    return std::any_of(all.begin(), all.end(), [&](const Notification& one) {
        return one.method != "fallback" && reaches(one) && expected(one.at, one.person);
    }) || std::any_of(runs.begin(), runs.end(), [&](const Run& run) { return expected(run.at, run.person); });
}

/// Those whom a page has told, once each, as far as its messages left.
std::vector<std::string> told_of(Transaction& tx, PageId page)
{
    std::vector<std::string> told;
    for (const auto& one : storage::Notifications{tx}.of_page(page)) {
        // A channel has its card; and the policy's own webhook (id 0) is nobody.
        const auto method = method_in(one.method);
        const bool is_person = method && !(method->kind == ContactKind::webhook && method->id.value == 0);
        const auto who = known_as(tx, one.person);
        if (is_person && one.sent_at != TimePoint{} && std::find(told.begin(), told.end(), who) == told.end())
            told.push_back(who);
    }
    return told;
}

void keep_fact(Transaction& tx, const Alert& alert, const Page& page, const Asked& asked)
{
    const auto all = storage::Notifications{tx}.of_page(page.id);
    std::vector<std::string> names{asked.actor};
    for (const auto& one : all)
        if (known_as(tx, one.person) == asked.actor)
            names.push_back(one.person);
    const auto who = storage::People{tx}.find(asked.actor);
    storage::EscalationFacts{tx}.add(
        alert, page, answer_fact(asked.actor, names, all, asked.via, who ? who->time_zone : "", asked.now));
}

/// Counted and said; the page goes on without whoever acknowledged.
Alert counted(Transaction& tx, const Context& app, Alert alert, Page page, const Wish& wish, const Asked& asked)
{
    auto so_far = tally(tx, alert.id, page);
    so_far.by.push_back({asked.actor, asked.now, asked.via});
    storage::Acknowledgements{tx}.add(alert.id, so_far.by.back());
    keep_fact(tx, alert, page, asked);
    spare(tx, page, asked.actor, asked.now);
    const auto words = in_words(so_far.by, so_far.needed);
    storage::Timeline{tx}.add(alert.id, asked.now, asked.actor, asked.via,
        "acknowledged, and the page goes on: " + words + (wish.text.empty() ? "" : ": " + wish.text));
    storage::Undos{tx}.forget(alert.id);
    storage::Alerts{tx}.save(alert);
    storage::Audit{tx}.add(asked.now, asked.actor, asked.via, std::string{name(wish.verb)}, number(alert.id), "triggered", words);
    // Nobody who is being asked could add to it: the next are asked now.
    if (page.state == PageState::paging && !somebody_is_expected(tx, page, so_far.by)) {
        page.due = asked.now;
        climb(tx, app, alert, page, asked.now);
    } else if (page.state == PageState::paging) {
        wait_for_digest(tx, page.id, std::nullopt); // the first of its digests may have been hers
    }
    return alert;
}

} // namespace

Tally tally(Transaction& tx, AlertId alert, const std::optional<Page>& page)
{
    Tally found{storage::Acknowledgements{tx}.of_alert(alert)};
    if (page)
        found.needed = needed(*page, storage::Notifications{tx}.of_page(page->id), storage::Runs{tx}.of_page(page->id));
    return found;
}

std::optional<Alert> count_acknowledgement(
    Transaction& tx, const Context& app, const Wish& wish, const Alert& alert, const Asked& asked)
{
    const auto page = storage::Pages{tx}.latest(alert.id);
    if (alert.state != AlertState::triggered || !page || !is_running(*page))
        return std::nullopt;
    if (is_acknowledgement(wish.verb)) {
        const auto so_far = tally(tx, alert.id, page);
        if (has_acknowledged(so_far.by, asked.actor))
            throw Refusal{number(alert.id)
                + ": you have acknowledged it already, and it needs others, too: " + in_words(so_far.by, so_far.needed)
                + ". They are being paged. `/oncall unack " + std::to_string(alert.id.value) + "` takes yours back."};
        if (static_cast<int>(so_far.by.size()) + 1 >= so_far.needed)
            return std::nullopt;
        return counted(tx, app, alert, *page, wish, asked);
    }
    const auto so_far = storage::Acknowledgements{tx}.of_alert(alert.id);
    if (wish.verb == Verb::unacknowledge && !so_far.empty()) {
        const auto hers =
            std::find_if(so_far.begin(), so_far.end(), [&](const Acknowledgement& one) { return one.person == asked.actor; });
        if (!storage::Acknowledgements{tx}.remove(alert.id, asked.actor))
            throw Refusal{number(alert.id)
                + ": you have not acknowledged it, so there is nothing of yours to take back. It is being "
                  "paged, for it needs more people."};
        const auto left = tally(tx, alert.id, page);
        const auto words = in_words(left.by, left.needed);
        auto changed = alert;
        storage::Alerts{tx}.save(changed);
        storage::EscalationFacts{tx}.take_back(alert.id, asked.actor, hers->at);
        storage::Timeline{tx}.add(alert.id, asked.now, asked.actor, asked.via, "took their acknowledgement back: " + words);
        storage::Audit{tx}.add(
            asked.now, asked.actor, asked.via, std::string{name(wish.verb)}, number(alert.id), "triggered", words);
        return changed;
    }
    return std::nullopt;
}

void spare(Transaction& tx, const Page& page, const std::string& who, TimePoint now)
{
    std::set<std::string> names{who};
    for (const auto& one : storage::Notifications{tx}.of_page(page.id))
        if (known_as(tx, one.person) == who)
            names.insert(one.person);
    for (const auto& run : storage::Runs{tx}.of_page(page.id))
        if (known_as(tx, run.person) == who)
            names.insert(run.person);
    names.erase("");
    for (const auto& name : names) {
        storage::Acknowledgements{tx}.spare(page.id, name);
        delivery::hush(tx, page.id, name, now);
        end_runs(tx, page.id, RunState::completed, now, name);
    }
}

void keep_acknowledgements(Transaction& tx, const Alert& before, const Alert& after, Verb verb, const Asked& asked)
{
    if (verb == Verb::come_back)
        return; // they count as they did
    const storage::Acknowledgements all{tx};
    const auto is_taken = [](const Alert& alert) {
        return alert.state == AlertState::acknowledged || alert.state == AlertState::promised;
    };
    if (verb == Verb::undo) {
        // What it is undone to may be an answer of theirs, too, which stays.
        storage::EscalationFacts{tx}.take_back(after.id, asked.actor, before.answered_at);
        if (is_taken(before) && !is_taken(after)) {
            all.remove(after.id, asked.actor);
        } else if (is_taken(before) && before.answered_by != after.answered_by) {
            all.remove(after.id, asked.actor); // taken over from somebody who has it again
        }
    } else if (is_taken(after)) {
        all.add(after.id, {asked.actor, asked.now, asked.via});
    } else if (after.state == AlertState::triggered) {
        // Who gives back takes back their own; whoever else says that nobody has it means all of them.
        const bool own = (verb == Verb::unacknowledge || verb == Verb::decline) && all.remove(after.id, asked.actor);
        const bool anew = before.state != AlertState::triggered || verb == Verb::reassign || verb == Verb::again;
        const auto left = tally(tx, after.id, storage::Pages{tx}.latest(after.id));
        // Who had it before whoever gives it back has handed it on: what is left would answer the page.
        if ((!own && anew) || static_cast<int>(left.by.size()) >= left.needed)
            all.clear(after.id);
    }
}

void keep_facts(Transaction& tx, const Alert& before, const std::optional<Page>& page, Verb verb, const Asked& asked)
{
    const bool answers = is_acknowledgement(verb) || verb == Verb::resolve || verb == Verb::snooze;
    if (answers && page && before.state == AlertState::triggered && !asked.actor.empty())
        keep_fact(tx, before, *page, asked);
}

void ask_later(Transaction& tx, const Alert& alert, const std::optional<Page>& page, TimePoint now)
{
    const storage::StillOnIts stills{tx};
    const storage::Timers timers{tx};
    const auto every = page ? page->policy.still_on_it : milliseconds{};
    timers.clear(storage::TimerKind::lapse, alert.id.value);
    if (alert.state != AlertState::acknowledged || every <= milliseconds{}) {
        stills.forget(alert.id);
        return;
    }
    stills.save({alert.id, alert.answered_by, every, now + every, {}});
    timers.set(storage::TimerKind::promise, alert.id.value, now + every);
}

bool is_asked_whether_still_on_it(Transaction& tx, AlertId alert)
{
    const auto still = storage::StillOnIts{tx}.find(alert);
    return still && still->asked_at != TimePoint{};
}

void still_on_it_due(Transaction& tx, const Context& app, const Alert& alert, TimePoint now)
{
    const storage::StillOnIts stills{tx};
    auto still = stills.find(alert.id);
    if (!still || alert.state != AlertState::acknowledged) {
        stills.forget(alert.id);
        return;
    }
    const auto whom = still->person.empty() ? card_channel(app, alert) : still->person;
    if (still->asked_at != TimePoint{} || whom.empty()) {
        Wish lapse;
        lapse.verb = Verb::lapse;
        lapse.alert = alert.id;
        lapse.text = person_or_source(still->person) + " did not answer \"still on it?\" for " + duration_out(promise_grace);
        const auto lapsed = change(tx, app, lapse, {"", "", "a timer", now});
        show(tx, app, lapsed, now, true);
        return;
    }
    storage::Timeline{tx}.add(alert.id, now, "", "a timer",
        "asked " + (still->person.empty() ? whom : person_or_source(whom))
            + " \"still on it?\"; without an answer it pages again in " + duration_out(promise_grace));
    storage::Shouts{tx}.add(alert.id);
    storage::Outbox{tx}.add("still:" + std::to_string(alert.id.value) + ":" + std::to_string(now.time_since_epoch().count()),
        "still_on_it", storage::Priority::page, whom, alert.id.value, whom, now);
    still->asked_at = now;
    still->due = now + promise_grace;
    stills.save(*still);
    storage::Timers{tx}.set(storage::TimerKind::lapse, alert.id.value, still->due);
    show(tx, app, alert, now, false);
}

void tell_of_clear(Transaction& tx, const Alert& alert, const Page& page, const Asked& asked, const std::string& why, bool flaps)
{
    const auto people = told_of(tx, page.id);
    const auto so_far = tally(tx, alert.id, page);
    std::vector<std::string> takers;
    for (const auto& one : so_far.by)
        takers.push_back(one.person);
    const auto nobody = takers.empty()
        ? std::string{"nobody had answered"}
        : "only " + people_listed(takers) + " had acknowledged it, of " + std::to_string(so_far.needed);
    const auto paged = people.empty() ? std::string{}
                                      : ", though " + people_listed(people) + (people.size() == 1 ? " was paged" : " were paged");
    storage::Timeline{tx}.add(alert.id, asked.now, "", asked.via, "it was over by itself, and " + nobody + paged);
    storage::Shouts{tx}.add(alert.id);
    // A card of its own says it in its thread; one that many share has none.
    if (page.urgency != Urgency::low || storage::ChannelBundles{tx}.of_alert(alert.id))
        storage::EscalationFacts{tx}.add_unanswered(page.id, asked.now);
    if (page.urgency == Urgency::low || flaps)
        return;
    const storage::Gathered gathered{tx};
    const auto it = number(alert.id) + " " + alert.title;
    for (const auto& who : people)
        gathered.add("person_words", who,
            "✅ " + it + " is over: " + (why.empty() ? "its source says so" : why) + ". Nothing more is asked of you; " + nobody
                + ".",
            asked.now);
}

void tell_of_return(Transaction& tx, const Alert& alert, milliseconds over, TimePoint now)
{
    const auto page = storage::Pages{tx}.latest(alert.id);
    const auto it = "🔁 " + number(alert.id) + " " + alert.title + " is back: it fired again after " + over_for(over) + ". ";
    const storage::Gathered gathered{tx};
    if (alert.state == AlertState::triggered && page && is_running(*page) && page->urgency == Urgency::high) {
        for (const auto& who : told_of(tx, page->id))
            gathered.add("person_words", who, it + "It needs an answer, and its page goes on where it stood.", now);
    } else if ((alert.state == AlertState::acknowledged || alert.state == AlertState::promised) && !alert.answered_by.empty()) {
        gathered.add("person_words", alert.answered_by, it + "It is yours still, and pages nobody.", now);
    }
}

} // namespace handlers
