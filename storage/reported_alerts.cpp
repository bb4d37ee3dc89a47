#include "storage/reported_alerts.hpp"

#include "storage/sql.hpp"

namespace storage {

void ReportedAlerts::keep(oncall::AlertId alert, const ReportedAlert& said) const
{
    run(tx,
        "INSERT INTO reported_alerts (alert, title, severity, service) VALUES ($1, $2, $3, $4) ON CONFLICT (alert) DO NOTHING",
        alert.value, said.title, said.severity, said.service);
}

std::map<oncall::AlertId, ReportedAlert> ReportedAlerts::from(oncall::AlertId oldest) const
{
    std::map<oncall::AlertId, ReportedAlert> found;
    for (Query row{tx, "SELECT alert, title, severity, service FROM reported_alerts WHERE alert >= $1", oldest.value};
         row.step();) {
        const oncall::AlertId alert{row.integer()};
        auto& said = found[alert];
        said.title = row.text();
        said.severity = row.text();
        said.service = row.text();
    }
    return found;
}

} // namespace storage
