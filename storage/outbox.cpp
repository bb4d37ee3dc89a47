#include "oncall/bundling.hpp"
#include "oncall/contact.hpp"
#include "storage/repositories.hpp"
#include "storage/sql.hpp"

namespace storage {

void Outbox::add(const std::string& key, const std::string& kind, Priority priority, const std::string& lane,
    std::int64_t subject, const std::string& body, TimePoint now) const
{
    tx.touched.outbox = true;
    // A row that waits for a retry keeps waiting: a newer state must not push past Slack's limits.
    run(tx,
        "INSERT INTO outbox (key, kind, priority, lane, subject, body, state, revision, attempts, created_at, next_attempt, "
        "ambiguous,"
        " error) VALUES ($1, $2, $3, $4, $5, $6, 'ready', 1, 0, $7, $7, 0, '')"
        " ON CONFLICT (key) DO UPDATE SET revision = revision + 1, body = excluded.body, priority = MIN(priority, "
        "excluded.priority)",
        key, kind, static_cast<int>(priority), lane, subject, body, now);
}

void Outbox::add(const oncall::Notification& one, oncall::Urgency urgency, TimePoint now) const
{
    // What can wait does not hold up what cannot.
    const auto priority = urgency == oncall::Urgency::low ? Priority::low_page : Priority::page;
    std::string kind = "contact";
    std::string lane = one.person;
    const auto method = oncall::method_in(one.method);
    if (one.method == "channel")
        kind = "channel_page";
    else if (one.method == "fallback" || !method)
        kind = "skipped";
    else if (method->kind == oncall::ContactKind::slack)
        kind = "dm";
    else if (method->kind == oncall::ContactKind::email)
        kind = "email";
    if (kind == "email")
        lane = "email:" + one.person;
    else if (kind == "contact")
        lane = "contact:" + std::string{oncall::name(method->kind)} + ":" + one.person;
    add("notify:" + oncall::message_of(one, Notifications{tx}.bundle_of(one)), kind, priority, lane, one.id.value, "", now);
}

void Outbox::follow(const ShownMessage& message, TimePoint now) const
{
    add(update_key(message), "dm_update", Priority::card, message.channel, message.id, "", now);
}

void Outbox::again(const std::string& key) const { run(tx, "UPDATE outbox SET revision = revision + 1 WHERE key = $1", key); }

void Outbox::wait(const std::string& key, TimePoint when) const
{
    run(tx, "UPDATE outbox SET next_attempt = MAX(next_attempt, $2) WHERE key = $1", key, when);
}

std::vector<OutboxRow> Outbox::ready(TimePoint now, const std::set<std::string>& busy, int most) const
{
    std::vector<OutboxRow> found;
    // From lane to lane by the index: a lane with ten thousand rows costs as much as one with a single row.
    for (Query row{tx,
             "WITH RECURSIVE lanes (lane) AS (SELECT MIN(lane) FROM outbox WHERE state = 'ready' UNION ALL"
             " SELECT (SELECT MIN(o.lane) FROM outbox o WHERE o.state = 'ready' AND o.lane > lanes.lane) FROM lanes WHERE "
             "lanes.lane IS NOT NULL)"
             " SELECT o.id, o.key, o.kind, o.priority, o.lane, o.subject, o.body, o.revision, o.attempts, o.created_at, "
             "o.next_attempt, o.ambiguous"
             " FROM lanes JOIN outbox o ON o.id = (SELECT f.id FROM outbox f WHERE f.state = 'ready' AND f.lane = lanes.lane AND"
             " f.next_attempt <= $1 ORDER BY f.priority, f.id LIMIT 1) ORDER BY o.priority, o.id",
             now};
         static_cast<int>(found.size()) < most && row.step();) {
        OutboxRow one;
        one.id = row.integer();
        one.key = row.text();
        one.kind = row.text();
        one.priority = static_cast<Priority>(row.integer());
        one.lane = row.text();
        one.subject = row.integer();
        one.body = row.text();
        one.revision = row.integer();
        one.attempts = row.number();
        one.created_at = row.time();
        one.next_attempt = row.time();
        one.ambiguous = row.integer() != 0;
        if (busy.contains(one.lane))
            continue;
        found.push_back(std::move(one));
    }
    return found;
}

void Outbox::lease(std::int64_t id) const
{
    run(tx, "UPDATE outbox SET state = 'leased', attempts = attempts + 1 WHERE id = $1", id);
}

void Outbox::done(const OutboxRow& row) const
{
    run(tx, "DELETE FROM outbox WHERE id = $1 AND revision = $2", row.id, row.revision);
    if (tx.changes() == 0) {
        run(tx, "UPDATE outbox SET state = 'ready', ambiguous = 0, attempts = 0 WHERE id = $1", row.id);
        tx.touched.outbox = true;
    }
}

void Outbox::later(const OutboxRow& row, TimePoint when, bool ambiguous, const std::string& error) const
{
    run(tx, "UPDATE outbox SET state = 'ready', next_attempt = $2, ambiguous = $3, error = $4 WHERE id = $1", row.id, when,
        ambiguous ? 1 : 0, error);
    tx.touched.outbox = true;
}

void Outbox::withdraw(const std::string& key_begins) const
{
    // A key is ASCII up to here, so that all that begin so lie between these two.
    run(tx, "DELETE FROM outbox WHERE key >= $1 AND key < $2 AND +state = 'ready' AND ambiguous = 0", key_begins,
        key_begins + "\x7f");
}

void Outbox::drop(std::int64_t id) const { run(tx, "DELETE FROM outbox WHERE id = $1", id); }

int Outbox::recover() const
{
    run(tx, "UPDATE outbox SET state = 'ready', ambiguous = 1 WHERE state = 'leased'");
    return tx.changes();
}

std::optional<TimePoint> Outbox::next(TimePoint after) const
{
    Query row{tx, "SELECT MIN(next_attempt) FROM outbox WHERE state = 'ready' AND next_attempt > $1", after};
    if (!row.step() || row.null())
        return std::nullopt;
    return row.time();
}

std::int64_t Outbox::count() const
{
    Query row{tx, "SELECT COUNT(*) FROM outbox"};
    row.step();
    return row.integer();
}

} // namespace storage
