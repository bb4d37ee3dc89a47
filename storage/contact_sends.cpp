#include "storage/contact_sends.hpp"

#include "storage/repositories.hpp"
#include "storage/sql.hpp"

namespace storage {

namespace {

std::string look_key(const std::string& reference) { return "look:words:" + reference; }

} // namespace

void ContactSends::add(const std::string& person, const std::string& what, const std::string& address, TimePoint at) const
{
    run(tx, "INSERT INTO contact_sends (person, what, address, at) VALUES ($1, $2, $3, $4)", person, what, sha256(address), at);
}

std::optional<TimePoint> ContactSends::by(const std::string& person, const std::string& what, TimePoint since, int most) const
{
    Query row{tx, "SELECT at FROM contact_sends WHERE person = $1 AND what = $2 AND at > $3 ORDER BY at DESC LIMIT 1 OFFSET $4",
        person, what, since, most - 1};
    return row.step() ? std::optional{row.time()} : std::nullopt;
}

std::optional<TimePoint> ContactSends::to(const std::string& address, const std::string& what, TimePoint since, int most) const
{
    Query row{tx, "SELECT at FROM contact_sends WHERE address = $1 AND what = $2 AND at > $3 ORDER BY at DESC LIMIT 1 OFFSET $4",
        sha256(address), what, since, most - 1};
    return row.step() ? std::optional{row.time()} : std::nullopt;
}

std::optional<ContactSends::Awaited> ContactSends::awaited(const std::string& reference) const
{
    Query row{tx, "SELECT id, subject, body FROM outbox WHERE key = $1", look_key(reference)};
    if (reference.empty() || !row.step())
        return std::nullopt;
    Awaited found;
    found.row = row.integer();
    found.contact = {row.integer()};
    const auto body = row.text();
    found.test = body.substr(body.rfind('\n') + 1);
    return found;
}

void ContactSends::await(const Awaited& words, const std::string& provider, const std::string& reference,
    oncall::ContactKind kind, TimePoint when) const
{
    const Outbox outbox{tx};
    const auto key = look_key(reference);
    outbox.add(key, "look_words", Priority::card, "look:" + std::string{oncall::name(kind)} + ":" + key, words.contact.value,
        provider + "\n" + reference + "\n" + words.test, when);
}

void ContactSends::forget_before(TimePoint when) const { run(tx, "DELETE FROM contact_sends WHERE at < $1", when); }

} // namespace storage
