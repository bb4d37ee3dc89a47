#include "catch.hpp"
#include "scenarios/world.hpp"

using namespace scenario;

namespace {

/// The text of every page DM a person got, by what it is about: its metadata key.
std::map<std::string, int> pages_by_key(World& world)
{
    std::map<std::string, int> times;
    for (const auto* name : {"ana", "bo", "chi", "cto"})
        for (const auto& message : world.slack().person(name).dms())
            if (message.metadata.is_object())
                ++times[message.metadata["event_payload"]["key"].get<std::string>()];
    return times;
}

void wait_out(World& world, milliseconds by)
{
    for (const auto end = world.clock.now() + by; world.clock.now() < end;) {
        if (!world.running())
            world.start();
        world.advance(std::min<milliseconds>(30s, end - world.clock.now()));
    }
    if (!world.running())
        world.start();
}

/// A full climb that nobody answers until the CTO does. Returns how often each page arrived.
std::map<std::string, int> climb(World& world)
{
    // A sender repeats what was not accepted.
    while (world.alert("Checkout is down").status != 202) {
        wait_out(world, 5s);
    }
    wait_out(world, 21min);
    for (int tries = 0; tries < 3; ++tries) {
        // One that saw an error looks again, and finds the button gone if it has worked.
        if (world.slack().plain(world.cto().last_dm()).find("[Acknowledge]") == std::string::npos)
            break;
        world.cto().click(world.cto().last_dm(), "Acknowledge");
        wait_out(world, 10s);
    }
    wait_out(world, 2h);
    return pages_by_key(world);
}

} // namespace

TEST_CASE("A crash at any commit or send of a climb loses nothing and pages nobody for nothing", "[scenarios][crash][long]")
{
    World calm;
    const auto expected = climb(calm);
    REQUIRE(expected.size() >= 6); // ana twice, the team of three, the CTO
    for (const auto& [key, times] : expected)
        CHECK(times == 1);
    const int commits = calm.commits, sends = calm.sends;
    REQUIRE(commits > 20);
    REQUIRE(sends > 8);

    const auto survives = [&](World::Doom doom, const std::string& where) {
        World world;
        world.commits = world.sends = 0;
        world.doom = doom;
        const auto got = climb(world);
        INFO("killed " << where << "\n" << world.slack().story());
        for (const auto& [key, times] : expected) {
            INFO(key);
            REQUIRE(got.contains(key));
            CHECK(got.at(key) <= 2);
        }
        for (const auto& [key, times] : got) {
            INFO(key);
            CHECK(expected.contains(key)); // paged for nothing
        }
        CHECK(world.slack().plain(world.channel().last()).find("Acknowledged") != std::string::npos);
    };
    // The two ways in share the points: what is lost where depends on neither.
    for (int n = by_http() ? 2 : 1; n <= commits; n += 2)
        survives({.commit = n}, "after commit " + std::to_string(n));
    for (int n = 1; n <= sends; ++n) {
        if (by_http())
            survives({.before_send = n}, "before send " + std::to_string(n));
        else
            survives({.after_send = n}, "after send " + std::to_string(n));
    }
}
