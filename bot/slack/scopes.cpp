#include "slack/scopes.hpp"

#include <algorithm>

namespace slack {

const std::vector<ScopeUse>& scope_uses()
{
    static const std::vector<ScopeUse> all{
        {"commands", "/oncall is not there"},
        {"chat:write", "nothing can be posted: no pages, no cards"},
        {"chat:write.public", "the bot must be invited to each channel before it can post there", true},
        {"im:write", "nobody can be paged by direct message"},
        {"app_mentions:read", "nobody can ask it by @oncall in a channel", true},
        {"im:history",
            "it hears nothing in direct messages, and a page that Slack did not confirm cannot be looked for, and is sent again",
            true},
        {"channels:history", "a card that Slack did not confirm cannot be looked for, and is posted again", true},
        {"groups:history", "the same in private channels", true},
        {"channels:read", "channels are not found by name, and it does not hear that it was invited to one"},
        {"groups:read", "the same of private channels", true},
        {"dnd:read", "who is in Do Not Disturb is tried outside Slack only after the wait of their notification rule", true},
        {"users:read", "names and time zones of people are not known"},
        {"users:read.email", "people named by e-mail are not found"},
        {"usergroups:read", "user groups are not found, so that they neither follow who is on call nor are paged"},
        {"usergroups:write", "user groups do not follow who is on call"},
        {"channels:write.topic", "topics do not follow who is on call"},
        {"groups:write.topic", "the same in private channels"},
        {"files:write", "schedules are shown without pictures, and reports without a file", true},
        {"files:read", "a schedule's YAML cannot be uploaded in its form", true},
    };
    return all;
}

std::set<std::string> scopes_in(std::string_view list)
{
    std::set<std::string> found;
    for (std::size_t from = 0; from <= list.size();) {
        const auto comma = std::min(list.find(',', from), list.size());
        std::string part{list.substr(from, comma - from)};
        std::erase(part, ' ');
        if (!part.empty())
            found.insert(std::move(part));
        from = comma + 1;
    }
    return found;
}

std::string_view without_scope(std::string_view scope)
{
    const auto any_of = scopes_in(scope);
    const auto& all = scope_uses();
    const auto use =
        std::find_if(all.begin(), all.end(), [&](const ScopeUse& one) { return any_of.contains(std::string{one.name}); });
    return use == all.end() ? std::string_view{} : use->without;
}

} // namespace slack
