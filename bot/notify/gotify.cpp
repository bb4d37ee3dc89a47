#include "notify/gotify.hpp"

#include "notify/http_outcome.hpp"
#include "notify/text.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace notify {

namespace {

using nlohmann::json;

constexpr std::size_t longest_gotify = 4'000; // what is read on a phone; the server has no limit of its own

class Gotify final : public Provider {
public:
    Gotify(net::Network& network, doors::Clock& clock, std::string url)
        : network_{network}
        , clock_{clock}
        , url_{std::move(url)}
    {
    }
    std::string name() const override { return "Gotify"; }

    asio::awaitable<Outcome> send(PageMessage message, std::string address) override
    {
        if (!is_gotify_token(address)) {
            Outcome outcome;
            outcome.how = Outcome::refused;
            outcome.why = "this is no application's token of Gotify";
            co_return outcome;
        }
        auto asking = ask(network_, url_ + "/message", gotify_request(message, address), false);
        const auto heard = co_await std::move(asking);
        if (!heard.response)
            co_return heard.outcome;
        co_return gotify_outcome(*heard.response, clock_.now());
    }

private:
    net::Network& network_;
    doors::Clock& clock_;
    std::string url_;
};

} // namespace

bool is_gotify_token(std::string_view token)
{
    return !token.empty() && token.size() <= 64 && std::all_of(token.begin(), token.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
    });
}

net::Request gotify_request(const PageMessage& message, const std::string& token)
{
    json body;
    body["title"] = one_line(message.title, 200);
    body["priority"] = message.urgent ? 10 : 5; // its app: from 8 on with a sound that insists
    body["extras"]["client::display"]["contentType"] = "text/plain"; // foreign text is no Markdown
    auto text = fitting(clean(message.text), longest_gotify);
    if (!message.actions.empty()) {
        const auto& first = message.actions.front();
        body["extras"]["client::notification"]["click"]["url"] = first.url;
        text += "\n\n" + one_line(first.label, 40) + ": " + first.url; // for whoever reads it in the app's list
    }
    body["message"] = text.empty() ? body["title"] : json(std::move(text));
    auto request = post(body);
    request.headers.push_back({"X-Gotify-Key", token});
    return request;
}

Outcome gotify_outcome(const net::Response& response, TimePoint now)
{
    const auto body = body_of(response);
    const auto described = text_in(body, "errorDescription");
    auto outcome = outcome_of(response, described.empty() ? text_in(body, "error") : described, now);
    const auto status = response.status;
    if (outcome.how == Outcome::accepted) {
        if (!body.contains("id")) {
            outcome.how = Outcome::refused;
            outcome.why = "what answers at GOTIFY_URL is no Gotify server";
            outcome.needs_an_operator = true;
        }
    } else if (status == 401 || status == 403) {
        outcome.why = "Gotify knows no application with this token: it was deleted, or copied wrongly";
    } else {
        outcome.needs_an_operator = status == 404 || (status >= 300 && status < 400);
    }
    return outcome;
}

std::unique_ptr<Provider> gotify(net::Network& network, doors::Clock& clock, std::string url)
{
    return std::make_unique<Gotify>(network, clock, std::move(url));
}

} // namespace notify
