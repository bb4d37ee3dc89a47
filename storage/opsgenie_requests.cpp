#include "storage/opsgenie_requests.hpp"

#include "storage/sql.hpp"

namespace storage {

void OpsgenieRequests::add(const OpsgenieRequest& one) const
{
    run(tx,
        "INSERT INTO opsgenie_requests (request, source, at, action, success, status, alert, alias) VALUES ($1, $2, $3, $4, $5, "
        "$6, $7, $8)",
        one.request, one.source, one.at, one.action, one.success ? 1 : 0, one.status, one.alert.value, one.alias);
    run(tx, "DELETE FROM opsgenie_requests WHERE id <= $1", tx.last_id() - most_kept);
}

std::optional<OpsgenieRequest> OpsgenieRequests::find(const std::string& source, const std::string& request) const
{
    Query row{tx,
        "SELECT request, source, at, action, success, status, alert, alias FROM opsgenie_requests WHERE request = $1 AND source "
        "= "
        "$2",
        request, source};
    if (!row.step())
        return std::nullopt;
    OpsgenieRequest one;
    one.request = row.text();
    one.source = row.text();
    one.at = row.time();
    one.action = row.text();
    one.success = row.number() != 0;
    one.status = row.text();
    one.alert = {row.integer()};
    one.alias = row.text();
    return one;
}

void OpsgenieRequests::forget_before(TimePoint when) const { run(tx, "DELETE FROM opsgenie_requests WHERE at < $1", when); }

namespace {

std::string of_source_where(SourceAlerts::Which which)
{
    const std::string open{"state <> 'resolved'"}, closed{"state = 'resolved' AND answered_at >= $2"};
    return " FROM alerts WHERE source = $1 AND "
        + (which == SourceAlerts::Which::open          ? "$2 = $2 AND " + open
                : which == SourceAlerts::Which::closed ? closed
                                                       : "(" + open + " OR (" + closed + "))");
}

} // namespace

std::vector<oncall::AlertId> SourceAlerts::ids(
    const std::string& source, Which which, TimePoint closed_since, bool oldest_first, std::int64_t most) const
{
    std::vector<oncall::AlertId> all;
    const auto sql = "SELECT id" + of_source_where(which) + " ORDER BY id " + (oldest_first ? "ASC" : "DESC") + " LIMIT $3";
    for (Query row{tx, sql, source, closed_since, most}; row.step();)
        all.push_back({row.integer()});
    return all;
}

std::int64_t SourceAlerts::count(const std::string& source, Which which, TimePoint closed_since) const
{
    Query row{tx, "SELECT COUNT(*)" + of_source_where(which), source, closed_since};
    row.step();
    return row.integer();
}

} // namespace storage
