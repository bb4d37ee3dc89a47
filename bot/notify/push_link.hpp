#pragma once

#include "oncall/time.hpp"

#include <string>
#include <string_view>
#include <variant>

namespace notify {

using oncall::TimePoint;

/// How long the link to the page on which a person has her browser notified works.
inline constexpr std::chrono::hours push_link_lifetime{1};

/// That link: whoever opens it may have pages of `person` (a Slack user id) sent to the browser. For her eyes only. `public_url`
/// is ONCALL_PUBLIC_URL without a slash at its end; `secret` is the one that answer links are signed with.
std::string push_link(const std::string& public_url, const std::string& secret, const std::string& person, TimePoint now);

enum class Unwelcome {
    forged, // no token of ours
    expired
};

/// Whose token it is. Reads anything, however malformed.
std::variant<std::string, Unwelcome> push_person(const std::string& secret, std::string_view token, TimePoint now);

} // namespace notify
