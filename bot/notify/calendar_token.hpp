#pragma once

#include <string>

namespace notify {

/// What stands in a calendar's address: 160 bits in hex that nobody can make who has not both the service's secret and the
/// address's own `nonce`. So it need not be kept to be shown again.
std::string calendar_token(const std::string& service_secret, const std::string& nonce);

} // namespace notify
