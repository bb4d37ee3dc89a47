#include "storage/counts.hpp"

#include "storage/sql.hpp"

namespace storage {

namespace {

constexpr std::string_view alerts_by_state =
    "SELECT state, COUNT(*) FROM alerts WHERE state <> 'resolved' AND drill = 0 GROUP BY state";
constexpr std::string_view pages_by_state =
    "SELECT pages.state, COUNT(*) FROM pages JOIN alerts ON alerts.id = pages.alert"
    " WHERE pages.state IN ('paging', 'exhausted') AND alerts.drill = 0 GROUP BY pages.state";
constexpr std::string_view outbox_by_priority = "SELECT priority, COUNT(*), MIN(id) FROM outbox GROUP BY priority";
constexpr std::string_view held_for_bundle =
    "SELECT COUNT(*) FROM runs JOIN alerts ON alerts.id = runs.alert"
    " WHERE runs.bundle <> 0 AND runs.state = 'active' AND runs.next = 0 AND alerts.drill = 0";
constexpr std::string_view asked_for = "SELECT created_at FROM outbox WHERE id = $1";
constexpr std::string_view earliest_timer = "SELECT MIN(due) FROM timers";

} // namespace

std::vector<std::string_view> count_queries()
{
    return {alerts_by_state, pages_by_state, outbox_by_priority, held_for_bundle, asked_for, earliest_timer};
}

Counts count(Transaction& tx, TimePoint now)
{
    const auto nothing = oncall::milliseconds{0};
    Counts counts;
    counts.alerts = {{"triggered", 0}, {"promised", 0}, {"acknowledged", 0}, {"snoozed", 0}};
    counts.pages = {{"paging", 0}, {"exhausted", 0}};
    for (Query row{tx, alerts_by_state}; row.step();) {
        const auto state = row.text();
        counts.alerts[state] = row.integer();
    }
    for (Query row{tx, pages_by_state}; row.step();) {
        const auto state = row.text();
        counts.pages[state] = row.integer();
    }
    if (Query row{tx, held_for_bundle}; row.step())
        counts.held = row.integer();
    std::array<std::int64_t, 5> first{};
    for (Query row{tx, outbox_by_priority}; row.step();) {
        const auto priority = static_cast<std::size_t>(row.integer());
        if (priority >= first.size())
            continue;
        counts.outbox[priority].rows = row.integer();
        first[priority] = row.integer();
    }
    // Numbers grow: the least is the oldest.
    for (std::size_t priority = 0; priority < first.size(); ++priority)
        if (Query row{tx, asked_for, first[priority]}; row.step())
            counts.outbox[priority].oldest = std::max(now - row.time(), nothing);
    if (Query row{tx, earliest_timer}; row.step() && !row.null())
        counts.timer_lag = std::max(now - row.time(), nothing);
    return counts;
}

} // namespace storage
