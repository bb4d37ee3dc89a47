#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace slack {

/// A scope of the bot token, as the manifest asks for it.
struct ScopeUse {
    std::string_view name{};
    std::string_view without{}; // what stops when it is missing
    bool is_optional{}; // people are paged and answer all the same
};
const std::vector<ScopeUse>& scope_uses();

/// What stops without it. Of several with commas, of which one is enough, the first that is known; empty: none is.
std::string_view without_scope(std::string_view scope);

/// "chat:write,im:write", as Slack's answers list them.
std::set<std::string> scopes_in(std::string_view list);

} // namespace slack
