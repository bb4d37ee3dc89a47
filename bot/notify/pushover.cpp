#include "notify/pushover.hpp"

#include "notify/http_outcome.hpp"
#include "notify/text.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace notify {

namespace {

using nlohmann::json;

const std::string api{"https://api.pushover.net/1/"};

// https://pushover.net/api: in characters.
constexpr std::size_t longest_pushover = 1'024, longest_title = 250, longest_url = 512, longest_url_title = 100;

bool all_alphanumeric(std::string_view text)
{
    return std::all_of(text.begin(), text.end(),
        [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); });
}

bool is_one(const json& body, const std::string& name)
{
    const auto found = body.find(name);
    return found != body.end() && found->is_number_integer() && found->get<std::int64_t>() == 1;
}

bool is_wrong(const json& body, const std::string& name) { return text_in(body, name) == "invalid"; }

std::string errors_in(const json& body)
{
    std::string all;
    if (const auto found = body.find("errors"); found != body.end() && found->is_array())
        for (const auto& one : *found)
            if (one.is_string())
                all += (all.empty() ? "" : "; ") + one_line(one.get<std::string>(), 200);
    return shortened(std::move(all), 300);
}

class Pushover final : public Provider {
public:
    Pushover(net::Network& network, doors::Clock& clock, std::string token)
        : network_{network}
        , clock_{clock}
        , token_{std::move(token)}
    {
    }
    std::string name() const override { return "Pushover"; }

    asio::awaitable<Outcome> send(PageMessage message, std::string address) override
    {
        if (!is_pushover_key(address)) {
            Outcome outcome;
            outcome.how = Outcome::refused;
            outcome.why = "this is no user key of Pushover: 30 letters and digits";
            co_return outcome;
        }
        auto asking = ask(network_, api + "messages.json", pushover_request(token_, message, address), false);
        const auto heard = co_await std::move(asking);
        if (!heard.response)
            co_return heard.outcome;
        co_return pushover_outcome(*heard.response, clock_.now());
    }

    asio::awaitable<Outcome> look(std::string reference) override
    {
        Outcome unknown;
        if (reference.empty() || !all_alphanumeric(reference))
            co_return unknown;
        net::Request request;
        auto asking = ask(network_, api + "receipts/" + reference + ".json?token=" + token_, std::move(request), false);
        const auto heard = co_await std::move(asking);
        if (!heard.response)
            co_return unknown; // as far as is known, it is still on its way
        co_return pushover_receipt(*heard.response, clock_.now());
    }

    asio::awaitable<Outcome> hush(std::string reference) override
    {
        Outcome silent;
        silent.how = Outcome::confirmed;
        if (reference.empty() || !all_alphanumeric(reference))
            co_return silent;
        auto asking = ask(network_, api + "receipts/" + reference + "/cancel.json", pushover_cancel(token_), false);
        const auto heard = co_await std::move(asking);
        if (!heard.response)
            co_return heard.outcome;
        auto outcome = outcome_of(*heard.response, errors_in(body_of(*heard.response)), clock_.now());
        if (outcome.how == Outcome::accepted)
            outcome.how = Outcome::confirmed;
        co_return outcome;
    }

private:
    net::Network& network_;
    doors::Clock& clock_;
    std::string token_;
};

} // namespace

bool is_pushover_key(std::string_view key) { return key.size() == 30 && all_alphanumeric(key); }

net::Request pushover_request(const std::string& token, const PageMessage& message, const std::string& key)
{
    std::vector<net::Header> fields{{"token", token}, {"user", key}, {"title", one_line(message.title, longest_title)}};
    auto text = shortened(clean(message.text), longest_pushover);
    fields.push_back({"message", text.empty() ? fields.back().value : std::move(text)});
    fields.push_back({"priority", message.urgent ? "2" : "0"});
    if (message.urgent) {
        // Ours is the patience; and should it not hear that somebody else has answered, it must not go on for long.
        fields.push_back({"retry", "60"});
        fields.push_back({"expire", "180"});
    }
    if (!message.actions.empty() && message.actions.front().url.size() <= longest_url) {
        fields.push_back({"url", message.actions.front().url});
        fields.push_back({"url_title", one_line(message.actions.front().label, longest_url_title)});
    }
    net::Request request;
    request.method = "POST";
    request.headers = {{"Content-Type", "application/x-www-form-urlencoded"}};
    request.body = net::form_out(fields);
    return request;
}

net::Request pushover_cancel(const std::string& token)
{
    net::Request request;
    request.method = "POST";
    request.headers = {{"Content-Type", "application/x-www-form-urlencoded"}};
    request.body = net::form_out({{"token", token}});
    return request;
}

Outcome pushover_outcome(const net::Response& response, TimePoint now)
{
    const auto body = body_of(response);
    auto outcome = outcome_of(response, errors_in(body), now);
    if (outcome.how == Outcome::accepted) {
        if (!is_one(body, "status")) {
            outcome.how = Outcome::refused;
            outcome.why = errors_in(body).empty() ? "its answer says no success" : errors_in(body);
        }
        outcome.reference = text_in(body, "receipt");
        return outcome;
    }
    // 429: the application's messages of this month are used up. It resets on the first of the next.
    outcome.needs_an_operator = is_wrong(body, "token") || response.status == 429;
    if (is_wrong(body, "token"))
        outcome.why += "; PUSHOVER_TOKEN is wrong";
    if (response.status == 429) {
        outcome.how = Outcome::refused;
        outcome.why = "this month's messages of the Pushover application are used up (429)";
    }
    outcome.gone = outcome.how == Outcome::refused && is_wrong(body, "user") && !is_wrong(body, "token");
    return outcome;
}

Outcome pushover_receipt(const net::Response& response, TimePoint now)
{
    const auto body = body_of(response);
    auto outcome = outcome_of(response, errors_in(body), now);
    if (outcome.how == Outcome::later)
        return {};
    if (outcome.how != Outcome::accepted)
        return outcome;
    const auto delivered = body.find("last_delivered_at");
    if (is_one(body, "acknowledged")) {
        outcome.how = Outcome::confirmed;
        outcome.why = "acknowledged in Pushover";
    } else if (delivered != body.end() && delivered->is_number_integer() && delivered->get<std::int64_t>() > 0) {
        outcome.how = Outcome::confirmed;
    } else if (is_one(body, "expired")) {
        outcome.how = Outcome::refused;
        outcome.why = "no device took it in time";
    }
    return outcome;
}

std::unique_ptr<Provider> pushover(net::Network& network, doors::Clock& clock, std::string token)
{
    return std::make_unique<Pushover>(network, clock, std::move(token));
}

} // namespace notify
