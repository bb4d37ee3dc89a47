#pragma once

#include "handlers/context.hpp"
#include "net/message.hpp"

namespace handlers {

/// What comes in by HTTP: GET /health, POST /hooks/{key}. Answers 202 only after the commit.
class Http {
public:
    explicit Http(Context& app)
        : app_{app}
    {
    }
    asio::awaitable<net::Response> serve(net::Request request);

private:
    asio::awaitable<net::Response> hook(net::Request request);
    bool guesses_too_much(const std::string& peer);

    struct Guesses {
        TimePoint since{};
        int count{};
    };
    Context& app_;
    std::map<std::string, Guesses> guesses_{}; // wrong keys, by the other side's address
};

} // namespace handlers
