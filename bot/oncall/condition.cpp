#include "oncall/condition.hpp"

#include "oncall/pattern.hpp"
#include "oncall/rise.hpp"
#include "oncall/words.hpp"
#include "oncall/working_hours.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace oncall {

namespace {

constexpr std::string_view labels_begin{"labels."};

/// The text that a field is of, without a copy of it.
std::string_view text_of_field(const AlertFields& fields, std::string_view name)
{
    if (name.starts_with(labels_begin)) {
        const auto found = fields.labels.find(std::string{name.substr(labels_begin.size())});
        return found == fields.labels.end() ? std::string_view{} : std::string_view{found->second};
    }
    if (name == "title")
        return fields.title;
    if (name == "description")
        return fields.description;
    if (name == "severity")
        return fields.severity;
    if (name == "urgency")
        return urgency_of(fields.severity) == Urgency::high ? "high" : "low";
    if (name == "source")
        return fields.source;
    if (name == "service")
        return fields.service;
    return {};
}

/// Below zero: less; nullopt: they cannot be compared. Severities by how bad they are, all else as numbers.
std::optional<int> how_it_compares(std::string_view field, std::string_view text, std::string_view with)
{
    if (field == "severity") {
        const auto one = severity_rank(text), other = severity_rank(with);
        return one && other ? std::optional{*one - *other} : std::nullopt;
    }
    const auto one = number_said(text), other = number_said(with);
    if (!one || !other)
        return std::nullopt;
    return *one < *other ? -1 : *one > *other ? 1 : 0;
}

} // namespace

const std::vector<std::string>& alert_fields()
{
    static const std::vector<std::string> all{"title", "description", "severity", "urgency", "source", "service"};
    return all;
}

bool is_alert_field(std::string_view name)
{
    const auto& all = alert_fields();
    return (name.starts_with(labels_begin) && name.size() > labels_begin.size())
        || std::find(all.begin(), all.end(), name) != all.end();
}

std::string field_of(const AlertFields& fields, std::string_view name) { return std::string{text_of_field(fields, name)}; }

std::optional<double> number_said(std::string_view text)
{
    const auto word = trimmed(text.substr(0, 64));
    const auto end = word.size() - (word.ends_with('%') ? 1 : 0);
    double number{};
    const auto [read, error] = std::from_chars(word.data(), word.data() + end, number);
    return error == std::errc{} && read == word.data() + end && std::isfinite(number) ? std::optional{number} : std::nullopt;
}

std::size_t count_of(const Condition& condition)
{
    std::size_t count = 1;
    for (const auto& part : condition.parts)
        count += count_of(part);
    return count;
}

bool matches(const Condition& condition, const AlertFields& fields)
{
    using Kind = Condition::Kind;
    const auto holds = [&](const Condition& part) { return matches(part, fields); };
    const auto text = text_of_field(fields, condition.field);
    switch (condition.kind) {
    case Kind::all: return std::all_of(condition.parts.begin(), condition.parts.end(), holds);
    case Kind::any: return std::any_of(condition.parts.begin(), condition.parts.end(), holds);
    case Kind::no: return std::none_of(condition.parts.begin(), condition.parts.end(), holds);
    case Kind::is: return text == condition.value;
    case Kind::contains: return text.substr(0, most_looked_at).find(condition.value) != text.npos;
    case Kind::matches: return is_found(condition.value, text);
    case Kind::in: return std::find(condition.values.begin(), condition.values.end(), text) != condition.values.end();
    case Kind::greater: return how_it_compares(condition.field, text, condition.value).value_or(0) > 0;
    case Kind::less: return how_it_compares(condition.field, text, condition.value).value_or(0) < 0;
    case Kind::exists: return !text.empty();
    case Kind::during: return works_at(condition.hours, fields.at);
    }
    return false;
}

} // namespace oncall
