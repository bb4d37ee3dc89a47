#pragma once

#include "oncall/configuration.hpp"

/// What follows who is on call in Slack: a team's user group, and its channel's topic.
namespace oncall {

/// Who somebody the configuration names is in Slack, as far as Slack said.
struct SlackPerson {
    std::string user_id{};
    std::string name{}; // empty: the id is shown
    std::string kind{}; // "member", "guest", "bot", "gone" (deactivated), "stranger"; empty: not known. Groups take members
};
using SlackPeople = std::map<std::string, SlackPerson>; // as the configuration names them

/// What the configuration names a group or a channel → its Slack id, as far as known: two names of one are one follower.
using SlackIds = std::map<std::string, std::string>;

/// What a user group is to hold: whoever is on call in the schedules of level 1 of its teams' policies, and permanent members.
struct GroupWish {
    std::string group{}; // as the first of its teams names it
    std::vector<std::string> teams{};
    std::vector<std::string> schedules{};
    std::vector<std::string> members{}; // Slack ids, each once; empty: nobody, which Slack refuses
    struct LeftOut {
        std::string person{}; // as configured
        std::string kind{};
    };
    std::vector<LeftOut> left_out{}; // those no user group takes
    std::vector<std::string> unknown{}; // whom Slack did not tell of; not in `members`
    std::optional<TimePoint> until{}; // when who is on call in these schedules changes next
};
std::vector<GroupWish> group_wishes(
    const Configuration& configuration, const SlackPeople& people, const SlackIds& groups, TimePoint now);

/// What a channel's topic is to say, in the teams' order: "[On call: Ana, Bo until Mon 7 Dec 09:00]".
struct TopicWish {
    std::string channel{}; // as the first of its teams names it
    std::vector<std::string> teams{};
    std::vector<std::string> texts{}; // the whole, then shorter ones for where there is no room
    std::vector<std::string> unknown{}; // whom Slack did not tell of: called as the configuration does
    std::optional<TimePoint> until{};
};
std::vector<TopicWish> topic_wishes(
    const Configuration& configuration, const SlackPeople& people, const SlackIds& channels, TimePoint now);

/// How our part of a topic begins and ends. No name in it holds the end.
inline constexpr std::string_view topic_begins{"[On call: "}, topic_ends{"]"};

} // namespace oncall
