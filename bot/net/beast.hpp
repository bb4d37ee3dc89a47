#pragma once

// What the server and the client have in common of Beast. Private to this room.

#include "net/network.hpp"

#include <boost/asio/bind_executor.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/beast/websocket/ssl.hpp>

#include <deque>

namespace net {

namespace beast = boost::beast;
namespace http = beast::http;
namespace websocket = beast::websocket;
using boost::system::error_code;
using tcp = asio::ip::tcp;

/// A TCP stream with time limits, of a type of our own so that `async_teardown` below is ours.
class Wire : public beast::tcp_stream {
public:
    using beast::tcp_stream::tcp_stream;
};
using SecureWire = beast::ssl_stream<Wire>;

/// After both close frames a WebSocket has nothing left to say. Beast would wait for the other side to close TCP, which
/// some (Slack among them) never do.
template <class Handler> void async_teardown(beast::role_type, Wire& wire, Handler&& handler)
{
    wire.close();
    asio::post(wire.get_executor(), beast::bind_front_handler(std::forward<Handler>(handler), error_code{}));
}
template <class Handler> void async_teardown(beast::role_type role, SecureWire& wire, Handler&& handler)
{
    async_teardown(role, wire.next_layer(), std::forward<Handler>(handler));
}

/// True when the coroutine that asks has been cancelled.
inline asio::awaitable<bool> cancelled()
{
    const auto state = co_await asio::this_coro::cancellation_state;
    co_return state.cancelled() != asio::cancellation_type::none;
}

/// Only token characters (RFC 9110 §5.6.2).
bool is_token(std::string_view text);
/// Would break out of its line: holds CR, LF or NUL.
bool breaks_line(std::string_view text);
/// Headers that the connection itself decides.
bool is_framing(std::string_view name);

template <class Fields> std::vector<Header> headers_in(const Fields& fields)
{
    std::vector<Header> headers;
    headers.reserve(8);
    for (const auto& field : fields)
        headers.push_back({std::string{field.name_string()}, std::string{field.value()}});
    return headers;
}

/// What a link is made of; it outlives the Link as long as operations are under way.
class AnyLinkState {
public:
    virtual ~AnyLinkState() = default;
    virtual void reset() = 0;
};

/// A WebSocket on `Stream`. Reads one message ahead, so that pings, pongs and closing are noticed while nobody reads.
template <class Stream> class LinkState final : public AnyLinkState, public std::enable_shared_from_this<LinkState<Stream>> {
public:
    using Shared = std::shared_ptr<LinkState>;

    LinkState(Stream stream, const LinkLimits& limits)
        : ws{std::move(stream)}
        , limits_{limits}
        , heard_{ws.get_executor(), asio::steady_timer::time_point::max()}
        , farewell_{ws.get_executor()}
    {
        buffer_.reserve(64 << 10);
        ws.read_message_max(limits.message);
        ws.write_buffer_bytes(16 << 10);
        ws.auto_fragment(false);
        ws.text(true);
    }

    /// The handshake has `handshake`; idleness counts from its end.
    void allow(milliseconds handshake)
    {
        wire().expires_never();
        ws.set_option(websocket::stream_base::timeout{handshake, limits_.idle, true});
    }

    /// The handshake is over.
    void begin() { listen(); }

    static asio::awaitable<std::string> read(Shared self)
    {
        if (!self->arrived_ && !self->over_) {
            self->listen();
            error_code woken;
            auto token = asio::redirect_error(asio::use_awaitable, woken);
            co_await self->heard_.async_wait(token);
        }
        if (self->arrived_) {
            auto message = std::move(self->message_);
            self->arrived_ = false;
            self->listen();
            co_return message;
        }
        // Cancelled, not gone: what arrives later waits for the next reader.
        if (!self->over_)
            throw boost::system::system_error{asio::error::operation_aborted};
        throw Failure{self->why_, true};
    }

    void send(std::string text)
    {
        if (over_ || closing_)
            return;
        waiting_ += text.size();
        if (waiting_ > most_waiting)
            return end("the other side does not read");
        queue_.push_back(std::move(text));
        if (queue_.size() == 1)
            write();
    }

    static asio::awaitable<void> close(Shared self)
    {
        if (self->over_ || self->closing_)
            co_return;
        self->closing_ = true;
        self->farewell_.expires_after(self->limits_.close);
        if (self->queue_.empty())
            self->say_goodbye();
        error_code woken;
        auto token = asio::redirect_error(asio::use_awaitable, woken);
        co_await self->farewell_.async_wait(token);
        self->end("closed by this side");
    }

    /// Drops the connection with a TCP reset.
    void reset() override
    {
        if (over_)
            return;
        error_code ignored;
        wire().socket().set_option(asio::socket_base::linger{true, 0}, ignored);
        end("dropped by this side");
    }

    void end(std::string why)
    {
        if (over_)
            return;
        over_ = true;
        why_ = std::move(why);
        wire().close();
        heard_.cancel();
        farewell_.cancel();
        seat.reset();
    }

    Wire& wire() { return beast::get_lowest_layer(ws); }

    websocket::stream<Stream, false> ws;
    /// Whatever must live as long as the connection.
    std::shared_ptr<void> seat{};

private:
    static constexpr std::size_t most_waiting = 64 << 20;

    void listen()
    {
        if (reading_ || arrived_ || over_)
            return;
        reading_ = true;
        ws.async_read(buffer_, [self = this->shared_from_this()](error_code problem, std::size_t) { self->hear(problem); });
    }

    void hear(error_code problem)
    {
        reading_ = false;
        if (problem)
            return end(reason(problem));
        if (!ws.got_text())
            return end("a binary message, where only text is spoken");
        const auto data = buffer_.cdata();
        message_.assign(static_cast<const char*>(data.data()), data.size());
        buffer_.consume(data.size());
        arrived_ = true;
        heard_.cancel();
    }

    void write()
    {
        ws.async_write(asio::buffer(queue_.front()),
            [self = this->shared_from_this()](error_code problem, std::size_t) { self->wrote(problem); });
    }

    void wrote(error_code problem)
    {
        waiting_ -= queue_.front().size();
        queue_.pop_front();
        if (problem)
            return end(reason(problem));
        if (over_)
            return;
        if (!queue_.empty())
            write();
        else if (closing_)
            say_goodbye();
    }

    void say_goodbye()
    {
        ws.async_close(
            websocket::close_code::normal, [self = this->shared_from_this()](error_code) { self->end("closed by this side"); });
    }

    std::string reason(error_code problem) const
    {
        if (problem == websocket::error::closed) {
            std::string text = "closed by the other side";
            if (ws.reason().code != websocket::close_code::none)
                text += " (" + std::to_string(static_cast<unsigned>(ws.reason().code)) + ")";
            return text;
        }
        if (problem == beast::error::timeout)
            return "nothing was heard for " + std::to_string(limits_.idle.count()) + " ms";
        return problem.message();
    }

    LinkLimits limits_;
    beast::flat_buffer buffer_{};
    std::string message_{};
    std::deque<std::string> queue_{};
    std::size_t waiting_{};
    asio::steady_timer heard_;
    asio::steady_timer farewell_;
    std::string why_{};
    bool reading_{};
    bool arrived_{};
    bool closing_{};
    bool over_{};
};

/// The handle that its user owns; its end is the connection's.
template <class Stream> class BeastLink final : public Link {
public:
    explicit BeastLink(std::shared_ptr<LinkState<Stream>> state)
        : state_{std::move(state)}
    {
    }
    ~BeastLink() override { state_->end("let go"); }
    asio::awaitable<std::string> read() override { return LinkState<Stream>::read(state_); }
    void send(std::string text) override { state_->send(std::move(text)); }
    asio::awaitable<void> close() override { return LinkState<Stream>::close(state_); }
    void drop() override { state_->reset(); }

private:
    std::shared_ptr<LinkState<Stream>> state_;
};

/// Listens with Beast. `links` rules the WebSockets that are served.
std::unique_ptr<Listener> serve_http(
    asio::any_io_executor loop, const std::string& address, Service service, const LinkLimits& links);

} // namespace net
