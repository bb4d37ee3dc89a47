#pragma once

#include "slack/message.hpp"

/// What Slack's user object says.
namespace slack {

/// What the person is called; empty when it does not say.
std::string name_in(const Json& user);
/// "member", "guest", "bot" or "gone" (deactivated).
std::string kind_in(const Json& user);

} // namespace slack
