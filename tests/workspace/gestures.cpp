#include "workspace/state.hpp"

#include <algorithm>
#include <cctype>

namespace workspace {
namespace {

std::string raw_text(const Json& text) { return text.is_object() ? text.value("text", std::string{}) : std::string{}; }

const std::map<std::string, std::pair<std::string, Json>>& value_keys()
{
    static const std::map<std::string, std::pair<std::string, Json>> keys{{"static_select", {"selected_option", {}}},
        {"external_select", {"selected_option", {}}}, {"radio_buttons", {"selected_option", {}}},
        {"multi_static_select", {"selected_options", Json::array()}},
        {"multi_external_select", {"selected_options", Json::array()}}, {"checkboxes", {"selected_options", Json::array()}},
        {"users_select", {"selected_user", {}}}, {"multi_users_select", {"selected_users", Json::array()}},
        {"conversations_select", {"selected_conversation", {}}},
        {"multi_conversations_select", {"selected_conversations", Json::array()}}, {"channels_select", {"selected_channel", {}}},
        {"multi_channels_select", {"selected_channels", Json::array()}}, {"datepicker", {"selected_date", {}}},
        {"timepicker", {"selected_time", {}}}, {"datetimepicker", {"selected_date_time", {}}},
        {"plain_text_input", {"value", {}}}, {"email_text_input", {"value", {}}}, {"url_text_input", {"value", {}}},
        {"number_input", {"value", {}}}, {"rich_text_input", {"rich_text_value", {}}}, {"file_input", {"files", Json::array()}}};
    return keys;
}

/// At commas; or at the ends of lines, where there are several.
std::vector<std::string> split(std::string_view text)
{
    const char between = text.find('\n') == std::string_view::npos ? ',' : '\n';
    std::vector<std::string> parts;
    while (!text.empty()) {
        const auto comma = std::min(text.find(between), text.size());
        auto part = text.substr(0, comma);
        while (!part.empty() && part.front() == ' ')
            part.remove_prefix(1);
        while (!part.empty() && part.back() == ' ')
            part.remove_suffix(1);
        if (!part.empty())
            parts.emplace_back(part);
        text.remove_prefix(std::min(comma + 1, text.size()));
    }
    return parts;
}

std::optional<Json> option_named(const std::vector<Json>& options, std::string_view name)
{
    for (const auto& option : options)
        if (raw_text(option["text"]) == name || option["value"] == std::string{name})
            return Json{{"text", option["text"]}, {"value", option["value"]}};
    return std::nullopt;
}

/// What a person's choice `text` is for one part of a select: an option, an id. nullopt when it is not offered.
std::optional<Json> one_choice(State& state, const std::string& key, const std::vector<Json>& options, const std::string& text)
{
    if (key.rfind("selected_option", 0) == 0)
        return option_named(options, text);
    if (key.rfind("selected_user", 0) == 0) {
        const auto* member = state.member(text);
        return member ? std::optional<Json>{member->id} : std::nullopt;
    }
    const auto* place = state.named_place(text);
    return place ? std::optional<Json>{place->id} : std::nullopt;
}

/// The element's value after a person put `text` into it; nullopt when that cannot be chosen.
std::optional<Json> value_for(State& state, const Json& element, const std::vector<Json>& options, const std::string& text)
{
    const auto type = element["type"].get<std::string>();
    const auto [key, empty] = value_key(type);
    Json value{{"type", type}};
    if (text.empty()) {
        value[key] = empty;
    } else if (key == "value" || key == "selected_date" || key == "selected_time") {
        value[key] = text;
        if (element.contains("timezone"))
            value["timezone"] = element["timezone"];
    } else if (key == "selected_date_time") {
        if (text.find_first_not_of("0123456789") != std::string::npos || text.size() > 12)
            return std::nullopt;
        value[key] = std::stoll(text);
    } else if (key == "rich_text_value") {
        auto leaf = Json::array();
        leaf.push_back({{"type", "text"}, {"text", text}});
        auto section = Json::array();
        section.push_back({{"type", "rich_text_section"}, {"elements", leaf}});
        value[key] = {{"type", "rich_text"}, {"elements", section}};
    } else if (empty.is_array()) {
        value[key] = Json::array();
        // A label may hold a comma itself.
        const auto whole = one_choice(state, key, options, text);
        if (whole)
            value[key].push_back(*whole);
        else
            for (const auto& part : split(text)) {
                const auto choice = one_choice(state, key, options, part);
                if (!choice)
                    return std::nullopt;
                value[key].push_back(*choice);
            }
    } else {
        const auto choice = one_choice(state, key, options, text);
        if (!choice)
            return std::nullopt;
        value[key] = *choice;
    }
    return value;
}

Json user_json(const State& state, const std::string& id)
{
    const auto& member = state.members.at(id);
    return {{"id", id}, {"username", member.name}, {"name", member.name},
        {"team_id", member.options.team.empty() ? state.team_id : member.options.team}};
}

/// What all interactions have in common.
Json interaction(const State& state, const std::string& type, const std::string& user)
{
    return {{"type", type}, {"user", user_json(state, user)}, {"api_app_id", state.app_id}, {"token", "deprecated"},
        {"team", {{"id", state.team_id}, {"domain", state.team_domain}}}, {"enterprise", nullptr},
        {"is_enterprise_install", false}};
}

std::shared_ptr<Outgoing> envelope(std::string type, Json payload, bool accepts_payload)
{
    auto outgoing = std::make_shared<Outgoing>();
    outgoing->type = std::move(type);
    outgoing->payload = std::move(payload);
    outgoing->accepts_payload = accepts_payload;
    return outgoing;
}

/// An element's action as payloads show it; `value` is what was chosen, or null for a button.
Json action_json(State& state, const Found& found, const Json& value)
{
    const auto& element = found.element;
    Json action{{"type", element["type"]}, {"action_id", element["action_id"]}, {"block_id", found.block["block_id"]}};
    if (value.is_object()) {
        action.update(value);
        if (element.contains("placeholder"))
            action["placeholder"] = element["placeholder"];
    } else {
        for (const auto* key : {"text", "value", "style"})
            if (element.contains(key))
                action[key] = element[key];
    }
    action["action_ts"] = state.next_ts();
    return action;
}

/// An element of a message, and the attachment it stands in (from 1; 0: none).
struct InMessage {
    Found found{};
    std::size_t attachment{};
};

std::vector<InMessage> elements_of(const Message& message)
{
    std::vector<InMessage> all;
    for (auto& found : elements(message.blocks))
        all.push_back({std::move(found), 0});
    for (std::size_t i = 0; i < message.attachments.size(); ++i)
        if (message.attachments[i].contains("blocks"))
            for (auto& found : elements(message.attachments[i]["blocks"]))
                all.push_back({std::move(found), i + 1});
    return all;
}

bool is_button(const Json& element)
{
    const auto type = element["type"].get<std::string>();
    return type == "button" || type == "icon_button" || type == "workflow_button";
}

/// As whoever points at it names it: no other element of what is shown has that name.
std::string spot_of(const Found& found)
{
    return found.block.value("block_id", std::string{}) + "/" + found.element.value("action_id", std::string{});
}

bool button_named(const Found& found, std::string_view label)
{
    const auto& element = found.element;
    return is_button(element)
        && (raw_text(element.value("text", Json{})) == label || element.value("action_id", std::string{}) == label
            || spot_of(found) == label);
}

bool named(const Found& found, std::string_view name)
{
    const auto& [block, element] = found;
    for (const auto& candidate : {raw_text(block.value("label", Json{})), block.value("block_id", std::string{}),
             element.value("action_id", std::string{}), raw_text(element.value("placeholder", Json{})), spot_of(found)})
        if (!candidate.empty() && candidate == name)
            return true;
    return block["type"] == "section" && raw_text(block.value("text", Json{})) == name;
}

bool is_choice(const Json& element)
{
    const auto type = element["type"].get<std::string>();
    return type == "overflow" || value_keys().count(type) > 0;
}

void must_see(const State& state, const std::string& user, const Message& message)
{
    const auto place = state.places.find(message.channel);
    const bool sees = place != state.places.end()
        && (message.ephemeral ? message.seen_by == user
                              : place->second.kind == Place::Kind::open || place->second.members.count(user) > 0);
    if (!sees)
        throw NotThere{state.who(user) + " does not see this message"};
}

/// As `message` is shown, `found` was acted upon.
Delivery act_on_message(State& state, const std::string& user, const Message& message, const InMessage& in, const Json& value)
{
    auto& place = state.places.at(message.channel);
    auto payload = interaction(state, "block_actions", user);
    payload["container"] = {{"type", in.attachment ? "message_attachment" : "message"}, {"message_ts", message.ts}};
    if (in.attachment)
        payload["container"]["attachment_id"] = in.attachment;
    payload["container"]["channel_id"] = place.id;
    payload["container"]["is_ephemeral"] = message.ephemeral;
    if (in.attachment)
        payload["container"]["is_app_unfurl"] = false;
    if (!message.thread_ts.empty())
        payload["container"]["thread_ts"] = message.thread_ts;
    payload["trigger_id"] = state.new_trigger(user);
    payload["channel"] = {{"id", place.id},
        {"name",
            place.kind == Place::Kind::direct       ? "directmessage"
                : place.kind == Place::Kind::closed ? "privategroup"
                                                    : place.name}};
    if (!message.ephemeral)
        payload["message"] = message_json(state, place, message, true);
    auto values = Json::object();
    for (const auto& other : elements_of(message))
        if (const auto initial = initial_value(other.found.element); !initial.is_null())
            values[other.found.block["block_id"].get<std::string>()][other.found.element["action_id"].get<std::string>()] =
                initial;
    if (value.is_object() && in.found.element["type"] != "overflow")
        values[in.found.block["block_id"].get<std::string>()][in.found.element["action_id"].get<std::string>()] = value;
    payload["state"] = {{"values", values}};
    ResponseUrl url;
    url.of = message.ephemeral ? ResponseUrl::Of::ephemeral : ResponseUrl::Of::message;
    url.user = user;
    url.channel = place.id;
    url.ts = message.ts;
    payload["response_url"] = state.new_response_url(url, "actions");
    payload["actions"] = Json::array();
    payload["actions"].push_back(action_json(state, in.found, value));
    return deliver(state, envelope("interactive", std::move(payload), false));
}

Delivery press(State& state, const std::string& user, const Message& message, std::string_view label)
{
    must_see(state, user, message);
    for (const auto& in : elements_of(message))
        if (button_named(in.found, label)) {
            const auto text = raw_text(in.found.element.value("text", Json{}));
            state.note(state.who(user), "clicks [" + text + "]" + (in.found.element.contains("confirm") ? " and confirms" : ""));
            return act_on_message(state, user, message, in, nullptr);
        }
    throw NotThere{"no [" + std::string{label} + "] in: " + read_message(state, message)};
}

std::vector<Json> offered(const ViewRecord* record, const Found& found)
{
    const auto block = found.block.value("block_id", std::string{}), action = found.element.value("action_id", std::string{});
    if (record && record->options.contains(block) && record->options[block].contains(action))
        return options_of(record->options[block][action]);
    return options_of(found.element);
}

/// The value for an overflow is no state, but has the same shape.
std::optional<Json> chosen(State& state, const ViewRecord* record, const Found& found, const std::string& option)
{
    if (found.element["type"] != "overflow")
        return value_for(state, found.element, offered(record, found), option);
    const auto one = option_named(options_of(found.element), option);
    return one ? std::optional<Json>{Json{{"type", "overflow"}, {"selected_option", *one}}} : std::nullopt;
}

Delivery act_on_view(State& state, ViewRecord& record, const Found& found, const Json& value)
{
    const bool home = record.view["type"] == "home";
    auto payload = interaction(state, "block_actions", record.user);
    payload["container"] = {{"type", "view"}, {"view_id", record.id}};
    payload["trigger_id"] = state.new_trigger(record.user);
    payload["view"] = view_json(state, record);
    payload["actions"] = Json::array();
    payload["actions"].push_back(action_json(state, found, value));
    state.note(state.who(record.user),
        std::string{value.is_object() ? "chooses" : "clicks ["}
            + (value.is_object() ? std::string{} : raw_text(found.element.value("text", Json{})) + "]")
            + (home ? " on Home" : " in the modal"));
    return deliver(state, envelope("interactive", std::move(payload), false));
}

std::shared_ptr<ViewRecord> top(const State& state, const std::string& user)
{
    const auto found = state.stacks.find(user);
    if (found == state.stacks.end() || found->second.empty())
        throw NotThere{state.who(user) + " has no modal open"};
    return found->second.back();
}

std::shared_ptr<ViewRecord> home_of(const State& state, const std::string& user)
{
    const auto found = state.homes.find(user);
    if (found == state.homes.end())
        throw NotThere{state.who(user) + " has no Home yet"};
    return found->second;
}

View seen(const State& state, const ViewRecord& record)
{
    View view;
    view.id = record.id;
    if (record.view.contains("title"))
        view.title = raw_text(record.view["title"]);
    view.json = view_json(state, record);
    view.errors = record.errors;
    return view;
}

bool stands_beside(const Found& found, std::string_view text)
{
    return text.empty()
        || (found.block["type"] == "section" && raw_text(found.block.value("text", Json{})).find(text) != std::string::npos);
}

Delivery press_view(State& state, ViewRecord& record, std::string_view label, std::string_view beside = {})
{
    for (const auto& found : elements(record.view["blocks"]))
        if (button_named(found, label) && stands_beside(found, beside))
            return act_on_view(state, record, found, nullptr);
    throw NotThere{"no [" + std::string{label} + "] in: " + read_blocks(state, record.view["blocks"])};
}

void set_value(ViewRecord& record, const Found& found, const Json& value)
{
    if (found.element["type"] == "overflow")
        return;
    record.values[found.block["block_id"].get<std::string>()][found.element["action_id"].get<std::string>()] = value;
    record.errors.erase(found.block["block_id"].get<std::string>());
}

bool tells_at_once(const Found& found) { return found.block["type"] != "input" || found.block.value("dispatch_action", false); }

Delivery choose_in_view(
    State& state, ViewRecord& record, std::string_view element, std::string_view option, std::string_view beside = {})
{
    for (const auto& found : elements(record.view["blocks"])) {
        if (!is_choice(found.element) || (!element.empty() && !named(found, element)) || !stands_beside(found, beside))
            continue;
        const auto value = chosen(state, &record, found, std::string{option});
        if (!value)
            continue;
        set_value(record, found, *value);
        if (!tells_at_once(found))
            return refuse_delivery({});
        return act_on_view(state, record, found, *value);
    }
    throw NotThere{
        "no " + std::string{element} + " → " + std::string{option} + " in: " + read_blocks(state, record.view["blocks"])};
}

bool is_blank(const Json& value)
{
    return value.is_null() || (value.is_string() && value.get<std::string>().empty()) || (value.is_array() && value.empty());
}

bool is_number(const std::string& text, bool decimal)
{
    std::size_t i = text.rfind('-', 0) == 0 ? 1 : 0, digits = 0, dots = 0;
    for (; i < text.size(); ++i)
        if (std::isdigit(static_cast<unsigned char>(text[i])))
            ++digits;
        else if (text[i] == '.')
            ++dots;
        else
            return false;
    return digits > 0 && dots <= (decimal ? 1U : 0U);
}

/// What the client itself refuses in a field, or "".
std::string form_problem(const Json& block, const Json& element, const Json& value)
{
    if (is_blank(value))
        return block.value("optional", false) ? "" : "Please complete this required field.";
    const auto type = element["type"].get<std::string>();
    if (value.is_string()) {
        const auto text = value.get<std::string>();
        const auto size = static_cast<long>(length(text));
        if (type == "plain_text_input" && (size < element.value("min_length", 0L) || size > element.value("max_length", 3000L)))
            return "This entry is too short or too long.";
        if (type == "email_text_input" && (text.find('@') == std::string::npos || text.find('@') == 0 || text.back() == '@'))
            return "Please enter a valid email address.";
        if (type == "url_text_input" && text.find("://") == std::string::npos)
            return "Please enter a valid URL.";
        if (type == "number_input") {
            if (!is_number(text, element.value("is_decimal_allowed", false)))
                return "Please enter a valid number.";
            if ((element.contains("min_value") && std::stod(text) < std::stod(element["min_value"].get<std::string>()))
                || (element.contains("max_value") && std::stod(text) > std::stod(element["max_value"].get<std::string>())))
                return "Please enter a number in the allowed range.";
        }
    }
    if (value.is_array() && element.contains("max_selected_items")
        && static_cast<long>(value.size()) > element["max_selected_items"].get<long>())
        return "Too many items.";
    return {};
}

void close_view(State& state, const std::string& user, const std::string& id)
{
    auto& stack = state.stacks[user];
    const auto found = std::find_if(stack.begin(), stack.end(), [&](const auto& record) { return record->id == id; });
    stack.erase(found, stack.end());
}

/// What follows from the ack of a submission; returns what is wrong with it, or "".
std::string after_submission(State& state, const std::string& user, const std::string& id, const Json& payload)
{
    const auto record = state.view(id);
    if (payload.is_null() || (payload.is_object() && payload.empty())) {
        if (record) {
            state.note(state.who(user), "sees the modal close");
            close_view(state, user, id);
        }
        return {};
    }
    if (!payload.is_object() || !payload.contains("response_action") || !payload["response_action"].is_string())
        return "no response_action";
    const auto action = payload["response_action"].get<std::string>();
    const std::string subject = action == "errors" ? "errors" : action == "clear" ? "" : "view";
    for (const auto& [key, value] : payload.items())
        if (key != "response_action" && key != subject)
            return "unknown key " + key;
    if (!record)
        return {};
    try {
        if (action == "clear") {
            state.stacks[user].clear();
            state.note(state.who(user), "sees the modal close");
        } else if (action == "errors") {
            if (!payload.contains("errors") || !payload["errors"].is_object() || payload["errors"].empty())
                return "errors without errors";
            std::map<std::string, std::string> errors;
            for (const auto& [block_id, text] : payload["errors"].items()) {
                const auto& blocks = record->view["blocks"];
                const bool input = std::any_of(blocks.begin(), blocks.end(), [&, wanted = block_id](const Json& block) {
                    return block["type"] == "input" && block["block_id"] == wanted;
                });
                if (!input)
                    return "an error for " + block_id + ", which is no input block";
                if (!text.is_string() || text.get<std::string>().empty())
                    return "an error without words";
                errors[block_id] = text.get<std::string>();
                state.note(state.who(user), "reads under " + block_id + ": " + errors[block_id]);
            }
            record->errors = errors;
        } else if (action == "update" || action == "push") {
            if (!payload.contains("view"))
                return action + " without a view";
            if (action == "push") {
                stack_view(state, user, payload["view"]);
            } else {
                check_view(state, payload["view"], "modal");
                set_view(state, *record, payload["view"]);
                state.note(state.who(user), "sees the modal change:\n" + read_blocks(state, record->view["blocks"]));
            }
        } else {
            return "unknown response_action " + action;
        }
    } catch (const Refused& refused) {
        return refused.code + (refused.messages.empty() ? std::string{} : " " + refused.messages.front());
    }
    return {};
}

std::string escape(std::string_view text)
{
    std::string out;
    for (const char c : text)
        if (c == '&')
            out += "&amp;";
        else if (c == '<')
            out += "&lt;";
        else if (c == '>')
            out += "&gt;";
        else
            out += c;
    return out;
}

/// What Slack makes of what a person typed: names become mentions, addresses links.
std::string as_slack_writes(State& state, std::string_view text)
{
    std::string out;
    for (std::size_t i = 0; i < text.size();) {
        const bool starts = i == 0 || text[i - 1] == ' ' || text[i - 1] == '\n' || text[i - 1] == '(';
        auto end = i;
        while (end < text.size() && text[end] != ' ' && text[end] != '\n')
            ++end;
        auto token = text.substr(i, end - i);
        if (starts && (token.rfind("http://", 0) == 0 || token.rfind("https://", 0) == 0)) {
            out += "<" + escape(token) + ">";
            i = end;
            continue;
        }
        if (starts && token.size() > 1 && (token[0] == '@' || token[0] == '#')) {
            std::size_t size = 1;
            while (size < token.size()
                && (std::isalnum(static_cast<unsigned char>(token[size])) || token[size] == '-' || token[size] == '_'
                    || token[size] == '.'))
                ++size;
            while (size > 1 && token[size - 1] == '.')
                --size;
            const std::string name{token.substr(1, size - 1)};
            std::string mention;
            if (token[0] == '#') {
                if (const auto* place = state.named_place(name))
                    mention = "<#" + place->id + "|" + (place->kind == Place::Kind::open ? place->name : std::string{}) + ">";
            } else if (name == "bot") {
                mention = "<@" + state.bot_user + ">";
            } else if (name == "channel" || name == "here" || name == "everyone") {
                mention = "<!" + name + ">";
            } else if (const auto* member = state.member(name)) {
                mention = "<@" + member->id + ">";
            } else {
                for (const auto& [id, group] : state.groups)
                    if (group.handle == name)
                        mention = "<!subteam^" + id + ">";
            }
            if (!mention.empty()) {
                out += mention;
                i += size;
                continue;
            }
        }
        out += escape(text.substr(i, 1));
        ++i;
    }
    return out;
}

Place& place_for(State& state, const std::string& user, std::string_view place)
{
    if (place.empty())
        return state.direct(user);
    auto* found = state.named_place(place);
    if (!found)
        throw NotThere{"no channel " + std::string{place}};
    if (found->kind != Place::Kind::open && !found->members.count(user))
        throw NotThere{state.who(user) + " does not see " + std::string{place}};
    return *found;
}

} // namespace

std::string Channel::topic() const { return read_mrkdwn(state_, state_.places.at(id_).topic); }

void Channel::set_topic(std::string_view text) { state_.places.at(id_).topic = as_slack_writes(state_, text); }

std::pair<std::string, Json> value_key(const std::string& type)
{
    const auto found = value_keys().find(type);
    return found == value_keys().end() ? std::pair<std::string, Json>{} : found->second;
}

std::vector<Json> options_of(const Json& element)
{
    std::vector<Json> all;
    const auto add = [&](const Json& owner) {
        if (owner.contains("options"))
            for (const auto& option : owner["options"])
                all.push_back(option);
    };
    add(element);
    if (element.contains("option_groups"))
        for (const auto& group : element["option_groups"])
            add(group);
    return all;
}

Json initial_value(const Json& element)
{
    const auto type = element["type"].get<std::string>();
    const auto [key, empty] = value_key(type);
    if (key.empty())
        return {};
    const auto initial = key == "value" || key == "rich_text_value" ? std::string{"initial_value"}
        : key == "files"                                            ? key
                                                                    : "initial" + key.substr(8);
    Json value{{"type", type}};
    value[key] = element.contains(initial) ? element[initial] : empty;
    if (element.contains("timezone"))
        value["timezone"] = element["timezone"];
    return value;
}

std::vector<Found> elements(const Json& blocks)
{
    std::vector<Found> all;
    for (const auto& block : blocks) {
        const auto type = block.value("type", std::string{});
        if (type == "container" || type == "carousel") {
            for (auto& inner : elements(block.value(type == "container" ? "child_blocks" : "elements", Json::array())))
                all.push_back(std::move(inner));
        } else if (type == "actions" || type == "context_actions") {
            for (const auto& element : block["elements"])
                all.push_back({block, element});
        } else if (type == "card") {
            for (const auto& element : block.value("actions", Json::array()))
                all.push_back({block, element});
        } else if (type == "section" && block.contains("accessory") && block["accessory"]["type"] != "image") {
            all.push_back({block, block["accessory"]});
        } else if (type == "input") {
            all.push_back({block, block["element"]});
        }
    }
    return all;
}

Json state_values(const ViewRecord& record)
{
    auto values = Json::object();
    for (const auto& found : elements(record.view["blocks"])) {
        const auto initial = initial_value(found.element);
        if (initial.is_null())
            continue;
        const auto block = found.block["block_id"].get<std::string>(), action = found.element["action_id"].get<std::string>();
        const bool touched = record.values.contains(block) && record.values[block].contains(action);
        values[block][action] = touched ? record.values[block][action] : initial;
    }
    return values;
}

const std::string& Person::name() const { return state_.members.at(id_).name; }

void Person::do_not_disturb(TimePoint from, TimePoint until)
{
    auto& member = state_.members.at(id_);
    member.quiet_from = from;
    member.quiet_until = until;
}

std::vector<Message> Person::dms() const
{
    std::vector<Message> seen;
    for (const auto& [id, place] : state_.places) {
        if (place.kind != Place::Kind::direct || !place.members.count(id_))
            continue;
        seen = place.messages;
        for (const auto& message : state_.ephemerals)
            if (message.channel == id && message.seen_by == id_)
                seen.push_back(message);
    }
    std::sort(seen.begin(), seen.end(), [](const Message& a, const Message& b) { return a.ts < b.ts; });
    return seen;
}

Message Person::last_dm() const
{
    const auto seen = dms();
    for (auto message = seen.rbegin(); message != seen.rend(); ++message)
        if (message->user == state_.bot_user)
            return *message;
    throw NotThere{name() + " has no message from the bot"};
}

std::vector<Message> Person::ephemerals() const
{
    std::vector<Message> seen;
    for (const auto& message : state_.ephemerals)
        if (message.seen_by == id_)
            seen.push_back(message);
    return seen;
}

Message Person::last_ephemeral() const
{
    const auto seen = ephemerals();
    if (seen.empty())
        throw NotThere{name() + " was shown nothing alone"};
    return seen.back();
}

Delivery Person::click(const Message& message, std::string_view label)
{
    if (message.ephemeral) {
        for (const auto& candidate : state_.ephemerals)
            if (candidate.channel == message.channel && candidate.ts == message.ts)
                return press(state_, id_, Message{candidate}, label);
    } else if (const auto* current = state_.find(message.channel, message.ts)) {
        return press(state_, id_, Message{*current}, label);
    }
    throw NotThere{"the message is gone"};
}

Delivery Person::click_as_seen(const Message& message, std::string_view label) { return press(state_, id_, message, label); }

Delivery Person::choose(const Message& message, std::string_view element, std::string_view option)
{
    Message current;
    if (message.ephemeral) {
        for (const auto& candidate : state_.ephemerals)
            if (candidate.channel == message.channel && candidate.ts == message.ts)
                current = candidate;
    } else if (const auto* found = state_.find(message.channel, message.ts)) {
        current = *found;
    }
    if (current.ts.empty())
        throw NotThere{"the message is gone"};
    must_see(state_, id_, current);
    for (const auto& in : elements_of(current)) {
        if (!is_choice(in.found.element) || (!element.empty() && !named(in.found, element)))
            continue;
        if (const auto value = chosen(state_, nullptr, in.found, std::string{option})) {
            state_.note(name(), "chooses " + std::string{option});
            return act_on_message(state_, id_, current, in, *value);
        }
    }
    throw NotThere{"no " + std::string{element} + " → " + std::string{option} + " in: " + read_message(state_, current)};
}

Delivery Person::command(std::string_view command, std::string_view text, std::string_view place)
{
    const std::string verb{command};
    // Commands of an app are for members of the workspace that has it.
    if (!state_.settings.commands.count(verb) || !state_.members.at(id_).options.team.empty())
        throw NotThere{verb + " is not a valid command"};
    auto& where = place_for(state_, id_, place);
    auto words = split(text).empty() ? std::string{} : std::string{text};
    while (!words.empty() && words.front() == ' ')
        words.erase(0, 1);
    while (!words.empty() && words.back() == ' ')
        words.pop_back();
    ResponseUrl url;
    url.user = id_;
    url.channel = where.id;
    Json payload{{"token", "deprecated"}, {"team_id", state_.team_id}, {"team_domain", state_.team_domain},
        {"channel_id", where.id},
        {"channel_name",
            where.kind == Place::Kind::direct       ? "directmessage"
                : where.kind == Place::Kind::closed ? "privategroup"
                                                    : where.name},
        {"user_id", id_}, {"user_name", name()}, {"command", verb},
        {"text", state_.settings.should_escape ? as_slack_writes(state_, words) : words}, {"api_app_id", state_.app_id},
        {"is_enterprise_install", "false"}, {"response_url", state_.new_response_url(url, "commands")},
        {"trigger_id", state_.new_trigger(id_)}};
    const auto line = words.empty() ? verb : verb + " " + words;
    state_.note(name(), "types " + line + " in " + state_.label(where));
    auto outgoing = envelope("slash_commands", std::move(payload), true);
    outgoing->on_ack = [state = &state_, user = id_, channel = where.id, line](
                           const Json& answer) { return answer_command(*state, user, channel, line, answer); };
    return deliver(state_, std::move(outgoing));
}

std::vector<Delivery> Person::say(std::string_view place, std::string_view text, std::string_view thread)
{
    auto& where = place_for(state_, id_, place);
    if (where.archived)
        throw NotThere{state_.label(where) + " is archived"};
    std::vector<Delivery> told;
    Message message;
    message.user = id_;
    message.text = as_slack_writes(state_, text);
    message.thread_ts = std::string{thread};
    if (!message.thread_ts.empty() && !state_.find(where.id, message.thread_ts))
        throw NotThere{"no thread " + message.thread_ts};
    store(state_, where, std::move(message), &told);
    return told;
}

std::vector<Delivery> Person::say_to_bot(std::string_view text) { return say({}, text); }

std::vector<Delivery> Person::react(const Message& message, std::string_view emoji)
{
    must_see(state_, id_, message);
    auto* current = state_.find(message.channel, message.ts);
    if (!current)
        throw NotThere{"the message is gone"};
    current->reactions.insert(std::string{emoji});
    state_.note(name(), "reacts with :" + std::string{emoji} + ":");
    if (!state_.places.at(message.channel).members.count(state_.bot_user))
        return {};
    const auto delivery = send_event(state_,
        {{"type", "reaction_added"}, {"user", id_}, {"reaction", std::string{emoji}},
            {"item", {{"type", "message"}, {"channel", message.channel}, {"ts", message.ts}}}, {"item_user", current->user}},
        "reaction_added");
    return delivery ? std::vector<Delivery>{*delivery} : std::vector<Delivery>{};
}

Delivery Person::shortcut(std::string_view callback_id)
{
    auto payload = interaction(state_, "shortcut", id_);
    payload.erase("api_app_id");
    payload["action_ts"] = state_.next_ts();
    payload["callback_id"] = std::string{callback_id};
    payload["trigger_id"] = state_.new_trigger(id_);
    state_.note(name(), "uses the shortcut " + std::string{callback_id});
    return deliver(state_, envelope("interactive", std::move(payload), false));
}

Delivery Person::message_shortcut(std::string_view callback_id, const Message& message)
{
    must_see(state_, id_, message);
    const auto* current = state_.find(message.channel, message.ts);
    if (!current)
        throw NotThere{"the message is gone"};
    auto& place = state_.places.at(message.channel);
    ResponseUrl url;
    url.of = ResponseUrl::Of::message;
    url.user = id_;
    url.channel = place.id;
    url.ts = message.ts;
    auto payload = interaction(state_, "message_action", id_);
    payload.erase("api_app_id");
    payload["action_ts"] = state_.next_ts();
    payload["callback_id"] = std::string{callback_id};
    payload["trigger_id"] = state_.new_trigger(id_);
    payload["response_url"] = state_.new_response_url(url, "app");
    payload["channel"] = {{"id", place.id}, {"name", place.kind == Place::Kind::direct ? "directmessage" : place.name}};
    payload["message_ts"] = message.ts;
    payload["message"] = message_json(state_, place, *current, true);
    state_.note(name(), "uses the shortcut " + std::string{callback_id} + " on a message");
    return deliver(state_, envelope("interactive", std::move(payload), false));
}

View Person::modal() const { return seen(state_, *top(state_, id_)); }

std::size_t Person::modals() const
{
    const auto found = state_.stacks.find(id_);
    return found == state_.stacks.end() ? 0 : found->second.size();
}

std::vector<Delivery> Person::fill(const Fields& fields)
{
    std::vector<Delivery> told;
    for (const auto& [field, text] : fields) {
        const auto record = top(state_, id_);
        const auto all = elements(record->view["blocks"]);
        const auto found = std::find_if(all.begin(), all.end(), [&, wanted = field](const Found& candidate) {
            return value_keys().count(candidate.element["type"].get<std::string>()) && named(candidate, wanted);
        });
        if (found == all.end())
            throw NotThere{"no field " + field + " in: " + read_blocks(state_, record->view["blocks"])};
        const auto value = value_for(state_, found->element, offered(record.get(), *found), text);
        if (!value)
            throw NotThere{"no " + text + " in the field " + field + " of: " + read_blocks(state_, record->view["blocks"])};
        set_value(*record, *found, *value);
        state_.note(name(), "fills " + field + ": " + text);
        if (tells_at_once(*found))
            told.push_back(act_on_view(state_, *record, *found, *value));
    }
    return told;
}

void Person::attach(std::string_view field, std::string_view given, std::string_view bytes)
{
    const auto record = top(state_, id_);
    for (const auto& found : elements(record->view["blocks"])) {
        if (found.element["type"] != "file_input" || !named(found, field))
            continue;
        const std::string file_name{given};
        const auto ending = lower(file_name.substr(std::min(file_name.rfind('.'), file_name.size() - 1) + 1));
        const auto types = found.element.value("filetypes", Json::array());
        if (!types.empty() && std::find(types.begin(), types.end(), Json(ending)) == types.end())
            throw NotThere{"the field " + std::string{field} + " takes no ." + ending};
        StoredFile file;
        file.id = state_.next_id("F");
        file.name = file_name;
        file.owner = id_;
        file.bytes = std::string{bytes};
        Json value{{"type", "file_input"}, {"files", Json::array()}};
        value["files"].push_back(file_json(state_, file));
        state_.files[file.id] = std::move(file);
        set_value(*record, found, value);
        state_.note(name(), "gives the file " + file_name);
        return;
    }
    throw NotThere{"no field " + std::string{field} + " for a file"};
}

Delivery Person::look_up(std::string_view field, std::string_view text)
{
    const auto record = top(state_, id_);
    for (const auto& found : elements(record->view["blocks"])) {
        const auto type = found.element["type"].get<std::string>();
        if ((type != "external_select" && type != "multi_external_select") || !named(found, field))
            continue;
        if (static_cast<long>(length(std::string{text})) < found.element.value("min_query_length", 3L))
            return refuse_delivery({});
        auto payload = interaction(state_, "block_suggestion", id_);
        payload["container"] = {{"type", "view"}, {"view_id", record->id}};
        payload["view"] = view_json(state_, *record);
        payload["block_id"] = found.block["block_id"];
        payload["action_id"] = found.element["action_id"];
        payload["value"] = std::string{text};
        auto outgoing = envelope("interactive", std::move(payload), true);
        outgoing->on_ack = [record, block = found.block["block_id"].get<std::string>(),
                               action = found.element["action_id"].get<std::string>()](const Json& answer) -> std::string {
            const auto problems = problems_in_suggestions(answer);
            if (!problems.empty())
                return problems.front();
            record->options[block][action] = answer;
            return {};
        };
        return deliver(state_, std::move(outgoing));
    }
    throw NotThere{"no field " + std::string{field} + " to type into"};
}

Delivery Person::click_modal(std::string_view label, std::string_view beside)
{
    return press_view(state_, *top(state_, id_), label, beside);
}
Delivery Person::choose_modal(std::string_view element, std::string_view option, std::string_view beside)
{
    return choose_in_view(state_, *top(state_, id_), element, option, beside);
}

Delivery Person::submit()
{
    const auto record = top(state_, id_);
    if (!record->view.contains("submit") || record->view["submit"].is_null() || record->view.value("submit_disabled", false))
        throw NotThere{"the modal has no button to submit it"};
    record->errors.clear();
    const auto values = state_values(*record);
    std::string problems;
    auto urls = Json::array();
    for (const auto& block : record->view["blocks"]) {
        if (block["type"] != "input")
            continue;
        const auto& element = block["element"];
        const auto block_id = block["block_id"].get<std::string>(), action_id = element["action_id"].get<std::string>();
        const auto key = value_key(element["type"].get<std::string>()).first;
        const auto& value = values[block_id][action_id][key];
        const auto problem = form_problem(block, element, value);
        if (!problem.empty()) {
            record->errors[block_id] = problem;
            problems += (problems.empty() ? "" : "; ") + raw_text(block["label"]) + ": " + problem;
        } else if (element.value("response_url_enabled", false) && value.is_string()) {
            ResponseUrl url;
            url.of = ResponseUrl::Of::view;
            url.user = id_;
            url.channel = value.get<std::string>();
            urls.push_back({{"block_id", block_id}, {"action_id", action_id}, {"channel_id", url.channel},
                {"response_url", state_.new_response_url(url, "app")}});
        }
    }
    if (!problems.empty()) {
        state_.note(name(), "is told by the form: " + problems);
        return refuse_delivery("form: " + problems);
    }
    auto payload = interaction(state_, "view_submission", id_);
    payload["trigger_id"] = state_.new_trigger(id_);
    payload["view"] = view_json(state_, *record);
    payload["response_urls"] = urls;
    state_.note(name(), "presses [" + raw_text(record->view["submit"]) + "]");
    auto outgoing = envelope("interactive", std::move(payload), true);
    outgoing->on_ack = [state = &state_, user = id_, id = record->id](
                           const Json& answer) { return after_submission(*state, user, id, answer); };
    return deliver(state_, std::move(outgoing));
}

namespace {

Delivery tell_closed(State& state, const ViewRecord& record, bool cleared)
{
    if (!record.view.value("notify_on_close", false))
        return refuse_delivery({});
    auto payload = interaction(state, "view_closed", record.user);
    payload["view"] = view_json(state, record, false);
    payload["is_cleared"] = cleared;
    return deliver(state, envelope("interactive", std::move(payload), false));
}

} // namespace

Delivery Person::close()
{
    const auto record = top(state_, id_);
    state_.note(name(), "closes the modal");
    if (record->view.value("clear_on_close", false))
        return close_all();
    auto told = tell_closed(state_, *record, false);
    close_view(state_, id_, record->id);
    return told;
}

Delivery Person::close_all()
{
    const auto record = top(state_, id_);
    const auto root = state_.stacks[id_].front();
    auto told = tell_closed(state_, *root, true);
    state_.stacks[id_].clear();
    return told;
}

std::vector<Delivery> Person::open_home()
{
    const auto channel = state_.direct(id_).id;
    Json event{{"type", "app_home_opened"}, {"user", id_}, {"channel", channel}, {"tab", "home"}};
    if (const auto found = state_.homes.find(id_); found != state_.homes.end())
        event["view"] = view_json(state_, *found->second);
    state_.note(name(), "opens Home");
    const auto delivery = send_event(state_, std::move(event), "app_home_opened");
    return delivery ? std::vector<Delivery>{*delivery} : std::vector<Delivery>{};
}

View Person::home() const { return seen(state_, *home_of(state_, id_)); }
Delivery Person::click_home(std::string_view label) { return press_view(state_, *home_of(state_, id_), label); }
Delivery Person::choose_home(std::string_view element, std::string_view option)
{
    return choose_in_view(state_, *home_of(state_, id_), element, option);
}

} // namespace workspace
