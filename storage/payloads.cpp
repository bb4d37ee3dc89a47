#include "storage/payloads.hpp"

#include "storage/sql.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>

namespace storage {

namespace {

using nlohmann::json;

constexpr std::array<std::string_view, 4> payload_states{"kept", "unread", "replayed", "dismissed"};
constexpr auto payloads_kept = std::chrono::days{30};
// Of what is understood so many in as many seconds: in a storm one looks like the other, and all of them would be written twice.
constexpr int burst = 5;

std::string_view payload_state_out(PayloadState state) { return payload_states[static_cast<std::size_t>(state)]; }

PayloadState payload_state_in(const std::string& text)
{
    return static_cast<PayloadState>(std::find(payload_states.begin(), payload_states.end() - 1, text) - payload_states.begin());
}

// The body is the last column: what does not ask for it does not read the pages that it fills.
constexpr std::string_view payload_columns{"SELECT id, source, state, at, format, whole, alerts, words, rest, query, headers, "};

Payload payload_in(Query& row)
{
    Payload payload;
    payload.id = row.integer();
    payload.source = row.text();
    payload.state = payload_state_in(row.text());
    payload.at = row.time();
    payload.format = row.text();
    payload.whole = row.number() != 0;
    payload.alerts = json::parse(row.text()).get<std::vector<std::int64_t>>();
    payload.words = row.text();
    payload.rest = row.text();
    payload.query = row.text();
    payload.headers = row.text();
    payload.body = row.text();
    return payload;
}

template <class... Values> std::vector<Payload> payloads_where(Transaction& tx, std::string_view where, const Values&... values)
{
    std::vector<Payload> found;
    for (Query row{tx, std::string{payload_columns} + "'' FROM payloads " + std::string{where}, values...}; row.step();)
        found.push_back(payload_in(row));
    return found;
}

bool is_storm(Transaction& tx, const std::string& source, TimePoint now)
{
    Query row{
        tx, "SELECT at FROM payloads WHERE source = $1 AND state = 'kept' ORDER BY id DESC LIMIT 1 OFFSET $2", source, burst - 1};
    if (!row.step())
        return false;
    const auto then = row.time();
    return then <= now && now - then < std::chrono::seconds{burst};
}

/// The id from which on none of those is too many; nullopt: all may stay.
std::optional<std::int64_t> too_many_from(Transaction& tx, std::string_view which, const std::string& source, int most)
{
    Query row{tx, "SELECT id FROM payloads WHERE source = $1 AND " + std::string{which} + " ORDER BY id DESC LIMIT 1 OFFSET $2",
        source, most};
    return row.step() ? std::optional{row.integer()} : std::nullopt;
}

void trim(Transaction& tx, std::string_view which, const std::string& source, int most)
{
    if (const auto id = too_many_from(tx, which, source, most))
        run(tx, "DELETE FROM payloads WHERE source = $1 AND id <= $2 AND " + std::string{which}, source, *id);
}

/// Drops the dead letters of its source that are too many beside a new one, and counts them.
int drop_too_many_dead(Transaction& tx, const Payload& added)
{
    // What its sender was told is kept comes before what was refused.
    constexpr std::string_view last_to_go{" ORDER BY id = $2 DESC, alerts = '[]', id DESC LIMIT 1000"};
    constexpr std::string_view dead{" FROM payloads WHERE source = $1 AND state = 'unread'"};
    std::vector<std::int64_t> dropped;
    if (added.body.size() > Payloads::most_body) {
        int count = 0;
        std::int64_t bytes = 0;
        for (Query row{tx, "SELECT id, length(body)" + std::string{dead} + " AND length(body) > 65536" + std::string{last_to_go},
                 added.source, added.id};
             row.step();) {
            const auto id = row.integer();
            bytes += row.integer();
            if (++count > Payloads::most_large_dead || bytes > Payloads::most_large_dead_bytes)
                dropped.push_back(id);
        }
    }
    int count = 0;
    for (Query row{tx, "SELECT id" + std::string{dead} + std::string{last_to_go}, added.source, added.id}; row.step();) {
        const auto id = row.integer();
        if (std::find(dropped.begin(), dropped.end(), id) == dropped.end() && ++count > Payloads::most_dead)
            dropped.push_back(id);
    }
    for (const auto id : dropped)
        run(tx, "DELETE FROM payloads WHERE id = $1", id);
    return static_cast<int>(dropped.size());
}

} // namespace

void Payloads::add(Payload& payload) const
{
    payload.id = 0;
    const bool is_dead = payload.state == PayloadState::unread;
    if (!is_dead && is_storm(tx, payload.source, payload.at))
        return;
    payload.whole = payload.whole && payload.body.size() <= most_of(payload.state);
    if (payload.body.size() > most_of(payload.state))
        payload.body.resize(most_of(payload.state));
    run(tx,
        "INSERT INTO payloads (source, state, at, format, whole, alerts, words, rest, query, headers, body) VALUES ($1, $2, $3, "
        "$4, $5, $6, $7, $8, $9, $10, $11)",
        payload.source, payload_state_out(payload.state), payload.at, payload.format, payload.whole, json(payload.alerts).dump(),
        payload.words, payload.rest, payload.query, payload.headers, payload.body);
    payload.id = tx.last_id();
    if (is_dead)
        payload.dropped = drop_too_many_dead(tx, payload);
    else
        trim(tx, "state <> 'unread'", payload.source, kept_of_each);
}

std::optional<Payload> Payloads::find(std::int64_t id) const
{
    Query row{tx, std::string{payload_columns} + "body FROM payloads WHERE id = $1", id};
    return row.step() ? std::optional{payload_in(row)} : std::nullopt;
}

std::vector<Payload> Payloads::last(const std::string& source, int most) const
{
    return source.empty() ? payloads_where(tx, "ORDER BY id DESC LIMIT $1", most)
                          : payloads_where(tx, "WHERE source = $1 ORDER BY id DESC LIMIT $2", source, most);
}

std::vector<Payload> Payloads::dead(const std::string& source, int most) const
{
    return source.empty() ? payloads_where(tx, "WHERE state = 'unread' ORDER BY id DESC LIMIT $1", most)
                          : payloads_where(tx, "WHERE state = 'unread' AND source = $1 ORDER BY id DESC LIMIT $2", source, most);
}

std::int64_t Payloads::count_dead() const
{
    Query row{tx, "SELECT COUNT(*) FROM payloads WHERE state = 'unread'"};
    row.step();
    return row.integer();
}

std::int64_t Payloads::open_reasons(const std::string& source) const
{
    Query row{tx, "SELECT COUNT(*) FROM alerts WHERE source = $1 AND state <> 'resolved' AND dedup_key LIKE 'unread:%'", source};
    row.step();
    return row.integer();
}

std::map<std::string, std::int64_t> Payloads::count_dead_of_each() const
{
    std::map<std::string, std::int64_t> counts;
    for (Query row{tx, "SELECT source, COUNT(*) FROM payloads WHERE state = 'unread' GROUP BY source"}; row.step();) {
        auto source = row.text();
        counts.emplace(std::move(source), row.integer());
    }
    return counts;
}

bool Payloads::move(
    std::int64_t id, PayloadState from, PayloadState to, const std::string& words, const std::vector<std::int64_t>& alerts) const
{
    run(tx, "UPDATE payloads SET state = $3, words = $4, alerts = $5 WHERE id = $1 AND state = $2", id, payload_state_out(from),
        payload_state_out(to), words, json(alerts).dump());
    return tx.changes() == 1;
}

void Payloads::tidy(TimePoint now) const { run(tx, "DELETE FROM payloads WHERE at < $1", now - payloads_kept); }

} // namespace storage
