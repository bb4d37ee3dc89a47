#include "storage/auto_resolves.hpp"

#include "storage/sql.hpp"

namespace storage {

std::optional<AutoResolve> AutoResolves::find(std::int64_t alert) const
{
    Query row{tx, "SELECT may_last, ends FROM auto_resolves WHERE alert = $1", alert};
    if (!row.step())
        return std::nullopt;
    AutoResolve one;
    one.may_last = oncall::milliseconds{row.integer()};
    one.ends = row.number() != 0;
    return one;
}

void AutoResolves::save(std::int64_t alert, const AutoResolve& one) const
{
    run(tx,
        "INSERT INTO auto_resolves (alert, may_last, ends) VALUES ($1, $2, $3) ON CONFLICT (alert) DO UPDATE SET may_last = "
        "excluded.may_last, ends = excluded.ends",
        alert, static_cast<std::int64_t>(one.may_last.count()), one.ends ? 1 : 0);
}

void AutoResolves::forget(std::int64_t alert) const { run(tx, "DELETE FROM auto_resolves WHERE alert = $1", alert); }

void AutoResolves::begin_anew(TimePoint now) const
{
    tx.touched.timers = true;
    run(tx,
        "UPDATE timers SET due = $1 + (SELECT may_last FROM auto_resolves WHERE alert = timers.subject) WHERE kind = 'quiet' AND "
        "due "
        "< $1 + (SELECT may_last FROM auto_resolves WHERE alert = timers.subject)",
        now);
}

} // namespace storage
