#include "storage/arrivals.hpp"

#include "storage/silences.hpp"
#include "storage/sql.hpp"

namespace storage {

namespace {

const std::string select_arrivals = "SELECT alert, kind, subject, until, because, policy, held_at FROM arrivals ";

HeldAlert held_alert_in(Query& row)
{
    HeldAlert held;
    held.alert = {row.integer()};
    held.hold.kind = oncall::hold_kind_in(row.text());
    held.hold.subject = row.integer();
    held.hold.until = row.time();
    held.hold.because = row.text();
    held.policy = row.text();
    held.held_at = row.time();
    return held;
}

} // namespace

void Arrivals::hold(const HeldAlert& held) const
{
    run(tx,
        "INSERT INTO arrivals (alert, kind, subject, until, because, policy, held_at) VALUES ($1, $2, $3, $4, $5, $6, $7) ON "
        "CONFLICT (alert) DO UPDATE SET kind = $2, subject = $3, until = $4, because = $5, policy = $6",
        held.alert.value, oncall::name(held.hold.kind), held.hold.subject, held.hold.until, held.hold.because, held.policy,
        held.held_at);
    if (held.hold.subject != 0)
        Silences{tx}.holds(held.hold.subject, held.alert);
    Timers{tx}.set(TimerKind::arrival, held.alert.value, held.hold.until);
}

void Arrivals::release(oncall::AlertId alert) const
{
    run(tx, "DELETE FROM arrivals WHERE alert = $1", alert.value);
    Timers{tx}.clear(TimerKind::arrival, alert.value);
}

std::optional<HeldAlert> Arrivals::find(oncall::AlertId alert) const
{
    static const auto sql = select_arrivals + "WHERE alert = $1";
    Query row{tx, sql, alert.value};
    return row.step() ? std::optional{held_alert_in(row)} : std::nullopt;
}

std::vector<HeldAlert> Arrivals::held_by(oncall::Hold::Kind kind, std::int64_t subject) const
{
    static const auto sql = select_arrivals
        + "WHERE kind = $1 AND subject = $2 AND EXISTS (SELECT 1 FROM alerts a WHERE a.id = arrivals.alert AND a.state <> "
          "'resolved') ORDER BY alert";
    std::vector<HeldAlert> all;
    for (Query row{tx, sql, oncall::name(kind), subject}; row.step();)
        all.push_back(held_alert_in(row));
    return all;
}

} // namespace storage
