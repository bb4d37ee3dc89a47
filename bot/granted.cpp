#include "granted.hpp"

#include "commands/check.hpp"
#include "slack/scopes.hpp"

void GrantedScopes::look_at(const net::Response& response)
{
    const auto list = net::header(response.headers, "x-oauth-scopes");
    // What opens links has a token, and scopes, of its own.
    if (!list.empty() && list != all_ && list.find("connections:write") == list.npos)
        all_ = list;
}

std::vector<std::string> GrantedScopes::missing(const oncall::Configuration& configuration) const
{
    std::vector<std::string> missing;
    if (all_.empty())
        return missing;
    const auto granted = slack::scopes_in(all_);
    for (const auto& scope : commands::scopes()) {
        const bool needed = !scope.is_optional && (scope.is_needed == nullptr || scope.is_needed(configuration));
        if (needed && !granted.contains(std::string{scope.name}))
            missing.push_back(std::string{scope.name} + ": " + std::string{scope.without});
    }
    return missing;
}
