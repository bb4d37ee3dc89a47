#include "catch.hpp"
#include "delivery/channels.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

namespace asio = boost::asio;
using delivery::Channels;

namespace {

/// A workspace with three pages of channels: "#one", "#two" and "#three".
struct Pages final : net::Network {
    std::vector<std::string> asked{}; // the bodies
    bool busy{}; // the second page, once

    asio::awaitable<net::Response> fetch(std::string, net::Request request, net::FetchLimits) override
    {
        asked.push_back(request.body);
        const auto page = [](const std::string& name, const std::string& next) {
            return R"({"ok":true,"channels":[{"id":"C)" + name + R"(","name":")" + name
                + R"("}],"response_metadata":{"next_cursor":")" + next + R"("}})";
        };
        net::Response answer;
        answer.status = 200;
        const bool second = has(request.body, "cursor=second");
        if (second && std::exchange(busy, false)) {
            answer.status = 429;
            answer.headers = {{"Retry-After", "7"}};
        } else if (second)
            answer.body = page("two", "third");
        else
            answer.body = has(request.body, "cursor=third") ? page("three", "") : page("one", "second");
        co_return answer;
    }
    asio::awaitable<std::unique_ptr<net::Link>> connect(std::string) override { throw net::Failure{"none", false}; }
    std::unique_ptr<net::Listener> listen(std::string, net::Service) override { return nullptr; }
};

asio::awaitable<void> seek(Channels& channels, std::string name, std::string& found)
{
    try {
        found = co_await channels.id_of(std::move(name));
    } catch (const slack::Error& error) {
        found = error.code();
    }
}

struct Bench {
    Pages network{};
    slack::Client client{network, "https://slack.com/api/", "xoxb-secret"};
    Channels channels{client};

    std::string id_of(const std::string& name)
    {
        std::string found{"nothing came"};
        asio::io_context loop;
        asio::co_spawn(loop, seek(channels, name, found), [](std::exception_ptr) {});
        loop.run();
        return found;
    }
    std::size_t asked() const { return network.asked.size(); }
};

} // namespace

TEST_CASE("A channel is sought in large pages, no further than where it is", "[delivery][channels]")
{
    Bench bench;
    CHECK(bench.id_of("#two") == "Ctwo");
    REQUIRE(bench.asked() == 2);
    CHECK(has(bench.network.asked[0], "limit=999"));
    CHECK(has(bench.network.asked[0], "exclude_archived=true"));
    CHECK(bench.id_of("#one") == "Cone"); // seen on the way
    CHECK(bench.asked() == 2);
    CHECK(bench.id_of("#three") == "Cthree"); // and on from there
    CHECK(bench.asked() == 3);
    CHECK(bench.id_of("#four") == "");
    CHECK(bench.asked() == 6); // all of it

    SECTION("one that is forgotten is sought again, on pages that were read too")
    {
        bench.id_of("#four");
        bench.channels.forget("#two");
        CHECK(bench.id_of("#two") == "Ctwo");
        bench.channels.forget("#one");
        CHECK(bench.id_of("#one") == "Cone");
    }
}

TEST_CASE("After a 429 the list of channels is read on where it was left", "[delivery][channels]")
{
    Bench bench;
    bench.network.busy = true;
    CHECK(bench.id_of("#three") == "http_429");
    CHECK(bench.asked() == 2);
    CHECK(bench.id_of("#three") == "Cthree");
    REQUIRE(bench.asked() == 4);
    CHECK(has(bench.network.asked[2], "cursor=second"));
}
