#include "workspace/state.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

namespace workspace {

namespace {

std::string sign(const std::string& secret, const std::string& timestamp, const std::string& body)
{
    const auto base = "v0:" + timestamp + ":" + body;
    unsigned char digest[32];
    unsigned int length = sizeof digest;
    HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()), reinterpret_cast<const unsigned char*>(base.data()),
        base.size(), digest, &length);
    std::string hex = "v0=";
    for (const auto byte : digest) {
        hex += "0123456789abcdef"[byte / 16];
        hex += "0123456789abcdef"[byte % 16];
    }
    return hex;
}

net::Request request_for(const State& state, const std::string& type, const Json& payload)
{
    net::Request request;
    request.method = "POST";
    std::string kind = "application/x-www-form-urlencoded";
    if (type == "events_api") {
        kind = "application/json";
        request.body = payload.dump();
    } else if (type == "slash_commands") {
        std::vector<net::Header> fields;
        for (const auto& [name, value] : payload.items())
            fields.push_back({name, value.is_string() ? value.get<std::string>() : value.dump()});
        request.body = net::form_out(fields);
    } else {
        request.body = net::form_out({{"payload", payload.dump()}});
    }
    const auto timestamp = std::to_string(std::chrono::floor<seconds>(state.now()).time_since_epoch().count());
    request.headers = {{"Content-Type", kind}, {"User-Agent", "Slackbot 1.0 (+https://api.slack.com/robots)"},
        {"X-Slack-Request-Timestamp", timestamp}, {"X-Slack-Signature", sign(state.signing_secret, timestamp, request.body)}};
    return request;
}

/// What an answer's body says, as an ack's payload would; nullopt when it is nothing Slack takes.
std::optional<Json> said(const net::Response& answer)
{
    if (answer.body.empty())
        return Json{};
    if (net::header(answer.headers, "Content-Type").substr(0, 16) == "application/json")
        return read_json(answer.body);
    return Json{{"text", answer.body}};
}

asio::awaitable<void> exchange(
    std::weak_ptr<State> weak, std::shared_ptr<Outgoing> outgoing, std::string url, net::Request request, bool counts)
{
    auto state = weak.lock();
    if (!state || state->closed)
        co_return;
    auto& network = state->doors.network;
    net::FetchLimits limits;
    limits.timeout = state->settings.ack_limit;
    state.reset();
    std::optional<net::Response> answer;
    std::string trouble = "operation_timeout";
    try {
        answer = co_await network.fetch(std::move(url), std::move(request), limits);
    } catch (const net::Failure& failure) {
        if (!failure.maybe_sent())
            trouble = "dispatch_failed";
    }
    state = weak.lock();
    if (!state || state->closed || !counts)
        co_return;
    outgoing->course->delivered = trouble != "dispatch_failed";
    if (answer && state->lost_acks > 0) {
        --state->lost_acks;
        answer.reset();
    }
    if (!answer) {
        outgoing->why = trouble == "dispatch_failed" ? "connection_failed" : "http_timeout";
        co_return missed(*state, outgoing, trouble);
    }
    if (answer->status < 200 || answer->status > 299) {
        const bool again = net::header(answer->headers, "X-Slack-No-Retry") != "1";
        outgoing->why = "http_error";
        co_return missed(*state, outgoing, "http_error " + std::to_string(answer->status), again);
    }
    const auto words = said(*answer);
    if (!words)
        state->violations.push_back("an answer that is no JSON: " + answer->body.substr(0, 100));
    // An event's answer is not looked at, but for its status.
    conclude(*state, *outgoing, words && outgoing->type != "events_api" ? *words : Json{});
}

} // namespace

void post(State& state, const std::shared_ptr<Outgoing>& outgoing)
{
    if (state.listeners.empty())
        return missed(state, outgoing, "dispatch_failed");
    const auto& type = outgoing->type;
    const bool asks = outgoing->payload.value("type", std::string{}) == "block_suggestion";
    const auto& url = type == "events_api" ? state.settings.events_url
        : type == "slash_commands"         ? state.settings.commands_url
        : asks                             ? state.settings.options_url
                                           : state.settings.interactions_url;
    if (url.empty())
        return missed(state, outgoing, "dispatch_failed");
    auto request = request_for(state, type, outgoing->payload);
    if (const auto attempts = outgoing->course->attempts; attempts > 1) {
        request.headers.push_back({"X-Slack-Retry-Num", std::to_string(attempts - 1)});
        request.headers.push_back({"X-Slack-Retry-Reason", outgoing->why.empty() ? "http_timeout" : outgoing->why});
    }
    outgoing->sent = state.now();
    const auto weak = state.weak_from_this();
    if (again(state, type))
        state.doors.tasks.spawn("workspace posts twice", exchange(weak, outgoing, url, request, false));
    state.doors.tasks.spawn("workspace posts", exchange(weak, outgoing, url, std::move(request), true));
}

Delivery Workspace::verify_events_url()
{
    auto outgoing = std::make_shared<Outgoing>();
    outgoing->type = "url_verification";
    outgoing->accepts_payload = true;
    const auto challenge = state_->doors.random.token(24);
    Json payload{{"token", "deprecated"}, {"challenge", challenge}, {"type", "url_verification"}};
    outgoing->on_ack = [challenge](const Json& answer) -> std::string {
        const auto text = answer.is_object() ? answer.value("challenge", answer.value("text", std::string{})) : std::string{};
        return text == challenge || text == "challenge=" + challenge ? "" : "the challenge was not answered";
    };
    ++outgoing->course->attempts;
    outgoing->sent = state_->now();
    auto request = request_for(*state_, "events_api", payload);
    state_->doors.tasks.spawn("workspace verifies",
        exchange(state_->weak_from_this(), outgoing, state_->settings.events_url, std::move(request), true));
    return Delivery{outgoing->course};
}

} // namespace workspace
