#pragma once

#include <string>

namespace notify {

/// Who may be called: with `private_too` (ONCALL_PRIVATE_WEBHOOKS) also addresses of one's own network, and this machine by http.
struct WebhookRules {
    bool private_too{};
};

/// What is wrong with such an address, in words for whoever typed it; empty: nothing that its text shows. Where its host leads is
/// seen when it is called.
std::string webhook_problem(const std::string& url, WebhookRules rules);

} // namespace notify
