#include "catch.hpp"
#include "lifeline.hpp"
#include "scenarios/world.hpp"
#include "storage/sql.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

using namespace scenario;

namespace {

class Systemd final : public doors::Supervisor {
public:
    void tell(const std::string& state) override { told.push_back(state); }
    milliseconds watchdog() const override { return most; }
    std::size_t signs()
    {
        const auto count = std::count_if(told.begin(), told.end(), [](const auto& one) { return has(one, "WATCHDOG=1"); });
        return static_cast<std::size_t>(count);
    }
    milliseconds most{2min};
    std::vector<std::string> told{};
};

struct Watched {
    World world{};
    Systemd systemd{};
    std::string status{"all is well"};
    std::unique_ptr<Lifeline> lifeline{};
    Watched()
    {
        world.start();
        auto& app = world.app();
        auto& context = app.context();
        lifeline = std::make_unique<Lifeline>(
            Lifeline::Parts{systemd, app.database(), world.clock, context.log, app.audit(), [this] { return status; }});
        asio::co_spawn(context.tasks.loop(), lifeline->run(), asio::detached);
        world.settle();
    }
    /// The bot's loop, with the lifeline on it, goes first.
    ~Watched() { world.kill(); }
    void sql(const std::string& text)
    {
        world.write([&](storage::Transaction& tx) {
            storage::run(tx, text);
            return 0;
        });
    }
};

} // namespace

TEST_CASE("Signs of life come three times as often as they must, with a word on how it is", "[lifeline]")
{
    Watched bot;
    CHECK(bot.systemd.told == std::vector<std::string>{"WATCHDOG=1\nSTATUS=all is well"});
    bot.world.advance(1h);
    CHECK(bot.systemd.signs() == 1 + 2 * 60);
    bot.lifeline->reloading();
    CHECK(has(bot.systemd.told.back(), "RELOADING=1\nMONOTONIC_USEC="));
    bot.lifeline->ready();
    CHECK(bot.systemd.told.back() == "READY=1\nSTATUS=all is well");
    bot.lifeline->stopping();
    CHECK(has(bot.systemd.told.back(), "STOPPING=1"));
}

TEST_CASE("How it is by now is told soon, and is no sign of life", "[lifeline]")
{
    Watched bot;
    bot.status = "Slack is away";
    bot.world.advance(10s);
    CHECK(bot.systemd.told.back() == "STATUS=Slack is away");
    CHECK(bot.systemd.told.size() == 2);
    CHECK(bot.systemd.signs() == 1);
}

TEST_CASE("No sign of life is given while the engine stands still, and again when it moves", "[lifeline]")
{
    Watched bot;
    bot.world.advance(5min);
    bot.sql("ALTER TABLE timers RENAME TO gone"); // the engine fails whenever it looks
    bot.world.advance(90s); // the auditor finds it within a minute
    const auto before = bot.systemd.signs();
    bot.world.advance(10min);
    CHECK(bot.systemd.signs() == before);
    CHECK(has(bot.systemd.told.back(), "The engine does not move"));
    bot.sql("ALTER TABLE gone RENAME TO timers");
    bot.world.advance(2min);
    CHECK(bot.systemd.signs() > before);
    bot.world.take_found();
}

TEST_CASE("No sign of life is given when the auditor looks no more", "[lifeline]")
{
    Watched bot;
    Auditor::Health stopped;
    Systemd systemd;
    auto& context = bot.world.app().context();
    Lifeline alone{{systemd, bot.world.app().database(), bot.world.clock, context.log, stopped, [] { return std::string{}; }}};
    asio::co_spawn(context.tasks.loop(), alone.run(), asio::detached);
    bot.world.advance(90s);
    const auto before = systemd.signs();
    CHECK(before > 0);
    bot.world.advance(10min);
    CHECK(systemd.signs() == before);
    CHECK(has(systemd.told.back(), "auditor"));
    stopped.last_pass = bot.world.clock.now();
    bot.world.advance(30s);
    CHECK(systemd.signs() == before + 1);
    bot.world.kill();
}

TEST_CASE("What a restart does not mend is no reason for one", "[lifeline]")
{
    Watched bot;
    SECTION("Slack is away") { bot.world.slack().hang("*", 100'000); }
    SECTION("an audit that finds something")
    {
        bot.world.alert("Checkout is down");
        bot.sql("UPDATE notifications SET why = ''");
    }
    SECTION("the machine slept, or its clock was set")
    {
        bot.world.clock.advance(8h);
        bot.world.settle();
    }
    SECTION("a disk that takes nothing, while timers fall due")
    {
        bot.world.alert("Checkout is down");
        bot.world.write([](storage::Transaction& tx) {
            storage::Query count{tx, "PRAGMA page_count"};
            count.step();
            const auto sql = "PRAGMA max_page_count = " + std::to_string(count.integer());
            storage::Query{tx, sql}.step();
            return 0;
        });
        const std::string large(2'000, 'x');
        for (int i = 0; i < 50; ++i)
            bot.world.alert("More", "more-" + std::to_string(i), R"(,"description":")" + large + "\"");
    }
    bot.world.advance(1min);
    const auto before = bot.systemd.signs();
    bot.world.advance(10min);
    CHECK(bot.systemd.signs() == before + 20);
    bot.world.take_found();
}
