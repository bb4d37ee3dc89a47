#include "storage/heartbeats.hpp"

#include "storage/sql.hpp"

#include <nlohmann/json.hpp>

namespace storage {

namespace {

constexpr std::string_view select_heartbeats{
    "SELECT id, source, name, description, every, unit, enabled, alert_message, priority, tags, owner_team, pinged_at, "
    "counts_from, expired, grace, service, severity, configured, started_at, lasted, failure, last_words, "
    "paused_until, paused_by, pause_reason FROM heartbeats "};

oncall::Heartbeat heartbeat_in(Query& row)
{
    oncall::Heartbeat one;
    one.id = row.integer();
    one.source = row.text();
    one.name = row.text();
    one.description = row.text();
    one.every = row.number();
    one.unit = row.text();
    one.enabled = row.number() != 0;
    one.alert_message = row.text();
    one.priority = row.text();
    one.tags = nlohmann::json::parse(row.text()).get<std::vector<std::string>>();
    one.owner_team = row.text();
    one.pinged_at = row.time();
    one.counts_from = row.time();
    one.expired = row.number() != 0;
    one.grace = oncall::milliseconds{row.integer()};
    one.service = row.text();
    one.severity = row.text();
    one.configured = row.number() != 0;
    one.started_at = row.time();
    one.lasted = oncall::milliseconds{row.integer()};
    one.failure = row.text();
    one.last_words = row.text();
    one.paused_until = row.time();
    one.paused_by = row.text();
    one.pause_reason = row.text();
    return one;
}

std::string tags_out(const std::vector<std::string>& tags)
{
    return nlohmann::json(tags).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

} // namespace

void Heartbeats::add(oncall::Heartbeat& one) const
{
    run(tx,
        "INSERT INTO heartbeats (source, name, description, every, unit, enabled, alert_message, priority, tags, owner_team, "
        "pinged_at, counts_from, expired, grace, service, severity, configured, started_at, lasted, failure, last_words, "
        "paused_until, paused_by, pause_reason) VALUES "
        "($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24)",
        one.source, one.name, one.description, one.every, one.unit, one.enabled ? 1 : 0, one.alert_message, one.priority,
        tags_out(one.tags), one.owner_team, one.pinged_at, one.counts_from, one.expired ? 1 : 0, one.grace.count(), one.service,
        one.severity, one.configured ? 1 : 0, one.started_at, one.lasted.count(), one.failure, one.last_words, one.paused_until,
        one.paused_by, one.pause_reason);
    one.id = tx.last_id();
}

std::optional<oncall::Heartbeat> Heartbeats::find(std::int64_t id) const
{
    Query row{tx, std::string{select_heartbeats} + "WHERE id = $1", id};
    return row.step() ? std::optional{heartbeat_in(row)} : std::nullopt;
}

std::optional<oncall::Heartbeat> Heartbeats::find(const std::string& source, const std::string& name) const
{
    Query row{tx, std::string{select_heartbeats} + "WHERE source = $1 AND name = $2", source, name};
    return row.step() ? std::optional{heartbeat_in(row)} : std::nullopt;
}

std::vector<oncall::Heartbeat> Heartbeats::of_source(const std::string& source) const
{
    std::vector<oncall::Heartbeat> all;
    for (Query row{tx, std::string{select_heartbeats} + "WHERE source = $1 ORDER BY name LIMIT $2", source, most_of_source};
         row.step();)
        all.push_back(heartbeat_in(row));
    return all;
}

std::vector<oncall::Heartbeat> Heartbeats::all() const
{
    std::vector<oncall::Heartbeat> all;
    for (Query row{tx, std::string{select_heartbeats} + "ORDER BY name, source LIMIT $1", most_listed}; row.step();)
        all.push_back(heartbeat_in(row));
    return all;
}

std::vector<oncall::Heartbeat> Heartbeats::configured() const
{
    std::vector<oncall::Heartbeat> all;
    for (Query row{tx, std::string{select_heartbeats} + "WHERE configured = 1 ORDER BY id"}; row.step();)
        all.push_back(heartbeat_in(row));
    return all;
}

std::vector<oncall::Heartbeat> Heartbeats::paused() const
{
    std::vector<oncall::Heartbeat> all;
    for (Query row{tx, std::string{select_heartbeats} + "WHERE enabled = 0 ORDER BY paused_until, id"}; row.step();)
        all.push_back(heartbeat_in(row));
    return all;
}

std::vector<oncall::Heartbeat> Heartbeats::ahead_of(TimePoint now) const
{
    std::vector<oncall::Heartbeat> all;
    for (Query row{tx, std::string{select_heartbeats} + "WHERE pinged_at > $1 OR counts_from > $1 OR started_at > $1", now};
         row.step();)
        all.push_back(heartbeat_in(row));
    return all;
}

int Heartbeats::made_by_pings(const std::string& source) const
{
    Query row{tx, "SELECT count(*) FROM heartbeats WHERE source = $1 AND configured = 0", source};
    return row.step() ? row.number() : 0;
}

void Heartbeats::save(const oncall::Heartbeat& one) const
{
    run(tx,
        "UPDATE heartbeats SET description = $2, every = $3, unit = $4, enabled = $5, alert_message = $6, priority = $7, tags = "
        "$8, owner_team = $9, pinged_at = $10, counts_from = $11, expired = $12, grace = $13, service = $14, severity = $15, "
        "configured = "
        "$16, started_at = $17, lasted = $18, failure = $19, last_words = $20, paused_until = $21, paused_by = $22, pause_reason "
        "= "
        "$23 WHERE id = $1",
        one.id, one.description, one.every, one.unit, one.enabled ? 1 : 0, one.alert_message, one.priority, tags_out(one.tags),
        one.owner_team, one.pinged_at, one.counts_from, one.expired ? 1 : 0, one.grace.count(), one.service, one.severity,
        one.configured ? 1 : 0, one.started_at, one.lasted.count(), one.failure, one.last_words, one.paused_until, one.paused_by,
        one.pause_reason);
}

void Heartbeats::remove(std::int64_t id) const { run(tx, "DELETE FROM heartbeats WHERE id = $1", id); }

TimePoint Heartbeats::listening_since() const
{
    Query row{tx, "SELECT at FROM starts ORDER BY id DESC LIMIT 1"};
    return row.step() ? row.time() : TimePoint{};
}

} // namespace storage
