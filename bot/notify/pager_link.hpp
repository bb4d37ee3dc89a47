#pragma once

#include "notify/push_link.hpp"

#include <cstdint>

namespace notify {

/// How long the link of a test works by which somebody says that it has arrived.
inline constexpr std::chrono::hours pager_link_lifetime{24};

/// That link. `key` is what the way of the test is known by; for its person's eyes only.
std::string pager_link(const std::string& public_url, const std::string& secret, const std::string& key, TimePoint now);
/// Of which way its token is. Reads anything, however malformed.
std::variant<std::string, Unwelcome> pager_way(const std::string& secret, std::string_view token, TimePoint now);

} // namespace notify
