#include "notify/calendar_token.hpp"

#include "notify/signed_token.hpp"

namespace notify {

std::string calendar_token(const std::string& service_secret, const std::string& nonce)
{
    return hex(hmac(derived(service_secret, "calendar address"), nonce)).substr(0, 40);
}

} // namespace notify
