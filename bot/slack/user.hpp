#pragma once

#include "slack/message.hpp"

#include <cstdint>

/// What Slack's user object says.
namespace slack {

/// As much of it as we keep. What it does not say is empty.
struct Profile {
    std::string user{};
    std::string handle{}; // "ana", as in @ana
    std::string called{}; // the display name alone, which everybody chooses freely
    std::string name{};
    std::string email{};
    std::string time_zone{};
    std::string locale{}; // "en-US"
    std::string kind{}; // as kind_in(); empty while our own workspace is not known
    std::int64_t updated{}; // seconds; of two that tell of one person the newer counts
    bool operator==(const Profile&) const = default;
};
Profile profile_in(const Json& user, std::string_view home_team);

/// What the person is called; empty when it does not say.
std::string name_in(const Json& user);
/// "member", "guest", "bot", "gone" (deactivated) or "stranger" (of another workspace, by Slack Connect). `home_team` is our
/// workspace. In an Enterprise organisation its other workspaces are ours too.
std::string kind_in(const Json& user, std::string_view home_team);

} // namespace slack
