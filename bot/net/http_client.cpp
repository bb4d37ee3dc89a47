#include "net/beast.hpp"
#include "net/url.hpp"

#include <boost/asio/ssl/impl/src.hpp>

#include <boost/asio/ssl/host_name_verification.hpp>

#include <sys/socket.h>

#include <list>

namespace net {

namespace {

using Deadline = std::chrono::steady_clock::time_point;

constexpr std::string_view user_agent = "oncall-bot";
constexpr std::size_t most_idle = 64; // kept-alive connections in all
constexpr std::chrono::seconds longest_idle{30}; // then a connection is let go
constexpr std::chrono::seconds one_address{5}; // one address of several may take this long

/// One connection, plain or with TLS on top.
struct Connection {
    std::string site{}; // as `site_of` says
    std::unique_ptr<Wire> plain{};
    std::unique_ptr<SecureWire> secure{};
    beast::flat_buffer buffer{};
    Deadline idle_since{};

    Wire& wire() { return secure ? secure->next_layer() : *plain; }

    /// True when the other side has said nothing since the last answer: neither closed nor sent what nobody asked for.
    bool silent()
    {
        char byte{};
        const auto count = ::recv(wire().socket().native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
        return count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
    }
};

/// What exchanges under way share with the network, which they may outlive.
struct Shared {
    asio::any_io_executor loop;
    asio::ssl::context tls{asio::ssl::context::tls_client};
    LinkLimits links{};
    std::list<std::unique_ptr<Connection>> idle{};
    bool open{true};

    explicit Shared(asio::any_io_executor on)
        : loop{std::move(on)}
    {
    }

    std::unique_ptr<Connection> take(const std::string& site)
    {
        const auto oldest = std::chrono::steady_clock::now() - longest_idle;
        idle.remove_if([&](const auto& one) { return one->idle_since < oldest; });
        for (auto one = idle.rbegin(); one != idle.rend();) {
            if ((*one)->site != site) {
                ++one;
                continue;
            }
            auto found = std::move(*one);
            one = std::make_reverse_iterator(idle.erase(std::next(one).base()));
            if (found->silent())
                return found;
        }
        return nullptr;
    }

    void keep(std::unique_ptr<Connection> connection)
    {
        if (!open)
            return;
        connection->wire().expires_never();
        connection->idle_since = std::chrono::steady_clock::now();
        idle.push_back(std::move(connection));
        if (idle.size() > most_idle)
            idle.pop_front();
    }
};

using SharedPtr = std::shared_ptr<Shared>;

[[noreturn]] void fail(error_code problem, const std::string& doing, const Url& url, bool maybe_sent)
{
    if (problem == asio::error::operation_aborted)
        throw boost::system::system_error{problem};
    const auto why = problem == beast::error::timeout ? std::string{"no answer in time"} : problem.message();
    throw Failure{doing + " " + url.address() + ": " + why, maybe_sent};
}

asio::awaitable<std::vector<tcp::endpoint>> addresses(asio::any_io_executor loop, Url url, Deadline deadline)
{
    std::vector<tcp::endpoint> found;
    error_code problem;
    const auto literal = asio::ip::make_address(url.host, problem);
    if (!problem) {
        found.emplace_back(literal, url.port);
        co_return found;
    }
    // Never asked for outside (RFC 6761 §6.3), so that it cannot be anybody else.
    if (url.host == "localhost") {
        found.emplace_back(asio::ip::address_v4::loopback(), url.port);
        found.emplace_back(asio::ip::address_v6::loopback(), url.port);
        co_return found;
    }
    tcp::resolver resolver{loop};
    asio::steady_timer alarm{loop, deadline};
    bool late = false;
    alarm.async_wait([&](error_code stopped) {
        if (stopped)
            return;
        late = true;
        resolver.cancel();
    });
    auto token = asio::redirect_error(asio::use_awaitable, problem);
    const auto service = std::to_string(url.port);
    const auto results = co_await resolver.async_resolve(url.host, service, tcp::resolver::numeric_service, token);
    if (problem)
        fail(late ? error_code{beast::error::timeout} : problem, "cannot find the address of", url, false);
    for (const auto& result : results)
        found.push_back(result.endpoint());
    co_return found;
}

bool is_private(const tcp::endpoint& endpoint) { return !is_public(endpoint.address().to_string()); }

asio::awaitable<void> reach(asio::any_io_executor loop, Wire& wire, Url url, bool public_only, Deadline deadline)
{
    auto finding = addresses(loop, url, deadline);
    auto endpoints = co_await std::move(finding);
    // What is checked is what is connected to: a name may say something else when it is asked for again.
    if (public_only && std::erase_if(endpoints, is_private) > 0 && endpoints.empty())
        throw NotPublic{url.address() + " is no public address"};
    error_code problem = asio::error::host_not_found;
    auto token = asio::redirect_error(asio::use_awaitable, problem);
    for (const auto& endpoint : endpoints) {
        wire.close();
        wire.expires_at(std::min(deadline, std::chrono::steady_clock::now() + one_address));
        co_await wire.async_connect(endpoint, token);
        if (!problem || problem == asio::error::operation_aborted || std::chrono::steady_clock::now() >= deadline)
            break;
    }
    if (problem)
        fail(problem, "cannot connect to", url, false);
    error_code gone;
    wire.socket().set_option(tcp::no_delay{true}, gone);
    wire.expires_at(deadline);
}

/// The certificate is checked against the trusted roots and the host's name (RFC 6125), and the name is sent ahead (SNI).
asio::awaitable<void> secure(SecureWire& wire, Url url)
{
    error_code no_address;
    asio::ip::make_address(url.host, no_address);
    if (no_address && SSL_set_tlsext_host_name(wire.native_handle(), url.host.c_str()) != 1)
        throw Failure{"cannot ask " + url.address() + " for its certificate by name", false};
    wire.set_verify_mode(asio::ssl::verify_peer | asio::ssl::verify_fail_if_no_peer_cert);
    wire.set_verify_callback(asio::ssl::host_name_verification{url.host});
    error_code problem;
    auto token = asio::redirect_error(asio::use_awaitable, problem);
    const auto role = asio::ssl::stream_base::client;
    co_await wire.async_handshake(role, token);
    if (!problem)
        co_return;
    if (const auto verdict = SSL_get_verify_result(wire.native_handle()); verdict != X509_V_OK)
        throw Failure{
            "no TLS with " + url.address() + ": the certificate is not trusted (" + X509_verify_cert_error_string(verdict) + ")",
            false};
    fail(problem, "no TLS with", url, false);
}

void allowed(const Url& url)
{
    if (!url.secure && !url.loopback())
        throw Failure{"without TLS only this machine is spoken to, not " + url.address(), false};
}

/// By which a connection is found again. One that was made without looking where it leads is for nobody who wants it public.
std::string site_of(const Url& url, bool public_only)
{
    return (public_only ? "public " : "") + std::string{url.secure ? "https://" : "http://"} + url.address();
}

asio::awaitable<std::unique_ptr<Connection>> connection_to(SharedPtr shared, Url url, bool public_only, Deadline deadline)
{
    auto connection = std::make_unique<Connection>();
    connection->site = site_of(url, public_only);
    if (url.secure) {
        connection->secure = std::make_unique<SecureWire>(Wire{shared->loop}, shared->tls);
        auto reaching = reach(shared->loop, connection->wire(), url, public_only, deadline);
        co_await std::move(reaching);
        auto securing = secure(*connection->secure, url);
        co_await std::move(securing);
    } else {
        connection->plain = std::make_unique<Wire>(shared->loop);
        auto reaching = reach(shared->loop, connection->wire(), url, public_only, deadline);
        co_await std::move(reaching);
    }
    co_return connection;
}

std::string head_of(const Request& request, const Url& url)
{
    if (!is_token(request.method))
        throw Failure{"the request's method is malformed", false};
    std::string head = request.method + " " + url.target + " HTTP/1.1\r\nHost: " + url.authority()
        + "\r\nUser-Agent: " + std::string{user_agent} + "\r\n";
    for (const auto& header : request.headers) {
        if (!is_token(header.name) || breaks_line(header.value))
            throw Failure{"a header of the request is malformed", false};
        if (!is_framing(header.name))
            head += header.name + ": " + header.value + "\r\n";
    }
    if (!request.body.empty() || request.method == "POST" || request.method == "PUT" || request.method == "PATCH")
        head += "Content-Length: " + std::to_string(request.body.size()) + "\r\n";
    return head + "\r\n";
}

using Parser = http::response_parser<http::string_body>;

/// Sends and reads; leaves the reason in `problem`.
template <class Stream>
asio::awaitable<void> exchange(
    Stream& stream, beast::flat_buffer& buffer, const std::string& words, Parser& parser, error_code& problem)
{
    auto token = asio::redirect_error(asio::use_awaitable, problem);
    // In one piece: Beast's TLS stream stops short after a small buffer that is followed by one of more than 16 KiB, and calls it
    // a success.
    const auto all = asio::buffer(words);
    co_await asio::async_write(stream, all, token);
    // A server that refuses a request answers before it has read it all, and may have closed its side of reading.
    const auto unsent = problem;
    if (problem == asio::error::operation_aborted || problem == beast::error::timeout)
        co_return;
    co_await http::async_read(stream, buffer, parser, token);
    if (problem && unsent)
        problem = unsent;
}

asio::awaitable<Response> fetch_from(SharedPtr shared, std::string text, Request request, FetchLimits limits)
{
    const auto url = url_in(text);
    if (url.link)
        throw Failure{"a WebSocket's URL, where an http or https one belongs", false};
    allowed(url);
    const auto words = head_of(request, url) + request.body;
    const auto deadline = std::chrono::steady_clock::now() + limits.timeout;

    auto connection = shared->take(site_of(url, limits.public_only));
    if (!connection) {
        auto connecting = connection_to(shared, url, limits.public_only, deadline);
        connection = co_await std::move(connecting);
    }
    connection->wire().expires_at(deadline);

    Parser parser;
    parser.header_limit(64 << 10);
    parser.body_limit(limits.body);
    parser.eager(true);
    if (request.method == "HEAD")
        parser.skip(true);
    error_code problem;
    if (connection->secure) {
        auto talk = exchange(*connection->secure, connection->buffer, words, parser, problem);
        co_await std::move(talk);
    } else {
        auto talk = exchange(*connection->plain, connection->buffer, words, parser, problem);
        co_await std::move(talk);
    }
    if (problem)
        fail(problem, "no whole answer from", url, true);
    // Nothing here asks for an interim answer (no Expect), so one is a mistake.
    if (parser.get().result_int() < 200)
        throw Failure{"an interim answer from " + url.address(), true};

    Response response;
    response.status = static_cast<int>(parser.get().result_int());
    response.headers = headers_in(parser.get());
    const bool again = parser.keep_alive() && connection->buffer.size() == 0;
    response.body = std::move(parser.get().body());
    if (again)
        shared->keep(std::move(connection));
    co_return response;
}

template <class Stream>
asio::awaitable<std::unique_ptr<Link>> open_link(Stream stream, Url url, LinkLimits limits, Deadline deadline)
{
    auto state = std::make_shared<LinkState<Stream>>(std::move(stream), limits);
    const auto left = std::chrono::duration_cast<milliseconds>(deadline - std::chrono::steady_clock::now());
    state->allow(std::max(left, milliseconds{1}));
    state->ws.set_option(websocket::stream_base::decorator(
        [](websocket::request_type& request) { request.set(http::field::user_agent, user_agent); }));
    websocket::response_type answer;
    const auto host = url.authority();
    error_code problem;
    auto token = asio::redirect_error(asio::use_awaitable, problem);
    co_await state->ws.async_handshake(answer, host, url.target, token);
    if (problem == websocket::error::upgrade_declined)
        throw Failure{url.address() + " refused the WebSocket with status " + std::to_string(answer.result_int()), true};
    if (problem)
        fail(problem, "no WebSocket with", url, true);
    state->begin();
    co_return std::make_unique<BeastLink<Stream>>(state);
}

asio::awaitable<std::unique_ptr<Link>> link_to(SharedPtr shared, std::string text)
{
    const auto url = url_in(text);
    if (!url.link)
        throw Failure{"not a WebSocket's URL", false};
    allowed(url);
    const auto deadline = std::chrono::steady_clock::now() + shared->links.handshake;
    auto connecting = connection_to(shared, url, false, deadline);
    auto connection = co_await std::move(connecting);
    std::unique_ptr<Link> link;
    if (connection->secure) {
        auto opening = open_link(std::move(*connection->secure), url, shared->links, deadline);
        link = co_await std::move(opening);
    } else {
        auto opening = open_link(std::move(*connection->plain), url, shared->links, deadline);
        link = co_await std::move(opening);
    }
    co_return link;
}

class Internet final : public Network {
public:
    Internet(asio::any_io_executor loop, const std::string& authorities, const LinkLimits& links)
        : shared_{std::make_shared<Shared>(std::move(loop))}
    {
        shared_->links = links;
        SSL_CTX_set_min_proto_version(shared_->tls.native_handle(), TLS1_2_VERSION);
        if (authorities.empty())
            shared_->tls.set_default_verify_paths();
        else
            shared_->tls.load_verify_file(authorities);
    }
    ~Internet() override
    {
        shared_->open = false;
        shared_->idle.clear();
    }

    asio::awaitable<Response> fetch(std::string url, Request request, FetchLimits limits) override
    {
        return fetch_from(shared_, std::move(url), std::move(request), limits);
    }
    asio::awaitable<std::unique_ptr<Link>> connect(std::string url) override { return link_to(shared_, std::move(url)); }
    std::unique_ptr<Listener> listen(std::string address, Service service) override
    {
        return serve_http(shared_->loop, address, std::move(service), shared_->links);
    }

private:
    SharedPtr shared_;
};

} // namespace

std::unique_ptr<Network> internet(asio::any_io_executor loop, std::string authorities, LinkLimits links)
{
    return std::make_unique<Internet>(std::move(loop), authorities, links);
}

} // namespace net
