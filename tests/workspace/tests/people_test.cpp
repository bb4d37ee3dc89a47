#include "catch.hpp"
#include "world.hpp"

using namespace workspace_test;

namespace {

Json modal(const std::string& title = "Override", const std::string& more = {})
{
    return Json::parse(R"({"type":"modal","callback_id":"override","private_metadata":"pm","notify_on_close":true,
        "title":{"type":"plain_text","text":")"
        + title + R"("},"submit":{"type":"plain_text","text":"Save"},
        "close":{"type":"plain_text","text":"Cancel"},"blocks":[
        {"type":"input","block_id":"title","label":{"type":"plain_text","text":"Title"},"element":{"type":"plain_text_input","action_id":"text"}},
        {"type":"input","block_id":"who","optional":true,"label":{"type":"plain_text","text":"Who"},"element":{"type":"users_select","action_id":"user"}},
        {"type":"input","block_id":"sev","dispatch_action":true,"label":{"type":"plain_text","text":"Severity"},
         "element":{"type":"static_select","action_id":"level","options":[
            {"text":{"type":"plain_text","text":"Critical"},"value":"1"},{"text":{"type":"plain_text","text":"Low"},"value":"5"}]}}]
        )"
        + more + "}");
}

/// A world in which ana has typed a command, and what the bot got.
struct Asked {
    World world{};
    std::shared_ptr<Socket> socket{world.connect()};
    workspace::Delivery asked{world.ana.command("/oncall", "override", "#ops")};
    Json envelope{};

    Asked()
    {
        world.settle();
        envelope = socket->envelopes("slash_commands").at(0);
    }

    std::string trigger() const { return envelope["payload"]["trigger_id"].get<std::string>(); }
    std::string response_url() const { return envelope["payload"]["response_url"].get<std::string>(); }
    const Json& latest() const { return socket->frames.back(); }
    Reply open(const Json& view = modal()) { return world.call("views.open", {{"trigger_id", trigger()}, {"view", view}}); }
};

} // namespace

TEST_CASE("A command arrives as strings, with mentions escaped", "[workspace][people]")
{
    World world;
    const auto socket = world.connect();
    world.slack.add_user_group("payments", {"ana"});
    world.ana.command("/oncall", "page @bo in #ops about a<b https://x.test", "#ops");
    world.settle();
    const auto envelope = socket->envelopes("slash_commands").at(0);
    CHECK(envelope["accepts_response_payload"] == true);
    CHECK(!envelope.contains("retry_attempt"));
    const auto& payload = envelope["payload"];
    for (const auto& [key, value] : payload.items()) {
        CAPTURE(key);
        CHECK(value.is_string());
    }
    CHECK(payload["text"] == "page <@" + world.bo.id() + "> in <#" + world.ops.id() + "|ops> about a&lt;b <https://x.test>");
    CHECK(payload["channel_name"] == "ops");
    CHECK_THROWS_AS(world.ana.command("/other"), workspace::NotThere);
}

TEST_CASE("The ack of a command is the answer", "[workspace][people]")
{
    Asked it;
    auto& world = it.world;

    SECTION("to her alone")
    {
        world.ack(*it.socket, it.envelope, {{"text", "ana is on call"}});
        CHECK(it.asked.acked());
        CHECK(world.ana.last_ephemeral().text == "ana is on call");
        CHECK(world.bo.ephemerals().empty());
        CHECK(world.ops.messages().empty());
    }
    SECTION("to all, with what she typed")
    {
        world.ack(*it.socket, it.envelope, {{"response_type", "in_channel"}, {"text", "ana is on call"}});
        REQUIRE(world.ops.messages().size() == 2);
        CHECK(world.ops.messages()[0].text == "/oncall override");
        CHECK(world.ops.messages()[1].user == world.slack.bot_user());
    }
    SECTION("to nobody")
    {
        world.ack(*it.socket, it.envelope, Json::object());
        CHECK(it.asked.acked());
        CHECK(world.ana.ephemerals().empty());
    }
    SECTION("but not what is no message")
    {
        world.ack(*it.socket, it.envelope, {{"text", "x"}, {"blocks", Json::parse(R"([{"type":"nope"}])")}});
        CHECK(!it.asked.acked());
        CHECK_THAT(it.asked.error(), Catch::Matchers::StartsWith("invalid_response: invalid_blocks"));
    }
}

TEST_CASE("A response_url is good for five answers in half an hour", "[workspace][people]")
{
    Asked it;
    auto& world = it.world;
    world.ack(*it.socket, it.envelope);
    const auto url = it.response_url();

    SECTION("five")
    {
        for (int i = 0; i < 5; ++i)
            CHECK(world.respond(url, {{"text", "x"}}).status == 200);
        const auto used = world.respond(url, {{"text", "x"}});
        CHECK(used.status == 404);
        CHECK(used.error() == "used_url");
        CHECK(world.ana.ephemerals().size() == 5);
    }
    SECTION("half an hour")
    {
        world.advance(30min);
        CHECK(world.respond(url, {{"text", "x"}}).status == 200);
        world.advance(1s);
        CHECK(world.respond(url, {{"text", "x"}}).error() == "expired_url");
    }
    SECTION("what is refused")
    {
        CHECK(world.respond(url, {{"text", ""}}).error() == "no_text");
        CHECK(world.respond(url, {{"text", "x"}, {"channel", "C1"}}).error() == "invalid_arguments");
        CHECK(world.respond(url, {{"text", "x"}, {"replace_original", true}}).error() == "cant_update_message");
        CHECK(world.respond(url, {{"delete_original", true}}).error() == "cant_update_message");
        CHECK(world.respond(url, {{"text", "x"}, {"blocks", Json::parse(R"([{"type":"nope"}])")}}).error() == "invalid_blocks");
        CHECK(world.respond(url + "x", {{"text", "x"}}).status == 404);
        CHECK(world.respond(url, {{"text", "a sixth"}}).error() == "used_url");
        CHECK(world.ana.ephemerals().empty());
    }
    SECTION("it reaches channels the bot is not in")
    {
        world.ops.admit_bot(false);
        CHECK(world.respond(url, {{"text", "hello all"}, {"response_type", "in_channel"}}).status == 200);
        CHECK(world.ops.last().text == "hello all");
    }
}

TEST_CASE("The response_url of a click changes what was clicked", "[workspace][people]")
{
    World world;
    const auto socket = world.connect();
    const auto clicked = [&](const workspace::Message& message) {
        world.ana.click(message, "Go");
        world.settle();
        const auto envelope = socket->frames.back();
        world.ack(*socket, envelope);
        return envelope["payload"];
    };

    SECTION("a message")
    {
        world.call("chat.postMessage", {{"channel", "#ops"}, {"text", "x"}, {"blocks", with_button("x", "Go")}});
        const auto message = world.ops.last();
        const auto url = clicked(message)["response_url"].get<std::string>();
        CHECK(world.respond(url, {{"text", "x"}, {"replace_original", true}, {"response_type", "ephemeral"}}).error()
            == "invalid_arguments");
        CHECK(world.respond(url, {{"text", "done"}, {"replace_original", true}}).status == 200);
        CHECK(world.slack.plain(world.slack.now(message)) == "done");
        CHECK(world.respond(url, {{"delete_original", true}}).status == 200);
        CHECK(world.ops.messages().empty());
    }
    SECTION("what only she sees, which only it can change")
    {
        world.call("chat.postEphemeral",
            {{"channel", world.ops.id()}, {"user", world.ana.id()}, {"text", "x"}, {"blocks", with_button("x", "Go")}});
        const auto message = world.ana.last_ephemeral();
        CHECK_THROWS_AS(world.bo.click(message, "Go"), workspace::NotThere);
        const auto payload = clicked(message);
        CHECK(payload["container"]["is_ephemeral"] == true);
        CHECK(!payload.contains("message"));
        CHECK(world.call("chat.update", {{"channel", world.ops.id()}, {"ts", message.ts}, {"text", "y"}}).error()
            == "message_not_found");
        CHECK(world.respond(payload["response_url"].get<std::string>(), {{"text", "done"}, {"replace_original", true}}).status
            == 200);
        CHECK(world.ana.last_ephemeral().text == "done");
    }
}

TEST_CASE("Menus in messages tell what was chosen", "[workspace][people]")
{
    World world;
    const auto socket = world.connect();
    world.call(
        "chat.postMessage", {{"channel", "#ops"}, {"text", "x"}, {"attachments", Json::parse(R"([{"color":"#ff0000","blocks":[
        {"type":"section","block_id":"s","text":{"type":"mrkdwn","text":"down"},"accessory":{"type":"overflow","action_id":"more","options":[
            {"text":{"type":"plain_text","text":"Resolve"},"value":"r"}]}},
        {"type":"actions","block_id":"a","elements":[{"type":"static_select","action_id":"snooze","placeholder":{"type":"plain_text","text":"Snooze"},
            "options":[{"text":{"type":"plain_text","text":"1 hour"},"value":"60"}]}]}]}])")}});
    const auto message = world.ops.last();
    CHECK(world.slack.plain(message) == "x\ndown [… Resolve]\n[Snooze ▾]");

    world.ana.choose(message, "Snooze", "1 hour");
    world.settle();
    auto payload = socket->frames.back()["payload"];
    CHECK(payload["container"]["type"] == "message_attachment");
    CHECK(payload["container"]["attachment_id"] == 1);
    CHECK(payload["actions"][0]["selected_option"]["value"] == "60");
    CHECK(payload["state"]["values"]["a"]["snooze"]["selected_option"]["value"] == "60");

    world.bo.choose(message, "", "Resolve");
    world.settle();
    payload = socket->frames.back()["payload"];
    CHECK(payload["actions"][0]["action_id"] == "more");
    CHECK(payload["state"]["values"]["a"]["snooze"]["selected_option"].is_null());
    CHECK(!payload["state"]["values"].contains("s"));

    CHECK_THROWS_AS(world.ana.choose(message, "Snooze", "1 year"), workspace::NotThere);
    CHECK_THROWS_AS(world.ana.click(message, "Resolve"), workspace::NotThere);
}

TEST_CASE("A trigger opens one view within three seconds", "[workspace][people]")
{
    Asked it;
    SECTION("in time")
    {
        it.world.advance(3s);
        CHECK(it.open().error() == "");
        CHECK(it.world.ana.modal().title == "Override");
        CHECK(it.open().error() == "exchanged_trigger_id");
    }
    SECTION("too late")
    {
        it.world.advance(3001ms);
        CHECK(it.open().error() == "expired_trigger_id");
        CHECK(it.world.ana.modals() == 0);
    }
    SECTION("too much")
    {
        auto view = modal();
        view["blocks"] = Json::array();
        for (int i = 0; i < 100; ++i)
            view["blocks"].push_back({{"type", "section"}, {"text", {{"type", "mrkdwn"}, {"text", std::string(2600, 'x')}}}});
        CHECK(it.open(view).error() == "view_too_large");
    }
}

TEST_CASE("A modal is filled, refused, and closed by the answer to its submission", "[workspace][people]")
{
    Asked it;
    auto& world = it.world;
    auto& ana = world.ana;
    it.open();
    world.ack(*it.socket, it.envelope);

    CHECK_THAT(ana.submit().error(), Catch::Matchers::StartsWith("form: Title: "));
    CHECK_THROWS_AS(ana.fill({{"Severity", "Medium"}}), workspace::NotThere);
    CHECK_THROWS_AS(ana.fill({{"Colour", "red"}}), workspace::NotThere);

    const auto told = ana.fill({{"Title", "checkout"}, {"Who", "bo"}, {"Severity", "Critical"}});
    REQUIRE(told.size() == 1);
    world.settle();
    CHECK(it.latest()["payload"]["container"]["type"] == "view");
    CHECK(it.latest()["payload"]["actions"][0]["selected_option"]["value"] == "1");
    CHECK(!it.latest()["payload"].contains("response_url"));
    world.ack(*it.socket, it.latest());

    const auto submit = [&](const Json& answer) {
        const auto sent = ana.submit();
        world.settle();
        world.ack(*it.socket, it.latest(), answer);
        return sent;
    };

    SECTION("the values are in the state")
    {
        const auto sent = submit(nullptr);
        CHECK(sent.acked());
        const auto view = it.latest()["payload"]["view"];
        CHECK(view["callback_id"] == "override");
        CHECK(view["private_metadata"] == "pm");
        CHECK(view["state"]["values"]["title"]["text"] == Json{{"type", "plain_text_input"}, {"value", "checkout"}});
        CHECK(view["state"]["values"]["who"]["user"]["selected_user"] == world.bo.id());
        CHECK(ana.modals() == 0);
    }
    SECTION("errors stand under their fields")
    {
        CHECK(submit({{"response_action", "errors"}, {"errors", {{"title", "taken"}}}}).acked());
        CHECK(ana.modal().errors == std::map<std::string, std::string>{{"title", "taken"}});
        CHECK_THAT(world.slack.plain(ana.modal()), contains("Title: checkout\n! taken"));
        CHECK_THAT(submit({{"response_action", "errors"}, {"errors", {{"nowhere", "x"}}}}).error(),
            Catch::Matchers::StartsWith("invalid_response"));
        CHECK(ana.modals() == 1);
    }
    SECTION("an update keeps what was typed where the ids are the same")
    {
        auto next = modal("Step 2");
        next["blocks"][1]["block_id"] = "who2";
        CHECK(submit({{"response_action", "update"}, {"view", next}}).acked());
        CHECK(ana.modal().title == "Step 2");
        const auto values = ana.modal().json["state"]["values"];
        CHECK(values["title"]["text"]["value"] == "checkout");
        CHECK(values["who2"]["user"]["selected_user"].is_null());
    }
    SECTION("three views at most")
    {
        CHECK(submit({{"response_action", "push"}, {"view", modal("Two")}}).acked());
        CHECK(ana.modal().json["previous_view_id"] == ana.modal().json["root_view_id"]);
        ana.fill({{"Title", "x"}, {"Severity", "Low"}});
        world.settle();
        CHECK(submit({{"response_action", "push"}, {"view", modal("Three")}}).acked());
        CHECK(ana.modals() == 3);
        ana.fill({{"Title", "x"}, {"Severity", "Low"}});
        world.settle();
        CHECK_THAT(submit({{"response_action", "push"}, {"view", modal("Four")}}).error(), contains("push_limit_reached"));
        CHECK(submit({{"response_action", "clear"}}).acked());
        CHECK(ana.modals() == 0);
    }
    SECTION("an answer that is none, or none in time, leaves it open")
    {
        CHECK(submit({{"response_action", "close"}}).error() == "invalid_response: unknown response_action close");
        const auto late = ana.submit();
        world.advance(3s);
        CHECK(late.error() == "operation_timeout");
        CHECK(ana.modals() == 1);
    }
    SECTION("closing it is told, as it asked for")
    {
        const auto id = ana.modal().id;
        const auto closed = ana.close();
        world.settle();
        CHECK(closed.delivered());
        CHECK(it.latest()["payload"]["type"] == "view_closed");
        CHECK(it.latest()["payload"]["is_cleared"] == false);
        CHECK(it.latest()["payload"]["view"]["id"] == id);
        CHECK(world.call("views.update", {{"view_id", id}, {"view", modal()}}).error() == "not_found");
    }
}

TEST_CASE("A view is updated only by who knows its newest state", "[workspace][people]")
{
    Asked it;
    auto& world = it.world;
    const auto opened = it.open().json["view"];
    const Json update{{"view_id", opened["id"]}, {"view", modal("New")}, {"hash", opened["hash"]}};
    CHECK(world.call("views.update", update).error() == "");
    CHECK(world.ana.modal().title == "New");
    CHECK(world.call("views.update", update).error() == "hash_conflict");
}

TEST_CASE("Home is published to a person, and asked for when she opens it", "[workspace][people]")
{
    World world;
    const auto socket = world.connect();
    world.ana.open_home();
    world.settle();
    auto event = socket->envelopes("events_api").at(0)["payload"]["event"];
    CHECK(event["type"] == "app_home_opened");
    CHECK(event["tab"] == "home");
    CHECK(!event.contains("view"));
    CHECK_THROWS_AS(world.ana.home(), workspace::NotThere);

    Json home{{"type", "home"}, {"blocks", with_button("You are on call", "Swap")}};
    CHECK(world.call("views.publish", {{"user_id", world.ana.id()}, {"view", home}, {"hash", "old"}}).error() == "hash_conflict");
    CHECK(world.call("views.publish", {{"user_id", world.ana.id()}, {"view", home}}).error() == "");
    CHECK(world.slack.plain(world.ana.home()) == "You are on call\n[Swap]");
    world.ana.click_home("Swap");
    world.settle();
    CHECK(socket->frames.back()["payload"]["view"]["type"] == "home");
    CHECK_THROWS_AS(world.bo.home(), workspace::NotThere);
}

TEST_CASE("What people say reaches the app where it may listen", "[workspace][people]")
{
    World world;
    const auto socket = world.connect();
    CHECK(world.ana.say("#ops", "nothing for you").empty());
    CHECK(world.ana.say("#ops", "@bot who is on call?").size() == 1);
    world.settle();
    const auto event = socket->envelopes("events_api").at(0)["payload"]["event"];
    CHECK(event["type"] == "app_mention");
    CHECK(event["text"] == "<@" + world.slack.bot_user() + "> who is on call?");
    CHECK(event["channel"] == world.ops.id());

    const auto message = world.ops.last();
    CHECK(world.bo.react(message, "eyes").size() == 1);
    world.settle();
    CHECK(socket->frames.back()["payload"]["event"]["reaction"] == "eyes");

    world.ops.admit_bot(false);
    CHECK(world.ana.say("#ops", "@bot still there?").empty());
}

TEST_CASE("The bot's own messages come back as events", "[workspace][people]")
{
    auto settings = World::quiet();
    settings.own_messages_come_back = true;
    World world{settings};
    const auto socket = world.connect();
    const auto posted = world.call("chat.postMessage", {{"channel", world.ana.id()}, {"text", "one"}});
    world.call("chat.update", {{"channel", posted.json["channel"]}, {"ts", posted.json["ts"]}, {"text", "two"}});
    const auto events = socket->envelopes("events_api");
    REQUIRE(events.size() == 2);
    CHECK(events[0]["payload"]["event"]["bot_id"].is_string());
    CHECK(events[1]["payload"]["event"]["subtype"] == "message_changed");
    CHECK(events[1]["payload"]["event"]["previous_message"]["text"] == "one");
}

TEST_CASE("Options that are looked up can be chosen", "[workspace][people]")
{
    Asked it;
    auto& world = it.world;
    const auto view = Json::parse(
        R"({"type":"modal","title":{"type":"plain_text","text":"T"},"submit":{"type":"plain_text","text":"S"},"blocks":[
        {"type":"input","block_id":"b","label":{"type":"plain_text","text":"Service"},"element":{"type":"external_select","action_id":"a"}}]})");
    REQUIRE(it.open(view).error() == "");
    CHECK_THROWS_AS(world.ana.fill({{"Service", "checkout"}}), workspace::NotThere);
    CHECK(!world.ana.look_up("Service", "ch").delivered()); // three letters at least
    const auto asked = world.ana.look_up("Service", "che");
    world.settle();
    CHECK(it.latest()["payload"]["value"] == "che");
    world.ack(
        *it.socket, it.latest(), Json::parse(R"({"options":[{"text":{"type":"plain_text","text":"checkout"},"value":"7"}]})"));
    CHECK(asked.acked());
    world.ana.fill({{"Service", "checkout"}});
    CHECK(world.ana.modal().json["state"]["values"]["b"]["a"]["selected_option"]["value"] == "7");
}

TEST_CASE("Shortcuts carry what they were used on", "[workspace][people]")
{
    World world;
    const auto socket = world.connect();
    world.bo.say("#ops", "error rate is 40%");
    world.ana.message_shortcut("page_from_message", world.ops.last());
    world.settle();
    const auto payload = socket->frames.back()["payload"];
    CHECK(payload["type"] == "message_action");
    CHECK(payload["message"]["text"] == "error rate is 40%");
    CHECK(world.respond(payload["response_url"].get<std::string>(), {{"text", "x"}, {"replace_original", true}}).error()
        == "cant_update_message");
    CHECK(world.respond(payload["response_url"].get<std::string>(), {{"text", "paged"}}).status == 200);
    CHECK(world.ana.last_ephemeral().text == "paged");

    world.ana.shortcut("page_global");
    world.settle();
    CHECK(!socket->frames.back()["payload"].contains("response_url"));
}

TEST_CASE("What changes about people is told whole, to an app that asks for it", "[workspace][people]")
{
    World world;
    const auto socket = world.connect();
    const auto told = [&] {
        world.settle();
        return socket->frames.back()["payload"]["event"];
    };
    world.slack.deactivate("bo");
    auto event = told();
    CHECK(event["type"] == "user_change");
    CHECK(event["user"]["id"] == world.bo.id());
    CHECK(event["user"]["deleted"] == true);
    CHECK_FALSE(event["user"].contains("tz")); // Slack says less of who is gone
    world.slack.reactivate("bo");
    CHECK(told()["user"]["deleted"] == false);
    world.slack.move("bo", "Asia/Tokyo", "ja-JP");
    event = told();
    CHECK(event["user"]["tz"] == "Asia/Tokyo");
    CHECK(event["user"]["locale"] == "ja-JP");
    CHECK(event["user"]["updated"] >= 1'600'000'000);
    world.slack.rename("bo", "robert");
    CHECK(told()["user"]["profile"]["display_name"] == "robert");
    world.slack.set_status("robert", "lunch");
    CHECK(told()["user"]["profile"]["status_text"] == "lunch");
    world.slack.make_guest("robert");
    CHECK(told()["user"]["is_restricted"] == true);
    const auto& eve = world.slack.add_person("eve", "eve@example.com");
    event = told();
    CHECK(event["type"] == "team_join");
    CHECK(event["user"]["id"] == eve.id());
    CHECK(event["user"]["profile"]["email"] == "eve@example.com");
    CHECK(world.form("users.info", {{"user", eve.id()}, {"include_locale", "true"}}).json["user"]["locale"] == "en-GB");
    CHECK_FALSE(world.form("users.info", {{"user", eve.id()}}).json["user"].contains("locale"));

    const auto before = socket->frames.size();
    world.slack.settings().scopes.erase("users:read.email");
    world.slack.move("eve", "UTC");
    CHECK_FALSE(told()["user"]["profile"].contains("email"));
    world.slack.settings().events.erase("user_change");
    world.slack.move("eve", "Asia/Tokyo");
    world.settle();
    CHECK(socket->frames.size() == before + 1);
}

TEST_CASE("A person of another workspace acts with her own team's id, and has no commands of ours", "[workspace][people]")
{
    World world;
    const auto socket = world.connect();
    auto& stan = world.slack.add_person("stan", "stan@example.com", "UTC", {.real_name = "Stan", .team = "T0OTHER00"});
    auto info = world.form("users.info", {{"user", stan.id()}}).json["user"];
    CHECK(info["team_id"] == "T0OTHER00");
    CHECK(info["is_stranger"] == true);
    world.ops.admit("stan");
    info = world.form("users.info", {{"user", stan.id()}}).json["user"];
    CHECK(info["team_id"] == "T0OTHER00");
    CHECK(info["is_stranger"] == false); // to the app, with which she shares a channel
    CHECK_THROWS_AS(stan.command("/oncall", "who", "#ops"), workspace::NotThere);
    const auto blocks = Json::parse(R"([{"type":"actions","elements":[{"type":"button","action_id":"go","value":"1",
        "text":{"type":"plain_text","text":"Go"}}]}])");
    world.call("chat.postMessage", {{"channel", "#ops"}, {"text", "press"}, {"blocks", blocks}});
    stan.click(world.ops.last(), "Go");
    world.settle();
    CHECK(socket->frames.back()["payload"]["user"]["team_id"] == "T0OTHER00");
    CHECK(socket->frames.back()["payload"]["team"]["id"] == world.slack.team_id());
}
