#include "notify/vapid.hpp"

#include "net/url.hpp"
#include "notify/signed_token.hpp"
#include "notify/text.hpp"

#include <nlohmann/json.hpp>

namespace notify {

namespace {

constexpr std::chrono::hours lifetime{12}; // at most 24 (RFC 8292 §2)

} // namespace

KeyPair fresh_keys(const std::function<std::string(std::size_t)>& random)
{
    while (true)
        if (auto pair = key_pair(random(32)); !pair.open.empty())
            return pair;
}

std::string vapid_header(const Vapid& vapid, const std::string& endpoint, TimePoint now)
{
    const auto url = net::url_in(endpoint);
    nlohmann::json claims;
    claims["aud"] = "https://" + url.authority();
    claims["exp"] = std::chrono::floor<std::chrono::seconds>(now + lifetime).time_since_epoch().count();
    claims["sub"] = vapid.subject;
    return "vapid t=" + sign_for_others(pem_of(vapid.keys), claims) + ", k=" + base64url(vapid.keys.open);
}

} // namespace notify
