#include "storage/services.hpp"

#include "storage/repositories.hpp"
#include "storage/sql.hpp"

namespace storage {

namespace {

constexpr std::string_view shown_alone = "drill = 0 AND parent = 0 AND suppressed = 0";
// By time, for by their numbers it would go through all that the service ever had.
constexpr std::string_view newest_open = " ORDER BY triggered_at DESC, id DESC LIMIT $2";

std::vector<oncall::Alert> alerts_named(Transaction& tx, Query ids)
{
    std::vector<std::int64_t> found;
    while (ids.step())
        found.push_back(ids.integer());
    std::vector<oncall::Alert> alerts;
    for (const auto id : found)
        if (auto alert = Alerts{tx}.find({id}))
            alerts.push_back(std::move(*alert));
    return alerts;
}

SubscriberMessage subscriber_message_in(Query& row)
{
    SubscriberMessage message;
    message.service = row.text();
    message.person = row.text();
    message.began = row.time();
    message.over_at = row.time();
    message.shows = row.text();
    message.channel = row.text();
    message.ts = row.text();
    return message;
}

const std::string select_subscriber_message =
    "SELECT service, person, began, over_at, shows, channel, ts FROM subscriber_messages WHERE service = $1";

} // namespace

std::vector<oncall::Alert> ServiceAlerts::open(const std::string& service, int most) const
{
    static const auto sql = "SELECT id FROM alerts WHERE service = $1 AND state <> 'resolved' AND " + std::string{shown_alone}
        + std::string{newest_open};
    return alerts_named(tx, Query{tx, sql, service, most});
}

std::vector<oncall::Alert> ServiceAlerts::urgent(const std::string& service, int most) const
{
    static const auto sql = "SELECT id FROM alerts WHERE service = $1 AND state <> 'resolved' AND urgency = 'high' AND "
        + std::string{shown_alone} + " AND NOT EXISTS (SELECT 1 FROM arrivals WHERE arrivals.alert = alerts.id)"
        + std::string{newest_open};
    return alerts_named(tx, Query{tx, sql, service, most});
}

std::vector<oncall::Alert> ServiceAlerts::resolved(const std::string& service, TimePoint since, int most) const
{
    static const auto sql = "SELECT id FROM alerts WHERE service = $1 AND state = 'resolved' AND answered_at >= $2 AND "
        + std::string{shown_alone} + " ORDER BY answered_at DESC, id DESC LIMIT $3";
    return alerts_named(tx, Query{tx, sql, service, since, most});
}

std::map<std::string, int> ServiceAlerts::open_counts() const
{
    static const auto sql = "SELECT service, COUNT(*) FROM alerts WHERE state <> 'resolved' AND service <> '' AND "
        + std::string{shown_alone} + " GROUP BY service";
    std::map<std::string, int> counts;
    for (Query row{tx, sql}; row.step();) {
        auto service = row.text();
        counts[std::move(service)] = row.number();
    }
    return counts;
}

std::vector<oncall::Alert> ServiceAlerts::open_of_team(const std::string& team, int most) const
{
    static const auto sql = "SELECT id FROM alerts WHERE team = $1 AND state <> 'resolved' AND " + std::string{shown_alone}
        + " ORDER BY id DESC LIMIT $2";
    return alerts_named(tx, Query{tx, sql, team, most});
}

std::map<std::string, bool> Subscriptions::of(const std::string& service) const
{
    std::map<std::string, bool> wishes;
    for (Query row{tx, "SELECT person, wants FROM subscriptions WHERE service = $1", service}; row.step();) {
        auto person = row.text();
        wishes[std::move(person)] = row.integer() != 0;
    }
    return wishes;
}

void Subscriptions::save(const std::string& service, const std::string& person, bool wants, TimePoint now) const
{
    run(tx,
        "INSERT INTO subscriptions (service, person, wants, at) VALUES ($1, $2, $3, $4) "
        "ON CONFLICT (service, person) DO UPDATE SET wants = excluded.wants, at = excluded.at",
        service, person, wants ? 1 : 0, now);
}

std::string subscriber_key(const std::string& service, const std::string& person)
{
    return "subscriber:" + sha256(service).substr(0, 16) + ":" + person;
}

std::vector<SubscriberMessage> SubscriberMessages::of(const std::string& service) const
{
    std::vector<SubscriberMessage> all;
    for (Query row{tx, select_subscriber_message + " ORDER BY person", service}; row.step();)
        all.push_back(subscriber_message_in(row));
    return all;
}

std::optional<SubscriberMessage> SubscriberMessages::find(const std::string& service, const std::string& person) const
{
    Query row{tx, select_subscriber_message + " AND person = $2", service, person};
    return row.step() ? std::optional{subscriber_message_in(row)} : std::nullopt;
}

void SubscriberMessages::save(const SubscriberMessage& message) const
{
    run(tx,
        "INSERT INTO subscriber_messages (service, person, began, over_at, shows, channel, ts) VALUES ($1, $2, $3, $4, $5, $6, "
        "$7) ON CONFLICT (service, person) DO UPDATE SET began = excluded.began, over_at = excluded.over_at, "
        "shows = excluded.shows, channel = excluded.channel, ts = excluded.ts",
        message.service, message.person, message.began, message.over_at, message.shows, message.channel, message.ts);
}

void SubscriberMessages::stands(
    const std::string& service, const std::string& person, const std::string& channel, const std::string& ts) const
{
    run(tx, "UPDATE subscriber_messages SET channel = $3, ts = $4 WHERE service = $1 AND person = $2", service, person, channel,
        ts);
}

void SubscriberMessages::forget(const std::string& service, const std::string& person) const
{
    run(tx, "DELETE FROM subscriber_messages WHERE service = $1 AND person = $2", service, person);
}

} // namespace storage
