#include "slack/user.hpp"

namespace slack {

std::string name_in(const Json& user)
{
    auto name = text_at(user, {"profile", "display_name"});
    if (name.empty())
        name = text_at(user, {"profile", "real_name"});
    return name.empty() ? text_at(user, {"name"}) : name;
}

std::string kind_in(const Json& user)
{
    const auto is = [&](std::string_view flag) {
        const auto& value = at(user, {flag});
        return value.is_boolean() && value.get<bool>();
    };
    if (is("deleted"))
        return "gone";
    if (is("is_bot"))
        return "bot";
    return is("is_restricted") || is("is_ultra_restricted") || is("is_stranger") ? "guest" : "member";
}

} // namespace slack
