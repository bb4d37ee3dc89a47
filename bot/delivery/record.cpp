#include "delivery/digest.hpp"
#include "delivery/outcome.hpp"
#include "oncall/escalation.hpp"
#include "oncall/reach_words.hpp"
#include "storage/contact_sends.hpp"
#include "storage/contacts.hpp"
#include "storage/digests.hpp"

#include <algorithm>

namespace delivery {

using oncall::TimePoint;
using storage::Transaction;

namespace {

// A provider that calls nobody back is asked: after 5 s, and ever less often for half an hour.
constexpr oncall::milliseconds first_look{5'000};
constexpr oncall::milliseconds longest_look{10 * 60'000};
constexpr int most_looks = 9;

void follow(Transaction& tx, std::int64_t message, const std::string& lane, TimePoint now)
{
    storage::Outbox{tx}.add("message:" + std::to_string(message), "dm_update", storage::Priority::card, lane, message, "", now);
}

/// Whoever delivers a notification has it.
void taken(Transaction& tx, const Job& job, const Came& came, TimePoint now)
{
    const storage::Notifications notifications{tx};
    if (job.notification.value != 0)
        notifications.sent(job.notification, now, came.provider, came.reference);
    storage::ContactMethods{tx}.used(job.contact, now, "sent");
    // Of a digest all arrive together, and one is looked up for all.
    for (const auto id : job.together)
        notifications.sent(id, now, came.provider, came.reference);
    const auto one = notifications.find(job.together.empty() ? job.notification : job.together.front());
    if (one && came.quiet)
        not_heard(tx, *one, now);
    if (one && !came.passed_over.empty())
        taken_instead(tx, *one, came.provider, came.passed_over, now);
    if (!one || !job.by)
        return;
    if (const auto page = storage::Pages{tx}.find(one->page); page && !oncall::is_running(*page))
        hush(tx, *one, now); // answered while it was under way
    if (came.confirmed) {
        for (const auto& each : storage::Digests{tx}.together(*one))
            if (each.state == oncall::NotificationState::sent)
                arrived(tx, each, came.why, now);
    } else if (!came.reference.empty()) {
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
    const auto method = job.row.key.starts_with("test:") ? methods.find(job.contact) : std::nullopt;
    if (method)
        storage::Outbox{tx}.add("told:" + job.row.key, "person_words", storage::Priority::answer, method->person, 0,
            method->person + "\nThe test by " + words_of(*method, false) + ": " + words, now);
}

void words_said(Transaction& tx, const Job& job, const Came& came, TimePoint now)
{
    used(tx, job, "sent", came.provider.empty() ? "sent." : "sent, " + came.provider + " has it.", now);
    storage::ContactSends::Awaited words;
    words.contact = job.contact;
    words.test = job.row.key.starts_with("test:") ? job.row.key : "";
    if (job.by && !came.reference.empty())
        storage::ContactSends{tx}.await(words, came.provider, came.reference, *job.by, now + first_look);
}

/// Each alert of a digest knows where it is shown.
void shown_together(Transaction& tx, const Job& job, const Came& came, TimePoint now)
{
    const storage::Messages messages{tx};
    for (const auto id : job.together)
        if (const auto one = storage::Notifications{tx}.find(id))
            messages.add({0, one->alert, job.kind, job.place, came.channel, came.ts, 0});
    tell_rest(tx, job, came.channel, came.ts, now);
    if (digest_version(tx, job.together) != job.version)
        if (const auto message = messages.at(came.channel, came.ts))
            follow(tx, message->id, came.channel, now);
}

void said(Transaction& tx, const Job& job, const Came& came, TimePoint now)
{
    const storage::Outbox outbox{tx};
    const storage::Messages messages{tx};
    if (job.notification.value != 0 || !job.together.empty())
        taken(tx, job, came, now);
    else if (job.contact.value != 0)
        words_said(tx, job, came, now);
    if (job.row.kind == "thread") {
        messages.told(job.shown_message, came.told_up_to);
        if (came.told_up_to < job.told_up_to)
            outbox.add(job.row.key, "thread", job.row.priority, job.row.lane, job.row.subject, job.row.body, now);
        return;
    }
    if (job.row.kind == "replace") {
        // Things went on while it was under way, and it may have arrived after newer words.
        const auto alert = storage::Alerts{tx}.find(job.alert);
        const auto message = messages.find(job.shown_message);
        const bool several = message && message->kind == "digest";
        if (several || (alert && alert->version != job.version))
            follow(tx, job.shown_message, job.row.lane, now);
        return;
    }
    if (job.kind.empty())
        return;
    if (job.kind == "digest") {
        shown_together(tx, job, came, now);
        return;
    }
    messages.add({0, job.alert, job.kind, job.place, came.channel, came.ts, 0});
    if (job.kind == "card") {
        outbox.add("thread:" + std::to_string(job.alert.value), "thread", storage::Priority::furniture, job.row.lane,
            job.alert.value, job.place, now);
        return;
    }
    // Answered while it was under way: what was posted must say so.
    const auto alert = storage::Alerts{tx}.find(job.alert);
    if (alert && alert->version != job.version)
        if (const auto message = messages.at(came.channel, came.ts))
            follow(tx, message->id, came.channel, now);
}

/// An attempt of a notification failed. Slack and mail take up nothing again that they refused.
void unreachable(Transaction& tx, const Job& job, const Came& came, TimePoint now)
{
    if (came.gone)
        storage::ContactMethods{tx}.stop(job.contact, now);
    if (const auto notification = storage::Notifications{tx}.find(job.notification))
        attempt_failed(tx, *notification, came.why, came.for_good || !job.by, now);
    for (const auto id : job.together)
        if (const auto one = storage::Notifications{tx}.find(id))
            attempt_failed(tx, *one, came.why, came.for_good || !job.by, now);
}

/// A provider was asked what became of something: it said so, or it is asked again, ever less often.
void looked(Transaction& tx, const Job& job, const Came& came, TimePoint now)
{
    const storage::Outbox outbox{tx};
    if (came.report)
        confirm(tx, job.reference, *came.report, came.report->why, now);
    const auto one = storage::Notifications{tx}.by_reference(job.reference);
    const bool waits = job.row.kind == "look_words" ? storage::ContactSends{tx}.awaited(job.reference).has_value()
                                                    : one && one->state == oncall::NotificationState::sent;
    if (waits && job.row.attempts < most_looks)
        outbox.later(job.row,
            now + std::min<oncall::milliseconds>(first_look * (2 << std::min(job.row.attempts, 8)), longest_look), false,
            came.why);
    else
        outbox.done(job.row);
}

bool any_wanted(Transaction& tx, const Job& job)
{
    auto all = job.together;
    all.push_back(job.notification);
    return std::any_of(all.begin(), all.end(), [&](oncall::NotificationId id) {
        const auto one = storage::Notifications{tx}.find(id);
        return one && is_wanted(tx, *one);
    });
}

void refused(Transaction& tx, const Job& job, const Came& came, const std::string& fallback_channel, TimePoint now)
{
    const storage::Outbox outbox{tx};
    const auto& why = came.why;
    if (job.notification.value != 0 || !job.together.empty())
        unreachable(tx, job, came, now);
    else if (job.contact.value != 0)
        used(tx, job, "failed: " + why, "failed: " + why, now);
    if (job.method == "response_url") {
        if (job.shown_message != 0)
            follow(tx, job.shown_message, job.row.lane, now);
    } else if (job.method == "chat.update" && job.row.kind == "card") {
        // Deleted, or no longer ours: a new card takes its place.
        if (why.starts_with("message_not_found") || why.starts_with("cant_update_message")
            || why.starts_with("edit_window_closed")) {
            storage::Messages{tx}.forget(job.shown_message);
            outbox.add(job.row.key, "card", storage::Priority::card, job.row.lane, job.alert.value, job.row.body, now);
        }
    } else if (job.row.kind == "override_dm") {
        // Whoever made the change reads that this person was told.
        if (!fallback_channel.empty())
            outbox.add(job.row.key + ":elsewhere", "override_line", job.row.priority, fallback_channel, job.row.subject,
                fallback_channel + "\nI could not tell <@" + job.to + "> this (" + why
                    + "). Please make sure they know:" + job.row.body.substr(job.to.size()),
                now);
    } else if (job.row.kind == "override_line") {
        // Who changes is told by a message of their own; this line is for whoever looks at the channel.
        if (job.to != fallback_channel && !fallback_channel.empty())
            outbox.add(job.row.key + ":elsewhere", "override_line", job.row.priority, fallback_channel, job.row.subject,
                fallback_channel + job.row.body.substr(job.to.size()) + "\nI could not post this in " + job.to + ": " + why
                    + ". Invite me there, or name another channel in the configuration.",
                now);
    } else if (job.method == "chat.postMessage" && !job.to_person && job.to != fallback_channel && !fallback_channel.empty()
        && job.row.kind != "thread") {
        outbox.add("dead_end:" + job.row.key, "dead_end", storage::Priority::page, fallback_channel, job.alert.value,
            fallback_channel + "\nI could not post in " + job.to + ": " + why
                + ". Invite me there, or name another channel in the configuration.",
            now);
    }
}

} // namespace

void record(Transaction& tx, const Job& job, const Came& came, const std::string& fallback_channel, TimePoint now)
{
    const storage::Outbox outbox{tx};
    if (job.row.kind == "look" || job.row.kind == "look_words") {
        looked(tx, job, came, now);
        return;
    }
    switch (came.how) {
    case Came::later: outbox.later(job.row, came.when, came.ambiguous, came.why); return;
    case Came::said: said(tx, job, came, now); break;
    case Came::refused: refused(tx, job, came, fallback_channel, now); break;
    case Came::dropped:
        // Taken back while it was looked up: it is wanted after all.
        if (any_wanted(tx, job)) {
            outbox.later(job.row, now, false, "");
            return;
        }
        storage::Notifications{tx}.cancel(job.notification);
        break;
    }
    if (!job.together.empty())
        digest_done(tx, job);
    outbox.done(job.row);
}

} // namespace delivery
