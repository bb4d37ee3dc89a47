#include "storage/handoffs.hpp"

#include "storage/sql.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace storage {

namespace {

constexpr std::array<std::string_view, 3> parts{"outgoing", "incoming", "stays"};

WatchedSchedule watched_in(Query& row)
{
    WatchedSchedule found;
    found.id = row.integer();
    found.name = row.text();
    found.next = row.time();
    found.seen = row.time();
    return found;
}

ToldHandoff told_in(Query& row)
{
    ToldHandoff found;
    found.id = row.integer();
    found.schedule = row.text();
    found.at = row.time();
    found.until = row.time();
    found.told_at = row.time();
    return found;
}

/// Read before the next statement is prepared.
std::vector<ToldHandoff> with_parts(Transaction& tx, std::vector<ToldHandoff> all)
{
    for (auto& one : all)
        for (Query row{tx,
                 "SELECT person, part, accepted_at, reminded_at, passed_on_at, passed_on_to, nobody FROM handoff_people WHERE "
                 "handoff = $1 ORDER BY place",
                 one.id};
             row.step();) {
            HandoffPart part;
            part.person = row.text();
            const auto kind = row.text();
            part.kind = static_cast<HandoffPart::Kind>(std::find(parts.begin(), parts.end() - 1, kind) - parts.begin());
            part.accepted_at = row.time();
            part.reminded_at = row.time();
            part.passed_on_at = row.time();
            part.passed_on_to = row.text();
            part.is_nobody = row.integer() != 0;
            one.parts.push_back(std::move(part));
        }
    return all;
}

std::optional<ToldHandoff> first_of(Transaction& tx, std::vector<ToldHandoff> all)
{
    all = with_parts(tx, std::move(all));
    return all.empty() ? std::nullopt : std::optional{std::move(all.front())};
}

HandoffMessage handoff_message_in(Query& row)
{
    HandoffMessage found;
    found.id = row.integer();
    found.channel = row.text();
    found.at = row.time();
    found.place = row.text();
    found.trouble = row.text();
    found.posted_in = row.text();
    found.ts = row.text();
    return found;
}

HandoffNote note_in(Query& row)
{
    HandoffNote found;
    found.schedule = row.text();
    found.person = row.text();
    found.handoff = row.integer();
    found.text = row.text();
    found.written_at = row.time();
    return found;
}

std::int64_t number_in(std::string_view text)
{
    std::int64_t number{};
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

} // namespace

std::vector<WatchedSchedule> WatchedSchedules::all() const
{
    std::vector<WatchedSchedule> found;
    for (Query row{tx, "SELECT id, name, next, seen FROM watched_schedules ORDER BY name"}; row.step();)
        found.push_back(watched_in(row));
    return found;
}

std::optional<WatchedSchedule> WatchedSchedules::find(std::int64_t id) const
{
    Query row{tx, "SELECT id, name, next, seen FROM watched_schedules WHERE id = $1", id};
    return row.step() ? std::optional{watched_in(row)} : std::nullopt;
}

void WatchedSchedules::save(WatchedSchedule& one) const
{
    if (one.id != 0) {
        run(tx, "UPDATE watched_schedules SET next = $2, seen = $3 WHERE id = $1", one.id, one.next, one.seen);
        return;
    }
    run(tx, "INSERT INTO watched_schedules (name, next, seen) VALUES ($1, $2, $3)", one.name, one.next, one.seen);
    one.id = tx.last_id();
}

void WatchedSchedules::remove(std::int64_t id) const { run(tx, "DELETE FROM watched_schedules WHERE id = $1", id); }

const HandoffPart* ToldHandoff::part(const std::string& person, HandoffPart::Kind kind) const
{
    const auto found = std::find_if(
        parts.begin(), parts.end(), [&](const HandoffPart& one) { return one.kind == kind && one.person == person; });
    return found == parts.end() ? nullptr : &*found;
}

std::string handoff_key(std::int64_t message) { return "handoff:" + std::to_string(message); }

bool Handoffs::add(ToldHandoff& one) const
{
    run(tx, "INSERT INTO handoffs (schedule, at, until, told_at) VALUES ($1, $2, $3, $4) ON CONFLICT (schedule, at) DO NOTHING",
        one.schedule, one.at, one.until, one.told_at);
    if (tx.changes() == 0)
        return false;
    one.id = tx.last_id();
    int place = 0;
    for (const auto& part : one.parts)
        run(tx, "INSERT INTO handoff_people (handoff, place, person, part) VALUES ($1, $2, $3, $4)", one.id, ++place, part.person,
            parts.at(part.kind));
    return true;
}

std::optional<ToldHandoff> Handoffs::find(std::int64_t id) const
{
    std::vector<ToldHandoff> found;
    for (Query row{tx, "SELECT id, schedule, at, until, told_at FROM handoffs WHERE id = $1", id}; row.step();)
        found.push_back(told_in(row));
    return first_of(tx, std::move(found));
}

std::optional<ToldHandoff> Handoffs::find(const std::string& schedule, TimePoint at) const
{
    std::vector<ToldHandoff> found;
    for (Query row{tx, "SELECT id, schedule, at, until, told_at FROM handoffs WHERE schedule = $1 AND at = $2", schedule, at};
         row.step();)
        found.push_back(told_in(row));
    return first_of(tx, std::move(found));
}

std::optional<ToldHandoff> Handoffs::last(const std::string& schedule) const
{
    std::vector<ToldHandoff> found;
    for (Query row{
             tx, "SELECT id, schedule, at, until, told_at FROM handoffs WHERE schedule = $1 ORDER BY at DESC LIMIT 1", schedule};
         row.step();)
        found.push_back(told_in(row));
    return first_of(tx, std::move(found));
}

std::vector<ToldHandoff> Handoffs::since(TimePoint when) const
{
    std::vector<ToldHandoff> found;
    for (Query row{tx, "SELECT id, schedule, at, until, told_at FROM handoffs WHERE at >= $1 ORDER BY at DESC, id DESC", when};
         row.step();)
        found.push_back(told_in(row));
    return with_parts(tx, std::move(found));
}

void Handoffs::accepted(std::int64_t id, const std::string& person, TimePoint at) const
{
    run(tx, "UPDATE handoff_people SET accepted_at = $3 WHERE handoff = $1 AND person = $2", id, person, at);
}

void Handoffs::reminded(std::int64_t id, const std::string& person, TimePoint at) const
{
    run(tx, "UPDATE handoff_people SET reminded_at = $3 WHERE handoff = $1 AND person = $2", id, person, at);
}

void Handoffs::passed_on(std::int64_t id, const std::string& person, TimePoint at, const std::string& to) const
{
    run(tx, "UPDATE handoff_people SET passed_on_at = $3, passed_on_to = $4 WHERE handoff = $1 AND person = $2", id, person, at,
        to);
}

void Handoffs::recognized(std::int64_t id, const std::string& person, const std::string& user) const
{
    if (user.empty())
        run(tx, "UPDATE handoff_people SET nobody = 1 WHERE handoff = $1 AND person = $2", id, person);
    else // unless that is somebody of it already
        run(tx, "UPDATE OR IGNORE handoff_people SET person = $3, nobody = 0 WHERE handoff = $1 AND person = $2", id, person,
            user);
}

void Handoffs::forget_before(TimePoint when) const
{
    run(tx, "DELETE FROM handoffs_shown WHERE handoff IN (SELECT id FROM handoffs WHERE at < $1)", when);
    run(tx, "DELETE FROM handoff_people WHERE handoff IN (SELECT id FROM handoffs WHERE at < $1)", when);
    run(tx, "DELETE FROM handoff_notes WHERE handoff IN (SELECT id FROM handoffs WHERE at < $1)", when);
    run(tx, "DELETE FROM handoffs WHERE at < $1", when);
    run(tx, "DELETE FROM handoff_messages WHERE at < $1", when);
}

HandoffMessage Handoffs::show(const ToldHandoff& one, const std::string& channel) const
{
    run(tx, "INSERT INTO handoff_messages (channel, at, place) VALUES ($1, $2, $1) ON CONFLICT (channel, at) DO NOTHING", channel,
        one.at);
    HandoffMessage found;
    {
        Query row{tx,
            "SELECT id, channel, at, place, trouble, posted_in, ts FROM handoff_messages WHERE channel = $1 AND at = $2", channel,
            one.at};
        row.step();
        found = handoff_message_in(row);
    }
    run(tx, "INSERT INTO handoffs_shown (message, handoff) VALUES ($1, $2) ON CONFLICT (message, handoff) DO NOTHING", found.id,
        one.id);
    return found;
}

std::optional<HandoffMessage> Handoffs::message(std::int64_t id) const
{
    Query row{tx, "SELECT id, channel, at, place, trouble, posted_in, ts FROM handoff_messages WHERE id = $1", id};
    return row.step() ? std::optional{handoff_message_in(row)} : std::nullopt;
}

std::vector<HandoffMessage> Handoffs::showing(std::int64_t handoff) const
{
    std::vector<HandoffMessage> found;
    for (Query row{tx,
             "SELECT m.id, m.channel, m.at, m.place, m.trouble, m.posted_in, m.ts FROM handoffs_shown s JOIN handoff_messages m "
             "ON m.id = s.message WHERE s.handoff = $1 ORDER BY m.id",
             handoff};
         row.step();)
        found.push_back(handoff_message_in(row));
    return found;
}

std::vector<ToldHandoff> Handoffs::shown_in(std::int64_t message) const
{
    std::vector<ToldHandoff> found;
    for (Query row{tx,
             "SELECT h.id, h.schedule, h.at, h.until, h.told_at FROM handoffs_shown s JOIN handoffs h ON h.id = s.handoff WHERE "
             "s.message = $1 ORDER BY h.schedule",
             message};
         row.step();)
        found.push_back(told_in(row));
    return with_parts(tx, std::move(found));
}

void Handoffs::posted(std::int64_t message, const std::string& channel, const std::string& ts) const
{
    run(tx, "UPDATE handoff_messages SET posted_in = $2, ts = $3 WHERE id = $1", message, channel, ts);
}

void Handoffs::moved(std::int64_t message, const std::string& place, const std::string& trouble) const
{
    run(tx, "UPDATE handoff_messages SET place = $2, trouble = $3 WHERE id = $1", message, place, trouble);
}

std::vector<HandoffNote> HandoffNotes::of(std::int64_t handoff) const
{
    std::vector<HandoffNote> found;
    for (Query row{tx,
             "SELECT schedule, person, handoff, text, written_at FROM handoff_notes WHERE handoff = $1 ORDER BY written_at, "
             "person",
             handoff};
         row.step();)
        found.push_back(note_in(row));
    return found;
}

std::vector<HandoffNote> HandoffNotes::waiting(const std::string& schedule) const
{
    std::vector<HandoffNote> found;
    for (Query row{tx,
             "SELECT schedule, person, handoff, text, written_at FROM handoff_notes WHERE schedule = $1 AND handoff = 0 ORDER BY "
             "written_at, person",
             schedule};
         row.step();)
        found.push_back(note_in(row));
    return found;
}

std::optional<HandoffNote> HandoffNotes::find(const std::string& schedule, const std::string& person, std::int64_t handoff) const
{
    Query row{tx,
        "SELECT schedule, person, handoff, text, written_at FROM handoff_notes WHERE schedule = $1 AND person = $2 AND handoff = "
        "$3",
        schedule, person, handoff};
    return row.step() ? std::optional{note_in(row)} : std::nullopt;
}

void HandoffNotes::save(const HandoffNote& note) const
{
    if (note.text.empty()) {
        run(tx, "DELETE FROM handoff_notes WHERE schedule = $1 AND person = $2 AND handoff = $3", note.schedule, note.person,
            note.handoff);
        return;
    }
    run(tx,
        "INSERT INTO handoff_notes (schedule, person, handoff, text, written_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT "
        "(schedule, person, handoff) DO UPDATE SET text = excluded.text, written_at = excluded.written_at",
        note.schedule, note.person, note.handoff, note.text, note.written_at);
}

void HandoffNotes::hand_over(HandoffNote note, std::int64_t handoff) const
{
    save({note.schedule, note.person, 0, {}, {}});
    note.handoff = handoff;
    save(note);
}

oncall::ChosenReminders ReminderChoices::all() const
{
    oncall::ChosenReminders found;
    for (Query row{tx, "SELECT person, before, note FROM reminder_choices"}; row.step();) {
        const auto person = row.text();
        auto& chosen = found.of[person];
        chosen.before.clear();
        const auto list = row.text();
        for (std::size_t at = 0; at < list.size(); at = std::min(list.find(',', at), list.size() - 1) + 1)
            chosen.before.emplace_back(number_in(std::string_view{list}.substr(at)));
        const auto note = row.integer();
        chosen.note = note < 0 ? std::nullopt : std::optional{oncall::milliseconds{note}};
    }
    return found;
}

void ReminderChoices::save(const std::string& person, const oncall::Reminders& chosen) const
{
    std::string list;
    for (const auto before : chosen.before)
        list += (list.empty() ? "" : ",") + std::to_string(before.count());
    run(tx,
        "INSERT INTO reminder_choices (person, before, note) VALUES ($1, $2, $3) ON CONFLICT (person) DO UPDATE SET before = "
        "excluded.before, note = excluded.note",
        person, list, chosen.note ? chosen.note->count() : -1);
}

bool SentReminders::first(const std::string& person, const std::string& schedule, TimePoint at,
    std::optional<oncall::milliseconds> before, TimePoint now) const
{
    run(tx,
        "INSERT INTO sent_reminders (person, schedule, at, before, sent_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (person, "
        "schedule, at, before) DO NOTHING",
        person, schedule, at, before ? before->count() : -1, now);
    return tx.changes() == 1;
}

void SentReminders::forget_before(TimePoint when) const { run(tx, "DELETE FROM sent_reminders WHERE at < $1", when); }

} // namespace storage
