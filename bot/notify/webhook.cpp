#include "notify/webhook.hpp"

#include "net/url.hpp"
#include "notify/http_outcome.hpp"
#include "notify/signed_token.hpp"
#include "notify/text.hpp"

#include <nlohmann/json.hpp>

namespace notify {

namespace {

using nlohmann::json;

constexpr std::size_t longest_hook = 2'000, longest_text = 64 << 10;

class Webhook final : public Provider {
public:
    Webhook(net::Network& network, doors::Clock& clock, std::function<std::string()> service_secret, WebhookRules rules)
        : network_{network}
        , clock_{clock}
        , service_secret_{std::move(service_secret)}
        , rules_{rules}
    {
    }
    std::string name() const override { return "webhook"; }

    asio::awaitable<Outcome> send(PageMessage message, std::string address) override
    {
        if (auto problem = webhook_problem(address, rules_); !problem.empty()) {
            Outcome outcome;
            outcome.how = Outcome::refused;
            outcome.why = std::move(problem);
            co_return outcome;
        }
        const auto secret = webhook_secret(service_secret_(), message.method);
        auto asking = ask(network_, address, webhook_request(secret, message, clock_.now()), !rules_.private_too);
        const auto heard = co_await std::move(asking);
        if (!heard.response)
            co_return heard.outcome;
        co_return webhook_outcome(*heard.response, clock_.now());
    }

private:
    net::Network& network_;
    doors::Clock& clock_;
    std::function<std::string()> service_secret_;
    WebhookRules rules_;
};

bool is_address(const std::string& host)
{
    return host.find(':') != host.npos || host.find_first_not_of("0123456789.") == host.npos;
}

} // namespace

std::string webhook_problem(const std::string& url, WebhookRules rules)
{
    if (url.size() > longest_hook)
        return "the address is longer than 2,000 characters";
    net::Url parts;
    try {
        parts = net::url_in(url);
    } catch (const net::Failure& failure) {
        return std::string{"this is no address that can be called: "} + failure.what();
    }
    if (parts.link)
        return "the address must start with https://";
    if (!parts.secure && !(rules.private_too && parts.loopback()))
        return "the address must start with https://";
    if (!rules.private_too && (parts.loopback() || (is_address(parts.host) && !net::is_public(parts.host))))
        return "the address is of a private network, which ONCALL_PRIVATE_WEBHOOKS does not allow";
    return {};
}

std::string webhook_secret(const std::string& service_secret, const std::string& method)
{
    return derived(service_secret, "webhook " + method);
}

net::Request webhook_request(const std::string& secret, const PageMessage& message, TimePoint now)
{
    json body;
    body["id"] = message.id;
    body["type"] = message.test ? "test" : message.alert == 0 ? "message" : "page";
    body["at"] = oncall::iso(now, "UTC");
    body["alert"] = message.alert;
    body["drill"] = message.drill;
    body["urgency"] = message.urgent ? "high" : "low";
    body["title"] = one_line(message.title, 300);
    body["text"] = fitting(clean(message.text), longest_text);
    if (!message.several.empty()) {
        body["pages"] = message.pages;
        body["alerts"] = json::array();
        for (const auto& alert : message.several) {
            json one;
            one["alert"] = alert.alert;
            one["title"] = one_line(alert.line, 300);
            body["alerts"].push_back(std::move(one));
        }
    }
    body["actions"] = json::array();
    for (const auto& action : message.actions) {
        json one;
        one["verb"] = action.verb;
        one["label"] = action.label;
        one["url"] = action.url;
        body["actions"].push_back(std::move(one));
    }
    auto request = post(body);
    request.headers.push_back({"X-Oncall-Signature", "v1=" + hex(hmac(secret, request.body))});
    return request;
}

Outcome webhook_outcome(const net::Response& response, TimePoint now)
{
    auto outcome = outcome_of(response, "", now);
    // RFC 9110 §15.5.11: it will not come back. Nobody says so by mistake.
    outcome.gone = response.status == 410;
    return outcome;
}

std::unique_ptr<Provider> webhook(
    net::Network& network, doors::Clock& clock, std::function<std::string()> service_secret, WebhookRules rules)
{
    return std::make_unique<Webhook>(network, clock, std::move(service_secret), rules);
}

} // namespace notify
