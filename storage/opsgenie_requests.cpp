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

} // namespace storage
