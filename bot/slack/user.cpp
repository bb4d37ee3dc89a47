#include "slack/user.hpp"

namespace slack {

std::string name_in(const Json& user)
{
    auto name = text_at(user, {"profile", "display_name"});
    if (name.empty())
        name = text_at(user, {"profile", "real_name"});
    return name.empty() ? text_at(user, {"name"}) : name;
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
