#include "catch.hpp"
#include "world.hpp"

#include <functional>

using namespace workspace_test;

namespace {

Json small_modal(const std::string& title)
{
    return Json::parse(R"({"type":"modal","title":{"type":"plain_text","text":")" + title + R"("},
        "submit":{"type":"plain_text","text":"Save"},"notify_on_close":true,"blocks":[
        {"type":"input","block_id":"what","label":{"type":"plain_text","text":"What"},"element":{"type":"plain_text_input","action_id":"what"}},
        {"type":"input","block_id":"which","label":{"type":"plain_text","text":"Which"},"element":{"type":"external_select","action_id":"which","min_query_length":1}},
        {"type":"actions","block_id":"row","elements":[{"type":"button","action_id":"press","text":{"type":"plain_text","text":"Go"}}]}]})");
}

/// A message with a button and a menu in #ops, and a modal that ana looks at.
struct Desk {
    World world{};
    std::shared_ptr<Socket> socket{world.connect()};

    Desk()
    {
        auto blocks = with_button("down", "Go");
        blocks[1]["elements"].push_back(Json::parse(
            R"({"type":"overflow","action_id":"more","options":[{"text":{"type":"plain_text","text":"Later"},"value":"l"}]})"));
        world.call("chat.postMessage", {{"channel", "#ops"}, {"text", "down"}, {"blocks", blocks}});
        open("views.open", "One");
    }

    const Json& latest() const { return socket->frames.back(); }
    /// By the trigger of a command.
    std::string open(const std::string& method, const std::string& title)
    {
        world.ana.command("/oncall", "x", "#ops");
        world.settle();
        const auto envelope = latest();
        world.ack(*socket, envelope);
        const auto trigger = envelope["payload"]["trigger_id"];
        return world.call(method, {{"trigger_id", trigger}, {"view", small_modal(title)}}).error();
    }
};

} // namespace

TEST_CASE(
    "Whatever a person does is to be answered within three seconds, and she is shown an error otherwise", "[workspace][strict]")
{
    Desk desk;
    auto& world = desk.world;
    auto& ana = world.ana;
    ana.fill({{"What", "x"}});
    struct Gesture {
        std::string name{};
        std::function<workspace::Delivery()> make{};
    };
    const std::vector<Gesture> gestures{
        {"a button", [&] { return ana.click(world.ops.last(), "Go"); }},
        {"a menu", [&] { return ana.choose(world.ops.last(), "", "Later"); }},
        {"a command", [&] { return ana.command("/oncall", "who", "#ops"); }},
        {"a shortcut", [&] { return ana.shortcut("page"); }},
        {"a message shortcut", [&] { return ana.message_shortcut("page", world.ops.last()); }},
        {"a button of a modal", [&] { return ana.click_modal("Go"); }},
        {"options that are looked up", [&] { return ana.look_up("Which", "che"); }},
    };
    const auto answer = [&](const Json& envelope) {
        const bool asks = envelope["payload"].value("type", "") == "block_suggestion";
        world.ack(*desk.socket, envelope, asks ? Json{{"options", Json::array()}} : Json{});
    };
    for (const auto& gesture : gestures) {
        CAPTURE(gesture.name);
        const auto in_time = gesture.make();
        world.advance(2'999ms);
        CHECK(in_time.pending());
        answer(desk.latest());
        CHECK(in_time.acked());
        CHECK(in_time.error().empty());
        CHECK(in_time.took() == 2'999ms);

        const auto before = desk.socket->frames.size();
        const auto late = gesture.make();
        world.advance(3s);
        CHECK(late.error() == "operation_timeout");
        answer(desk.latest()); // counts for nothing
        world.advance(10min);
        CHECK_FALSE(late.acked());
        CHECK(late.error() == "operation_timeout");
        CHECK(late.attempts() == 1);
        CHECK(desk.socket->frames.size() == before + 1); // nothing of it is repeated
    }
    CHECK(world.slack.violations().empty());
    CHECK(ana.modals() == 1);
}

TEST_CASE("Views lie on each other three deep, and what is closed is gone", "[workspace][strict]")
{
    Desk desk;
    auto& world = desk.world;
    auto& ana = world.ana;
    const auto update = [&](const std::string& id, const std::string& title, const std::string& hash = {}) {
        Json arguments{{"view_id", id}, {"view", small_modal(title)}};
        if (!hash.empty())
            arguments["hash"] = hash;
        return world.call("views.update", arguments).error();
    };
    const auto root = ana.modal();
    CHECK(desk.open("views.push", "Two").empty());
    const auto second = ana.modal();
    CHECK(second.json["previous_view_id"] == root.id);
    CHECK(second.json["root_view_id"] == root.id);
    CHECK(desk.open("views.push", "Three").empty());
    CHECK(ana.modal().json["root_view_id"] == root.id);
    CHECK(desk.open("views.push", "Four") == "push_limit_reached");
    CHECK(ana.modals() == 3);

    // One below the top may be changed, by who knows what it is now.
    CHECK(update(root.id, "First", root.json["hash"].get<std::string>()).empty());
    CHECK(update(root.id, "Other", root.json["hash"].get<std::string>()) == "hash_conflict");
    ana.close();
    CHECK(ana.modal().id == second.id);
    CHECK(update(second.id, "Second").empty());
    ana.close();
    CHECK(update(second.id, "Late") == "not_found");
    CHECK(ana.modal().title == "First");
    ana.close_all();
    world.settle();
    CHECK(desk.latest()["payload"]["is_cleared"] == true);
    CHECK(desk.latest()["payload"]["view"]["id"] == root.id);
    CHECK(update(root.id, "Late") == "not_found");
    CHECK(desk.open("views.push", "On nothing") == "not_found");
    CHECK(ana.modals() == 0);
}

TEST_CASE("A trigger is of one gesture: used once, by whichever method, and for three seconds", "[workspace][strict]")
{
    Desk desk;
    auto& world = desk.world;
    const auto trigger_of = [&](const workspace::Delivery&) {
        world.settle();
        return desk.latest()["payload"]["trigger_id"].get<std::string>();
    };
    const auto use = [&](const std::string& method, const std::string& trigger, const std::string& title = "More") {
        return world.call(method, {{"trigger_id", trigger}, {"view", small_modal(title)}}).error();
    };
    const auto pressed = trigger_of(world.ana.click_modal("Go"));
    // What is refused has not used it.
    CHECK(use("views.push", pressed, "A title that is far too long") == "invalid_arguments");
    CHECK(use("views.push", pressed).empty());
    CHECK(use("views.open", pressed) == "exchanged_trigger_id");
    CHECK(use("views.push", pressed) == "exchanged_trigger_id");
    const auto late = trigger_of(world.ana.shortcut("page"));
    world.advance(3'001ms);
    CHECK(use("views.open", late) == "expired_trigger_id");
    CHECK(use("views.push", late) == "expired_trigger_id");
    CHECK(use("views.open", late + "0") == "invalid_trigger_id");
    CHECK(world.ana.modals() == 2);
}

TEST_CASE("Each tier has its calls a minute, and others go on", "[workspace][strict]")
{
    World world;
    world.advance(1min);
    struct Tier {
        std::string method{};
        std::vector<net::Header> fields{};
        int a_minute{};
    };
    const std::vector<Tier> tiers{{"conversations.list", {}, 20}, {"users.list", {}, 20},
        {"conversations.info", {{"channel", world.ops.id()}}, 50}, {"users.info", {{"user", world.ana.id()}}, 100},
        {"conversations.members", {{"channel", world.ops.id()}}, 100}};
    for (const auto& tier : tiers) {
        CAPTURE(tier.method);
        for (int call = 0; call < tier.a_minute; ++call)
            if (world.form(tier.method, tier.fields).status != 200)
                FAIL_CHECK("refused after " << call);
        const auto refused = world.form(tier.method, tier.fields);
        CHECK(refused.status == 429);
        CHECK(refused.error() == "ratelimited");
        const auto wait = std::stoi(refused.retry_after);
        CHECK(wait == (tier.a_minute >= 60 ? 1 : 60 / tier.a_minute + (60 % tier.a_minute ? 1 : 0)));
        world.advance(std::chrono::seconds{wait});
        CHECK(world.form(tier.method, tier.fields).status == 200);
    }
    CHECK(world.slack.violations().empty());
}

TEST_CASE("A link that is asked to be short lives six minutes", "[workspace][strict]")
{
    World world;
    const auto short_lived = world.connect(world.ticket() + "&debug_reconnects=true");
    const auto usual = world.connect();
    CHECK(usual->frames.at(0)["num_connections"] == 2);
    world.advance(359s);
    CHECK(short_lived->frames.size() == 1);
    world.advance(1s);
    REQUIRE(short_lived->frames.size() == 2);
    CHECK(short_lived->frames[1]["reason"] == "refresh_requested");
    world.advance(10s);
    CHECK(short_lived->gone);
    CHECK_FALSE(usual->gone);
    CHECK(world.slack.links() == 1);
}

TEST_CASE("A half-open link says nothing and hears nothing, and ends when pongs are missed", "[workspace][strict]")
{
    World world;
    const auto one = world.connect(), two = world.connect();
    world.slack.deafen_link(0);
    for (int n = 0; n < 20; ++n)
        world.slack.send_event({{"type", "app_mention"}});
    world.settle();
    CHECK(one->envelopes("events_api").empty());
    CHECK(two->envelopes("events_api").size() > 2); // those that the other one did not swallow
    CHECK(two->envelopes("events_api").size() < 18);
    CHECK(world.slack.links() == 2);
    for (const auto& envelope : two->envelopes("events_api"))
        world.ack(*one, envelope); // to the wrong one
    CHECK(world.slack.violations().empty());
    world.advance(19s);
    CHECK_FALSE(one->gone);
    world.advance(1s);
    CHECK(one->gone);
    CHECK(world.slack.links() == 1);
}
