#include "workspace/state.hpp"

namespace workspace {
namespace {

/// What chat.postMessage takes as a channel: an id, a person's id, or a public channel's name.
Place& where_to_post(State& state, const std::string& channel)
{
    if (auto* place = state.place(channel))
        return *place;
    if (const auto found = state.members.find(channel); found != state.members.end()) {
        if (found->second.options.deleted || found->second.id == state.bot_user)
            throw Refused{"channel_not_found"};
        return state.direct(channel);
    }
    auto* place = state.named_place(channel);
    if (!place || place->name.empty() || (place->kind != Place::Kind::open && !place->members.count(state.bot_user)))
        throw Refused{"channel_not_found"};
    return *place;
}

void may_post(const State& state, const Place& place)
{
    if (place.archived)
        throw Refused{"is_archived"};
    if (place.kind == Place::Kind::direct) {
        if (!place.members.count(state.bot_user))
            throw Refused{"channel_not_found"};
        if (!state.settings.messages_tab_enabled)
            throw Refused{"messages_tab_disabled"};
        if (state.members.at(state.person_of(place)).options.deleted)
            throw Refused{"channel_not_found"};
        return;
    }
    if (!place.members.count(state.bot_user)
        && (place.kind != Place::Kind::open || !state.settings.scopes.count("chat:write.public")))
        throw Refused{"not_in_channel"};
    if (place.read_only)
        throw Refused{"restricted_action_read_only_channel"};
}

bool is_ts(const std::string& ts)
{
    const auto dot = ts.find('.');
    return dot != std::string::npos && dot > 0 && ts.size() == dot + 7 && ts.find_first_not_of("0123456789.") == std::string::npos
        && ts.find('.', dot + 1) == std::string::npos;
}

void check_thread(State& state, const Place& place, const std::string& ts)
{
    if (!is_ts(ts))
        throw Refused{"invalid_thread_ts"};
    const auto* parent = state.find(place.id, ts);
    if (!parent)
        throw Refused{"thread_not_found"};
    if (!parent->thread_ts.empty() && parent->thread_ts != parent->ts)
        throw Refused{"cannot_reply_to_message"};
}

Content content_with_markdown(const State& state, const Json& arguments)
{
    auto content = read_content(state, arguments);
    if (arguments.contains("markdown_text")) {
        if (!content.blocks.is_null() || !content.text.is_null())
            throw Refused{"markdown_text_conflict"};
        const auto text = arguments["markdown_text"].get<std::string>();
        if (length(text) > 12'000)
            throw Refused{"msg_too_long"};
        content.blocks = Json::array();
        content.blocks.push_back({{"type", "markdown"}, {"text", text}});
        content.text = text;
    }
    if (arguments.contains("parse") && arguments["parse"] != "none" && arguments["parse"] != "full")
        throw Refused{"invalid_arguments", {"[ERROR] must be none or full [json-pointer:/parse]"}};
    return content;
}

Json linked(const Json& arguments)
{
    return arguments.value("link_names", false) || arguments.value("parse", std::string{}) == "full";
}

/// A message of the bot's own, in a conversation named by its id.
std::pair<Place*, Message*> own_message(State& state, const Json& arguments)
{
    auto& place = need_place(state, arguments["channel"].get<std::string>());
    auto* message = state.find(place.id, arguments["ts"].get<std::string>());
    if (!message)
        throw Refused{"message_not_found"};
    return {&place, message};
}

} // namespace

Message message_of(const State& state, const Content& content)
{
    Message message;
    message.user = state.bot_user;
    message.text = content.text.is_string() ? content.text.get<std::string>() : std::string{};
    if (!content.blocks.is_null())
        message.blocks = content.blocks;
    if (!content.attachments.is_null())
        message.attachments = content.attachments;
    return message;
}

Json chat_post_message(State& state, const Json& arguments)
{
    auto& place = where_to_post(state, arguments["channel"].get<std::string>());
    may_post(state, place);
    const auto content = content_with_markdown(state, arguments);
    if (is_empty(content))
        throw Refused{"no_text"};

    auto message = message_of(state, content);
    if (arguments.contains("thread_ts")) {
        message.thread_ts = arguments["thread_ts"].get<std::string>();
        check_thread(state, place, message.thread_ts);
        message.broadcast = arguments.value("reply_broadcast", false);
    }
    if (arguments.contains("metadata"))
        message.metadata = read_metadata(arguments["metadata"]);

    if (state.losing) {
        message.ts = state.next_ts();
        message.channel = place.id;
        state.note("slack", "loses a message to " + state.label(place) + " and says it was posted");
        return {{"ok", true}, {"channel", place.id}, {"ts", message.ts}, {"message", message_json(state, place, message, true)}};
    }
    const auto stored = store(state, place, std::move(message));
    scan(state, stored, linked(arguments));
    return {{"ok", true}, {"channel", place.id}, {"ts", stored.ts}, {"message", message_json(state, place, stored, true)}};
}

Json chat_update(State& state, const Json& arguments)
{
    const auto [place, message] = own_message(state, arguments);
    if (message->user != state.bot_user)
        throw Refused{"cant_update_message"};
    if (place->archived)
        throw Refused{"is_inactive"};
    if (arguments.contains("text") && length(arguments["text"].get<std::string>()) > 4'000)
        throw Refused{"msg_too_long"};
    const auto content = content_with_markdown(state, arguments);
    const bool says_nothing = content.text.is_null() && content.blocks.is_null() && content.attachments.is_null();
    if (says_nothing && !arguments.contains("metadata"))
        throw Refused{"no_text"};
    if (!says_nothing) {
        // What would be left must not be an empty message.
        auto rest = content;
        if (rest.text.is_null())
            rest.text = message->text;
        if (is_empty(rest))
            throw Refused{"no_text"};
    }
    if (arguments.contains("metadata"))
        message->metadata = read_metadata(arguments["metadata"]);
    if (!says_nothing)
        edit(state, *place, *message, content, Edit::update);
    return {{"ok", true}, {"channel", place->id}, {"ts", message->ts}, {"text", message->text},
        {"message", message_json(state, *place, *message, true)}};
}

Json chat_delete(State& state, const Json& arguments)
{
    const auto [place, message] = own_message(state, arguments);
    if (message->user != state.bot_user)
        throw Refused{"cant_delete_message"};
    const auto ts = message->ts;
    remove(state, *place, ts);
    return {{"ok", true}, {"channel", place->id}, {"ts", ts}};
}

Json chat_post_ephemeral(State& state, const Json& arguments)
{
    auto* place = state.named_place(arguments["channel"].get<std::string>());
    if (!place)
        throw Refused{"channel_not_found"};
    if (place->archived)
        throw Refused{"is_archived"};
    if (!place->members.count(state.bot_user))
        throw Refused{"not_in_channel"};
    const auto user = arguments["user"].get<std::string>();
    if (!state.members.count(user) || !place->members.count(user))
        throw Refused{"user_not_in_channel"};
    if (arguments.contains("text") && length(arguments["text"].get<std::string>()) > 4'000)
        throw Refused{"msg_too_long"};
    const auto content = content_with_markdown(state, arguments);
    if (is_empty(content))
        throw Refused{"no_text"};
    auto message = message_of(state, content);
    message.channel = place->id;
    message.seen_by = user;
    message.thread_ts = arguments.value("thread_ts", std::string{});
    if (!message.thread_ts.empty())
        check_thread(state, *place, message.thread_ts);
    const auto stored = store_ephemeral(state, std::move(message));
    return {{"ok", true}, {"message_ts", stored.ts}};
}

Json chat_get_permalink(State& state, const Json& arguments)
{
    auto& place = need_place(state, arguments["channel"].get<std::string>());
    const auto ts = arguments["message_ts"].get<std::string>();
    if (!state.find(place.id, ts))
        throw Refused{"message_not_found"};
    auto digits = ts;
    digits.erase(digits.find('.'), 1);
    return {{"ok", true}, {"channel", place.id},
        {"permalink", "https://" + state.team_domain + ".slack.com/archives/" + place.id + "/p" + digits}};
}

Json reactions_add(State& state, const Json& arguments)
{
    auto& place = need_place(state, arguments["channel"].get<std::string>());
    auto* message = state.find(place.id, arguments["timestamp"].get<std::string>());
    if (!message)
        throw Refused{"message_not_found"};
    const auto name = arguments["name"].get<std::string>();
    if (name.empty() || name.find(':') != std::string::npos)
        throw Refused{"invalid_name"};
    if (!message->reactions.insert(name).second)
        throw Refused{"already_reacted"};
    state.note("bot", "reacts with :" + name + ": in " + state.label(place));
    return {{"ok", true}};
}

} // namespace workspace
