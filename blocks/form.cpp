#include "blocks/form.hpp"

#include "blocks/typed.hpp"

#include <algorithm>
#include <charconv>

namespace blocks {

using namespace kit;

namespace {

constexpr std::size_t most_form_options = 100;
constexpr std::size_t most_code = 2'900; // as much as a section takes

std::string lower_case(std::string_view text)
{
    std::string out{text};
    std::transform(
        out.begin(), out.end(), out.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return out;
}

Json option(const Choice& choice)
{
    Json json;
    json["text"] = plain_label(choice.label);
    json["value"] = choice.value;
    return json;
}

/// `options`, or `option_groups` when they are in groups.
void put_choices(Json& json, const std::vector<Choice>& choices)
{
    if (choices.empty() || choices.front().group.empty()) {
        json["options"] = Json::array();
        for (const auto& choice : choices)
            json["options"].push_back(option(choice));
        return;
    }
    json["option_groups"] = Json::array();
    for (const auto& choice : choices) {
        auto& groups = json["option_groups"];
        if (groups.empty() || groups.back()["label"]["text"] != choice.group) {
            Json group;
            group["label"] = plain_label(choice.group);
            group["options"] = Json::array();
            groups.push_back(std::move(group));
        }
        groups.back()["options"].push_back(option(choice));
    }
}

Json chosen(const Field& field, const std::vector<std::string>& values)
{
    auto list = Json::array();
    for (const auto& value : values) {
        const auto known =
            std::find_if(field.choices.begin(), field.choices.end(), [&](const Choice& one) { return one.value == value; });
        if (known != field.choices.end())
            list.push_back(option(*known));
    }
    return list;
}

Json select_element(const Field& field, const std::vector<std::string>& values)
{
    const bool many = field.kind == Field::Kind::some;
    const bool asks = field.choices.size() > most_form_options;
    auto element = typed(std::string{many ? "multi_" : ""} + (asks ? "external_select" : "static_select"));
    if (asks)
        element["min_query_length"] = 0;
    else
        put_choices(element, field.choices);
    if (auto initial = chosen(field, values); !initial.empty()) {
        if (many)
            element["initial_options"] = std::move(initial);
        else
            element["initial_option"] = initial.front();
    }
    return element;
}

Json text_element(const Field& field, const std::vector<std::string>& values)
{
    auto element = typed("plain_text_input");
    element["max_length"] = field.most;
    if (field.kind == Field::Kind::lines)
        element["multiline"] = true;
    if (!values.empty() && !values.front().empty())
        element["initial_value"] = clean(values.front(), static_cast<std::size_t>(field.most));
    return element;
}

/// Ten digits are all a picker gives and takes.
std::optional<std::int64_t> seconds_in(const std::string& text)
{
    std::int64_t seconds{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    const bool fits = error == std::errc{} && end == text.data() + text.size() && text.size() == 10 && seconds > 0;
    return fits ? std::optional{seconds} : std::nullopt;
}

Json element_of(const Field& field, const std::vector<std::string>& values)
{
    switch (field.kind) {
    case Field::Kind::text:
    case Field::Kind::lines: return text_element(field, values);
    case Field::Kind::number: {
        auto element = typed("number_input");
        element["is_decimal_allowed"] = false;
        element["min_value"] = std::to_string(field.least);
        element["max_value"] = std::to_string(field.most);
        if (!values.empty() && !values.front().empty())
            element["initial_value"] = values.front();
        return element;
    }
    case Field::Kind::people: {
        auto element = typed("multi_users_select");
        if (!values.empty())
            element["initial_users"] = values;
        return element;
    }
    case Field::Kind::tick: {
        auto element = typed("checkboxes");
        put_choices(element, field.choices);
        if (auto initial = chosen(field, values); !initial.empty())
            element["initial_options"] = std::move(initial);
        return element;
    }
    case Field::Kind::moment: {
        auto element = typed("datetimepicker");
        if (const auto at = values.empty() ? std::nullopt : seconds_in(values.front()))
            element["initial_date_time"] = *at;
        return element;
    }
    case Field::Kind::file: {
        auto element = typed("file_input");
        element["filetypes"] = Json::array();
        for (const auto& choice : field.choices)
            element["filetypes"].push_back(choice.value);
        element["max_files"] = 1;
        return element;
    }
    case Field::Kind::one:
    case Field::Kind::some: break;
    }
    return select_element(field, values);
}

Json input_of(const Field& field, const Values& values, int generation)
{
    // Slack refuses a menu with nothing in it.
    const bool chooses = field.kind == Field::Kind::one || field.kind == Field::Kind::some || field.kind == Field::Kind::tick;
    if (chooses && field.choices.empty())
        return {};
    const auto stands = values.find(field.id);
    auto element = element_of(field, stands == values.end() ? std::vector<std::string>{} : stands->second);
    element["action_id"] = field.lookup.empty() ? std::string_view{"value"} : field.lookup;
    const bool no_placeholder =
        field.kind == Field::Kind::tick || field.kind == Field::Kind::moment || field.kind == Field::Kind::file;
    if (!field.placeholder.empty() && !no_placeholder)
        element["placeholder"] = plain_label(field.placeholder);
    auto json = typed("input");
    json["block_id"] = field_block(field.id, generation);
    json["label"] = plain_label(field.label);
    json["element"] = std::move(element);
    if (!field.hint.empty())
        json["hint"] = plain_words(field.hint);
    if (!field.required)
        json["optional"] = true;
    return json;
}

Json heading_block(const Heading& heading)
{
    auto json = section(heading.text);
    if (!json.is_null() && !heading.menu.empty())
        json["accessory"] = heading.menu.size() == 1
            ? button(heading.menu.front().label, heading.action, heading.menu.front().value)
            : overflow(heading.action, heading.menu);
    return json;
}

/// Nothing in it is markup.
Json code_block(const Code& code)
{
    auto text = typed("text");
    text["text"] = clean(code.text, most_code);
    if (text["text"].get_ref<const std::string&>().find_first_not_of(" \n") == std::string::npos)
        return {};
    auto preformatted = typed("rich_text_preformatted");
    preformatted["elements"] = Json::array({std::move(text)});
    auto json = typed("rich_text");
    json["elements"] = Json::array({std::move(preformatted)});
    return json;
}

Json press_of(const Press& press)
{
    auto json = button(press.label, press.action, press.value);
    if (press.danger)
        json["style"] = "danger";
    if (!press.sure.empty()) {
        Json confirm;
        confirm["title"] = plain_label("Are you sure?");
        confirm["text"] = mrkdwn_text(press.sure, 270);
        confirm["confirm"] = plain_label(press.label.size() > 27 ? "Yes" : press.label);
        confirm["deny"] = plain_label("No");
        json["confirm"] = std::move(confirm);
    }
    return json;
}

/// "value", "selected_option" and so on, whatever the element.
std::vector<std::string> texts_of(const Json& value)
{
    std::vector<std::string> found;
    const auto add = [&](const Json& one) {
        if (one.is_string())
            found.push_back(one.get<std::string>());
        else if (one.is_number_integer())
            found.push_back(std::to_string(one.get<std::int64_t>()));
        else if (one.is_object() && one.contains("value") && one["value"].is_string())
            found.push_back(one["value"].get<std::string>());
    };
    for (const auto& [key, what] : value.items()) {
        if (key == "type")
            continue;
        if (what.is_array())
            for (const auto& one : what)
                add(one);
        else
            add(what);
    }
    return found;
}

} // namespace

View form(const Form& form, const Values& values)
{
    auto json = typed("modal");
    json["callback_id"] = form.callback;
    json["title"] = plain_title(form.title);
    if (!form.submit.empty())
        json["submit"] = plain_title(form.submit);
    json["close"] = plain_title(form.close);
    if (!form.metadata.empty())
        json["private_metadata"] = form.metadata;
    if (form.last)
        json["clear_on_close"] = true;
    json["blocks"] = Json::array();
    const auto add = [&](Json block) {
        if (!block.is_null())
            json["blocks"].push_back(std::move(block));
    };
    for (const auto& part : form.parts) {
        if (const auto* field = std::get_if<Field>(&part))
            add(input_of(*field, values, form.generation));
        else if (const auto* heading = std::get_if<Heading>(&part))
            add(heading_block(*heading));
        else if (const auto* code = std::get_if<Code>(&part))
            add(code_block(*code));
        else if (const auto& presses = std::get<std::vector<Press>>(part); !presses.empty()) {
            auto row = typed("actions");
            row["elements"] = Json::array();
            for (const auto& press : presses)
                row["elements"].push_back(press_of(press));
            add(std::move(row));
        }
    }
    return json;
}

Values form_values(const Json& state)
{
    Values values;
    if (!state.is_object())
        return values;
    for (const auto& [block, elements] : state.items())
        if (elements.is_object())
            for (const auto& [action, value] : elements.items())
                if (value.is_object())
                    values[block.substr(0, block.find('#'))] = texts_of(value);
    return values;
}

Json form_file(const Json& state, std::string_view id)
{
    if (state.is_object())
        for (const auto& [block, elements] : state.items())
            if (block.substr(0, block.find('#')) == id && elements.is_object())
                for (const auto& [action, value] : elements.items())
                    if (const auto& files = slack::at(value, {"files"}); files.is_array() && !files.empty())
                        return files.front();
    return {};
}

std::string field_block(std::string_view id, int generation)
{
    return std::string{id} + (generation == 0 ? "" : "#" + std::to_string(generation));
}

Json suggestions(const std::vector<Choice>& choices, std::string_view typed)
{
    std::vector<Choice> fit;
    const auto wanted = lower_case(typed);
    for (const auto& choice : choices)
        if (fit.size() < most_form_options && lower_case(choice.label).find(wanted) != std::string::npos)
            fit.push_back(choice);
    Json answer;
    put_choices(answer, fit);
    return answer;
}

} // namespace blocks
