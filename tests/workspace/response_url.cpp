#include "workspace/state.hpp"

#include <algorithm>
#include <cctype>

namespace workspace {
namespace {

const std::set<std::string> known{"text", "blocks", "attachments", "response_type", "replace_original", "delete_original",
    "thread_ts", "metadata", "unfurl_links", "unfurl_media", "mrkdwn", "link_names", "parse"};

std::pair<int, std::string> no(int status, const std::string& code, const std::vector<std::string>& messages = {})
{
    Json json{{"ok", false}, {"error", code}};
    if (!messages.empty())
        json["response_metadata"] = {{"messages", messages}};
    return {status, json.dump()};
}

bool is_true(const Json& body, const char* key) { return body.contains(key) && body[key] == true; }

void check_types(const Json& body)
{
    for (const auto& [key, value] : body.items()) {
        if (!known.count(key))
            throw Refused{"invalid_arguments", {"[ERROR] unknown argument: " + key}};
        const bool text = key == "text" || key == "response_type" || key == "thread_ts" || key == "parse";
        const bool list = key == "blocks" || key == "attachments";
        if (text ? !value.is_string() : list ? !value.is_array() : key == "metadata" ? !value.is_object() : !value.is_boolean())
            throw Refused{
                list ? "invalid_blocks_format" : "invalid_arguments", {"[ERROR] wrong type [json-pointer:/" + key + "]"}};
    }
    if (body.contains("response_type") && body["response_type"] != "ephemeral" && body["response_type"] != "in_channel")
        throw Refused{"invalid_arguments", {"[ERROR] must be ephemeral or in_channel [json-pointer:/response_type]"}};
}

Message* ephemeral(State& state, const ResponseUrl& url)
{
    for (auto& message : state.ephemerals)
        if (message.channel == url.channel && message.ts == url.ts)
            return &message;
    return nullptr;
}

void post(State& state, const ResponseUrl& url, const Json& body, const Content& content)
{
    auto message = message_of(state, content);
    if (body.contains("metadata"))
        message.metadata = read_metadata(body["metadata"]);
    message.thread_ts = body.value("thread_ts", std::string{});
    if (!message.thread_ts.empty() && !state.find(url.channel, message.thread_ts))
        throw Refused{"thread_not_found"};
    if (body.value("response_type", std::string{}) == "in_channel") {
        auto* place = state.place(url.channel);
        const auto stored = store(state, *place, std::move(message));
        scan(state, stored, body.value("link_names", Json{}));
    } else {
        message.channel = url.channel;
        message.seen_by = url.user;
        store_ephemeral(state, std::move(message));
    }
}

void change(State& state, const ResponseUrl& url, const Json& body, const Content& content)
{
    const bool alone = url.of == ResponseUrl::Of::ephemeral;
    auto* message = alone ? ephemeral(state, url) : state.find(url.channel, url.ts);
    if (!message)
        throw Refused{"message_not_found"};
    if (message->user != state.bot_user)
        throw Refused{"cant_update_message"};
    if (body.contains("response_type") && (body["response_type"] == "ephemeral") != alone)
        throw Refused{"invalid_arguments", {"[ERROR] what everybody sees cannot become ephemeral, nor the other way round"}};
    if (body.contains("metadata"))
        message->metadata = read_metadata(body["metadata"]);
    edit(state, *state.place(url.channel), *message, content, Edit::replace);
}

} // namespace

std::pair<int, std::string> respond(State& state, const std::string& id, const net::Request& request)
{
    const auto found = state.response_urls.find(id);
    if (found == state.response_urls.end())
        return no(404, "invalid_url");
    auto& url = found->second;
    if (request.method != "POST")
        return no(405, "method_not_allowed");
    if (state.now() > url.expires)
        return no(404, "expired_url");
    if (url.uses >= 5)
        return no(404, "used_url");
    ++url.uses; // also by what is refused
    std::string type{net::header(request.headers, "content-type")};
    std::transform(type.begin(), type.end(), type.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    const auto body = read_json(request.body);
    if (type.rfind("application/json", 0) != 0 || !body || !body->is_object())
        return no(400, "invalid_payload");
    try {
        check_types(*body);
        const bool removes = is_true(*body, "delete_original"), replaces = is_true(*body, "replace_original");
        const bool own = url.of == ResponseUrl::Of::command || url.of == ResponseUrl::Of::view;
        if ((removes || replaces) && own)
            throw Refused{"cant_update_message"};
        const auto content = read_content(state, *body);
        if (is_empty(content) && !removes)
            throw Refused{"no_text"};
        if (removes) {
            if (url.of == ResponseUrl::Of::ephemeral) {
                auto& list = state.ephemerals;
                list.erase(std::remove_if(list.begin(), list.end(),
                               [&](const Message& m) { return m.channel == url.channel && m.ts == url.ts; }),
                    list.end());
                state.note("bot", "deletes what " + state.who(url.user) + " alone saw");
            } else {
                const auto* message = state.find(url.channel, url.ts);
                if (!message)
                    throw Refused{"message_not_found"};
                if (message->user != state.bot_user)
                    throw Refused{"cant_delete_message"};
                remove(state, *state.place(url.channel), url.ts);
            }
            if (!is_empty(content))
                post(state, url, *body, content);
        } else if (replaces) {
            change(state, url, *body, content);
        } else {
            post(state, url, *body, content);
        }
    } catch (const Refused& refused) {
        return no(refused.code == "message_not_found" ? 404 : 400, refused.code, refused.messages);
    }
    return {200, "ok"};
}

std::string answer_command(
    State& state, const std::string& user, const std::string& channel, const std::string& typed, const Json& payload)
{
    if (payload.is_null() || (payload.is_object() && payload.empty()))
        return {};
    try {
        if (!payload.is_object())
            throw Refused{"json_not_object"};
        check_types(payload);
        if (payload.contains("replace_original") || payload.contains("delete_original"))
            throw Refused{"invalid_arguments"};
        const auto content = read_content(state, payload);
        if (is_empty(content))
            throw Refused{"no_text"};
        if (payload.value("response_type", std::string{}) == "in_channel") {
            Message shown;
            shown.user = user;
            shown.text = typed;
            store(state, *state.place(channel), std::move(shown));
        }
        ResponseUrl here;
        here.user = user;
        here.channel = channel;
        post(state, here, payload, content);
    } catch (const Refused& refused) {
        return refused.code + (refused.messages.empty() ? std::string{} : " " + refused.messages.front());
    }
    return {};
}

} // namespace workspace
