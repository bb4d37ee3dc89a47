#include "blocks/bundle.hpp"
#include "delivery/channel_bundle_job.hpp"
#include "delivery/cover.hpp"
#include "delivery/coverage_job.hpp"
#include "delivery/handoff_job.hpp"
#include "delivery/job.hpp"
#include "delivery/outcome.hpp"
#include "delivery/report.hpp"
#include "delivery/schedule_edit.hpp"
#include "delivery/schedule_picture.hpp"
#include "delivery/spoken.hpp"
#include "delivery/subscriber.hpp"
#include "delivery/text_file.hpp"
#include "delivery/waiting.hpp"
#include "oncall/escalation.hpp"
#include "oncall/reach_words.hpp"
#include "slack/errors.hpp"
#include "storage/contact_sends.hpp"
#include "storage/contacts.hpp"
#include "storage/pager_tests.hpp"
#include "storage/uploads.hpp"

#include <algorithm>
#include <set>

namespace delivery {

using oncall::TimePoint;
using storage::Transaction;

namespace {

// A provider that calls nobody back is asked: after 5 s, and ever less often for half an hour.
constexpr oncall::milliseconds first_look{5'000};
constexpr oncall::milliseconds longest_look{10 * 60'000};
constexpr int most_looks = 9;

void follow(Transaction& tx, std::int64_t message, TimePoint now)
{
    if (const auto shown = storage::Messages{tx}.find(message))
        storage::Outbox{tx}.follow(*shown, now);
}

/// What was posted tells of all of these: each follows its own alert.
void remember_bundle(Transaction& tx, const Job& job, const Came& came, TimePoint now)
{
    const storage::Messages messages{tx};
    const auto remember = [&](const oncall::Notification& one) {
        messages.add({0, one.alert, "bundle", std::to_string(one.id.value), came.channel, came.ts, 0});
    };
    std::for_each(job.notifications.begin(), job.notifications.end(), remember);
    if (came.found)
        std::for_each(job.unwanted.begin(), job.unwanted.end(), remember);
    const auto message = messages.at(came.channel, came.ts);
    if (!message)
        return;
    std::set<oncall::AlertId> alerts;
    for (const auto& one : messages.all_at(came.channel, came.ts))
        alerts.insert(one.alert);
    for (auto from = blocks::most_in_bundle; from < alerts.size(); from += blocks::most_in_rest)
        storage::Outbox{tx}.add("rest:" + std::to_string(message->id) + ":" + std::to_string(from), "bundle_rest",
            storage::Priority::answer, job.row.lane, message->id, std::to_string(from), now);
    if (came.found || version_now(tx, job) != job.version)
        storage::Outbox{tx}.follow(*message, now);
}

/// Whoever delivers a notification has it.
void taken(Transaction& tx, const Job& job, const oncall::Notification& told, const Came& came, TimePoint now)
{
    const storage::Notifications notifications{tx};
    notifications.sent(told.id, now, came.provider, came.reference);
    const auto one = notifications.find(told.id);
    if (one && came.quiet)
        not_heard(tx, *one, now);
    if (one && !came.passed_over.empty())
        taken_instead(tx, *one, came.provider, came.passed_over, now);
    if (!one || !job.by)
        return;
    if (!awaits_answer(tx, *one))
        hush(tx, *one, now); // answered while it was under way
    if (came.confirmed) {
        arrived(tx, *one, came.why, now);
    } else if (!came.reference.empty() && told.id == job.notifications.front().id) {
        const auto key = "look:" + one->key + ":" + std::to_string(one->attempts);
        const storage::Outbox outbox{tx};
        outbox.add(key, "look", storage::Priority::card, "look:" + std::string{oncall::name(*job.by)} + ":" + one->key,
            one->id.value, came.reference, now);
        outbox.wait(key, now + first_look);
    }
}

/// Words went by somebody's own method. Whoever tries it is told what came of it.
void used(Transaction& tx, const Job& job, const std::string& outcome, const std::string& words, TimePoint now)
{
    const storage::ContactMethods methods{tx};
    methods.used(job.contact, now, outcome);
    storage::PagerTests{tx}.became(
        job.row.key, outcome == "sent" ? "sent" : "failed", outcome == "sent" ? "" : outcome.substr(8), now);
    const auto method = job.row.key.starts_with("test:") ? methods.find(job.contact) : std::nullopt;
    if (method)
        storage::Outbox{tx}.add("told:" + job.row.key, "person_words", storage::Priority::answer, method->person, 0,
            method->person + "\nThe test by " + words_of(*method, false) + ": " + words, now);
}

void words_said(Transaction& tx, const Job& job, const Came& came, TimePoint now)
{
    if (came.confirmed)
        storage::PagerTests{tx}.became(job.row.key, "arrived", came.why, now);
    used(tx, job, "sent", came.provider.empty() ? "sent." : "sent, " + came.provider + " has it.", now);
    storage::ContactSends::Awaited words;
    words.contact = job.contact;
    words.test = job.row.key.starts_with("test:") || storage::is_pager_key(job.row.key) ? job.row.key : "";
    if (job.by && !came.reference.empty())
        storage::ContactSends{tx}.await(words, came.provider, came.reference, *job.by, now + first_look);
}

void said(Transaction& tx, const Job& job, const Came& came, TimePoint now)
{
    const storage::Outbox outbox{tx};
    const storage::Messages messages{tx};
    if (!job.notifications.empty())
        storage::ContactMethods{tx}.used(job.contact, now, "sent");
    for (const auto& one : job.notifications)
        taken(tx, job, one, came, now);
    for (const auto& one : job.unwanted)
        if (came.found)
            taken(tx, job, one, came, now);
        else
            storage::Notifications{tx}.cancel(one.id);
    if (job.notifications.empty() && job.contact.value != 0)
        words_said(tx, job, came, now);
    if (job.row.kind == "alarm_email")
        storage::PagerTests{tx}.became(job.row.key, "sent", "", now);
    handoff_said(tx, job, came);
    coverage_said(tx, job, came);
    channel_bundle_said(tx, job, came);
    if (job.row.kind == "thread") {
        messages.told(job.shown_message, came.told_up_to);
        if (came.told_up_to < job.told_up_to)
            outbox.add(job.row.key, "thread", job.row.priority, job.row.lane, job.row.subject, job.row.body, now);
        return;
    }
    if (job.row.kind == "replace") {
        // Things went on while it was under way, and it may have arrived after newer words.
        if (version_now(tx, job) != job.version)
            follow(tx, job.shown_message, now);
        return;
    }
    if (job.row.kind == "cover")
        cover_said(tx, job, came, now);
    schedule_edit_said(tx, job, came, now);
    subscriber_said(tx, job, came, now);
    if (job.kind.empty())
        return;
    // What was posted then was the page of more than are wanted now.
    const bool of_more = came.found && !job.unwanted.empty();
    if (job.kind == "bundle" || of_more) {
        remember_bundle(tx, job, came, now);
        return;
    }
    messages.add({0, job.alert, job.kind, job.place, came.channel, came.ts, 0});
    if (job.kind == "card") {
        outbox.add("thread:" + std::to_string(job.alert.value), "thread", storage::Priority::furniture, job.row.lane,
            job.alert.value, job.place, now);
        // What was posted then may say less than there is by now.
        if (came.found)
            outbox.again(job.row.key);
        return;
    }
    // Answered while it was under way, or before it was found: what was posted must say so.
    if (came.found || version_now(tx, job) != job.version)
        if (const auto message = messages.at(came.channel, came.ts))
            outbox.follow(*message, now);
}

/// An attempt of a notification failed. Slack and mail take up nothing again that they refused.
void unreachable(Transaction& tx, const Job& job, const Came& came, TimePoint now)
{
    if (came.gone)
        storage::ContactMethods{tx}.stop(job.contact, now);
    const storage::Notifications notifications{tx};
    for (const auto& told : job.notifications)
        if (const auto one = notifications.find(told.id))
            attempt_failed(tx, *one, job.by || came.fix.empty() ? came.why : because(came), came.for_good || !job.by, now);
    for (const auto& one : job.unwanted)
        notifications.cancel(one.id);
}

/// A provider was asked what became of something: it said so, or it is asked again, ever less often.
void looked(Transaction& tx, const Job& job, const Came& came, TimePoint now)
{
    const storage::Outbox outbox{tx};
    if (came.report)
        confirm(tx, job.reference, *came.report, came.report->why, came.others, now);
    const bool waits = job.row.kind == "look_words" ? storage::ContactSends{tx}.awaited(job.reference).has_value()
                                                    : is_on_its_way(tx, job.reference);
    if (waits && job.row.attempts < most_looks)
        outbox.later(job.row,
            now + std::min<oncall::milliseconds>(first_look * (2 << std::min(job.row.attempts, 8)), longest_look), false,
            came.why);
    else
        outbox.done(job.row);
}

bool any_wanted(Transaction& tx, const Job& job)
{
    return std::any_of(job.notifications.begin(), job.notifications.end(), [&](const oncall::Notification& told) {
        const auto one = storage::Notifications{tx}.find(told.id);
        return one && is_wanted(tx, *one);
    });
}

/// What keeps all from a channel, or from Slack, is said by itself and not with each alert.
bool is_said_once(const Came& came)
{
    const auto* const known = slack::known_error(came.code);
    return (came.trouble && came.trouble->kind == "channel")
        || (known && known->remedy == slack::Remedy::person && known->about == slack::About::app);
}

void refused(Transaction& tx, const Job& job, const Came& came, const std::string& fallback_channel, TimePoint now)
{
    const storage::Outbox outbox{tx};
    const auto& why = came.why;
    if (!job.notifications.empty())
        unreachable(tx, job, came, now);
    else if (job.contact.value != 0)
        used(tx, job, "failed: " + why, "failed: " + why, now);
    if (job.row.kind == "alarm_email")
        storage::PagerTests{tx}.became(job.row.key, "failed", why, now);
    if (job.row.kind == "cover") {
        cover_refused(tx, job, came, now);
    } else if (schedule_edit_refused(tx, job, came, fallback_channel, now)) {
        // said there
    } else if (subscriber_refused(tx, job, came)) {
        // whoever only looks on misses a message
    } else if (channel_bundle_refused(tx, job, came, now)) {
        // it is posted anew
    } else if (job.method == "response_url") {
        if (job.shown_message != 0)
            follow(tx, job.shown_message, now);
    } else if (job.row.kind == "handoff") {
        handoff_refused(tx, job, why, fallback_channel, now);
    } else if (job.row.kind == "coverage") {
        coverage_refused(tx, job, why, fallback_channel, now);
    } else if (job.method == "chat.update" && job.row.kind == "card") {
        // Deleted, or no longer ours: a new card takes its place.
        if (stands_no_more(came)) {
            storage::Messages{tx}.forget(job.shown_message);
            outbox.add(job.row.key, "card", storage::Priority::card, job.row.lane, job.alert.value, job.row.body, now);
        }
    } else if (job.row.kind == "spoken") {
        spoken_refused(tx, job, why, now);
    } else if (job.row.kind == "picture") {
        tell_asker(tx, job.row, because(came), now);
    } else if (job.row.kind == "report_file") {
        tell_refused_report(tx, job.row, because(came), now);
    } else if (job.row.kind == "text_file") {
        tell_refused_file(tx, job.row, because(came), now);
    } else if (job.row.kind == "override_dm") {
        // Whoever made the change reads that this person was told.
        if (!fallback_channel.empty())
            outbox.add(job.row.key + ":elsewhere", "override_line", job.row.priority, fallback_channel, job.row.subject,
                fallback_channel + "\nI could not tell <@" + job.to + "> this: " + because(came)
                    + " Please make sure they know:" + job.row.body.substr(job.to.size()),
                now);
    } else if (job.row.kind == "override_line") {
        // Who changes is told by a message of their own; this line is for whoever looks at the channel.
        if (job.to != fallback_channel && !fallback_channel.empty())
            outbox.add(job.row.key + ":elsewhere", "override_line", job.row.priority, fallback_channel, job.row.subject,
                fallback_channel + job.row.body.substr(job.to.size()) + "\nI could not post this in " + job.to + ": "
                    + because(came),
                now);
    } else if (job.method == "chat.postMessage" && !job.to_person && job.to != fallback_channel && !fallback_channel.empty()
        && job.row.kind != "thread" && !is_said_once(came)) {
        outbox.add("dead_end:" + job.row.key, "dead_end", storage::Priority::page, fallback_channel, job.alert.value,
            fallback_channel + "\nI could not post in " + job.to + ": " + because(came), now);
    }
}

} // namespace

std::string because(const Came& came)
{
    return came.why + (came.why.ends_with('.') ? "" : ".") + (came.fix.empty() ? "" : " ") + came.fix;
}

bool stands_no_more(const Came& came)
{
    return came.code == "message_not_found" || came.code == "cant_update_message" || came.code == "edit_window_closed";
}

bool record(Transaction& tx, const Job& job, const Came& came, const std::string& fallback_channel, TimePoint now)
{
    const storage::Outbox outbox{tx};
    if (job.row.kind == "look" || job.row.kind == "look_words") {
        looked(tx, job, came, now);
        return false;
    }
    bool troubles = came.trouble.has_value();
    if (came.how == Came::later || came.how == Came::refused)
        if (waits(tx, job, came, fallback_channel, now))
            return true;
    switch (came.how) {
    case Came::later: outbox.later(job.row, came.when, came.ambiguous, came.why); return troubles;
    case Came::said:
        said(tx, job, came, now);
        troubles = mended(tx, job, now);
        break;
    case Came::refused: refused(tx, job, came, fallback_channel, now); break;
    case Came::dropped: {
        // Taken back while it was looked up: it is wanted after all.
        if (any_wanted(tx, job)) {
            outbox.later(job.row, now, false, "");
            return false;
        }
        for (const auto* told : {&job.notifications, &job.unwanted})
            for (const auto& one : *told)
                storage::Notifications{tx}.cancel(one.id);
        break;
    }
    }
    if (job.attached)
        storage::Uploads{tx}.forget(job.row.key);
    storage::Troubles{tx}.wait_no_more(job.row.key);
    outbox.done(job.row);
    return troubles;
}

} // namespace delivery
