#include "handlers/form_answers.hpp"

#include <algorithm>

namespace handlers {

using slack::Json;

Json view_answer(std::string_view how, slack::View view)
{
    Json json;
    json["response_action"] = how;
    json["view"] = std::move(view);
    return json;
}

Json errors_answer(const std::map<std::string, std::string>& fields, int generation)
{
    Json json;
    json["response_action"] = "errors";
    json["errors"] = Json::object();
    for (const auto& [field, words] : fields)
        json["errors"][blocks::field_block(field, generation)] = words;
    return json;
}

Json error_answer(std::string_view field, const std::string& words, int generation)
{
    return errors_answer({{std::string{field}, words}}, generation);
}

bool has_field(const std::vector<blocks::Part>& parts, const std::string& id)
{
    return std::any_of(parts.begin(), parts.end(), [&](const blocks::Part& part) {
        const auto* const field = std::get_if<blocks::Field>(&part);
        const bool chooses = field && (field->kind == blocks::Field::Kind::one || field->kind == blocks::Field::Kind::some);
        return field && field->id == id && !(chooses && field->choices.empty());
    });
}

std::string who_changed(const std::string& by, storage::TimePoint at)
{
    const auto seconds = std::to_string(std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count());
    return (by == "the file" || by.empty() ? std::string{"oncall.yaml"} : "<@" + by + ">") + " changed it, <!date^" + seconds
        + "^{date_short_pretty} {time}|" + oncall::iso(at, "UTC") + ">";
}

} // namespace handlers
