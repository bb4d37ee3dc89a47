#include "storage/silences.hpp"

#include "storage/repositories.hpp"
#include "storage/sql.hpp"

#include <nlohmann/json.hpp>

namespace storage {

namespace {

using SilenceJson = nlohmann::json;

constexpr std::string_view silence_columns{
    "SELECT id, what, made_at, version, over, begun_at, until, round, undo, undo_by FROM silences "};

std::int64_t counted_ms(TimePoint at) { return at.time_since_epoch().count(); }
TimePoint counted_ms(const SilenceJson& spec, const char* key)
{
    return TimePoint{std::chrono::milliseconds{spec.value(key, std::int64_t{})}};
}

StoredSilence silence_in_row(Query& row)
{
    StoredSilence one;
    const auto id = row.integer();
    one.what = silence_in(row.text());
    one.what.id = id;
    one.made_at = row.time();
    one.version = row.integer();
    one.over = row.number() != 0;
    one.begun_at = row.time();
    one.until = row.time();
    one.round = row.integer();
    one.undo = row.text();
    one.undo_by = row.text();
    return one;
}

std::vector<StoredSilence> silences_in(Query rows)
{
    std::vector<StoredSilence> all;
    while (rows.step())
        all.push_back(silence_in_row(rows));
    return all;
}

constexpr std::pair<oncall::Condition::Kind, std::string_view> term_kinds[]{
    {oncall::Condition::Kind::is, "is"}, {oncall::Condition::Kind::contains, "contains"}, {oncall::Condition::Kind::in, "in"}};

SilenceJson term_json(const oncall::Condition& term)
{
    SilenceJson spec;
    for (const auto& [kind, its] : term_kinds)
        if (kind == term.kind)
            spec["kind"] = its;
    spec["field"] = term.field;
    if (term.kind == oncall::Condition::Kind::in)
        spec["values"] = term.values;
    else
        spec["value"] = term.value;
    return spec;
}

oncall::Condition term_of_json(const SilenceJson& spec)
{
    oncall::Condition term;
    for (const auto& [kind, its] : term_kinds)
        if (spec.value("kind", std::string{}) == its)
            term.kind = kind;
    term.field = spec.value("field", std::string{});
    term.value = spec.value("value", std::string{});
    term.values = spec.value("values", std::vector<std::string>{});
    return term;
}

SilenceJson window_json(const oncall::Window& window)
{
    SilenceJson spec;
    spec["from"] = window.from.count();
    spec["to"] = window.to.count();
    auto days = SilenceJson::array();
    for (const auto day : window.days)
        days.push_back(static_cast<int>(day));
    spec["days"] = std::move(days);
    if (window.from_day && window.to_day) {
        spec["from_day"] = static_cast<int>(*window.from_day);
        spec["to_day"] = static_cast<int>(*window.to_day);
    }
    return spec;
}

oncall::Window window_of_json(const SilenceJson& spec)
{
    oncall::Window window;
    window.from = std::chrono::minutes{spec.value("from", 0)};
    window.to = std::chrono::minutes{spec.value("to", 0)};
    for (const auto day : spec.value("days", std::vector<int>{}))
        window.days.push_back(static_cast<oncall::Weekday>(day));
    if (spec.contains("from_day")) {
        window.from_day = static_cast<oncall::Weekday>(spec.value("from_day", 0));
        window.to_day = static_cast<oncall::Weekday>(spec.value("to_day", 0));
    }
    return window;
}

} // namespace

std::string silence_out(const oncall::Silence& silence)
{
    SilenceJson spec;
    spec["kind"] = oncall::name(silence.kind);
    spec["services"] = silence.services;
    spec["teams"] = silence.teams;
    spec["when"] = SilenceJson::array();
    for (const auto& term : silence.when.parts)
        spec["when"].push_back(term_json(term));
    spec["from"] = counted_ms(silence.from);
    spec["to"] = counted_ms(silence.to);
    if (oncall::comes_back(silence)) {
        spec["zone"] = silence.repeats.time_zone;
        spec["windows"] = SilenceJson::array();
        for (const auto& window : silence.repeats.windows)
            spec["windows"].push_back(window_json(window));
    }
    spec["reason"] = silence.reason;
    spec["made_by"] = silence.made_by;
    spec["ended_by"] = silence.ended_by;
    spec["ended_at"] = counted_ms(silence.ended_at);
    return spec.dump(-1, ' ', false, SilenceJson::error_handler_t::replace);
}

oncall::Silence silence_in(const std::string& text)
{
    oncall::Silence silence;
    const auto spec = SilenceJson::parse(text, nullptr, false);
    if (!spec.is_object())
        return silence;
    silence.kind = oncall::hold_kind_in(spec.value("kind", std::string{}));
    silence.services = spec.value("services", std::vector<std::string>{});
    silence.teams = spec.value("teams", std::vector<std::string>{});
    for (const auto& term : spec.value("when", SilenceJson::array()))
        silence.when.parts.push_back(term_of_json(term));
    silence.from = counted_ms(spec, "from");
    silence.to = counted_ms(spec, "to");
    silence.repeats.time_zone = spec.value("zone", std::string{});
    for (const auto& window : spec.value("windows", SilenceJson::array()))
        silence.repeats.windows.push_back(window_of_json(window));
    silence.reason = spec.value("reason", std::string{});
    silence.made_by = spec.value("made_by", std::string{});
    silence.ended_by = spec.value("ended_by", std::string{});
    silence.ended_at = counted_ms(spec, "ended_at");
    return silence;
}

void Silences::add(StoredSilence& one) const
{
    run(tx,
        "INSERT INTO silences (kind, what, starts, ends, reason, made_by, made_at, version, ended_by, ended_at, over, begun_at, "
        "until, round, undo, undo_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
        oncall::name(one.what.kind), silence_out(one.what), one.what.from, one.what.to, one.what.reason, one.what.made_by,
        one.made_at, one.version, one.what.ended_by, one.what.ended_at, one.over ? 1 : 0, one.begun_at, one.until, one.round,
        one.undo, one.undo_by);
    one.what.id = tx.last_id();
}

std::optional<StoredSilence> Silences::find(std::int64_t id) const
{
    static const auto sql = std::string{silence_columns} + "WHERE id = $1";
    Query row{tx, sql, id};
    return row.step() ? std::optional{silence_in_row(row)} : std::nullopt;
}

void Silences::save(StoredSilence& one) const
{
    run(tx,
        "UPDATE silences SET version = version + 1, what = $3, starts = $4, ends = $5, reason = $6, ended_by = $7, ended_at = "
        "$8, "
        "over = $9, undo = $10, undo_by = $11 WHERE id = $1 AND version = $2",
        one.what.id, one.version, silence_out(one.what), one.what.from, one.what.to, one.what.reason, one.what.ended_by,
        one.what.ended_at, one.over ? 1 : 0, one.undo, one.undo_by);
    if (tx.changes() != 1)
        throw Conflict{"silence " + std::to_string(one.what.id) + " was changed by somebody else"};
    ++one.version;
}

void Silences::stands(const StoredSilence& one) const
{
    run(tx, "UPDATE silences SET over = $2, begun_at = $3, until = $4, round = $5 WHERE id = $1", one.what.id, one.over ? 1 : 0,
        one.begun_at, one.until, one.round);
}

std::vector<StoredSilence> Silences::in_force(TimePoint now) const
{
    static const auto sql = std::string{silence_columns} + "WHERE over = 0 AND ends > $1 AND starts <= $1 ORDER BY ends, id";
    return silences_in({tx, sql, now});
}

std::vector<StoredSilence> Silences::coming() const
{
    static const auto sql = std::string{silence_columns} + "WHERE over = 0 ORDER BY ends, id";
    return silences_in({tx, sql});
}

void Silences::holds(std::int64_t silence, oncall::AlertId alert) const
{
    run(tx,
        "INSERT INTO silence_held (silence, round, alert) SELECT id, round, $2 FROM silences WHERE id = $1 ON CONFLICT DO "
        "NOTHING",
        silence, alert.value);
}

HeldCount Silences::count(const StoredSilence& one, std::int64_t round, std::size_t most) const
{
    HeldCount counted;
    Query all{tx,
        "SELECT COUNT(*), COALESCE(SUM(a.state <> 'resolved'), 0) FROM silence_held h JOIN alerts a ON a.id = h.alert WHERE "
        "h.silence = $1 AND h.round = $2",
        one.what.id, round};
    if (all.step()) {
        counted.all = all.integer();
        counted.open = all.integer();
    }
    for (Query row{tx,
             "SELECT a.id FROM silence_held h JOIN alerts a ON a.id = h.alert WHERE h.silence = $1 AND h.round = $2 AND a.state "
             "= "
             "'triggered' AND a.parent = 0 AND NOT EXISTS (SELECT 1 FROM arrivals o WHERE o.alert = a.id AND (o.kind <> $3 OR "
             "o.subject <> $1)) AND (EXISTS (SELECT 1 FROM arrivals o WHERE o.alert = a.id) OR EXISTS (SELECT 1 FROM pages p "
             "WHERE "
             "p.alert = a.id AND p.state <> 'resolved')) ORDER BY a.id",
             one.what.id, round, oncall::name(one.what.kind)};
         row.step(); ++counted.waiting_count)
        if (counted.waiting.size() < most)
            counted.waiting.push_back({row.integer()});
    return counted;
}

void Silences::look_again(const StoredSilence& one, TimePoint now) const
{
    tx.touched.timers = true;
    run(tx,
        "UPDATE timers SET due = $3 WHERE kind = 'arrival' AND subject IN (SELECT alert FROM arrivals WHERE kind = $1 AND "
        "subject "
        "= $2)",
        oncall::name(one.what.kind), one.what.id, now);
}

void Silences::each_since(
    TimePoint when, int most, const std::function<void(const oncall::AlertFields& fields, const std::string& team)>& ask) const
{
    for (Query row{tx,
             "SELECT source, service, title, description, severity, labels, team FROM alerts WHERE triggered_at >= $1 ORDER BY "
             "triggered_at DESC LIMIT $2",
             when, most};
         row.step();) {
        oncall::AlertFields fields;
        fields.source = row.text();
        fields.service = row.text();
        fields.title = row.text();
        fields.description = row.text();
        fields.severity = row.text();
        const auto labels = SilenceJson::parse(row.text());
        for (const auto& [name, value] : labels.items())
            fields.labels.emplace(name, value.get<std::string>());
        ask(fields, row.text());
    }
}

void Silences::forget_before(TimePoint end) const
{
    run(tx, "DELETE FROM silences WHERE over = 1 AND MAX(ends, ended_at) < $1", end);
}

} // namespace storage
