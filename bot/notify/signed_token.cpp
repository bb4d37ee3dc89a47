#include "notify/signed_token.hpp"

#include "notify/text.hpp"

#include <jwt/jwt.hpp>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <limits>
#include <stdexcept>

namespace notify {

namespace {

constexpr std::size_t longest_token = 4'096;
/// {"alg":"HS256","typ":"JWT"}: the one header there is.
constexpr std::string_view header{"eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9"};

bool is_base64url(std::string_view text)
{
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    });
}

/// cpp-jwt 1.4 parses a header of any depth before it looks at the signature, and crashes on it; takes any algorithm the header
/// names; and compares with ==. So nothing reaches it but what we have signed, byte for byte.
bool is_ours(const std::string& secret, std::string_view token)
{
    if (secret.empty() || token.size() > longest_token)
        return false;
    const auto first = token.find('.');
    const auto second = first == token.npos ? first : token.find('.', first + 1);
    if (second == token.npos)
        return false;
    const auto head = token.substr(0, first), body = token.substr(first + 1, second - first - 1), mark = token.substr(second + 1);
    if (head != header || !is_base64url(body) || !is_base64url(mark))
        return false;
    const auto wanted = base64url(hmac(secret, token.substr(0, second)));
    return mark.size() == wanted.size() && CRYPTO_memcmp(mark.data(), wanted.data(), wanted.size()) == 0;
}

std::string signed_by(const std::string& how, const std::string& key, const nlohmann::json& claims)
{
    using namespace jwt::params;
    jwt::jwt_object token{algorithm(how), ::jwt::params::secret(key)};
    for (const auto& [name, value] : claims.items()) {
        if (value.is_number_integer())
            token.add_claim(name, value.get<std::int64_t>());
        else
            token.add_claim(name, value.get<std::string>());
    }
    return token.signature();
}

} // namespace

std::string hmac(std::string_view secret, std::string_view words)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int length{};
    if (!HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()), reinterpret_cast<const unsigned char*>(words.data()),
            words.size(), digest, &length))
        throw std::runtime_error{"HMAC failed"};
    return {reinterpret_cast<const char*>(digest), length};
}

std::string hex(std::string_view bytes)
{
    constexpr char digits[] = "0123456789abcdef";
    std::string text;
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        text += digits[byte >> 4];
        text += digits[byte & 15];
    }
    return text;
}

std::string derived(const std::string& secret, std::string_view purpose)
{
    if (secret.empty())
        throw std::invalid_argument{"a secret is made of a secret"};
    return hex(hmac(secret, purpose));
}

std::string sign(const std::string& secret, const nlohmann::json& claims)
{
    if (secret.empty())
        throw std::invalid_argument{"a token needs a secret"};
    return signed_by("HS256", secret, claims);
}

std::string sign_for_others(const std::string& private_key, const nlohmann::json& claims)
{
    return signed_by("ES256", private_key, claims);
}

std::optional<nlohmann::json> claims_in(const std::string& secret, std::string_view token)
{
    if (!is_ours(secret, token))
        return std::nullopt;
    try {
        using namespace jwt::params;
        // It asks the machine's clock; ours decides, elsewhere.
        const auto no_clock = std::numeric_limits<std::uint32_t>::max();
        const auto decoded = jwt::decode(jwt::string_view{token.data(), token.size()}, algorithms({"HS256"}),
            ::jwt::params::secret(secret), leeway(no_clock), verify(true));
        return decoded.payload().create_json_obj();
    } catch (const std::exception&) {
        return std::nullopt;
    }
}

std::int64_t numeric_date(oncall::TimePoint at)
{
    return std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count();
}

} // namespace notify
