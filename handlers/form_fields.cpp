#include "handlers/form_fields.hpp"

#include "config/utf8.hpp"
#include "oncall/words.hpp"

#include <algorithm>
#include <charconv>

namespace handlers::fields {

using blocks::Choice;
using blocks::Field;
using blocks::Part;
using blocks::Values;

namespace {

constexpr std::size_t most_value = 150; // characters of an option

std::string id_of(const std::string& reference, const Naming& naming)
{
    const auto found = naming.ids.find(reference);
    return found == naming.ids.end() ? "" : found->second;
}

} // namespace

bool fits_value(const std::string& text) { return config::length_of(text) <= most_value; }

bool contains(const Texts& list, const std::string& one) { return std::find(list.begin(), list.end(), one) != list.end(); }

std::string text_in(const Values& values, const std::string& field)
{
    const auto found = values.find(field);
    return found == values.end() || found->second.empty() ? "" : oncall::trimmed(found->second.front());
}

std::string said_of_field(const config::Problem& problem)
{
    const auto where = "Line " + std::to_string(problem.line) + ", column " + std::to_string(problem.column) + ": ";
    return (problem.line > 0 ? where : std::string{}) + problem.what + ". To do: " + problem.fix
        + (problem.fix.ends_with('?') ? "" : ".");
}

bool is_as_shown(const std::string& text, const std::string& was)
{
    return text == oncall::trimmed(was) || text == oncall::trimmed(blocks::kit::clean(was, was.size()));
}

Texts texts_in(const Values& values, const std::string& field)
{
    const auto found = values.find(field);
    return found == values.end() ? Texts{} : found->second;
}

int number_in(const Values& values, const std::string& field)
{
    const auto text = text_in(values, field);
    int number{};
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

std::string number_out(int number) { return number == 0 ? "" : std::to_string(number); }

Texts split(const std::string& text, const char* between)
{
    Texts parts;
    for (std::size_t at = 0; at < text.size();) {
        const auto end = std::min(text.find_first_of(between, at), text.size());
        const auto first = std::min(text.find_first_not_of(" \n\t", at), end);
        const auto last = end > first ? text.find_last_not_of(" \n\t", end - 1) + 1 : first;
        if (last > first)
            parts.push_back(text.substr(first, last - first));
        at = end + 1;
    }
    return parts;
}

std::string option(const std::string& name) { return name.empty() ? std::string{blocks::nothing} : "=" + name; }

std::string option_in(const Values& values, const std::string& field)
{
    const auto value = texts_in(values, field);
    return !value.empty() && value.front().starts_with('=') ? value.front().substr(1) : "";
}

std::string channel_in(std::string text)
{
    if (text.starts_with("<#") && text.ends_with('>'))
        return text.substr(2, std::min(text.find('|'), text.size() - 1) - 2);
    const bool id = text.size() >= 6 && (text.front() == 'C' || text.front() == 'G')
        && text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") == text.npos;
    return text.empty() || text.front() == '#' || id ? text : "#" + text;
}

std::string group_in(const std::string& text)
{
    const bool id =
        text.size() >= 6 && text.front() == 'S' && text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") == text.npos;
    return text.empty() || text.front() == '@' || id ? text : "@" + text;
}

void put_people(Values& values, const std::string& field, const Texts& people, const Naming& naming)
{
    auto &ids = values[field], &unknown = values[field + std::string{not_in_slack}];
    for (const auto& person : people) {
        const auto id = id_of(person, naming);
        auto& list = id.empty() ? unknown : ids;
        const auto& chosen = id.empty() ? person : id;
        if (!contains(list, chosen))
            list.push_back(chosen);
    }
}

Texts people_in(const Values& values, const std::string& field, const Texts& before, const Naming& naming)
{
    const auto ids = texts_in(values, field), unknown = texts_in(values, field + std::string{not_in_slack});
    Texts people, seen;
    for (const auto& person : before) {
        const auto id = id_of(person, naming);
        // Whom Slack did not know when the form was shown stays, also when it knows her by now.
        if (contains(unknown, person) || (id.empty() ? !fits_value(person) : contains(ids, id))) {
            people.push_back(person);
            seen.push_back(id);
        }
    }
    for (const auto& id : ids)
        if (!contains(seen, id)) {
            const auto named = naming.references.find(id);
            people.push_back(named == naming.references.end() ? id : named->second);
        }
    return people;
}

void add_unknown(std::vector<Part>& parts, const std::string& field, const std::string& label, const Texts& unknown)
{
    Field beside;
    beside.kind = Field::Kind::some;
    beside.id = field + std::string{not_in_slack};
    beside.label = label;
    beside.hint = "The configuration names them, but Slack knows nobody of that name. Take them out, or correct the name.";
    for (const auto& person : unknown)
        if (fits_value(person))
            beside.choices.push_back({person, person, ""});
    if (!beside.choices.empty())
        parts.push_back(beside);
}

void add_people(std::vector<Part>& parts, const std::string& field, const std::string& label, const std::string& hint,
    const Texts& before, const Naming& naming)
{
    auto people = text(field, label, hint, "Choose people");
    people.kind = Field::Kind::people;
    parts.push_back(people);
    Texts unknown;
    for (const auto& person : before)
        if (id_of(person, naming).empty())
            unknown.push_back(person);
    add_unknown(parts, field, label + ": not found in Slack", unknown);
}

Field text(std::string id, std::string label, std::string hint, std::string placeholder)
{
    Field field;
    field.kind = Field::Kind::text;
    field.id = std::move(id);
    field.label = std::move(label);
    field.hint = std::move(hint);
    field.placeholder = std::move(placeholder);
    return field;
}

Field lines(std::string id, std::string label, std::string hint, std::string placeholder)
{
    auto field = text(std::move(id), std::move(label), std::move(hint), std::move(placeholder));
    field.kind = Field::Kind::lines;
    return field;
}

Field number(std::string id, std::string label, std::string hint, int least, int most)
{
    auto field = text(std::move(id), std::move(label), std::move(hint));
    field.kind = Field::Kind::number;
    field.least = least;
    field.most = most;
    return field;
}

Field one(std::string id, std::string label, std::string hint, std::vector<Choice> choices, std::string_view lookup)
{
    auto field = text(std::move(id), std::move(label), std::move(hint));
    field.kind = Field::Kind::one;
    field.choices = std::move(choices);
    field.lookup = lookup;
    return field;
}

Field tick(std::string id, std::string label, std::string words)
{
    auto field = text(std::move(id), std::move(label));
    field.kind = Field::Kind::tick;
    field.choices = {{std::move(words), "true", ""}};
    return field;
}

} // namespace handlers::fields
