#include "notify/ntfy.hpp"

#include "notify/http_outcome.hpp"
#include "notify/text.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace notify {

namespace {

using nlohmann::json;

// server.yml's message-size-limit, and what the server reads of a JSON publication: twice that.
constexpr std::size_t longest_ntfy = 4'096;
constexpr std::size_t longest_request = 2 * longest_ntfy;
constexpr std::size_t most_actions = 3;

class Ntfy final : public Provider {
public:
    Ntfy(net::Network& network, doors::Clock& clock, NtfyServer server)
        : network_{network}
        , clock_{clock}
        , server_{std::move(server)}
    {
    }
    std::string name() const override { return "ntfy"; }

    asio::awaitable<Outcome> send(PageMessage message, std::string address) override
    {
        if (!is_ntfy_topic(address)) {
            Outcome outcome;
            outcome.how = Outcome::refused;
            outcome.why = "this is no topic: letters, digits, - and _, at most 64";
            co_return outcome;
        }
        auto asking = ask(network_, server_.url + "/", ntfy_request(server_, message, address), false);
        const auto heard = co_await std::move(asking);
        if (!heard.response)
            co_return heard.outcome;
        co_return ntfy_outcome(*heard.response, clock_.now());
    }

private:
    net::Network& network_;
    doors::Clock& clock_;
    NtfyServer server_;
};

} // namespace

bool is_ntfy_topic(std::string_view topic)
{
    return !topic.empty() && topic.size() <= 64 && std::all_of(topic.begin(), topic.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    });
}

net::Request ntfy_request(const NtfyServer& server, const PageMessage& message, const std::string& topic)
{
    json body;
    body["topic"] = topic;
    body["title"] = one_line(message.title, 200);
    body["priority"] = message.urgent ? 5 : 3; // 5: "really long vibration bursts", and through Do Not Disturb where allowed
    body["tags"] = json::array({message.test || message.drill ? "test_tube" : message.urgent ? "rotating_light" : "bell"});
    auto actions = json::array();
    for (const auto& action : message.actions) {
        if (actions.size() == most_actions)
            break;
        json button;
        button["action"] = "http";
        button["label"] = one_line(action.label, 40);
        button["url"] = action.url;
        button["method"] = "POST";
        button["clear"] = true; // the notification goes when the button has worked
        actions.push_back(std::move(button));
    }
    if (!actions.empty()) {
        body["click"] = message.actions.front().url; // GET: shows the alert
        body["actions"] = std::move(actions);
    }
    const auto head = bytes_of(body).size() + 16; // with ,"message":""
    const auto room = std::min(longest_ntfy - 1, longest_request - std::min(head, longest_request));
    auto text = fitting(clean(message.text), room);
    body["message"] = text.empty() ? body["title"] : json(std::move(text)); // an empty one would be shown as "triggered"
    auto request = post(body);
    if (!server.token.empty())
        request.headers.push_back({"Authorization", "Bearer " + server.token});
    return request;
}

Outcome ntfy_outcome(const net::Response& response, TimePoint now)
{
    auto outcome = outcome_of(response, text_in(body_of(response), "error"), now);
    if (outcome.how == Outcome::accepted) {
        // Something that is no ntfy, as a proxy's login page, answers with 200 as well.
        if (text_in(body_of(response), "id").empty()) {
            outcome.how = Outcome::refused;
            outcome.why = "what answers at NTFY_URL is no ntfy server";
            outcome.needs_an_operator = true;
        }
        return outcome;
    }
    const auto status = response.status;
    // 403 may be about this topic alone.
    outcome.needs_an_operator = status == 401 || status == 404 || (status >= 300 && status < 400);
    if (status == 401 || status == 403)
        outcome.why += "; NTFY_TOKEN must be one that may write to the topic";
    return outcome;
}

std::unique_ptr<Provider> ntfy(net::Network& network, doors::Clock& clock, NtfyServer server)
{
    return std::make_unique<Ntfy>(network, clock, std::move(server));
}

} // namespace notify
