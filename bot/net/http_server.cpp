#include "net/beast.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/src.hpp>

#include <array>
#include <filesystem>
#include <list>

namespace net {

namespace {

constexpr std::size_t read_piece = 8 << 10;

namespace ssl = asio::ssl;

/// What a TLS server shows: TLS 1.2 or newer, and the files as they are now. Throws boost::system::system_error.
std::shared_ptr<ssl::context> tls_of(const Certificate& files)
{
    auto context = std::make_shared<ssl::context>(ssl::context::tls_server);
    context->set_options(ssl::context::default_workarounds | ssl::context::no_sslv2 | ssl::context::no_sslv3
        | ssl::context::no_tlsv1 | ssl::context::no_tlsv1_1);
    context->use_certificate_chain_file(files.chain);
    context->use_private_key_file(files.key, ssl::context::pem);
    return context;
}

std::filesystem::file_time_type written(const Certificate& files)
{
    std::error_code gone;
    return std::max(std::filesystem::last_write_time(files.chain, gone), std::filesystem::last_write_time(files.key, gone));
}

struct Door;

/// A connection's place at its door: counts it, and is how the door drops it.
struct Seat {
    std::shared_ptr<Door> door;
    std::list<Seat*>::iterator place{};
    Wire* wire{};
    AnyLinkState* link{};

    explicit Seat(std::shared_ptr<Door> at);
    ~Seat();
    Seat(const Seat&) = delete;
    Seat& operator=(const Seat&) = delete;
};

/// What a listener shares with its connections, whose coroutines may outlive it.
struct Door {
    asio::any_io_executor loop;
    tcp::acceptor acceptor;
    Service service;
    LinkLimits links;
    std::list<Seat*> seats{};
    bool open{true};
    std::shared_ptr<ssl::context> tls{};
    std::filesystem::file_time_type tls_written{};
    std::size_t large{}; // bytes that bodies over `limits.body` may have, which are being read

    Door(asio::any_io_executor l, Service s, const LinkLimits& limits)
        : loop{std::move(l)}
        , acceptor{loop}
        , service{std::move(s)}
        , links{limits}
    {
    }

    /// A renewed certificate is taken up by the next connection; a broken one is left alone for the old.
    std::shared_ptr<ssl::context> tls_now()
    {
        if (const auto& files = service.certificate; tls && written(files) != tls_written) {
            tls_written = written(files);
            try {
                tls = tls_of(files);
            } catch (const boost::system::system_error&) {
                return tls;
            }
        }
        return tls;
    }

    void shut()
    {
        open = false;
        error_code ignored;
        acceptor.close(ignored);
        // A link that ends leaves the list at once.
        const auto all = seats;
        for (auto* seat : all) {
            if (seat->link)
                seat->link->reset();
            else
                seat->wire->close();
        }
    }
};

Seat::Seat(std::shared_ptr<Door> at)
    : door{std::move(at)}
{
    place = door->seats.insert(door->seats.end(), this);
}
Seat::~Seat() { door->seats.erase(place); }

Wire& wire_of(Wire& wire) { return wire; }
Wire& wire_of(SecureWire& stream) { return stream.next_layer(); }

/// One connection's state, in its coroutine's frame.
template <class Stream> struct Conversation {
    std::shared_ptr<Door> door;
    Stream stream;
    std::shared_ptr<Seat> seat;
    std::string peer{};
    beast::flat_buffer buffer{};
    std::optional<http::request_parser<http::string_body>> parser{};
    std::string out{};
    bool first{true};

    Conversation(std::shared_ptr<Door> at, Stream on)
        : door{std::move(at)}
        , stream{std::move(on)}
        , seat{std::make_shared<Seat>(door)}
    {
        seat->wire = &wire();
        error_code gone;
        wire().socket().set_option(tcp::no_delay{true}, gone);
        const auto remote = wire().socket().remote_endpoint(gone);
        if (!gone)
            peer = remote.address().to_string();
        buffer.reserve(read_piece);
    }
    Wire& wire() { return wire_of(stream); }
};

/// Room for a body larger than most, while it is read.
struct LargeRoom {
    static constexpr std::size_t most = 128 << 20;

    Door& door;
    std::size_t bytes{};

    bool take(std::size_t wanted)
    {
        if (door.large + wanted > most)
            return false;
        bytes = wanted;
        door.large += wanted;
        return true;
    }
    explicit LargeRoom(Door& at)
        : door{at}
    {
    }
    ~LargeRoom() { door.large -= bytes; }
    LargeRoom(const LargeRoom&) = delete;
    LargeRoom& operator=(const LargeRoom&) = delete;
};

/// What to answer when reading failed; 0 when there is nobody to answer.
int refusal(error_code problem)
{
    if (problem == http::error::body_limit)
        return 413;
    if (problem == http::error::header_limit)
        return 431;
    if (problem == http::error::end_of_stream || problem == http::error::partial_message)
        return 0;
    static const auto spoken = http::make_error_code(http::error::bad_version);
    return problem.category() == spoken.category() ? 400 : 0;
}

/// The head of what is being read.
template <class Stream> Request request_head(const Conversation<Stream>& talk)
{
    const auto& message = talk.parser->get();
    Request head;
    head.method = std::string{message.method_string()};
    head.target = std::string{message.target()};
    head.headers = headers_in(message.base());
    head.peer = talk.peer;
    return head;
}

/// Reads a whole request into the parser. 200 when it is there, 0 when there will be none, else the status to refuse it with.
template <class Stream> asio::awaitable<int> hear(Conversation<Stream>& talk)
{
    const auto& service = talk.door->service;
    const auto& limits = service.limits;
    auto& parser = talk.parser.emplace();
    parser.header_limit(static_cast<std::uint32_t>(limits.header));
    parser.body_limit(service.most_body ? std::max(limits.body, service.most_of_all) : limits.body);
    parser.eager(true);

    LargeRoom room{*talk.door};
    error_code problem;
    auto token = asio::redirect_error(asio::use_awaitable, problem);
    if (talk.buffer.size() == 0) {
        talk.wire().expires_after(talk.first ? limits.header_timeout : limits.idle_timeout);
        const auto space = talk.buffer.prepare(read_piece);
        const auto count = co_await talk.stream.async_read_some(space, token);
        if (problem)
            co_return 0;
        talk.buffer.commit(count);
    }
    talk.first = false;
    // Most requests are in one piece: no more waiting, no more timers.
    const auto used = parser.put(talk.buffer.data(), problem);
    talk.buffer.consume(used);
    if (problem == http::error::need_more)
        problem = {};
    if (!problem && !parser.is_header_done()) {
        talk.wire().expires_after(limits.header_timeout);
        co_await http::async_read_header(talk.stream, talk.buffer, parser, token);
    }
    if (problem)
        co_return refusal(problem);
    if (parser.is_done())
        co_return 200;
    if (service.most_body) {
        const auto most = service.most_body(request_head(talk));
        const auto length = parser.content_length().value_or(most);
        if (length > most)
            co_return 413;
        if (length > limits.body && !room.take(length))
            co_return 503;
        parser.body_limit(most);
    }

    talk.wire().expires_after(limits.body_timeout);
    if (parser.get().version() >= 11 && beast::iequals(parser.get()[http::field::expect], "100-continue")) {
        static const std::string go_on = "HTTP/1.1 100 Continue\r\n\r\n";
        const auto words = asio::buffer(go_on);
        co_await asio::async_write(talk.stream, words, token);
        if (problem)
            co_return 0;
    }
    co_await http::async_read(talk.stream, talk.buffer, parser, token);
    co_return problem ? refusal(problem) : 200;
}

Response plain_answer(int status, std::string body)
{
    Response answer;
    answer.status = status;
    answer.headers = {{"Content-Type", "text/plain; charset=utf-8"}};
    answer.body = std::move(body);
    return answer;
}

std::string_view phrase(int status)
{
    const auto words = http::obsolete_reason(http::int_to_status(static_cast<unsigned>(status)));
    return {words.data(), words.size()};
}

Response refuse(int status) { return plain_answer(status, std::string{phrase(status)} + "\n"); }

bool sound(const Response& answer)
{
    if (answer.status < 200 || answer.status > 599)
        return false;
    for (const auto& header : answer.headers)
        if (!is_token(header.name) || breaks_line(header.value))
            return false;
    return true;
}

template <class Stream> asio::awaitable<void> say(Conversation<Stream>& talk, Response answer, bool keep, bool head_only)
{
    if (!sound(answer))
        answer = plain_answer(500, "internal error\n");
    const bool bodiless = answer.status == 204 || answer.status == 304;
    auto& out = talk.out;
    out = "HTTP/1.1 ";
    out += std::to_string(answer.status);
    out += ' ';
    out += phrase(answer.status);
    out += "\r\n";
    for (const auto& header : answer.headers) {
        if (is_framing(header.name))
            continue;
        out += header.name;
        out += ": ";
        out += header.value;
        out += "\r\n";
    }
    if (!bodiless) {
        out += "Content-Length: ";
        out += std::to_string(answer.body.size());
        out += "\r\n";
    }
    out += keep ? "Connection: keep-alive\r\n\r\n" : "Connection: close\r\n\r\n";
    if (bodiless || head_only)
        answer.body.clear();

    talk.wire().expires_after(talk.door->service.limits.idle_timeout);
    error_code gone;
    auto token = asio::redirect_error(asio::use_awaitable, gone);
    // Beast's TLS stream takes a large second buffer for none.
    if (std::is_same_v<Stream, SecureWire> || answer.body.size() <= read_piece) {
        out += answer.body;
        const auto words = asio::buffer(out);
        co_await asio::async_write(talk.stream, words, token);
    } else {
        std::array<asio::const_buffer, 2> words{asio::buffer(out), asio::buffer(answer.body)};
        co_await asio::async_write(talk.stream, words, token);
    }
    if (gone)
        talk.wire().close();
}

/// Ends our half and swallows what still comes: closing over unread bytes would reset the connection, and the other side might
/// never read our last answer.
template <class Stream> asio::awaitable<void> leave(Conversation<Stream>& talk)
{
    error_code problem;
    talk.wire().expires_after(std::min(milliseconds{2'000}, talk.door->service.limits.body_timeout));
    auto token = asio::redirect_error(asio::use_awaitable, problem);
    if constexpr (std::is_same_v<Stream, SecureWire>) {
        co_await talk.stream.async_shutdown(token);
        talk.wire().close();
        co_return;
    }
    talk.wire().socket().shutdown(tcp::socket::shutdown_send, problem);
    std::vector<char> scrap(32 << 10);
    const auto space = asio::buffer(scrap);
    while (!problem && talk.door->open)
        co_await talk.stream.async_read_some(space, token);
    talk.wire().close();
}

template <class Stream> Request request_of(Conversation<Stream>& talk)
{
    auto request = request_head(talk);
    request.body = std::move(talk.parser->get().body());
    return request;
}

asio::awaitable<Response> answer_to(std::shared_ptr<Door> door, Request request)
{
    try {
        if (door->service.serve) {
            auto serving = door->service.serve(std::move(request));
            auto answer = co_await std::move(serving);
            co_return answer;
        }
    } catch (...) {
        co_return plain_answer(500, "internal error\n");
    }
    co_return refuse(404);
}

/// The answer to give instead of a WebSocket, if any.
std::optional<Response> turned_away(const Service& service, const Request& request)
{
    if (!service.serve_link)
        return refuse(404);
    try {
        return service.admit ? service.admit(request) : std::nullopt;
    } catch (const std::exception&) {
        return plain_answer(500, "internal error\n");
    }
}

template <class Stream> asio::awaitable<void> serve_link(Conversation<Stream>& talk, Request request)
{
    using State = LinkState<Stream>;
    const auto state = std::make_shared<State>(std::move(talk.stream), talk.door->links);
    talk.seat->wire = nullptr;
    talk.seat->link = state.get();
    state->seat = std::move(talk.seat);
    // From here on the link's end is the connection's, whatever happens.
    std::shared_ptr<Link> link = std::make_shared<BeastLink<Stream>>(state);
    state->allow(talk.door->links.handshake);

    error_code problem;
    auto token = asio::redirect_error(asio::use_awaitable, problem);
    const auto& handshake = talk.parser->get();
    co_await state->ws.async_accept(handshake, token);
    if (problem || !talk.door->open)
        co_return;
    state->begin();
    auto serving = talk.door->service.serve_link(std::move(request), std::move(link));
    co_await std::move(serving);
}

template <class Stream> asio::awaitable<void> converse(std::shared_ptr<Door> door, Stream stream)
{
    Conversation<Stream> talk{door, std::move(stream)};
    if constexpr (std::is_same_v<Stream, SecureWire>) {
        error_code problem;
        auto token = asio::redirect_error(asio::use_awaitable, problem);
        talk.wire().expires_after(door->service.limits.header_timeout);
        co_await talk.stream.async_handshake(ssl::stream_base::server, token);
        if (problem)
            co_return;
    }
    while (door->open) {
        const int heard = co_await hear(talk);
        if (heard == 0 || !door->open)
            co_return;
        if (heard != 200) {
            if (heard == 413 && door->service.too_large)
                door->service.too_large(request_head(talk));
            auto answer = refuse(heard);
            co_await say(talk, std::move(answer), false, false);
            break;
        }
        const bool keep = talk.parser->get().keep_alive();
        const bool head_only = talk.parser->get().method() == http::verb::head;
        const bool upgrade = websocket::is_upgrade(talk.parser->get());
        auto request = request_of(talk);
        if (upgrade) {
            auto away = turned_away(door->service, request);
            // Nobody may speak WebSocket before the answer (RFC 6455 §4.1).
            if (!away && talk.buffer.size() > 0)
                away = refuse(400);
            if (!away) {
                co_await serve_link(talk, std::move(request));
                co_return;
            }
            co_await say(talk, std::move(*away), false, false);
            break;
        }
        talk.wire().expires_never();
        auto answer = co_await answer_to(door, std::move(request));
        if (!door->open)
            co_return;
        co_await say(talk, std::move(answer), keep, head_only);
        if (!keep)
            break;
    }
    if (door->open)
        co_await leave(talk);
}

asio::awaitable<void> accept(std::shared_ptr<Door> door)
{
    error_code problem;
    auto token = asio::redirect_error(asio::use_awaitable, problem);
    while (door->open) {
        auto socket = co_await door->acceptor.async_accept(token);
        if (!door->open)
            co_return;
        if (problem) {
            // Out of descriptors, mostly: breathe instead of spinning.
            asio::steady_timer pause{door->loop, milliseconds{100}};
            co_await pause.async_wait(token);
            continue;
        }
        if (door->seats.size() >= door->service.limits.connections)
            continue;
        // A connection's failure is its own; what a service throws has been answered.
        Wire wire{std::move(socket)};
        if (const auto tls = door->tls_now())
            asio::co_spawn(door->loop, converse(door, SecureWire{std::move(wire), *tls}), [tls](std::exception_ptr) {});
        else
            asio::co_spawn(door->loop, converse(door, std::move(wire)), [](std::exception_ptr) {});
    }
}

class HttpListener final : public Listener {
public:
    explicit HttpListener(std::shared_ptr<Door> door)
        : door_{std::move(door)}
        , port_{door_->acceptor.local_endpoint().port()}
    {
    }
    ~HttpListener() override { door_->shut(); }
    std::uint16_t port() const override { return port_; }

private:
    std::shared_ptr<Door> door_;
    std::uint16_t port_;
};

tcp::endpoint endpoint_of(const asio::any_io_executor& loop, const std::string& address)
{
    const auto colon = address.rfind(':');
    if (colon == std::string::npos)
        throw std::system_error{std::make_error_code(std::errc::invalid_argument), "an address is host:port, not " + address};
    auto host = address.substr(0, colon);
    if (host.size() > 1 && host.front() == '[' && host.back() == ']')
        host = host.substr(1, host.size() - 2);
    tcp::resolver resolver{loop};
    error_code problem;
    const auto found = resolver.resolve(host, address.substr(colon + 1), tcp::resolver::passive, problem);
    if (problem || found.empty())
        throw std::system_error{std::make_error_code(std::errc::address_not_available), "cannot listen on " + address};
    return found.begin()->endpoint();
}

} // namespace

bool is_token(std::string_view text)
{
    constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
    for (const char c : text)
        if (!(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') && marks.find(c) == marks.npos)
            return false;
    return !text.empty();
}

bool breaks_line(std::string_view text)
{
    constexpr std::string_view breaks{"\r\n\0", 3};
    return text.find_first_of(breaks) != text.npos;
}

bool is_framing(std::string_view name)
{
    for (const char* framing : {"content-length", "transfer-encoding", "connection", "keep-alive", "host"})
        if (beast::iequals(name, framing))
            return true;
    return false;
}

std::unique_ptr<Listener> serve_http(
    asio::any_io_executor loop, const std::string& address, Service service, const LinkLimits& links)
{
    const auto endpoint = endpoint_of(loop, address);
    auto door = std::make_shared<Door>(std::move(loop), std::move(service), links);
    if (const auto& files = door->service.certificate; !files.chain.empty()) {
        try {
            door->tls = tls_of(files);
        } catch (const boost::system::system_error& problem) {
            throw std::system_error{
                problem.code(), "the certificate " + files.chain + " with the key " + files.key + " is of no use"};
        }
        door->tls_written = written(files);
    }
    try {
        door->acceptor.open(endpoint.protocol());
        door->acceptor.set_option(tcp::acceptor::reuse_address{true});
        door->acceptor.bind(endpoint);
        door->acceptor.listen();
    } catch (const boost::system::system_error& problem) {
        throw std::system_error{problem.code(), "cannot listen on " + address};
    }
    asio::co_spawn(door->loop, accept(door), [](std::exception_ptr) {});
    return std::make_unique<HttpListener>(std::move(door));
}

} // namespace net
