#pragma once

#include "handlers/guesses.hpp"
#include "handlers/paging.hpp"
#include "handlers/web/calendar.hpp"
#include "handlers/web/twilio.hpp"
#include "handlers/window.hpp"
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

/// What comes in by HTTP: whoever watches, POST /hooks/{key}, PagerDuty's POST /v2/enqueue, answer links, what
/// Twilio tells, the push page, calendar apps, and Slack itself in HTTP mode. Answers only after the commit.
class Http {
public:
    /// Without a signing secret there is no HTTP mode.
    Http(Context& app, std::string slack_signing_secret, Probes probes)
        : app_{app}
        , slack_{std::move(slack_signing_secret)}
        , probes_{std::move(probes)}
        , twilio_{app}
        , calendars_{app}
    {
    }
    asio::awaitable<net::Response> serve(net::Request request);
    const TwilioDoor& twilio() const { return twilio_; }

private:
    asio::awaitable<net::Response> hook(net::Request request);
    /// PagerDuty's Events API v2, at its own path and at /hooks/{key}. `source`: whose key the path had; else the event names it.
    asio::awaitable<net::Response> pagerduty(net::Request request, std::shared_ptr<const oncall::Source> source);
    asio::awaitable<net::Response> slack_request(net::Request request);
    asio::awaitable<net::Response> link(net::Request request);
    asio::awaitable<net::Response> push(net::Request request);
    asio::awaitable<net::Response> calendar(net::Request request);

    /// The source with that key, unless its sender has guessed too much.
    struct Knock {
        std::shared_ptr<const oncall::Source> source{}; // nullptr: no source has that key
        bool barred{};
    };
    Knock knock(const std::string& key, const std::string& address);

    struct Kept {
        std::vector<std::string> keys{};
        std::vector<std::int64_t> alerts{};
        std::string problem{}; // nothing was kept: it is to be sent again
    };
    asio::awaitable<Kept> keep(const oncall::Source& source, std::vector<Report> reports);

    Context& app_;
    slack::HttpDoor slack_;
    Probes probes_;
    TwilioDoor twilio_;
    CalendarDoor calendars_;
    Guesses keys_{20}; // a minute and address
    Guesses links_{20};
    TimePoint refusal_said_{}; // in the log, that somebody else than Slack knocks at its door
    struct Events {
        SlidingWindow window;
        TimePoint said{}; // in the log, that there are too many
    };
    std::map<std::string, Events> events_{}; // PagerDuty's, by source
};

} // namespace handlers
