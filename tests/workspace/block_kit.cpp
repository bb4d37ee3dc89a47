#include "workspace/block_kit.hpp"

#include "workspace/witness.hpp"

#include <algorithm>
#include <cctype>
#include <chrono>
#include <functional>
#include <map>
#include <set>
#include <string_view>

namespace workspace {
namespace {

using Keys = std::set<std::string_view>;

const Keys menus{"static_select", "external_select", "users_select", "conversations_select", "channels_select"};
const Keys many_menus{
    "multi_static_select", "multi_external_select", "multi_users_select", "multi_conversations_select", "multi_channels_select"};
const Keys choices{"radio_buttons", "checkboxes"};

Keys joined(std::initializer_list<Keys> sets)
{
    Keys all;
    for (const auto& set : sets)
        all.insert(set.begin(), set.end());
    return all;
}

const Keys in_section =
    joined({menus, many_menus, choices, {"button", "overflow", "datepicker", "timepicker", "image", "workflow_button"}});
const Keys in_actions = joined({menus, many_menus, choices,
    {"button", "overflow", "datepicker", "timepicker", "datetimepicker", "workflow_button", "rich_text_input"}});
const Keys in_input = joined({menus, many_menus, choices,
    {"plain_text_input", "email_text_input", "url_text_input", "number_input", "datepicker", "timepicker", "datetimepicker",
        "rich_text_input", "file_input"}});
const Keys in_context{"plain_text", "mrkdwn", "image"};
const Keys in_context_actions{"feedback_buttons", "icon_button"};

bool like(std::string_view text, std::string_view pattern)
{
    if (text.size() != pattern.size())
        return false;
    for (std::size_t i = 0; i < text.size(); ++i)
        if (pattern[i] == '9' ? !std::isdigit(static_cast<unsigned char>(text[i])) : text[i] != pattern[i])
            return false;
    return true;
}

/// "2026-11-02", a day that there is.
bool is_day(const std::string& text)
{
    if (!like(text, "9999-99-99"))
        return false;
    using namespace std::chrono;
    const auto number = [&](std::size_t from, std::size_t size) { return std::stoi(text.substr(from, size)); };
    const auto month_of = month{static_cast<unsigned>(number(5, 2))};
    return year_month_day{year{number(0, 4)}, month_of, std::chrono::day{static_cast<unsigned>(number(8, 2))}}.ok();
}

/// "09:30", from 00:00 to 23:59.
bool is_time_of_day(const std::string& text) { return like(text, "99:99") && text < "24:00" && text[3] < '6'; }

/// "-1.5"
bool reads_as_number(const std::string& text, bool decimal)
{
    const auto digits = text.substr(text.rfind('-', 0) == 0 ? 1 : 0);
    return std::any_of(digits.begin(), digits.end(), [](unsigned char c) { return std::isdigit(c); })
        && std::all_of(digits.begin(), digits.end(), [&](unsigned char c) { return std::isdigit(c) || (decimal && c == '.'); })
        && std::count(digits.begin(), digits.end(), '.') <= 1;
}

/// Walks what was sent and writes down what is wrong, with the place.
class Check {
public:
    explicit Check(Surface surface)
        : surface_{surface}
    {
    }

    std::vector<std::string> problems{};

    void say(const std::string& at, const std::string& what) { problems.push_back(what + " [json-pointer:" + at + "]"); }

    void blocks(const Json& blocks, const std::string& at, std::size_t most)
    {
        if (!blocks.is_array())
            return say(at, "must be an array");
        if (blocks.size() > most)
            say(at, "no more than " + std::to_string(most) + " items allowed");
        for (std::size_t i = 0; i < blocks.size(); ++i)
            block(blocks[i], at + "/" + std::to_string(i));
    }

    void view(const Json& view, const std::string& wanted)
    {
        const std::string at = "/view";
        if (!view.is_object())
            return say(at, "must be an object");
        if (view.value("type", Json{}) != wanted)
            return say(at + "/type", "must be \"" + wanted + "\"");
        for (const auto& [key, value] : view.items())
            if (value.is_null())
                say(at + "/" + key, "must not be null");
        if (wanted == "modal") {
            keys(view, at,
                {"type", "title", "blocks", "close", "submit", "private_metadata", "callback_id", "clear_on_close",
                    "notify_on_close", "external_id", "submit_disabled"});
            text(view, at, "title", 24, true, true);
            text(view, at, "submit", 24, true, false);
            text(view, at, "close", 24, true, false);
            boolean(view, at, "clear_on_close");
            boolean(view, at, "notify_on_close");
            boolean(view, at, "submit_disabled");
        } else {
            keys(view, at, {"type", "blocks", "private_metadata", "callback_id", "external_id"});
        }
        string(view, at, "private_metadata", 3000, false, true);
        string(view, at, "callback_id", 255, false, true);
        string(view, at, "external_id", 255, false, true);
        if (!view.contains("blocks"))
            return say(at, "missing required field: blocks");
        blocks(view["blocks"], at + "/blocks", 100);
        if (wanted == "modal" && inputs_ > 0 && !present(view, "submit"))
            say(at, "missing required field: submit (the view has input blocks)");
        if (focused_ > 1)
            say(at + "/blocks", "focus_on_load may be set on one element only");
    }

    void option(const Json& option, const std::string& at, bool mrkdwn, bool url)
    {
        if (!option.is_object())
            return say(at, "must be an object");
        Keys known{"text", "value", "description"};
        if (url)
            known.insert("url");
        keys(option, at, known);
        text(option, at, "text", 75, !mrkdwn, true);
        string(option, at, "value", 150, true);
        text(option, at, "description", 75, !mrkdwn, false);
        string(option, at, "url", 3000, false);
    }

    void options(const Json& owner, const std::string& at, std::size_t most, bool mrkdwn, bool url)
    {
        if (!owner.contains("options"))
            return say(at, "missing required field: options");
        const auto& list = owner["options"];
        if (!list.is_array() || list.empty())
            return say(at + "/options", "must provide at least one option");
        if (list.size() > most)
            say(at + "/options", "no more than " + std::to_string(most) + " items allowed");
        std::set<std::string> values;
        for (std::size_t i = 0; i < list.size(); ++i) {
            option(list[i], at + "/options/" + std::to_string(i), mrkdwn, url);
            if (list[i].is_object() && list[i].contains("value") && !values.insert(list[i]["value"].dump()).second)
                say(at + "/options/" + std::to_string(i) + "/value", "option values must be unique");
        }
    }

    void options_or_groups(const Json& owner, const std::string& at)
    {
        if (owner.contains("options") == owner.contains("option_groups"))
            return say(at, "must provide either options or option_groups");
        if (owner.contains("options"))
            return options(owner, at, 100, false, false);
        const auto& groups = owner["option_groups"];
        if (!groups.is_array() || groups.empty())
            return say(at + "/option_groups", "must provide at least one option group");
        if (groups.size() > 100)
            say(at + "/option_groups", "no more than 100 items allowed");
        for (std::size_t i = 0; i < groups.size(); ++i) {
            const auto here = at + "/option_groups/" + std::to_string(i);
            if (!groups[i].is_object()) {
                say(here, "must be an object");
                continue;
            }
            keys(groups[i], here, {"label", "options"});
            text(groups[i], here, "label", 75, true, true);
            options(groups[i], here, 100, false, false);
        }
    }

private:
    /// Absent and null are not the same here.
    void no_nulls(const Json& json, const std::string& at)
    {
        if (json.is_array()) {
            for (std::size_t i = 0; i < json.size(); ++i)
                no_nulls(json[i], at + "/" + std::to_string(i));
        } else if (json.is_object()) {
            for (const auto& [key, value] : json.items()) {
                if (value.is_null())
                    say(at + "/" + key, "must not be null");
                no_nulls(value, at + "/" + key);
            }
        }
    }

    static bool present(const Json& owner, std::string_view key)
    {
        return owner.contains(key) && !owner.at(std::string{key}).is_null();
    }

    void keys(const Json& owner, const std::string& at, const Keys& known)
    {
        for (const auto& [key, value] : owner.items())
            if (!known.count(key))
                say(at, "invalid additional property: " + key);
    }

    void string(const Json& owner, const std::string& at, const std::string& key, std::size_t most, bool required,
        bool may_be_empty = false)
    {
        if (!present(owner, key)) {
            if (required)
                say(at, "missing required field: " + key);
            return;
        }
        const auto here = at + "/" + key;
        if (!owner[key].is_string())
            return say(here, "must be a string");
        const auto size = length(owner[key].get<std::string>());
        if (size == 0 && !may_be_empty)
            say(here, "must be more than 0 characters");
        if (size > most)
            say(here, "must be less than " + std::to_string(most + 1) + " characters");
    }

    void boolean(const Json& owner, const std::string& at, const std::string& key)
    {
        if (present(owner, key) && !owner[key].is_boolean())
            say(at + "/" + key, "must be a boolean");
    }

    void number(const Json& owner, const std::string& at, const std::string& key, long least, long most)
    {
        if (!present(owner, key))
            return;
        const auto here = at + "/" + key;
        if (!owner[key].is_number_integer())
            return say(here, "must be an integer");
        const auto value = owner[key].get<long>();
        if (value < least || value > most)
            say(here, "must be from " + std::to_string(least) + " to " + std::to_string(most));
    }

    void one_of(const Json& owner, const std::string& at, const std::string& key, const Keys& values)
    {
        if (!present(owner, key))
            return;
        if (!owner[key].is_string() || !values.count(owner[key].get_ref<const std::string&>()))
            say(at + "/" + key, "must be one of the allowed values");
    }

    void text_object(const Json& text, const std::string& at, std::size_t most, bool plain)
    {
        if (!text.is_object())
            return say(at, "must be an object");
        const auto type = text.value("type", Json{});
        if (plain ? type != "plain_text" : type != "plain_text" && type != "mrkdwn")
            return say(at + "/type", plain ? "must be plain_text" : "must be plain_text or mrkdwn");
        keys(text, at, type == "plain_text" ? Keys{"type", "text", "emoji"} : Keys{"type", "text", "verbatim"});
        boolean(text, at, "emoji");
        boolean(text, at, "verbatim");
        string(text, at, "text", most, true);
    }

    void text(const Json& owner, const std::string& at, const std::string& key, std::size_t most, bool plain, bool required)
    {
        if (present(owner, key))
            text_object(owner[key], at + "/" + key, most, plain);
        else if (required)
            say(at, "missing required field: " + key);
    }

    void confirm(const Json& owner, const std::string& at)
    {
        if (!present(owner, "confirm"))
            return;
        const auto here = at + "/confirm";
        const auto& confirm = owner["confirm"];
        if (!confirm.is_object())
            return say(here, "must be an object");
        keys(confirm, here, {"title", "text", "confirm", "deny", "style"});
        text(confirm, here, "title", 100, true, true);
        text(confirm, here, "text", 300, false, true);
        text(confirm, here, "confirm", 30, true, true);
        text(confirm, here, "deny", 30, true, true);
        one_of(confirm, here, "style", {"primary", "danger"});
    }

    void initial_option(const Json& element, const std::string& at, const Json& option, const std::string& key)
    {
        const auto listed = [&](const Json& options) {
            return options.is_array() && std::find(options.begin(), options.end(), option) != options.end();
        };
        if (element.contains("options") && listed(element["options"]))
            return;
        if (element.contains("option_groups") && element["option_groups"].is_array())
            for (const auto& group : element["option_groups"])
                if (group.is_object() && group.contains("options") && listed(group["options"]))
                    return;
        say(at + "/" + key, "must be one of the options, word for word");
    }

    void initial_options(const Json& element, const std::string& at)
    {
        if (present(element, "initial_option"))
            initial_option(element, at, element["initial_option"], "initial_option");
        if (present(element, "initial_options")) {
            if (!element["initial_options"].is_array() || element["initial_options"].empty())
                return say(at + "/initial_options", "must provide at least one option");
            for (const auto& option : element["initial_options"])
                initial_option(element, at, option, "initial_options");
        }
    }

    void filter(const Json& element, const std::string& at)
    {
        if (!present(element, "filter"))
            return;
        const auto here = at + "/filter";
        const auto& filter = element["filter"];
        if (!filter.is_object() || filter.empty())
            return say(here, "must have at least one of its fields");
        keys(filter, here, {"include", "exclude_external_shared_channels", "exclude_bot_users"});
        if (filter.contains("include")) {
            if (!filter["include"].is_array() || filter["include"].empty())
                say(here + "/include", "must provide at least one item");
            else
                for (const auto& kind : filter["include"])
                    if (kind != "im" && kind != "mpim" && kind != "private" && kind != "public")
                        say(here + "/include", "must be one of the allowed values");
        }
    }

    void text_input(const Json& element, const std::string& at, const std::string& type, Keys known)
    {
        known.insert({"placeholder", "initial_value", "dispatch_action_config", "focus_on_load"});
        if (type == "plain_text_input")
            known.insert({"multiline", "min_length", "max_length"});
        if (type == "number_input")
            known.insert({"is_decimal_allowed", "min_value", "max_value"});
        keys(element, at, known);
        text(element, at, "placeholder", 150, true, false);
        string(element, at, "initial_value", 3000, false, true);
        boolean(element, at, "multiline");
        number(element, at, "min_length", 0, 3000);
        number(element, at, "max_length", 1, 3000);
        if (type == "number_input") {
            if (!present(element, "is_decimal_allowed"))
                say(at, "missing required field: is_decimal_allowed");
            boolean(element, at, "is_decimal_allowed");
            string(element, at, "min_value", 100, false);
            string(element, at, "max_value", 100, false);
            const bool decimal = element.value("is_decimal_allowed", Json{}) == true;
            for (const auto* key : {"min_value", "max_value"})
                if (present(element, key) && element[key].is_string() && !element[key].get_ref<const std::string&>().empty()
                    && !reads_as_number(element[key].get<std::string>(), decimal))
                    say(at + "/" + key, "must be a number");
        }
        if (present(element, "dispatch_action_config")) {
            const auto here = at + "/dispatch_action_config";
            const auto& config = element["dispatch_action_config"];
            if (!config.is_object() || !config.contains("trigger_actions_on") || !config["trigger_actions_on"].is_array()
                || config["trigger_actions_on"].empty())
                return say(here, "missing required field: trigger_actions_on");
            keys(config, here, {"trigger_actions_on"});
            for (const auto& trigger : config["trigger_actions_on"])
                if (trigger != "on_enter_pressed" && trigger != "on_character_entered")
                    say(here + "/trigger_actions_on", "must be one of the allowed values");
        }
    }

    void menu(const Json& element, const std::string& at, std::string type, Keys known, bool in_modal_input)
    {
        const bool many = type.rfind("multi_", 0) == 0;
        if (many) {
            known.insert("max_selected_items");
            number(element, at, "max_selected_items", 1, 1'000'000);
            type.erase(0, 6);
        }
        known.insert({"placeholder", "confirm", "focus_on_load"});
        const std::string s = many ? "s" : "";
        if (type == "static_select") {
            known.insert({"options", "option_groups", many ? "initial_options" : "initial_option"});
            options_or_groups(element, at);
            initial_options(element, at);
        } else if (type == "external_select") {
            known.insert({"min_query_length", many ? "initial_options" : "initial_option"});
            number(element, at, "min_query_length", 0, 3000);
            if (present(element, "initial_option"))
                option(element["initial_option"], at + "/initial_option", false, false);
        } else {
            const bool users = type == "users_select", channels = type == "channels_select";
            const auto noun = users ? "user" : channels ? "channel" : "conversation";
            known_ = "initial_" + std::string{noun} + s;
            known.insert(known_);
            if (!users) {
                if (!many)
                    known.insert("response_url_enabled");
                if (present(element, "response_url_enabled") && element["response_url_enabled"] == true && !in_modal_input)
                    say(at + "/response_url_enabled", "is only available in input blocks of modals");
            }
            if (type == "conversations_select") {
                known.insert({"default_to_current_conversation", "filter"});
                boolean(element, at, "default_to_current_conversation");
                filter(element, at);
            }
            if (many) {
                if (present(element, known_) && !element[known_].is_array())
                    say(at + "/" + known_, "must be an array");
            } else {
                string(element, at, known_, 255, false);
            }
        }
        keys(element, at, known);
        text(element, at, "placeholder", 150, true, false);
        confirm(element, at);
    }

    void element(
        const Json& element, const std::string& at, const Keys& allowed, std::set<std::string>& action_ids, bool input_block)
    {
        if (!element.is_object())
            return say(at, "must be an object");
        if (!element.contains("type") || !element["type"].is_string())
            return say(at, "missing required field: type");
        const auto type = element["type"].get<std::string>();
        if (!allowed.count(type))
            return say(at + "/type", "unsupported type: " + type);
        if (type == "plain_text" || type == "mrkdwn")
            return text_object(element, at, 3000, false);
        if (type == "image") {
            keys(element, at, {"type", "image_url", "alt_text", "slack_file"});
            return picture(element, at);
        }

        string(element, at, "action_id", 255, false);
        if (element.contains("action_id") && element["action_id"].is_string()
            && !action_ids.insert(element["action_id"].get<std::string>()).second)
            say(at + "/action_id",
                "`action_id` \"" + element["action_id"].get<std::string>() + "\" already exists within the block");
        if (present(element, "focus_on_load")) {
            boolean(element, at, "focus_on_load");
            if (element["focus_on_load"] == true)
                ++focused_;
            if (surface_ == Surface::message)
                say(at + "/focus_on_load", "is not available in messages");
        }

        Keys known{"type", "action_id"};
        if (type == "button" || type == "workflow_button") {
            known.insert({"text", "style", "accessibility_label"});
            if (type == "button")
                known.insert({"value", "url", "confirm"});
            else
                known.insert("workflow");
            keys(element, at, known);
            text(element, at, "text", 75, true, true);
            string(element, at, "value", 2000, false, true);
            string(element, at, "url", 3000, false);
            string(element, at, "accessibility_label", 75, false);
            one_of(element, at, "style", {"primary", "danger"});
            confirm(element, at);
        } else if (type == "overflow") {
            known.insert({"options", "confirm"});
            keys(element, at, known);
            options(element, at, 5, false, true);
            confirm(element, at);
        } else if (type == "radio_buttons" || type == "checkboxes") {
            known.insert({"options", type == "checkboxes" ? "initial_options" : "initial_option", "confirm", "focus_on_load"});
            keys(element, at, known);
            options(element, at, 10, true, false);
            initial_options(element, at);
            confirm(element, at);
        } else if (type == "datepicker" || type == "timepicker") {
            const bool date = type == "datepicker";
            const std::string initial = date ? "initial_date" : "initial_time";
            known.insert({date ? "initial_date" : "initial_time", "placeholder", "confirm", "focus_on_load"});
            if (!date)
                known.insert("timezone");
            keys(element, at, known);
            text(element, at, "placeholder", 150, true, false);
            const auto fits = [&](const std::string& value) { return date ? is_day(value) : is_time_of_day(value); };
            if (present(element, initial) && (!element[initial].is_string() || !fits(element[initial].get<std::string>())))
                say(at + "/" + initial, date ? "must be YYYY-MM-DD" : "must be HH:mm");
            string(element, at, "timezone", 255, false);
            confirm(element, at);
        } else if (type == "datetimepicker") {
            known.insert({"initial_date_time", "confirm", "focus_on_load"});
            keys(element, at, known);
            number(element, at, "initial_date_time", 1'000'000'000, 9'999'999'999);
            confirm(element, at);
        } else if (menus.count(type) || many_menus.count(type)) {
            menu(element, at, type, known, input_block && surface_ == Surface::modal);
        } else if (type == "rich_text_input") {
            known.insert({"placeholder", "initial_value", "dispatch_action_config", "focus_on_load"});
            keys(element, at, known);
            text(element, at, "placeholder", 150, true, false);
        } else if (type == "file_input") {
            known.insert({"filetypes", "max_files"});
            keys(element, at, known);
            if (present(element, "filetypes")
                && (!element["filetypes"].is_array() || element["filetypes"].empty()
                    || !std::all_of(element["filetypes"].begin(), element["filetypes"].end(),
                        [](const Json& one) { return one.is_string(); })))
                say(at + "/filetypes", "must be an array of strings");
            number(element, at, "max_files", 1, 10);
            if (surface_ != Surface::modal)
                say(at + "/type", "unsupported type: file_input");
        } else if (type == "feedback_buttons") {
            known.insert({"positive_button", "negative_button"});
            keys(element, at, known);
            for (const auto* button : {"positive_button", "negative_button"}) {
                const auto here = at + "/" + button;
                if (!present(element, button) || !element[button].is_object()) {
                    say(at, std::string{"missing required field: "} + button);
                    continue;
                }
                keys(element[button], here, {"text", "value", "accessibility_label"});
                text(element[button], here, "text", 75, true, true);
                string(element[button], here, "value", 2000, true);
            }
        } else if (type == "icon_button") {
            known.insert({"icon", "text", "value", "confirm", "accessibility_label", "visible_to_user_ids"});
            keys(element, at, known);
            string(element, at, "icon", 75, true);
            text(element, at, "text", 75, true, true);
            string(element, at, "value", 2000, false);
            confirm(element, at);
        } else {
            text_input(element, at, type, known);
        }
    }

    void elements(const Json& block, const std::string& at, std::size_t most, const Keys& allowed)
    {
        if (!present(block, "elements") || !block["elements"].is_array() || block["elements"].empty())
            return say(at, "missing required field: elements");
        const auto& list = block["elements"];
        if (list.size() > most)
            say(at + "/elements", "no more than " + std::to_string(most) + " items allowed");
        std::set<std::string> action_ids;
        for (std::size_t i = 0; i < list.size(); ++i)
            element(list[i], at + "/elements/" + std::to_string(i), allowed, action_ids, false);
    }

    void picture(const Json& image, const std::string& at)
    {
        string(image, at, "alt_text", 2000, true);
        if (present(image, "image_url") == present(image, "slack_file"))
            say(at, "must provide either image_url or slack_file");
        string(image, at, "image_url", 3000, false);
        if (present(image, "image_url") && image["image_url"].is_string()) {
            const auto url = image["image_url"].get<std::string>();
            if (url.rfind("https://", 0) != 0 && url.rfind("http://", 0) != 0)
                say(at + "/image_url", "must be a valid URL");
        }
    }

    void rich_text_leaf(const Json& leaf, const std::string& at)
    {
        if (!leaf.is_object() || !leaf.contains("type") || !leaf["type"].is_string())
            return say(at, "missing required field: type");
        static const std::map<std::string, std::pair<std::string, Keys>> leaves{
            {"text", {"text", {"type", "text", "style"}}},
            {"link", {"url", {"type", "url", "text", "unsafe", "style"}}},
            {"user", {"user_id", {"type", "user_id", "style"}}},
            {"usergroup", {"usergroup_id", {"type", "usergroup_id", "style"}}},
            {"channel", {"channel_id", {"type", "channel_id", "style"}}},
            {"emoji", {"name", {"type", "name", "unicode", "style"}}},
            {"team", {"team_id", {"type", "team_id", "style"}}},
            {"broadcast", {"range", {"type", "range", "style"}}},
            {"color", {"value", {"type", "value", "style"}}},
            {"date", {"format", {"type", "timestamp", "format", "url", "fallback", "style"}}},
        };
        const auto found = leaves.find(leaf["type"].get<std::string>());
        if (found == leaves.end())
            return say(at + "/type", "unsupported type: " + leaf["type"].get<std::string>());
        keys(leaf, at, found->second.second);
        string(leaf, at, found->second.first, 12000, true);
        if (found->first == "broadcast")
            one_of(leaf, at, "range", {"here", "channel", "everyone"});
        if (found->first == "date" && (!present(leaf, "timestamp") || !leaf["timestamp"].is_number_integer()))
            say(at, "missing required field: timestamp");
        if (present(leaf, "style")) {
            if (!leaf["style"].is_object())
                return say(at + "/style", "must be an object");
            keys(leaf["style"], at + "/style",
                {"bold", "italic", "strike", "code", "underline", "highlight", "client_highlight", "unlink"});
        }
    }

    void rich_text_elements(const Json& owner, const std::string& at, bool top)
    {
        if (!present(owner, "elements") || !owner["elements"].is_array())
            return say(at, "missing required field: elements");
        for (std::size_t i = 0; i < owner["elements"].size(); ++i) {
            const auto& part = owner["elements"][i];
            const auto here = at + "/elements/" + std::to_string(i);
            if (!top && owner.value("type", Json{}) != "rich_text_list") {
                rich_text_leaf(part, here);
                continue;
            }
            if (!part.is_object() || !part.contains("type")) {
                say(here, "missing required field: type");
                continue;
            }
            const auto& type = part["type"];
            if (type == "rich_text_section")
                keys(part, here, {"type", "elements"});
            else if (top && type == "rich_text_list") {
                keys(part, here, {"type", "elements", "style", "indent", "offset", "border"});
                one_of(part, here, "style", {"bullet", "ordered"});
                if (!present(part, "style"))
                    say(here, "missing required field: style");
            } else if (top && type == "rich_text_quote")
                keys(part, here, {"type", "elements", "border"});
            else if (top && type == "rich_text_preformatted")
                keys(part, here, {"type", "elements", "border", "language"});
            else {
                say(here + "/type", "unsupported type: " + type.dump());
                continue;
            }
            rich_text_elements(part, here, false);
        }
    }

    void table(const Json& block, const std::string& at)
    {
        keys(block, at, {"type", "block_id", "rows", "column_settings"});
        if (++tables_ > 1)
            say(at, "only_one_table_allowed");
        if (!present(block, "rows") || !block["rows"].is_array() || block["rows"].empty())
            return say(at, "missing required field: rows");
        if (block["rows"].size() > 100)
            say(at + "/rows", "no more than 100 items allowed");
        for (std::size_t r = 0; r < block["rows"].size(); ++r) {
            const auto& row = block["rows"][r];
            const auto here = at + "/rows/" + std::to_string(r);
            if (!row.is_array() || row.empty()) {
                say(here, "must be an array");
                continue;
            }
            if (row.size() > 20)
                say(here, "no more than 20 items allowed");
            for (std::size_t c = 0; c < row.size(); ++c) {
                const auto place = here + "/" + std::to_string(c);
                if (!row[c].is_object()) {
                    say(place, "must be an object");
                    continue;
                }
                const auto type = row[c].value("type", Json{});
                if (type == "raw_text") {
                    keys(row[c], place, {"type", "text"});
                    string(row[c], place, "text", 12000, true);
                } else if (type == "rich_text") {
                    rich_text_elements(row[c], place, true);
                } else if (type != "raw_number") {
                    say(place + "/type", "unsupported type");
                }
            }
        }
        if (present(block, "column_settings") && (!block["column_settings"].is_array() || block["column_settings"].size() > 20))
            say(at + "/column_settings", "no more than 20 items allowed");
    }

    void card(const Json& block, const std::string& at)
    {
        if (!present(block, "hero_image") && !present(block, "title") && !present(block, "body") && !present(block, "actions"))
            say(at, "must provide at least one of hero_image, title, body, actions");
        text(block, at, "title", 150, false, false);
        text(block, at, "subtitle", 150, false, false);
        text(block, at, "body", 200, false, false);
        if (present(block, "actions")) {
            const auto& list = block["actions"];
            if (!list.is_array() || list.empty() || list.size() > 2)
                return say(at + "/actions", "must provide 1 or 2 buttons");
            std::set<std::string> action_ids;
            for (std::size_t i = 0; i < list.size(); ++i)
                element(list[i], at + "/actions/" + std::to_string(i), {"button"}, action_ids, false);
        }
    }

    void block_list(const Json& block, const std::string& at, const std::string& key, std::size_t most)
    {
        if (!present(block, key) || !block[key].is_array() || block[key].empty())
            return say(at, "missing required field: " + key);
        if (block[key].size() > most)
            say(at + "/" + key, "no more than " + std::to_string(most) + " items allowed");
        for (std::size_t i = 0; i < block[key].size(); ++i)
            this->block(block[key][i], at + "/" + key + "/" + std::to_string(i));
    }

    void block(const Json& block, const std::string& at)
    {
        if (!block.is_object())
            return say(at, "must be an object");
        if (!block.contains("type") || !block["type"].is_string())
            return say(at, "missing required field: type");
        const auto type = block["type"].get<std::string>();
        no_nulls(block, at);

        static const std::map<std::string, std::string> surfaces{{"section", "MOH"}, {"header", "MOH"}, {"divider", "MOH"},
            {"context", "MOH"}, {"actions", "MOH"}, {"input", "MOH"}, {"image", "MOH"}, {"rich_text", "MOH"}, {"markdown", "M"},
            {"table", "M"}, {"data_table", "M"}, {"data_visualization", "M"}, {"alert", "O"}, {"card", "MH"}, {"carousel", "MH"},
            {"container", "M"}, {"context_actions", "M"}, {"plan", "M"}, {"task_card", "M"}, {"video", "MOH"}};
        const auto known = surfaces.find(type);
        if (known == surfaces.end())
            return say(at + "/type", "unsupported type: " + type);
        const char here = surface_ == Surface::message ? 'M' : surface_ == Surface::modal ? 'O' : 'H';
        if (known->second.find(here) == std::string::npos)
            return say(at + "/type", "unsupported type: " + type + " on this surface");

        string(block, at, "block_id", 255, false);
        if (block.contains("block_id") && block["block_id"].is_string()
            && !block_ids_.insert(block["block_id"].get<std::string>()).second)
            say(at + "/block_id", "`block_id` \"" + block["block_id"].get<std::string>() + "\" already exists");

        if (type == "section") {
            keys(block, at, {"type", "block_id", "text", "fields", "accessory", "expand"});
            if (!present(block, "text") && !present(block, "fields"))
                say(at, "must provide text or fields");
            text(block, at, "text", 3000, false, false);
            boolean(block, at, "expand");
            if (present(block, "fields")) {
                if (!block["fields"].is_array() || block["fields"].empty())
                    say(at + "/fields", "must provide at least one field");
                else {
                    if (block["fields"].size() > 10)
                        say(at + "/fields", "no more than 10 items allowed");
                    for (std::size_t i = 0; i < block["fields"].size(); ++i)
                        text_object(block["fields"][i], at + "/fields/" + std::to_string(i), 2000, false);
                }
            }
            if (present(block, "accessory")) {
                std::set<std::string> action_ids;
                element(block["accessory"], at + "/accessory", in_section, action_ids, false);
            }
        } else if (type == "header") {
            keys(block, at, {"type", "block_id", "text", "level"});
            text(block, at, "text", 150, true, true);
            number(block, at, "level", 1, 4);
        } else if (type == "divider") {
            keys(block, at, {"type", "block_id"});
        } else if (type == "context") {
            keys(block, at, {"type", "block_id", "elements"});
            elements(block, at, 10, in_context);
        } else if (type == "actions") {
            keys(block, at, {"type", "block_id", "elements"});
            elements(block, at, 25, in_actions);
        } else if (type == "context_actions") {
            keys(block, at, {"type", "block_id", "elements"});
            elements(block, at, 5, in_context_actions);
        } else if (type == "input") {
            ++inputs_;
            keys(block, at, {"type", "block_id", "label", "element", "hint", "optional", "dispatch_action"});
            text(block, at, "label", 2000, true, true);
            text(block, at, "hint", 2000, true, false);
            boolean(block, at, "optional");
            boolean(block, at, "dispatch_action");
            if (!present(block, "element"))
                return say(at, "missing required field: element");
            std::set<std::string> action_ids;
            element(block["element"], at + "/element", in_input, action_ids, true);
        } else if (type == "image") {
            keys(block, at, {"type", "block_id", "image_url", "alt_text", "title", "slack_file"});
            picture(block, at);
            text(block, at, "title", 2000, true, false);
        } else if (type == "rich_text") {
            keys(block, at, {"type", "block_id", "elements"});
            rich_text_elements(block, at, true);
        } else if (type == "markdown") {
            keys(block, at, {"type", "block_id", "text"});
            string(block, at, "text", 12000, true);
        } else if (type == "table") {
            table(block, at);
        } else if (type == "alert") {
            keys(block, at, {"type", "block_id", "text", "level"});
            text(block, at, "text", 3000, false, true);
            one_of(block, at, "level", {"default", "info", "warning", "error", "success"});
        } else if (type == "card") {
            card(block, at);
        } else if (type == "carousel") {
            block_list(block, at, "elements", 10);
        } else if (type == "container") {
            if (present(block, "title") == present(block, "rich_text_title"))
                say(at, "must provide either title or rich_text_title");
            text(block, at, "title", 150, false, false);
            text(block, at, "subtitle", 150, false, false);
            one_of(block, at, "width", {"narrow", "standard", "wide", "full"});
            block_list(block, at, "child_blocks", 10);
        } else if (type == "data_visualization") {
            if (++charts_ > 2)
                say(at, "no more than 2 data_visualization blocks allowed");
            if (present(block, "title") && block["title"].is_string())
                string(block, at, "title", 50, true);
        } else if (type == "data_table") {
            if (++tables_ > 1)
                say(at, "only_one_table_allowed");
            if (!present(block, "caption"))
                say(at, "missing required field: caption");
            number(block, at, "page_size", 1, 100);
            if (total_text(block) > 10'000)
                say(at, "must be less than 10001 characters");
        } else if (type == "task_card") {
            one_of(block, at, "status", {"pending", "in_progress", "complete", "error"});
        } else if (type == "video") {
            say(at + "/type", "needs the scope links.embed:write");
        }
    }

    Surface surface_;
    std::set<std::string> block_ids_{};
    std::string known_{}; // a key whose view is held in a set of known ones
    int inputs_{}, focused_{}, tables_{}, charts_{};
};

} // namespace

std::size_t length(const std::string& utf8)
{
    std::size_t units = 0;
    for (const unsigned char c : utf8) {
        if ((c & 0xC0) != 0x80)
            ++units;
        if (c >= 0xF0)
            ++units;
    }
    return units;
}

std::size_t total_text(const Json& json)
{
    std::size_t total = 0;
    if (json.is_array()) {
        for (const auto& item : json)
            total += total_text(item);
    } else if (json.is_object()) {
        for (const auto& [key, value] : json.items())
            total += key == "text" && value.is_string() ? length(value.get_ref<const std::string&>()) : total_text(value);
    }
    return total;
}

Witness& witness()
{
    static Witness one{};
    return one;
}

namespace {

/// What was found in `sent`.
std::vector<std::string> verdict(Check& check, const Json& sent)
{
    if (check.problems.empty() && witness())
        witness()(sent);
    return std::move(check.problems);
}

} // namespace

std::vector<std::string> problems_in_blocks(const Json& blocks, Surface surface, const std::string& pointer)
{
    Check check{surface};
    check.blocks(blocks, pointer, surface == Surface::message ? 50 : 100);
    return verdict(check, blocks);
}

std::vector<std::string> problems_in_view(const Json& view, const std::string& wanted)
{
    Check check{wanted == "home" ? Surface::home : Surface::modal};
    check.view(view, wanted);
    return verdict(check, view);
}

std::vector<std::string> problems_in_attachments(const Json& attachments)
{
    static const Keys known{"color", "blocks", "fallback", "text", "pretext", "title", "title_link", "fields", "footer",
        "footer_icon", "ts", "mrkdwn_in", "author_name", "author_link", "author_icon", "image_url", "thumb_url", "id",
        "callback_id"};
    Check check{Surface::message};
    if (!attachments.is_array()) {
        check.say("/attachments", "must be an array");
        return check.problems;
    }
    for (std::size_t i = 0; i < attachments.size(); ++i) {
        const auto at = "/attachments/" + std::to_string(i);
        const auto& attachment = attachments[i];
        if (!attachment.is_object() || attachment.empty()) {
            check.say(at, "must be an object");
            continue;
        }
        for (const auto& [key, value] : attachment.items())
            if (!known.count(key))
                check.say(at, "invalid additional property: " + key);
        if (attachment.contains("color")) {
            const auto colour = attachment["color"].is_string() ? attachment["color"].get<std::string>() : std::string{};
            const auto hex = colour.size() == 7 && colour[0] == '#'
                && std::all_of(colour.begin() + 1, colour.end(), [](unsigned char c) { return std::isxdigit(c); });
            if (!hex && colour != "good" && colour != "warning" && colour != "danger")
                check.say(at + "/color", "must be good, warning, danger or #RRGGBB");
        }
        if (attachment.contains("blocks"))
            check.blocks(attachment["blocks"], at + "/blocks", 20);
    }
    if (check.problems.empty() && witness())
        for (const auto& attachment : attachments)
            if (attachment.contains("blocks"))
                witness()(attachment["blocks"]);
    return check.problems;
}

std::vector<std::string> problems_in_suggestions(const Json& answer)
{
    Check check{Surface::modal};
    if (!answer.is_object()) {
        check.say("", "must be an object");
        return check.problems;
    }
    for (const auto& [key, value] : answer.items())
        if (key != "options" && key != "option_groups")
            check.say("", "invalid additional property: " + key);
    // Nothing found is an answer too.
    if (answer.contains("options") && answer["options"].is_array() && answer["options"].empty())
        return check.problems;
    check.options_or_groups(answer, "");
    return verdict(check, answer);
}

} // namespace workspace
