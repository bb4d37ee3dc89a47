#include "storage/schedule_edits.hpp"

#include "storage/sql.hpp"

namespace storage {

namespace {

const std::string select_edit =
    "SELECT id, schedule, before, after, by, via, at, words, undoes, undone_by, undone_at FROM schedule_edits WHERE ";
const std::string select_edit_message = "SELECT key, edit, place, channel, ts FROM schedule_edit_messages WHERE ";
const std::string select_move = "SELECT person, schedule, before, edit FROM untold_moves WHERE ";

std::optional<ScheduleEdit> edit_in(Query row)
{
    if (!row.step())
        return std::nullopt;
    ScheduleEdit edit;
    edit.id = row.integer();
    edit.schedule = row.text();
    edit.before = row.text();
    edit.after = row.text();
    edit.by = row.text();
    edit.via = row.text();
    edit.at = row.time();
    edit.words = row.text();
    edit.undoes = row.integer();
    edit.undone_by = row.text();
    edit.undone_at = row.time();
    return edit;
}

std::vector<ScheduleEditMessage> edit_messages_in(Query row)
{
    std::vector<ScheduleEditMessage> found;
    while (row.step()) {
        ScheduleEditMessage message;
        message.key = row.text();
        message.edit = row.integer();
        message.place = row.text();
        message.channel = row.text();
        message.ts = row.text();
        found.push_back(std::move(message));
    }
    return found;
}

std::vector<UntoldMove> moves_in(Query row)
{
    std::vector<UntoldMove> found;
    while (row.step()) {
        UntoldMove move;
        move.person = row.text();
        move.schedule = row.text();
        move.before = row.text();
        move.edit = row.integer();
        found.push_back(std::move(move));
    }
    return found;
}

} // namespace

void ScheduleEdits::add(ScheduleEdit& edit) const
{
    run(tx,
        "INSERT INTO schedule_edits (schedule, before, after, by, via, at, words, undoes, undone_by, undone_at) VALUES ($1, $2, "
        "$3, $4, $5, $6, $7, $8, $9, $10)",
        edit.schedule, edit.before, edit.after, edit.by, edit.via, edit.at, edit.words, edit.undoes, edit.undone_by,
        edit.undone_at);
    edit.id = tx.last_id();
}

std::optional<ScheduleEdit> ScheduleEdits::find(std::int64_t id) const { return edit_in(Query{tx, select_edit + "id = $1", id}); }

std::optional<ScheduleEdit> ScheduleEdits::newest(const std::string& schedule) const
{
    return edit_in(Query{tx, select_edit + "schedule = $1 ORDER BY id DESC LIMIT 1", schedule});
}

void ScheduleEdits::undone(std::int64_t id, const ScheduleEdit& by_edit) const
{
    run(tx, "UPDATE schedule_edits SET undone_by = $2, undone_at = $3 WHERE id = $1", id, by_edit.by, by_edit.at);
    run(tx, "UPDATE schedule_edits SET undoes = $2 WHERE id = $1", by_edit.id, id);
}

void ScheduleEdits::ended(std::int64_t id, const EndedOverride& one) const
{
    run(tx, "INSERT INTO schedule_edit_overrides (edit, override, said) VALUES ($1, $2, $3)", id, one.override_id, one.said);
}

std::vector<EndedOverride> ScheduleEdits::ended_by(std::int64_t id) const
{
    Query row{tx, "SELECT override, said FROM schedule_edit_overrides WHERE edit = $1 ORDER BY override", id};
    std::vector<EndedOverride> all;
    while (row.step()) {
        EndedOverride one;
        one.override_id = row.integer();
        one.said = row.text();
        all.push_back(std::move(one));
    }
    return all;
}

void ScheduleEdits::forget_before(TimePoint when) const { run(tx, "DELETE FROM schedule_edits WHERE at < $1", when); }

bool ScheduleEditMessages::add(const ScheduleEditMessage& message) const
{
    run(tx,
        "INSERT INTO schedule_edit_messages (key, edit, place, channel, ts) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (key) DO "
        "NOTHING",
        message.key, message.edit, message.place, message.channel, message.ts);
    return tx.changes() == 1;
}

std::optional<ScheduleEditMessage> ScheduleEditMessages::find(const std::string& key) const
{
    const auto found = edit_messages_in(Query{tx, select_edit_message + "key = $1", key});
    return found.empty() ? std::nullopt : std::optional{found.front()};
}

std::vector<ScheduleEditMessage> ScheduleEditMessages::of(std::int64_t edit) const
{
    return edit_messages_in(Query{tx, select_edit_message + "edit = $1 ORDER BY key", edit});
}

void ScheduleEditMessages::stands(const std::string& key, const std::string& channel, const std::string& ts) const
{
    run(tx, "UPDATE schedule_edit_messages SET channel = $2, ts = $3 WHERE key = $1", key, channel, ts);
}

void ScheduleEditMessages::forget(const std::string& key) const
{
    run(tx, "DELETE FROM schedule_edit_messages WHERE key = $1", key);
}

std::vector<UntoldMove> UntoldMoves::of_person(const std::string& person) const
{
    return moves_in(Query{tx, select_move + "person = $1 ORDER BY schedule", person});
}

std::vector<UntoldMove> UntoldMoves::of_schedule(const std::string& schedule) const
{
    return moves_in(Query{tx, select_move + "schedule = $1 ORDER BY person", schedule});
}

void UntoldMoves::save(const UntoldMove& move) const
{
    run(tx,
        "INSERT INTO untold_moves (person, schedule, before, edit) VALUES ($1, $2, $3, $4) ON CONFLICT (person, schedule) DO "
        "UPDATE SET before = excluded.before, edit = excluded.edit",
        move.person, move.schedule, move.before, move.edit);
}

void UntoldMoves::forget(const UntoldMove& move) const
{
    run(tx, "DELETE FROM untold_moves WHERE person = $1 AND schedule = $2", move.person, move.schedule);
}

void UntoldMoves::told(const std::string& person, std::int64_t up_to) const
{
    run(tx, "DELETE FROM untold_moves WHERE person = $1 AND edit <= $2", person, up_to);
}

bool UntoldMoves::is_leaving(const std::string& person) const
{
    const auto begins = untold_key(person);
    return Query{tx, "SELECT 1 FROM outbox WHERE key >= $1 AND key < $2 LIMIT 1", begins, begins + "\x7f"}.step();
}

std::string untold_key(const std::string& person) { return "schedule_edit_dm:" + person + ":"; }

} // namespace storage
