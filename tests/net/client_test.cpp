#include "catch.hpp"
#include "net/sockets.hpp"

using namespace sockets;

namespace {

const std::string ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

std::string at(std::uint16_t port, const std::string& host = "127.0.0.1")
{
    return "http://" + host + ":" + std::to_string(port) + "/x?y=1";
}

net::Service echo()
{
    net::Service service;
    service.serve = [](net::Request request) -> asio::awaitable<net::Response> {
        net::Response answer;
        answer.body = request.method + " " + request.target + " " + request.body;
        co_return answer;
    };
    service.serve_link = [](net::Request, std::shared_ptr<net::Link> link) -> asio::awaitable<void> {
        while (true)
            link->send(co_await link->read());
    };
    return service;
}

} // namespace

TEST_CASE("An exchange brings method, target, headers and body there and back", "[net]")
{
    Bench bench;
    const auto server = bench.network->listen("127.0.0.1:0", echo());
    net::Request request;
    request.method = "POST";
    request.body = std::string(300'000, 'b');
    const auto got = bench.fetch(at(server->port()), request);
    CHECK(got.failure == "");
    CHECK(got.answer.status == 200);
    CHECK(got.answer.body == "POST /x?y=1 " + request.body);
    CHECK(bench.fetch(at(server->port(), "localhost")).answer.body == "GET /x?y=1 ");
}

TEST_CASE("A connection is used again, and one that the other side has closed is not", "[net]")
{
    Bench bench;
    RawServer server{bench.loop, {ok}};
    CHECK(bench.fetch(at(server.port())).answer.body == "ok");
    CHECK(bench.fetch(at(server.port())).answer.body == "ok");
    CHECK(server.accepted() == 1);
    server.hang_up();
    bench.until([] { return false; }, 20ms);
    CHECK(bench.fetch(at(server.port())).answer.body == "ok");
    CHECK(server.accepted() == 2);
}

TEST_CASE("Connection: close is obeyed", "[net]")
{
    Bench bench;
    RawServer server{bench.loop, {"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok"}};
    bench.fetch(at(server.port()));
    bench.fetch(at(server.port()));
    CHECK(server.accepted() == 2);
}

TEST_CASE("A failure says honestly whether the other side may have acted", "[net]")
{
    Bench bench;
    std::uint16_t closed{};
    {
        RawServer server{bench.loop, {ok}};
        closed = server.port();
    }
    const auto refused = bench.fetch(at(closed));
    CHECK(refused.failure.find("refused") != std::string::npos);
    CHECK_FALSE(refused.maybe_sent);

    RawServer silent{bench.loop, {""}};
    const auto reset = bench.fetch(at(silent.port()));
    CHECK_FALSE(reset.failure.empty());
    CHECK(reset.maybe_sent);

    RawServer slow{bench.loop, {"wait"}};
    net::FetchLimits limits;
    limits.timeout = 80ms;
    const auto late = bench.fetch(at(slow.port()), {}, limits);
    CHECK(late.failure.find("in time") != std::string::npos);
    CHECK(late.maybe_sent);

    RawServer half{bench.loop, {"HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\nok"}, true};
    CHECK(bench.fetch(at(half.port())).maybe_sent);

    RawServer rubbish{bench.loop, {"I am no HTTP server\r\n\r\n"}};
    CHECK(bench.fetch(at(rubbish.port())).maybe_sent);
}

TEST_CASE("An answer over its limit is refused, in one piece or in many", "[net]")
{
    Bench bench;
    net::FetchLimits limits;
    limits.body = 10;
    RawServer large{bench.loop, {"HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n12345678901"}};
    CHECK_FALSE(bench.fetch(at(large.port()), {}, limits).failure.empty());
    RawServer pieces{
        bench.loop, {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n8\r\n12345678\r\n8\r\n12345678\r\n0\r\n\r\n"}};
    CHECK_FALSE(bench.fetch(at(pieces.port()), {}, limits).failure.empty());
    RawServer fits{bench.loop, {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n12345\r\n5\r\n67890\r\n0\r\n\r\n"}};
    CHECK(bench.fetch(at(fits.port()), {}, limits).answer.body == "1234567890");
}

TEST_CASE("Without TLS nothing leaves this machine", "[net]")
{
    Bench bench;
    for (const auto* url : {"http://example.com/", "http://10.0.0.1/", "http://localhost.example/"}) {
        INFO(url);
        const auto got = bench.fetch(url);
        CHECK(got.failure.find("without TLS") != std::string::npos);
        CHECK_FALSE(got.maybe_sent);
    }
    CHECK(bench.connect("ws://example.com/").failure.find("without TLS") != std::string::npos);
    CHECK_FALSE(bench.fetch("http://127.0.0.1.example.com/").failure.empty());
    CHECK_FALSE(bench.fetch("file:///etc/passwd").failure.empty());
    CHECK_FALSE(bench.fetch("not a url").failure.empty());
}

TEST_CASE("A header cannot break out of its line", "[net]")
{
    Bench bench;
    RawServer server{bench.loop, {ok}};
    net::Request request;
    request.headers = {{"X", "a\r\nEvil: 1"}};
    CHECK_FALSE(bench.fetch(at(server.port()), request).failure.empty());
    request.headers = {{"X Y", "a"}};
    CHECK_FALSE(bench.fetch(at(server.port()), request).failure.empty());
    CHECK(server.accepted() == 0);
}

TEST_CASE("TLS is spoken with whom the certificate names, signed by whom we trust, and no other", "[net][tls]")
{
    const Certificates certificates;
    Bench bench{{}, certificates.authority()};
    const auto server = bench.network->listen("127.0.0.1:0", echo());
    const auto visit = [&](const std::string& certificate, const std::string& host = "localhost", bool old = false) {
        const TlsFront front{bench.loop, certificate, certificates.key(), server->port(), old};
        return bench.fetch("https://" + host + ":" + std::to_string(front.port()) + "/x");
    };
    CHECK(visit(certificates.good()).failure == "");
    CHECK(visit(certificates.good()).answer.body == "GET /x ");
    CHECK(visit(certificates.good(), "127.0.0.1").answer.status == 200);
    for (const auto& bad : {certificates.other(), certificates.own(), certificates.expired()}) {
        INFO(bad);
        const auto got = visit(bad);
        CHECK(got.failure.find("certificate") != std::string::npos);
        CHECK_FALSE(got.maybe_sent);
        CHECK(got.answer.body.empty());
    }
    CHECK(visit(certificates.good(), "localhost", true).failure.find("no TLS") != std::string::npos); // 1.1 at most

    // The system's authorities do not know ours.
    Bench stranger;
    const auto other = stranger.network->listen("127.0.0.1:0", echo());
    const TlsFront front{stranger.loop, certificates.good(), certificates.key(), other->port()};
    CHECK(stranger.fetch("https://localhost:" + std::to_string(front.port()) + "/").failure.find("certificate")
        != std::string::npos);
}

TEST_CASE("A TLS connection is used again, and carries WebSockets", "[net][tls]")
{
    const Certificates certificates;
    Bench bench{{}, certificates.authority()};
    const auto server = bench.network->listen("127.0.0.1:0", echo());
    const TlsFront front{bench.loop, certificates.good(), certificates.key(), server->port()};
    const auto port = std::to_string(front.port());
    for (int i = 0; i < 5; ++i)
        CHECK(bench.fetch("https://localhost:" + port + "/").answer.status == 200);
    CHECK(front.accepted() == 1);
    auto connected = bench.connect("wss://localhost:" + port + "/link");
    REQUIRE(connected.link);
    connected.link->send("over TLS");
    CHECK(bench.read(*connected.link) == "over TLS");
    const TlsFront wrong{bench.loop, certificates.other(), certificates.key(), server->port()};
    CHECK(bench.connect("wss://localhost:" + std::to_string(wrong.port()) + "/link").failure.find("certificate")
        != std::string::npos);
}
