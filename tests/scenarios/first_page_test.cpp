#include "catch.hpp"
#include "scenarios/sees.hpp"
#include "scenarios/world.hpp"

using namespace scenario;

TEST_CASE("An alert reaches the person on call, who acknowledges and resolves it", "[scenarios]")
{
    World world;
    const auto answer = world.alert("Checkout is down");
    INFO(world.slack().story());
    CHECK(answer.status == 202);
    CHECK(has(answer.body, R"("dedup_key":"checkout-down")"));

    SECTION("she gets a direct message that tells everything on a lock screen, and nobody else does")
    {
        REQUIRE(pages_to(world.ana()) == 1);
        const auto push = world.slack().push(world.ana().last_dm());
        CHECK(has(push, "Checkout is down"));
        CHECK(has(push, "#1"));
        CHECK(has(push, "checkout"));
        CHECK(has(push, "critical"));
        CHECK(pages_to(world.bo()) == 0);
    }
    SECTION("the team's channel has one card, which says who is paged and who is next")
    {
        REQUIRE(world.channel().messages().size() == 1);
        CHECK(has(last_card(world), "Checkout is down"));
        CHECK(has(last_card(world), "Triggered"));
        CHECK(has(last_card(world), "ana"));
        CHECK(has(last_card(world), "[Acknowledge]"));
    }
    SECTION("a press of Acknowledge is on disk before Slack is answered, changes every message, and stops the climb")
    {
        const auto press = world.ana().click(world.ana().last_dm(), "Acknowledge");
        world.settle();
        CHECK(press.acked());
        world.advance(2s);
        CHECK(has(last_card(world), "Acknowledged"));
        CHECK_FALSE(has(last_card(world), "[Acknowledge]"));
        CHECK_FALSE(has(world.slack().plain(world.ana().last_dm()), "[Acknowledge]"));
        world.advance(2h);
        CHECK(pages_to(world.ana()) == 1);
        CHECK(pages_to(world.bo()) == 0);

        world.ana().click(world.channel().last(), "Resolve");
        world.advance(5s);
        CHECK(has(last_card(world), "Resolved"));
        CHECK_FALSE(has(last_card(world), "[Resolve]"));
        const auto thread = world.channel().thread(world.channel().last());
        std::string told;
        for (const auto& line : thread)
            told += world.slack().plain(line) + "\n";
        CHECK(has(told, "acknowledged"));
        CHECK(has(told, "resolved"));
    }
    SECTION("when the source says it is over, so does the card")
    {
        CHECK(world.resolved().status == 202);
        world.advance(5s);
        CHECK(has(last_card(world), "Resolved"));
        world.advance(1h);
        CHECK(pages_to(world.ana()) == 2); // and the word that it is over
    }
    SECTION("the same alert again is counted, not paged again")
    {
        CHECK(world.alert("Checkout is down").status == 202);
        world.advance(3s);
        CHECK(pages_to(world.ana()) == 1);
        CHECK(world.channel().messages().size() == 1);
    }
    SECTION("some time after it was resolved, the same key is a new alert")
    {
        world.resolved();
        world.advance(5min);
        world.alert("Checkout is down");
        world.advance(5s);
        CHECK(pages_to(world.ana()) == 3); // two pages, and the word that the first is over
        CHECK(world.channel().messages().size() == 2);
    }
    CHECK(world.slack().violations().empty());
    CHECK(world.slack().broadcasts().empty());
}

TEST_CASE("An alert nobody answers climbs its policy and then cries", "[scenarios]")
{
    World world;
    world.alert("Checkout is down");
    INFO(world.slack().story());
    REQUIRE(pages_to(world.ana()) == 1);

    // Level 1: ana twice, 5 minutes each. Level 2: the team, 10 minutes. Level 3: the CTO, 15 minutes. All of it twice.
    world.advance(4min + 59s);
    CHECK(pages_to(world.ana()) == 1);
    world.advance(2s);
    CHECK(pages_to(world.ana()) == 2);
    CHECK(pages_to(world.bo()) == 0);
    world.advance(5min);
    CHECK(pages_to(world.ana()) == 3);
    CHECK(pages_to(world.bo()) == 1);
    CHECK(pages_to(world.chi()) == 1);
    CHECK(pages_to(world.cto()) == 0);
    world.advance(10min);
    CHECK(pages_to(world.cto()) == 1);
    CHECK(world.slack().channel("war-room").messages().size() == 1);
    world.advance(15min);
    CHECK(pages_to(world.ana()) == 4); // round two
    CHECK(world.fallback().messages().empty());
    world.advance(5min + 5min + 10min + 15min);
    REQUIRE(world.fallback().messages().size() == 1);
    CHECK(has(world.slack().plain(world.fallback().last()), "Checkout is down"));
    const auto before = pages_to(world.ana());
    world.advance(15min + 1s);
    CHECK(world.fallback().messages().size() == 2); // it cries again
    CHECK(pages_to(world.ana()) == before);

    // Even then an answer ends it.
    world.bo().command("/oncall", "ack 1");
    world.advance(1h);
    CHECK(world.fallback().messages().size() == 2);
    CHECK(has(last_card(world), "Acknowledged"));
    CHECK(world.slack().broadcasts().empty());
}

TEST_CASE("Escalate pages the next level at once, and a second press of the same button does not climb twice", "[scenarios]")
{
    World world;
    world.alert("Checkout is down");
    const auto seen = world.ana().last_dm();
    world.ana().click_as_seen(seen, "Escalate");
    world.settle();
    INFO(world.slack().story());
    CHECK(pages_to(world.bo()) == 1);
    CHECK(pages_to(world.cto()) == 0);
    world.ana().click_as_seen(seen, "Escalate");
    world.advance(1s);
    CHECK(pages_to(world.cto()) == 0);
    CHECK(has(world.slack().plain(world.ana().last_ephemeral()), "moved on"));
}

TEST_CASE("A click that comes too late loses politely and never reopens what is resolved", "[scenarios]")
{
    World world;
    world.alert("Checkout is down");
    const auto seen = world.ana().last_dm();
    world.resolved();
    world.advance(5s);
    const auto press = world.ana().click_as_seen(seen, "Acknowledge");
    world.advance(5s);
    INFO(world.slack().story());
    CHECK(press.acked());
    CHECK(press.error() == "");
    CHECK(has(world.slack().plain(world.ana().last_ephemeral()), "resolved"));
    CHECK(has(last_card(world), "Resolved"));
    world.advance(1h);
    CHECK(pages_to(world.ana()) == 2); // the page, and the word that it is over
}

TEST_CASE("A snoozed alert is quiet until its time and then pages again", "[scenarios]")
{
    World world;
    world.alert("Checkout is down");
    world.ana().choose(world.ana().last_dm(), "", "1 hour");
    world.advance(59min);
    INFO(world.slack().story());
    CHECK(pages_to(world.ana()) == 1);
    CHECK(has(last_card(world), "Snoozed"));
    world.advance(2min);
    CHECK(pages_to(world.ana()) == 2);
    CHECK(has(last_card(world), "Triggered"));
}

TEST_CASE("Duplicate deliveries act once", "[scenarios]")
{
    World world;
    world.alert("Checkout is down");
    world.slack().deliver_twice("interactive", 1);
    world.ana().click(world.ana().last_dm(), "Escalate");
    world.advance(2s);
    INFO(world.slack().story());
    CHECK(pages_to(world.bo()) == 1);
    CHECK(pages_to(world.cto()) == 0);
}

TEST_CASE("A storm of 429s delays messages and drops none", "[scenarios]")
{
    World world;
    world.app().context().bundling.hold = 0s; // each by itself
    world.slack().rate_limit("chat.postMessage", 30s, 5);
    for (int i = 0; i < 6; ++i)
        CHECK(world.alert("Alert " + std::to_string(i), "key-" + std::to_string(i)).status == 202);
    world.advance(4min);
    INFO(world.slack().story());
    CHECK(pages_to(world.ana()) == 6);
    CHECK(world.channel().messages().size() == 6);
    CHECK(world.slack().violations() == std::vector<std::string>{});
}

TEST_CASE("A link that drops while somebody clicks loses no click that Slack could deliver", "[scenarios][socket]")
{
    World world;
    world.alert("Checkout is down");
    world.slack().drop_link(0);
    const auto press = world.ana().click(world.ana().last_dm(), "Acknowledge");
    world.advance(5s);
    INFO(world.slack().story());
    CHECK(press.acked());
    CHECK(has(last_card(world), "Acknowledged"));
    CHECK(world.slack().links() == 2); // the lost one was replaced
}

TEST_CASE("A post whose answer was lost is read back and not repeated", "[scenarios]")
{
    World world;
    SECTION("a 500 after the effect") { world.slack().act_then_status("chat.postMessage", 500, 2); }
    SECTION("no answer after the effect") { world.slack().act_then_hang("chat.postMessage", 2); }
    SECTION("internal_error after the effect") { world.slack().act_then_fail("chat.postMessage", "internal_error", 2); }
    world.alert("Checkout is down");
    world.advance(3min);
    INFO(world.slack().story());
    CHECK(pages_to(world.ana()) == 1);
    CHECK(world.channel().messages().size() == 1);
    world.ana().click(world.ana().last_dm(), "Acknowledge");
    world.advance(5s);
    CHECK(has(last_card(world), "Acknowledged"));
}

TEST_CASE("While Slack is out nothing is lost, and afterwards people get the newest state only", "[scenarios]")
{
    World world;
    world.slack().outage(true);
    CHECK(world.alert("Checkout is down").status == 202);
    CHECK(world.alert("Ledger is slow", "ledger").status == 202);
    world.advance(2min);
    CHECK(world.resolved("ledger").status == 202);
    world.slack().outage(false);
    world.advance(2min);
    INFO(world.slack().story());
    CHECK(pages_to(world.ana()) == 1); // nothing for what is over
    CHECK(has(world.slack().push(world.ana().last_dm()), "Checkout is down"));
}

TEST_CASE("A person Slack does not know does not stop the climb", "[scenarios]")
{
    auto configuration = sample_configuration();
    configuration.schedules.at("payments").rotations.at(0).turns = {{"nobody@example.com"}};
    World world{configuration};
    world.alert("Checkout is down");
    world.advance(5s);
    INFO(world.slack().story());
    CHECK(pages_to(world.bo()) == 1); // the team, at once
}

TEST_CASE(
    "Where Slack takes no direct messages from the app, a page climbs at once to a channel, and says the fix", "[scenarios]")
{
    World world;
    world.slack().settings().messages_tab_enabled = false;
    world.alert("Checkout is down");
    world.advance(5s);
    INFO(world.slack().story());
    CHECK(pages_to(world.ana()) == 0);
    const auto thread = world.channel().thread(world.channel().messages().front());
    std::string said;
    for (const auto& message : thread)
        said += world.slack().plain(message) + "\n";
    CHECK(has(said, "could not reach"));
    CHECK(has(said, "turn on the Messages Tab"));
    REQUIRE(world.slack().channel("war-room").messages().size() == 1);
    CHECK(has(world.slack().plain(world.slack().channel("war-room").last()), "Checkout is down"));

    world.slack().settings().messages_tab_enabled = true;
    world.alert("The queue is full", "queue");
    world.advance(5s);
    CHECK(pages_to(world.ana()) == 1);
}

TEST_CASE("A level with nobody is skipped at once and said", "[scenarios]")
{
    auto configuration = sample_configuration();
    configuration.schedules.at("payments").rotations.clear();
    World world{configuration};
    world.alert("Checkout is down");
    world.advance(2s);
    INFO(world.slack().story());
    CHECK(pages_to(world.bo()) == 1);
    REQUIRE_FALSE(world.fallback().messages().empty());
    CHECK(has(world.slack().plain(world.fallback().last()), "schedule:payments"));
}

TEST_CASE(
    "An alert for no known service is kept and shown to its source's owner, and pages nobody who has no policy", "[scenarios]")
{
    World world{sample_with_a_bare_owner()};
    const auto answer = world.post("demo-alertmanager-key",
        R"({"version":"4","status":"firing","alerts":[{"status":"firing","fingerprint":"abc","labels":{"alertname":"Odd"},"annotations":{}}]})");
    CHECK(answer.status == 202);
    world.advance(2s);
    INFO(world.slack().story());
    REQUIRE(world.channel().messages().size() == 1);
    CHECK(has(last_card(world), "Odd"));
    CHECK(pages_to(world.ana()) == 0);
}

TEST_CASE("Foreign text cannot mention anybody", "[scenarios]")
{
    World world;
    world.alert("<!channel> <@U1> &amp; *bold*", "x",
        R"x(,"description":"<!here>","labels":{"a":"<!everyone>"},"links":["javascript:alert(1)"])x");
    world.advance(2s);
    INFO(world.slack().story());
    CHECK(pages_to(world.ana()) == 1);
    CHECK(world.slack().broadcasts().empty());
}

TEST_CASE("Everything can be asked and done by /oncall", "[scenarios]")
{
    World world;
    world.alert("Checkout is down");
    const auto ask = [&](workspace::Person& person, const std::string& text) {
        const auto typed = person.command("/oncall", text, "#payments-alerts");
        world.advance(1s);
        INFO(text << "\n" << world.slack().story());
        CHECK(typed.error() == "");
        return world.slack().plain(person.last_ephemeral());
    };
    CHECK(has(ask(world.bo(), ""), "ana"));
    CHECK(has(ask(world.bo(), "who"), "payments"));
    CHECK(has(ask(world.bo(), "help"), "snooze"));
    CHECK(has(ask(world.bo(), "status"), "Checkout is down"));
    CHECK(has(ask(world.bo(), "akc 1"), "/oncall ack"));
    ask(world.bo(), "ack now"); // without a number, which one is asked by a form
    CHECK(world.bo().modals() == 1);
    world.bo().close_all();
    CHECK(has(ask(world.bo(), "ack 99"), "no alert #99"));
    CHECK(has(ask(world.bo(), "ack 1"), "You have"));
    CHECK(has(ask(world.ana(), "ack #1"), "has it already"));
    CHECK(has(ask(world.bo(), "snooze 1 30m"), "30m"));
    CHECK(has(ask(world.bo(), "escalate 1"), "Escalated"));
    CHECK(has(ask(world.bo(), "resolve 1"), "Resolved"));
    CHECK(has(ask(world.bo(), "resolve 1"), "resolved by"));
    const auto before = pages_to(world.chi());
    CHECK(has(ask(world.bo(), "page @chi the till is on fire"), "Paging now"));
    CHECK(pages_to(world.chi()) == before + 1);
    CHECK(has(world.slack().push(world.chi().last_dm()), "the till is on fire"));
}

TEST_CASE("A bare page opens a form, which pages who is chosen", "[scenarios]")
{
    World world;
    world.bo().command("/oncall", "page");
    world.settle();
    INFO(world.slack().story());
    REQUIRE(world.bo().modals() == 1);
    world.bo().fill({{"person", "cto"}, {"why", "we need a decision"}});
    world.settle(); // the form says whom it pages, and that the CTO is not on call
    const auto sent = world.bo().submit();
    world.advance(2s);
    CHECK(sent.acked());
    CHECK(has(world.slack().plain(world.bo().modal()), "Paging now: #1 we need a decision"));
    REQUIRE(pages_to(world.cto()) == 1);
    CHECK(has(world.slack().push(world.cto().last_dm()), "we need a decision"));
}

TEST_CASE("What makes no sense gets a clear answer and breaks nothing", "[scenarios]")
{
    World world;
    CHECK(world.post("demo-scripts-key", "{").status == 400);
    CHECK(world.post("demo-scripts-key", std::string(100'000, '[')).status == 400);
    CHECK(world.post("demo-scripts-key", std::string(10 << 20, 'x')).status == 413);
    net::Request health;
    health.target = "/health";
    CHECK(world.request(health).status == 200);
    health.target = "/nowhere";
    CHECK(world.request(health).status == 404);
    health.target = "/hooks/demo-scripts-key";
    CHECK(world.request(health).status == 405);
    const auto guess = [&](const std::string& key) {
        net::Request request;
        request.method = "POST";
        request.target = "/hooks/" + key;
        request.body = "{}";
        request.peer = "stranger";
        return world.request(std::move(request)).status;
    };
    for (int i = 0; i < 20; ++i)
        CHECK(guess("guess") == 401);
    CHECK(guess("guess") == 429);
    CHECK(guess("demo-scripts-key") == 429); // is not told that it is right
    world.advance(61s);
    CHECK(world.alert("Still here").status == 202);
}

TEST_CASE("A storm in one request is kept whole", "[scenarios]")
{
    World world{sample_with_a_bare_owner()};
    std::string alerts;
    for (int i = 0; i < 1'200; ++i)
        alerts += (i ? "," : "") + std::string{R"({"status":"firing","labels":{"alertname":"A"},"fingerprint":")"}
            + std::to_string(i) + "\"}";
    const auto answer = world.post("demo-alertmanager-key", R"({"alerts":[)" + alerts + "]}");
    CHECK(answer.status == 202);
    CHECK(world.look([](storage::Transaction& tx) { return storage::Alerts{tx}.count_open(); }) == 1'200);
}
