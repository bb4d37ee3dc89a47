#include "storage/repositories.hpp"
#include "storage/sql.hpp"

#include <nlohmann/json.hpp>

namespace storage {

namespace {

constexpr std::string_view item_columns = "kind, name, position, holds, said, changed_by, changed_at";
constexpr std::string_view override_columns =
    "id, schedule, starts, ends, kind, people, instead_of, rotation, origin, said, made_by, "
    "made_at, reason, version, cancelled_by, cancelled_at";

constexpr std::pair<oncall::Override::Kind, std::string_view> override_kinds[]{
    {oncall::Override::Kind::put, "put"}, {oncall::Override::Kind::add, "add"}, {oncall::Override::Kind::remove, "remove"}};

std::string_view name_of(oncall::Override::Kind kind)
{
    for (const auto& [one, name] : override_kinds)
        if (one == kind)
            return name;
    return "put";
}

oncall::Override::Kind override_kind_in(std::string_view text)
{
    for (const auto& [kind, name] : override_kinds)
        if (name == text)
            return kind;
    return oncall::Override::Kind::put;
}

Item item_in(Query& row)
{
    Item item;
    item.kind = row.text();
    item.name = row.text();
    item.position = row.integer();
    item.holds = row.text();
    item.said = row.text();
    item.changed_by = row.text();
    item.changed_at = row.time();
    return item;
}

StoredOverride override_in(Query& row)
{
    StoredOverride one;
    one.what.id = row.integer();
    one.schedule = row.text();
    one.what.from = row.time();
    one.what.to = row.time();
    one.what.kind = override_kind_in(row.text());
    one.what.people = nlohmann::json::parse(row.text()).get<std::vector<std::string>>();
    one.what.instead_of = row.text();
    one.what.rotation = row.text();
    one.origin = row.text();
    one.said = row.text();
    one.made_by = row.text();
    one.made_at = row.time();
    one.reason = row.text();
    one.version = row.integer();
    one.cancelled_by = row.text();
    one.cancelled_at = row.time();
    return one;
}

std::vector<StoredOverride> overrides_in(Query row)
{
    std::vector<StoredOverride> found;
    while (row.step())
        found.push_back(override_in(row));
    return found;
}

void changed(Transaction& tx) { run(tx, "UPDATE configuration_revision SET revision = revision + 1 WHERE id = 1"); }

std::string select(std::string_view columns, std::string_view rest)
{
    return "SELECT " + std::string{columns} + " FROM " + std::string{rest};
}

} // namespace

std::vector<Item> Items::all() const
{
    std::vector<Item> found;
    for (Query row{tx, select(item_columns, "configuration ORDER BY kind, position, name")}; row.step();)
        found.push_back(item_in(row));
    return found;
}

std::optional<Item> Items::find(const std::string& kind, const std::string& name) const
{
    Query row{tx, select(item_columns, "configuration WHERE kind = $1 AND name = $2"), kind, name};
    return row.step() ? std::optional{item_in(row)} : std::nullopt;
}

void Items::save(const Item& item) const
{
    run(tx,
        "INSERT INTO configuration (kind, name, position, holds, said, changed_by, changed_at) VALUES ($1, $2, $3, $4, $5, $6, "
        "$7) "
        "ON CONFLICT (kind, name) DO UPDATE SET position = excluded.position, holds = excluded.holds, said = excluded.said, "
        "changed_by = excluded.changed_by, changed_at = excluded.changed_at",
        item.kind, item.name, item.position, item.holds, item.said, item.changed_by, item.changed_at);
    changed(tx);
}

void Items::remove(const std::string& kind, const std::string& name) const
{
    run(tx, "DELETE FROM configuration WHERE kind = $1 AND name = $2", kind, name);
    changed(tx);
}

std::int64_t Items::revision() const
{
    Query row{tx, "SELECT revision FROM configuration_revision WHERE id = 1"};
    return row.step() ? row.integer() : 0;
}

void Overrides::add(StoredOverride& one) const
{
    run(tx,
        "INSERT INTO overrides (schedule, starts, ends, kind, people, instead_of, rotation, origin, said, made_by, made_at, "
        "reason, "
        "version, cancelled_by, cancelled_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
        one.schedule, one.what.from, one.what.to, name_of(one.what.kind), nlohmann::json(one.what.people).dump(),
        one.what.instead_of, one.what.rotation, one.origin, one.said, one.made_by, one.made_at, one.reason, one.version,
        one.cancelled_by, one.cancelled_at);
    one.what.id = tx.last_id();
    changed(tx);
}

std::optional<StoredOverride> Overrides::find(std::int64_t id) const
{
    Query row{tx, select(override_columns, "overrides WHERE id = $1"), id};
    return row.step() ? std::optional{override_in(row)} : std::nullopt;
}

void Overrides::save(StoredOverride& one) const
{
    run(tx,
        "UPDATE overrides SET starts = $1, ends = $2, kind = $3, people = $4, instead_of = $5, rotation = $6, said = $7, reason "
        "= $8, "
        "cancelled_by = $9, cancelled_at = $10, made_at = $11, version = version + 1 WHERE id = $12 AND version = $13",
        one.what.from, one.what.to, name_of(one.what.kind), nlohmann::json(one.what.people).dump(), one.what.instead_of,
        one.what.rotation, one.said, one.reason, one.cancelled_by, one.cancelled_at, one.made_at, one.what.id, one.version);
    if (tx.changes() != 1)
        throw Conflict{"override " + std::to_string(one.what.id)};
    ++one.version;
    changed(tx);
}

std::vector<StoredOverride> Overrides::all() const
{
    return overrides_in({tx, select(override_columns, "overrides WHERE cancelled_at = 0 ORDER BY made_at, id")});
}

std::vector<StoredOverride> Overrides::ever(const std::string& schedule) const
{
    return overrides_in({tx, select(override_columns, "overrides WHERE schedule = $1 ORDER BY made_at, id"), schedule});
}

std::vector<StoredOverride> Overrides::held_or_said() const
{
    return overrides_in({tx, select(override_columns, "overrides WHERE cancelled_at = 0 OR said <> '' ORDER BY made_at, id")});
}

std::optional<OverrideUndo> OverrideUndos::find(std::int64_t id) const
{
    Query row{tx,
        "SELECT id, version, actor, at, starts, ends, kind, people, instead_of, reason, cancelled_by, cancelled_at FROM "
        "override_undos WHERE id = $1",
        id};
    if (!row.step())
        return std::nullopt;
    OverrideUndo undo;
    undo.id = row.integer();
    undo.version = row.integer();
    undo.actor = row.text();
    undo.at = row.time();
    undo.from = row.time();
    undo.to = row.time();
    undo.kind = override_kind_in(row.text());
    undo.people = nlohmann::json::parse(row.text()).get<std::vector<std::string>>();
    undo.instead_of = row.text();
    undo.reason = row.text();
    undo.cancelled_by = row.text();
    undo.cancelled_at = row.time();
    return undo;
}

void OverrideUndos::save(const OverrideUndo& undo) const
{
    forget(undo.id);
    run(tx,
        "INSERT INTO override_undos (id, version, actor, at, starts, ends, kind, people, instead_of, reason, cancelled_by, "
        "cancelled_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        undo.id, undo.version, undo.actor, undo.at, undo.from, undo.to, name_of(undo.kind), nlohmann::json(undo.people).dump(),
        undo.instead_of, undo.reason, undo.cancelled_by, undo.cancelled_at);
}

void OverrideUndos::forget(std::int64_t id) const { run(tx, "DELETE FROM override_undos WHERE id = $1", id); }

} // namespace storage
