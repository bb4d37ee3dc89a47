#pragma once

#include "notify/provider.hpp"
#include "notify/webhook_rules.hpp"
#include "notify/webhook_secret.hpp"

namespace notify {

/// The page as JSON, with the header "X-Oncall-Signature: v1=<HMAC-SHA256 of the body, in hex>".
net::Request webhook_request(const std::string& secret, const PageMessage& message, TimePoint now);
Outcome webhook_outcome(const net::Response& response, TimePoint now);

/// A URL of the person's own. Redirects are not followed; without `private_too` it is never called at a private address.
std::unique_ptr<Provider> webhook(
    net::Network& network, doors::Clock& clock, std::function<std::string()> service_secret, WebhookRules rules);

} // namespace notify
