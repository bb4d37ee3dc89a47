#include "storage/covers.hpp"

#include "storage/sql.hpp"

#include <charconv>

namespace storage {

namespace {

using oncall::CoverRequest;
using oncall::Span;

const std::string select_request =
    "SELECT id, kind, state, schedule, requester, other, starts, ends, theirs_start, theirs_end, reason, "
    "opened_at, done_until, closed_at, why, spares, version FROM cover_requests WHERE ";

std::string spans_out(const std::vector<Span>& spans)
{
    std::string text;
    for (const auto& one : spans)
        text += (text.empty() ? "" : ",") + std::to_string(one.from.time_since_epoch().count()) + "-"
            + std::to_string(one.to.time_since_epoch().count());
    return text;
}

std::vector<Span> spans_in(const std::string& text)
{
    std::vector<Span> spans;
    const auto* at = text.data();
    const auto* const end = at + text.size();
    while (at < end) {
        std::int64_t from{}, to{};
        const auto [dash, error] = std::from_chars(at, end, from);
        if (error != std::errc{} || dash == end)
            break;
        const auto [stop, wrong] = std::from_chars(dash + 1, end, to);
        if (wrong != std::errc{})
            break;
        spans.push_back({TimePoint{oncall::milliseconds{from}}, TimePoint{oncall::milliseconds{to}}});
        at = stop == end ? end : stop + 1;
    }
    return spans;
}

CoverRequest read(Query& row)
{
    CoverRequest request;
    request.id = row.integer();
    request.kind = oncall::request_kind_in(row.text()).value_or(oncall::RequestKind::cover);
    request.state = oncall::cover_state_in(row.text()).value_or(oncall::CoverState::ended);
    request.schedule = row.text();
    request.requester = row.text();
    request.other = row.text();
    request.when.from = row.time();
    request.when.to = row.time();
    request.theirs.from = row.time();
    request.theirs.to = row.time();
    request.reason = row.text();
    request.opened_at = row.time();
    request.done_until = row.time();
    request.closed_at = row.time();
    request.why = row.text();
    request.left = spans_in(row.text());
    request.version = row.integer();
    return request;
}

void read_parts(Transaction& tx, CoverRequest& request)
{
    for (Query row{tx, "SELECT taker, starts, ends, override_id, reported FROM cover_parts WHERE request = $1 ORDER BY place",
             request.id};
         row.step();) {
        oncall::CoverPart part;
        part.taker = row.text();
        part.when.from = row.time();
        part.when.to = row.time();
        part.override_id = row.integer();
        part.reported = row.integer() != 0;
        request.parts.push_back(std::move(part));
    }
}

void write_parts(Transaction& tx, const CoverRequest& request)
{
    run(tx, "DELETE FROM cover_parts WHERE request = $1", request.id);
    std::int64_t place = 0;
    for (const auto& part : request.parts)
        run(tx,
            "INSERT INTO cover_parts (request, place, taker, starts, ends, override_id, reported) VALUES ($1, $2, $3, $4, $5, "
            "$6, $7)",
            request.id, place++, part.taker, part.when.from, part.when.to, part.override_id, part.reported);
}

std::vector<CoverRequest> all(Transaction& tx, Query row)
{
    std::vector<CoverRequest> found;
    while (row.step())
        found.push_back(read(row));
    for (auto& request : found)
        read_parts(tx, request);
    return found;
}

CoverMessage cover_message_in(Query& row)
{
    CoverMessage message;
    message.key = row.text();
    message.request = row.integer();
    message.audience = oncall::cover_audience_in(row.text()).value_or(oncall::CoverAudience::channel);
    message.place = row.text();
    message.channel = row.text();
    message.ts = row.text();
    return message;
}

} // namespace

void CoverRequests::add(CoverRequest& request) const
{
    run(tx,
        "INSERT INTO cover_requests (kind, state, schedule, requester, other, starts, ends, theirs_start, theirs_end, reason, "
        "opened_at, done_until, closed_at, why, spares, version, asked_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, "
        "$12, $13, $14, $15, $16, $11)",
        oncall::name(request.kind), oncall::name(request.state), request.schedule, request.requester, request.other,
        request.when.from, request.when.to, request.theirs.from, request.theirs.to, request.reason, request.opened_at,
        request.done_until, request.closed_at, request.why, spans_out(request.left), request.version);
    request.id = tx.last_id();
    write_parts(tx, request);
}

std::optional<CoverRequest> CoverRequests::find(std::int64_t id) const
{
    auto found = all(tx, Query{tx, select_request + "id = $1", id});
    return found.empty() ? std::nullopt : std::optional{std::move(found.front())};
}

void CoverRequests::save(const CoverRequest& request) const
{
    run(tx,
        "UPDATE cover_requests SET state = $2, opened_at = $3, done_until = $4, closed_at = $5, why = $6, spares = $7, version = "
        "$8 WHERE id = $1",
        request.id, oncall::name(request.state), request.opened_at, request.done_until, request.closed_at, request.why,
        spans_out(request.left), request.version);
    write_parts(tx, request);
}

std::vector<CoverRequest> CoverRequests::active(TimePoint now) const
{
    return all(tx,
        Query{tx,
            select_request
                + "state IN ('open', 'partly taken') OR (state = 'taken' AND ends > $1) OR id IN (SELECT request FROM "
                  "cover_parts "
                  "WHERE ends > $1) ORDER BY id",
            now});
}

std::size_t CoverRequests::asked_since(const std::string& requester, TimePoint when) const
{
    Query row{tx, "SELECT COUNT(*) FROM cover_requests WHERE requester = $1 AND asked_at > $2", requester, when};
    return row.step() ? static_cast<std::size_t>(row.integer()) : 0;
}

std::set<std::int64_t> CoverRequests::overrides_made(TimePoint now) const
{
    std::set<std::int64_t> found;
    for (Query row{tx, "SELECT override_id FROM cover_parts WHERE ends > $1", now}; row.step();)
        found.insert(row.integer());
    return found;
}

std::vector<CoverRequest> CoverRequests::open_of(const std::string& requester) const
{
    return all(tx, Query{tx, select_request + "state IN ('open', 'partly taken') AND requester = $1 ORDER BY id", requester});
}

bool CoverMessages::add(const CoverMessage& message) const
{
    run(tx, "INSERT INTO cover_messages (key, request, audience, place) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
        message.key, message.request, oncall::name(message.audience), message.place);
    return tx.changes() > 0;
}

std::optional<CoverMessage> CoverMessages::find(const std::string& key) const
{
    Query row{tx, "SELECT key, request, audience, place, channel, ts FROM cover_messages WHERE key = $1", key};
    return row.step() ? std::optional{cover_message_in(row)} : std::nullopt;
}

std::vector<CoverMessage> CoverMessages::of(std::int64_t request) const
{
    std::vector<CoverMessage> found;
    for (Query row{tx, "SELECT key, request, audience, place, channel, ts FROM cover_messages WHERE request = $1 ORDER BY rowid",
             request};
         row.step();)
        found.push_back(cover_message_in(row));
    return found;
}

void CoverMessages::stands(const std::string& key, const std::string& channel, const std::string& ts) const
{
    run(tx, "UPDATE cover_messages SET channel = $2, ts = $3 WHERE key = $1", key, channel, ts);
}

void CoverMessages::forget(const std::string& key) const { run(tx, "DELETE FROM cover_messages WHERE key = $1", key); }

} // namespace storage
