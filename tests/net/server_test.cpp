#include "catch.hpp"
#include "net/sockets.hpp"

#include <fstream>

using namespace sockets;

namespace {

net::Service echo_target()
{
    net::Service service;
    service.serve = [](net::Request request) -> asio::awaitable<net::Response> {
        if (request.target == "/throw")
            throw std::runtime_error{"a secret"};
        net::Response answer;
        answer.body = request.body.empty() ? request.target : std::to_string(request.body.size());
        co_return answer;
    };
    return service;
}

net::Service link_echo()
{
    auto service = echo_target();
    service.serve_link = [](net::Request, std::shared_ptr<net::Link> link) -> asio::awaitable<void> {
        while (true)
            link->send(co_await link->read());
    };
    return service;
}

bool starts(const std::string& text, const std::string& with) { return text.starts_with(with); }

int count(const std::string& text, const std::string& part)
{
    int found = 0;
    for (auto at = text.find(part); at != text.npos; at = text.find(part, at + 1))
        ++found;
    return found;
}

/// A client's WebSocket frame (RFC 6455 §5.2), masked with zeros.
std::string frame(int opcode, const std::string& text, bool last = true)
{
    std::string out;
    out += static_cast<char>((last ? 0x80 : 0) | opcode);
    if (text.size() < 126)
        out += static_cast<char>(0x80 | text.size());
    else {
        out += static_cast<char>(0x80 | 127);
        for (int shift = 56; shift >= 0; shift -= 8)
            out += static_cast<char>(text.size() >> shift & 0xff);
    }
    out += std::string(4, '\0');
    return out + text;
}

const std::string upgrade = "GET /link HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";

} // namespace

TEST_CASE("Requests on one connection are answered in order", "[net]")
{
    Bench bench;
    const auto server = bench.network->listen("127.0.0.1:0", echo_target());
    const auto heard = talk(bench, server->port(),
        "GET /1 HTTP/1.1\r\nHost: x\r\n\r\nGET /2 HTTP/1.1\r\nHost: x\r\n\r\nPOST /3 HTTP/1.1\r\nHost: x\r\nContent-Length: "
        "4\r\n\r\nbody");
    CHECK(count(heard, "HTTP/1.1 200 OK") == 3);
    CHECK(heard.find("/1") < heard.find("/2"));
    CHECK(heard.substr(heard.size() - 1) == "4");
}

TEST_CASE("What is no HTTP, too long or ambiguous is refused", "[net]")
{
    Bench bench;
    auto service = echo_target();
    service.limits.header_timeout = 100ms;
    service.limits.body_timeout = 100ms;
    const auto server = bench.network->listen("127.0.0.1:0", std::move(service));
    const auto say = [&](const std::string& words) { return talk(bench, server->port(), words); };
    CHECK(starts(say("\x16\x03\x01 no HTTP\r\n\r\n"), "HTTP/1.1 400"));
    CHECK(starts(say("GET / HTTP/1.1\r\nHost: x\r\nX: " + std::string(20'000, 'a') + "\r\n\r\n"), "HTTP/1.1 431"));
    CHECK(starts(
        say("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10485760\r\n\r\n" + std::string(10'485'760, 'a')), "HTTP/1.1 413"));
    CHECK(starts(
        say("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"), "HTTP/1.1 400"));
    CHECK(starts(say("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nabcde"), "HTTP/1.1 400"));
    CHECK(starts(say("GET /throw HTTP/1.1\r\nHost: x\r\n\r\n"), "HTTP/1.1 500"));
    CHECK(say("GET /throw HTTP/1.1\r\nHost: x\r\n\r\n").find("secret") == std::string::npos);
    CHECK(starts(say("GET /link HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: "
                     "dGhlIHNhbXBsZSBub25jZQ==\r\n"
                     "Sec-WebSocket-Version: 13\r\n\r\n"),
        "HTTP/1.1 404"));
}

TEST_CASE("How large a body may be is asked by its head, and what is larger is heard of", "[net]")
{
    Bench bench;
    auto service = echo_target();
    service.limits.body = 1'000;
    service.limits.body_timeout = 250ms;
    std::vector<std::string> refused;
    service.most_body = [](const net::Request& head) -> std::size_t {
        return net::header(head.headers, "X-Key") == "right" && head.body.empty() ? 100'000 : 1'000;
    };
    service.most_of_all = 100'000;
    service.too_large = [&](const net::Request& head) { refused.push_back(head.method + " " + head.target); };
    const auto server = bench.network->listen("127.0.0.1:0", std::move(service));
    const auto post = [&](const std::string& target, const std::string& key, std::size_t size) {
        return talk(bench, server->port(),
            "POST " + target + " HTTP/1.1\r\nHost: x\r\nX-Key: " + key + "\r\nContent-Length: " + std::to_string(size)
                + "\r\n\r\n" + std::string(size, 'a'));
    };
    CHECK(starts(post("/1", "right", 100'000), "HTTP/1.1 200"));
    CHECK(starts(post("/2", "wrong", 1'000), "HTTP/1.1 200"));
    CHECK(starts(post("/3", "wrong", 20'000), "HTTP/1.1 413"));
    CHECK(starts(post("/4", "right", 200'000), "HTTP/1.1 413"));
    // In chunks nobody says beforehand how long it is.
    const auto chunks = [&](const std::string& key) {
        std::string body;
        for (int i = 0; i < 20; ++i)
            body += "3e8\r\n" + std::string(1'000, 'a') + "\r\n";
        return talk(bench, server->port(),
            "POST /5 HTTP/1.1\r\nHost: x\r\nX-Key: " + key + "\r\nTransfer-Encoding: chunked\r\n\r\n" + body + "0\r\n\r\n");
    };
    CHECK(starts(chunks("right"), "HTTP/1.1 200"));
    CHECK(starts(chunks("wrong"), "HTTP/1.1 413"));
    CHECK(refused == std::vector<std::string>{"POST /3", "POST /4", "POST /5"});
}

TEST_CASE("A slow client is let go", "[net]")
{
    Bench bench;
    auto service = echo_target();
    service.limits.header_timeout = 250ms;
    service.limits.body_timeout = 250ms;
    service.limits.idle_timeout = 250ms;
    const auto server = bench.network->listen("127.0.0.1:0", std::move(service));
    CHECK(talk(bench, server->port(), "", 20s) == "<end>");
    CHECK(talk(bench, server->port(), "GET / HT", 20s) == "<end>");
    CHECK(talk(bench, server->port(), "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc", 20s).ends_with("<end>"));
    CHECK(talk(bench, server->port(), "GET / HTTP/1.1\r\nHost: x\r\n\r\n", 20s).ends_with("/<end>"));
}

TEST_CASE("A port that is taken says so", "[net]")
{
    Bench bench;
    const auto server = bench.network->listen("127.0.0.1:0", echo_target());
    CHECK_THROWS_AS(bench.network->listen("127.0.0.1:" + std::to_string(server->port()), echo_target()), std::system_error);
    CHECK_THROWS_AS(bench.network->listen("nowhere", echo_target()), std::system_error);
}

TEST_CASE("Fragments are joined, pings answered, and binary messages refused", "[net][link]")
{
    Bench bench;
    const auto server = bench.network->listen("127.0.0.1:0", link_echo());
    const auto heard = talk(bench, server->port(), upgrade, 300ms,
        frame(1, "he", false) + frame(9, "are you there") + frame(0, "ll", false) + frame(0, "o"));
    CHECK(starts(heard, "HTTP/1.1 101"));
    CHECK(heard.find("\x8a\x0d"
                     "are you there")
        != std::string::npos);
    CHECK(heard.find("\x81\x05hello") != std::string::npos);
    CHECK(talk(bench, server->port(), upgrade, 2s, frame(2, "binary")).ends_with("<end>"));
    CHECK(talk(bench, server->port(), upgrade, 2s, frame(1, "\xff\xfe")).find("<end>") != std::string::npos);
}

TEST_CASE("A message of 1 MiB passes, a longer one ends the link", "[net][link]")
{
    Bench bench;
    const auto server = bench.network->listen("127.0.0.1:0", link_echo());
    const auto url = "ws://127.0.0.1:" + std::to_string(server->port()) + "/link";
    auto connected = bench.connect(url);
    REQUIRE(connected.link);
    const std::string large(1 << 20, 'x');
    connected.link->send(large);
    CHECK(bench.read(*connected.link) == large);
    connected.link->send(large + "y");
    CHECK(starts(bench.read(*connected.link), "gone: "));
}

TEST_CASE("A link that falls silent is given up, one that answers pings is not", "[net][link]")
{
    net::LinkLimits limits;
    limits.idle = 600ms;
    Bench bench{limits};
    const auto server = bench.network->listen("127.0.0.1:0", link_echo());
    auto live = bench.connect("ws://127.0.0.1:" + std::to_string(server->port()) + "/link");
    REQUIRE(live.link);
    RawServer deaf{bench.loop,
        {"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: x\r\n\r\n"}};
    CHECK_FALSE(bench.connect("ws://127.0.0.1:" + std::to_string(deaf.port()) + "/").failure.empty()); // a wrong accept key
    // The raw client never answers a ping.
    CHECK(talk(bench, server->port(), upgrade, 20s).ends_with("<end>"));
    bench.until([] { return false; }, 1'800ms);
    live.link->send("still there");
    CHECK(bench.read(*live.link) == "still there");
}

TEST_CASE("A link that is closed or dropped says so on the other side, and a refusal has its status", "[net][link]")
{
    Bench bench;
    auto service = link_echo();
    service.admit = [](const net::Request& request) -> std::optional<net::Response> {
        if (request.target == "/closed")
            return net::Response{409, {}, "conflict"};
        return std::nullopt;
    };
    std::string ended;
    service.serve_link = [&ended](net::Request, std::shared_ptr<net::Link> link) -> asio::awaitable<void> {
        try {
            while (true)
                link->send(co_await link->read());
        } catch (const net::Failure& failure) {
            ended = failure.what();
        }
    };
    const auto server = bench.network->listen("127.0.0.1:0", std::move(service));
    const auto url = "ws://127.0.0.1:" + std::to_string(server->port());
    CHECK(bench.connect(url + "/closed").failure.find("409") != std::string::npos);
    auto first = bench.connect(url + "/a");
    REQUIRE(first.link);
    bool closed = false;
    asio::co_spawn(bench.loop, first.link->close(), [&closed](std::exception_ptr) { closed = true; });
    CHECK(bench.until([&] { return closed && !ended.empty(); }, 20s));
    CHECK(ended.find("closed by the other side") != std::string::npos);
    ended.clear();
    auto second = bench.connect(url + "/a");
    REQUIRE(second.link);
    second.link->drop();
    CHECK(bench.until([&] { return !ended.empty(); }, 20s));
}

TEST_CASE("A listener with a certificate speaks TLS, and takes up a renewed one", "[net][tls]")
{
    const sockets::Certificates made;
    sockets::Bench bench{{}, made.authority()};
    const auto chain = made.folder / "chain.pem";
    const auto put = [&](const std::string& certificate) {
        std::filesystem::copy_file(certificate, chain, std::filesystem::copy_options::overwrite_existing);
    };
    put(made.good());
    net::Service service;
    service.serve = [](net::Request request) -> asio::awaitable<net::Response> {
        net::Response answer;
        answer.body = "you said " + request.body;
        co_return answer;
    };
    service.certificate = {chain.string(), made.key()};
    const auto listener = bench.network->listen("127.0.0.1:0", service);
    const auto url = "https://localhost:" + std::to_string(listener->port()) + "/";
    net::Request request;
    request.method = "POST";
    request.body = std::string(100'000, 'x');
    const auto fetched = bench.fetch(url, request);
    CHECK(fetched.failure == "");
    CHECK((fetched.answer.body == "you said " + request.body));
    // Plain words to a TLS port are no request.
    CHECK_FALSE(bench.fetch("http://127.0.0.1:" + std::to_string(listener->port()) + "/").failure.empty());

    // The client checks the certificate, so a change of it shows: another host's is refused.
    put(made.other());
    std::filesystem::last_write_time(chain, std::filesystem::file_time_type::clock::now() + std::chrono::hours{1});
    sockets::Bench later{{}, made.authority()};
    const auto behind = later.network->listen("127.0.0.1:0", service);
    const auto again = "https://localhost:" + std::to_string(behind->port()) + "/";
    CHECK_FALSE(later.fetch(again).failure.empty());
    put(made.good());
    std::filesystem::last_write_time(chain, std::filesystem::file_time_type::clock::now() + std::chrono::hours{2});
    CHECK(later.fetch(again).answer.status == 200);
    // One that is of no use is not taken up.
    std::ofstream{chain} << "no certificate\n";
    std::filesystem::last_write_time(chain, std::filesystem::file_time_type::clock::now() + std::chrono::hours{3});
    sockets::Bench third{{}, made.authority()};
    CHECK_THROWS_AS(third.network->listen("127.0.0.1:0", service), std::system_error);
}
