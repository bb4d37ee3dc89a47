#include "blocks/choose_alert.hpp"

#include "blocks/typed.hpp"

namespace blocks {

using namespace kit;

Choice alert_choice(const oncall::Alert& alert, std::string_view group)
{
    const auto number = std::to_string(alert.id.value);
    return {"#" + number + " " + alert.title, number, std::string{group}};
}

Json alert_input(
    std::string_view action, const std::optional<oncall::Alert>& chosen, std::string_view block, std::string_view label)
{
    auto element = typed("external_select");
    element["action_id"] = action;
    element["placeholder"] = plain_label("Choose an alert");
    element["min_query_length"] = 0;
    if (chosen) {
        const auto choice = alert_choice(*chosen, {});
        element["initial_option"]["text"] = plain_label(choice.label);
        element["initial_option"]["value"] = choice.value;
    }
    auto json = typed("input");
    json["block_id"] = block;
    json["label"] = plain_label(label);
    json["element"] = std::move(element);
    return json;
}

} // namespace blocks
