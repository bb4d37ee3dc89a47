#include "catch.hpp"
#include "scenarios/world.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

using namespace scenario;

namespace {

void end(World& world) { asio::co_spawn(world.app().context().tasks.loop(), world.app().end(), asio::detached); }

std::size_t all_dms(World& world) { return world.ana().dms().size() + world.bo().dms().size() + world.chi().dms().size(); }

} // namespace

TEST_CASE("Asked to end, the service begins nothing more, gives what is under way a moment, and stops", "[scenarios][service]")
{
    World world;
    world.start();
    SECTION("nothing is under way: at once")
    {
        end(world);
        world.advance(10ms);
        CHECK(world.app().running() == 0);
    }
    SECTION("Slack says nothing")
    {
        world.slack().hang("chat.postMessage", 2); // the card and the page
        REQUIRE(world.alert("Checkout is down").status == 202);
        REQUIRE(world.app().under_way() > 0);
        end(world);
        world.settle();
        const auto late = world.alert("The ledger is down", "ledger-down");
        CHECK(late.status == 503);
        CHECK(net::header(late.headers, "Retry-After") == "5");
        world.advance(290ms);
        CHECK(world.app().running() > 0);
        world.advance(30ms);
        CHECK(world.app().running() == 0);
    }
    // Another process goes on where this one ended.
    world.kill();
    world.start();
    world.alert("Checkout is down");
    world.advance(1min);
    CHECK(all_dms(world) == 1);
}
