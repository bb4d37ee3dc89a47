#include "storage/troubles.hpp"

#include "storage/sql.hpp"

namespace storage {

namespace {

constexpr std::string_view trouble_columns{
    "SELECT kind, subject, code, method, since, due, said_at, over_at, released FROM troubles"};

Trouble trouble_in(Query& row)
{
    Trouble one;
    one.of.kind = row.text();
    one.of.subject = row.text();
    one.code = row.text();
    one.method = row.text();
    one.since = row.time();
    one.due = row.time();
    one.said_at = row.time();
    one.over_at = row.time();
    one.released = row.integer();
    return one;
}

} // namespace

std::vector<Trouble> Troubles::all() const
{
    std::vector<Trouble> found;
    for (Query row{tx, std::string{trouble_columns} + " ORDER BY kind, subject"}; row.step();)
        found.push_back(trouble_in(row));
    return found;
}

std::optional<Trouble> Troubles::find(const TroubleKey& of) const
{
    Query row{tx, std::string{trouble_columns} + " WHERE kind = $1 AND subject = $2", of.kind, of.subject};
    return row.step() ? std::optional{trouble_in(row)} : std::nullopt;
}

bool Troubles::note(const TroubleKey& of, const std::string& code, const std::string& method, TimePoint now, TimePoint due) const
{
    const auto known = find(of);
    if (known && known->over_at == TimePoint{})
        return false;
    // It was over for a moment, and nobody was told so: it goes on.
    run(tx,
        "INSERT INTO troubles (kind, subject, code, method, since, due) VALUES ($1, $2, $3, $4, $5, $6)"
        " ON CONFLICT (kind, subject) DO UPDATE SET code = excluded.code, method = excluded.method, due = excluded.due, over_at "
        "= "
        "0, released = 0",
        of.kind, of.subject, code, method, now, due);
    return !known;
}

void Troubles::said(const TroubleKey& of, TimePoint now) const
{
    run(tx, "UPDATE troubles SET said_at = $3 WHERE kind = $1 AND subject = $2", of.kind, of.subject, now);
}

void Troubles::put_off(const TroubleKey& of, TimePoint due) const
{
    run(tx, "UPDATE troubles SET due = $3 WHERE kind = $1 AND subject = $2", of.kind, of.subject, due);
}

void Troubles::look_again(const std::string& kind, TimePoint now) const
{
    run(tx, "UPDATE troubles SET due = MIN(due, $2) WHERE kind = $1", kind, now);
    tx.touched.outbox = true;
}

void Troubles::over(const TroubleKey& of, std::int64_t released, TimePoint now) const
{
    run(tx, "DELETE FROM troubles WHERE kind = $1 AND subject = $2 AND said_at = 0", of.kind, of.subject);
    run(tx, "UPDATE troubles SET over_at = $3, released = released + $4 WHERE kind = $1 AND subject = $2 AND over_at = 0",
        of.kind, of.subject, now, released);
    tx.touched.outbox = true;
}

void Troubles::forget(const TroubleKey& of) const
{
    run(tx, "DELETE FROM troubles WHERE kind = $1 AND subject = $2", of.kind, of.subject);
}

bool Troubles::wait(const std::string& key, const TroubleKey& of) const
{
    if (awaited(key) == of)
        return false;
    run(tx,
        "INSERT INTO waiting_messages (key, kind, subject) VALUES ($1, $2, $3)"
        " ON CONFLICT (key) DO UPDATE SET kind = excluded.kind, subject = excluded.subject",
        key, of.kind, of.subject);
    return true;
}

std::optional<TroubleKey> Troubles::awaited(const std::string& key) const
{
    Query row{tx, "SELECT kind, subject FROM waiting_messages WHERE key = $1", key};
    if (!row.step())
        return std::nullopt;
    TroubleKey of;
    of.kind = row.text();
    of.subject = row.text();
    return of;
}

void Troubles::wait_no_more(const std::string& key) const { run(tx, "DELETE FROM waiting_messages WHERE key = $1", key); }

std::vector<OutboxRow> Troubles::waiting(const TroubleKey& of) const
{
    std::vector<OutboxRow> found;
    for (Query row{tx,
             "SELECT o.id, o.key, o.kind, o.lane, o.subject, o.body, o.created_at FROM waiting_messages w JOIN outbox o ON o.key "
             "= "
             "w.key WHERE w.kind = $1 AND w.subject = $2 AND o.state = 'ready' ORDER BY o.id",
             of.kind, of.subject};
         row.step();) {
        OutboxRow one;
        one.id = row.integer();
        one.key = row.text();
        one.kind = row.text();
        one.lane = row.text();
        one.subject = row.integer();
        one.body = row.text();
        one.created_at = row.time();
        found.push_back(std::move(one));
    }
    return found;
}

void Troubles::hurry(const std::string& key, TimePoint now) const
{
    run(tx, "UPDATE outbox SET next_attempt = MIN(next_attempt, $2) WHERE key = $1 AND state = 'ready'", key, now);
    tx.touched.outbox = true;
}

void Troubles::forget_strays() const { run(tx, "DELETE FROM waiting_messages WHERE key NOT IN (SELECT key FROM outbox)"); }

} // namespace storage
