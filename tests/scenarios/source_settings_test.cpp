#include "catch.hpp"
#include "handlers/change_events.hpp"
#include "scenarios/sees.hpp"
#include "scenarios/world.hpp"
#include "storage/change_events.hpp"

using namespace scenario;

namespace {

/// The scripts' alerts are over after that much silence.
oncall::Configuration silent_after(milliseconds silence)
{
    auto configuration = sample_configuration();
    configuration.sources.at("scripts").auto_resolve = silence;
    return configuration;
}

bool was_told(World& world, workspace::Person& person, const std::string& words)
{
    const auto dms = person.dms();
    return std::any_of(dms.begin(), dms.end(), [&](const auto& dm) { return has(world.slack().plain(dm), words); });
}

void deploy(World& world, const std::string& title, const std::string& service = "checkout")
{
    oncall::ChangeEvent change;
    change.source = "scripts";
    change.service = service;
    change.title = title;
    change.at = world.clock.now();
    world.write([&](storage::Transaction& tx) {
        handlers::take_change(tx, world.app().context(), change, world.clock.now());
        handlers::take_change(tx, world.app().context(), change, world.clock.now()); // sent again
        return 0;
    });
    world.advance(3s);
}

} // namespace

TEST_CASE("An alert that its source reports no more is over after the time of its source", "[scenarios][auto_resolve][socket]")
{
    World world{silent_after(30min)};
    world.alert("Checkout is slow");
    world.advance(20min);
    world.alert("Checkout is slow");
    world.advance(29min);
    REQUIRE_FALSE(has(card(world), "Resolved"));
    const auto is_over = [&] { return has(card(world), "Resolved by itself"); };

    SECTION("while it is paged: whoever was paged is told")
    {
        world.advance(2min + 3s);
        INFO(world.slack().story());
        CHECK(is_over());
        CHECK(has(thread(world), "resolved by itself: not reported for 30 minutes"));
        CHECK(was_told(world, world.ana(), "is over: not reported for 30 minutes"));
        // Reported again it is another one, with its own time.
        world.alert("Checkout is slow");
        world.advance(31min + 3s);
        CHECK(has(last_card(world), "#2"));
        CHECK(has(last_card(world), "Resolved by itself"));
    }
    SECTION("while somebody has it, too")
    {
        type(world, world.ana(), "ack 1");
        world.advance(2min + 3s);
        CHECK(is_over());
    }
    SECTION("not while its source is given more time, and then")
    {
        world.apply(silent_after(2h));
        world.advance(85min);
        CHECK_FALSE(is_over());
        world.advance(7min);
        CHECK(is_over());
    }
    SECTION("less time holds from the next report on, and a clear of its own comes first")
    {
        world.apply(silent_after(5min));
        world.alert("Checkout is slow");
        world.advance(4min);
        CHECK_FALSE(has(card(world), "Resolved"));
        world.advance(2min + 3s);
        CHECK(is_over());
        world.alert("Checkout is slow");
        world.resolved();
        world.advance(10min);
        CHECK(has(last_card(world), "by its source"));
    }
    SECTION("never, when that is what its source says now")
    {
        world.apply(silent_after(oncall::milliseconds{-1}));
        world.advance(5h);
        CHECK_FALSE(is_over());
    }
    SECTION("resolved by mistake and reopened, it has its whole time again")
    {
        type(world, world.ana(), "resolve 1");
        world.advance(1min);
        type(world, world.ana(), "reopen 1");
        world.advance(28min);
        CHECK_FALSE(is_over());
        world.advance(3min);
        CHECK(is_over());
    }
    SECTION("a bot that was away has heard nobody: it waits the whole time again")
    {
        world.kill();
        world.advance(3h);
        world.set_file(silent_after(30min));
        world.start();
        world.advance(29min);
        CHECK_FALSE(is_over());
        world.advance(2min);
        CHECK(is_over());
    }
}

TEST_CASE("What was changed shortly before an alert stands on its card, and what is changed then as well", "[scenarios][changes]")
{
    World world;
    deploy(world, "build 4710");
    world.advance(6min);
    world.alert("Checkout is down");
    world.advance(3s);
    INFO(world.slack().story());
    CHECK(has(world.slack().plain(world.ana().last_dm()), "build 4710"));
    CHECK(has(card(world), "build 4710"));
    deploy(world, "build <!channel> 4711");
    CHECK(has(card(world), "4711"));
    deploy(world, "somewhere", "unheard of"); // of its source's own service, then
    CHECK(pages_to(world.ana()) == 1); // it pages nobody
    const auto all = type(world, world.bo(), "changes checkout");
    CHECK(has(all, "build 4710"));
    CHECK(has(all, "4711"));
    // Told twice it is one.
    CHECK(world.look([](storage::Transaction& tx) { return storage::ChangeEvents{tx}.of_service("checkout", 10); }).size() == 3);
    CHECK(has(type(world, world.bo(), "deploys"), "build 4710"));
    CHECK(has(type(world, world.bo(), "changes ledger"), "No changes of service ledger"));
    CHECK(has(type(world, world.bo(), "changes checkuot"), "Did you mean `/oncall changes checkout`"));
    type(world, world.ana(), "resolve 1");
    world.advance(3s);
    CHECK_FALSE(has(card(world), "4711"));
}
