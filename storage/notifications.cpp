#include "storage/repositories.hpp"
#include "storage/sql.hpp"

namespace storage {

namespace {

oncall::NotificationState notification_state(const std::string& name)
{
    using enum oncall::NotificationState;
    return name == "planned" ? planned : name == "sent" ? sent : name == "failed" ? failed : cancelled;
}

oncall::Notification notification_in(Query& row)
{
    oncall::Notification found;
    found.id = {row.integer()};
    found.key = row.text();
    found.page = {row.integer()};
    found.alert = {row.integer()};
    found.at.round = row.number();
    found.at.level = row.number();
    found.at.attempt = row.number();
    found.person = row.text();
    found.method = row.text();
    found.state = notification_state(row.text());
    found.planned_at = row.time();
    found.sent_at = row.time();
    found.error = row.text();
    return found;
}

} // namespace

bool Notifications::add(oncall::Notification& notification) const
{
    run(tx,
        "INSERT INTO notifications (key, page, alert, round, level, attempt, person, method, state, planned_at, sent_at, error)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'planned', $9, 0, '') ON CONFLICT (key) DO NOTHING",
        notification.key, notification.page.value, notification.alert.value, notification.at.round, notification.at.level,
        notification.at.attempt, notification.person, notification.method, notification.planned_at);
    if (tx.changes() == 0)
        return false;
    notification.id = {tx.last_id()};
    return true;
}

std::optional<oncall::Notification> Notifications::find(oncall::NotificationId id) const
{
    Query row{tx,
        "SELECT id, key, page, alert, round, level, attempt, person, method, state, planned_at, sent_at, error FROM notifications"
        " WHERE id = $1",
        id.value};
    if (!row.step())
        return std::nullopt;
    return notification_in(row);
}

std::vector<oncall::Notification> Notifications::of_page(oncall::PageId page) const
{
    std::vector<oncall::Notification> found;
    for (Query row{tx,
             "SELECT id, key, page, alert, round, level, attempt, person, method, state, planned_at, sent_at, error FROM "
             "notifications"
             " WHERE page = $1 ORDER BY id",
             page.value};
         row.step();)
        found.push_back(notification_in(row));
    return found;
}

void Notifications::sent(oncall::NotificationId id, TimePoint at) const
{
    run(tx, "UPDATE notifications SET state = 'sent', sent_at = $2 WHERE id = $1", id.value, at);
}

void Notifications::failed(oncall::NotificationId id, const std::string& error) const
{
    run(tx, "UPDATE notifications SET state = 'failed', error = $2 WHERE id = $1 AND state = 'planned'", id.value, error);
}

void Notifications::withdraw(oncall::PageId page) const
{
    // The plus keeps SQLite from walking all that is ready: there are only a few keys.
    run(tx,
        "DELETE FROM outbox WHERE +state = 'ready' AND ambiguous = 0 AND key IN"
        " (SELECT 'dm:' || key FROM notifications WHERE page = $1 AND state = 'planned')",
        page.value);
    run(tx,
        "UPDATE notifications SET state = 'cancelled' WHERE page = $1 AND state = 'planned' AND NOT EXISTS"
        " (SELECT 1 FROM outbox WHERE outbox.key = 'dm:' || notifications.key)",
        page.value);
}

} // namespace storage
