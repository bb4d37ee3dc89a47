#include "catch.hpp"
#include "scenarios/world.hpp"

using namespace scenario;

namespace {

/// What somebody is told who would like to override.
std::string asks_to_override(World& world, workspace::Person& person)
{
    const auto typed = person.command("/oncall", "override", "#payments-alerts");
    world.advance(1s);
    CHECK(typed.error() == "");
    return world.slack().plain(person.last_ephemeral());
}

oncall::Configuration with_member(const std::string& person)
{
    auto configuration = sample_configuration();
    configuration.teams.at("payments").members.push_back(person);
    return configuration;
}

std::size_t calls(World& world, const std::string& method) { return world.slack().calls(method).size(); }

/// The bot starts again a day later, when everybody is to be asked for anew.
void start_a_day_later(World& world)
{
    world.kill();
    world.clock.advance(25h);
    world.start();
}

} // namespace

TEST_CASE("Somebody whom Slack could not be asked about is asked for again when she comes back", "[scenarios][people]")
{
    World world;
    world.advance(2s);
    auto& dan = world.slack().add_person("dan", "dan@example.com");
    world.channel().admit("dan");
    SECTION("after an error") { world.slack().fail_with_status("users.info", 500); }
    SECTION("after silence") { world.slack().hang("users.info"); }
    SECTION("after a 429") { world.slack().rate_limit("users.info", 20s); }
    CHECK(has(asks_to_override(world, dan), "I don't know you yet"));
    world.advance(1min);
    asks_to_override(world, dan);
    INFO(world.slack().story());
    CHECK(has(asks_to_override(world, dan), "Only those who share schedule payments"));
}

TEST_CASE("A member who was made a guest is noticed within a day", "[scenarios][people]")
{
    World world;
    world.advance(2s);
    auto& dan = world.slack().add_person("dan", "dan@example.com");
    world.channel().admit("dan");
    asks_to_override(world, dan);
    CHECK(has(asks_to_override(world, dan), "Only those who share schedule payments"));
    const auto before = calls(world, "users.info");
    world.advance(23h);
    asks_to_override(world, dan);
    CHECK(calls(world, "users.info") == before); // nor asked for more often
    world.slack().make_guest("dan");
    world.advance(1h);
    asks_to_override(world, dan);
    INFO(world.slack().story());
    CHECK(has(asks_to_override(world, dan), "Guests of this workspace cannot change who is on call"));
}

TEST_CASE("After a 429 nobody is asked for until Slack takes it again", "[scenarios][people]")
{
    World world;
    world.advance(2s);
    const auto before = calls(world, "users.lookupByEmail");
    REQUIRE(before > 2);
    world.slack().rate_limit("users.lookupByEmail", 120s);
    start_a_day_later(world);
    world.advance(119s);
    INFO(world.slack().story());
    CHECK(calls(world, "users.lookupByEmail") == before + 1);
    world.advance(3s);
    CHECK(calls(world, "users.lookupByEmail") == 2 * before + 1);
    CHECK(world.slack().violations().empty());
}

TEST_CASE("A handle that nobody has does not read the list of everybody each minute", "[scenarios][people]")
{
    World world{with_member("@gohst")};
    world.advance(1s);
    CHECK(calls(world, "users.list") == 1);
    world.advance(59min);
    CHECK(calls(world, "users.list") == 1);
    world.advance(2min);
    CHECK(calls(world, "users.list") == 2);

    SECTION("and is sought at once when it is put right")
    {
        world.slack().add_person("ghost", "ghost@example.com");
        world.apply(with_member("@ghost"));
        world.advance(1s);
        const auto known = world.look([](storage::Transaction& tx) { return storage::People{tx}.find("@ghost"); });
        REQUIRE(known);
        CHECK(known->user_id == world.slack().person("ghost").id());
    }
    SECTION("and not at all when it is named no more")
    {
        world.apply(sample_configuration());
        world.advance(3h);
        CHECK(calls(world, "users.list") == 2);
    }
}

TEST_CASE("Many handles are sought by one reading of the list of everybody", "[scenarios][people]")
{
    World world;
    world.slack().add_person("zoe", "zoe@example.com");
    world.advance(2s);
    const auto before = calls(world, "users.list");
    const auto& meet = world.app().context().meet;
    for (const std::string handle : {"@gone", "@zoe", "@never"})
        meet(handle);
    world.advance(1s);
    CHECK(calls(world, "users.list") == before + 1);
    CHECK(world.look([](storage::Transaction& tx) { return storage::People{tx}.find("@zoe"); }));
    CHECK_FALSE(world.look([](storage::Transaction& tx) { return storage::People{tx}.find("@gone"); }));
}

TEST_CASE("After a 429 the list of everybody is read on, not anew", "[scenarios][people]")
{
    World world;
    std::string last;
    for (int i = 0; i < 300; ++i) {
        const auto name = "p" + std::to_string(i);
        world.slack().add_person(name, name + "@example.com");
        if (last.empty() || world.slack().person(name).id() > world.slack().person(last).id())
            last = name; // the list is by id: on its second page
    }
    world.advance(2s);
    auto& slack = world.app().context().slack;
    slack::Json one;
    one["limit"] = 1;
    for (int i = 0; i < 19; ++i) // Slack takes twenty a minute
        world.on_the_bot<slack::Json>([&slack, one] { return slack.call("users.list", one); });
    world.apply(with_member("@" + last));
    world.advance(1s);
    INFO(world.slack().story());
    const auto known = [&] { return world.look([&](storage::Transaction& tx) { return storage::People{tx}.find("@" + last); }); };
    REQUIRE(world.slack().calls("users.list").back().status == 429);
    CHECK_FALSE(known());
    world.advance(10s);
    const auto all = world.slack().calls("users.list");
    REQUIRE(all.size() == 22);
    CHECK_FALSE(all[19].arguments.contains("cursor"));
    CHECK(all[20].status == 429);
    REQUIRE(all[21].arguments.contains("cursor"));
    CHECK(all[21].arguments["cursor"] == all[20].arguments["cursor"]);
    REQUIRE(known());
    CHECK(known()->user_id == world.slack().person(last).id());
    CHECK(world.slack().violations().empty());
}

TEST_CASE("Somebody new does not wait until all others have been asked for", "[scenarios][people]")
{
    World world;
    world.advance(2s);
    world.slack().hang("users.lookupByEmail", 5);
    auto& dan = world.slack().add_person("dan", "dan@example.com");
    world.channel().admit("dan");
    world.advance(24h - 10s);
    while (world.slack().calls("users.lookupByEmail").back().answer.is_object() && world.clock.now() < noon + 26h)
        world.advance(1s); // the round begins
    asks_to_override(world, dan);
    const auto began = world.clock.now();
    const auto known = [&] {
        return world.look([&](storage::Transaction& tx) { return storage::People{tx}.find(dan.id()).has_value(); });
    };
    while (!known() && world.clock.now() < began + 5min)
        world.advance(1s);
    INFO(world.slack().story());
    CHECK(world.clock.now() - began < 35s); // one who was being asked for, at most
}
