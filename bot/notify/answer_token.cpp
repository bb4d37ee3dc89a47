#include "notify/answer_token.hpp"

#include "notify/signed_token.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace notify {

namespace {

constexpr std::chrono::minutes clock_skew{5};
constexpr std::string_view notification_claim{"notification"}, alert_claim{"alert"}, verb_claim{"verb"}, person_claim{"person"},
    bundle_claim{"bundle"};

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
    const auto verb = std::string{oncall::name(answer.verb)};
    nlohmann::json claims;
    claims[notification_claim] = answer.notification;
    claims[alert_claim] = answer.alert.value;
    claims[verb_claim] = verb;
    claims[person_claim] = answer.person;
    if (answer.bundle)
        claims[bundle_claim] = 1;
    claims["jti"] = std::to_string(answer.notification) + "." + verb;
    claims["iat"] = numeric_date(now);
    claims["exp"] = numeric_date(now + answer_lifetime);
    return sign(secret, claims);
}

std::variant<Answer, Unreadable> read(const std::string& secret, std::string_view token, TimePoint now)
{
    const auto signed_claims = claims_in(secret, token);
    if (!signed_claims)
        return Unreadable::forged;
    try {
        const auto& claims = *signed_claims;
        Answer answer;
        answer.notification = claims.at(notification_claim).get<std::int64_t>();
        answer.alert = {claims.at(alert_claim).get<std::int64_t>()};
        answer.person = claims.at(person_claim).get<std::string>();
        answer.bundle = claims.contains(bundle_claim);
        answer.id = claims.at("jti").get<std::string>();
        answer.expires = TimePoint{std::chrono::seconds{claims.at("exp").get<std::int64_t>()}};
        const auto word = claims.at(verb_claim).get<std::string>();
        const auto* const verb =
            std::find_if(answer_verbs.begin(), answer_verbs.end(), [&](oncall::Verb one) { return oncall::name(one) == word; });
        if (verb == answer_verbs.end() || claims.at("iat").get<std::int64_t>() > numeric_date(now + clock_skew))
            return Unreadable::forged;
        answer.verb = *verb;
        if (now >= answer.expires)
            return Unreadable::expired;
        return answer;
    } catch (const std::exception&) {
        return Unreadable::forged;
    }
}

AnswerLinks answer_links(const std::string& public_url, const std::string& secret, const oncall::Notification& notification,
    TimePoint now, bool bundle)
{
    const auto link = [&](oncall::Verb verb) {
        Answer answer;
        answer.notification = notification.id.value;
        answer.alert = notification.alert;
        answer.verb = verb;
        answer.person = notification.person;
        answer.bundle = bundle;
        return public_url + "/a/" + issue(secret, answer, now);
    };
    return {link(oncall::Verb::acknowledge), link(oncall::Verb::decline), link(oncall::Verb::resolve)};
}

} // namespace notify
