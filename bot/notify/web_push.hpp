#pragma once

#include "doors/random.hpp"
#include "notify/provider.hpp"
#include "notify/subscription.hpp"
#include "notify/vapid.hpp"

namespace notify {

/// What our service worker is told, as JSON of at most `most_plain` bytes: alert, title, text, urgent, test, and actions that
/// fit.
std::string push_words(const PageMessage& message);

/// One for its subscriber. `ours` and `salt`: for this message alone.
net::Request web_push_request(const PageMessage& message, const Subscription& subscription, const Vapid& vapid,
    const KeyPair& ours, const std::string& salt, TimePoint now);
Outcome web_push_outcome(const net::Response& response, TimePoint now);

/// Web push (RFC 8030, 8291, 8292). The address is a subscription as `subscription_out` writes it; only public hosts are called.
/// `vapid` is asked at each message.
std::unique_ptr<Provider> web_push(
    net::Network& network, doors::Clock& clock, doors::Random& random, std::function<Vapid()> vapid);

} // namespace notify
