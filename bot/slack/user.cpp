#include "slack/user.hpp"

namespace slack {

std::string name_in(const Json& user)
{
    auto name = text_at(user, {"profile", "display_name"});
    if (name.empty())
        name = text_at(user, {"profile", "real_name"});
    return name.empty() ? text_at(user, {"name"}) : name;
}

Profile profile_in(const Json& user, std::string_view home_team)
{
    Profile profile;
    profile.user = text_at(user, {"id"});
    profile.handle = text_at(user, {"name"});
    profile.called = text_at(user, {"profile", "display_name"});
    profile.name = name_in(user);
    profile.email = text_at(user, {"profile", "email"});
    profile.time_zone = text_at(user, {"tz"});
    profile.locale = text_at(user, {"locale"});
    if (!profile.user.empty() && !home_team.empty())
        profile.kind = kind_in(user, home_team);
    if (const auto& updated = at(user, {"updated"}); updated.is_number_integer())
        profile.updated = updated.get<std::int64_t>();
    return profile;
}

std::string kind_in(const Json& user, std::string_view home_team)
{
    const auto is = [&](std::string_view flag) {
        const auto& value = at(user, {flag});
        return value.is_boolean() && value.get<bool>();
    };
    if (is("deleted"))
        return "gone";
    if (is("is_bot"))
        return "bot";
    // Slack says is_stranger only of those who share no channel with us: a contractor in a shared one is known by the team.
    const auto team = text_at(user, {"team_id"});
    const bool elsewhere = !team.empty() && team != home_team && text_at(user, {"enterprise_user", "id"}).empty();
    if (is("is_stranger") || elsewhere)
        return "stranger";
    return is("is_restricted") || is("is_ultra_restricted") ? "guest" : "member";
}

} // namespace slack
