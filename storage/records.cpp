#include "storage/repositories.hpp"
#include "storage/sql.hpp"

#include <openssl/evp.h>

#include <algorithm>

namespace storage {

namespace {

constexpr std::pair<TimerKind, std::string_view> timer_kinds[]{{TimerKind::page, "page"}, {TimerKind::run, "run"},
    {TimerKind::snooze, "snooze"}, {TimerKind::promise, "promise"}, {TimerKind::lapse, "lapse"},
    {TimerKind::readiness, "readiness"}, {TimerKind::handoff, "handoff"}, {TimerKind::accept, "accept"},
    {TimerKind::cover, "cover"}, {TimerKind::coverage, "coverage"}, {TimerKind::quiet, "quiet"},
    {TimerKind::first_event, "first_event"}, {TimerKind::heartbeat, "heartbeat"}, {TimerKind::arrival, "arrival"},
    {TimerKind::silence, "silence"}, {TimerKind::digest, "digest"}};

std::string_view kind_name(TimerKind kind)
{
    for (const auto& [one, name] : timer_kinds)
        if (one == kind)
            return name;
    return "page";
}

TimerKind timer_kind_in(std::string_view name)
{
    for (const auto& [kind, its] : timer_kinds)
        if (its == name)
            return kind;
    return TimerKind::page;
}

} // namespace

void Timers::set(TimerKind kind, std::int64_t subject, TimePoint due) const
{
    tx.touched.timers = true;
    run(tx,
        "INSERT INTO timers (kind, subject, due) VALUES ($1, $2, $3) ON CONFLICT (kind, subject) DO UPDATE SET due = "
        "excluded.due",
        kind_name(kind), subject, due);
}

void Timers::clear(TimerKind kind, std::int64_t subject) const
{
    run(tx, "DELETE FROM timers WHERE kind = $1 AND subject = $2", kind_name(kind), subject);
}

std::optional<TimePoint> Timers::find(TimerKind kind, std::int64_t subject) const
{
    Query row{tx, "SELECT due FROM timers WHERE kind = $1 AND subject = $2", kind_name(kind), subject};
    return row.step() ? std::optional{row.time()} : std::nullopt;
}

void Timers::delay(const Timer& timer, TimePoint when) const
{
    run(tx, "UPDATE timers SET due = $4 WHERE kind = $1 AND subject = $2 AND due = $3", kind_name(timer.kind), timer.subject,
        timer.due, when);
    tx.touched.timers = true;
}

std::vector<Timer> Timers::due(TimePoint now, int most) const
{
    std::vector<Timer> found;
    for (Query row{tx, "SELECT kind, subject, due FROM timers WHERE due <= $1 ORDER BY due, subject LIMIT $2", now, most};
         row.step();) {
        const auto kind = timer_kind_in(row.text());
        const auto subject = row.integer();
        found.push_back({kind, subject, row.time()});
    }
    return found;
}

std::optional<TimePoint> Timers::next() const
{
    Query row{tx, "SELECT MIN(due) FROM timers"};
    if (!row.step() || row.null())
        return std::nullopt;
    return row.time();
}

void Timeline::add(
    oncall::AlertId alert, TimePoint at, const std::string& actor, const std::string& via, const std::string& text) const
{
    run(tx, "INSERT INTO timeline (alert, at, actor, via, text) VALUES ($1, $2, $3, $4, $5)", alert.value, at, actor, via, text);
}

std::vector<oncall::TimelineEntry> Timeline::of_alert(oncall::AlertId alert, std::int64_t after) const
{
    std::vector<oncall::TimelineEntry> found;
    for (Query row{tx, "SELECT id, alert, at, actor, via, text FROM timeline WHERE alert = $1 AND id > $2 ORDER BY id",
             alert.value, after};
         row.step();) {
        oncall::TimelineEntry entry;
        entry.id = row.integer();
        entry.alert = {row.integer()};
        entry.at = row.time();
        entry.actor = row.text();
        entry.via = row.text();
        entry.text = row.text();
        found.push_back(std::move(entry));
    }
    return found;
}

void Audit::add(TimePoint at, const std::string& actor, const std::string& via, const std::string& verb,
    const std::string& subject, const std::string& before, const std::string& after) const
{
    run(tx, "INSERT INTO audit (at, actor, via, verb, subject, before, after) VALUES ($1, $2, $3, $4, $5, $6, $7)", at, actor,
        via, verb, subject, before, after);
}

bool Inbox::first(const std::string& key, TimePoint now) const
{
    run(tx, "INSERT INTO inbox (key, at) VALUES ($1, $2) ON CONFLICT (key) DO NOTHING", key, now);
    return tx.changes() == 1;
}

bool Inbox::seen(const std::string& key) const { return Query{tx, "SELECT 1 FROM inbox WHERE key = $1", key}.step(); }

void Inbox::forget_before(TimePoint when) const { run(tx, "DELETE FROM inbox WHERE at < $1", when); }

namespace {

Person person_in(Query& row)
{
    Person person;
    person.reference = row.text();
    person.user_id = row.text();
    person.name = row.text();
    person.time_zone = row.text();
    person.asked_at = row.time();
    person.email = row.text();
    person.kind = row.text();
    return person;
}

} // namespace

void People::save(const Person& person) const
{
    run(tx,
        "INSERT INTO people (reference, user_id, name, time_zone, asked_at, email, kind) VALUES ($1, $2, $3, $4, $5, $6, $7) ON "
        "CONFLICT (reference) DO UPDATE SET user_id = excluded.user_id, name = excluded.name, time_zone = excluded.time_zone, "
        "asked_at = excluded.asked_at, email = excluded.email, kind = excluded.kind",
        person.reference, person.user_id, person.name, person.time_zone, person.asked_at, person.email, person.kind);
}

void People::became(const std::string& user_id, const std::string& kind) const
{
    run(tx, "UPDATE people SET kind = $2 WHERE user_id = $1", user_id, kind);
}

std::vector<Person> People::all() const
{
    std::vector<Person> found;
    for (Query row{tx, "SELECT reference, user_id, name, time_zone, asked_at, email, kind FROM people"}; row.step();)
        found.push_back(person_in(row));
    return found;
}

std::map<std::string, std::string> People::names() const
{
    std::map<std::string, std::string> known;
    for (const auto& person : all()) {
        known.emplace(person.reference, person.name);
        if (!person.user_id.empty())
            known.emplace(person.user_id, person.name);
    }
    return known;
}

std::optional<Person> People::find(const std::string& reference) const
{
    Query row{tx,
        "SELECT reference, user_id, name, time_zone, asked_at, email, kind FROM people WHERE reference = $1 OR user_id = $1 "
        "ORDER BY "
        "reference = $1 DESC LIMIT 1",
        reference};
    if (!row.step())
        return std::nullopt;
    return person_in(row);
}

std::optional<Person> People::by_email(const std::string& address) const
{
    Query row{tx,
        "SELECT reference, user_id, name, time_zone, asked_at, email, kind FROM people WHERE email = $1 AND user_id <> '' LIMIT "
        "1",
        address};
    if (!row.step())
        return std::nullopt;
    return person_in(row);
}

std::map<std::string, SourceKey> SourceKeys::all() const
{
    std::map<std::string, SourceKey> found;
    for (Query row{tx, "SELECT key_hash, source, made, until FROM source_keys"}; row.step();) {
        auto hash = row.text();
        SourceKey key;
        key.source = row.text();
        key.made = row.time();
        key.until = row.time();
        found.emplace(std::move(hash), std::move(key));
    }
    return found;
}

bool SourceKeys::has(const std::string& source) const
{
    return Query{tx, "SELECT 1 FROM source_keys WHERE source = $1", source}.step();
}

void SourceKeys::save(const std::string& source, const std::string& key_hash, TimePoint now) const
{
    if (Query{tx, "SELECT 1 FROM source_keys WHERE source = $1 AND key_hash = $2 AND until = 0", source, key_hash}.step()) {
        run(tx, "DELETE FROM source_keys WHERE source = $1 AND key_hash <> $2", source, key_hash);
        return;
    }
    // A key may move from one source to another, both ways at once.
    run(tx, "DELETE FROM source_keys WHERE source = $1 OR key_hash = $2", source, key_hash);
    run(tx, "INSERT INTO source_keys (key_hash, source, made, until) VALUES ($1, $2, $3, 0)", key_hash, source, now);
}

void SourceKeys::rotate(const std::string& source, const std::string& key_hash, TimePoint now, TimePoint until) const
{
    run(tx, "DELETE FROM source_keys WHERE source = $1 AND until <> 0 AND until <= $2", source, now);
    run(tx, "UPDATE source_keys SET until = $2 WHERE source = $1 AND (until = 0 OR until > $2)", source, until);
    run(tx, "INSERT INTO source_keys (key_hash, source, made, until) VALUES ($1, $2, $3, 0)", key_hash, source, now);
}

bool SourceKeys::revoke(const std::string& source, TimePoint now) const
{
    // They stay, so that the next start does not make one.
    run(tx, "UPDATE source_keys SET until = $2 WHERE source = $1 AND (until = 0 OR until > $2)", source, now);
    return tx.changes() > 0;
}

void SourceKeys::keep_only(const std::vector<std::string>& sources) const
{
    std::vector<std::string> gone;
    for (Query row{tx, "SELECT source FROM source_keys"}; row.step();) {
        auto name = row.text();
        if (std::find(sources.begin(), sources.end(), name) == sources.end())
            gone.push_back(std::move(name));
    }
    for (const auto& name : gone)
        run(tx, "DELETE FROM source_keys WHERE source = $1", name);
}

bool SourceKeys::end_overlap(const std::string& source, TimePoint now) const
{
    run(tx, "UPDATE source_keys SET until = $2 WHERE source = $1 AND until > $2", source, now);
    return tx.changes() > 0;
}

void SourceKeys::forget_before(TimePoint now) const { run(tx, "DELETE FROM source_keys WHERE until > 0 AND until <= $1", now); }

void Journal::accepted(const std::string& source, const std::string& dedup_key, oncall::AlertId alert, TimePoint now) const
{
    run(tx, "INSERT INTO accepted (at, source, dedup_key, alert) VALUES ($1, $2, $3, $4)", now, source, dedup_key, alert.value);
}

void Journal::forget_accepted_before(TimePoint when) const { run(tx, "DELETE FROM accepted WHERE at < $1", when); }

void Journal::started(TimePoint now) const { run(tx, "INSERT INTO starts (at) VALUES ($1)", now); }

void Journal::pulse(TimePoint now) const
{
    run(tx, "INSERT INTO pulse (id, at) VALUES (1, $1) ON CONFLICT (id) DO UPDATE SET at = excluded.at", now);
}

bool Journal::use_token(const std::string& id, TimePoint now) const
{
    run(tx, "INSERT INTO used_tokens (id, at) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING", id, now);
    return tx.changes() == 1;
}

bool Journal::token_used(const std::string& id) const { return Query{tx, "SELECT 1 FROM used_tokens WHERE id = $1", id}.step(); }

void Journal::forget_tokens_before(TimePoint when) const { run(tx, "DELETE FROM used_tokens WHERE at < $1", when); }

std::string Journal::file_taken_up() const
{
    Query row{tx, "SELECT digest FROM file_taken_up WHERE id = 1"};
    return row.step() ? row.text() : std::string{};
}

void Journal::take_up_file(const std::string& digest) const
{
    run(tx, "INSERT INTO file_taken_up (id, digest) VALUES (1, $1) ON CONFLICT (id) DO UPDATE SET digest = excluded.digest",
        digest);
}

std::string Journal::secret(const std::string& name, const std::string& fresh) const
{
    run(tx, "INSERT INTO secrets (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING", name, fresh);
    Query row{tx, "SELECT value FROM secrets WHERE name = $1", name};
    row.step();
    return row.text();
}

std::string sha256(std::string_view text)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int length{};
    if (EVP_Digest(text.data(), text.size(), digest, &length, EVP_sha256(), nullptr) != 1)
        throw std::runtime_error{"SHA-256 failed"};
    constexpr char digits[] = "0123456789abcdef";
    std::string hex;
    for (unsigned int i = 0; i < length; ++i) {
        hex += digits[digest[i] >> 4];
        hex += digits[digest[i] & 15];
    }
    return hex;
}

} // namespace storage
