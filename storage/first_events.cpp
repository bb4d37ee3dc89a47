#include "storage/first_events.hpp"

#include "storage/sql.hpp"

namespace storage {

namespace {

constexpr std::string_view select_first_event{"SELECT id, source, person, since, until, told FROM first_events "};

FirstEvent first_event_in(Query& row)
{
    FirstEvent wait;
    wait.id = row.integer();
    wait.source = row.text();
    wait.person = row.text();
    wait.since = row.time();
    wait.until = row.time();
    wait.told = row.number() != 0;
    return wait;
}

} // namespace

bool FirstEvents::add(FirstEvent& wait) const
{
    run(tx,
        "INSERT INTO first_events (source, person, since, until) VALUES ($1, $2, $3, $4) ON CONFLICT (source, person) DO NOTHING",
        wait.source, wait.person, wait.since, wait.until);
    if (tx.changes() == 0)
        return false;
    wait.id = tx.last_id();
    return true;
}

std::optional<FirstEvent> FirstEvents::find(std::int64_t id) const
{
    Query row{tx, std::string{select_first_event} + "WHERE id = $1", id};
    return row.step() ? std::optional{first_event_in(row)} : std::nullopt;
}

std::optional<FirstEvent> FirstEvents::find(const std::string& source, const std::string& person) const
{
    Query row{tx, std::string{select_first_event} + "WHERE source = $1 AND person = $2", source, person};
    return row.step() ? std::optional{first_event_in(row)} : std::nullopt;
}

std::vector<FirstEvent> FirstEvents::of(const std::string& source) const
{
    std::vector<FirstEvent> all;
    for (Query row{tx, std::string{select_first_event} + "WHERE source = $1 ORDER BY id", source}; row.step();)
        all.push_back(first_event_in(row));
    return all;
}

void FirstEvents::told(std::int64_t id) const { run(tx, "UPDATE first_events SET told = 1 WHERE id = $1", id); }

void FirstEvents::forget(std::int64_t id) const { run(tx, "DELETE FROM first_events WHERE id = $1", id); }

void FirstEvents::heard(const std::string& source, TimePoint now) const
{
    run(tx, "INSERT INTO heard_sources (source, at) VALUES ($1, $2) ON CONFLICT (source) DO UPDATE SET at = excluded.at", source,
        now);
}

std::map<std::string, TimePoint> FirstEvents::heard() const
{
    std::map<std::string, TimePoint> all;
    for (Query row{tx, "SELECT source, at FROM heard_sources"}; row.step();) {
        auto source = row.text();
        all.emplace(std::move(source), row.time());
    }
    return all;
}

} // namespace storage
