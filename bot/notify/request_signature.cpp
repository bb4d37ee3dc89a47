#include "notify/request_signature.hpp"

#include "notify/signed_token.hpp"

#include <openssl/crypto.h>

#include <algorithm>
#include <charconv>

namespace notify {

namespace {

constexpr std::size_t most_signatures = 8; // in one header
constexpr std::size_t hex_digits = 64;

std::string_view without_blanks(std::string_view text)
{
    const auto first = text.find_first_not_of(" \t");
    if (first == text.npos)
        return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// The signatures that a header holds, lower case, without their prefix; what has another is left out.
std::vector<std::string> signatures_in(std::string_view header, std::string_view prefix)
{
    std::vector<std::string> found;
    for (std::size_t at = 0; at <= header.size() && found.size() < most_signatures;) {
        const auto comma = std::min(header.find(',', at), header.size());
        auto one = without_blanks(header.substr(at, comma - at));
        at = comma + 1;
        if (!one.starts_with(prefix))
            continue;
        one.remove_prefix(prefix.size());
        if (one.size() != hex_digits)
            continue;
        std::string lower{one};
        for (auto& c : lower)
            c = c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
        found.push_back(std::move(lower));
    }
    return found;
}

} // namespace

bool is_signed(const std::vector<std::string>& secrets, std::string_view words, std::string_view header, std::string_view prefix)
{
    const auto signatures = signatures_in(header, prefix);
    bool by_one = false;
    // All are tried, also after a hit: whose it was is nobody's business.
    for (const auto& secret : secrets) {
        if (secret.empty())
            continue;
        const auto wanted = hex(hmac(secret, words));
        for (const auto& signature : signatures)
            by_one |= signature.size() == wanted.size() && CRYPTO_memcmp(signature.data(), wanted.data(), wanted.size()) == 0;
    }
    return by_one;
}

bool is_recent(std::string_view seconds, oncall::TimePoint now)
{
    constexpr std::chrono::minutes most{5};
    std::int64_t said{};
    const auto* const end = seconds.data() + seconds.size();
    const auto [stop, error] = std::from_chars(seconds.data(), end, said);
    if (error != std::errc{} || stop != end)
        return false;
    const auto today = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
    const auto apart = std::chrono::seconds{most}.count();
    return said >= today - apart && said <= today + apart;
}

} // namespace notify
