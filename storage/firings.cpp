#include "storage/firings.hpp"

#include "storage/sql.hpp"

namespace storage {

using oncall::Alert;
using oncall::AlertId;
using oncall::AlertState;

namespace {

constexpr auto clears_kept = std::chrono::days{1}; // longer than any grace

AlertState cleared_state(const std::string& name)
{
    using enum AlertState;
    for (const auto state : {promised, acknowledged, snoozed})
        if (name == oncall::name(state))
            return state;
    return triggered;
}

} // namespace

std::optional<Undo> Clears::find(AlertId alert) const
{
    Query row{tx,
        "SELECT at, state, answered_by, answered_at, answered_via, snoozed_until, page_state FROM cleared WHERE alert = $1",
        alert.value};
    if (!row.step())
        return std::nullopt;
    Undo before;
    before.at = row.time();
    before.state = cleared_state(row.text());
    before.answered_by = row.text();
    before.answered_at = row.time();
    before.answered_via = row.text();
    before.snoozed_until = row.time();
    before.page_state = row.text();
    return before;
}

void Clears::save(AlertId alert, const Undo& before) const
{
    run(tx,
        "INSERT INTO cleared (alert, at, state, answered_by, answered_at, answered_via, snoozed_until, page_state) VALUES ($1, "
        "$2, $3, $4, $5, $6, $7, $8) ON CONFLICT (alert) DO UPDATE SET at = $2, state = $3, answered_by = $4, answered_at = $5, "
        "answered_via = $6, snoozed_until = $7, page_state = $8",
        alert.value, before.at, oncall::name(before.state), before.answered_by, before.answered_at, before.answered_via,
        before.snoozed_until, before.page_state);
}

void Clears::forget(AlertId alert) const { run(tx, "DELETE FROM cleared WHERE alert = $1", alert.value); }

void Clears::tidy(TimePoint now) const { run(tx, "DELETE FROM cleared WHERE at < $1", now - clears_kept); }

void CameBacks::add(const CameBack& one) const
{
    run(tx, "INSERT INTO came_backs (alert, at, over_for, flapping) VALUES ($1, $2, $3, $4)", one.alert.value, one.at,
        static_cast<std::int64_t>(one.over_for.count()), one.flapping);
    run(tx,
        "DELETE FROM came_backs WHERE alert = $1 AND id <= (SELECT id FROM came_backs WHERE alert = $1 ORDER BY id DESC LIMIT 1 "
        "OFFSET $2)",
        one.alert.value, most_of_each);
}

std::optional<CameBack> CameBacks::last(AlertId alert) const
{
    Query row{tx, "SELECT at, over_for, flapping FROM came_backs WHERE alert = $1 ORDER BY id DESC LIMIT 1", alert.value};
    if (!row.step())
        return std::nullopt;
    CameBack one;
    one.alert = alert;
    one.at = row.time();
    one.over_for = oncall::milliseconds{row.integer()};
    one.flapping = row.text();
    return one;
}

void CameBacks::tidy(TimePoint now) const { run(tx, "DELETE FROM came_backs WHERE at < $1", now - kept_for); }

std::vector<oncall::Firing> Firings::since(const std::string& source, const std::string& dedup_key, TimePoint when) const
{
    std::vector<oncall::Firing> found;
    for (Query row{tx,
             "SELECT id, triggered_at, severity, urgency, drill FROM alerts WHERE source = $1 AND dedup_key = $2 ORDER BY id "
             "DESC LIMIT $3",
             source, dedup_key, most_alerts};
         row.step();) {
        oncall::Firing one;
        one.alert = {row.integer()};
        one.at = row.time();
        one.severity = row.text();
        one.urgency = row.text() == "low" ? oncall::Urgency::low : oncall::Urgency::high;
        if (row.number() == 0)
            found.push_back(std::move(one));
    }
    const auto alerts = found;
    std::erase_if(found, [&](const oncall::Firing& one) { return one.at < when; });
    for (auto again : alerts)
        for (Query row{tx, "SELECT at FROM came_backs WHERE alert = $1 AND at >= $2 ORDER BY id DESC LIMIT $3", again.alert.value,
                 when, CameBacks::most_of_each};
             row.step();) {
            again.at = row.time();
            found.push_back(again);
        }
    return found;
}

TimePoint Firings::last_paged(const std::string& source, const std::string& dedup_key) const
{
    Query row{tx,
        "SELECT COALESCE(MAX(p.stepped_at), 0) FROM (SELECT id FROM alerts WHERE source = $1 AND dedup_key = $2 ORDER BY id DESC "
        "LIMIT $3) a CROSS JOIN pages p ON p.alert = a.id",
        source, dedup_key, most_alerts_paged};
    row.step();
    return row.time();
}

std::optional<Alert> Firings::newest(const std::string& source, const std::string& dedup_key) const
{
    Query row{tx, "SELECT id FROM alerts WHERE source = $1 AND dedup_key = $2 ORDER BY id DESC LIMIT 1", source, dedup_key};
    return row.step() ? Alerts{tx}.find({row.integer()}) : std::nullopt;
}

std::optional<Alert> Firings::before(const Alert& alert) const
{
    if (alert.dedup_key.empty())
        return std::nullopt;
    Query row{tx, "SELECT id FROM alerts WHERE source = $1 AND dedup_key = $2 AND id < $3 AND drill = 0 ORDER BY id DESC LIMIT 1",
        alert.source, alert.dedup_key, alert.id.value};
    return row.step() ? Alerts{tx}.find({row.integer()}) : std::nullopt;
}

std::string Firings::note_of(const Alert& resolved) const
{
    // As the verbs write them: "noted: …", "resolved: …".
    Query row{tx,
        "SELECT text FROM timeline WHERE alert = $1 AND actor <> '' AND at >= $2 AND (text LIKE 'noted: %' OR text LIKE "
        "'resolved: %') ORDER BY id DESC LIMIT 1",
        resolved.id.value, resolved.answered_at};
    if (!row.step())
        return {};
    const auto text = row.text();
    return text.substr(text.find(": ") + 2);
}

std::vector<Neighbour> Firings::beside(const Alert& alert, oncall::milliseconds looks_back) const
{
    std::vector<Neighbour> found;
    if (alert.service.empty())
        return found;
    for (Query row{tx,
             "SELECT id, title FROM (SELECT id, title, state, triggered_at, drill, suppressed, parent FROM alerts WHERE service "
             "= $1 AND id < $2 ORDER BY id DESC LIMIT $3) WHERE triggered_at >= $4 AND state <> 'resolved' AND drill = 0 AND "
             "suppressed = 0 AND parent <> $5",
             alert.service, alert.id.value, most_neighbours, alert.triggered_at - looks_back, alert.id.value};
         row.step();) {
        const oncall::AlertId id{row.integer()};
        found.push_back({id, row.text()});
    }
    return found;
}

} // namespace storage
