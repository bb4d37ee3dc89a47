#include "storage/calendar_addresses.hpp"

#include "storage/sql.hpp"

namespace storage {

namespace {

std::optional<CalendarAddress> address_in(Query row)
{
    if (!row.step())
        return std::nullopt;
    CalendarAddress found;
    found.person = row.text();
    found.schedule = row.text();
    found.nonce = row.text();
    found.token_hash = row.text();
    found.made_at = row.time();
    found.read_at = row.time();
    return found;
}

} // namespace

std::optional<CalendarAddress> CalendarAddresses::find(const std::string& person, const std::string& schedule) const
{
    return address_in({tx,
        "SELECT person, schedule, nonce, token_hash, made_at, read_at FROM calendar_addresses WHERE person = $1 AND schedule = "
        "$2",
        person, schedule});
}

std::optional<CalendarAddress> CalendarAddresses::by_token_hash(const std::string& hash) const
{
    return address_in(
        {tx, "SELECT person, schedule, nonce, token_hash, made_at, read_at FROM calendar_addresses WHERE token_hash = $1", hash});
}

void CalendarAddresses::save(const CalendarAddress& address) const
{
    run(tx,
        "INSERT INTO calendar_addresses (person, schedule, nonce, token_hash, made_at, read_at) VALUES ($1, $2, $3, $4, $5, $6) "
        "ON CONFLICT (person, schedule) DO UPDATE SET nonce = excluded.nonce, token_hash = excluded.token_hash, made_at = "
        "excluded.made_at, read_at = excluded.read_at",
        address.person, address.schedule, address.nonce, address.token_hash, address.made_at, address.read_at);
}

void CalendarAddresses::was_read(const CalendarAddress& address, TimePoint now) const
{
    run(tx, "UPDATE calendar_addresses SET read_at = $1 WHERE token_hash = $2", now, address.token_hash);
}

std::optional<PublishedShift> PublishedShifts::find(const std::string& uid) const
{
    Query row{tx, "SELECT uid, digest, sequence, changed_at, ends_at FROM published_shifts WHERE uid = $1", uid};
    if (!row.step())
        return std::nullopt;
    PublishedShift found;
    found.uid = row.text();
    found.digest = row.text();
    found.sequence = row.number();
    found.changed_at = row.time();
    found.ends_at = row.time();
    return found;
}

void PublishedShifts::save(const PublishedShift& shift) const
{
    run(tx,
        "INSERT INTO published_shifts (uid, digest, sequence, changed_at, ends_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (uid) "
        "DO UPDATE SET digest = excluded.digest, sequence = excluded.sequence, changed_at = excluded.changed_at, ends_at = "
        "excluded.ends_at",
        shift.uid, shift.digest, shift.sequence, shift.changed_at, shift.ends_at);
}

void PublishedShifts::forget_before(TimePoint end) const { run(tx, "DELETE FROM published_shifts WHERE ends_at < $1", end); }

} // namespace storage
