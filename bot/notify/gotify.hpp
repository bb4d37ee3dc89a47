#pragma once

#include "notify/provider.hpp"

namespace notify {

/// Letters, digits, ".", "-" and "_", at most 64: what Gotify makes for a token of an application.
bool is_gotify_token(std::string_view token);

net::Request gotify_request(const PageMessage& message, const std::string& token);
Outcome gotify_outcome(const net::Response& response, TimePoint now);

/// Gotify, at GOTIFY_URL (without a slash at its end). The address is the token of an application there. It has no buttons: a tap
/// opens the answer page.
std::unique_ptr<Provider> gotify(net::Network& network, doors::Clock& clock, std::string url);

} // namespace notify
