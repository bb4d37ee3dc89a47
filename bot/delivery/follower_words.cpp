#include "delivery/follower_words.hpp"

namespace delivery::words {

namespace {

std::string joined(const std::vector<std::string>& all)
{
    std::string text;
    for (const auto& one : all)
        text += (text.empty() ? "" : ", ") + one;
    return text;
}

std::string team(const std::vector<std::string>& teams) { return (teams.size() == 1 ? "team " : "teams ") + joined(teams); }

bool is_group(const storage::Follower& one) { return one.kind == "group"; }

std::string setting(const storage::Follower& one) { return is_group(one) ? "user_group" : "topic"; }

/// What to do about a code of Slack's; empty: we know nothing better than Slack's own pages.
std::string fix(const storage::Follower& one, const std::vector<std::string>& teams, const std::string& code)
{
    const auto without = " Or take " + setting(one) + " out of " + team(teams) + ".";
    if (is_group(one)) {
        if (code == "permission_denied" || code == "not_allowed" || code == "no_permission")
            return "The workspace lets only admins change user groups, and a bot may do it only where everyone may. An owner or "
                   "admin "
                   "must allow it: Workspace settings, Permissions, User Groups, who can edit: everyone."
                + without;
        if (code == "plan_upgrade_required" || code == "paid_teams_only")
            return "Slack has user groups on paid plans only." + without;
        if (code == "subteam_max_users_exceeded")
            return "The group would have more people than Slack allows: name fewer permanent_members.";
        if (code.find("user") != code.npos)
            return "Slack does not take somebody who is to be in it: guests, bots and deactivated people cannot be.";
        return "";
    }
    if (code == "not_in_channel" || code == "channel_not_found")
        return "The bot is not in the channel: write /invite and its name there." + without;
    if (code == "is_archived")
        return "The channel is archived: unarchive it, or name another one." + without;
    if (code == "user_is_restricted" || code == "restricted_action" || code == "no_permission" || code == "not_authorized"
        || code == "permission_denied")
        return "The workspace or the channel lets only some people set topics: an owner or admin must allow it to everyone."
            + without;
    if (code == "method_not_supported_for_channel_type")
        return "A direct message has no topic: name a channel." + without;
    return "";
}

} // namespace

std::string subject(const storage::Follower& one)
{
    return is_group(one) ? "The user group " + one.name : "The topic of " + one.name;
}

std::string refused(const storage::Follower& one, const std::vector<std::string>& teams, const std::string& method,
    const std::string& code, const std::string& scope)
{
    const auto opening = subject(one) + " does not follow who is on call: Slack says " + code + ". ";
    if (code == "missing_scope")
        return opening + "The app lacks the scope " + (scope.empty() ? "for " + method : scope)
            + ": add it on the app's page OAuth & Permissions, Bot Token Scopes (or take the manifest of this version), and "
              "reinstall the app to the workspace.";
    const auto known = fix(one, teams, code);
    return opening + (known.empty() ? "See this code at https://docs.slack.dev/reference/methods/" + method + "." : known);
}

std::string not_there(const storage::Follower& one, const std::vector<std::string>& teams)
{
    if (is_group(one))
        return subject(one)
            + " does not follow who is on call: Slack has no such group. Make it in Slack (People & user groups), or "
              "correct user_group of "
            + team(teams) + ".";
    return subject(one)
        + " does not follow who is on call: there is no such channel, or it is private and the bot is not in it. "
          "Invite the bot, or correct channel of "
        + team(teams) + ".";
}

std::string disabled(const storage::Follower& one)
{
    return subject(one) + " is disabled, so that nobody is told when it is mentioned. Enable it in Slack (People & user groups).";
}

std::string nobody(const oncall::GroupWish& wish)
{
    const auto opening = "The user group " + wish.group + " should be empty, which Slack does not take: it keeps who was in it. ";
    if (!wish.left_out.empty() || !wish.unknown.empty())
        return opening + "Let somebody who can be in it be on call, or name permanent_members.";
    if (wish.schedules.empty())
        return opening + "Level 1 of the policy of " + team(wish.teams)
            + " names no schedule: name one, or name permanent_members.";
    return opening + "Nobody is on call in " + (wish.schedules.size() == 1 ? "schedule " : "schedules ") + joined(wish.schedules)
        + ": fill the gap there, or name permanent_members.";
}

std::string left_out(const oncall::GroupWish& wish)
{
    std::string text;
    const auto add = [&](const std::string& sentence) { text += (text.empty() ? "" : " ") + sentence; };
    for (const auto& [person, kind] : wish.left_out) {
        const auto what = kind == "guest" ? "a guest in Slack, and no user group takes guests"
            : kind == "bot"               ? "a bot, and no user group takes bots"
            : kind == "stranger"          ? "of another workspace, and no user group takes people of others"
                                          : "deactivated in Slack";
        const auto mend = kind == "guest" ? "Let an admin make a full member of this person, or let somebody else be on call."
                                          : "Let somebody else be on call.";
        add(person + " is " + what + ": left out of " + wish.group + ". " + mend);
    }
    if (!wish.unknown.empty())
        add("Slack does not know " + joined(wish.unknown) + ": left out of " + wish.group
            + ". Correct the name in the configuration.");
    return text;
}

std::string not_told(const oncall::GroupWish& wish, const std::vector<std::string>& people)
{
    return "The user group " + wish.group + " does not follow who is on call: Slack could not be asked who " + joined(people)
        + (people.size() == 1 ? " is" : " are") + ", and the group stays as it is until then. The log says why.";
}

std::string no_room(const storage::Follower& one)
{
    return subject(one)
        + " does not say who is on call: a topic has 250 characters, and what people wrote there leaves no room. "
          "Shorten it.";
}

std::string unreadable(const storage::Follower& one)
{
    return subject(one)
        + " does not say who is on call: it mentions somebody whose name is not known here, and Slack would not take the mention "
          "back. Write the name instead.";
}

std::string again(const storage::Follower& one, const std::string& now)
{
    return subject(one) + " follows who is on call again: " + now;
}

} // namespace delivery::words
