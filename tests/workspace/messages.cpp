#include "workspace/state.hpp"

#include <algorithm>

namespace workspace {
namespace {

constexpr std::size_t most_text = 40'000, most_block_text = 12'000;

std::vector<std::string> as_errors(std::vector<std::string> problems)
{
    for (auto& problem : problems)
        problem = "[ERROR] " + problem;
    return problems;
}

/// Numbers, strings, booleans, objects of these, and arrays of such objects.
bool fits_metadata(const Json& value, int depth)
{
    if (value.is_string() || value.is_number() || value.is_boolean())
        return true;
    if (value.is_object())
        return depth < 2
            && std::all_of(value.begin(), value.end(), [&](const Json& inner) { return fits_metadata(inner, depth + 1); });
    if (value.is_array())
        return depth < 2 && std::all_of(value.begin(), value.end(), [&](const Json& inner) {
            return !inner.is_array() && fits_metadata(inner, depth + 1);
        });
    return false;
}

void scan_text(const std::string& text, std::set<std::string>& ranges)
{
    for (const auto* range : {"channel", "here", "everyone"})
        for (const auto& form : {std::string{"<!"} + range + ">", std::string{"<!"} + range + "|"})
            if (text.find(form) != std::string::npos)
                ranges.insert(range);
}

// plain_text shows "<!channel>" as it stands there; everything else is read as mrkdwn.
void scan_json(const Json& json, std::set<std::string>& ranges)
{
    if (json.is_string())
        return scan_text(json.get_ref<const std::string&>(), ranges);
    if (json.is_object()) {
        if (json.contains("type") && (json["type"] == "plain_text" || json["type"] == "text" || json["type"] == "raw_text"))
            return;
        if (json.contains("type") && json["type"] == "broadcast" && json.contains("range"))
            ranges.insert(json["range"].get<std::string>());
        for (const auto& [key, value] : json.items())
            if (key != "value" && key != "url" && key != "private_metadata")
                scan_json(value, ranges);
    } else if (json.is_array()) {
        for (const auto& value : json)
            scan_json(value, ranges);
    }
}

std::string kind_of(const Place& place)
{
    switch (place.kind) {
    case Place::Kind::open: return "channel";
    case Place::Kind::closed: return "group";
    case Place::Kind::direct: return "im";
    case Place::Kind::group_direct: return "mpim";
    }
    return {};
}

std::string subscription_of(const Place& place)
{
    return "message."
        + (place.kind == Place::Kind::open          ? std::string{"channels"}
                : place.kind == Place::Kind::closed ? "groups"
                                                    : kind_of(place));
}

bool app_hears(const State& state, const Place& place) { return place.members.count(state.bot_user) > 0; }

} // namespace

Content read_content(const State& state, const Json& arguments)
{
    Content content;
    if (arguments.contains("text"))
        content.text = arguments["text"];
    if (arguments.contains("blocks"))
        content.blocks = arguments["blocks"];
    if (arguments.contains("attachments"))
        content.attachments = arguments["attachments"];

    std::size_t total = 0;
    if (!content.blocks.is_null()) {
        if (!content.blocks.is_array())
            throw Refused{"invalid_blocks_format"};
        if (const auto problems = problems_in_blocks(content.blocks, Surface::message); !problems.empty())
            throw Refused{"invalid_blocks", as_errors(problems), {{"errors", problems}}};
        if (const auto problems = problems_of_files(state, content.blocks); !problems.empty())
            throw Refused{"invalid_blocks", as_errors(problems), {{"errors", problems}}};
        total += total_text(content.blocks);
    }
    if (!content.attachments.is_null()) {
        if (content.attachments.is_array() && content.attachments.size() > 100)
            throw Refused{"too_many_attachments"};
        const auto problems = problems_in_attachments(content.attachments);
        if (!problems.empty()) {
            const bool blocks = std::any_of(problems.begin(), problems.end(),
                [](const std::string& problem) { return problem.find("/blocks/") != std::string::npos; });
            throw Refused{blocks ? "invalid_blocks" : "invalid_attachments", as_errors(problems), {{"errors", problems}}};
        }
        total += total_text(content.attachments);
    }
    if (total > most_block_text)
        throw Refused{"msg_blocks_too_long"};
    if (content.text.is_string() && length(content.text.get<std::string>()) > most_text)
        content.text = content.text.get<std::string>().substr(0, most_text);
    return content;
}

bool is_empty(const Content& content)
{
    const auto none = [](const Json& list) { return list.is_null() || list.empty(); };
    const bool blank =
        !content.text.is_string() || content.text.get_ref<const std::string&>().find_first_not_of(" \t\r\n") == std::string::npos;
    return blank && none(content.blocks) && none(content.attachments);
}

Json read_metadata(const Json& metadata)
{
    if (!metadata.is_object())
        throw Refused{"invalid_metadata_format"};
    if (metadata.empty())
        return {};
    for (const auto& [key, value] : metadata.items())
        if (key != "event_type" && key != "event_payload" && key != "entities")
            throw Refused{
                "invalid_metadata_schema", {"[ERROR] invalid additional property: " + key + " [json-pointer:/metadata]"}};
    if (metadata.dump().size() > 8'000)
        throw Refused{"metadata_too_large"};
    if (!metadata.contains("event_type") || !metadata["event_type"].is_string()
        || metadata["event_type"].get<std::string>().empty())
        throw Refused{"invalid_metadata_schema", {"[ERROR] missing required field: event_type [json-pointer:/metadata]"}};
    if (!metadata.contains("event_payload") || !metadata["event_payload"].is_object())
        throw Refused{"invalid_metadata_schema", {"[ERROR] missing required field: event_payload [json-pointer:/metadata]"}};
    if (!fits_metadata(metadata["event_payload"], 0))
        throw Refused{"invalid_metadata_schema", {"[ERROR] unsupported value [json-pointer:/metadata/event_payload]"}};
    return metadata;
}

void give_ids(State& state, Json& blocks)
{
    const auto name = [&](Json& thing, const char* key) {
        if (thing.is_object() && !thing.contains(key))
            thing[key] = state.doors.random.token(3);
    };
    const auto element = [&](Json& thing) {
        const auto type = thing.value("type", std::string{});
        if (type != "plain_text" && type != "mrkdwn" && type != "image")
            name(thing, "action_id");
    };
    for (auto& block : blocks) {
        name(block, "block_id");
        for (const auto* key : {"accessory", "element"})
            if (block.contains(key) && block[key].is_object())
                element(block[key]);
        const auto type = block.value("type", std::string{});
        if (type == "actions" || type == "context_actions")
            for (auto& each : block["elements"])
                element(each);
        if (type == "card" && block.contains("actions"))
            for (auto& each : block["actions"])
                element(each);
        for (const auto* key : {"child_blocks", "elements"})
            if ((type == "container" || type == "carousel") && block.contains(key))
                give_ids(state, block[key]);
    }
}

void scan(State& state, const Message& message, const Json& link_names)
{
    std::set<std::string> ranges;
    scan_text(message.text, ranges);
    scan_json(message.blocks, ranges);
    scan_json(message.attachments, ranges);
    if (link_names == true)
        for (const auto* range : {"channel", "here", "everyone"})
            if (message.text.find(std::string{"@"} + range) != std::string::npos)
                ranges.insert(range);
    for (const auto& range : ranges)
        state.broadcasts.push_back({message.channel, message.ts, range, message.text});
}

Json message_json(const State& state, const Place& place, const Message& message, bool all_metadata)
{
    Json json{{"type", "message"}, {"user", message.user}};
    if (message.user == state.bot_user) {
        json["bot_id"] = state.bot_id;
        json["app_id"] = state.app_id;
    }
    json["team"] = state.team_id;
    json["ts"] = message.ts;
    json["text"] = message.text;
    if (!message.blocks.empty())
        json["blocks"] = message.blocks;
    if (!message.attachments.empty())
        json["attachments"] = message.attachments;
    for (const auto& id : message.files)
        json["files"].push_back({{"id", id}, {"name", state.files.at(id).name}, {"title", state.files.at(id).title}});

    std::size_t replies = 0;
    std::string latest;
    for (const auto& other : place.messages)
        if (other.thread_ts == message.ts && other.ts != message.ts) {
            ++replies;
            latest = other.ts;
        }
    if (replies) {
        json["thread_ts"] = message.ts;
        json["reply_count"] = replies;
        json["latest_reply"] = latest;
    } else if (!message.thread_ts.empty()) {
        json["thread_ts"] = message.thread_ts;
        if (message.broadcast)
            json["subtype"] = "thread_broadcast";
    }
    // The "(edited)" flag belongs to edits without blocks.
    if (!message.edits.empty() && message.blocks.empty())
        json["edited"] = {{"user", message.user}, {"ts", message.ts}};
    if (!message.metadata.is_null())
        json["metadata"] = all_metadata ? message.metadata : Json{{"event_type", message.metadata["event_type"]}};
    if (!message.reactions.empty()) {
        json["reactions"] = Json::array();
        for (const auto& reaction : message.reactions)
            json["reactions"].push_back({{"name", reaction}, {"count", 1}});
    }
    return json;
}

Message store(State& state, Place& place, Message message, std::vector<Delivery>* told)
{
    const bool bots = message.user == state.bot_user;
    message.channel = place.id;
    message.ts = state.next_ts();
    message.posted = state.now();
    give_ids(state, message.blocks);
    for (auto& attachment : message.attachments)
        if (attachment.contains("blocks"))
            give_ids(state, attachment["blocks"]);
    place.messages.push_back(message);

    const auto thread = message.thread_ts.empty() ? std::string{} : ", in a thread";
    state.note(state.who(message.user), "in " + state.label(place) + thread + ": " + read_message(state, message));

    if (!app_hears(state, place) || (bots && !state.settings.own_messages_come_back))
        return message;
    Json event{{"type", "message"}, {"channel", place.id}, {"channel_type", kind_of(place)}, {"user", message.user},
        {"text", message.text}, {"ts", message.ts}, {"team", state.team_id}};
    if (bots) {
        event["bot_id"] = state.bot_id;
        event["app_id"] = state.app_id;
    } else {
        event["client_msg_id"] = state.doors.random.token(16);
    }
    if (!message.blocks.empty())
        event["blocks"] = message.blocks;
    if (!message.thread_ts.empty())
        event["thread_ts"] = message.thread_ts;
    event["event_ts"] = message.ts;
    const auto tell = [&](const std::string& subscription) {
        const auto delivery = send_event(state, event, subscription);
        if (delivery && told)
            told->push_back(*delivery);
    };
    tell(subscription_of(place));
    // A mention is an event of its own, beside the message.
    if (!bots && place.kind != Place::Kind::direct && message.text.find("<@" + state.bot_user + ">") != std::string::npos) {
        event["type"] = "app_mention";
        event.erase("channel_type");
        tell("app_mention");
    }
    return message;
}

Message store_ephemeral(State& state, Message message)
{
    message.ephemeral = true;
    message.user = state.bot_user;
    message.ts = state.next_ts();
    message.posted = state.now();
    give_ids(state, message.blocks);
    for (auto& attachment : message.attachments)
        if (attachment.contains("blocks"))
            give_ids(state, attachment["blocks"]);
    state.ephemerals.push_back(message);
    const auto* place = state.place(message.channel);
    state.note("bot",
        "to " + state.who(message.seen_by) + " alone, in " + (place ? state.label(*place) : message.channel) + ": "
            + read_message(state, message));
    return message;
}

void edit(State& state, Place& place, Message& message, const Content& content, Edit how)
{
    const auto before = message.ephemeral ? Json{} : message_json(state, place, message, false);
    message.edits.push_back({state.now(), message.text, message.blocks, message.attachments});
    // An update takes the blocks away where there is a text without them, and leaves attachments alone unless they are given.
    const bool blocks_go = how == Edit::replace || content.text.is_string();
    message.text = content.text.is_string() ? content.text.get<std::string>()
        : how == Edit::replace              ? std::string{}
                                            : message.text;
    if (!content.blocks.is_null() || blocks_go)
        message.blocks = content.blocks.is_null() ? Json::array() : content.blocks;
    if (!content.attachments.is_null() || how == Edit::replace)
        message.attachments = content.attachments.is_null() ? Json::array() : content.attachments;
    give_ids(state, message.blocks);
    for (auto& attachment : message.attachments)
        if (attachment.contains("blocks"))
            give_ids(state, attachment["blocks"]);
    state.note("bot",
        "edits in " + (message.ephemeral ? "what " + state.who(message.seen_by) + " alone sees" : state.label(place)) + ": "
            + read_message(state, message));
    scan(state, message, {});
    if (message.ephemeral || !app_hears(state, place) || !state.settings.own_messages_come_back)
        return;
    const auto ts = state.next_ts();
    send_event(state,
        {{"type", "message"}, {"subtype", "message_changed"}, {"hidden", true}, {"channel", place.id},
            {"channel_type", kind_of(place)}, {"ts", ts}, {"event_ts", ts},
            {"message", message_json(state, place, message, false)}, {"previous_message", before}},
        subscription_of(place));
}

void remove(State& state, Place& place, const std::string& ts)
{
    auto& list = place.messages;
    list.erase(std::remove_if(list.begin(), list.end(), [&](const Message& message) { return message.ts == ts; }), list.end());
    state.note("bot", "deletes a message in " + state.label(place));
}

} // namespace workspace
