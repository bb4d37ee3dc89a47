#pragma once

#include "net/message.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <stdexcept>

namespace doors {
class Clock;
class Tasks;
} // namespace doors

namespace net {

namespace asio = boost::asio;
using std::chrono::milliseconds;

/// An exchange that failed on the way. `maybe_sent` says whether the other side may have acted on it:
/// false is a promise that it saw nothing.
class Failure : public std::runtime_error {
public:
    Failure(const std::string& what, bool maybe_sent)
        : std::runtime_error{what}
        , maybe_sent_{maybe_sent}
    {
    }
    bool maybe_sent() const { return maybe_sent_; }

private:
    bool maybe_sent_;
};

/// The address is of this machine, of a network of its own or of nobody's, where only public ones are allowed. Nothing was sent.
class NotPublic : public Failure {
public:
    explicit NotPublic(const std::string& what)
        : Failure{what, false}
    {
    }
};

/// One WebSocket (RFC 6455), text messages only. Owned by whoever connected or serves it.
class Link {
public:
    virtual ~Link() = default;
    /// The next whole text message (fragments joined). Throws Failure when the link is gone: closed by the other side,
    /// reset, silent beyond the idle limit, or a message over the limit. One reader at a time.
    virtual asio::awaitable<std::string> read() = 0;
    /// Queues a whole message; never waits. Lost if the link dies first: the reader hears of it. Any number of writers.
    virtual void send(std::string text) = 0;
    /// Sends a close frame, waits for the answer at most a second, then drops the connection.
    virtual asio::awaitable<void> close() = 0;
    /// Drops the connection at once, without a close frame.
    virtual void drop() = 0;
};

struct FetchLimits {
    milliseconds timeout{30'000};
    std::size_t body{4 << 20}; // bytes of an answer's body
    bool public_only{}; // connects to addresses that `is_public` alone, whatever the name says they are; else NotPublic
};

struct ServeLimits {
    milliseconds header_timeout{5'000};
    milliseconds body_timeout{10'000};
    milliseconds idle_timeout{60'000};
    std::size_t header{8 << 10};
    std::size_t body{512 << 10}; // a larger one is answered 413
    std::size_t connections{2'000};
};

/// PEM files of a TLS server: its certificate with those that lead to the root, and its key. Read again when they change.
struct Certificate {
    std::string chain{};
    std::string key{};
};

/// What a listener does. `serve` answers a request (what it throws becomes a 500 without details). `admit` may refuse a
/// WebSocket upgrade by returning the answer to give; `serve_link` owns an upgraded link. Without `serve_link`, upgrades get 404.
struct Service {
    std::function<asio::awaitable<Response>(Request)> serve{};
    std::function<std::optional<Response>(const Request&)> admit{};
    std::function<asio::awaitable<void>(Request, std::shared_ptr<Link>)> serve_link{};
    ServeLimits limits{};
    /// How large the body of a request may be, by its head alone (the body is still to come). Absent: `limits.body`.
    std::function<std::size_t(const Request& head)> most_body{};
    std::size_t most_of_all{}; // what `most_body` may say at most
    /// Hears of each request that was answered 413 without being served.
    std::function<void(const Request& head)> too_large{};
    Certificate certificate{}; // empty: without TLS
};

/// How long a WebSocket waits, on either side: for the whole opening, for a sign of life, for the answer to a close frame.
/// Half of `idle` without a word and a ping is sent. A longer `message` ends the link.
struct LinkLimits {
    milliseconds handshake{10'000};
    milliseconds idle{20'000};
    milliseconds close{1'000};
    std::size_t message{1 << 20};
};

/// Stops accepting and drops its connections when destroyed.
class Listener {
public:
    virtual ~Listener() = default;
    virtual std::uint16_t port() const = 0;
};

/// Everything that opens a socket. Two kinds: the internet, and one in memory for tests.
class Network {
public:
    virtual ~Network() = default;
    /// One HTTP exchange with an absolute http:// or https:// URL; `request.target` is replaced by the URL's.
    /// Connections are kept alive and reused. Any status is an answer; throws Failure when there is none.
    virtual asio::awaitable<Response> fetch(std::string url, Request request, FetchLimits limits) = 0;
    /// Opens a WebSocket to a ws:// or wss:// URL, within 10 s. Pings keep it alive; silence of 20 s ends it; messages to 1 MiB.
    /// A refusal by the other side is a Failure whose text has the status.
    virtual asio::awaitable<std::unique_ptr<Link>> connect(std::string url) = 0;
    /// Listens on "host:port" (port 0: any). Throws std::system_error when the address is taken.
    virtual std::unique_ptr<Listener> listen(std::string address, Service service) = 0;
};

/// The real one: Beast and OpenSSL. TLS always verifies peer and host name, at least 1.2. Without TLS only loopback hosts are
/// allowed. `authorities` is a PEM file of trusted roots (empty: the system's).
std::unique_ptr<Network> internet(asio::any_io_executor loop, std::string authorities = {}, LinkLimits links = {});

} // namespace net
