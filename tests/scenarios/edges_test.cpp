#include "catch.hpp"
#include "places.hpp"
#include "scenarios/sees.hpp"
#include "scenarios/world.hpp"
#include "storage/sql.hpp"

#include <fstream>

using namespace scenario;

TEST_CASE("The scopes of the manifest are enough for all that is done", "[scenarios]")
{
    std::set<std::string> scopes;
    std::ifstream file{std::string{ONCALL_SOURCE_DIR} + "/manifest/slack.yaml"};
    for (std::string line; std::getline(file, line);)
        if (line.starts_with("      - ") && line.find("command:") == line.npos)
            scopes.insert(line.substr(8, line.find_first_of(" ", 8) - 8));
    REQUIRE(scopes.contains("chat:write"));
    auto configuration = sample_configuration();
    configuration.teams.at("payments").user_group = "@payments-oncall";
    configuration.teams.at("payments").topic = true;
    World world{configuration};
    world.slack().add_user_group("payments-oncall", {"chi"});
    world.slack().settings().scopes = scopes;
    world.kill();
    world.start();
    world.slack().act_then_hang("chat.postMessage", 3);
    world.alert("Checkout is down");
    world.advance(4min);
    world.bo().command("/oncall", "page");
    world.advance(1s);
    CHECK(world.bo().modals() == 1);
    world.ana().click(world.ana().last_dm(), "Acknowledge");
    world.advance(10s);
    INFO(world.slack().story());
    CHECK(pages_to(world.ana()) == 1);
    CHECK(has(card(world), "Acknowledged"));
    CHECK(world.slack().user_group("payments-oncall") == std::vector<std::string>{"ana"});
    CHECK(has(world.channel().topic(), "[On call: ana"));
    for (const auto& call : world.slack().calls()) {
        INFO(call.method);
        CHECK(call.error != "missing_scope");
    }
}

TEST_CASE("Somebody nobody configured may answer, and is called by name", "[scenarios]")
{
    World world;
    world.alert("Checkout is down");
    world.slack().person("dee").click(world.channel().last(), "Acknowledge");
    world.advance(2s);
    INFO(world.slack().story());
    CHECK(has(card(world), "Acknowledged by dee"));
    CHECK_FALSE(has(card(world), world.slack().person("dee").id()));
}

TEST_CASE("A button of a version nobody remembers gets words", "[scenarios]")
{
    World world;
    const workspace::Json button{
        {"type", "button"}, {"text", {{"type", "plain_text"}, {"text", "Old"}}}, {"action_id", "gone.forever"}, {"value", "1"}};
    workspace::Json actions{{"type", "actions"}};
    actions["elements"] = workspace::Json::array();
    actions["elements"].push_back(button);
    workspace::Json posted{{"channel", world.channel().id()}, {"text", "old"}};
    posted["blocks"] = workspace::Json::array();
    posted["blocks"].push_back(actions);
    REQUIRE(world.call("chat.postMessage", posted)["ok"] == true);
    const auto press = world.ana().click(world.channel().last(), "Old");
    world.advance(1s);
    INFO(world.slack().story());
    CHECK(press.acked());
    CHECK(has(world.slack().plain(world.ana().last_ephemeral()), "another version"));
}

TEST_CASE("A card that was deleted comes back with the next change", "[scenarios]")
{
    World world;
    world.alert("Checkout is down");
    const auto old = world.channel().last();
    REQUIRE(world.call("chat.delete", {{"channel", old.channel}, {"ts", old.ts}})["ok"] == true);
    world.ana().click(world.ana().last_dm(), "Acknowledge");
    world.advance(10s);
    INFO(world.slack().story());
    REQUIRE(world.channel().messages().size() == 1);
    CHECK(has(card(world), "Acknowledged"));
}

TEST_CASE("A channel Slack lets nobody post in is said in the fallback channel, and people are paged all the same", "[scenarios]")
{
    World world;
    world.channel().archive();
    world.alert("Checkout is down");
    world.advance(5s);
    INFO(world.slack().story());
    CHECK(pages_to(world.ana()) == 1);
    REQUIRE_FALSE(world.fallback().messages().empty());
    CHECK(has(world.slack().plain(world.fallback().last()), "#payments-alerts"));
}

TEST_CASE("Blocks Slack does not take do not stop a page", "[scenarios]")
{
    World world;
    world.slack().fail_with("chat.postMessage", "invalid_blocks", 1);
    world.alert("Checkout is down");
    world.advance(2s);
    INFO(world.slack().story());
    REQUIRE(pages_to(world.ana()) == 1);
    CHECK(has(world.slack().push(world.ana().last_dm()), "Checkout is down"));
}

TEST_CASE("A form Slack will not open is said in words", "[scenarios]")
{
    World world;
    world.slack().fail_with("views.open", "internal_error", 1);
    world.bo().command("/oncall", "page", "#payments-alerts");
    world.advance(1s);
    INFO(world.slack().story());
    CHECK(world.bo().modals() == 0);
    CHECK(has(world.slack().plain(world.bo().last_ephemeral()), "did not let me open the form"));
}

TEST_CASE("A page by hand is repeated, and cries when it is not answered", "[scenarios]")
{
    World world;
    world.bo().command("/oncall", "page @chi the till is on fire", "#payments-alerts");
    world.advance(20min);
    INFO(world.slack().story());
    CHECK(pages_to(world.chi()) == 3);
    REQUIRE_FALSE(world.fallback().messages().empty());
    CHECK(has(world.slack().plain(world.fallback().last()), "the till is on fire"));
    world.bo().command("/oncall", "page @nobody-here help", "#payments-alerts");
    world.advance(1s);
    CHECK(has(world.slack().plain(world.bo().last_ephemeral()), "I don't know"));
}

TEST_CASE("A snooze outlives a restart", "[scenarios]")
{
    World world;
    world.alert("Checkout is down");
    world.ana().choose(world.ana().last_dm(), "", "1 hour");
    world.advance(10min);
    world.kill();
    world.clock.advance(2h);
    CHECK(pages_to(world.ana()) == 1);
    world.start();
    world.advance(5s);
    INFO(world.slack().story());
    CHECK(pages_to(world.ana()) == 2); // due meanwhile: done once
}

TEST_CASE("While the bot was away, what became due is done once and not for each time it was missed", "[scenarios]")
{
    World world;
    world.alert("Checkout is down");
    world.kill();
    world.clock.advance(8min); // the second page was due at 5
    world.start();
    world.advance(1s);
    INFO(world.slack().story());
    CHECK(pages_to(world.ana()) == 2);
    CHECK(pages_to(world.bo()) == 0);
}

TEST_CASE("A full disk is said to the sender, and when there is room again everything goes on", "[scenarios]")
{
    World world;
    world.alert("Checkout is down");
    const auto pages = world.write([](storage::Transaction& tx) {
        storage::Query count{tx, "PRAGMA page_count"};
        count.step();
        return count.integer();
    });
    const auto limit = [&](std::int64_t most) {
        world.write([&](storage::Transaction& tx) {
            const auto sql = "PRAGMA max_page_count = " + std::to_string(most);
            storage::Query{tx, sql}.step();
            return 0;
        });
    };
    limit(pages);
    int refused = 0;
    const std::string large(2'000, 'x');
    for (int i = 0; i < 50; ++i)
        refused += world.alert("More", "more-" + std::to_string(i), R"(,"description":")" + large + "\"").status == 503;
    CHECK(refused > 0);
    world.advance(12min); // timers fall due meanwhile
    const auto found = world.take_found();
    REQUIRE_FALSE(found.empty());
    CHECK(has(found.front(), "database or disk is full"));
    limit(1'000'000);
    world.advance(1min);
    INFO(world.slack().story());
    CHECK(world.alert("After", "after").status == 202);
    world.advance(2min);
    CHECK(pages_to(world.bo()) >= 1); // the climb of the first went on
    CHECK(has(world.slack().story(), "After"));
}

TEST_CASE("A page that was under way when its alert was answered elsewhere is not sent after all", "[scenarios]")
{
    World world;
    world.doom.before_send = world.sends + 1; // the page to ana never leaves
    world.alert("Checkout is down");
    REQUIRE_FALSE(world.running());
    world.slack().outage(true);
    world.start();
    CHECK(world.resolved().status == 202);
    world.slack().outage(false);
    world.advance(5min);
    INFO(world.slack().story());
    CHECK(pages_to(world.ana()) == 0);
    world.advance(1h);
    CHECK(pages_to(world.ana()) == 0);
}

TEST_CASE("A thread's line that may have been posted is neither lost nor said twice", "[scenarios]")
{
    World world;
    world.alert("Checkout is down");
    world.advance(2s);
    const auto lines = [&] {
        std::string told;
        for (const auto& line : world.channel().thread(world.channel().messages().front()))
            told += world.slack().plain(line) + "\n";
        return told;
    };
    const auto times = [&](const std::string& part) {
        const auto told = lines();
        int found = 0;
        for (auto at = told.find(part); at != told.npos; at = told.find(part, at + 1))
            ++found;
        return found;
    };
    CHECK(times("reported") == 1);
    world.slack().act_then_hang("chat.postMessage", 1); // the next post is the thread's
    world.ana().click(world.ana().last_dm(), "Acknowledge");
    world.advance(20s);
    world.bo().command("/oncall", "snooze 1 2h", "#payments-alerts");
    world.advance(2min);
    INFO(world.slack().story());
    CHECK(times("reported") == 1);
    CHECK(times("acknowledged") == 1);
    CHECK(times("snoozed") == 1);
}
