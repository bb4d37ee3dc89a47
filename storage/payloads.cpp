#include "storage/payloads.hpp"

#include "storage/sql.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>

namespace storage {

namespace {

using nlohmann::json;

constexpr std::array<std::string_view, 4> payload_states{"kept", "unread", "replayed", "dismissed"};
constexpr int most_dead = 200; // of a source
constexpr int most_large_dead = 32; // of those, longer than most_body
constexpr auto payloads_kept = std::chrono::days{30};
// Of what is understood so many in as many seconds: in a storm one looks like the other, and all of them would be written twice.
constexpr int burst = 5;

std::string_view payload_state_out(PayloadState state) { return payload_states[static_cast<std::size_t>(state)]; }

PayloadState payload_state_in(const std::string& text)
{
    return static_cast<PayloadState>(std::find(payload_states.begin(), payload_states.end() - 1, text) - payload_states.begin());
}

constexpr std::string_view select_payloads{
    "SELECT id, source, state, at, format, whole, alerts, words, rest, query, headers, body FROM payloads "};

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
    for (Query row{tx, std::string{select_payloads} + std::string{where}, values...}; row.step();)
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
    if (is_dead && payload.body.size() > most_body)
        trim(tx, "state = 'unread' AND length(body) > 65536", payload.source, most_large_dead);
    if (is_dead)
        trim(tx, "state = 'unread'", payload.source, most_dead);
    else
        trim(tx, "state <> 'unread'", payload.source, kept_of_each);
}

std::optional<Payload> Payloads::find(std::int64_t id) const
{
    auto found = payloads_where(tx, "WHERE id = $1", id);
    return found.empty() ? std::nullopt : std::optional{std::move(found.front())};
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
