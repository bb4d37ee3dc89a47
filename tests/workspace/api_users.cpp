#include "workspace/state.hpp"

#include <algorithm>
#include <cctype>

namespace workspace {
namespace {

Json group_json(const State& state, const Group& group, const Json& arguments)
{
    Json json{{"id", group.id}, {"team_id", state.team_id}, {"is_usergroup", true}, {"name", group.name}, {"description", ""},
        {"handle", group.handle}, {"is_external", false}, {"date_create", 1'600'000'000}, {"date_update", 1'600'000'000},
        {"date_delete", group.disabled ? 1'600'000'001 : 0}, {"auto_type", nullptr},
        {"prefs", {{"channels", Json::array()}, {"groups", Json::array()}}}};
    if (arguments.value("include_users", false))
        json["users"] = group.users;
    if (arguments.value("include_count", false))
        json["user_count"] = group.users.size();
    return json;
}

void need_user_groups(const State& state)
{
    if (!state.settings.has_user_groups)
        throw Refused{"plan_upgrade_required"};
}

Group& need_group(State& state, const Json& arguments)
{
    need_user_groups(state);
    const auto found = state.groups.find(arguments["usergroup"].get<std::string>());
    if (found == state.groups.end())
        throw Refused{"no_such_subteam"};
    return found->second;
}

/// Whether the bot and that person are in one channel.
bool shares_a_channel(const State& state, const Member& member)
{
    return std::any_of(state.places.begin(), state.places.end(), [&](const auto& entry) {
        const auto& place = entry.second;
        const bool is_channel = place.kind == Place::Kind::open || place.kind == Place::Kind::closed;
        return is_channel && place.members.contains(member.id) && place.members.contains(state.bot_user);
    });
}

} // namespace

Json user_json(const State& state, const Member& member, bool email, bool locale)
{
    Json profile{{"real_name", member.options.real_name}, {"display_name", member.name},
        {"real_name_normalized", member.options.real_name}, {"display_name_normalized", member.name},
        {"status_text", member.status}, {"status_emoji", ""}, {"team", state.team_id}};
    if (email && !member.email.empty())
        profile["email"] = member.email;
    const bool foreign = !member.options.team.empty();
    Json json{{"id", member.id}, {"team_id", foreign ? member.options.team : state.team_id}, {"name", member.name},
        {"deleted", member.options.deleted}};
    if (foreign)
        json["is_stranger"] = !shares_a_channel(state, member);
    if (!member.options.deleted) {
        json["real_name"] = member.options.real_name;
        if (!member.tz.empty()) {
            json["tz"] = member.tz;
            json["tz_label"] = member.tz;
        }
        json["is_admin"] = false;
        json["is_owner"] = false;
        json["is_restricted"] = member.options.guest;
        json["is_ultra_restricted"] = false;
    }
    json["profile"] = profile;
    json["is_bot"] = member.options.is_bot;
    json["is_app_user"] = false;
    json["updated"] = member.updated;
    if (locale)
        json["locale"] = member.locale;
    return json;
}

void changed(State& state, Member& member)
{
    // A second is Slack's measure; of two changes in one the later is not told apart.
    member.updated = std::max(member.updated, std::int64_t{std::chrono::floor<seconds>(state.now()).time_since_epoch().count()});
    if (!state.settings.scopes.count("users:read"))
        return;
    const bool email = state.settings.scopes.count("users:read.email") > 0;
    send_event(state,
        {{"type", "user_change"}, {"user", user_json(state, member, email, true)},
            {"cache_ts", std::chrono::floor<seconds>(state.now()).time_since_epoch().count()}},
        "user_change");
}

Json auth_test(State& state, const Json&)
{
    return {{"ok", true}, {"url", "https://" + state.team_domain + ".slack.com/"}, {"team", "Acme"},
        {"user", state.members.at(state.bot_user).name}, {"team_id", state.team_id}, {"user_id", state.bot_user},
        {"bot_id", state.bot_id}, {"is_enterprise_install", false}};
}

Json bots_info(State& state, const Json& arguments)
{
    if (arguments.value("bot", std::string{}) != state.bot_id)
        throw Refused{"bot_not_found"};
    const auto name = state.members.at(state.bot_user).name;
    return {{"ok", true},
        {"bot",
            {{"id", state.bot_id}, {"deleted", false}, {"name", name}, {"updated", 1'600'000'000}, {"app_id", state.app_id},
                {"user_id", state.bot_user}, {"icons", Json::object()}}}};
}

Json team_info(State& state, const Json& arguments)
{
    if (arguments.contains("team") && arguments["team"] != state.team_id)
        throw Refused{"team_not_found"};
    return {
        {"ok", true}, {"team", {{"id", state.team_id}, {"name", "Acme"}, {"domain", state.team_domain}, {"email_domain", ""}}}};
}

Json dnd_info(State& state, const Json& arguments)
{
    const auto found = state.members.find(arguments.value("user", state.bot_user));
    if (found == state.members.end())
        throw Refused{"user_not_found"};
    const auto whole = [](TimePoint at) { return std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count(); };
    const auto& member = found->second;
    // A person's own snooze is hers to see.
    return {{"ok", true}, {"dnd_enabled", member.quiet_until != TimePoint{}},
        {"next_dnd_start_ts", std::max<std::int64_t>(1, whole(member.quiet_from))},
        {"next_dnd_end_ts", std::max<std::int64_t>(1, whole(member.quiet_until))}};
}

Json users_info(State& state, const Json& arguments)
{
    const auto found = state.members.find(arguments["user"].get<std::string>());
    if (found == state.members.end())
        throw Refused{"user_not_found"};
    return {{"ok", true},
        {"user",
            user_json(state, found->second, state.settings.scopes.count("users:read.email") > 0,
                arguments.value("include_locale", false))}};
}

Json users_list(State& state, const Json& arguments)
{
    const bool email = state.settings.scopes.count("users:read.email") > 0;
    if (!arguments.contains("limit") && state.members.size() > 1'000)
        throw Refused{"limit_required"};
    auto items = Json::array();
    for (const auto& [id, member] : state.members)
        items.push_back(user_json(state, member, email, arguments.value("include_locale", false)));
    auto answer = page(state, "members", items, arguments, 1'000, 1'000);
    answer["cache_ts"] = std::chrono::floor<seconds>(state.now()).time_since_epoch().count();
    return answer;
}

Json users_lookup_by_email(State& state, const Json& arguments)
{
    need_scope(state, "users:read");
    const auto wanted = lower(arguments["email"].get<std::string>());
    for (const auto& [id, member] : state.members)
        if (!member.options.deleted && !member.email.empty() && lower(member.email) == wanted)
            return {{"ok", true}, {"user", user_json(state, member, true)}};
    throw Refused{"users_not_found"};
}

Json usergroups_list(State& state, const Json& arguments)
{
    need_user_groups(state);
    auto groups = Json::array();
    for (const auto& [id, group] : state.groups)
        if (!group.disabled || arguments.value("include_disabled", false))
            groups.push_back(group_json(state, group, arguments));
    return {{"ok", true}, {"usergroups", groups}};
}

Json usergroups_users_list(State& state, const Json& arguments)
{
    const auto& group = need_group(state, arguments);
    if (group.disabled && !arguments.value("include_disabled", false))
        throw Refused{"no_such_subteam"};
    return {{"ok", true}, {"users", group.users}};
}

Json usergroups_users_update(State& state, const Json& arguments)
{
    auto& group = need_group(state, arguments);
    if (!state.settings.everyone_edits_groups)
        throw Refused{"permission_denied"};
    if (group.disabled)
        throw Refused{"no_such_subteam"};
    const auto& users = arguments["users"];
    if (users.empty())
        throw Refused{"no_users_provided"};
    if (users.size() > state.settings.largest_group)
        throw Refused{"subteam_max_users_exceeded"};
    std::vector<std::string> ids;
    for (const auto& user : users) {
        const auto found = state.members.find(user.get<std::string>());
        const bool fits = found != state.members.end() && !found->second.options.deleted && !found->second.options.guest
            && !found->second.options.is_bot && found->second.options.team.empty();
        if (!fits)
            throw Refused{"invalid_users"};
        if (std::find(ids.begin(), ids.end(), found->first) == ids.end())
            ids.push_back(found->first);
    }
    group.users = std::move(ids);
    std::string names;
    for (const auto& id : group.users)
        names += (names.empty() ? "" : ", ") + state.who(id);
    state.note("bot", "sets @" + group.handle + " to " + names);
    return {{"ok", true}, {"usergroup", group_json(state, group, {{"include_users", true}})}};
}

} // namespace workspace
