#include "config/read.hpp"
#include "oncall/condition.hpp"
#include "oncall/pattern.hpp"
#include "oncall/rise.hpp"

#include <algorithm>

namespace config {

namespace {

using oncall::Condition;

constexpr std::string_view condition_fix{
    "write {field: …, is: …}, {all: […]}, {any: […]} or {not: …}; instead of `is`: contains, matches, in, greater, less, exists; "
    "or {during: {time_zone: …, windows: […]}}"};

/// What a field may be asked.
constexpr std::pair<std::string_view, Condition::Kind> comparisons[]{{"is", Condition::Kind::is},
    {"contains", Condition::Kind::contains}, {"matches", Condition::Kind::matches}, {"in", Condition::Kind::in},
    {"greater", Condition::Kind::greater}, {"less", Condition::Kind::less}, {"exists", Condition::Kind::exists}};

void read_pattern_of(Reader& reader, const Fields& in, Condition& condition)
{
    condition.value = reader.text(in, "matches");
    if (const auto why = oncall::why_no_pattern(condition.value); !why.empty())
        reader.problem(in.at("matches"), "`matches` has no pattern that can be used: " + why,
            "write a regular expression as RE2 takes it, in single quotes, as '^db-[0-9]+$'");
}

void read_bound(Reader& reader, const Fields& in, const std::string& key, Condition& condition)
{
    condition.value = reader.text(in, key);
    if (condition.value.empty())
        return;
    if (condition.field == "severity" && !oncall::severity_rank(condition.value))
        reader.problem(in.at(key), "there is no severity `" + condition.value + "`", "use critical, error, warning or info");
    else if (condition.field != "severity" && !oncall::number_said(condition.value))
        reader.problem(in.at(key), "`" + key + "` compares numbers, and `" + condition.value + "` is none",
            "write a number; severities are compared by {field: severity, " + key + ": warning}");
}

void read_values_of(Reader& reader, const Fields& in, Condition& condition)
{
    const auto values = reader.list(in, "in");
    for (const auto& value : values)
        condition.values.push_back(reader.text(value, "in"));
    const auto& node = *in.at("in").node;
    if (values.empty() && (node.kind == Node::Kind::null || node.kind == Node::Kind::list))
        reader.problem(in.at("in"), "`in` names nothing", "list at least one value");
    if (values.size() > oncall::most_values)
        reader.problem(in.at("in"), "`in` has more than " + std::to_string(oncall::most_values) + " values",
            "use a pattern, or a label that says less");
}

Condition read_comparison(Reader& reader, const Fields& in, const std::string& key, Condition::Kind kind)
{
    Condition condition;
    condition.kind = kind;
    condition.field = reader.text(in, "field");
    if (!condition.field.empty() && !oncall::is_alert_field(condition.field))
        reader.problem(in.at("field"), "alerts have no field `" + condition.field + "`",
            reader.suggestion(
                condition.field, oncall::alert_fields(), "use " + joined(oncall::alert_fields()) + " or labels.NAME"));
    switch (kind) {
    case Condition::Kind::is: {
        // An empty text is a value too: a field that says nothing.
        const auto& value = *in.at("is").node;
        condition.value = value.kind == Node::Kind::text ? value.text : reader.text(in, "is");
        break;
    }
    case Condition::Kind::matches: read_pattern_of(reader, in, condition); break;
    case Condition::Kind::in: read_values_of(reader, in, condition); break;
    case Condition::Kind::greater:
    case Condition::Kind::less: read_bound(reader, in, key, condition); break;
    case Condition::Kind::exists:
        if (!reader.truth(in, "exists").value_or(true)) {
            Condition no;
            no.kind = Condition::Kind::no;
            no.parts.push_back(std::move(condition));
            return no;
        }
        break;
    default: condition.value = reader.text(in, key); break;
    }
    return condition;
}

Condition read_during(Reader& reader, const Place& at)
{
    Condition condition;
    condition.kind = Condition::Kind::during;
    const auto in = reader.fields(at, "`during`", {"time_zone", "windows"});
    if (!in.has("time_zone"))
        reader.problem(in.of(), "`during` has no `time_zone`", "say whose clock it goes by, as time_zone: Europe/Berlin");
    condition.hours.time_zone = reader.zone(in, "time_zone");
    if (!in.has("windows"))
        reader.problem(in.of(), "`during` has no `windows`",
            "list when it holds, as windows: [{days: [mon, tue, wed, thu, fri], from: \"09:00\", to: \"17:00\"}]");
    condition.hours.windows = read_windows(reader, in);
    return condition;
}

/// `left`: how many more there may be.
Condition read_part(Reader& reader, const Place& at, int depth, std::size_t& left)
{
    Condition condition;
    if (depth > oncall::deepest_condition) {
        reader.problem(
            at, "conditions are nested too deeply", "use at most " + std::to_string(oncall::deepest_condition) + " levels");
        return condition;
    }
    if (left == 0)
        return condition;
    if (--left == 0)
        reader.problem(at, "there are more than " + std::to_string(oncall::most_conditions) + " conditions in one",
            "use `in` with a list, or several rules");
    std::vector<std::string> known{"all", "any", "not", "during", "field"};
    for (const auto& [key, kind] : comparisons)
        known.emplace_back(key);
    const auto in = reader.fields(at, "a condition", known);
    if (in.count() == 2 && in.has("field"))
        for (const auto& [word, kind] : comparisons)
            if (const std::string key{word}; in.has(key))
                return read_comparison(reader, in, key, kind);
    const bool is_whole = in.has("all") || in.has("any") || in.has("not") || in.has("during");
    if (in.count() != 1 || !is_whole) {
        reader.problem(at, "a condition is one thing", std::string{condition_fix});
        return condition;
    }
    if (in.has("during"))
        return read_during(reader, in.at("during"));
    if (in.has("not")) {
        condition.kind = Condition::Kind::no;
        condition.parts.push_back(read_part(reader, in.at("not"), depth + 1, left));
        return condition;
    }
    const std::string key = in.has("all") ? "all" : "any";
    condition.kind = key == "all" ? Condition::Kind::all : Condition::Kind::any;
    for (const auto& part : reader.list(in, key)) {
        if (left == 0)
            break;
        condition.parts.push_back(read_part(reader, part, depth + 1, left));
    }
    if (condition.parts.empty())
        reader.problem(at, "`" + key + "` has no conditions", "list at least one");
    return condition;
}

} // namespace

Condition read_condition(Reader& reader, const Place& at)
{
    auto left = oncall::most_conditions + 1;
    return read_part(reader, at, 0, left);
}

} // namespace config
