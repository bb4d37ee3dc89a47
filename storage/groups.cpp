#include "storage/groups.hpp"

#include "storage/sql.hpp"

namespace storage {

namespace {

template <class... Values> std::vector<oncall::AlertId> alert_ids(Transaction& tx, std::string_view sql, const Values&... values)
{
    std::vector<oncall::AlertId> found;
    for (Query row{tx, sql, values...}; row.step();)
        found.push_back({row.integer()});
    return found;
}

std::vector<oncall::Alert> alerts_of(Transaction& tx, const std::vector<oncall::AlertId>& ids)
{
    std::vector<oncall::Alert> found;
    for (const auto id : ids)
        if (auto alert = Alerts{tx}.find(id))
            found.push_back(std::move(*alert));
    return found;
}

} // namespace

std::optional<AlertGroup> AlertGroups::find(oncall::AlertId parent) const
{
    Query row{tx, "SELECT last_at, members, urgency, worst, over_at FROM alert_groups WHERE parent = $1", parent.value};
    if (!row.step())
        return std::nullopt;
    AlertGroup found;
    found.parent = parent;
    found.last_at = row.time();
    found.members = row.integer();
    found.urgency = row.text() == "low" ? oncall::Urgency::low : oncall::Urgency::high;
    found.worst = row.number();
    found.over_at = row.time();
    return found;
}

void AlertGroups::save(const AlertGroup& group) const
{
    run(tx,
        "INSERT INTO alert_groups (parent, last_at, members, urgency, worst, over_at) VALUES ($1, $2, $3, $4, $5, $6) ON "
        "CONFLICT "
        "(parent) DO UPDATE SET last_at = $2, members = $3, urgency = $4, worst = $5, over_at = $6",
        group.parent.value, group.last_at, group.members, oncall::name(group.urgency), group.worst, group.over_at);
}

void AlertGroups::move(oncall::AlertId from, oncall::AlertId into, TimePoint began_at) const
{
    run(tx,
        "INSERT INTO group_keys (group_key, parent, began_at) SELECT group_key, $2, $3 FROM group_keys WHERE parent = $1 ON "
        "CONFLICT (group_key, parent) DO NOTHING",
        from.value, into.value, began_at);
    run(tx, "DELETE FROM group_keys WHERE parent = $1", from.value);
    run(tx, "DELETE FROM alert_groups WHERE parent = $1", from.value);
    run(tx, "UPDATE alerts SET parent = $2 WHERE parent = $1 AND parent <> 0", from.value, into.value);
}

void AlertGroups::take_key(const std::string& key, oncall::AlertId parent, TimePoint began_at, TimePoint old) const
{
    run(tx, "DELETE FROM group_keys WHERE group_key = $1 AND began_at < $2", key, old);
    run(tx, "INSERT INTO group_keys (group_key, parent, began_at) VALUES ($1, $2, $3) ON CONFLICT (group_key, parent) DO NOTHING",
        key, parent.value, began_at);
}

std::vector<oncall::AlertId> AlertGroups::of_key(const std::string& key, int most) const
{
    return alert_ids(tx,
        "SELECT k.parent FROM group_keys k JOIN alerts a ON a.id = k.parent WHERE k.group_key = $1 AND a.state <> 'resolved' AND "
        "a.parent = 0 ORDER BY k.parent DESC LIMIT $2",
        key, most);
}

void AlertGroups::reported(oncall::AlertId parent, TimePoint at) const
{
    run(tx, "UPDATE alert_groups SET last_at = MAX(last_at, $2) WHERE parent = $1", parent.value, at);
}

AlertGroups::Count AlertGroups::count(oncall::AlertId parent) const
{
    Query row{
        tx, "SELECT COUNT(*), COALESCE(SUM(state <> 'resolved'), 0) FROM alerts WHERE parent = $1 AND parent <> 0", parent.value};
    row.step();
    const auto all = row.integer(), open = row.integer();
    return {open, all - open};
}

bool AlertGroups::has_open(oncall::AlertId parent) const
{
    Query row{tx, "SELECT 1 FROM alerts WHERE parent = $1 AND parent <> 0 AND state <> 'resolved' LIMIT 1", parent.value};
    return row.step();
}

std::vector<oncall::AlertId> AlertGroups::open_children(oncall::AlertId parent) const
{
    return alert_ids(
        tx, "SELECT id FROM alerts WHERE parent = $1 AND parent <> 0 AND state <> 'resolved' ORDER BY id", parent.value);
}

std::vector<oncall::Alert> AlertGroups::some(oncall::AlertId parent, int most) const
{
    return alerts_of(tx,
        alert_ids(tx,
            "SELECT id FROM alerts WHERE parent = $1 AND parent <> 0 ORDER BY state = 'resolved', urgency = 'low', id DESC LIMIT "
            "$2",
            parent.value, most));
}

std::vector<oncall::AlertId> AlertGroups::resolved_by(oncall::AlertId parent, const std::string& person, TimePoint at) const
{
    return alert_ids(tx,
        "SELECT id FROM alerts WHERE parent = $1 AND parent <> 0 AND state = 'resolved' AND answered_by = $2 AND answered_at = "
        "$3 "
        "ORDER BY id",
        parent.value, person, at);
}

std::vector<oncall::Alert> AlertGroups::all_open_children(int most) const
{
    return alerts_of(
        tx, alert_ids(tx, "SELECT id FROM alerts WHERE parent <> 0 AND state <> 'resolved' ORDER BY id DESC LIMIT $1", most));
}

} // namespace storage
