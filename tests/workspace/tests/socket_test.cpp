#include "catch.hpp"
#include "world.hpp"

using namespace workspace_test;

TEST_CASE("A raw client can do a whole exchange", "[workspace][socket]")
{
    World world;
    const auto socket = world.connect();
    REQUIRE(socket->frames.size() == 1);
    CHECK(socket->frames[0]["type"] == "hello");
    CHECK(socket->frames[0]["num_connections"] == 1);
    CHECK(socket->frames[0]["connection_info"]["app_id"] == world.slack.app_id());

    const Json metadata{{"event_type", "page"}, {"event_payload", {{"key", "k1"}}}};
    const auto posted = world.call("chat.postMessage",
        {{"channel", world.ana.id()}, {"text", "checkout is down"}, {"blocks", with_button("*checkout* is down", "Acknowledge")},
            {"metadata", metadata}});
    REQUIRE(posted.error() == "");
    CHECK(world.slack.plain(world.ana.last_dm()) == "checkout is down\n[Acknowledge]");

    const auto click = world.ana.click(world.ana.last_dm(), "Acknowledge");
    CHECK(click.delivered());
    CHECK(click.pending());
    world.settle();
    REQUIRE(socket->frames.size() == 2);
    const auto envelope = socket->frames[1];
    CHECK(envelope["type"] == "interactive");
    const auto& payload = envelope["payload"];
    CHECK(payload["type"] == "block_actions");
    CHECK(payload["user"]["id"] == world.ana.id());
    CHECK(payload["container"]
        == Json{{"type", "message"}, {"message_ts", posted.json["ts"]}, {"channel_id", posted.json["channel"]},
            {"is_ephemeral", false}});
    CHECK(payload["message"]["metadata"] == metadata);
    CHECK(payload["actions"][0]["action_id"] == "press");
    CHECK(payload["actions"][0]["block_id"] == "row");
    CHECK(payload["actions"][0]["value"] == "v1");
    CHECK(payload["response_url"].get<std::string>().rfind("https://hooks.slack.com/actions/", 0) == 0);

    world.advance(200ms);
    world.ack(*socket, envelope);
    CHECK(click.acked());
    CHECK(click.took() == 200ms);
    CHECK(click.error() == "");

    const auto updated = world.call("chat.update",
        {{"channel", posted.json["channel"]}, {"ts", posted.json["ts"]}, {"text", "acknowledged by ana"},
            {"blocks", Json::array()}});
    CHECK(updated.error() == "");
    CHECK(world.slack.plain(world.ana.last_dm()) == "acknowledged by ana");

    const auto history =
        world.call("conversations.history", {{"channel", posted.json["channel"]}, {"include_all_metadata", true}});
    CHECK(history.json["messages"][0]["metadata"]["event_payload"]["key"] == "k1");
    CHECK(world.slack.violations().empty());
    CHECK_THAT(world.slack.story(), contains("ana clicks [Acknowledge]"));
}

TEST_CASE("A ticket opens one link", "[workspace][socket]")
{
    World world;
    const auto url = world.ticket();
    const auto socket = world.connect(url);
    CHECK(world.slack.links() == 1);
    CHECK_THROWS_AS(world.connect(url), net::Failure);
    CHECK_THROWS_AS(world.connect("wss://wss-primary.slack.com/link/?ticket=x&app_id=" + world.slack.app_id()), net::Failure);
    CHECK(world.slack.links() == 1);
}

TEST_CASE("The eleventh link is turned away", "[workspace][socket]")
{
    World world;
    std::vector<std::shared_ptr<Socket>> sockets;
    for (int i = 0; i < 10; ++i)
        sockets.push_back(world.connect());
    CHECK(sockets.back()->frames[0]["num_connections"] == 10);
    const auto extra = world.connect();
    world.advance(2s);
    REQUIRE(extra->frames.size() == 1);
    CHECK(extra->frames[0]["reason"] == "too_many_websockets");
    CHECK(extra->gone);
    CHECK(world.slack.links() == 10);
}

TEST_CASE("Each envelope goes to one of the links, and any of them", "[workspace][socket]")
{
    World world;
    const auto one = world.connect(), two = world.connect();
    for (int i = 0; i < 20; ++i)
        world.slack.send_event({{"type", "app_mention"}});
    world.settle();
    const auto first = one->envelopes("events_api").size(), second = two->envelopes("events_api").size();
    CHECK(first + second == 20);
    CHECK(first > 2);
    CHECK(second > 2);
}

TEST_CASE("An event nobody acknowledges is sent again, three times", "[workspace][socket]")
{
    World world;
    const auto socket = world.connect();
    const auto told = world.ana.say_to_bot("are you there?");
    REQUIRE(told.size() == 1);
    world.settle();
    auto sent = [&] { return socket->envelopes("events_api"); };
    REQUIRE(sent().size() == 1);
    CHECK(sent()[0]["retry_attempt"] == 0);
    CHECK(sent()[0]["retry_reason"] == "");
    CHECK(sent()[0]["payload"]["event"]["text"] == "are you there?");

    world.advance(3s);
    world.advance(1s);
    REQUIRE(sent().size() == 2);
    CHECK(sent()[1]["retry_attempt"] == 1);
    CHECK(sent()[1]["retry_reason"] == "timeout");
    CHECK(sent()[1]["payload"]["event_id"] == sent()[0]["payload"]["event_id"]);

    SECTION("until it is acknowledged")
    {
        world.ack(*socket, sent()[1]);
        CHECK(told[0].acked());
        world.advance(10min);
        CHECK(sent().size() == 2);
    }
    SECTION("an ack that comes too late counts for nothing")
    {
        world.ack(*socket, sent()[0]);
        CHECK(told[0].pending());
    }
    SECTION("after a minute and five minutes, then no more")
    {
        world.advance(3s);
        world.advance(60s);
        CHECK(sent().size() == 3);
        world.advance(3s);
        world.advance(300s);
        CHECK(sent().size() == 4);
        CHECK(sent()[3]["retry_attempt"] == 3);
        world.advance(3s);
        world.advance(1h);
        CHECK(sent().size() == 4);
        CHECK(told[0].error() == "operation_timeout");
    }
}

TEST_CASE("An event that found no link comes with a retry", "[workspace][socket]")
{
    World world;
    const auto told = world.ana.say_to_bot("hello?");
    world.advance(30s);
    const auto socket = world.connect();
    CHECK(socket->envelopes("events_api").empty());
    world.advance(31s);
    REQUIRE(socket->envelopes("events_api").size() == 1);
    CHECK(socket->envelopes("events_api")[0]["retry_attempt"] == 2);
    CHECK(told[0].attempts() == 3);
}

TEST_CASE("A click that is not acknowledged in time shows an error and is not repeated", "[workspace][socket]")
{
    World world;
    world.call("chat.postMessage", {{"channel", world.ana.id()}, {"text", "x"}, {"blocks", with_button("x", "Go")}});

    SECTION("no link")
    {
        const auto click = world.ana.click(world.ana.last_dm(), "Go");
        CHECK(!click.delivered());
        CHECK(click.error() == "dispatch_failed");
    }
    SECTION("no answer")
    {
        const auto socket = world.connect();
        const auto click = world.ana.click(world.ana.last_dm(), "Go");
        world.advance(2999ms);
        CHECK(click.pending());
        world.advance(1ms);
        CHECK(click.error() == "operation_timeout");
        CHECK(!click.acked());
        world.advance(10min);
        CHECK(socket->envelopes("interactive").size() == 1);
    }
    SECTION("the ack was lost")
    {
        const auto socket = world.connect();
        const auto click = world.ana.click(world.ana.last_dm(), "Go");
        world.settle();
        world.slack.lose_acks();
        world.ack(*socket, socket->envelopes("interactive")[0]);
        world.advance(3s);
        CHECK(click.error() == "operation_timeout");
    }
    SECTION("the link is deaf")
    {
        const auto socket = world.connect();
        world.slack.deafen_link(0);
        const auto click = world.ana.click(world.ana.last_dm(), "Go");
        world.advance(3s);
        CHECK(socket->envelopes("interactive").empty());
        CHECK(click.error() == "operation_timeout");
    }
}

TEST_CASE("An envelope may come twice", "[workspace][socket]")
{
    World world;
    const auto one = world.connect(), two = world.connect();
    world.slack.deliver_twice("events_api");
    const auto told = world.slack.send_event({{"type", "app_mention"}});
    world.settle();
    auto all = one->envelopes("events_api");
    for (const auto& envelope : two->envelopes("events_api"))
        all.push_back(envelope);
    REQUIRE(all.size() == 2);
    CHECK(all[0]["envelope_id"] == all[1]["envelope_id"]);
    world.ack(*one, all[0]);
    world.ack(*two, all[1]);
    CHECK(told.acked());
    CHECK(world.slack.violations().empty());
}

TEST_CASE("A warned link ends ten seconds later", "[workspace][socket]")
{
    World world;
    const auto socket = world.connect();
    world.slack.disconnect("warning");
    world.settle();
    REQUIRE(socket->frames.size() == 2);
    CHECK(socket->frames[1]["type"] == "disconnect");
    CHECK(socket->frames[1]["reason"] == "warning");
    world.advance(9s);
    CHECK(!socket->gone);
    world.advance(1s);
    CHECK(socket->gone);
    CHECK(world.slack.links() == 0);
}

TEST_CASE("A link has a lifetime", "[workspace][socket]")
{
    auto settings = World::quiet();
    settings.link_lifetime = 1h;
    World world{settings};
    const auto socket = world.connect();
    CHECK(socket->frames[0]["debug_info"]["approximate_connection_time"] == 3600);
    world.advance(1h);
    REQUIRE(socket->frames.size() == 2);
    CHECK(socket->frames[1]["reason"] == "warning");
}

TEST_CASE("Without Socket Mode links are told so", "[workspace][socket]")
{
    World world;
    const auto before = world.connect();
    world.slack.socket_mode(false);
    world.advance(1s);
    CHECK(before->frames.back()["reason"] == "link_disabled");
    CHECK(before->gone);
    const auto after = world.connect();
    CHECK(after->frames.at(0)["reason"] == "link_disabled");
}

TEST_CASE("What is no ack is held against the client", "[workspace][socket]")
{
    World world;
    const auto socket = world.connect();
    const auto tell = [&](const std::string& text) {
        socket->link->send(text);
        world.settle();
        return world.slack.violations().size();
    };
    CHECK(tell("hello") == 1);
    CHECK(tell(R"({"envelope_id":"unknown"})") == 2);
    world.slack.send_event({{"type", "app_mention"}});
    world.settle();
    world.ack(*socket, socket->envelopes("events_api")[0], {{"text", "x"}});
    CHECK(world.slack.violations().size() == 3);
}

TEST_CASE("In an outage nothing answers, and afterwards everything is where it was", "[workspace][faults]")
{
    World world;
    const auto socket = world.connect();
    const auto url = world.slack.api_url();
    world.slack.outage(true);
    world.settle();
    CHECK(socket->gone);
    CHECK_THROWS_AS(world.call("auth.test"), net::Failure);
    world.slack.outage(false);
    CHECK(world.slack.api_url() == url);
    CHECK(world.call("auth.test").error() == "");
    CHECK(world.connect()->frames.size() == 1);
}

TEST_CASE("Faults of calls strike in their order, and only so often", "[workspace][faults]")
{
    World world;
    const Json message{{"channel", "#ops"}, {"text", "x"}};
    auto& slack = world.slack;

    SECTION("a rate limit holds until it is over")
    {
        slack.rate_limit("chat.postMessage", 30s);
        const auto limited = world.call("chat.postMessage", message);
        CHECK(limited.status == 429);
        CHECK(limited.retry_after == "30");
        world.advance(10s);
        CHECK(world.call("chat.postMessage", message).retry_after == "20");
        CHECK(slack.violations().size() == 1);
        world.advance(20s);
        CHECK(world.call("chat.postMessage", message).error() == "");
        CHECK(world.ops.messages().size() == 1);
    }
    SECTION("an error before and after the deed")
    {
        slack.fail_with("chat.postMessage", "internal_error");
        slack.fail_with_status("chat.postMessage", 503);
        slack.act_then_status("chat.postMessage", 500);
        slack.act_then_fail("chat.postMessage", "fatal_error");
        CHECK(world.call("chat.postMessage", message).error() == "internal_error");
        CHECK(world.call("chat.postMessage", message).status == 503);
        CHECK(world.ops.messages().empty());
        CHECK(world.call("chat.postMessage", message).status == 500);
        CHECK(world.ops.messages().size() == 1);
        CHECK(world.call("chat.postMessage", message).error() == "fatal_error");
        CHECK(world.ops.messages().size() == 2);
        CHECK(world.call("chat.postMessage", message).error() == "");
        CHECK(slack.calls("chat.postMessage").size() == 5);
    }
    SECTION("a message that was never there")
    {
        slack.lose_posts();
        const auto lost = world.call("chat.postMessage", message);
        CHECK(lost.json["ok"] == true);
        CHECK(!lost.json["ts"].get<std::string>().empty());
        CHECK(world.ops.messages().empty());
        CHECK(world.call("chat.postMessage", message).error() == "");
        CHECK(world.ops.messages().size() == 1);
    }
    SECTION("no answer, although it was done")
    {
        slack.act_then_hang("chat.postMessage");
        CHECK_THROWS_AS(world.call("chat.postMessage", message), std::logic_error);
        CHECK(world.ops.messages().size() == 1);
    }
}
