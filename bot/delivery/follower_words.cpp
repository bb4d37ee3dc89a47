#include "delivery/follower_words.hpp"

#include "slack/errors.hpp"

#include <algorithm>

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

/// The code that says here what this one says of messages and people.
std::string_view meant_by(const storage::Follower& one, std::string_view code)
{
    constexpr std::string_view of_admins[]{
        "not_allowed", "no_permission", "permission_denied", "restricted_action", "user_is_restricted"};
    if (std::find(std::begin(of_admins), std::end(of_admins), code) != std::end(of_admins))
        return is_group(one) ? "permission_denied" : "not_authorized";
    const auto* const known = slack::known_error(code);
    const bool of_a_person = known ? known->about == slack::About::person : code.find("user") != code.npos;
    return is_group(one) && of_a_person ? "invalid_users" : code;
}

} // namespace

std::string subject(const storage::Follower& one)
{
    return is_group(one) ? "The user group " + one.name : "The topic of " + one.name;
}

std::string refused(const storage::Follower& one, const std::vector<std::string>& teams, const std::string& method,
    const std::string& code, const std::string& scope, const std::string& bot)
{
    const auto meant = meant_by(one, code);
    const auto why =
        meant == code ? slack::words_of(code, scope) : std::string{slack::known_error(meant)->words} + " (" + code + ")";
    const auto fix = slack::fix_of(meant, method, scope, bot);
    return subject(one) + " (" + team(teams) + ") does not follow who is on call: " + why + "." + (fix.empty() ? "" : " ") + fix;
}

std::string not_there(const storage::Follower& one, const std::vector<std::string>& teams, const std::string& bot)
{
    return refused(one, teams, "", is_group(one) ? "no_such_subteam" : "channel_not_found", "", bot);
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
