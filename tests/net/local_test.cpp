#include "catch.hpp"
#include "net/local.hpp"
#include "net/network.hpp"
#include "scenarios/loopback.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/write.hpp>

#include <fstream>
#include <sys/stat.h>

using namespace std::chrono_literals;
namespace asio = boost::asio;

namespace {

struct Line {
    asio::io_context loop{1};
    loopback::Folder folder{};
    std::string path{(folder.path / "oncall.db.sock").string()};
    std::unique_ptr<net::LocalListener> listener{};

    static asio::awaitable<std::string> shout(std::string text)
    {
        if (text == "throw")
            throw std::runtime_error{"no"};
        co_return text + "!";
    }
    void listen(net::LocalLimits limits = {}) { listener = net::serve_local(loop.get_executor(), path, shout, limits); }

    /// The answer; "nobody" when nobody listens; "failure: …".
    std::string ask(const std::string& question, net::LocalLimits limits = {})
    {
        std::optional<std::string> result;
        asio::co_spawn(loop, net::ask_local(loop.get_executor(), path, question, limits),
            [&](std::exception_ptr error, std::optional<std::string> answer) {
                try {
                    if (error)
                        std::rethrow_exception(error);
                    result = answer.value_or("nobody");
                } catch (const net::Failure& failure) {
                    result = std::string{"failure: "} + failure.what();
                }
            });
        for (const auto end = std::chrono::steady_clock::now() + 60s; !result && std::chrono::steady_clock::now() < end;) {
            loop.restart();
            loop.run_one_for(20ms);
        }
        REQUIRE(result);
        return *result;
    }
};

} // namespace

TEST_CASE("A local question gets its answer, small or large", "[net][local]")
{
    Line line;
    line.listen();
    CHECK(line.ask("hello") == "hello!");
    CHECK(line.ask("") == "!");
    const std::string large(5 << 20, 'x');
    CHECK(line.ask(large) == large + "!");
    CHECK(line.ask("again") == "again!");
}

TEST_CASE("A local socket is for its owner alone, replaces a stale one and leaves none behind", "[net][local]")
{
    Line line;
    CHECK(line.ask("is there somebody?") == "nobody");
    const auto before = ::umask(0);
    line.listen();
    ::umask(before);
    struct ::stat file { };
    REQUIRE(::stat(line.path.c_str(), &file) == 0);
    CHECK(S_ISSOCK(file.st_mode));
    CHECK((file.st_mode & 0777) == 0600);
    line.listener.reset();
    CHECK_FALSE(std::filesystem::exists(line.path));

    // What a process left that was killed.
    asio::local::stream_protocol::acceptor stale{line.loop, asio::local::stream_protocol::endpoint{line.path}};
    stale.close();
    REQUIRE(std::filesystem::exists(line.path));
    CHECK(line.ask("hello") == "nobody");
    line.listen();
    CHECK(line.ask("hello") == "hello!");
}

TEST_CASE("A local path may be longer than a socket's address", "[net][local]")
{
    Line line;
    const auto deep = line.folder.path / std::string(100, 'd') / std::string(100, 'e');
    std::filesystem::create_directories(deep);
    line.path = (deep / "oncall.db.sock").string();
    line.listen();
    CHECK(line.ask("hello") == "hello!");
    line.listener.reset();
    CHECK_FALSE(std::filesystem::exists(line.path));
    line.path = (deep / "no" / "such" / "folder").string();
    CHECK_THROWS_AS(line.listen(), std::system_error);
}

TEST_CASE("What makes no sense on a local socket ends its connection and nothing else", "[net][local]")
{
    Line line;
    net::LocalLimits limits;
    limits.hear = 50ms;
    limits.message = 1'000;
    limits.connections = 3;
    line.listen(limits);
    CHECK(has(line.ask("throw"), "hung up"));
    CHECK(has(line.ask(std::string(2'000, 'x')), "hung up")); // longer than is taken
    CHECK(has(line.ask(std::string(2'000, 'x'), limits), "more than the service takes"));

    // Who says nothing, or half of it, is let go, and holds up nobody for longer.
    std::vector<asio::local::stream_protocol::socket> silent;
    for (int i = 0; i < 3; ++i) {
        silent.emplace_back(line.loop).connect(asio::local::stream_protocol::endpoint{line.path});
        asio::write(silent.back(), asio::buffer("\0\0", 2));
    }
    std::string answer;
    for (const auto end = std::chrono::steady_clock::now() + 60s;
         answer != "still here!" && std::chrono::steady_clock::now() < end;)
        answer = line.ask("still here");
    CHECK(answer == "still here!");
}

TEST_CASE("Who asks a local socket that does not answer hears so in time", "[net][local]")
{
    Line line;
    asio::local::stream_protocol::acceptor mute{line.loop, asio::local::stream_protocol::endpoint{line.path}};
    net::LocalLimits limits;
    limits.wait = 50ms;
    CHECK(has(line.ask("hello", limits), "does not answer"));
}
