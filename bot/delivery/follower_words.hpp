#pragma once

#include "oncall/followers.hpp"
#include "storage/repositories.hpp"

/// Why a user group or a topic does not follow who is on call, and what mends it. One line each, for the operators.
namespace delivery::words {

/// "The user group @payments-oncall", "The topic of #payments".
std::string subject(const storage::Follower& one);

/// Slack refused `method` with `code`, in the words for that code; `scope` is what the app lacks, where it said so. `teams` name
/// the follower. `bot` is what we are called in Slack, without "@".
std::string refused(const storage::Follower& one, const std::vector<std::string>& teams, const std::string& method,
    const std::string& code, const std::string& scope, const std::string& bot);
/// Slack has no such group or channel.
std::string not_there(const storage::Follower& one, const std::vector<std::string>& teams, const std::string& bot);
std::string disabled(const storage::Follower& one);
/// Slack takes no empty group, so that it keeps who was in it.
std::string nobody(const oncall::GroupWish& wish);
/// Those who are not in the group though they should be; empty: all are in it.
std::string left_out(const oncall::GroupWish& wish);
/// Slack could not be asked who these are.
std::string not_told(const oncall::GroupWish& wish, const std::vector<std::string>& people);
std::string no_room(const storage::Follower& one);
std::string unreadable(const storage::Follower& one);
/// The trouble is over; `now` is who is in the group, or what the topic says.
std::string again(const storage::Follower& one, const std::string& now);

} // namespace delivery::words
