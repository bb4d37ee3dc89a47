#include "catch.hpp"
#include "feeds/fetch.hpp"
#include "net/sockets.hpp"

#include <map>

using namespace sockets;
using feeds::Fetched;

namespace {

/// Answers by address, and remembers what it was asked.
class Scripted final : public net::Network {
public:
    std::map<std::string, net::Response> answers{};
    std::vector<std::string> asked{};
    std::vector<net::Request> requests{};
    net::FetchLimits limits{};

    asio::awaitable<net::Response> fetch(std::string url, net::Request request, net::FetchLimits allowed) override
    {
        asked.push_back(url);
        requests.push_back(std::move(request));
        limits = allowed;
        const auto found = answers.find(url);
        if (found == answers.end())
            throw net::NotPublic{"calendar.example.com:443 is no public address"};
        co_return found->second;
    }
    asio::awaitable<std::unique_ptr<net::Link>> connect(std::string) override { throw net::Failure{"no", false}; }
    std::unique_ptr<net::Listener> listen(std::string, net::Service) override { return nullptr; }
};

template <class Until> Fetched run(asio::io_context& loop, asio::awaitable<Fetched> work, Until&& until)
{
    const auto got = std::make_shared<std::optional<Fetched>>();
    asio::co_spawn(loop, std::move(work), [got](std::exception_ptr error, Fetched fetched) {
        REQUIRE_FALSE(error);
        *got = std::move(fetched);
    });
    until([&] { return got->has_value(); });
    return got->value_or(Fetched{});
}

Fetched ask(Scripted& network, const std::string& url, const std::string& etag = {}, const std::string& modified = {})
{
    asio::io_context loop;
    return run(loop, feeds::fetch(network, url, etag, modified), [&](auto) { loop.run(); });
}

Fetched ask(Bench& bench, const std::string& url, feeds::FetchRules rules = {})
{
    return run(
        bench.loop, feeds::fetch(*bench.network, url, "", "", rules), [&](auto is_over) { REQUIRE(bench.until(is_over, 40s)); });
}

net::Response leads_to(const std::string& location)
{
    net::Response response;
    response.status = 302;
    response.headers = {{"Location", location}};
    return response;
}

net::Response good(const std::string& body)
{
    net::Response response;
    response.headers = {{"ETag", "\"7\""}, {"Last-Modified", "Tue, 03 Nov 2026 12:00:00 GMT"}};
    response.body = body;
    return response;
}

feeds::FetchRules here()
{
    feeds::FetchRules rules;
    rules.loopback_too = true;
    return rules;
}

} // namespace

TEST_CASE("A calendar is fetched by https alone, and from public addresses alone", "[feeds]")
{
    for (const std::string address :
        {"https://calendar.google.com/calendar/ical/x/basic.ics", "webcal://p1.icloud.com/published/2/x"})
        CHECK(feeds::address_problem(address) == "");
    for (const std::string address : {"http://calendar.google.com/x", "ftp://a.example.com/", "wss://a.example.com/", "calendar",
             "", "https://127.0.0.1/x", "https://localhost/x", "https://10.1.2.3/x", "https://[::1]/x", "https://[fd00::1]/x",
             "https://[::ffff:10.0.0.1]/x", "https://[64:ff9b::a00:1]/x", "https://a.example.com:22/x",
             "https://169.254.169.254/latest/meta-data", "http://127.0.0.1/x"}) {
        INFO(address);
        CHECK(feeds::address_problem(address) != "");
    }
    CHECK(feeds::address_problem("https://a.example.com/" + std::string(2'000, 'x')) != "");
    CHECK(feeds::address_problem("http://127.0.0.1:8080/x", here()) == "");

    // Names that mean this machine to the resolver, whatever they look like: nothing is connected to.
    Bench bench;
    for (const std::string host : {"127.1", "2130706433", "0x7f.0.0.1"}) {
        const auto got = ask(bench, "https://" + host + "/x");
        INFO(host << ": " << got.trouble);
        CHECK(got.how == Fetched::failed);
        CHECK((got.detail.find("no public address") != got.detail.npos || got.trouble.find("private") != got.trouble.npos));
    }
}

TEST_CASE("A redirect is followed where it may lead, three times at most", "[feeds]")
{
    Scripted network;
    network.answers["https://a.example.com/x?key=1"] = leads_to("/y");
    network.answers["https://a.example.com/y"] = leads_to("z/calendar.ics");
    network.answers["https://a.example.com/z/calendar.ics"] = leads_to("webcal://b.example.com/c");
    network.answers["https://b.example.com/c"] = good("BEGIN:VCALENDAR");
    const auto got = ask(network, "webcal://a.example.com/x?key=1");
    CHECK(got.trouble == "");
    CHECK(got.body == "BEGIN:VCALENDAR");
    CHECK(got.etag == "\"7\"");
    CHECK(network.limits.public_only);

    network.answers["https://b.example.com/c"] = leads_to("https://a.example.com/x?key=1");
    CHECK(ask(network, "https://a.example.com/x?key=1").trouble.find("more than 3 times") != std::string::npos);

    for (const std::string inner : {"https://127.0.0.1/x", "https://[::ffff:127.0.0.1]/x", "http://b.example.com/x",
             "https://169.254.169.254/", "//10.0.0.1/x", "file:///etc/passwd"}) {
        network.asked.clear();
        network.answers["https://a.example.com/in"] = leads_to(inner);
        const auto refused = ask(network, "https://a.example.com/in");
        INFO(inner << ": " << refused.trouble);
        CHECK(refused.how == Fetched::failed);
        CHECK(refused.trouble.find("leads elsewhere") != refused.trouble.npos);
        CHECK(network.asked.size() == 1);
    }
    // A name behind which there is a private address is refused where it is connected to.
    network.answers["https://a.example.com/in"] = leads_to("https://inside.example.com/x");
    const auto inside = ask(network, "https://a.example.com/in");
    CHECK(inside.trouble == "no public server answers there as one of calendars does.");
    CHECK(inside.detail.find("no public address") != std::string::npos);
}

TEST_CASE("A calendar that has not changed is not sent again, and an answer that is none says what to do", "[feeds]")
{
    Scripted network;
    net::Response same;
    same.status = 304;
    network.answers["https://a.example.com/x"] = same;
    const auto got = ask(network, "https://a.example.com/x", "\"7\"", "Tue, 03 Nov 2026 12:00:00 GMT");
    CHECK(got.how == Fetched::unchanged);
    CHECK(net::header(network.requests.back().headers, "If-None-Match") == "\"7\"");
    CHECK(net::header(network.requests.back().headers, "If-Modified-Since") == "Tue, 03 Nov 2026 12:00:00 GMT");

    // It says so unasked, and after it led elsewhere: there nothing is known of it.
    CHECK(ask(network, "https://a.example.com/x").how == Fetched::failed);
    network.answers["https://b.example.com/x"] = leads_to("https://a.example.com/x");
    CHECK(ask(network, "https://b.example.com/x", "\"7\"").how == Fetched::failed);
    CHECK(net::header(network.requests.back().headers, "If-None-Match") == "");

    net::Response busy;
    busy.status = 429;
    for (const auto& [said, wait] : {std::pair{"1800", 1800s}, std::pair{"86400", 3600s}}) {
        busy.headers = {{"Retry-After", said}};
        network.answers["https://a.example.com/x"] = busy;
        const auto later = ask(network, "https://a.example.com/x");
        CHECK(later.how == Fetched::failed);
        CHECK(later.wait == wait); // an hour at most: that it grows old is said in time
    }
    for (const auto& [status, words] :
        {std::pair{404, "new one"}, std::pair{403, "secret address"}, std::pair{500, "says 500"}}) {
        network.answers["https://a.example.com/x"].status = status;
        CHECK(ask(network, "https://a.example.com/x?secret").trouble.find("secret=") == std::string::npos);
        CHECK(ask(network, "https://a.example.com/x").trouble.find(words) != std::string::npos);
    }
}

TEST_CASE("A calendar of 50 MB is left alone after 5, and a server that says nothing is not waited for", "[feeds]")
{
    Bench bench;
    const auto url = [](const RawServer& server) { return "http://127.0.0.1:" + std::to_string(server.port()) + "/x"; };
    RawServer declared{bench.loop, {"HTTP/1.1 200 OK\r\nContent-Length: 52428800\r\n\r\nBEGIN:VCALENDAR"}};
    const auto large = ask(bench, url(declared), here());
    CHECK(large.how == Fetched::failed);
    CHECK(large.trouble == "it is larger than 5 MB.");

    std::string chunks = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    const auto chunk = "100000\r\n" + std::string(1 << 20, 'x') + "\r\n";
    for (int i = 0; i < 8; ++i)
        chunks += chunk;
    RawServer endless{bench.loop, {chunks}};
    CHECK(ask(bench, url(endless), here()).trouble == "it is larger than 5 MB.");

    RawServer silent{bench.loop, {""}};
    auto rules = here();
    rules.timeout = 200ms;
    const auto slow = ask(bench, url(silent), rules);
    CHECK(slow.how == Fetched::failed);
    RawServer good_one{bench.loop, {"HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\nBEGIN:VCALENDAR"}};
    CHECK(ask(bench, url(good_one), here()).body == "BEGIN:VCALENDAR");
}
