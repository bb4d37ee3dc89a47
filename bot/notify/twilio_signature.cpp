#include "notify/twilio_signature.hpp"

#include "notify/text.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <tuple>

namespace notify {

namespace {

/// The URL as it is, without its port, and with the scheme's own.
std::vector<std::string> spellings(const std::string& url)
{
    std::vector<std::string> all{url};
    const auto scheme = url.find("://");
    if (scheme == url.npos)
        return all;
    const auto host = scheme + 3;
    const auto end = std::min(url.find_first_of("/?#", host), url.size());
    const auto bracket = url.rfind(']', end);
    const auto colon = url.find(':', bracket != url.npos && bracket >= host && bracket < end ? bracket : host);
    if (colon < end)
        all.push_back(url.substr(0, colon) + url.substr(end));
    else
        all.push_back(url.substr(0, end) + (url.starts_with("https://") ? ":443" : ":80") + url.substr(end));
    return all;
}

} // namespace

std::string twilio_signature(const std::string& auth_token, const std::string& url, std::vector<net::Header> parameters)
{
    const auto key = [](const net::Header& one) { return std::tie(one.name, one.value); };
    std::sort(parameters.begin(), parameters.end(), [&](const auto& a, const auto& b) { return key(a) < key(b); });
    parameters.erase(
        std::unique(parameters.begin(), parameters.end(), [&](const auto& a, const auto& b) { return key(a) == key(b); }),
        parameters.end());
    auto words = url;
    for (const auto& one : parameters)
        words += one.name + one.value;
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int length{};
    if (!HMAC(EVP_sha1(), auth_token.data(), static_cast<int>(auth_token.size()),
            reinterpret_cast<const unsigned char*>(words.data()), words.size(), digest, &length))
        return {};
    return base64({reinterpret_cast<const char*>(digest), length});
}

bool is_signed_by_twilio(const std::vector<std::string>& auth_tokens, const std::string& url,
    const std::vector<net::Header>& parameters, std::string_view signature)
{
    bool signed_by_one = false;
    for (const auto& token : auth_tokens)
        for (const auto& spelling : spellings(url)) {
            const auto wanted = twilio_signature(token, spelling, parameters);
            const bool same = !token.empty() && !wanted.empty() && signature.size() == wanted.size()
                && CRYPTO_memcmp(signature.data(), wanted.data(), wanted.size()) == 0;
            signed_by_one = signed_by_one || same;
        }
    return signed_by_one;
}

} // namespace notify
