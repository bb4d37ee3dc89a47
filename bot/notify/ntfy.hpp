#pragma once

#include "notify/provider.hpp"

namespace notify {

/// Where ntfy listens (NTFY_URL, without a slash at its end), and an access token for servers that want one.
struct NtfyServer {
    std::string url{};
    std::string token{};
};

/// Letters, digits, - and _, at most 64: what ntfy takes for a topic.
bool is_ntfy_topic(std::string_view topic);

/// A message as ntfy's JSON API takes it, with up to three buttons that answer by themselves.
net::Request ntfy_request(const NtfyServer& server, const PageMessage& message, const std::string& topic);
Outcome ntfy_outcome(const net::Response& response, TimePoint now);

/// ntfy (ntfy.sh, or one of your own). The address is a topic.
std::unique_ptr<Provider> ntfy(net::Network& network, doors::Clock& clock, NtfyServer server);

} // namespace notify
