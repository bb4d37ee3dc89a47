#include "notify/pager_link.hpp"

#include "notify/signed_token.hpp"

#include <nlohmann/json.hpp>

namespace notify {

namespace {

constexpr std::string_view pager_purpose{"pager test"};

std::int64_t seconds(TimePoint at) { return std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count(); }

} // namespace

std::string pager_link(const std::string& public_url, const std::string& secret, const std::string& key, TimePoint now)
{
    nlohmann::json claims;
    claims["way"] = key;
    claims["exp"] = seconds(now + pager_link_lifetime);
    return public_url + "/a/test/" + sign(derived(secret, pager_purpose), claims);
}

std::variant<std::string, Unwelcome> pager_way(const std::string& secret, std::string_view token, TimePoint now)
{
    if (secret.empty())
        return Unwelcome::forged;
    const auto claims = claims_in(derived(secret, pager_purpose), token);
    if (!claims || !claims->is_object() || !claims->contains("way") || !claims->at("way").is_string() || !claims->contains("exp")
        || !claims->at("exp").is_number_integer())
        return Unwelcome::forged;
    if (seconds(now) >= claims->at("exp").get<std::int64_t>())
        return Unwelcome::expired;
    return claims->at("way").get<std::string>();
}

} // namespace notify
