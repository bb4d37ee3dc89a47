#include "storage/channel_bundles.hpp"

#include "storage/sql.hpp"

namespace storage {

namespace {

const std::string select_channel_bundle = "SELECT id, place, opened_at, channel, ts FROM channel_bundles WHERE ";

std::optional<ChannelBundle> one_channel_bundle(Query row)
{
    if (!row.step())
        return std::nullopt;
    ChannelBundle found;
    found.id = {row.integer()};
    found.place = row.text();
    found.opened_at = row.time();
    found.channel = row.text();
    found.ts = row.text();
    return found;
}

} // namespace

void ChannelAlerts::add(const ChannelAlert& one) const
{
    run(tx, "INSERT INTO channel_alerts (alert, place, opened_at, bundle, state) VALUES ($1, $2, $3, $4, $5)", one.alert.value,
        one.place, one.opened_at, one.bundle.value, one.state);
}

std::optional<ChannelAlert> ChannelAlerts::find(oncall::AlertId alert) const
{
    Query row{tx, "SELECT place, opened_at, bundle, state FROM channel_alerts WHERE alert = $1", alert.value};
    if (!row.step())
        return std::nullopt;
    ChannelAlert found;
    found.alert = alert;
    found.place = row.text();
    found.opened_at = row.time();
    found.bundle = {row.integer()};
    found.state = row.text();
    return found;
}

void ChannelAlerts::knows(oncall::AlertId alert, const std::string& state) const
{
    run(tx, "UPDATE channel_alerts SET state = $2 WHERE alert = $1", alert.value, state);
}

void ChannelAlerts::forget(oncall::AlertId alert) const { run(tx, "DELETE FROM channel_alerts WHERE alert = $1", alert.value); }

std::vector<TimePoint> ChannelAlerts::opened(const std::string& place, TimePoint since) const
{
    std::vector<TimePoint> found;
    for (Query row{tx,
             "SELECT c.opened_at FROM channel_alerts c JOIN alerts a ON a.id = c.alert WHERE c.place = $1 AND c.opened_at >= $2"
             " AND a.source <> '' AND a.drill = 0",
             place, since};
         row.step();)
        found.push_back(row.time());
    return found;
}

void ChannelBundles::add(ChannelBundle& bundle) const
{
    run(tx, "INSERT INTO channel_bundles (place, opened_at) VALUES ($1, $2)", bundle.place, bundle.opened_at);
    bundle.id = {tx.last_id()};
}

std::optional<ChannelBundle> ChannelBundles::find(oncall::ChannelBundleId id) const
{
    return one_channel_bundle(Query{tx, select_channel_bundle + "id = $1", id.value});
}

std::optional<ChannelBundle> ChannelBundles::newest(const std::string& place) const
{
    return one_channel_bundle(Query{tx, select_channel_bundle + "place = $1 ORDER BY id DESC LIMIT 1", place});
}

std::optional<ChannelBundle> ChannelBundles::of_alert(oncall::AlertId alert) const
{
    return one_channel_bundle(Query{
        tx, select_channel_bundle + "id = (SELECT bundle FROM channel_alerts WHERE alert = $1 AND bundle <> 0)", alert.value});
}

std::vector<oncall::AlertId> ChannelBundles::alerts(oncall::ChannelBundleId id) const
{
    std::vector<oncall::AlertId> found;
    for (Query row{tx, "SELECT alert FROM channel_alerts WHERE bundle = $1 AND bundle <> 0 ORDER BY alert", id.value};
         row.step();)
        found.push_back({row.integer()});
    return found;
}

void ChannelBundles::stands(oncall::ChannelBundleId id, const std::string& channel, const std::string& ts) const
{
    run(tx, "UPDATE channel_bundles SET channel = $2, ts = $3 WHERE id = $1", id.value, channel, ts);
}

void ChannelBundles::moved(oncall::ChannelBundleId id, const std::string& place) const
{
    run(tx, "UPDATE channel_bundles SET place = $2, channel = '', ts = '' WHERE id = $1", id.value, place);
}

void Shouts::add(oncall::AlertId alert) const
{
    run(tx,
        "INSERT INTO shouts (entry) SELECT id FROM timeline WHERE alert = $1 ORDER BY id DESC LIMIT 1 ON CONFLICT (entry) DO "
        "NOTHING",
        alert.value);
}

std::set<std::int64_t> Shouts::after(oncall::AlertId alert, std::int64_t entry) const
{
    std::set<std::int64_t> found;
    for (Query row{tx, "SELECT t.id FROM timeline t JOIN shouts s ON s.entry = t.id WHERE t.alert = $1 AND t.id > $2",
             alert.value, entry};
         row.step();)
        found.insert(row.integer());
    return found;
}

} // namespace storage
