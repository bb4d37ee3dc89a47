#include "commands/check_slack.hpp"

#include "oncall/policy.hpp"
#include "oncall/words.hpp"

#include <algorithm>

namespace commands {

using slack::at;
using slack::Json;
using slack::text_at;

namespace {

} // namespace

asio::awaitable<void> SlackCheck::check_groups()
{
    Uses wanted;
    for (const auto& [name, team] : configuration_.teams)
        if (!team.user_group.empty())
            wanted[team.user_group].push_back("team " + name);
    for (const auto& [name, policy] : configuration_.policies)
        for (const auto& group : oncall::user_groups_of(policy))
            wanted[group].push_back("policy " + name);
    if (wanted.empty() || !may("usergroups:read"))
        co_return;
    Json listed;
    std::string trouble;
    try {
        Json arguments;
        arguments["include_disabled"] = true;
        listed = co_await ask("usergroups.list", std::move(arguments));
    } catch (const slack::Error& error) {
        trouble = error.code();
    }
    for (const auto& [group, uses] : wanted)
        if (trouble.empty())
            judge_group(group, uses, at(listed, {"usergroups"}));
        else if (trouble == "plan_upgrade_required" || trouble == "paid_teams_only")
            bad("User group " + group + " (" + joined(uses) + "): Slack has user groups on paid plans only.",
                "Take it out of " + joined(uses) + ".");
        else
            note("User group " + group + " (" + joined(uses) + ") was not looked for: Slack says " + trouble + ".");
}

void SlackCheck::judge_group(const std::string& wanted, const std::vector<std::string>& uses, const Json& listed) const
{
    const auto line = "User group " + wanted + " (" + joined(uses) + ")";
    const auto found = std::find_if(listed.begin(), listed.end(), [&](const Json& group) {
        return text_at(group, {"id"}) == wanted || "@" + oncall::lower(text_at(group, {"handle"})) == oncall::lower(wanted);
    });
    if (found == listed.end())
        bad(line + " is not there.", "Make it in Slack (People & user groups), or correct the name.");
    else if (at(*found, {"date_delete"}) != 0)
        bad(line + " is disabled: nobody is told when it is mentioned.", "Enable it in Slack (People & user groups).");
    else
        good(line + " is there."
            + (uses.front().starts_with("team ") ? " Whether the bot may change it shows when it does: then it is said here."
                                                 : ""));
}

} // namespace commands
