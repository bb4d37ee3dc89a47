#include "storage/feeds.hpp"

#include "storage/sql.hpp"

#include <nlohmann/json.hpp>

namespace storage {

namespace {

using nlohmann::json;
using oncall::CalendarEvent;

std::string text_of(const std::vector<CalendarEvent>& events)
{
    auto all = json::array();
    for (const auto& event : events) {
        auto one = json::array();
        one.push_back(event.uid);
        one.push_back(event.title);
        one.push_back(event.people);
        one.push_back((event.all_day ? 1 : 0) + (event.local ? 2 : 0) + (event.free ? 4 : 0) + (event.tentative ? 8 : 0));
        one.push_back(event.from.time_since_epoch().count());
        one.push_back(event.to.time_since_epoch().count());
        if (!event.declined.empty())
            one.push_back(event.declined);
        all.push_back(std::move(one));
    }
    return all.dump(-1, ' ', false, json::error_handler_t::replace);
}

Feed feed_in(Query& row)
{
    Feed feed;
    feed.address = row.text();
    feed.body = row.text();
    feed.etag = row.text();
    feed.modified = row.text();
    feed.events = calendar_events_in(row.text());
    feed.notes = row.text();
    feed.spread_at = row.time();
    feed.read_at = row.time();
    feed.due = row.time();
    feed.failures = row.number();
    feed.trouble = row.text();
    feed.told = row.number() != 0;
    return feed;
}

} // namespace

std::vector<CalendarEvent> calendar_events_in(const std::string& text)
{
    std::vector<CalendarEvent> events;
    for (const auto& one : json::parse(text)) {
        CalendarEvent event;
        event.uid = one.at(0).get<std::string>();
        event.title = one.at(1).get<std::string>();
        event.people = one.at(2).get<std::vector<std::string>>();
        const auto kind = one.at(3).get<int>();
        event.all_day = (kind & 1) != 0;
        event.local = (kind & 2) != 0;
        event.free = (kind & 4) != 0;
        event.tentative = (kind & 8) != 0;
        event.from = TimePoint{oncall::milliseconds{one.at(4).get<std::int64_t>()}};
        event.to = TimePoint{oncall::milliseconds{one.at(5).get<std::int64_t>()}};
        if (one.size() > 6)
            event.declined = one.at(6).get<std::vector<std::string>>();
        events.push_back(std::move(event));
    }
    return events;
}

std::optional<Feed> Feeds::find(const std::string& address) const
{
    Query row{tx,
        "SELECT address, body, etag, modified, events, notes, spread_at, read_at, due, failures, trouble, told FROM feeds WHERE "
        "address = $1",
        address};
    return row.step() ? std::optional{feed_in(row)} : std::nullopt;
}

std::optional<Feed> Feeds::state(const std::string& address) const
{
    Query row{tx, "SELECT address, notes, read_at, trouble FROM feeds WHERE address = $1", address};
    if (!row.step())
        return std::nullopt;
    Feed feed;
    feed.address = row.text();
    feed.notes = row.text();
    feed.read_at = row.time();
    feed.trouble = row.text();
    return feed;
}

std::map<std::string, TimePoint> Feeds::due() const
{
    std::map<std::string, TimePoint> found;
    for (Query row{tx, "SELECT address, due FROM feeds"}; row.step();) {
        auto address = row.text();
        found[std::move(address)] = row.time();
    }
    return found;
}

void Feeds::put_off(const std::string& address, TimePoint due, const std::string& trouble) const
{
    run(tx,
        "INSERT INTO feeds (address, body, etag, modified, events, notes, spread_at, read_at, due, failures, trouble, told) "
        "VALUES ($1, '', '', '', '[]', '', 0, 0, $2, 1, $3, 0) ON CONFLICT (address) DO UPDATE SET due = excluded.due, failures "
        "= failures + 1, trouble = excluded.trouble",
        address, due, trouble);
}

void Feeds::save(const Feed& feed) const
{
    run(tx,
        "INSERT INTO feeds (address, body, etag, modified, events, notes, spread_at, read_at, due, failures, trouble, told) "
        "VALUES "
        "($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT (address) DO UPDATE SET body = excluded.body, etag = "
        "excluded.etag, modified = excluded.modified, events = excluded.events, notes = excluded.notes, spread_at = "
        "excluded.spread_at, read_at = excluded.read_at, due = excluded.due, failures = excluded.failures, trouble = "
        "excluded.trouble, told = excluded.told",
        feed.address, feed.body, feed.etag, feed.modified, text_of(feed.events), feed.notes, feed.spread_at, feed.read_at,
        feed.due, feed.failures, feed.trouble, feed.told);
}

void Feeds::remove(const std::string& address) const { run(tx, "DELETE FROM feeds WHERE address = $1", address); }

std::set<std::string> Feeds::untold(const std::set<std::string>& there, const std::set<std::string>& due, TimePoint now) const
{
    std::set<std::string> told, fresh;
    for (Query row{tx, "SELECT event FROM told_events"}; row.step();)
        told.insert(row.text());
    for (const auto& event : told)
        if (!there.contains(event))
            run(tx, "DELETE FROM told_events WHERE event = $1", event);
    for (const auto& event : due)
        if (!told.contains(event)) {
            run(tx, "INSERT INTO told_events (event, told_at) VALUES ($1, $2)", event, now);
            fresh.insert(event);
        }
    return fresh;
}

std::map<std::string, std::vector<CalendarEvent>> Feeds::events(const std::set<std::string>& addresses) const
{
    std::map<std::string, std::vector<CalendarEvent>> all;
    for (const auto& address : addresses) {
        Query row{tx, "SELECT events FROM feeds WHERE address = $1 AND read_at <> 0", address};
        if (row.step())
            all.emplace(address, calendar_events_in(row.text()));
    }
    return all;
}

} // namespace storage
