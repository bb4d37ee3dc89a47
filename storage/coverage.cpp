#include "storage/coverage.hpp"

#include "storage/sql.hpp"

#include <charconv>

namespace storage {

namespace {

std::string stretches_out(const std::vector<oncall::Span>& spans)
{
    std::string text;
    for (const auto& one : spans)
        text += (text.empty() ? "" : ",") + std::to_string(one.from.time_since_epoch().count()) + "-"
            + std::to_string(one.to.time_since_epoch().count());
    return text;
}

std::vector<std::string> parts_of(const std::string& list)
{
    std::vector<std::string> parts;
    for (std::size_t at = 0; at < list.size();) {
        const auto end = std::min(list.find(',', at), list.size());
        parts.push_back(list.substr(at, end - at));
        at = end + 1;
    }
    return parts;
}

std::vector<oncall::Span> stretches_in(const std::string& text)
{
    std::vector<oncall::Span> spans;
    for (const auto& part : parts_of(text)) {
        std::int64_t from{}, to{};
        const auto* const end = part.data() + part.size();
        const auto read = std::from_chars(part.data(), end, from);
        if (read.ec == std::errc{} && read.ptr != end && std::from_chars(read.ptr + 1, end, to).ec == std::errc{})
            spans.push_back({TimePoint{oncall::milliseconds{from}}, TimePoint{oncall::milliseconds{to}}});
    }
    return spans;
}

WatchedCoverage watched_coverage_in(Query& row)
{
    WatchedCoverage one;
    one.id = row.integer();
    one.schedule = row.text();
    one.next = row.time();
    one.quiet_until = row.time();
    return one;
}

CoverageMessage coverage_message_in(Query& row)
{
    CoverageMessage message;
    message.id = row.integer();
    message.told = row.integer();
    message.channel = row.text();
    message.place = row.text();
    message.trouble = row.text();
    message.posted_in = row.text();
    message.ts = row.text();
    return message;
}

void read_findings(Transaction& tx, ToldCoverage& told)
{
    for (Query row{tx,
             "SELECT kind, people, rotation, why, stretches, starts, ends, ahead, over_at FROM coverage_findings WHERE told = $1 "
             "ORDER BY place",
             told.id};
         row.step();) {
        CoverageFinding one;
        one.finding.kind = oncall::finding_kind_in(row.text()).value_or(oncall::FindingKind::gap);
        one.finding.people = parts_of(row.text());
        one.finding.rotation = row.text();
        one.finding.why = row.text();
        one.finding.stretches = stretches_in(row.text());
        const auto starts = row.time(), ends = row.time();
        if (one.finding.stretches.empty())
            one.finding.stretches.push_back({starts, ends});
        one.ahead = row.text() == oncall::name(oncall::Ahead::week) ? oncall::Ahead::week : oncall::Ahead::day;
        one.over_at = row.time();
        told.findings.push_back(std::move(one));
    }
}

constexpr std::string_view select_coverage_message =
    "SELECT id, told, channel, place, trouble, posted_in, ts FROM coverage_messages WHERE ";

} // namespace

std::vector<WatchedCoverage> WatchedCoverages::all() const
{
    std::vector<WatchedCoverage> found;
    for (Query row{tx, "SELECT id, schedule, next, quiet_until FROM watched_coverage ORDER BY schedule"}; row.step();)
        found.push_back(watched_coverage_in(row));
    return found;
}

std::optional<WatchedCoverage> WatchedCoverages::find(std::int64_t id) const
{
    Query row{tx, "SELECT id, schedule, next, quiet_until FROM watched_coverage WHERE id = $1", id};
    return row.step() ? std::optional{watched_coverage_in(row)} : std::nullopt;
}

void WatchedCoverages::save(WatchedCoverage& one) const
{
    run(tx,
        "INSERT INTO watched_coverage (schedule, next, quiet_until) VALUES ($1, $2, $3) ON CONFLICT (schedule) DO UPDATE SET "
        "next = excluded.next, quiet_until = excluded.quiet_until",
        one.schedule, one.next, one.quiet_until);
    Query row{tx, "SELECT id FROM watched_coverage WHERE schedule = $1", one.schedule};
    if (row.step())
        one.id = row.integer();
}

void WatchedCoverages::remove(std::int64_t id) const { run(tx, "DELETE FROM watched_coverage WHERE id = $1", id); }

oncall::ToldFinding CoverageFinding::told() const
{
    return {finding.kind, finding.people.empty() ? std::string{} : finding.people.front(), finding.from(), finding.to(), ahead};
}

std::string coverage_key(std::int64_t message) { return "coverage:" + std::to_string(message); }

void ToldCoverages::add(ToldCoverage& one) const
{
    run(tx, "INSERT INTO coverage_told (schedule, at) VALUES ($1, $2)", one.schedule, one.at);
    one.id = tx.last_id();
    std::int64_t place = 0;
    for (const auto& each : one.findings) {
        std::string people;
        for (const auto& person : each.finding.people)
            people += (people.empty() ? "" : ",") + person;
        run(tx,
            "INSERT INTO coverage_findings (told, place, kind, people, rotation, why, stretches, starts, ends, ahead, over_at) "
            "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
            one.id, place++, oncall::name(each.finding.kind), people, each.finding.rotation, each.finding.why,
            stretches_out(each.finding.stretches), each.finding.from(), each.finding.to(), oncall::name(each.ahead),
            each.over_at);
    }
}

std::optional<ToldCoverage> ToldCoverages::find(std::int64_t id) const
{
    ToldCoverage told;
    {
        Query row{tx, "SELECT id, schedule, at FROM coverage_told WHERE id = $1", id};
        if (!row.step())
            return std::nullopt;
        told.id = row.integer();
        told.schedule = row.text();
        told.at = row.time();
    }
    read_findings(tx, told);
    return told;
}

std::vector<ToldCoverage> ToldCoverages::open(const std::string& schedule) const
{
    std::vector<std::int64_t> ids;
    for (Query row{tx,
             "SELECT id FROM coverage_told WHERE schedule = $1 AND id IN (SELECT told FROM coverage_findings WHERE over_at = 0) "
             "ORDER BY id",
             schedule};
         row.step();)
        ids.push_back(row.integer());
    std::vector<ToldCoverage> found;
    for (const auto id : ids)
        if (auto one = find(id))
            found.push_back(std::move(*one));
    return found;
}

void ToldCoverages::over(std::int64_t id, std::size_t place, TimePoint at) const
{
    run(tx, "UPDATE coverage_findings SET over_at = $3 WHERE told = $1 AND place = $2", id, place, at);
}

void ToldCoverages::forget_before(TimePoint when) const
{
    run(tx, "DELETE FROM coverage_messages WHERE told IN (SELECT id FROM coverage_told WHERE at < $1)", when);
    run(tx, "DELETE FROM coverage_findings WHERE told IN (SELECT id FROM coverage_told WHERE at < $1)", when);
    run(tx, "DELETE FROM coverage_told WHERE at < $1", when);
}

CoverageMessage ToldCoverages::show(std::int64_t told, const std::string& channel) const
{
    run(tx, "INSERT INTO coverage_messages (told, channel, place) VALUES ($1, $2, $2) ON CONFLICT (told, channel) DO NOTHING",
        told, channel);
    Query row{tx, std::string{select_coverage_message} + "told = $1 AND channel = $2", told, channel};
    row.step();
    return coverage_message_in(row);
}

std::optional<CoverageMessage> ToldCoverages::message(std::int64_t id) const
{
    Query row{tx, std::string{select_coverage_message} + "id = $1", id};
    return row.step() ? std::optional{coverage_message_in(row)} : std::nullopt;
}

std::vector<CoverageMessage> ToldCoverages::messages(std::int64_t told) const
{
    std::vector<CoverageMessage> found;
    for (Query row{tx, std::string{select_coverage_message} + "told = $1 ORDER BY id", told}; row.step();)
        found.push_back(coverage_message_in(row));
    return found;
}

void ToldCoverages::posted(std::int64_t message, const std::string& channel, const std::string& ts) const
{
    run(tx, "UPDATE coverage_messages SET posted_in = $2, ts = $3 WHERE id = $1", message, channel, ts);
}

void ToldCoverages::moved(std::int64_t message, const std::string& place, const std::string& trouble) const
{
    run(tx, "UPDATE coverage_messages SET place = $2, trouble = $3 WHERE id = $1", message, place, trouble);
}

void UnknownPeople::add(const std::string& person) const
{
    run(tx, "INSERT INTO unknown_people (person) VALUES ($1) ON CONFLICT (person) DO NOTHING", person);
}

std::set<std::string> UnknownPeople::all() const
{
    std::set<std::string> found;
    for (Query row{tx, "SELECT person FROM unknown_people"}; row.step();)
        found.insert(row.text());
    return found;
}

void UnknownPeople::keep_only(const std::set<std::string>& named) const
{
    for (const auto& person : all())
        if (!named.contains(person))
            run(tx, "DELETE FROM unknown_people WHERE person = $1", person);
}

oncall::RotaPeople rota_people(Transaction& tx)
{
    const auto all = People{tx}.all();
    // Of several rows of somebody the newest says what they are: of who was deactivated Slack finds no address any more.
    std::map<std::string, const Person*> newest;
    for (const auto& person : all)
        if (const auto known = newest.emplace(person.user_id, &person); known.first->second->asked_at < person.asked_at)
            known.first->second = &person;
    oncall::RotaPeople people;
    const auto is = [&](const Person& person) {
        const auto& now = *newest.at(person.user_id);
        return oncall::RotaPerson{person.user_id, now.kind, now.time_zone};
    };
    for (const auto& person : all)
        if (!person.user_id.empty())
            people[person.reference] = is(person);
    for (const auto& person : all)
        if (!person.user_id.empty()) {
            people.try_emplace(person.user_id, is(person));
            if (!person.email.empty())
                people.try_emplace(person.email, is(person));
        }
    for (const auto& person : UnknownPeople{tx}.all())
        people.try_emplace(person, oncall::RotaPerson{{}, "nobody", {}});
    return people;
}

} // namespace storage
