#pragma once

#include "slack/message.hpp"

/// What Slack's user object says.
namespace slack {

/// What the person is called; empty when it does not say.
std::string name_in(const Json& user);
/// "member", "guest", "bot", "gone" (deactivated) or "stranger" (of another workspace, by Slack Connect). `home_team` is our
/// workspace. In an Enterprise organisation its other workspaces are ours too.
std::string kind_in(const Json& user, std::string_view home_team);

} // namespace slack
