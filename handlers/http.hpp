#pragma once

#include "handlers/context.hpp"
#include "net/message.hpp"
#include "slack/http_door.hpp"

namespace handlers {

/// What comes in by HTTP: GET /health, POST /hooks/{key}, and Slack itself in HTTP mode. Answers only after the commit.
class Http {
public:
    /// Without a signing secret there is no HTTP mode.
    Http(Context& app, std::string slack_signing_secret)
        : app_{app}
        , slack_{std::move(slack_signing_secret)}
    {
    }
    asio::awaitable<net::Response> serve(net::Request request);

private:
    asio::awaitable<net::Response> hook(net::Request request);
    asio::awaitable<net::Response> slack_request(net::Request request);
    bool guesses_too_much(const std::string& peer);

    struct Guesses {
        TimePoint since{};
        int count{};
    };
    Context& app_;
    slack::HttpDoor slack_;
    std::map<std::string, Guesses> guesses_{}; // wrong keys, by the other side's address
};

} // namespace handlers
