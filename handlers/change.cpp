#include "delivery/outcome.hpp"
#include "handlers/after.hpp"
#include "handlers/arriving.hpp"
#include "handlers/by_hand.hpp"
#include "handlers/climb.hpp"
#include "handlers/digest.hpp"
#include "handlers/grouping.hpp"
#include "handlers/ladder.hpp"
#include "handlers/paging.hpp"
#include "handlers/pass_over.hpp"
#include "handlers/permits.hpp"
#include "handlers/quiet.hpp"
#include "oncall/auto_resolve.hpp"
#include "oncall/flapping.hpp"
#include "oncall/paging_by_hand.hpp"
#include "oncall/policy.hpp"
#include "oncall/service_directory.hpp"
#include "oncall/who_may.hpp"
#include "oncall/words.hpp"
#include "storage/answers.hpp"
#include "storage/arrivals.hpp"
#include "storage/channel_bundles.hpp"
#include "storage/firings.hpp"
#include "storage/people_sync.hpp"
#include "storage/runs.hpp"

#include <algorithm>

namespace handlers {

using namespace oncall;
using storage::Transaction;

namespace {

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

/// The policy of today, if the service still has one; a page by hand goes to its person again, and does not wait.
Policy policy_of(const Context& app, const Alert& alert, const std::optional<Page>& page)
{
    auto policy = page ? page->policy : Policy{};
    const auto configuration = app.configuration();
    if (auto own = policy_in(*configuration, alert.policy))
        return *own;
    const auto found = policy_in(*configuration, policy_of_service(*configuration, alert.service));
    if (!found)
        return policy;
    return alert.source.empty() ? climbed_together({expanded(*found, *configuration)}) : *found;
}

/// A person who was asked to help has answered, one way or the other. True when she had been asked. Whoever helps already may
/// stop.
bool end_responder(Transaction& tx, AlertId alert, const std::string& who, PageState state, TimePoint now)
{
    bool asked = false;
    for (auto& page : storage::Pages{tx}.of_responders(alert))
        if (known_as(tx, page.responder) == who
            && (is_running(page) || (page.state == PageState::acknowledged && state == PageState::resolved))) {
            stop_page(tx, page, state, now);
            asked = true;
        }
    return asked;
}

bool is_helping(Transaction& tx, AlertId alert, const std::string& who)
{
    const auto helpers = storage::Pages{tx}.of_responders(alert);
    return std::any_of(helpers.begin(), helpers.end(),
        [&](const Page& page) { return page.state == PageState::acknowledged && known_as(tx, page.responder) == who; });
}

/// What a person was sent of a page, or was to be, counts no more. It does not come back to her when she said so herself. False
/// when it never reached for her.
bool take_off_page(Transaction& tx, const Page& page, const std::string& who, bool said_so, TimePoint now)
{
    bool theirs = false;
    for (const auto& one : storage::Notifications{tx}.of_page(page.id))
        if (known_as(tx, one.person) == who && reaches(one)) {
            theirs = true;
            if (said_so)
                storage::Notifications{tx}.decline(page.id, one.person);
            else
                storage::pass_over(tx, page.id, one.person);
            delivery::hush(tx, page.id, one.person, now);
        }
    for (const auto& run : storage::Runs{tx}.open_of(page.id))
        if (known_as(tx, run.person) == who) {
            // What she was sent has failed, and her next step would still have come.
            if (!theirs && said_so)
                storage::Notifications{tx}.add_declined(page, who);
            theirs = true;
            end_runs(tx, page.id, RunState::completed, now, run.person);
        }
    return theirs;
}

/// "Not me". True when it changes the alert, and not only who is asked to help.
bool decline(Transaction& tx, const Alert& alert, const std::optional<Page>& page, const Asked& asked)
{
    const auto& who = asked.actor;
    if (alert.state == AlertState::triggered) {
        const bool theirs = page && take_off_page(tx, *page, who, true, asked.now);
        const bool helper = end_responder(tx, alert.id, who, PageState::resolved, asked.now);
        if (!theirs && !helper)
            throw Refusal{number(alert.id) + " is not paging you. If the wrong people are paged, reassign it or escalate it."};
        return theirs;
    }
    if (alert.answered_by == who) {
        if (!page && storage::Arrivals{tx}.find(alert.id))
            throw Refusal{number(alert.id) + " has paged nobody, so nobody is next. `/oncall unack "
                + std::to_string(alert.id.value) + "` gives it back, or reassign it to a person."};
        if (!page)
            throw Refusal{number(alert.id) + " has no escalation policy, so nobody is next. Reassign it to a person."};
        if (!take_off_page(tx, *page, who, true, asked.now))
            storage::Notifications{tx}.add_declined(*page, who);
        end_responder(tx, alert.id, who, PageState::resolved, asked.now);
        return true;
    }
    if (!end_responder(tx, alert.id, who, PageState::resolved, asked.now))
        throw Refusal{number(alert.id) + ": "
            + filled("{who} has it, so nothing is asked of you. Escalate it if it needs more hands.", alert)};
    return false;
}

/// Whether somebody of the step last run can still be expected to answer.
bool somebody_left(Transaction& tx, const Page& page)
{
    const auto last = last_step(page);
    const auto all = storage::Notifications{tx}.of_page(page.id);
    const auto runs = storage::Runs{tx}.open_of(page.id);
    const auto by = page.responder.empty() ? storage::Acknowledgements{tx}.of_alert(page.alert) : std::vector<Acknowledgement>{};
    const auto expected = [&](const Position& at, const std::string& who) {
        return last && at == *last && !has_acknowledged(by, known_as(tx, who));
    };
    return std::any_of(all.begin(), all.end(), [&](const Notification& one) {
        return one.method != "fallback" && reaches(one) && expected(one.at, one.person);
    }) || std::any_of(runs.begin(), runs.end(), [&](const Run& run) { return expected(run.at, run.person); });
}

void climb_now(Transaction& tx, const Context& app, const Alert& alert, Page& page, TimePoint now, bool hurry)
{
    storage::Notifications{tx}.withdraw(page.id);
    end_runs(tx, page.id, RunState::completed, now);
    page.urgency = alert.urgency; // it may have risen since it was answered
    page.state = PageState::paging;
    page.stopped_at = {};
    page.due = now;
    climb(tx, app, alert, page, now, hurry);
}

/// Somebody wants more hands now, be it night or not.
void next_level_now(Transaction& tx, const Context& app, const Alert& alert, Page& page, TimePoint now)
{
    page.next = next_level(page);
    climb_now(tx, app, alert, page, now, true);
}

/// Nobody of the try is left: the next level's, or the next person's where they are paged one after the other.
void hand_over(Transaction& tx, const Context& app, const Alert& alert, Page& page, TimePoint now)
{
    if (!page.last || page.policy.levels.at(static_cast<std::size_t>(page.last->level)).order == Order::at_once)
        page.next = next_level(page);
    climb_now(tx, app, alert, page, now, false);
}

/// What was before comes back, alert, timers and pages.
void take_back(Transaction& tx, Alert& alert, const storage::Undo& before)
{
    alert.state = before.state;
    alert.answered_by = before.answered_by;
    alert.answered_at = before.answered_at;
    alert.answered_via = before.answered_via;
    alert.snoozed_until = before.snoozed_until;
    if (before.state == AlertState::snoozed)
        storage::Timers{tx}.set(storage::TimerKind::snooze, alert.id.value, before.snoozed_until);
    if (before.state == AlertState::promised)
        storage::Timers{tx}.set(storage::TimerKind::promise, alert.id.value, before.snoozed_until);
}

void resume_pages(Transaction& tx, const Context& app, const Alert& alert, const storage::Undo& before, TimePoint now)
{
    auto page = storage::Pages{tx}.latest(alert.id);
    if (page && (before.page_state == "paging" || before.page_state == "exhausted"))
        resume_page(tx, app, alert, *page, before.page_state == "paging" ? PageState::paging : PageState::exhausted, now);
    // A resolution ended the requests for help as well.
    for (auto& asked : storage::Pages{tx}.of_responders(alert.id))
        if (!is_running(asked) && asked.stopped_at == before.at)
            resume_page(tx, app, alert, asked, PageState::paging, now);
}

/// It is back: its page and those of whoever was asked to help stand where they stood.
void take_up_pages(Transaction& tx, const Context& app, const Alert& alert, const storage::Undo& before, TimePoint now)
{
    auto page = storage::Pages{tx}.latest(alert.id);
    if (page && (before.page_state == "paging" || before.page_state == "exhausted")) {
        take_up_page(tx, app, alert, *page, before.page_state == "paging" ? PageState::paging : PageState::exhausted, now);
    } else if (page && before.page_state == "acknowledged") {
        page->state = PageState::acknowledged;
        storage::Pages{tx}.save(*page);
    }
    for (auto& helper : storage::Pages{tx}.of_responders(alert.id))
        if (helper.state == PageState::resolved && helper.stopped_at == before.at)
            take_up_page(tx, app, alert, helper, PageState::paging, now);
    if (page)
        storage::EscalationFacts{tx}.forget_unanswered(page->id);
}

/// Somebody said "still on it": the alert is theirs, and they are asked again later.
void still_has_it(Transaction& tx, Alert& alert, const std::optional<Page>& page, const Asked& asked)
{
    if (alert.answered_by != asked.actor) {
        alert.answered_by = asked.actor;
        alert.answered_at = asked.now;
        alert.answered_via = asked.via;
        storage::Acknowledgements{tx}.add(alert.id, {asked.actor, asked.now, asked.via});
    }
    // What shows the question is behind.
    storage::Alerts{tx}.save(alert);
    storage::Undos{tx}.forget(alert.id);
    ask_later(tx, alert, page, asked.now);
}

/// One of several has given it back: the page goes on for the others where it stood.
bool others_have_it(Transaction& tx, AlertId alert, const std::optional<Page>& page)
{
    return page && page->state == PageState::acknowledged && !storage::Acknowledgements{tx}.of_alert(alert).empty();
}

/// Why a page begins though its alert had been answered; empty: it had not, or whoever wanted it knows.
std::string paged_again(const Wish& wish, const Alert& was)
{
    const auto who = was.answered_by.empty() ? std::string{"its source"} : mention(was.answered_by);
    if (wish.verb == Verb::lapse)
        return wish.text.empty() ? who + " was on it and has not been heard of" : wish.text;
    if (wish.verb != Verb::again)
        return {};
    switch (was.state) {
    case AlertState::acknowledged:
    case AlertState::promised: return wish.text + " after " + who + " had acknowledged it";
    case AlertState::snoozed: return wish.text + " after " + who + " had snoozed it";
    default: return wish.text;
    }
}

} // namespace

bool needs_person(Verb verb) { return verb == Verb::reassign || verb == Verb::add_responder; }
bool needs_text(Verb verb) { return verb == Verb::note; }
bool needs_duration(Verb verb) { return verb == Verb::snooze || verb == Verb::promise; }

void check_duration(Verb verb, milliseconds duration)
{
    if (verb == Verb::snooze && (duration < 1min || duration > std::chrono::days{7}))
        throw Refusal{"For how long? Write `/oncall snooze 42 30m`, `2h` or `1d`: a minute at least, seven days at most."};
    if (verb == Verb::promise && (duration < 1min || duration > 4h))
        throw Refusal{"By when are you on it? Write `/oncall promise 42 10m`: a minute at least, four hours at most."};
}

Alert change(Transaction& tx, const Context& app, Wish wish, const Asked& asked)
{
    // A link in a mail and a text message have nobody's team with them, and outlive an account.
    if (!asked.actor.empty())
        permit_deed(tx, deed_of(wish.verb), asked);
    if (!asked.actor.empty() && needs_person(wish.verb))
        permit_page(tx, app, asked);
    remember(tx, asked);
    wish.person = known_as(tx, wish.person);
    if (needs_person(wish.verb))
        if (const auto why = cannot_answer(tx, wish.person); !why.empty())
            throw Refusal{why};
    auto alert = storage::Alerts{tx}.find(wish.alert).value_or(Alert{});
    if (alert.id.value == 0)
        throw Refusal{"There is no alert " + number(wish.alert) + ". `/oncall status` lists what is open."};
    refuse_of_child(tx, alert, wish.verb, asked);
    if (const auto counted = count_acknowledgement(tx, app, wish, alert, asked)) {
        if (wish.verb != Verb::unacknowledge && !asked.actor.empty())
            end_responder(tx, alert.id, asked.actor, PageState::acknowledged, asked.now);
        return *counted;
    }
    // However it is answered, "still on it?" has been.
    if (wish.verb == Verb::acknowledge && is_asked_whether_still_on_it(tx, alert.id))
        wish.verb = Verb::still_on_it;
    if (wish.verb == Verb::still_on_it && alert.state == AlertState::acknowledged && alert.answered_by != asked.actor
        && !is_asked_whether_still_on_it(tx, alert.id))
        throw Refusal{number(alert.id) + ": " + filled("{who} has it, since {when}, and nobody is asked.", alert)};
    const auto outcome = apply(alert.state, wish.verb);
    if (const auto* no = std::get_if<Refusal>(&outcome))
        throw Refusal{number(alert.id) + ": " + filled(no->what(), alert)};
    if (wish.verb == Verb::unacknowledge && !asked.actor.empty() && alert.answered_by != asked.actor
        && !has_acknowledged(storage::Acknowledgements{tx}.of_alert(alert.id), asked.actor))
        permit_deed(tx, deed_of(wish.verb, false), asked);
    if (needs_duration(wish.verb))
        check_duration(wish.verb, wish.duration);
    // A second press of Escalate on the same card must not climb two levels.
    if (wish.verb == Verb::escalate && wish.shown_version != 0 && wish.shown_version != alert.version)
        throw Refusal{number(alert.id)
            + " has moved on since this was shown. Look at the card, and press again if that is still what you want."};

    auto effect = std::get<Effect>(outcome);
    // A page by hand stands for itself alone: without it there is nothing left to have.
    if (wish.verb == Verb::cancel && alert.source.empty())
        effect.state = AlertState::resolved;
    const auto before = std::string{name(alert.state)};
    auto page = storage::Pages{tx}.latest(alert.id);
    // Stopped when the alert was held: as if there had been none.
    if (page && page->state == PageState::resolved && storage::Arrivals{tx}.find(alert.id))
        page.reset();
    const storage::Timers timers{tx};
    const storage::Undos undos{tx};
    std::string words{effect.words};
    if (wish.verb == Verb::escalate && !page && policy_of(app, alert, page).levels.empty())
        throw Refusal{number(alert.id) + " has no escalation policy to climb. `/oncall page @someone` reaches a person."};
    if ((wish.verb == Verb::reopen || wish.verb == Verb::undo) && alert.state == AlertState::resolved)
        if (const auto newer = storage::Alerts{tx}.open(alert.source, alert.dedup_key))
            throw Refusal{number(alert.id) + " has come back as " + number(newer->id) + ". Look there."};
    const auto undo = wish.verb == Verb::undo ? undos.find(alert.id)
        : wish.verb == Verb::come_back        ? storage::Clears{tx}.find(alert.id)
                                              : std::nullopt;
    if (wish.verb == Verb::come_back && !undo)
        throw Refusal{number(alert.id) + " is over: nobody knows any more what it was."};
    if (wish.verb == Verb::undo
        && (!undo || undo->actor != asked.actor || undo->version != alert.version || asked.now - undo->at > undo_within
            || (wish.shown_version != 0 && wish.shown_version != undo->version)))
        throw Refusal{number(alert.id)
            + " can't be undone: only your own last answer can, within 30 seconds and while nothing else "
              "happened. `/oncall unack` and `/oncall reopen` work at any time."};
    const bool moves = wish.verb == Verb::decline ? decline(tx, alert, page, asked)
                                                  : effect.state != alert.state || effect.paging != Effect::Paging::keep;
    if (wish.verb == Verb::join && alert.state != AlertState::triggered && is_helping(tx, alert.id, asked.actor))
        throw Refusal{number(alert.id) + ": you are helping already."};
    if (wish.verb == Verb::join && !end_responder(tx, alert.id, asked.actor, PageState::acknowledged, asked.now)
        && alert.state != AlertState::triggered)
        throw Refusal{number(alert.id) + ": "
            + filled("{who} has it, and nobody asked you to help; `/oncall note` tells them you do.", alert)};
    if (wish.verb == Verb::decline && !moves)
        words = "can't help";
    if (needs_duration(wish.verb))
        words += (wish.verb == Verb::promise ? ", in " : " for ") + duration_out(wish.duration);
    if (needs_person(wish.verb))
        words += (wish.verb == Verb::reassign ? " to " : ": ") + mention(wish.person);
    if (wish.verb == Verb::clear && !wish.text.empty())
        words = "resolved by itself";
    if (wish.verb == Verb::come_back)
        words += " after " + over_for(asked.now - alert.answered_at);
    if (!wish.text.empty())
        words += ": " + wish.text;
    if (!asked.actor.empty() && needs_person(wish.verb))
        count_page(tx, app, alert.id, std::string{name(wish.verb)} + ":" + wish.person, asked);
    storage::Timeline{tx}.add(alert.id, asked.now, asked.actor, asked.via, words);
    if (wish.verb == Verb::note || (wish.verb == Verb::come_back && wish.text.empty()))
        storage::Shouts{tx}.add(alert.id); // whoever writes it wants it read; and what flaps is no news

    if (wish.verb == Verb::still_on_it && !moves && alert.state == AlertState::acknowledged)
        still_has_it(tx, alert, page, asked);
    if (moves && effect.paging == Effect::Paging::ask) {
        end_responder(tx, alert.id, wish.person, PageState::resolved, asked.now);
        start_page(tx, app, alert, only(wish.person, "a request for help"), asked.now, asked.actor, wish.person);
    } else if (moves) {
        const storage::Undo taken{alert.version + 1, asked.actor, asked.now, alert.state, alert.answered_by, alert.answered_at,
            alert.answered_via, alert.snoozed_until, page ? std::string{name(page->state)} : ""};
        const auto was = alert;
        alert.state = effect.state;
        alert.answered_by = effect.state == AlertState::triggered ? "" : asked.actor;
        alert.answered_at = effect.state == AlertState::triggered ? TimePoint{} : asked.now;
        alert.answered_via = effect.state == AlertState::triggered ? "" : asked.via;
        alert.snoozed_until = {};
        for (const auto kind : {storage::TimerKind::snooze, storage::TimerKind::promise, storage::TimerKind::lapse})
            timers.clear(kind, alert.id.value);
        if (needs_duration(wish.verb)) {
            alert.snoozed_until = asked.now + wish.duration;
            timers.set(wish.verb == Verb::snooze ? storage::TimerKind::snooze : storage::TimerKind::promise, alert.id.value,
                alert.snoozed_until);
        }
        if (undo)
            take_back(tx, alert, *undo);
        const bool is_open_again = was.state == AlertState::resolved && alert.state != AlertState::resolved;
        const bool stands_alone = is_open_again && leaves_what_is_over(tx, alert, asked.now);
        // Whoever stands for it wakes, and is asked.
        if (undo && alert.parent.value != 0)
            for (const auto kind : {storage::TimerKind::snooze, storage::TimerKind::promise})
                timers.clear(kind, alert.id.value);
        if (is_open_again) {
            wait_anew(tx, alert.id, asked.now);
            storage::Clears{tx}.forget(alert.id);
            if (wish.verb == Verb::come_back)
                storage::Arrivals{tx}.release(alert.id); // what holds it now is asked anew
        }
        if (wish.verb == Verb::clear && !is_over_by_silence(alert))
            storage::Clears{tx}.save(alert.id, taken);
        if (wish.verb == Verb::come_back)
            ++alert.came_back;
        storage::Alerts{tx}.save(alert);
        keep_facts(tx, was, page, wish.verb, asked);
        keep_acknowledgements(tx, was, alert, wish.verb, asked);
        ask_later(tx, alert, alert.parent.value == 0 ? page : std::nullopt, asked.now);
        if (wish.verb == Verb::unacknowledge && others_have_it(tx, alert.id, page))
            effect.paging = Effect::Paging::resume;
        if (effect.paging == Effect::Paging::stop && !asked.actor.empty())
            undos.save(alert.id, taken);
        else
            undos.forget(alert.id);

        // What stands for it pages.
        const bool keeps = stands_alone || (alert.parent.value != 0 && effect.paging != Effect::Paging::stop);
        switch (keeps ? Effect::Paging::keep : effect.paging) {
        case Effect::Paging::keep:
        case Effect::Paging::ask: break;
        case Effect::Paging::stop:
            if (page)
                stop_page(
                    tx, *page, alert.state == AlertState::resolved ? PageState::resolved : PageState::acknowledged, asked.now);
            if (alert.state == AlertState::resolved) {
                for (auto& helper : storage::Pages{tx}.of_responders(alert.id))
                    if (is_running(helper))
                        stop_page(tx, helper, PageState::resolved, asked.now);
            } else if (!asked.actor.empty()) {
                end_responder(tx, alert.id, asked.actor, PageState::acknowledged, asked.now);
            }
            break;
        case Effect::Paging::hand_over:
            if (!somebody_left(tx, *page))
                hand_over(tx, app, alert, *page, asked.now);
            else
                wait_for_digest(tx, page->id, std::nullopt); // the first of its digests may have been hers
            break;
        case Effect::Paging::next_level:
            if (page)
                next_level_now(tx, app, alert, *page, asked.now);
            else
                start_page(tx, app, alert, policy_of(app, alert, page), asked.now);
            break;
        case Effect::Paging::start:
            if (wish.verb == Verb::again)
                storage::Arrivals{tx}.release(alert.id); // it got worse: what held it holds it no more
            if (!page && storage::Arrivals{tx}.find(alert.id))
                break; // held back before: looked at again below
            if (!page && wish.verb != Verb::again) {
                // It never paged anybody, and waking up is no reason to begin; but whoever waits for that must hear of it.
                if (asked.actor.empty())
                    dead_end(tx, app, alert,
                        std::string{name(wish.verb)} + ":" + std::to_string(alert.id.value) + ":" + std::to_string(alert.version),
                        std::string{effect.words} + ", and nobody is paged for it", asked.now);
                break;
            }
            [[fallthrough]];
        case Effect::Paging::redirect: {
            auto policy = policy_of(app, alert, page);
            if (page && is_running(*page))
                stop_page(tx, *page, PageState::resolved, asked.now);
            std::string wanted_by;
            if (effect.paging == Effect::Paging::redirect) {
                auto first = only(wish.person, "").levels.front();
                first.retries = policy.levels.empty() ? 2 : 1;
                policy.levels.insert(policy.levels.begin(), std::move(first));
                if (policy.name.empty())
                    policy.name = "reassigned";
                wanted_by = asked.actor;
            }
            if (!policy.levels.empty())
                start_page(tx, app, alert, std::move(policy), asked.now, wanted_by, "", paged_again(wish, was));
            break;
        }
        case Effect::Paging::resume:
            if (wish.verb == Verb::come_back)
                take_up_pages(tx, app, alert, *undo, asked.now);
            else if (undo)
                resume_pages(tx, app, alert, *undo, asked.now);
            else
                resume_page(tx, app, alert, *page, PageState::paging, asked.now);
            if (page)
                for (const auto& one : tally(tx, alert.id, page).by) {
                    spare(tx, *page, one.person, asked.now);
                    delivery::pass_on(tx, page->id, asked.now); // nobody of the try may be left
                }
            break;
        }
        if (stands_alone)
            stand_alone(tx, app, alert, std::string{effect.words}, asked.now);
        group_follows(tx, app, was, alert, wish.verb, asked);
    }
    if (moves && alert.state == AlertState::triggered)
        arrival_due(tx, app, alert.id, asked.now);
    else if (moves && alert.state == AlertState::resolved)
        timers.clear(storage::TimerKind::arrival, alert.id.value); // that it was held stays: it may be opened again
    storage::Audit{tx}.add(asked.now, asked.actor, asked.via, std::string{name(wish.verb)}, number(alert.id), before,
        std::string{name(alert.state)} + (wish.person.empty() ? "" : ", " + wish.person));
    return alert;
}

bool pass_over(Transaction& tx, const Context& app, AlertId id, const std::string& who, const std::string& why, TimePoint now)
{
    auto alert = storage::Alerts{tx}.find(id);
    if (!alert || alert->state == AlertState::resolved)
        return false;
    auto page = storage::Pages{tx}.latest(id);
    const bool theirs = alert->state == AlertState::triggered && page && page->state == PageState::paging
        && take_off_page(tx, *page, who, false, now);
    bool helper = false;
    for (auto& asked : storage::Pages{tx}.of_responders(id))
        if (is_running(asked) && known_as(tx, asked.responder) == who) {
            stop_page(tx, asked, PageState::resolved, now);
            dead_end(tx, app, *alert, "responder:" + std::to_string(asked.id.value),
                mention(who) + " was asked to help, but " + why + ". Ask somebody else", now);
            helper = true;
        }
    if (!theirs && !helper)
        return false;
    if (theirs)
        storage::Timeline{tx}.add(id, now, "", "Slack", mention(who) + " " + why + ", so the page goes on without them");
    storage::Undos{tx}.forget(id);
    storage::Alerts{tx}.save(*alert); // what shows whom it pages is behind
    if (theirs && !somebody_left(tx, *page))
        hand_over(tx, app, *alert, *page, now);
    else if (theirs)
        wait_for_digest(tx, page->id, std::nullopt); // the first of its digests may have been hers
    show(tx, app, *alert, now, page && page->state == PageState::exhausted);
    return theirs;
}

bool is_paged(Transaction& tx, AlertId alert)
{
    const auto page = storage::Pages{tx}.latest(alert);
    return page && page->state == PageState::paging;
}

std::optional<std::string> undo_value(Transaction& tx, AlertId alert, const Asked& asked)
{
    const auto undo = storage::Undos{tx}.find(alert);
    if (!undo || undo->actor != asked.actor || undo->at != asked.now)
        return std::nullopt;
    return std::to_string(alert.value) + ":" + std::to_string(undo->version);
}

} // namespace handlers
