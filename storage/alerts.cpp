#include "storage/repositories.hpp"
#include "storage/sql.hpp"
#include "storage/was_told.hpp"

#include <nlohmann/json.hpp>

namespace storage {

using nlohmann::json;

namespace {

oncall::AlertState alert_state(const std::string& name)
{
    using enum oncall::AlertState;
    for (const auto state : {triggered, promised, acknowledged, snoozed})
        if (name == oncall::name(state))
            return state;
    return resolved;
}

// Foreign text may hold broken UTF-8; it is replaced rather than refused.
std::string written(const json& value) { return value.dump(-1, ' ', false, json::error_handler_t::replace); }

std::string links_out(const std::vector<oncall::Link>& links)
{
    auto list = json::array();
    for (const auto& link : links)
        list.push_back(json{{"href", link.href}, {"text", link.text}});
    return written(list);
}

constexpr std::string_view alert_columns =
    "id, version, state, source, dedup_key, title, description, severity, urgency, service, team, "
    "rule, because, labels, links, count, triggered_at, answered_by, answered_at, answered_via, snoozed_until, drill, "
    "parent, group_key, suppressed, came_back, policy";

oncall::Alert alert_in(Query& row)
{
    oncall::Alert alert;
    alert.id = {row.integer()};
    alert.version = row.integer();
    alert.state = alert_state(row.text());
    alert.source = row.text();
    alert.dedup_key = row.text();
    alert.title = row.text();
    alert.description = row.text();
    alert.severity = row.text();
    alert.urgency = row.text() == "low" ? oncall::Urgency::low : oncall::Urgency::high;
    alert.service = row.text();
    alert.team = row.text();
    alert.rule = row.text();
    alert.because = row.text();
    const auto labels = json::parse(row.text());
    for (const auto& [name, value] : labels.items())
        alert.labels.emplace(name, value.get<std::string>());
    for (const auto& link : json::parse(row.text()))
        alert.links.push_back({link.at("href").get<std::string>(), link.at("text").get<std::string>()});
    alert.count = row.integer();
    alert.triggered_at = row.time();
    alert.answered_by = row.text();
    alert.answered_at = row.time();
    alert.answered_via = row.text();
    alert.snoozed_until = row.time();
    alert.drill = row.number() != 0;
    alert.parent = {row.integer()};
    alert.group_key = row.text();
    alert.suppressed = row.number() != 0;
    alert.came_back = row.number();
    alert.policy = row.text();
    return alert;
}

const std::string select_alerts = "SELECT " + std::string{alert_columns} + " FROM alerts ";

std::optional<oncall::Alert> one_alert(Query query)
{
    if (!query.step())
        return std::nullopt;
    return alert_in(query);
}

} // namespace

std::optional<Undo> Undos::find(oncall::AlertId alert) const
{
    Query row{tx,
        "SELECT version, actor, at, state, answered_by, answered_at, answered_via, snoozed_until, page_state FROM undo WHERE "
        "alert = $1",
        alert.value};
    if (!row.step())
        return std::nullopt;
    Undo undo;
    undo.version = row.integer();
    undo.actor = row.text();
    undo.at = row.time();
    undo.state = alert_state(row.text());
    undo.answered_by = row.text();
    undo.answered_at = row.time();
    undo.answered_via = row.text();
    undo.snoozed_until = row.time();
    undo.page_state = row.text();
    return undo;
}

void Undos::save(oncall::AlertId alert, const Undo& undo) const
{
    forget(alert);
    run(tx,
        "INSERT INTO undo (alert, version, actor, at, state, answered_by, answered_at, answered_via, snoozed_until, page_state)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        alert.value, undo.version, undo.actor, undo.at, oncall::name(undo.state), undo.answered_by, undo.answered_at,
        undo.answered_via, undo.snoozed_until, undo.page_state);
}

void Undos::forget(oncall::AlertId alert) const { run(tx, "DELETE FROM undo WHERE alert = $1", alert.value); }

void Alerts::add(oncall::Alert& alert) const
{
    run(tx,
        "INSERT INTO alerts (version, state, source, dedup_key, title, description, severity, urgency, service, team, rule, "
        "because,"
        " labels, links, count, triggered_at, answered_by, answered_at, snoozed_until, drill, parent, group_key, suppressed, "
        "came_back, policy)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, "
        "$25)",
        alert.version, oncall::name(alert.state), alert.source, alert.dedup_key, alert.title, alert.description, alert.severity,
        oncall::name(alert.urgency), alert.service, alert.team, alert.rule, alert.because, written(json(alert.labels)),
        links_out(alert.links), alert.count, alert.triggered_at, alert.answered_by, alert.answered_at, alert.snoozed_until,
        alert.drill ? 1 : 0, alert.parent.value, alert.group_key, alert.suppressed ? 1 : 0, alert.came_back, alert.policy);
    alert.id = {tx.last_id()};
}

std::optional<oncall::Alert> Alerts::find(oncall::AlertId id) const
{
    static const auto sql = select_alerts + "WHERE id = $1";
    return one_alert(Query{tx, sql, id.value});
}

std::optional<oncall::Alert> Alerts::open(const std::string& source, const std::string& dedup_key) const
{
    static const auto sql = select_alerts + "WHERE source = $1 AND dedup_key = $2 AND state <> 'resolved' AND dedup_key <> ''";
    return one_alert(Query{tx, sql, source, dedup_key});
}

void Alerts::save(oncall::Alert& alert) const
{
    run(tx,
        "UPDATE alerts SET version = version + 1, state = $3, title = $4, description = $5, severity = $6, urgency = $7, labels "
        "= $8,"
        " links = $9, count = $10, answered_by = $11, answered_at = $12, snoozed_until = $13, answered_via = $14, "
        "parent = $15, group_key = $16, suppressed = $17, came_back = $18 WHERE id = $1 AND version = $2",
        alert.id.value, alert.version, oncall::name(alert.state), alert.title, alert.description, alert.severity,
        oncall::name(alert.urgency), written(json(alert.labels)), links_out(alert.links), alert.count, alert.answered_by,
        alert.answered_at, alert.snoozed_until, alert.answered_via, alert.parent.value, alert.group_key, alert.suppressed ? 1 : 0,
        alert.came_back);
    if (tx.changes() != 1)
        throw Conflict{"alert " + std::to_string(alert.id.value) + " was changed by somebody else"};
    ++alert.version;
}

void Alerts::refired(oncall::Alert& alert) const
{
    ++alert.count;
    run(tx,
        "UPDATE alerts SET title = $2, description = $3, labels = $4, links = $5, count = $6, severity = $7, urgency = $8, "
        "service = $9, team = $10, rule = $11, because = $12, policy = $13 WHERE id = $1",
        alert.id.value, alert.title, alert.description, written(json(alert.labels)), links_out(alert.links), alert.count,
        alert.severity, oncall::name(alert.urgency), alert.service, alert.team, alert.rule, alert.because, alert.policy);
}

// What a rule suppresses is looked at by its number alone: nobody is to hear of it, and nobody is asked to answer it.
std::vector<oncall::Alert> Alerts::all_open(int most) const
{
    static const auto sql =
        select_alerts + "WHERE state <> 'resolved' AND parent = 0 AND suppressed = 0 ORDER BY id DESC LIMIT $1";
    std::vector<oncall::Alert> open;
    for (Query query{tx, sql, most}; query.step();)
        open.push_back(alert_in(query));
    return open;
}

std::vector<oncall::Alert> Alerts::resolved_since(TimePoint when, int most) const
{
    static const auto sql = select_alerts + "WHERE state = 'resolved' AND answered_at >= $1 ORDER BY id DESC LIMIT $2";
    std::vector<oncall::Alert> closed;
    for (Query query{tx, sql, when, most}; query.step();)
        closed.push_back(alert_in(query));
    return closed;
}

Alerts::Recent Alerts::since(TimePoint when, int most) const
{
    constexpr std::size_t most_bytes = 16U << 20;
    static const auto sql = select_alerts + "ORDER BY id DESC LIMIT $1";
    Recent recent;
    std::size_t bytes = 0;
    int read = 0;
    for (Query query{tx, sql, most}; query.step(); ++read) {
        auto alert = alert_in(query);
        if (alert.triggered_at < when)
            return recent;
        if (alert.source.empty() || alert.drill)
            continue;
        bytes += alert.title.size() + alert.description.size();
        for (const auto& [name, value] : alert.labels)
            bytes += name.size() + value.size();
        recent.alerts.push_back(std::move(alert));
        if (bytes > most_bytes)
            break;
    }
    recent.all = read < most && bytes <= most_bytes;
    return recent;
}

std::int64_t Alerts::count_open() const
{
    Query query{tx, "SELECT COUNT(*) FROM alerts WHERE state <> 'resolved' AND parent = 0 AND suppressed = 0"};
    query.step();
    return query.integer();
}

std::vector<oncall::Alert> Alerts::told(const std::string& person, TimePoint from, TimePoint to) const
{
    // What was told of one that was merged since is answered at what stands for it.
    static const auto hers =
        was_told + "AND (told.person = $3 OR told.person IN (SELECT reference FROM people WHERE user_id = $3))";
    static const auto sql = select_alerts
        + "WHERE state <> 'resolved' AND parent = 0 AND (EXISTS (SELECT 1 FROM pages JOIN notifications AS told ON told.page = "
          "pages.id WHERE pages.alert = alerts.id AND "
        + hers
        + ") OR EXISTS (SELECT 1 FROM alerts AS child JOIN pages ON pages.alert = child.id JOIN notifications AS told ON "
          "told.page "
          "= pages.id WHERE child.parent = alerts.id AND child.parent <> 0 AND child.state <> 'resolved' AND "
        + hers + ")) ORDER BY id DESC LIMIT 100";
    std::vector<oncall::Alert> found;
    for (Query query{tx, sql, from, to, person}; query.step();)
        found.push_back(alert_in(query));
    return found;
}

std::optional<TimePoint> Alerts::last_told_by(oncall::ContactKind kind, TimePoint from) const
{
    Query query{tx, R"sql(
        SELECT MAX(notifications.planned_at)
          FROM alerts JOIN pages ON pages.alert = alerts.id JOIN notifications ON notifications.page = pages.id
         WHERE alerts.state <> 'resolved' AND notifications.method LIKE $1 AND notifications.planned_at >= $2
           AND notifications.state <> 'cancelled')sql",
        std::string{oncall::name(kind)} + ":%", from};
    if (!query.step() || query.null())
        return std::nullopt;
    return query.time();
}

} // namespace storage
