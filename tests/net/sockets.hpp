#pragma once

#include "net/network.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>

#include <chrono>
#include <filesystem>

/// Real sockets on loopback. These tests wait for the kernel, with short limits of their own.
namespace sockets {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;
using namespace std::chrono_literals;
using net::milliseconds;

struct Bench {
    asio::io_context loop{1};
    std::unique_ptr<net::Network> network;

    explicit Bench(net::LinkLimits links = {}, std::string authorities = {})
        : network{net::internet(loop.get_executor(), std::move(authorities), links)}
    {
    }

    /// Runs the loop until the condition holds; false after `limit`.
    bool until(const std::function<bool()>& condition, milliseconds limit = 10s);

    struct Fetched {
        net::Response answer{};
        std::string failure{};
        bool maybe_sent{};
        bool over{};
    };
    Fetched fetch(std::string url, net::Request request = {}, net::FetchLimits limits = {});

    struct Connected {
        std::unique_ptr<net::Link> link{};
        std::string failure{};
        bool over{};
    };
    Connected connect(std::string url);
    /// The next message, or "gone: why".
    std::string read(net::Link& link, milliseconds limit = 10s);
};

/// A client of bytes: connects, says something, says `then` once it has heard a head, and reads until the other side closes
/// ("<end>") or is silent for `patience`.
std::string talk(Bench& bench, std::uint16_t port, std::string words, milliseconds patience = 300ms, std::string then = {});

/// A server of bytes: reads a request's head, then says the next of `answers` and, if that is empty or `close` says so, closes.
class RawServer {
public:
    RawServer(asio::io_context& loop, std::vector<std::string> answers, bool close = false);
    ~RawServer();
    std::uint16_t port() const;
    int accepted() const;
    /// Closes every connection it has.
    void hang_up();

private:
    struct State;
    std::shared_ptr<State> state_;
};

/// Takes TLS off in front of a plain port.
class TlsFront {
public:
    TlsFront(
        asio::io_context& loop, const std::string& certificate, const std::string& key, std::uint16_t behind, bool old = false);
    ~TlsFront();
    std::uint16_t port() const;
    int accepted() const;

private:
    struct State;
    std::shared_ptr<State> state_;
};

/// An authority and what it has signed, as files.
struct Certificates {
    std::filesystem::path folder{};
    Certificates();
    ~Certificates();
    std::string authority() const { return (folder / "ca.pem").string(); }
    std::string key() const { return (folder / "key.pem").string(); }
    /// For localhost and 127.0.0.1; for another host; by nobody's authority; expired.
    std::string good() const { return (folder / "good.pem").string(); }
    std::string other() const { return (folder / "other.pem").string(); }
    std::string own() const { return (folder / "own.pem").string(); }
    std::string expired() const { return (folder / "expired.pem").string(); }
};

} // namespace sockets
