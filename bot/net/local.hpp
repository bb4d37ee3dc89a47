#pragma once

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

/// Exchanges between processes of one machine and one user, over a Unix stream socket: one message each way, then it closes.
/// A message is its length in four bytes, the highest first, and its bytes.
namespace net {

namespace asio = boost::asio;
using std::chrono::milliseconds;

struct LocalLimits {
    milliseconds hear{5'000}; // for a question to arrive
    milliseconds wait{60'000}; // for an answer, from the asker's side; and for the asker to take it
    std::size_t message{18 << 20}; // a payload of 8 MB, as text in JSON
    std::size_t connections{8}; // at a time; more are turned away
};

/// Answers until it is destroyed, which takes the socket's file away and drops whoever is connected.
class LocalListener {
public:
    virtual ~LocalListener() = default;
};

/// Listens on `path`, a socket of mode 0600, and replaces what is there: the caller holds the lock that keeps others from doing
/// so. Only processes of this user and of root are heard. What `serve` throws closes the connection without an answer. Throws
/// std::system_error when there can be no socket.
std::unique_ptr<LocalListener> serve_local(asio::any_io_executor loop, std::string path,
    std::function<asio::awaitable<std::string>(std::string)> serve, LocalLimits limits = {});

/// Asks whoever listens on `path`. nullopt: nobody does, and nothing was sent. Throws net::Failure when somebody does and there
/// is no answer, or this user may not ask.
asio::awaitable<std::optional<std::string>> ask_local(
    asio::any_io_executor loop, std::string path, std::string question, LocalLimits limits = {});

} // namespace net
