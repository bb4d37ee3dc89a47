#include "config/read.hpp"

#include <algorithm>

namespace config {

namespace {

using oncall::Condition;

constexpr int deepest_condition = 12;

Condition read_comparison(Reader& reader, const Fields& in)
{
    Condition condition;
    condition.kind = Condition::Kind::is;
    condition.field = reader.text(in, "field");
    // An empty text is a value too: a field that says nothing.
    const auto& value = *in.at("is").node;
    condition.value = value.kind == Node::Kind::text ? value.text : reader.text(in, "is");
    const std::vector<std::string> fields{"title", "description", "severity", "source", "service"};
    const bool label = condition.field.starts_with("labels.") && condition.field.size() > 7;
    if (!condition.field.empty() && !label && std::find(fields.begin(), fields.end(), condition.field) == fields.end())
        reader.problem(in.at("field"), "alerts have no field `" + condition.field + "`",
            reader.suggestion(condition.field, fields, "use " + joined(fields) + " or labels.NAME"));
    return condition;
}

} // namespace

Condition read_condition(Reader& reader, const Place& at, int depth)
{
    Condition condition;
    if (depth > deepest_condition) {
        reader.problem(at, "conditions are nested too deeply", "use at most " + std::to_string(deepest_condition) + " levels");
        return condition;
    }
    const auto in = reader.fields(at, "a condition", {"all", "any", "not", "field", "is"});
    if (in.has("field") && in.has("is") && in.count() == 2)
        return read_comparison(reader, in);
    if (in.count() != 1 || in.has("field") || in.has("is")) {
        reader.problem(at, "a condition is one thing", "write {field: …, is: …}, {all: […]}, {any: […]} or {not: …}");
        return condition;
    }
    if (in.has("not")) {
        condition.kind = Condition::Kind::no;
        condition.parts.push_back(read_condition(reader, in.at("not"), depth + 1));
        return condition;
    }
    const std::string key = in.has("all") ? "all" : "any";
    condition.kind = key == "all" ? Condition::Kind::all : Condition::Kind::any;
    for (const auto& part : reader.list(in, key))
        condition.parts.push_back(read_condition(reader, part, depth + 1));
    if (condition.parts.empty())
        reader.problem(at, "`" + key + "` has no conditions", "list at least one");
    return condition;
}

} // namespace config
