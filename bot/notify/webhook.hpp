#pragma once

#include "notify/provider.hpp"
#include "notify/webhook_secret.hpp"

namespace notify {

/// Who may be called: with `private_too` (ONCALL_PRIVATE_WEBHOOKS) also addresses of one's own network, and this machine by http.
struct WebhookRules {
    bool private_too{};
};

/// What is wrong with such an address, in words for whoever typed it; empty: nothing that its text shows. Where its host leads is
/// seen when it is called.
std::string webhook_problem(const std::string& url, WebhookRules rules);

/// The page as JSON, with the header "X-Oncall-Signature: v1=<HMAC-SHA256 of the body, in hex>".
net::Request webhook_request(const std::string& secret, const PageMessage& message, TimePoint now);
Outcome webhook_outcome(const net::Response& response, TimePoint now);

/// A URL of the person's own. Redirects are not followed; without `private_too` it is never called at a private address.
std::unique_ptr<Provider> webhook(
    net::Network& network, doors::Clock& clock, std::function<std::string()> service_secret, WebhookRules rules);

} // namespace notify
