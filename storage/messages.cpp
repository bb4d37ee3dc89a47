#include "storage/repositories.hpp"
#include "storage/sql.hpp"

namespace storage {

namespace {

ShownMessage message_in(Query& row)
{
    ShownMessage found;
    found.id = row.integer();
    found.alert = {row.integer()};
    found.kind = row.text();
    found.place = row.text();
    found.channel = row.text();
    found.ts = row.text();
    found.told_up_to = row.integer();
    return found;
}

} // namespace

std::string update_key(const ShownMessage& message)
{
    // However many of a bundle change, it is one edit.
    return "message:" + (message.kind == "bundle" ? message.channel + ":" + message.ts : std::to_string(message.id));
}

void Messages::add(const ShownMessage& message) const
{
    run(tx,
        "INSERT INTO messages (alert, kind, place, channel, ts, told_up_to) VALUES ($1, $2, $3, $4, $5, $6)"
        " ON CONFLICT (alert, kind, place) DO UPDATE SET channel = excluded.channel, ts = excluded.ts",
        message.alert.value, message.kind, message.place, message.channel, message.ts, message.told_up_to);
}

std::vector<ShownMessage> Messages::of_alert(oncall::AlertId alert) const
{
    std::vector<ShownMessage> found;
    for (Query row{tx, "SELECT id, alert, kind, place, channel, ts, told_up_to FROM messages WHERE alert = $1 ORDER BY id",
             alert.value};
         row.step();)
        found.push_back(message_in(row));
    return found;
}

std::optional<ShownMessage> Messages::find(std::int64_t id) const
{
    Query row{tx, "SELECT id, alert, kind, place, channel, ts, told_up_to FROM messages WHERE id = $1", id};
    return row.step() ? std::optional{message_in(row)} : std::nullopt;
}

std::vector<ShownMessage> Messages::all_at(const std::string& channel, const std::string& ts) const
{
    std::vector<ShownMessage> found;
    for (Query row{tx,
             "SELECT id, alert, kind, place, channel, ts, told_up_to FROM messages WHERE channel = $1 AND ts = $2 ORDER BY id",
             channel, ts};
         row.step();)
        found.push_back(message_in(row));
    return found;
}

std::optional<ShownMessage> Messages::at(const std::string& channel, const std::string& ts) const
{
    Query row{
        tx, "SELECT id, alert, kind, place, channel, ts, told_up_to FROM messages WHERE channel = $1 AND ts = $2", channel, ts};
    return row.step() ? std::optional{message_in(row)} : std::nullopt;
}

void Messages::told(std::int64_t id, std::int64_t up_to) const
{
    run(tx, "UPDATE messages SET told_up_to = $2 WHERE id = $1", id, up_to);
}

void Messages::forget(std::int64_t id) const { run(tx, "DELETE FROM messages WHERE id = $1", id); }

} // namespace storage
