#pragma once

#include "handlers/guesses.hpp"
#include "handlers/hooks.hpp"
#include "handlers/opsgenie_door.hpp"
#include "handlers/web/calendar.hpp"
#include "handlers/web/twilio.hpp"
#include "net/message.hpp"
#include "slack/http_door.hpp"

namespace handlers {

/// What the service says of itself to those who watch it: GET /health, /ready and /metrics.
struct Probes {
    using Say = std::function<asio::awaitable<net::Response>()>;
    Say health{};
    Say ready{};
    Say metrics{};
};

/// What comes in by HTTP: whoever watches, monitoring, answer links, what Twilio tells, the push page, calendar apps, and Slack
/// itself in HTTP mode. Answers only after the commit.
class Http {
public:
    /// Without a signing secret there is no HTTP mode.
    Http(Context& app, std::string slack_signing_secret, Probes probes)
        : app_{app}
        , slack_{std::move(slack_signing_secret)}
        , probes_{std::move(probes)}
        , keys_{app}
        , hooks_{app, keys_}
        , opsgenie_{app, keys_}
        , twilio_{app}
        , calendars_{app}
    {
    }
    asio::awaitable<net::Response> serve(net::Request request);
    /// How large a request with this head may be, zero for what the listener takes from everybody; and what is done about one
    /// that was larger, and was not read.
    std::size_t most_body(const net::Request& head) const;
    void too_large(const net::Request& head);
    const TwilioDoor& twilio() const { return twilio_; }

private:
    asio::awaitable<net::Response> slack_request(net::Request request);
    asio::awaitable<net::Response> link(net::Request request);
    asio::awaitable<net::Response> push(net::Request request);
    asio::awaitable<net::Response> calendar(net::Request request);

    Context& app_;
    slack::HttpDoor slack_;
    Probes probes_;
    KeyDoor keys_;
    Hooks hooks_;
    OpsgenieDoor opsgenie_;
    TwilioDoor twilio_;
    CalendarDoor calendars_;
    Guesses links_{20};
    TimePoint refusal_said_{}; // in the log, that somebody else than Slack knocks at its door
};

} // namespace handlers
