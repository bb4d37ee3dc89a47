#include "catch.hpp"
#include "world.hpp"

using namespace workspace_test;

namespace {

Json home_view(Json blocks)
{
    return {{"type", "home"}, {"callback_id", "home"}, {"private_metadata", "d1"}, {"blocks", blocks}};
}

Json many_sections(int count)
{
    auto blocks = Json::array();
    for (int i = 0; i < count; ++i)
        blocks.push_back(Json::parse(R"({"type":"section","text":{"type":"mrkdwn","text":"line"}})"));
    return blocks;
}

} // namespace

TEST_CASE(
    "Home takes what Slack takes: a hundred blocks, no title, 100 calls a minute, and only while it is on", "[workspace][home]")
{
    World world;
    const auto publish = [&](const Json& view) {
        return world.call("views.publish", {{"user_id", world.ana.id()}, {"view", view}}).error();
    };
    CHECK(publish(home_view(many_sections(100))) == "");
    CHECK(publish(home_view(many_sections(101))) == "invalid_arguments");
    auto titled = home_view(many_sections(1));
    titled["title"] = Json::parse(R"({"type":"plain_text","text":"Home"})");
    CHECK(publish(titled) == "invalid_arguments");
    auto large = home_view(many_sections(100));
    for (auto& block : large["blocks"])
        block["text"]["text"] = std::string(2'900, 'x');
    CHECK(publish(large) == "view_too_large");
    world.slack.settings().home_tab_enabled = false;
    CHECK(publish(home_view(many_sections(1))) == "not_enabled");
    world.slack.settings().home_tab_enabled = true;
    std::string last;
    for (int i = 0; i < 120 && last.empty(); ++i)
        last = publish(home_view(many_sections(1)));
    CHECK(last == "ratelimited");
}

TEST_CASE("Opened, Home tells what it shows; pressed, it has a trigger and no response_url", "[workspace][home]")
{
    World world;
    const auto socket = world.connect();
    world.call("views.publish", {{"user_id", world.ana.id()}, {"view", home_view(with_button("You are on call", "Swap"))}});
    world.ana.open_home();
    world.settle();
    const auto event = socket->envelopes("events_api").at(0)["payload"]["event"];
    CHECK(event["view"]["private_metadata"] == "d1");
    CHECK(event["view"]["type"] == "home");

    world.ana.click_home("Swap");
    world.settle();
    const auto payload = socket->frames.back()["payload"];
    CHECK(payload["type"] == "block_actions");
    CHECK(payload["container"]["type"] == "view");
    CHECK(payload["container"]["view_id"] == payload["view"]["id"]);
    CHECK(payload["view"]["callback_id"] == "home");
    CHECK(payload["actions"][0]["value"] == "v1");
    CHECK_FALSE(payload.contains("response_url"));
    CHECK_FALSE(payload.contains("message"));
    CHECK_FALSE(payload.contains("channel"));
    // A form may be opened by it.
    const auto opened = world.call("views.open",
        {{"trigger_id", payload["trigger_id"]},
            {"view",
                Json::parse(R"({"type":"modal","title":{"type":"plain_text","text":"No"},"blocks":[{"type":"divider"}]})")}});
    CHECK(opened.error() == "");
    CHECK(world.ana.modals() == 1);
}
