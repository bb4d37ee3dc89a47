#include "oncall/escalation.hpp"
#include "storage/repositories.hpp"
#include "storage/sql.hpp"

namespace storage {

namespace {

oncall::NotificationState notification_state(const std::string& name)
{
    using enum oncall::NotificationState;
    return name == "planned"  ? planned
        : name == "sent"      ? sent
        : name == "confirmed" ? confirmed
        : name == "failed"    ? failed
        : name == "declined"  ? declined
                              : cancelled;
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
    found.why = row.text();
    found.run = {row.integer()};
    found.step = row.number();
    found.attempts = row.number();
    found.provider = row.text();
    found.reference = row.text();
    found.confirmed_at = row.time();
    return found;
}

const std::string select_notifications =
    "SELECT id, key, page, alert, round, level, attempt, person, method, state, planned_at, sent_at, error, "
    "why, run, step, attempts, provider, reference, confirmed_at FROM notifications ";

std::optional<oncall::Notification> one_notification(Query row)
{
    if (!row.step())
        return std::nullopt;
    return notification_in(row);
}

/// Counted once it is committed, by the kind of method; a drill's is not.
void counted(Transaction& tx, oncall::NotificationId id, const std::string& outcome)
{
    Query row{tx,
        "SELECT notifications.method FROM notifications LEFT JOIN alerts ON alerts.id = notifications.alert"
        " WHERE notifications.id = $1 AND COALESCE(alerts.drill, 0) = 0",
        id.value};
    if (!row.step())
        return;
    const auto method = row.text();
    ++tx.touched.notified[{method.substr(0, method.find(':')), outcome}];
}

} // namespace

bool Notifications::add(oncall::Notification& notification) const
{
    run(tx,
        "INSERT INTO notifications (key, page, alert, round, level, attempt, person, method, state, planned_at, sent_at, error, "
        "why, run, step, attempts, bundle)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'planned', $9, 0, '', $10, $11, $12, 1, COALESCE((SELECT bundle FROM runs "
        "WHERE id = $11), 0)) ON CONFLICT (key) DO NOTHING",
        notification.key, notification.page.value, notification.alert.value, notification.at.round, notification.at.level,
        notification.at.attempt, notification.person, notification.method, notification.planned_at, notification.why,
        notification.run.value, notification.step);
    if (tx.changes() == 0)
        return false;
    notification.id = {tx.last_id()};
    counted(tx, notification.id, "planned");
    return true;
}

std::optional<oncall::Notification> Notifications::find(oncall::NotificationId id) const
{
    static const auto sql = select_notifications + "WHERE id = $1";
    return one_notification(Query{tx, sql, id.value});
}

std::optional<oncall::Notification> Notifications::find(const std::string& key) const
{
    static const auto sql = select_notifications + "WHERE key = $1";
    return one_notification(Query{tx, sql, key});
}

std::vector<oncall::Notification> Notifications::of_page(oncall::PageId page) const
{
    static const auto sql = select_notifications + "WHERE page = $1 ORDER BY id";
    std::vector<oncall::Notification> found;
    for (Query row{tx, sql, page.value}; row.step();)
        found.push_back(notification_in(row));
    return found;
}

oncall::BundleId Notifications::bundle_of(const oncall::Notification& one) const
{
    if (one.run.value == 0)
        return {};
    Query row{tx, "SELECT bundle FROM runs WHERE id = $1", one.run.value};
    return row.step() ? oncall::BundleId{row.integer()} : oncall::BundleId{};
}

std::vector<oncall::Notification> Notifications::of_message(const oncall::Notification& one) const
{
    const auto bundle = bundle_of(one);
    if (bundle.value == 0)
        return {one};
    static const auto sql = select_notifications + "WHERE bundle = $1 AND bundle <> 0 AND method = $2 AND step = $3 ORDER BY id";
    std::vector<oncall::Notification> found;
    for (Query row{tx, sql, bundle.value, one.method, one.step}; row.step();)
        found.push_back(notification_in(row));
    return found;
}

std::vector<oncall::Notification> Notifications::of_alert(oncall::AlertId alert) const
{
    static const auto sql = select_notifications + "WHERE page IN (SELECT id FROM pages WHERE alert = $1) ORDER BY id";
    std::vector<oncall::Notification> found;
    for (Query row{tx, sql, alert.value}; row.step();)
        found.push_back(notification_in(row));
    return found;
}

std::optional<oncall::Notification> Notifications::by_reference(const std::string& reference) const
{
    static const auto sql = select_notifications + "WHERE reference = $1 AND reference <> '' ORDER BY id DESC LIMIT 1";
    return one_notification(Query{tx, sql, reference});
}

void Notifications::sent(oncall::NotificationId id, TimePoint at, const std::string& provider, const std::string& reference) const
{
    run(tx,
        "UPDATE notifications SET state = CASE WHEN state IN ('declined', 'confirmed') THEN state ELSE 'sent' END, sent_at = $2, "
        "times_sent = times_sent + 1, provider = $3, reference = $4 WHERE id = $1",
        id.value, at, provider, reference);
    counted(tx, id, "sent");
}

void Notifications::confirmed(oncall::NotificationId id, TimePoint at) const
{
    run(tx,
        "UPDATE notifications SET state = CASE state WHEN 'declined' THEN state ELSE 'confirmed' END, confirmed_at = $2, error = "
        "CASE state WHEN 'declined' THEN error ELSE '' END WHERE id = $1 AND confirmed_at = 0",
        id.value, at);
    if (tx.changes() > 0)
        counted(tx, id, "confirmed");
}

bool Notifications::failed(oncall::NotificationId id, const std::string& error) const
{
    run(tx, "UPDATE notifications SET state = 'failed', error = $2 WHERE id = $1 AND state IN ('planned', 'sent')", id.value,
        error);
    if (tx.changes() == 0)
        return false;
    counted(tx, id, "failed");
    return true;
}

void Notifications::again(oncall::NotificationId id, const std::string& error) const
{
    run(tx,
        "UPDATE notifications SET state = 'planned', attempts = attempts + 1, error = $2 WHERE id = $1 AND state IN ('planned', "
        "'sent')",
        id.value, error);
}

void Notifications::cancel(oncall::NotificationId id) const
{
    run(tx, "UPDATE notifications SET state = 'cancelled' WHERE id = $1 AND state = 'planned'", id.value);
    if (tx.changes() > 0)
        counted(tx, id, "withdrawn");
}

bool Notifications::is_overtaken(const oncall::Notification& one) const
{
    // What is said to the fallback channel are different things.
    return one.method != "fallback"
        && Query{tx,
            "SELECT 1 FROM notifications WHERE page = $1 AND person = $2 AND method = $3 AND id > $4 AND state IN ('planned', "
            "'sent', 'confirmed')",
            one.page.value, one.person, one.method, one.id.value}
               .step();
}

void Notifications::withdraw(oncall::PageId page) const
{
    // The plus keeps SQLite from walking all that is ready: there are only a few keys. The row of a bundle is that of others too,
    // and finds out when its turn comes.
    run(tx,
        "DELETE FROM outbox WHERE +state = 'ready' AND ambiguous = 0 AND key IN"
        " (SELECT 'notify:' || key FROM notifications WHERE page = $1 AND state = 'planned' AND bundle = 0)",
        page.value);
    for (Query row{tx,
             "UPDATE notifications SET state = 'cancelled' WHERE page = $1 AND state = 'planned' AND NOT EXISTS"
             " (SELECT 1 FROM outbox WHERE outbox.key = 'notify:' || CASE bundle WHEN 0 THEN notifications.key ELSE 'bundle.' ||"
             " bundle || '.' || method || '.' || step END AND (bundle = 0 OR +outbox.state = 'leased' OR outbox.ambiguous = 1))"
             " RETURNING id",
             page.value};
         row.step();)
        counted(tx, {row.integer()}, "withdrawn");
}

void Notifications::decline(oncall::PageId page, const std::string& person) const
{
    run(tx,
        "DELETE FROM outbox WHERE +state = 'ready' AND ambiguous = 0 AND key IN"
        " (SELECT 'notify:' || key FROM notifications WHERE page = $1 AND person = $2 AND state = 'planned' AND bundle = 0)",
        page.value, person);
    run(tx,
        "UPDATE notifications SET state = 'declined' WHERE page = $1 AND person = $2 AND state IN ('planned', 'sent', "
        "'confirmed')",
        page.value, person);
}

void Notifications::add_declined(const oncall::Page& page, const std::string& person) const
{
    run(tx,
        "INSERT INTO notifications (key, page, alert, round, level, attempt, person, method, state, planned_at, sent_at, error, "
        "why) VALUES ($1, $2, $3, 0, 0, 0, $4, 'slack', 'declined', $5, 0, '', 'said not me') ON CONFLICT (key) DO NOTHING",
        std::to_string(page.id.value) + ".declined." + person, page.id.value, page.alert.value, person, page.started_at);
}

std::set<std::string> Notifications::declined(oncall::PageId page) const
{
    std::set<std::string> people;
    for (Query row{tx, "SELECT person FROM notifications WHERE page = $1 AND state = 'declined' AND error <> $2", page.value,
             oncall::passed_over};
         row.step();)
        people.insert(row.text());
    return people;
}

std::vector<oncall::Notification> Notifications::replan(
    oncall::PageId page, const std::function<bool(const oncall::Notification&)>& which) const
{
    std::vector<oncall::Notification> found;
    for (auto& one : of_page(page))
        if (one.state == oncall::NotificationState::cancelled && which(one))
            found.push_back(std::move(one));
    for (const auto& one : found)
        run(tx, "UPDATE notifications SET state = 'planned' WHERE id = $1", one.id.value);
    return found;
}

} // namespace storage
