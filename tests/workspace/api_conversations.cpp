#include "workspace/state.hpp"

#include <algorithm>

namespace workspace {
namespace {

std::string read_scope(const Place& place)
{
    switch (place.kind) {
    case Place::Kind::open: return "channels:read";
    case Place::Kind::closed: return "groups:read";
    case Place::Kind::direct: return "im:read";
    case Place::Kind::group_direct: return "mpim:read";
    }
    return {};
}

/// The kinds that conversations.list names.
std::string type_of(const Place& place)
{
    switch (place.kind) {
    case Place::Kind::open: return "public_channel";
    case Place::Kind::closed: return "private_channel";
    case Place::Kind::direct: return "im";
    case Place::Kind::group_direct: return "mpim";
    }
    return {};
}

Json place_json(const State& state, const Place& place, bool count)
{
    const auto created = std::chrono::floor<seconds>(place.created).time_since_epoch().count();
    if (place.kind == Place::Kind::direct)
        return {{"id", place.id}, {"created", created}, {"is_im", true}, {"is_org_shared", false},
            {"user", state.person_of(place)}, {"is_user_deleted", state.members.at(state.person_of(place)).options.deleted},
            {"priority", 0}};
    Json json{{"id", place.id}, {"name", place.name}, {"is_channel", place.kind == Place::Kind::open},
        {"is_group", place.kind == Place::Kind::closed}, {"is_im", false}, {"is_mpim", place.kind == Place::Kind::group_direct},
        {"is_private", place.kind != Place::Kind::open}, {"created", created}, {"is_archived", place.archived},
        {"is_general", place.name == "general"}, {"name_normalized", place.name}, {"is_shared", false}, {"is_ext_shared", false},
        {"is_org_shared", false}, {"context_team_id", state.team_id}, {"is_member", place.members.count(state.bot_user) > 0},
        {"topic", {{"value", place.topic}, {"creator", ""}, {"last_set", 0}}},
        {"purpose", {{"value", place.purpose}, {"creator", ""}, {"last_set", 0}}}};
    if (count)
        json["num_members"] = place.members.size();
    return json;
}

/// (seconds, micros), as ts compare. Throws Refused on what is no ts.
std::pair<long long, long long> time_of(const std::string& ts, const char* problem)
{
    const auto dot = ts.find('.');
    const auto whole = ts.substr(0, dot);
    auto fraction = dot == std::string::npos ? std::string{"0"} : ts.substr(dot + 1);
    if (whole.empty() || whole.size() > 12 || fraction.empty() || fraction.size() > 6
        || (whole + fraction).find_first_not_of("0123456789") != std::string::npos)
        throw Refused{problem};
    fraction.resize(6, '0');
    return {std::stoll(whole), std::stoll(fraction)};
}

struct Span {
    std::pair<long long, long long> oldest{-1, 0}, latest{1'000'000'000'000, 0};
    bool inclusive{};

    bool holds(const std::string& ts) const
    {
        const auto at = time_of(ts, "invalid_ts_latest");
        return inclusive ? at >= oldest && at <= latest : at > oldest && at < latest;
    }
};

Span span_in(const Json& arguments)
{
    Span span;
    if (arguments.contains("oldest"))
        span.oldest = time_of(arguments["oldest"].get<std::string>(), "invalid_ts_oldest");
    if (arguments.contains("latest"))
        span.latest = time_of(arguments["latest"].get<std::string>(), "invalid_ts_latest");
    span.inclusive = arguments.value("inclusive", false);
    return span;
}

/// A conversation the bot may read.
Place& need_readable(State& state, const Json& arguments)
{
    auto& place = need_place(state, arguments["channel"].get<std::string>());
    need_scope(state, history_scope(place));
    if (!place.members.count(state.bot_user))
        throw Refused{place.kind == Place::Kind::open ? "not_in_channel" : "channel_not_found"};
    return place;
}

Place& need_channel(State& state, const Json& arguments)
{
    auto& place = need_place(state, arguments["channel"].get<std::string>());
    if (place.kind == Place::Kind::direct || place.kind == Place::Kind::group_direct)
        throw Refused{"method_not_supported_for_channel_type"};
    return place;
}

/// Plain text as Slack keeps it: escaped, addresses as links.
std::string topic_kept(std::string_view typed)
{
    const auto escaped = [](std::string_view text) {
        std::string out;
        for (const char c : text)
            out += c == '&' ? "&amp;" : c == '<' ? "&lt;" : c == '>' ? "&gt;" : std::string{c};
        return out;
    };
    std::string kept;
    while (!typed.empty()) {
        const bool link = typed.starts_with("https://") || typed.starts_with("http://");
        const auto end = link ? std::min(typed.find_first_of(" <>[]|"), typed.size()) : 1;
        const auto piece = escaped(typed.substr(0, end));
        kept += link ? "<" + piece + ">" : piece;
        typed.remove_prefix(end);
    }
    return kept;
}

} // namespace

Place& need_place(State& state, const std::string& id)
{
    auto* place = state.place(id);
    if (!place)
        throw Refused{"channel_not_found"};
    return *place;
}

Json page(
    State& state, const std::string& key, const Json& items, const Json& arguments, std::size_t by_default, std::size_t most)
{
    const auto limit = arguments.value("limit", static_cast<long>(by_default));
    if (limit < 1 || limit > static_cast<long>(most))
        throw Refused{"invalid_limit"};
    // Opaque, and only good for the method it came from.
    std::size_t from = 0;
    if (const auto cursor = arguments.value("cursor", std::string{}); !cursor.empty()) {
        const auto head = "next:" + key + ":";
        if (cursor.rfind(head, 0) != 0)
            throw Refused{"invalid_cursor"};
        from = std::stoul(cursor.substr(head.size()));
    }
    auto some = Json::array();
    auto i = from;
    for (; i < items.size() && some.size() < static_cast<std::size_t>(limit); ++i)
        some.push_back(items[i]);
    const bool more = i < items.size();
    (void)state;
    return {{"ok", true}, {key, some},
        {"response_metadata", {{"next_cursor", more ? "next:" + key + ":" + std::to_string(i) : std::string{}}}}};
}

Json conversations_open(State& state, const Json& arguments)
{
    if (arguments.contains("channel") == arguments.contains("users"))
        throw Refused{"invalid_arguments", {"[ERROR] either channel or users"}};
    const bool whole = arguments.value("return_im", false);
    const auto answer = [&](const Place& place, bool opened) {
        Json json{{"ok", true}};
        if (!opened) {
            json["no_op"] = true;
            json["already_open"] = true;
        }
        json["channel"] = whole ? place_json(state, place, false) : Json{{"id", place.id}};
        return json;
    };
    if (arguments.contains("channel"))
        return answer(need_place(state, arguments["channel"].get<std::string>()), false);

    const auto& users = arguments["users"];
    if (users.empty())
        throw Refused{"not_enough_users"};
    if (users.size() > 8)
        throw Refused{"too_many_users"};
    std::set<std::string> ids;
    for (const auto& user : users) {
        const auto found = state.members.find(user.get<std::string>());
        if (found == state.members.end())
            throw Refused{"user_not_found"};
        if (found->second.options.deleted)
            throw Refused{"user_disabled"};
        if (found->first == state.bot_user)
            throw Refused{"invalid_user_combination"};
        ids.insert(found->first);
    }
    const auto before = state.places.size();
    if (ids.size() == 1) {
        const auto& place = state.direct(*ids.begin());
        return answer(place, state.places.size() > before);
    }
    need_scope(state, "mpim:write");
    ids.insert(state.bot_user);
    for (const auto& [id, place] : state.places)
        if (place.kind == Place::Kind::group_direct && place.members == ids)
            return answer(place, false);
    Place place;
    place.id = state.next_id("G");
    place.kind = Place::Kind::group_direct;
    place.members = ids;
    place.created = state.now();
    return answer(state.places[place.id] = place, true);
}

Json conversations_history(State& state, const Json& arguments)
{
    const auto& place = need_readable(state, arguments);
    const auto span = span_in(arguments);
    const bool all = arguments.value("include_all_metadata", false);
    auto items = Json::array();
    for (auto message = place.messages.rbegin(); message != place.messages.rend(); ++message)
        if ((message->thread_ts.empty() || message->thread_ts == message->ts || message->broadcast) && span.holds(message->ts))
            items.push_back(message_json(state, place, *message, all));
    auto answer = page(state, "messages", items, arguments, 100, 999);
    answer["has_more"] = !answer["response_metadata"]["next_cursor"].get<std::string>().empty();
    return answer;
}

Json conversations_replies(State& state, const Json& arguments)
{
    const auto& place = need_readable(state, arguments);
    auto root = arguments["ts"].get<std::string>();
    const auto* start = state.find(place.id, root);
    if (!start)
        throw Refused{"thread_not_found"};
    if (!start->thread_ts.empty())
        root = start->thread_ts;
    const auto span = span_in(arguments);
    const bool all = arguments.value("include_all_metadata", false);
    auto items = Json::array();
    for (const auto& message : place.messages)
        if (message.ts == root || (message.thread_ts == root && span.holds(message.ts)))
            items.push_back(message_json(state, place, message, all));
    auto answer = page(state, "messages", items, arguments, 1000, 1000);
    answer["has_more"] = !answer["response_metadata"]["next_cursor"].get<std::string>().empty();
    return answer;
}

Json conversations_list(State& state, const Json& arguments)
{
    std::set<std::string> types{"public_channel"};
    if (arguments.contains("types")) {
        types.clear();
        for (const auto& type : arguments["types"]) {
            const auto name = type.get<std::string>();
            if (name != "public_channel" && name != "private_channel" && name != "im" && name != "mpim")
                throw Refused{"invalid_types"};
            types.insert(name);
        }
    }
    const std::map<std::string, std::string> scopes{
        {"public_channel", "channels:read"}, {"private_channel", "groups:read"}, {"im", "im:read"}, {"mpim", "mpim:read"}};
    for (const auto& type : types)
        need_scope(state, scopes.at(type));
    auto items = Json::array();
    for (const auto& [id, place] : state.places) {
        if (!types.count(type_of(place)) || (place.archived && arguments.value("exclude_archived", false)))
            continue;
        if (place.kind != Place::Kind::open && !place.members.count(state.bot_user))
            continue;
        items.push_back(place_json(state, place, true));
    }
    return page(state, "channels", items, arguments, 100, 999);
}

Json conversations_info(State& state, const Json& arguments)
{
    const auto& place = need_place(state, arguments["channel"].get<std::string>());
    need_scope(state, read_scope(place));
    if (place.kind != Place::Kind::open && !place.members.count(state.bot_user))
        throw Refused{"channel_not_found"};
    return {{"ok", true}, {"channel", place_json(state, place, arguments.value("include_num_members", false))}};
}

Json conversations_join(State& state, const Json& arguments)
{
    auto& place = need_place(state, arguments["channel"].get<std::string>());
    if (place.kind != Place::Kind::open)
        throw Refused{place.kind == Place::Kind::closed ? "channel_not_found" : "method_not_supported_for_channel_type"};
    if (place.archived)
        throw Refused{"is_archived"};
    Json answer{{"ok", true}};
    if (!place.members.insert(state.bot_user).second) {
        answer["warning"] = "already_in_channel";
        answer["response_metadata"] = {{"warnings", {"already_in_channel"}}};
    } else {
        state.note("bot", "joins " + state.label(place));
    }
    answer["channel"] = place_json(state, place, false);
    return answer;
}

Json conversations_members(State& state, const Json& arguments)
{
    const auto& place = need_place(state, arguments["channel"].get<std::string>());
    need_scope(state, read_scope(place));
    if (place.kind != Place::Kind::open && !place.members.count(state.bot_user))
        throw Refused{"channel_not_found"};
    auto items = Json::array();
    for (const auto& member : place.members)
        items.push_back(member);
    return page(state, "members", items, arguments, 100, 1000);
}

Json conversations_create(State& state, const Json& arguments)
{
    const auto name = arguments["name"].get<std::string>();
    if (name.empty())
        throw Refused{"invalid_name_required"};
    if (name.size() > 80)
        throw Refused{"invalid_name_maxlength"};
    if (name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-_") != std::string::npos)
        throw Refused{"invalid_name_specials"};
    if (name.find_first_not_of("-_") == std::string::npos)
        throw Refused{"invalid_name_punctuation"};
    for (const auto& [id, place] : state.places)
        if (place.name == name)
            throw Refused{"name_taken"};
    const bool hidden = arguments.value("is_private", false);
    if (hidden)
        need_scope(state, "groups:write");
    Place place;
    place.id = state.next_id("C", name);
    place.name = name;
    place.kind = hidden ? Place::Kind::closed : Place::Kind::open;
    place.members = {state.bot_user};
    place.created = state.now();
    const auto& created = state.places[place.id] = place;
    state.note("bot", "creates " + state.label(created));
    return {{"ok", true}, {"channel", place_json(state, created, false)}};
}

Json conversations_invite(State& state, const Json& arguments)
{
    auto& place = need_channel(state, arguments);
    if (place.archived)
        throw Refused{"is_archived"};
    if (!place.members.count(state.bot_user))
        throw Refused{"not_in_channel"};
    const auto& users = arguments["users"];
    if (users.empty())
        throw Refused{"no_user"};
    const bool force = arguments.value("force", false);
    const auto problem = [&](const std::string& user) -> std::string {
        if (user == state.bot_user)
            return "cant_invite_self";
        const auto found = state.members.find(user);
        if (found == state.members.end())
            return "user_not_found";
        if (found->second.options.deleted)
            return "cant_invite";
        if (found->second.options.guest)
            return "user_is_restricted";
        return place.members.count(user) ? "already_in_channel" : "";
    };
    for (const auto& user : users)
        if (const auto what = problem(user.get<std::string>()); !what.empty() && !force)
            throw Refused{what, {}, {{"errors", {{{"user", user}, {"ok", false}, {"error", what}}}}}};
    for (const auto& user : users) {
        const auto id = user.get<std::string>();
        if (!problem(id).empty())
            continue;
        place.members.insert(id);
        state.note("bot", "invites " + state.who(id) + " to " + state.label(place));
    }
    return {{"ok", true}, {"channel", place_json(state, place, false)}};
}

Json conversations_set_topic(State& state, const Json& arguments)
{
    auto& place = need_channel(state, arguments);
    const bool open = place.kind == Place::Kind::open;
    need_scope_of(state,
        open ? std::vector<std::string>{"channels:write.topic", "channels:manage"}
             : std::vector<std::string>{"groups:write.topic", "groups:write"});
    if (!place.members.count(state.bot_user))
        throw Refused{open ? "not_in_channel" : "channel_not_found"};
    if (place.archived)
        throw Refused{"is_archived"};
    if (!state.settings.everyone_sets_topics)
        throw Refused{"user_is_restricted"};
    const auto topic = arguments["topic"].get<std::string>();
    if (length(topic) > 250)
        throw Refused{"too_long"};
    // It takes neither formatting nor mentions: what looks like them is shown as it stands.
    place.topic = topic_kept(topic);
    state.note("bot", "sets the topic of " + state.label(place) + ": " + topic);
    return {{"ok", true}, {"channel", place_json(state, place, false)}};
}

Json conversations_archive(State& state, const Json& arguments)
{
    auto& place = need_channel(state, arguments);
    if (place.name == "general")
        throw Refused{"cant_archive_general"};
    if (!place.members.count(state.bot_user))
        throw Refused{"not_in_channel"};
    if (place.archived)
        throw Refused{"already_archived"};
    place.archived = true;
    state.note("bot", "archives " + state.label(place));
    return {{"ok", true}};
}

} // namespace workspace
