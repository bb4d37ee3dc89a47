#include "catch.hpp"
#include "workspace/face.hpp"
#include "world.hpp"

using namespace workspace_test;

namespace {

/// A workspace that is looked at, and a browser.
struct Looked {
    World world{};
    std::shared_ptr<Socket> socket{world.connect()};
    workspace::Face face{world.slack};
    std::string host{face.url().substr(7, face.url().size() - 8)};
    std::string token{read_token()};

    net::Response ask(net::Request request, const std::string& named)
    {
        const auto url = "http://" + host + request.target;
        request.headers.push_back({"Host", named});
        return world.run(world.here->fetch(url, std::move(request), {}));
    }
    net::Response get(const std::string& target)
    {
        net::Request request;
        request.target = target;
        return ask(std::move(request), host);
    }
    Json state() { return Json::parse(get("/state?seen=").body); }
    const Json& person(const Json& state, const std::string& id) const
    {
        for (const auto& one : state["people"])
            if (one["id"] == id)
                return one;
        throw std::logic_error{"nobody of that id"};
    }
    Reply gesture(Json gesture, const std::string& with = {})
    {
        if (!gesture.contains("as"))
            gesture["as"] = world.ana.id();
        auto request = world.request(gesture.dump(), "application/json", {});
        request.target = "/gesture";
        request.headers.push_back({"X-Face-Token", with.empty() ? token : with});
        const auto answer = ask(std::move(request), host);
        return {answer.status, {}, Json::parse(answer.body, nullptr, false)};
    }

private:
    std::string read_token()
    {
        const auto page = get("/").body;
        constexpr std::string_view before = R"(name="face-token" content=")";
        const auto at = page.find(before) + before.size();
        return page.substr(at, page.find('"', at) - at);
    }
};

Json question()
{
    return Json::parse(R"({"type":"modal","callback_id":"ask","title":{"type":"plain_text","text":"Ask"},
        "submit":{"type":"plain_text","text":"Send"},"close":{"type":"plain_text","text":"Cancel"},"blocks":[
        {"type":"input","block_id":"why","label":{"type":"plain_text","text":"Why"},
         "element":{"type":"plain_text_input","action_id":"text"}},
        {"type":"input","block_id":"who","label":{"type":"plain_text","text":"Who"},
         "element":{"type":"multi_users_select","action_id":"users"}}]})");
}

} // namespace

TEST_CASE("The page has what it needs with it, and nobody else may put it in a frame or load things into it", "[workspace][face]")
{
    Looked looked;
    const auto page = looked.get("/");
    CHECK(page.status == 200);
    CHECK(net::header(page.headers, "Content-Type") == "text/html; charset=utf-8");
    const std::string policy{net::header(page.headers, "Content-Security-Policy")};
    CHECK(policy.find("default-src 'none'") != policy.npos);
    CHECK(policy.find("frame-ancestors 'none'") != policy.npos);
    CHECK(looked.token.size() >= 16);
    for (const std::string name : {"style.css", "app.js", "screen.js", "blocks.js", "mrkdwn.js", "nodes.js", "icon.svg"}) {
        INFO(name);
        CHECK(looked.get("/" + name).status == 200);
        CHECK(looked.get("/" + name).body.find("innerHTML") == std::string::npos); // foreign text is text
    }
    CHECK(looked.get("/../face.hpp").status == 404);
    CHECK(looked.get("/face.hpp").status == 404);
    CHECK_THROWS_AS(workspace::Face(looked.world.slack, "0.0.0.0:0"), std::invalid_argument);
}

TEST_CASE("Who comes by another name, or without the page's token, reads nothing and does nothing", "[workspace][face]")
{
    Looked looked;
    const auto& [target, by_name] = GENERATE(table<std::string, std::string>(
        {{"/", "evil.example.com"}, {"/state?seen=", "127.0.0.1"}, {"/", "slack.com:443"}, {"/state?seen=", ""}}));
    net::Request request;
    request.target = target;
    const auto answer = looked.ask(std::move(request), by_name);
    CHECK(answer.status == 421);
    CHECK(answer.body.find("ana") == std::string::npos);

    const Json said{{"what", "say"}, {"place", "#ops"}, {"text", "hello"}};
    CHECK(looked.gesture(said, "guessed").status == 403);
    CHECK(looked.world.ops.messages().empty());
    CHECK(looked.get("/gesture").status == 405);
    CHECK(looked.gesture(said).status == 200);
    CHECK(looked.world.ops.last().text == "hello");
}

TEST_CASE("The state says what each person sees, and only to her what only she is shown", "[workspace][face]")
{
    Looked looked;
    auto& world = looked.world;
    world.call("chat.postMessage",
        {{"channel", world.ops.id()}, {"text", "down"}, {"blocks", with_button("*Checkout* is down", "Acknowledge")}});
    world.call("chat.postEphemeral", {{"channel", world.ops.id()}, {"user", world.bo.id()}, {"text", "psst"}});
    const auto state = looked.state();
    CHECK(looked.person(state, world.ana.id())["tz"] == "Europe/Berlin");
    CHECK(looked.person(state, world.bo.id())["tz"] == "America/New_York");
    CHECK(looked.person(state, world.ana.id())["ephemerals"].empty());
    CHECK(looked.person(state, world.bo.id())["ephemerals"][0]["text"] == "psst");
    CHECK(state["names"][world.ana.id()] == "Ana");
    const auto ops =
        std::find_if(state["places"].begin(), state["places"].end(), [](const Json& place) { return place["name"] == "ops"; });
    REQUIRE(ops != state["places"].end());
    CHECK((*ops)["messages"][0]["blocks"][1]["elements"][0]["text"]["text"] == "Acknowledge");
    CHECK((*ops)["messages"][0]["blocks"][1]["block_id"] == "row");
    CHECK(state.dump().find("xoxb") == std::string::npos);
}

TEST_CASE("Whoever has seen the state waits for another one", "[workspace][face]")
{
    Looked looked;
    const auto seen = looked.state()["seen"].get<std::string>();
    net::Request request;
    request.target = "/state?seen=" + seen;
    request.headers.push_back({"Host", looked.host});
    std::optional<net::Response> answer;
    const auto url = "http://" + looked.host + request.target;
    asio::co_spawn(looked.world.loop, looked.world.here->fetch(url, std::move(request), {}),
        [&](std::exception_ptr, net::Response got) { answer = std::move(got); });
    looked.world.settle();
    CHECK_FALSE(answer);
    looked.world.bo.say("#ops", "news");
    const auto end = std::chrono::steady_clock::now() + 10s;
    while (!answer && std::chrono::steady_clock::now() < end) {
        looked.world.loop.restart();
        looked.world.loop.run_one_for(50ms);
    }
    REQUIRE(answer);
    CHECK(answer->body.find("news") != std::string::npos);
}

TEST_CASE("What is done on the page is that person's gesture, and Slack's refusals are shown", "[workspace][face]")
{
    Looked looked;
    auto& world = looked.world;
    const auto posted = world.call("chat.postMessage",
        {{"channel", world.ops.id()}, {"text", "down"}, {"blocks", with_button("*Checkout* is down", "Acknowledge")}});
    Json click{
        {"what", "click"}, {"in", "message"}, {"channel", world.ops.id()}, {"ts", posted.json["ts"]}, {"element", "row/press"}};

    SECTION("a click reaches the app as hers")
    {
        click["as"] = world.bo.id();
        const auto answer = looked.gesture(click);
        CHECK(answer.status == 200);
        const auto got = looked.socket->envelopes("interactive").at(0)["payload"];
        CHECK(got["user"]["id"] == world.bo.id());
        CHECK(got["actions"][0]["value"] == "v1");
        CHECK(looked.face.is_waiting());
        CHECK(looked.state()["gestures"][0]["pending"] == true);
        world.advance(4s); // nobody answers
        CHECK_FALSE(looked.face.is_waiting());
        CHECK(looked.state()["gestures"][0]["error"] == "operation_timeout");
    }
    SECTION("a form is filled by its spots, refuses what is empty, and goes")
    {
        CHECK(looked.gesture({{"what", "say"}, {"place", "#ops"}, {"text", "/oncall page"}}).status == 200);
        const auto command = looked.socket->envelopes("slash_commands").at(0);
        world.ack(*looked.socket, command);
        REQUIRE(
            world.call("views.open", {{"trigger_id", command["payload"]["trigger_id"]}, {"view", question()}}).error().empty());
        CHECK(looked.person(looked.state(), world.ana.id())["modals"][0]["title"]["text"] == "Ask");
        CHECK(looked.gesture({{"what", "submit"}}).status == 200);
        CHECK(looked.state()["gestures"].back()["error"].get<std::string>().starts_with("form: Why: "));
        CHECK(looked.gesture({{"what", "fill"}, {"element", "why/text"}, {"text", "a, b"}}).status == 200);
        CHECK(looked.gesture({{"what", "fill"}, {"element", "who/users"}, {"text", world.ana.id() + "\n" + world.bo.id()}}).status
            == 200);
        looked.gesture({{"what", "submit"}});
        const auto values = looked.socket->envelopes("interactive").back()["payload"]["view"]["state"]["values"];
        CHECK(values["why"]["text"]["value"] == "a, b");
        CHECK(values["who"]["users"]["selected_users"].size() == 2);
    }
    SECTION("Home is asked for, is hers alone, and its buttons are pressed there")
    {
        CHECK(looked.gesture({{"what", "open_home"}}).status == 200);
        const auto event = looked.socket->envelopes("events_api").at(0)["payload"]["event"];
        CHECK(event["type"] == "app_home_opened");
        CHECK(event["user"] == world.ana.id());
        CHECK(looked.person(looked.state(), world.ana.id())["home"].is_null());
        Json press{{"what", "click"}, {"in", "home"}, {"element", "row/press"}};
        CHECK(looked.gesture(press).status == 409); // nothing is there yet
        const Json home{{"type", "home"}, {"blocks", with_button("You are on call", "Acknowledge")}};
        REQUIRE(world.call("views.publish", {{"user_id", world.ana.id()}, {"view", home}}).error().empty());
        const auto state = looked.state();
        CHECK(looked.person(state, world.ana.id())["home"]["blocks"][0]["text"]["text"] == "You are on call");
        CHECK(looked.person(state, world.bo.id())["home"].is_null());
        CHECK(looked.gesture(press).status == 200);
        const auto got = looked.socket->envelopes("interactive").at(0)["payload"];
        CHECK(got["type"] == "block_actions");
        CHECK(got["user"]["id"] == world.ana.id());
        CHECK(got["container"]["type"] == "view");
        CHECK(got["view"]["type"] == "home");
        CHECK(got["actions"][0]["value"] == "v1");
        press["as"] = world.bo.id();
        CHECK(looked.gesture(press).status == 409);
    }
    SECTION("a shortcut that is had from anywhere is hers, and about no message")
    {
        CHECK(looked.state()["global_shortcuts"].empty());
        looked.face.add_global_shortcut("page_global", "Page someone");
        CHECK(looked.state()["global_shortcuts"] == Json::parse(R"([{"callback_id":"page_global","name":"Page someone"}])"));
        CHECK(looked.state()["shortcuts"].empty()); // in no message's menu
        CHECK(looked.gesture({{"what", "global_shortcut"}, {"callback_id", "page_global"}, {"as", world.bo.id()}}).status == 200);
        const auto got = looked.socket->envelopes("interactive").at(0)["payload"];
        CHECK(got["type"] == "shortcut");
        CHECK(got["callback_id"] == "page_global");
        CHECK(got["user"]["id"] == world.bo.id());
        CHECK_FALSE(got.contains("message"));
        REQUIRE(world.call("views.open", {{"trigger_id", got["trigger_id"]}, {"view", question()}}).error().empty());
        CHECK(looked.person(looked.state(), world.bo.id())["modals"].size() == 1);
    }
    SECTION("what Slack would not let happen, and what makes no sense")
    {
        click["element"] = "row/other";
        CHECK(looked.gesture(click).status == 409);
        CHECK(looked.gesture({{"what", "submit"}}).status == 409); // no modal
        CHECK(looked.gesture({{"what", "say"}, {"place", "#ops"}, {"text", "/nothing"}}).status == 409);
        CHECK(looked.gesture({{"what", "fly"}}).status == 400);
        CHECK(looked.gesture({{"what", "say"}, {"as", "U0NOBODY"}}).status == 400);
        CHECK(looked.gesture({{"what", 7}}).status == 400);
        CHECK(looked.gesture({{"what", "speed"}, {"speed", 100}}).status == 400); // nobody moves the clock by it
    }
}

TEST_CASE("Beside Slack the page has the clock's speed and what else may happen", "[workspace][face]")
{
    Looked looked;
    int pulled = 0;
    looked.face.add_lever("It breaks", [&] { ++pulled; });
    looked.face.let_choose_speed(1);
    CHECK(looked.state()["levers"] == Json::parse(R"(["It breaks"])"));
    CHECK(looked.gesture({{"what", "lever"}, {"label", "It breaks"}}).status == 200);
    CHECK(pulled == 1);
    CHECK(looked.gesture({{"what", "lever"}, {"label", "It mends"}}).status == 400);
    CHECK(looked.gesture({{"what", "speed"}, {"speed", 100}}).status == 200);
    CHECK(looked.face.speed() == 100);
    CHECK(looked.gesture({{"what", "speed"}, {"speed", 7}}).status == 400);
    CHECK(looked.face.speed() == 100);
}
