#include "notify/answer_token.hpp"

#include "notify/text.hpp"

#include <jwt/jwt.hpp>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>

namespace notify {

namespace {

constexpr std::size_t longest_token = 4'096;
constexpr std::chrono::minutes clock_skew{5};
/// {"alg":"HS256","typ":"JWT"}: the one header there is.
constexpr std::string_view header{"eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9"};
constexpr std::string_view notification_claim{"notification"}, alert_claim{"alert"}, verb_claim{"verb"}, person_claim{"person"};

bool is_base64url(std::string_view text)
{
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    });
}

std::string signature(const std::string& secret, std::string_view words)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int length{};
    if (!HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()), reinterpret_cast<const unsigned char*>(words.data()),
            words.size(), digest, &length))
        return {};
    auto text = base64({reinterpret_cast<const char*>(digest), length});
    std::replace(text.begin(), text.end(), '+', '-');
    std::replace(text.begin(), text.end(), '/', '_');
    text.resize(text.find_last_not_of('=') + 1);
    return text;
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
    const auto head = token.substr(0, first), body = token.substr(first + 1, second - first - 1), sign = token.substr(second + 1);
    if (head != header || !is_base64url(body) || !is_base64url(sign))
        return false;
    const auto wanted = signature(secret, token.substr(0, second));
    return !wanted.empty() && sign.size() == wanted.size() && CRYPTO_memcmp(sign.data(), wanted.data(), wanted.size()) == 0;
}

std::int64_t seconds(TimePoint at) { return std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count(); }

} // namespace

ButtonWords button_words(oncall::Verb verb)
{
    switch (verb) {
    case oncall::Verb::decline: return {"Not me", "Whoever is next is paged now"};
    case oncall::Verb::resolve: return {"Resolve", "It is over: nobody is paged any more"};
    default: return {"Acknowledge", "You have it: nobody else is paged"};
    }
}

std::string issue(const std::string& secret, const Answer& answer, TimePoint now)
{
    if (secret.empty())
        throw std::invalid_argument{"a token needs a secret"};
    using namespace jwt::params;
    jwt::jwt_object token{algorithm("HS256"), ::jwt::params::secret(secret)};
    const auto verb = std::string{oncall::name(answer.verb)};
    token.add_claim(std::string{notification_claim}, answer.notification)
        .add_claim(std::string{alert_claim}, answer.alert.value)
        .add_claim(std::string{verb_claim}, verb)
        .add_claim(std::string{person_claim}, answer.person)
        .add_claim("jti", std::to_string(answer.notification) + "." + verb)
        .add_claim("iat", seconds(now))
        .add_claim("exp", seconds(now + answer_lifetime));
    return token.signature();
}

std::variant<Answer, Unreadable> read(const std::string& secret, std::string_view token, TimePoint now)
{
    if (!is_ours(secret, token))
        return Unreadable::forged;
    try {
        using namespace jwt::params;
        // It asks the machine's clock; ours decides below.
        const auto no_clock = std::numeric_limits<std::uint32_t>::max();
        const auto decoded = jwt::decode(jwt::string_view{token.data(), token.size()}, algorithms({"HS256"}),
            ::jwt::params::secret(secret), leeway(no_clock), verify(true));
        const auto& claims = decoded.payload().create_json_obj();
        Answer answer;
        answer.notification = claims.at(notification_claim).get<std::int64_t>();
        answer.alert = {claims.at(alert_claim).get<std::int64_t>()};
        answer.person = claims.at(person_claim).get<std::string>();
        answer.id = claims.at("jti").get<std::string>();
        answer.expires = TimePoint{std::chrono::seconds{claims.at("exp").get<std::int64_t>()}};
        const auto word = claims.at(verb_claim).get<std::string>();
        const auto* const verb =
            std::find_if(answer_verbs.begin(), answer_verbs.end(), [&](oncall::Verb one) { return oncall::name(one) == word; });
        if (verb == answer_verbs.end() || claims.at("iat").get<std::int64_t>() > seconds(now + clock_skew))
            return Unreadable::forged;
        answer.verb = *verb;
        if (now >= answer.expires)
            return Unreadable::expired;
        return answer;
    } catch (const std::exception&) {
        return Unreadable::forged;
    }
}

AnswerLinks answer_links(
    const std::string& public_url, const std::string& secret, const oncall::Notification& notification, TimePoint now)
{
    const auto link = [&](oncall::Verb verb) {
        Answer answer;
        answer.notification = notification.id.value;
        answer.alert = notification.alert;
        answer.verb = verb;
        answer.person = notification.person;
        return public_url + "/a/" + issue(secret, answer, now);
    };
    return {link(oncall::Verb::acknowledge), link(oncall::Verb::decline), link(oncall::Verb::resolve)};
}

} // namespace notify
