#include "delivery/job.hpp"
#include "oncall/escalation.hpp"

#include <algorithm>

namespace delivery {

using oncall::TimePoint;
using storage::Transaction;

namespace {

void follow(Transaction& tx, std::int64_t message, const std::string& lane, TimePoint now)
{
    storage::Outbox{tx}.add("message:" + std::to_string(message), "dm_update", storage::Priority::card, lane, message, "", now);
}

void said(Transaction& tx, const Job& job, const Came& came, TimePoint now)
{
    const storage::Outbox outbox{tx};
    const storage::Messages messages{tx};
    if (job.notification.value != 0)
        storage::Notifications{tx}.sent(job.notification, now);
    if (job.row.kind == "thread") {
        messages.told(job.shown_message, came.told_up_to);
        if (came.told_up_to < job.told_up_to)
            outbox.add(job.row.key, "thread", job.row.priority, job.row.lane, job.row.subject, job.row.body, now);
        return;
    }
    if (job.row.kind == "replace") {
        // Things went on while it was under way, and it may have arrived after newer words.
        const auto alert = storage::Alerts{tx}.find(job.alert);
        if (alert && alert->version != job.version)
            follow(tx, job.shown_message, job.row.lane, now);
        return;
    }
    if (job.kind.empty())
        return;
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

/// A notification failed for good. When nobody of its try can be reached any more, the next one comes now instead of after its
/// patience.
void unreachable(Transaction& tx, const Job& job, const std::string& why, TimePoint now)
{
    const storage::Notifications notifications{tx};
    const auto notification = notifications.find(job.notification);
    if (!notification)
        return;
    notifications.failed(job.notification, why);
    const auto means = notification->method == "email" ? "e-mail" : "Slack";
    storage::Timeline{tx}.add(job.alert, now, "", means, "could not reach " + notification->person + " by " + means + ": " + why);
    for (const auto& message : storage::Messages{tx}.of_alert(job.alert))
        if (message.kind == "card")
            storage::Outbox{tx}.add("thread:" + std::to_string(job.alert.value), "thread", storage::Priority::furniture,
                message.place, job.alert.value, message.place, now);
    auto page = storage::Pages{tx}.find(notification->page);
    if (!page || page->state != oncall::PageState::paging || notification->method == "fallback")
        return;
    const auto all = notifications.of_page(page->id);
    const auto last = oncall::last_step(*page);
    const bool hope = std::any_of(all.begin(), all.end(), [&](const oncall::Notification& one) {
        using enum oncall::NotificationState;
        return last && one.at == *last && one.method != "fallback" && (one.state == planned || one.state == sent);
    });
    if (hope)
        return;
    page->due = now;
    storage::Pages{tx}.save(*page);
    storage::Timers{tx}.set(storage::TimerKind::page, page->id.value, now);
}

void refused(Transaction& tx, const Job& job, const std::string& why, const std::string& fallback_channel, TimePoint now)
{
    const storage::Outbox outbox{tx};
    if (job.notification.value != 0)
        unreachable(tx, job, why, now);
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
    switch (came.how) {
    case Came::later: outbox.later(job.row, came.when, came.ambiguous, came.why); return;
    case Came::said: said(tx, job, came, now); break;
    case Came::refused: refused(tx, job, came.why, fallback_channel, now); break;
    case Came::dropped:
        // Taken back while it was looked up: it is wanted after all.
        if (const auto one = storage::Notifications{tx}.find(job.notification); one && is_wanted(tx, *one)) {
            outbox.later(job.row, now, false, "");
            return;
        }
        storage::Notifications{tx}.cancel(job.notification);
        break;
    }
    outbox.done(job.row);
}

} // namespace delivery
