#include "storage/absences.hpp"

#include "storage/sql.hpp"

namespace storage {

namespace {

std::vector<Absence> absences_in(Query row)
{
    std::vector<Absence> found;
    while (row.step()) {
        Absence one;
        one.id = row.integer();
        one.person = row.text();
        one.from = row.time();
        one.to = row.time();
        one.why = row.text();
        one.made_by = row.text();
        one.made_at = row.time();
        found.push_back(std::move(one));
    }
    return found;
}

} // namespace

void Absences::add(Absence& absence) const
{
    run(tx, "INSERT INTO absences (person, starts, ends, why, made_by, made_at) VALUES ($1, $2, $3, $4, $5, $6)", absence.person,
        absence.from, absence.to, absence.why, absence.made_by, absence.made_at);
    absence.id = tx.last_id();
}

std::optional<Absence> Absences::find(std::int64_t id) const
{
    auto found = absences_in({tx, "SELECT id, person, starts, ends, why, made_by, made_at FROM absences WHERE id = $1", id});
    return found.empty() ? std::nullopt : std::optional{std::move(found.front())};
}

bool Absences::remove(std::int64_t id) const
{
    run(tx, "DELETE FROM absences WHERE id = $1", id);
    return tx.changes() > 0;
}

std::vector<Absence> Absences::coming(TimePoint now) const
{
    return absences_in({tx,
        "SELECT id, person, starts, ends, why, made_by, made_at FROM absences WHERE ends > $1 ORDER BY person, starts, id", now});
}

std::vector<Absence> Absences::coming(const std::string& person, TimePoint now) const
{
    return absences_in({tx,
        "SELECT id, person, starts, ends, why, made_by, made_at FROM absences WHERE person = $1 AND ends > $2 ORDER BY starts, "
        "id",
        person, now});
}

std::string Absences::calendar_of(const std::string& person) const
{
    Query row{tx, "SELECT address FROM absence_calendars WHERE person = $1", person};
    return row.step() ? row.text() : std::string{};
}

void Absences::set_calendar(const std::string& person, const std::string& address, TimePoint now) const
{
    if (address.empty())
        run(tx, "DELETE FROM absence_calendars WHERE person = $1", person);
    else
        run(tx,
            "INSERT INTO absence_calendars (person, address, set_at) VALUES ($1, $2, $3) ON CONFLICT (person) DO UPDATE SET "
            "address "
            "= excluded.address, set_at = excluded.set_at",
            person, address, now);
}

std::map<std::string, std::string> Absences::calendars() const
{
    std::map<std::string, std::string> all;
    for (Query row{tx, "SELECT person, address FROM absence_calendars"}; row.step();) {
        auto person = row.text();
        all[std::move(person)] = row.text();
    }
    return all;
}

bool Absences::first_clash(const std::string& person, const std::string& schedule, TimePoint from, TimePoint to) const
{
    // What was told before grows with what is left of it, and is known for as long.
    run(tx, "UPDATE clashes_told SET ends = MAX(ends, $4) WHERE person = $1 AND schedule = $2 AND starts < $4 AND ends > $3",
        person, schedule, from, to);
    if (tx.changes() > 0)
        return false;
    run(tx, "INSERT INTO clashes_told (person, schedule, starts, ends) VALUES ($1, $2, $3, $4)", person, schedule, from, to);
    return true;
}

void Absences::forget_clashes_before(TimePoint end) const { run(tx, "DELETE FROM clashes_told WHERE ends < $1", end); }

void Absences::forget_before(TimePoint end) const { run(tx, "DELETE FROM absences WHERE ends < $1", end); }

} // namespace storage
