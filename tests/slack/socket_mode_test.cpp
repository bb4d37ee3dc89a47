#include "catch.hpp"
#include "slack/socket_mode.hpp"
#include "workspace/tests/world.hpp"

using namespace std::chrono_literals;
namespace asio = boost::asio;

namespace {

using doors::milliseconds;

struct Bot {
    workspace_test::World world;
    slack::Client client{*world.here, world.slack.api_url(), world.slack.bot_token()};
    doors::SeededRandom random{3};
    std::vector<slack::Envelope> heard{};
    std::vector<std::string> fatal{};
    milliseconds work{0};
    bool broken{};
    slack::SocketMode mode;

    explicit Bot(workspace::Settings settings = workspace_test::World::quiet())
        : world{std::move(settings)}
        , mode{{*world.here, client, world.clock, random, world.tasks, *world.silence}, world.slack.app_token(),
              [this](slack::Envelope envelope) { return handle(std::move(envelope)); },
              [this](const std::string& code) { fatal.push_back(code); }}
    {
        world.tasks.spawn("socket mode", mode.run());
        world.settle();
    }
    ~Bot()
    {
        world.tasks.stop();
        world.settle();
    }

    asio::awaitable<slack::Json> handle(slack::Envelope envelope)
    {
        heard.push_back(envelope);
        if (work > 0ms)
            co_await world.clock.pause(work);
        if (broken)
            throw std::runtime_error{"out of order"};
        slack::Json answer;
        if (envelope.type == "slash_commands")
            answer["text"] = "hello";
        co_return answer;
    }
    std::size_t opens() { return world.slack.calls("apps.connections.open").size(); }
};

} // namespace

TEST_CASE("Two links are kept, and a lost one is replaced at once", "[slack][socket_mode]")
{
    Bot bot;
    CHECK(bot.world.slack.links() == 2);
    CHECK(bot.mode.health().links_up == 2);
    bot.world.advance(1h);
    bot.world.slack.drop_link(0);
    bot.world.settle();
    CHECK(bot.world.slack.links() == 2);
    bot.world.slack.drop_links();
    bot.world.advance(1s);
    CHECK(bot.world.slack.links() == 2);
    CHECK(bot.mode.health().reconnects == 3);
}

TEST_CASE("An answer goes to who asked", "[slack][socket_mode]")
{
    Bot bot;
    const auto asked = bot.world.ana.command("/oncall", "who", "#ops");
    bot.world.settle();
    CHECK(asked.acked());
    CHECK(bot.world.slack.plain(bot.world.ana.last_ephemeral()) == "hello");
    CHECK(bot.world.slack.violations().empty());
}

TEST_CASE("A link that is to be replaced stays until another is up", "[slack][socket_mode]")
{
    Bot bot;
    for (const auto* reason : {"warning", "refresh_requested"}) {
        bot.world.slack.disconnect(reason);
        for (int tick = 0; tick < 30; ++tick) {
            const auto asked = bot.world.ana.command("/oncall", "who", "#ops");
            bot.world.settle();
            INFO(reason << " " << tick);
            CHECK(bot.world.slack.links() >= 2);
            CHECK(asked.acked());
            bot.world.advance(1s);
        }
        CHECK(bot.world.slack.links() == 2);
    }
    CHECK(bot.fatal.empty());
}

TEST_CASE("Links are handed over before the time Slack gives them is up", "[slack][socket_mode]")
{
    auto settings = workspace_test::World::quiet();
    settings.link_lifetime = 3'600s;
    Bot bot{settings};
    std::size_t fewest = 10;
    for (int minute = 0; minute < 180; ++minute) {
        bot.world.advance(1min);
        fewest = std::min(fewest, bot.world.slack.links());
    }
    CHECK(fewest == 2);
    CHECK(bot.world.slack.story().find("warning") == std::string::npos);
}

TEST_CASE("From the second failure on, attempts back off up to half a minute", "[slack][socket_mode]")
{
    Bot bot;
    bot.world.advance(1h);
    bot.world.slack.fail_with_status("apps.connections.open", 503, 40);
    const auto before = bot.opens();
    bot.world.slack.drop_links();
    bot.world.settle();
    CHECK(bot.opens() - before >= 2); // at once, and once more
    CHECK(bot.opens() - before <= 3);
    bot.world.advance(5min);
    const auto calls = bot.world.slack.calls("apps.connections.open");
    CHECK(calls.size() - before >= 10);
    CHECK(calls.size() - before <= 41);
    milliseconds longest{};
    for (std::size_t i = before + 1; i < calls.size(); ++i)
        longest = std::max(longest, calls[i].at - calls[i - 1].at);
    CHECK(longest > 5s);
    CHECK(longest <= 30s);
    bot.world.slack.heal();
    bot.world.advance(31s);
    CHECK(bot.world.slack.links() == 2);
}

TEST_CASE("Links that die young are replaced within four seconds, however often", "[slack][socket_mode]")
{
    Bot bot;
    for (int time = 0; time < 12; ++time) {
        bot.world.slack.drop_links();
        bot.world.advance(4s);
        CHECK(bot.world.slack.links() == 2);
    }
    CHECK(bot.world.slack.violations().empty());
    CHECK(bot.fatal.empty());
}

TEST_CASE("Retry-After of apps.connections.open is kept", "[slack][socket_mode]")
{
    Bot bot;
    bot.world.advance(1h);
    bot.world.slack.rate_limit("apps.connections.open", 45s, 1);
    bot.world.slack.drop_links();
    bot.world.advance(60s);
    CHECK(bot.world.slack.links() == 2);
    CHECK(bot.world.slack.violations().empty());
}

TEST_CASE("What only a person can mend is said once, and then tried slowly", "[slack][socket_mode]")
{
    Bot bot;
    bot.world.advance(1h);
    SECTION("the token is dead")
    {
        bot.world.slack.revoke_tokens();
        bot.world.slack.drop_links();
        bot.world.advance(1min);
        CHECK(bot.fatal == std::vector<std::string>{"invalid_auth"});
        const auto before = bot.opens();
        bot.world.advance(20min);
        CHECK(bot.opens() - before <= 8);
        CHECK(bot.opens() - before >= 2);
        CHECK(bot.fatal.size() == 1);
    }
    SECTION("Socket Mode is switched off, and on again")
    {
        bot.world.slack.socket_mode(false);
        bot.world.advance(1min);
        CHECK(bot.fatal == std::vector<std::string>{"link_disabled"});
        const auto before = bot.opens();
        bot.world.advance(4min);
        CHECK(bot.opens() - before <= 4);
        bot.world.slack.socket_mode(true);
        bot.world.advance(11min);
        CHECK(bot.world.slack.links() == 2);
    }
}

TEST_CASE("Too many links do not make a storm", "[slack][socket_mode]")
{
    auto settings = workspace_test::World::quiet();
    settings.links = 1;
    Bot bot{settings};
    bot.world.advance(5min);
    CHECK(bot.world.slack.links() == 1);
    CHECK(bot.opens() < 60);
    CHECK(bot.world.ana.command("/oncall", "who", "#ops").delivered());
}

TEST_CASE("An answer whose link died meanwhile goes by another", "[slack][socket_mode]")
{
    for (const std::size_t index : {0u, 1u}) {
        Bot bot;
        bot.work = 1s;
        const auto asked = bot.world.ana.command("/oncall", "who", "#ops");
        bot.world.settle();
        bot.world.slack.drop_link(index);
        bot.world.advance(2s);
        CHECK(bot.heard.size() == 1);
        CHECK(asked.acked());
    }
}

TEST_CASE("A repeated event is handed on, and marked", "[slack][socket_mode]")
{
    Bot bot;
    bot.world.slack.lose_acks(1);
    bot.world.slack.send_event({{"type", "app_mention"}, {"text", "hi"}}, "app_mention");
    bot.world.advance(30s);
    REQUIRE(bot.heard.size() == 2);
    CHECK(bot.heard[0].retry == 0);
    CHECK(bot.heard[1].retry == 1);
    CHECK(bot.heard[0].id != bot.heard[1].id);
}

TEST_CASE("A handler that fails leaves the envelope unanswered and the link up", "[slack][socket_mode]")
{
    Bot bot;
    bot.broken = true;
    const auto asked = bot.world.ana.command("/oncall", "who", "#ops");
    bot.world.advance(4s);
    CHECK(asked.error() == "operation_timeout");
    bot.broken = false;
    const auto again = bot.world.ana.command("/oncall", "who", "#ops");
    bot.world.settle();
    CHECK(again.acked());
    CHECK(bot.world.slack.links() == 2);
}
