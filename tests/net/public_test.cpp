#include "catch.hpp"
#include "doors/clock.hpp"
#include "net/memory.hpp"
#include "net/sockets.hpp"
#include "net/url.hpp"

using namespace sockets;

namespace {

net::FetchLimits only_public()
{
    net::FetchLimits limits;
    limits.timeout = 5s;
    limits.public_only = true;
    return limits;
}

} // namespace

TEST_CASE("Which addresses are the internet's", "[net]")
{
    for (const std::string ip : {"1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0",
             "126.255.255.255", "128.0.0.1", "169.253.255.255", "169.255.0.0", "172.15.255.255", "172.32.0.0", "192.0.1.1",
             "192.167.255.255", "192.169.0.0", "198.17.255.255", "198.20.0.0", "223.255.255.255", "168.63.129.15",
             "2606:4700::1111", "2a00:1450:4001:800::200e", "64:ff9b::8.8.8.8", "::ffff:8.8.8.8", "2002:808:808::1"}) {
        INFO(ip);
        CHECK(net::is_public(ip));
    }
    for (const std::string ip : {"0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.127.255.255", "127.0.0.1",
             "127.255.255.254", "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.192", "192.0.2.1", "192.88.99.1",
             "192.168.1.1", "198.18.0.1", "198.19.255.255", "198.51.100.7", "203.0.113.9", "224.0.0.1", "239.255.255.250",
             "240.0.0.1", "255.255.255.255", "168.63.129.16", "100.100.100.200", "::", "::1", "fe80::1", "fe80::1%eth0",
             "febf::1", "fec0::1", "fc00::1", "fd00:ec2::254", "ff02::1", "2001:db8::1", "2001:0:1::1", "2001:1ff::1", "3fff::1",
             "100::1", "64:ff9b:1::1", "64:ff9b::10.0.0.1", "::ffff:127.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1",
             "2002:7f00:1::1", "2002:a00:1::", "4000::1", "", "localhost", "127.1", "2130706433", "0x7f000001", "example.com"}) {
        INFO(ip);
        CHECK_FALSE(net::is_public(ip));
    }
}

TEST_CASE("Where only public addresses are allowed, a name that means this machine is not connected to", "[net]")
{
    Bench bench;
    RawServer server{bench.loop, {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"}};
    const auto port = ":" + std::to_string(server.port()) + "/";
    // Those from the fourth on are addresses to the resolver alone: the check is on what it says, and not on the text.
    for (const std::string host : {"127.0.0.1", "localhost", "[::1]", "127.1", "2130706433", "0x7f.0.0.1", "0177.0.0.1", "0"}) {
        const auto got = bench.fetch("https://" + host + port, {}, only_public());
        INFO(host << ": " << got.failure);
        CHECK(got.failure.find("no public address") != got.failure.npos);
        CHECK_FALSE(got.maybe_sent);
    }
    // What would have happened: it connects, and gets as far as TLS.
    CHECK(server.accepted() == 0);
    net::FetchLimits any;
    any.timeout = 1s; // the server says nothing of TLS
    bench.fetch("https://127.1" + port, {}, any);
    CHECK(server.accepted() == 1);
}

TEST_CASE("A connection that was made to a private address is not used again where only public ones are allowed", "[net]")
{
    Bench bench;
    RawServer server{bench.loop, {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"}};
    const auto url = "http://127.0.0.1:" + std::to_string(server.port()) + "/";
    CHECK(bench.fetch(url).answer.body == "ok");
    CHECK(bench.fetch(url, {}, only_public()).failure.find("no public address") != std::string::npos);
    CHECK(bench.fetch(url).answer.body == "ok");
    CHECK(server.accepted() == 1);
}

TEST_CASE("A redirect is an answer and is not followed", "[net]")
{
    Bench bench;
    RawServer inner{bench.loop, {"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecret"}};
    RawServer server{bench.loop,
        {"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:" + std::to_string(inner.port()) + "/\r\nContent-Length: 0\r\n\r\n"}};
    const auto got = bench.fetch("http://127.0.0.1:" + std::to_string(server.port()) + "/");
    CHECK(got.answer.status == 302);
    CHECK(inner.accepted() == 0);
}

TEST_CASE("The network in memory keeps away from private addresses as well", "[net]")
{
    asio::io_context loop;
    doors::ManualClock clock{doors::TimePoint{}};
    net::MemoryNetwork wires{clock};
    const auto network = wires.plug("us", loop.get_executor());
    for (const std::string host : {"10.0.0.1", "localhost", "[fd00:ec2::254]", "169.254.169.254"}) {
        bool kept_away = false;
        auto asking = [&]() -> asio::awaitable<void> {
            net::Request request;
            const auto limits = only_public();
            try {
                co_await network->fetch("https://" + host + "/", request, limits);
            } catch (const net::NotPublic&) {
                kept_away = true;
            }
        };
        asio::co_spawn(loop, asking(), [](std::exception_ptr) {});
        loop.restart();
        loop.run();
        INFO(host);
        CHECK(kept_away);
    }
}
