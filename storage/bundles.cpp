#include "storage/bundles.hpp"

#include "storage/rules_json.hpp"
#include "storage/sql.hpp"

namespace storage {

namespace {

const std::string select_bundle = "SELECT id, person, urgency, steps, opened_at, closes_at, quiet FROM bundles WHERE ";

std::optional<Bundle> one_bundle(Query row)
{
    if (!row.step())
        return std::nullopt;
    Bundle found;
    found.id = {row.integer()};
    found.person = row.text();
    found.urgency = row.text() == "low" ? oncall::Urgency::low : oncall::Urgency::high;
    found.steps = steps_in(row.text());
    found.opened_at = row.time();
    found.closes_at = row.time();
    found.quiet = row.integer() != 0;
    return found;
}

} // namespace

void Bundles::add(Bundle& bundle) const
{
    run(tx, "INSERT INTO bundles (person, urgency, steps, opened_at, closes_at, quiet) VALUES ($1, $2, $3, $4, $5, $6)",
        bundle.person, oncall::name(bundle.urgency), steps_out(bundle.steps), bundle.opened_at, bundle.closes_at, bundle.quiet);
    bundle.id = {tx.last_id()};
}

std::optional<Bundle> Bundles::find(oncall::BundleId id) const
{
    return one_bundle(Query{tx, select_bundle + "id = $1", id.value});
}

std::optional<Bundle> Bundles::open(const std::string& person, oncall::Urgency urgency,
    const std::vector<oncall::NotificationStep>& steps, bool drill, TimePoint now) const
{
    // Drills and alerts are never bundled together, so one member tells of all.
    static const auto sql = select_bundle + R"sql(person = $1 AND urgency = $2 AND closes_at > $3 AND steps = $4
        AND $5 = (SELECT alerts.drill FROM runs JOIN alerts ON alerts.id = runs.alert
                   WHERE runs.person = bundles.person AND runs.urgency = bundles.urgency
                     AND runs.begun_at >= bundles.opened_at AND runs.bundle = bundles.id LIMIT 1)
        ORDER BY closes_at DESC, id DESC LIMIT 1)sql";
    return one_bundle(Query{tx, sql, person, oncall::name(urgency), now, steps_out(steps), drill});
}

std::vector<oncall::AlertId> Bundles::told(oncall::BundleId id) const
{
    std::vector<oncall::AlertId> found;
    // What failed before she declined stays failed, so that the page is asked and not the notification alone.
    static const std::string sql = R"sql(
        SELECT DISTINCT alert FROM notifications AS told
         WHERE bundle = $1 AND bundle <> 0 AND (state <> 'cancelled' OR sent_at > 0)
           AND NOT EXISTS (SELECT 1 FROM notifications AS other
                            WHERE other.page = told.page AND other.state = 'declined' AND other.error <> $2
                              AND (other.person = told.person
                                   OR other.person IN (SELECT user_id FROM people WHERE reference = told.person)))
         ORDER BY alert)sql";
    for (Query row{tx, sql, id.value, oncall::passed_over}; row.step();)
        found.push_back({row.integer()});
    return found;
}

std::optional<oncall::BundleId> Bundles::last_told(
    const std::string& person, oncall::ContactKind kind, TimePoint from, TimePoint to) const
{
    Query row{tx, R"sql(
        SELECT bundle FROM notifications
         WHERE person IN (SELECT $1 UNION ALL SELECT reference FROM people WHERE user_id = $1)
           AND planned_at BETWEEN $2 AND $3 AND sent_at BETWEEN $2 AND $3 AND method LIKE $4
           AND state IN ('sent', 'confirmed', 'declined')
         ORDER BY sent_at DESC, id DESC LIMIT 1)sql",
        person, from, to, std::string{oncall::name(kind)} + ":%"};
    if (!row.step())
        return std::nullopt;
    const oncall::BundleId id{row.integer()};
    return id.value == 0 ? std::nullopt : std::optional{id};
}

} // namespace storage
