#include "notify/push_link.hpp"

#include "notify/signed_token.hpp"

#include <nlohmann/json.hpp>

namespace notify {

namespace {

constexpr std::string_view purpose{"push page"};

} // namespace

std::string push_link(const std::string& public_url, const std::string& secret, const std::string& person, TimePoint now)
{
    nlohmann::json claims;
    claims["person"] = person;
    claims["exp"] = numeric_date(now + push_link_lifetime);
    return public_url + "/push/" + sign(derived(secret, purpose), claims);
}

std::variant<std::string, Unwelcome> push_person(const std::string& secret, std::string_view token, TimePoint now)
{
    if (secret.empty())
        return Unwelcome::forged;
    const auto claims = claims_in(derived(secret, purpose), token);
    if (!claims || !claims->is_object() || !claims->contains("person") || !claims->at("person").is_string()
        || !claims->contains("exp") || !claims->at("exp").is_number_integer())
        return Unwelcome::forged;
    if (numeric_date(now) >= claims->at("exp").get<std::int64_t>())
        return Unwelcome::expired;
    return claims->at("person").get<std::string>();
}

} // namespace notify
