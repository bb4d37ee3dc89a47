#include "workspace/state.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <ctime>

namespace workspace {
namespace {

/// What a parameter is: s(tring), b(oolean), i(nteger), l(ist of strings), o(bject), a(rray); "!" after it: required.
struct Parameter {
    char type{};
    bool required{};
};

struct Method {
    Act act{};
    int per_minute{}; // 0: limited in its own way
    bool json{}; // takes JSON bodies
    bool read{}; // may be a GET
    std::string scope{}; // "": none, or depends on the conversation
    std::map<std::string, Parameter> parameters{};
};

/// "channel:s! text:s blocks:a"
std::map<std::string, Parameter> parameters(std::string_view text)
{
    std::map<std::string, Parameter> all;
    while (!text.empty()) {
        const auto blank = std::min(text.find(' '), text.size());
        const auto one = text.substr(0, blank);
        const auto colon = one.find(':');
        all[std::string{one.substr(0, colon)}] = {one[colon + 1], one.back() == '!'};
        text.remove_prefix(std::min(blank + 1, text.size()));
    }
    return all;
}

Json apps_connections_open(State& state, const Json&)
{
    return {{"ok", true}, {"url", state.link_base + "/link/?ticket=" + new_ticket(state) + "&app_id=" + state.app_id}};
}

const std::map<std::string, Method>& methods()
{
    constexpr bool json = true, form = false, reads = true, writes = false;
    constexpr int tier2 = 20, tier3 = 50, tier4 = 100;
    static const std::map<std::string, Method> all{
        {"apps.connections.open", {apps_connections_open, tier3, json, writes, {}, {}}},
        {"auth.test", {auth_test, 0, json, reads, {}, {}}},
        {"bots.info", {bots_info, tier3, form, reads, "users:read", parameters("bot:s team_id:s")}},
        {"team.info", {team_info, tier3, json, reads, "team:read", parameters("team:s domain:s")}},

        {"chat.postMessage",
            {chat_post_message, 0, json, writes, "chat:write",
                parameters("channel:s! text:s blocks:a attachments:a thread_ts:s reply_broadcast:b metadata:o unfurl_links:b "
                           "unfurl_media:b "
                           "mrkdwn:b parse:s link_names:b markdown_text:s username:s icon_emoji:s icon_url:s")}},
        {"chat.update",
            {chat_update, tier3, json, writes, "chat:write",
                parameters("channel:s! ts:s! text:s blocks:a attachments:a metadata:o link_names:b parse:s reply_broadcast:b "
                           "markdown_text:s")}},
        {"chat.delete", {chat_delete, tier3, json, writes, "chat:write", parameters("channel:s! ts:s!")}},
        {"chat.postEphemeral",
            {chat_post_ephemeral, tier4, json, writes, "chat:write",
                parameters("channel:s! user:s! text:s blocks:a attachments:a thread_ts:s link_names:b parse:s markdown_text:s "
                           "username:s "
                           "icon_emoji:s icon_url:s")}},
        {"chat.getPermalink", {chat_get_permalink, 0, form, reads, {}, parameters("channel:s! message_ts:s!")}},
        {"reactions.add", {reactions_add, tier3, json, writes, "reactions:write", parameters("channel:s! timestamp:s! name:s!")}},

        {"conversations.open",
            {conversations_open, tier3, json, writes, "im:write",
                parameters("channel:s users:l return_im:b prevent_creation:b")}},
        {"conversations.history",
            {conversations_history, tier3, json, reads, {},
                parameters("channel:s! oldest:s latest:s inclusive:b limit:i cursor:s include_all_metadata:b")}},
        {"conversations.replies",
            {conversations_replies, tier3, form, reads, {},
                parameters("channel:s! ts:s! oldest:s latest:s inclusive:b limit:i cursor:s include_all_metadata:b")}},
        {"conversations.list",
            {conversations_list, tier2, form, reads, {}, parameters("types:l limit:i cursor:s exclude_archived:b team_id:s")}},
        {"conversations.info",
            {conversations_info, tier3, form, reads, {}, parameters("channel:s! include_num_members:b include_locale:b")}},
        {"conversations.join", {conversations_join, tier3, json, writes, "channels:join", parameters("channel:s!")}},
        {"conversations.members", {conversations_members, tier4, form, reads, {}, parameters("channel:s! limit:i cursor:s")}},
        {"conversations.create",
            {conversations_create, tier2, json, writes, "channels:manage", parameters("name:s! is_private:b team_id:s")}},
        {"conversations.invite",
            {conversations_invite, tier3, json, writes, "channels:manage", parameters("channel:s! users:l! force:b")}},
        {"conversations.setTopic", {conversations_set_topic, tier2, json, writes, {}, parameters("channel:s! topic:s!")}},
        {"conversations.archive", {conversations_archive, tier2, json, writes, "channels:manage", parameters("channel:s!")}},

        {"files.getUploadURLExternal",
            {files_get_upload_url, tier4, form, writes, "files:write",
                parameters("filename:s! length:i! snippet_type:s alt_txt:s")}},
        {"files.completeUploadExternal",
            {files_complete_upload, tier4, json, writes, "files:write",
                parameters("files:a! channel_id:s channels:s thread_ts:s initial_comment:s blocks:a")}},

        {"dnd.info", {dnd_info, tier3, form, reads, "dnd:read", parameters("user:s team_id:s")}},
        {"users.info", {users_info, tier4, form, reads, "users:read", parameters("user:s! include_locale:b")}},
        {"users.list", {users_list, tier2, form, reads, "users:read", parameters("limit:i cursor:s team_id:s include_locale:b")}},
        {"users.lookupByEmail", {users_lookup_by_email, tier3, form, reads, "users:read.email", parameters("email:s!")}},
        {"usergroups.list",
            {usergroups_list, tier2, form, reads, "usergroups:read",
                parameters("include_users:b include_disabled:b include_count:b team_id:s")}},
        {"usergroups.users.list",
            {usergroups_users_list, tier2, form, reads, "usergroups:read",
                parameters("usergroup:s! include_disabled:b team_id:s")}},
        {"usergroups.users.update",
            {usergroups_users_update, tier2, json, writes, "usergroups:write",
                parameters("usergroup:s! users:l! include_count:b team_id:s")}},

        {"views.open", {views_open, tier4, json, writes, {}, parameters("trigger_id:s! view:o!")}},
        {"views.push", {views_push, tier4, json, writes, {}, parameters("trigger_id:s! view:o!")}},
        {"views.update", {views_update, tier4, json, writes, {}, parameters("view_id:s external_id:s view:o! hash:s")}},
        {"views.publish", {views_publish, tier4, json, writes, {}, parameters("user_id:s! view:o! hash:s")}},
    };
    return all;
}

std::string format_error(const std::string& name)
{
    return name == "blocks" ? "invalid_blocks_format" : name == "metadata" ? "invalid_metadata_format" : "invalid_arguments";
}

Refused wrong(const std::string& name, const std::string& what)
{
    return {format_error(name), {"[ERROR] " + what + " [json-pointer:/" + name + "]"}};
}

/// The value as its parameter's type says. Throws Refused.
Json typed(const std::string& name, char type, const Json& value, bool from_form)
{
    if (!from_form) {
        const bool fits = type == 's' ? value.is_string()
            : type == 'b'             ? value.is_boolean()
            : type == 'i'             ? value.is_number_integer()
            : type == 'o'             ? value.is_object()
            : type == 'a'             ? value.is_array()
                                      : value.is_array() || value.is_string();
        if (!fits)
            throw wrong(name,
                type == 's'       ? "must be a string"
                    : type == 'b' ? "must be a boolean"
                    : type == 'i' ? "must be an integer"
                    : type == 'o' ? "must be an object"
                                  : "must be an array");
        if (type != 'l' || value.is_array()) {
            if (type == 'l')
                for (const auto& item : value)
                    if (!item.is_string())
                        throw wrong(name, "must be strings");
            return value;
        }
    }
    const auto& text = value.get_ref<const std::string&>();
    switch (type) {
    case 'b':
        if (text != "true" && text != "false" && text != "1" && text != "0")
            throw wrong(name, "must be a boolean");
        return text == "true" || text == "1";
    case 'i': {
        long number = 0;
        const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
        if (problem != std::errc{} || end != text.data() + text.size())
            throw wrong(name, "must be an integer");
        return number;
    }
    case 'l': {
        auto list = Json::array();
        for (std::size_t from = 0; from < text.size();) {
            const auto comma = std::min(text.find(',', from), text.size());
            if (comma > from)
                list.push_back(text.substr(from, comma - from));
            from = comma + 1;
        }
        return list;
    }
    case 'o':
    case 'a': {
        auto parsed = read_json(text);
        if (!parsed || (type == 'o' ? !parsed->is_object() : !parsed->is_array()))
            throw wrong(name, type == 'o' ? "must be a JSON object" : "must be a JSON array");
        return *parsed;
    }
    default: return text;
    }
}

bool starts_with(std::string_view text, std::string_view head) { return text.substr(0, head.size()) == head; }

/// The arguments of a call, from its query, form or JSON. Throws Refused.
Json read_arguments(const std::string& name, const Method& method, const net::Request& request, bool& missing_charset)
{
    auto raw = Json::object();
    bool from_form = true;
    const auto add_form = [&](std::string_view text) {
        const auto fields = net::form_in(text);
        if (!fields)
            throw Refused{"invalid_form_data"};
        for (const auto& field : *fields)
            raw[field.name] = field.value;
    };

    const auto question = request.target.find('?');
    const bool query = question != std::string::npos && question + 1 < request.target.size();
    if (query && !request.body.empty())
        throw Refused{"invalid_arguments", {"[ERROR] query and body must not be mixed"}};
    if (request.method == "GET") {
        if (!method.read)
            throw Refused{"insecure_request", {"[ERROR] " + name + " must be a POST"}};
        if (!request.body.empty())
            throw Refused{"invalid_arguments", {"[ERROR] a GET has no body"}};
        if (query)
            add_form(std::string_view{request.target}.substr(question + 1));
    } else if (request.method != "POST") {
        throw Refused{"insecure_request"};
    } else if (query) {
        throw Refused{"invalid_arguments", {"[ERROR] arguments of a POST belong into its body"}};
    } else if (!request.body.empty()) {
        const auto type = lower(net::header(request.headers, "content-type"));
        if (type.empty())
            throw Refused{"missing_post_type"};
        if (starts_with(type, "application/json")) {
            if (!method.json)
                throw Refused{"invalid_arguments", {"[ERROR] " + name + " does not read JSON"}};
            missing_charset = type.find("charset=utf-8") == std::string::npos;
            auto parsed = read_json(request.body);
            if (!parsed)
                throw Refused{"invalid_json"};
            if (!parsed->is_object())
                throw Refused{"json_not_object"};
            raw = std::move(*parsed);
            from_form = false;
        } else if (starts_with(type, "application/x-www-form-urlencoded")) {
            add_form(request.body);
        } else {
            throw Refused{"invalid_post_type"};
        }
    }

    auto arguments = Json::object();
    for (const auto& [key, value] : raw.items()) {
        const auto known = method.parameters.find(key);
        if (known == method.parameters.end())
            throw Refused{"invalid_arguments", {"[ERROR] unknown argument: " + key + " [json-pointer:/" + key + "]"}};
        if (!value.is_null())
            arguments[key] = typed(key, known->second.type, value, from_form);
    }
    for (const auto& [key, parameter] : method.parameters)
        if (parameter.required && !arguments.contains(key))
            throw Refused{"invalid_arguments", {"[ERROR] missing required field: " + key}};
    return arguments;
}

void check_token(const State& state, const std::string& method, const net::Request& request)
{
    const auto header = net::header(request.headers, "authorization");
    if (header.empty())
        throw Refused{"not_authed"};
    if (!starts_with(header, "Bearer "))
        throw Refused{"invalid_auth"};
    const auto token = header.substr(7);
    const bool app_method = method == "apps.connections.open";
    if (state.revoked || (token != state.bot_token && token != state.app_token))
        throw Refused{"invalid_auth"};
    if (token != (app_method ? state.app_token : state.bot_token))
        throw Refused{"not_allowed_token_type"};
}

net::Response json_response(const Json& json, int status = 200)
{
    return {status, {{"Content-Type", "application/json; charset=utf-8"}, {"x-slack-req-id", "r"}}, json.dump()};
}

net::Response html(int status)
{
    return {status, {{"Content-Type", "text/html"}},
        "<!DOCTYPE html><html><head><title>Server Error | Slack</title></head><body>Oops</body></html>"};
}

net::Response slow_down(std::int64_t wait)
{
    auto response = json_response({{"ok", false}, {"error", "ratelimited"}}, 429);
    response.headers.push_back({"Retry-After", std::to_string(std::max<std::int64_t>(1, wait))});
    return response;
}

Json refused_json(const Refused& refused)
{
    Json json{{"ok", false}, {"error", refused.code}};
    json.update(refused.extra);
    if (!refused.messages.empty())
        json["response_metadata"] = {{"messages", refused.messages}};
    return json;
}

std::optional<Fault> take_fault(State& state, const std::string& method)
{
    for (auto fault = state.faults.begin(); fault != state.faults.end(); ++fault) {
        if (fault->method != method && fault->method != "*")
            continue;
        const auto taken = *fault;
        if (--fault->times <= 0)
            state.faults.erase(fault);
        return taken;
    }
    return std::nullopt;
}

std::int64_t seconds_until(TimePoint when, TimePoint now)
{
    return std::max<std::int64_t>(1, std::chrono::ceil<seconds>(when - now).count());
}

/// A 429 that is due, by the rules or by an earlier Retry-After that was not waited for.
std::optional<std::int64_t> must_wait(State& state, const std::string& name, const Method& method, const Json& arguments)
{
    const bool posts = name == "chat.postMessage";
    // A channel's name and id, and a person's id and her DM, are one place.
    auto place = posts ? arguments["channel"].get<std::string>() : std::string{};
    if (auto* found = posts ? state.named_place(place) : nullptr)
        place = found->id;
    else if (state.members.count(place) && place != state.bot_user)
        place = state.direct(place).id;
    const auto key = posts ? name + " " + place : name;
    for (const auto& each : {name, key}) {
        const auto found = state.barred.find(each);
        if (found == state.barred.end())
            continue;
        if (state.now() < found->second.until) {
            if (state.now() > found->second.since)
                state.violations.push_back(name + " was called before its Retry-After had passed");
            return seconds_until(found->second.until, state.now());
        }
        state.barred.erase(found);
    }
    std::optional<seconds> wait;
    std::string barred = key;
    if (posts) {
        wait = over_limit(state, "post " + place, state.settings.post_burst, 1.0);
        if (!wait) {
            wait = over_limit(state, "posts", state.settings.posts_per_minute, state.settings.posts_per_minute / 60.0);
            barred = name;
        }
    } else {
        const int per_minute = method.per_minute ? method.per_minute : 100;
        wait = over_limit(state, name, per_minute, per_minute / 60.0);
    }
    if (!wait)
        return std::nullopt;
    state.barred[barred] = {state.now(), state.now() + *wait};
    return wait->count();
}

/// "Tue, 03 Nov 2026 12:00:00 GMT"
std::string http_date(TimePoint when)
{
    const auto instant = std::chrono::system_clock::to_time_t(when);
    std::tm parts{};
    ::gmtime_r(&instant, &parts);
    char text[40]{};
    std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &parts);
    return text;
}

/// What every answer of the Web API carries, once the token is one: which scopes it has and which the method wants.
void add_scopes(const State& state, const std::string& name, const net::Request& request, net::Response& response)
{
    const auto authorization = net::header(request.headers, "authorization");
    if (state.revoked || (authorization != "Bearer " + state.bot_token && authorization != "Bearer " + state.app_token))
        return;
    std::string granted;
    for (const auto& scope : state.settings.scopes)
        granted += (granted.empty() ? "" : ",") + scope;
    if (authorization == "Bearer " + state.app_token)
        granted = "connections:write";
    response.headers.push_back({"x-oauth-scopes", granted});
    if (const auto method = methods().find(name); method != methods().end() && !method->second.scope.empty())
        response.headers.push_back({"x-accepted-oauth-scopes", method->second.scope});
}

enum class Answer { give, hang };

/// Decides, acts and answers; `answer` says whether the answer ever leaves.
net::Response call(State& state, const std::string& name, const net::Request& request, Answer& answer)
{
    Call record{state.now(), name, Json::object(), 200, {}, {}};
    std::optional<Fault> fault;
    net::Response response;
    try {
        const auto found = methods().find(name);
        if (found == methods().end())
            throw Refused{"unknown_method"};
        const auto& method = found->second;
        fault = take_fault(state, name);
        if (fault) {
            using Kind = Fault::Kind;
            if (fault->kind == Kind::error)
                throw Refused{fault->error};
            if (fault->kind == Kind::rate_limit)
                state.barred[name] = {state.now(), state.now() + seconds{fault->number}};
            if (fault->kind == Kind::rate_limit || fault->kind == Kind::status || fault->kind == Kind::hang) {
                answer = fault->kind == Kind::hang ? Answer::hang : Answer::give;
                response = fault->kind == Kind::rate_limit ? slow_down(fault->number)
                                                           : html(fault->kind == Kind::status ? fault->number : 504);
                record.status = response.status;
                record.error = fault->kind == Kind::rate_limit ? "ratelimited"
                    : fault->kind == Kind::hang                ? "hangs"
                                                               : "http_" + std::to_string(fault->number);
                state.note("slack", name + " → " + record.error);
                state.calls.push_back(std::move(record));
                return response;
            }
        }
        check_token(state, name, request);
        bool missing_charset = false;
        record.arguments = read_arguments(name, method, request, missing_charset);
        if (const auto wait = must_wait(state, name, method, record.arguments)) {
            record.status = 429;
            record.error = "ratelimited";
            response = slow_down(*wait);
        } else {
            if (!method.scope.empty())
                need_scope(state, method.scope);
            state.losing = fault && fault->kind == Fault::Kind::lose;
            record.answer = method.act(state, record.arguments);
            state.losing = false;
            if (missing_charset)
                record.answer["warning"] = "missing_charset";
            response = json_response(record.answer);
        }
    } catch (const Refused& refused) {
        state.losing = false;
        record.error = refused.code;
        record.answer = refused_json(refused);
        response = json_response(record.answer);
    }
    if (!record.error.empty())
        state.note("slack",
            name + " → " + record.error
                + (record.answer.contains("response_metadata") ? " " + record.answer["response_metadata"].dump()
                                                               : std::string{}));
    if (fault && record.error.empty()) {
        switch (fault->kind) {
        case Fault::Kind::act_then_status: response = html(fault->number); break;
        case Fault::Kind::act_then_error: response = json_response({{"ok", false}, {"error", fault->error}}); break;
        case Fault::Kind::act_then_hang: answer = Answer::hang; break;
        default: break;
        }
        if (fault->kind != Fault::Kind::lose)
            state.note("slack", name + " was done, yet the answer tells otherwise");
    }
    record.status = response.status;
    state.calls.push_back(std::move(record));
    return response;
}

net::Response call_response_url(State& state, const net::Request& request, Answer& answer)
{
    const auto path = net::path(request.target);
    const std::string id{path.substr(path.rfind('/') + 1)};
    const auto fault = take_fault(state, "response_url");
    Call record{state.now(), "response_url", Json::object(), 200, {}, {}};
    record.arguments = read_json(request.body).value_or(Json{});
    net::Response response;
    if (fault
        && (fault->kind == Fault::Kind::status || fault->kind == Fault::Kind::error || fault->kind == Fault::Kind::rate_limit
            || fault->kind == Fault::Kind::hang)) {
        answer = fault->kind == Fault::Kind::hang ? Answer::hang : Answer::give;
        response = fault->kind == Fault::Kind::rate_limit ? slow_down(fault->number)
            : fault->kind == Fault::Kind::error           ? json_response({{"ok", false}, {"error", fault->error}}, 400)
                                                          : html(fault->kind == Fault::Kind::status ? fault->number : 504);
        record.error = "fault";
    } else {
        const auto [status, body] = respond(state, id, request);
        response = {status, {{"Content-Type", status == 200 ? "text/html" : "application/json"}}, body};
        if (status != 200) {
            record.error = Json::parse(body).value("error", std::string{});
            state.note("slack", "response_url → " + record.error);
        }
        if (fault && fault->kind == Fault::Kind::act_then_status)
            response = html(fault->number);
        if (fault && fault->kind == Fault::Kind::act_then_hang)
            answer = Answer::hang;
    }
    record.status = response.status;
    state.calls.push_back(std::move(record));
    return response;
}

net::Response call_upload(State& state, const net::Request& request, Answer& answer)
{
    const auto path = net::path(request.target);
    const std::string ticket{path.substr(path.rfind('/') + 1)};
    const auto fault = take_fault(state, "upload_url");
    Call record{state.now(), "upload_url", Json::object(), 200, {}, {}};
    record.arguments["bytes"] = request.body.size();
    using Kind = Fault::Kind;
    const auto kind = fault ? std::optional{fault->kind} : std::nullopt;
    net::Response response;
    if (const auto barred = state.barred.find("upload_url"); barred != state.barred.end() && state.now() < barred->second.until) {
        if (state.now() > barred->second.since)
            state.violations.push_back("upload_url was called before its Retry-After had passed");
        response = slow_down(seconds_until(barred->second.until, state.now()));
        record.error = "ratelimited";
    } else if (kind == Kind::rate_limit) {
        state.barred["upload_url"] = {state.now(), state.now() + seconds{fault->number}};
        response = slow_down(fault->number);
        record.error = "ratelimited";
    } else if (kind == Kind::status || kind == Kind::hang || kind == Kind::error) {
        answer = kind == Kind::hang ? Answer::hang : Answer::give;
        response = html(kind == Kind::status ? fault->number : 500);
        record.error = "fault";
    } else {
        response = take_upload(state, ticket, request);
        if (response.status != 200)
            record.error = response.body;
        if (kind == Kind::act_then_status)
            response = html(fault->number);
        if (kind == Kind::act_then_hang)
            answer = Answer::hang;
    }
    if (!record.error.empty())
        state.note("slack", "upload_url → " + record.error);
    record.status = response.status;
    state.calls.push_back(std::move(record));
    return response;
}

net::Response call_download(State& state, const net::Request& request, Answer& answer)
{
    const auto fault = take_fault(state, "download");
    Call record{state.now(), "download", Json::object(), 200, {}, {}};
    record.arguments["path"] = std::string{net::path(request.target)};
    using Kind = Fault::Kind;
    net::Response response;
    if (fault && (fault->kind == Kind::status || fault->kind == Kind::hang)) {
        answer = fault->kind == Kind::hang ? Answer::hang : Answer::give;
        response = html(fault->kind == Kind::status ? fault->number : 500);
    } else {
        response = give_file(state, request);
    }
    record.status = response.status;
    if (response.status != 200) {
        record.error = std::to_string(response.status);
        state.note("slack", "download → " + record.error);
    }
    state.calls.push_back(std::move(record));
    return response;
}

} // namespace

std::string lower(std::string_view text)
{
    std::string out{text};
    std::transform(out.begin(), out.end(), out.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return out;
}

std::optional<seconds> over_limit(State& state, const std::string& key, double capacity, double per_second)
{
    auto& bucket = state.buckets[key];
    if (bucket.fresh) {
        bucket.tokens = capacity;
        bucket.fresh = false;
    } else {
        const auto passed = std::chrono::duration<double>(state.now() - bucket.at).count();
        bucket.tokens = std::min(capacity, bucket.tokens + passed * per_second);
    }
    bucket.at = state.now();
    // The sum of many thirds of a token may miss a whole one by a hair.
    if (bucket.tokens >= 1.0 - 1e-9) {
        bucket.tokens -= 1.0;
        return std::nullopt;
    }
    return seconds{std::max<std::int64_t>(1, static_cast<std::int64_t>(std::ceil((1.0 - bucket.tokens) / per_second - 1e-9)))};
}

std::optional<Json> read_json(const std::string& text)
{
    int depth = 0;
    bool quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (quoted) {
            if (text[i] == '\\')
                ++i;
            else if (text[i] == '"')
                quoted = false;
        } else if (text[i] == '"') {
            quoted = true;
        } else if (text[i] == '[' || text[i] == '{') {
            if (++depth > 64)
                return std::nullopt;
        } else if (text[i] == ']' || text[i] == '}') {
            --depth;
        }
    }
    auto parsed = Json::parse(text, nullptr, false);
    if (parsed.is_discarded())
        return std::nullopt;
    return parsed;
}

void need_scope(const State& state, const std::string& scope) { need_scope_of(state, {scope}); }

void need_scope_of(const State& state, const std::vector<std::string>& scopes)
{
    std::string needed, provided;
    for (const auto& scope : scopes) {
        if (state.settings.scopes.count(scope))
            return;
        needed += (needed.empty() ? "" : ",") + scope;
    }
    for (const auto& each : state.settings.scopes)
        provided += (provided.empty() ? "" : ",") + each;
    throw Refused{"missing_scope", {}, {{"needed", needed}, {"provided", provided}}};
}

std::string history_scope(const Place& place)
{
    switch (place.kind) {
    case Place::Kind::open: return "channels:history";
    case Place::Kind::closed: return "groups:history";
    case Place::Kind::direct: return "im:history";
    case Place::Kind::group_direct: return "mpim:history";
    }
    return {};
}

asio::awaitable<net::Response> serve(std::shared_ptr<State> state, net::Request request)
{
    if (!state || state->closed)
        co_return html(503);
    const std::string path{net::path(request.target)};
    auto answer = Answer::give;
    net::Response response;
    if (starts_with(path, "/api/")) {
        response = call(*state, path.substr(5), request, answer);
        if (response.status == 200)
            add_scopes(*state, path.substr(5), request, response);
    } else if (starts_with(path, "/commands/") || starts_with(path, "/actions/") || starts_with(path, "/app/"))
        response = call_response_url(*state, request, answer);
    else if (starts_with(path, "/upload/"))
        response = call_upload(*state, request, answer);
    else if (starts_with(path, "/files-pri/"))
        response = call_download(*state, request, answer);
    else
        response = html(404);
    response.headers.push_back({"Date", http_date(state->now())});
    if (answer == Answer::hang) {
        auto& clock = state->doors.clock;
        const std::chrono::minutes for_ever{10};
        // Nothing is kept alive by a caller who has long gone.
        state.reset();
        co_await clock.pause(for_ever);
    }
    co_return response;
}

} // namespace workspace
