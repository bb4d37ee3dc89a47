#include "delivery/outcome.hpp"

#include "delivery/job.hpp"
#include "oncall/escalation.hpp"
#include "oncall/reach_words.hpp"
#include "storage/answers.hpp"
#include "storage/contact_sends.hpp"
#include "storage/contacts.hpp"
#include "storage/levels.hpp"
#include "storage/pager_tests.hpp"
#include "storage/runs.hpp"

#include <algorithm>

namespace delivery {

using namespace oncall;
using storage::Transaction;

namespace {

/// Her own method that it went by; zero: none.
ContactId contact_of(const Notification& notification)
{
    const auto method = method_in(notification.method);
    return method ? method->id : ContactId{};
}

/// "e-mail", "Slack", "SMS", "a call".
std::string means_of(const Notification& notification)
{
    const auto method = method_in(notification.method);
    if (!method)
        return "Slack";
    switch (method->kind) {
    case ContactKind::email: return "e-mail";
    case ContactKind::voice: return "a call";
    case ContactKind::web_push: return "web push";
    case ContactKind::webhook: return "a webhook";
    default: return std::string{title(method->kind)};
    }
}

std::string title_of(const Notification& notification)
{
    const auto method = method_in(notification.method);
    return std::string{title(method ? method->kind : ContactKind::slack)};
}

/// A webhook's whole address may be a secret.
std::string receiver_of(const Notification& notification)
{
    const auto method = method_in(notification.method);
    return method && method->kind == ContactKind::webhook && method->id.value == 0 ? "a receiver of the policy"
                                                                                   : notification.person;
}

/// The alert's thread tells what the timeline says, and its card what failed.
void tell_the_thread(Transaction& tx, AlertId alert, TimePoint now)
{
    // A card whose first words are under way says less than there is by now.
    storage::Outbox{tx}.again("card:" + std::to_string(alert.value));
    for (const auto& message : storage::Messages{tx}.of_alert(alert))
        if (message.kind == "card") {
            storage::Outbox{tx}.add("card:" + std::to_string(alert.value), "card", storage::Priority::card, message.place,
                alert.value, message.place, now);
            storage::Outbox{tx}.add("thread:" + std::to_string(alert.value), "thread", storage::Priority::furniture,
                message.place, alert.value, message.place, now);
        }
}

/// Whether somebody of the try last made can still be reached who has not acknowledged.
bool is_hope(Transaction& tx, const Page& page)
{
    const auto last = last_step(page);
    const auto all = storage::Notifications{tx}.of_page(page.id);
    const auto runs = storage::Runs{tx}.open_of(page.id);
    const auto by = page.responder.empty() ? storage::Acknowledgements{tx}.of_alert(page.alert) : std::vector<Acknowledgement>{};
    const auto expected = [&](const Position& at, const std::string& who) {
        return last && at == *last && !has_acknowledged(by, storage::known_as(tx, who));
    };
    return std::any_of(all.begin(), all.end(),
               [&](const Notification& one) { return one.method != "fallback" && reaches(one) && expected(one.at, one.person); })
        || std::any_of(runs.begin(), runs.end(),
            [&](const Run& run) { return (run.state == RunState::held || goes_on(run)) && expected(run.at, run.person); });
}

/// Its run's next step comes now, if the one that failed is the latest. Returns what comes, in words; empty: nothing new.
std::string next_step_now(Transaction& tx, const Notification& notification, TimePoint now)
{
    auto run = storage::Runs{tx}.find(notification.run);
    if (!run || !goes_on(*run) || run->next - 1 != notification.step)
        return {};
    if (run->due > now) {
        run->due = now;
        storage::Runs{tx}.save(*run);
    }
    storage::Timers{tx}.set(storage::TimerKind::run, run->id.value, run->due);
    return next_in_words(*run);
}

void failed(Transaction& tx, const Notification& notification, const std::string& why, TimePoint now)
{
    if (!storage::Notifications{tx}.failed(notification.id, why))
        return;
    const auto page = storage::Pages{tx}.find(notification.page);
    // After an answer nobody needs to read of it; the delivery log has it.
    if (!page || !is_running(*page))
        return;
    const auto next = next_step_now(tx, notification, now);
    storage::Timeline{tx}.add(notification.alert, now, "", means_of(notification),
        next.empty() ? "could not reach " + receiver_of(notification) + " by " + means_of(notification) + ": " + why
                     : notification.person + ": " + title_of(notification) + " failed (" + why + "), " + next);
    tell_the_thread(tx, notification.alert, now);
    if (notification.method != "fallback")
        pass_on(tx, notification.page, now);
}

/// A further attempt, if there is one left and somebody still waits for an answer. True when one is planned.
bool tried_again(Transaction& tx, const Notification& notification, const std::string& why, TimePoint now)
{
    const auto method = method_in(notification.method);
    const auto page = storage::Pages{tx}.find(notification.page);
    if (!method || (method->id.value == 0 && method->kind != ContactKind::webhook) || !page || !is_running(*page))
        return false;
    const auto attempts = attempts_of(method->kind);
    if (notification.attempts >= attempts.most)
        return false;
    storage::Notifications{tx}.again(notification.id, why);
    const storage::Outbox outbox{tx};
    outbox.add(notification, page->urgency, now);
    outbox.wait("notify:" + message_of(notification, storage::Notifications{tx}.bundle_of(notification)), now + attempts.apart);
    return true;
}

/// Words went to their receiver's own method: its last outcome is theirs, and of a test she is told when it failed.
bool confirm_words(Transaction& tx, const std::string& reference, const notify::Outcome& outcome, const std::string& words,
    bool others, TimePoint now)
{
    const auto awaited = storage::ContactSends{tx}.awaited(reference);
    if (!awaited || (outcome.how != notify::Outcome::confirmed && outcome.how != notify::Outcome::refused))
        return awaited.has_value();
    storage::Outbox{tx}.drop(awaited->row);
    const storage::ContactMethods methods{tx};
    const bool arrived = outcome.how == notify::Outcome::confirmed;
    const auto why = words.empty() ? outcome.why : words;
    methods.used(awaited->contact, now, !arrived ? "failed: " + why : why.empty() ? "delivered" : why);
    if (outcome.gone && !others)
        methods.stop(awaited->contact, now);
    storage::PagerTests{tx}.became(awaited->test, arrived ? "arrived" : "failed", why, now);
    if (const auto method = methods.find(awaited->contact); method && !arrived && awaited->test.starts_with("test:"))
        storage::Outbox{tx}.add("told:" + awaited->test + ":later", "person_words", storage::Priority::answer, method->person, 0,
            method->person + "\nThe test by " + words_of(*method, false) + " has not arrived: " + why, now);
    return true;
}

/// Whether another page that the same message tells of still waits for an answer.
bool is_needed(Transaction& tx, const Notification& notification)
{
    // By the message, not by the reference: the others may get theirs a moment later.
    const auto all = storage::Notifications{tx}.of_message(notification);
    return std::any_of(all.begin(), all.end(), [&](const Notification& one) {
        const bool left = one.state == NotificationState::sent || one.state == NotificationState::confirmed;
        return one.id != notification.id && ((left && awaits_answer(tx, one)) || is_wanted(tx, one));
    });
}

/// What a provider took under that reference: one, or those of a bundle.
std::vector<Notification> taken_as(Transaction& tx, const std::string& reference)
{
    const storage::Notifications notifications{tx};
    const auto one = notifications.by_reference(reference);
    auto all = one ? notifications.of_message(*one) : std::vector<Notification>{};
    std::erase_if(all, [&](const Notification& other) { return other.reference != reference; });
    return all;
}

} // namespace

void pass_on(Transaction& tx, PageId id, TimePoint now)
{
    auto page = storage::Pages{tx}.find(id);
    if (!page || page->state != PageState::paging || is_hope(tx, *page))
        return;
    page->due = now;
    storage::Pages{tx}.save(*page);
    storage::Timers{tx}.set(storage::TimerKind::page, page->id.value, now);
}

void arrived(Transaction& tx, const Notification& notification, const std::string& words, TimePoint now)
{
    // A further attempt that is planned is dropped when its turn comes.
    storage::Notifications{tx}.confirmed(notification.id, now);
    storage::ContactMethods{tx}.used(contact_of(notification), now, words.empty() ? "delivered" : words);
}

void attempt_failed(Transaction& tx, const Notification& notification, const std::string& why, bool for_good, TimePoint now)
{
    storage::ContactMethods{tx}.used(contact_of(notification), now, "failed: " + why);
    if (for_good || !tried_again(tx, notification, why, now))
        failed(tx, notification, why, now);
}

void taken_instead(
    Transaction& tx, const Notification& notification, const std::string& provider, const std::string& failures, TimePoint now)
{
    storage::Timeline{tx}.add(notification.alert, now, "", means_of(notification),
        notification.person + ": " + title_of(notification) + " went by " + provider + ", after a failure (" + failures + ")");
    tell_the_thread(tx, notification.alert, now);
}

void not_heard(Transaction& tx, const Notification& notification, TimePoint now)
{
    const auto page = storage::Pages{tx}.find(notification.page);
    if (!page || !is_running(*page))
        return;
    const auto next = next_step_now(tx, notification, now);
    if (next.empty())
        return;
    storage::Timeline{tx}.add(
        notification.alert, now, "", "Slack", notification.person + " is in Do Not Disturb in Slack, " + next);
    tell_the_thread(tx, notification.alert, now);
}

void hush(Transaction& tx, const Notification& notification, TimePoint now)
{
    // Pushover's emergencies sound until somebody acknowledges them in its app; all else ends by itself.
    const auto method = method_in(notification.method);
    if (!method || method->kind != ContactKind::pushover || notification.reference.empty() || is_needed(tx, notification))
        return;
    const auto key = "hush:" + notification.reference;
    // Answers follow each other: of several people, or an acknowledgement and the resolution.
    if (!storage::Inbox{tx}.first(key, now))
        return;
    storage::Outbox{tx}.add(key, "hush", storage::Priority::answer, "look:" + std::string{name(method->kind)} + ":" + key,
        notification.id.value, notification.reference, now);
}

void hush(Transaction& tx, PageId page, const std::string& person, TimePoint now)
{
    for (const auto& one : storage::Notifications{tx}.of_page(page))
        if ((person.empty() || one.person == person) && now - one.sent_at < longest_siren)
            hush(tx, one, now);
}

bool is_on_its_way(Transaction& tx, const std::string& reference)
{
    const auto all = taken_as(tx, reference);
    return std::any_of(all.begin(), all.end(), [](const Notification& one) { return one.state == NotificationState::sent; });
}

bool confirm(Transaction& tx, const std::string& reference, const notify::Outcome& outcome, const std::string& words, bool others,
    TimePoint now)
{
    const auto all = taken_as(tx, reference);
    if (all.empty())
        return confirm_words(tx, reference, outcome, words, others, now);
    if (outcome.how == notify::Outcome::confirmed) {
        for (const auto& one : all)
            if (one.confirmed_at == TimePoint{})
                arrived(tx, one, words, now);
        return true;
    }
    if (outcome.how != notify::Outcome::refused)
        return true;
    const bool for_good = !others && (outcome.gone || outcome.needs_an_operator);
    if (outcome.gone && !others)
        storage::ContactMethods{tx}.stop(contact_of(all.front()), now);
    // Told twice, the further attempt is planned already; and what has arrived has arrived.
    for (const auto& one : all)
        if (one.state == NotificationState::sent)
            attempt_failed(tx, one, words.empty() ? outcome.why : words, for_good, now);
    return true;
}

} // namespace delivery
