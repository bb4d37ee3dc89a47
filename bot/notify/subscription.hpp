#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace notify {

/// What a browser hands out to be notified by (W3C Push API, PushSubscription.toJSON()).
struct Subscription {
    std::string endpoint{}; // an https URL of its vendor
    std::string key{}; // p256dh: a public key of P-256, uncompressed, 65 bytes
    std::string secret{}; // auth: 16 bytes
    bool operator==(const Subscription&) const = default;
};

/// Reads what anybody may have sent; nullopt when it is none, or not to be trusted: an endpoint that is no https URL of a public
/// host, a key that is no point of the curve.
std::optional<Subscription> subscription_in(std::string_view json);

/// As it is stored: the same subscription gives the same text.
std::string subscription_out(const Subscription& subscription);

/// "Firefox on Android", by what the browser says of itself; "A browser" when that says nothing.
std::string browser_name(std::string_view user_agent);

} // namespace notify
