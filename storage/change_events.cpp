#include "storage/change_events.hpp"

#include "storage/sql.hpp"

#include <nlohmann/json.hpp>

namespace storage {

namespace {

using ChangeJson = nlohmann::json;

std::string change_text(const ChangeJson& json) { return json.dump(-1, ' ', false, ChangeJson::error_handler_t::replace); }

std::string labels_text(const oncall::ChangeEvent& change) { return change_text(ChangeJson(change.labels)); }

std::string links_text(const oncall::ChangeEvent& change)
{
    auto list = ChangeJson::array();
    for (const auto& link : change.links)
        list.push_back(ChangeJson::array({link.href, link.text}));
    return change_text(list);
}

constexpr std::string_view change_columns{"SELECT id, source, dedup_key, service, title, at, labels, links FROM change_events "};

std::vector<oncall::ChangeEvent> changes_in(Query& row)
{
    std::vector<oncall::ChangeEvent> found;
    while (row.step()) {
        oncall::ChangeEvent one;
        one.id = row.integer();
        one.source = row.text();
        one.dedup_key = row.text();
        one.service = row.text();
        one.title = row.text();
        one.at = row.time();
        one.labels = ChangeJson::parse(row.text()).get<std::map<std::string, std::string>>();
        for (const auto& link : ChangeJson::parse(row.text()))
            one.links.push_back({link.at(0).get<std::string>(), link.at(1).get<std::string>()});
        found.push_back(std::move(one));
    }
    return found;
}

std::string changes_where(std::string_view condition) { return std::string{change_columns} + std::string{condition}; }

} // namespace

bool ChangeEvents::add(oncall::ChangeEvent& change) const
{
    const auto labels = labels_text(change), links = links_text(change);
    if (!change.dedup_key.empty()) {
        Query known{tx, "SELECT id, at FROM change_events WHERE source = $1 AND dedup_key = $2", change.source, change.dedup_key};
        if (known.step()) {
            change.id = known.integer();
            change.at = known.time();
            run(tx,
                "UPDATE change_events SET service = $2, title = $3, labels = $4, links = $5 WHERE id = $1 AND (service <> $2 OR "
                "title <> $3 OR labels <> $4 OR links <> $5)",
                change.id, change.service, change.title, labels, links);
            return tx.changes() > 0;
        }
    }
    run(tx,
        "INSERT INTO change_events (source, dedup_key, service, title, at, labels, links) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        change.source, change.dedup_key, change.service, change.title, change.at, labels, links);
    change.id = tx.last_id();
    // The oldest goes, so that a flood takes no more room than this.
    constexpr std::string_view surplus_of_service{
        "DELETE FROM change_events WHERE id IN (SELECT id FROM change_events WHERE service = $1 "
        "ORDER BY at DESC, id DESC LIMIT 100 OFFSET $2)"};
    constexpr std::string_view surplus_of_source{
        "DELETE FROM change_events WHERE id IN (SELECT id FROM change_events WHERE service = '' "
        "AND source = $1 ORDER BY at DESC, id DESC LIMIT 100 OFFSET $2)"};
    if (change.service.empty())
        run(tx, surplus_of_source, change.source, most_of_each);
    else
        run(tx, surplus_of_service, change.service, most_of_each);
    return true;
}

std::vector<oncall::ChangeEvent> ChangeEvents::of_service(const std::string& service, int most) const
{
    Query row{tx, changes_where("WHERE service = $1 ORDER BY at DESC, id DESC LIMIT $2"), service, most};
    return changes_in(row);
}

std::vector<oncall::ChangeEvent> ChangeEvents::of_source(const std::string& source, int most) const
{
    Query row{tx, changes_where("WHERE service = '' AND source = $1 ORDER BY at DESC, id DESC LIMIT $2"), source, most};
    return changes_in(row);
}

std::vector<oncall::ChangeEvent> ChangeEvents::last(int most) const
{
    Query row{tx, changes_where("ORDER BY at DESC, id DESC LIMIT $1"), most};
    return changes_in(row);
}

std::vector<oncall::ChangeEvent> ChangeEvents::beside(const oncall::Alert& alert) const
{
    const auto between = [&](TimePoint from, TimePoint to, int most) {
        Query row{tx, changes_where("WHERE service = $1 AND at >= $2 AND at < $3 ORDER BY at DESC, id DESC LIMIT $4"),
            alert.service, from, to, most};
        return changes_in(row);
    };
    if (alert.service.empty())
        return {};
    const auto since = alert.triggered_at + oncall::milliseconds{1};
    auto found = between(alert.triggered_at - oncall::change_looks_back, since, 1);
    const auto room = oncall::changes_beside_alert - static_cast<int>(found.size());
    auto later = between(since, TimePoint::max(), room);
    found.insert(found.end(), later.rbegin(), later.rend());
    return found;
}

std::vector<oncall::AlertId> ChangeEvents::alerts_beside(const std::string& service, TimePoint at, int most) const
{
    std::vector<oncall::AlertId> found;
    for (Query row{tx,
             "SELECT id FROM alerts WHERE state <> 'resolved' AND service = $1 AND triggered_at <= $2 ORDER BY id DESC LIMIT $3",
             service, at + oncall::change_looks_back, most};
         row.step();)
        found.push_back({row.integer()});
    return found;
}

void ChangeEvents::tidy(TimePoint now) const { run(tx, "DELETE FROM change_events WHERE at < $1", now - kept_for); }

} // namespace storage
