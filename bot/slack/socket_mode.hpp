#pragma once

#include "doors/clock.hpp"
#include "doors/log.hpp"
#include "doors/random.hpp"
#include "doors/tasks.hpp"
#include "net/network.hpp"
#include "slack/client.hpp"

#include <functional>
#include <set>

namespace slack {

/// One delivery. `id` is unique per envelope; an Events API delivery that is repeated has `retry` > 0 and is never dropped here.
struct Envelope {
    std::string id{};
    std::string type{};
    bool accepts_answer{};
    int retry{};
    Json payload{};
};

/// Slack's Socket Mode (docs.slack.dev, apis/events-api/using-socket-mode). Keeps two links up; a new one is up before an old one
/// is let go; a lost one is replaced at once, and from the second failed attempt in a row after a backoff of 0.5, 1, 2 … 30 s
/// with full jitter, at most 4 s after a link that did say hello and died young. Every envelope is handed to `handle`, on its own
/// coroutine; what it returns is the answer's payload (null: none) and is sent on the link that brought the envelope, or on
/// another when that one has died. An envelope whose handler throws is not answered, so that Slack or the person tries again.
class SocketMode {
public:
    struct Doors {
        net::Network& network;
        Client& client;
        doors::Clock& clock;
        doors::Random& random;
        doors::Tasks& tasks;
        logging::Log& log;
    };
    using Handle = std::function<asio::awaitable<Json>(Envelope)>;

    /// `fatal` is called once with Slack's code when connecting can never succeed (invalid_auth, account_inactive, …); trying
    /// goes on every 5 minutes, in case a person mends it.
    SocketMode(Doors doors, std::string app_token, Handle handle, std::function<void(std::string)> fatal, int links = 2);
    ~SocketMode();

    /// Keeps the links until its task is cancelled.
    asio::awaitable<void> run();

    struct Health {
        int links_up{}; // links that have said hello
        doors::TimePoint last_frame{}; // zero: none yet
        std::uint64_t envelopes{};
        std::uint64_t reconnects{};
        std::string last_reason{}; // why the last link ended
    };
    const Health& health() const;

private:
    struct State;
    std::shared_ptr<State> state_;
};

} // namespace slack
