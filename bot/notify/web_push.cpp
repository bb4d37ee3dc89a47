#include "notify/web_push.hpp"

#include "notify/http_outcome.hpp"
#include "notify/text.hpp"

#include <nlohmann/json.hpp>

namespace notify {

namespace {

using nlohmann::json;

// How long a phone that is off may take to get it, in seconds. Later it is no page any more.
constexpr int time_to_live = 4 * 3'600;

class WebPush final : public Provider {
public:
    WebPush(net::Network& network, doors::Clock& clock, doors::Random& random, std::function<Vapid()> vapid)
        : network_{network}
        , clock_{clock}
        , random_{random}
        , vapid_{std::move(vapid)}
    {
    }
    std::string name() const override { return "web push"; }

    asio::awaitable<Outcome> send(PageMessage message, std::string address) override
    {
        const auto subscription = subscription_in(address);
        if (!subscription) {
            Outcome outcome;
            outcome.how = Outcome::refused;
            outcome.why = "this is no subscription of a browser";
            outcome.gone = true;
            co_return outcome;
        }
        const auto ours = fresh_keys([this](std::size_t count) { return random_.bytes(count); });
        auto request = web_push_request(message, *subscription, vapid_(), ours, random_.bytes(16), clock_.now());
        auto asking = ask(network_, subscription->endpoint, std::move(request), true);
        const auto heard = co_await std::move(asking);
        if (!heard.response)
            co_return heard.outcome;
        co_return web_push_outcome(*heard.response, clock_.now());
    }

private:
    net::Network& network_;
    doors::Clock& clock_;
    doors::Random& random_;
    std::function<Vapid()> vapid_;
};

/// What a newer push takes the place of.
std::string topic_of(const PageMessage& message)
{
    return message.test ? "test" : message.topic.empty() ? "alert-" + std::to_string(message.alert) : message.topic;
}

} // namespace

std::string push_words(const PageMessage& message)
{
    json body;
    body["alert"] = message.alert;
    body["title"] = one_line(message.title, 150);
    body["text"] = "";
    body["tag"] = topic_of(message);
    body["urgent"] = message.urgent;
    body["test"] = message.test;
    body["drill"] = message.drill;
    body["actions"] = json::array();
    for (const auto& action : message.actions) {
        json one;
        one["verb"] = action.verb;
        one["label"] = one_line(action.label, 40);
        one["url"] = action.url;
        body["actions"].push_back(std::move(one));
        // Not even without a text: the browsers show two, so the last is the least.
        if (bytes_of(body).size() > most_plain - 500) {
            body["actions"].erase(body["actions"].size() - 1);
            break;
        }
    }
    body["text"] = fitting(clean(message.text), most_plain - bytes_of(body).size());
    return bytes_of(body);
}

net::Request web_push_request(const PageMessage& message, const Subscription& subscription, const Vapid& vapid,
    const KeyPair& ours, const std::string& salt, TimePoint now)
{
    net::Request request;
    request.method = "POST";
    // A newer push about the same alert takes the place of one that has not been fetched: its links are the ones that work.
    request.headers = {{"TTL", std::to_string(time_to_live)}, {"Urgency", message.urgent ? "high" : "normal"},
        {"Topic", topic_of(message)}, {"Content-Encoding", "aes128gcm"}, {"Content-Type", "application/octet-stream"},
        {"Authorization", vapid_header(vapid, subscription.endpoint, now)}};
    request.body = encrypted(push_words(message), subscription.key, subscription.secret, ours, salt);
    return request;
}

Outcome web_push_outcome(const net::Response& response, TimePoint now)
{
    const auto body = body_of(response);
    auto said = text_in(body, "message"); // Mozilla's; Apple's is "reason"
    auto outcome = outcome_of(response, said.empty() ? text_in(body, "reason") : said, now);
    const auto status = response.status;
    if (status == 404 || status == 410) { // RFC 8030 §7.3, and what browsers' vendors answer
        outcome.gone = true;
        outcome.why = "the browser no longer takes pages (" + std::to_string(status) + ")";
    } else if (status == 401 || status == 403) {
        outcome.needs_an_operator = true;
        outcome.why += "; the push service does not accept us: check VAPID_SUBJECT and this machine's clock";
    }
    return outcome;
}

std::unique_ptr<Provider> web_push(
    net::Network& network, doors::Clock& clock, doors::Random& random, std::function<Vapid()> vapid)
{
    return std::make_unique<WebPush>(network, clock, random, std::move(vapid));
}

} // namespace notify
