#pragma once

#include "notify/provider.hpp"

namespace notify {

/// 30 letters and digits: what Pushover takes for the key of a user or a group.
bool is_pushover_key(std::string_view key);

/// A message as Pushover's API takes it. An urgent one is an emergency: it sounds at once and twice more, a minute apart, until
/// it is acknowledged in the app.
net::Request pushover_request(const std::string& token, const PageMessage& message, const std::string& key);
/// Ends the sounding of an emergency, as a POST to its receipt's cancel.json.
net::Request pushover_cancel(const std::string& token);
Outcome pushover_outcome(const net::Response& response, TimePoint now);

/// What its receipt says: `confirmed` once the phone has shown it or somebody has acknowledged it in the app.
Outcome pushover_receipt(const net::Response& response, TimePoint now);

/// Pushover. The address is a user's key; the outcome's reference is the receipt of an emergency.
std::unique_ptr<Provider> pushover(net::Network& network, doors::Clock& clock, std::string token);

} // namespace notify
