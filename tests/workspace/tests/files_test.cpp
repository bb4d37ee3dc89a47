#include "catch.hpp"
#include "world.hpp"

using namespace workspace_test;

namespace {

const std::string png = "\x89PNG\r\n\x1a\nand the rest";

/// A file of the bot's, asked for; its id and address.
std::pair<std::string, std::string> asked_for(World& world, std::size_t length = png.size())
{
    const auto answer = world
                            .form("files.getUploadURLExternal",
                                {{"filename", "week.png"}, {"alt_txt", "a week"}, {"length", std::to_string(length)}})
                            .json;
    return {answer.value("file_id", std::string{}), answer.value("upload_url", std::string{})};
}

/// The status of what is said to it.
int upload(World& world, const std::string& url, const std::string& bytes)
{
    return world.fetch(url, world.request(bytes, "application/octet-stream", {})).status;
}

Json completing(const std::string& id)
{
    Json arguments;
    arguments["files"] = Json::array();
    arguments["files"].push_back({{"id", id}, {"title", "A week"}});
    return arguments;
}

Json showing(const std::string& channel, const std::string& id)
{
    Json arguments{{"channel", channel}, {"text", "a week"}};
    arguments["blocks"] = Json::array();
    arguments["blocks"].push_back({{"type", "image"}, {"alt_text", "a week"}, {"slack_file", {{"id", id}}}});
    return arguments;
}

} // namespace

TEST_CASE("A file goes into the workspace in three steps, and is seen a moment later", "[workspace][files]")
{
    World world;
    const auto [id, url] = asked_for(world);
    REQUIRE_FALSE(url.empty());
    CHECK(url.starts_with("https://files.slack.com/upload/"));

    SECTION("it is given its bytes once, and all of them, and is not there before it is completed")
    {
        CHECK(world.call("files.completeUploadExternal", completing(id)).error() == "file_not_found");
        CHECK(upload(world, url, "too short") == 400);
        CHECK(upload(world, url, png) == 200);
        CHECK(upload(world, url, png) == 404);
        CHECK(upload(world, url + "x", png) == 404);
        CHECK(world.slack.files().empty());
        CHECK(world.call("chat.postMessage", showing(world.ops.id(), id)).error() == "invalid_blocks");
        CHECK(world.call("files.completeUploadExternal", completing(id)).error().empty());
        REQUIRE(world.slack.files().size() == 1);
        CHECK(world.slack.files().front().alt == "a week");
        CHECK(world.slack.files().front().bytes == png);

        const auto early = world.call("chat.postMessage", showing(world.ops.id(), id));
        CHECK(early.error() == "invalid_blocks");
        CHECK(early.message() == "[ERROR] invalid slack file [json-pointer:/blocks/0/slack_file]");
        CHECK(world.ops.messages().empty());
        world.advance(2s);
        CHECK(world.call("chat.postMessage", showing(world.ops.id(), id)).error().empty());
        CHECK(world.slack.plain(world.ops.last()) == "(a week)");
        CHECK(world.call("chat.postMessage", showing(world.ops.id(), "F404")).error() == "invalid_blocks");
    }
    SECTION("what is no picture is not shown as one")
    {
        CHECK(upload(world, url, std::string(png.size(), 'x')) == 200);
        CHECK(world.call("files.completeUploadExternal", completing(id)).error().empty());
        world.advance(2s);
        CHECK(world.call("chat.postMessage", showing(world.ops.id(), id)).error() == "invalid_blocks");
    }
    SECTION("it is posted in a channel that the bot is in, after a moment")
    {
        upload(world, url, png);
        const auto hidden = world.slack.add_channel("hidden", {{"ana"}}).id();
        auto arguments = completing(id);
        arguments["channel_id"] = hidden;
        CHECK(world.call("files.completeUploadExternal", arguments).error() == "not_in_channel");
        arguments["channel_id"] = "C404";
        CHECK(world.call("files.completeUploadExternal", arguments).error() == "channel_not_found");
        arguments["channel_id"] = world.ops.id();
        arguments["initial_comment"] = "here it is";
        CHECK(world.call("files.completeUploadExternal", arguments).error().empty());
        CHECK(world.ops.messages().empty());
        world.advance(2s);
        REQUIRE(world.ops.messages().size() == 1);
        CHECK(world.slack.plain(world.ops.last()) == "here it is\n(file week.png)");
        CHECK(world.slack.files().front().channels == std::set<std::string>{world.ops.id()});
        const auto history = world.call("conversations.history", {{"channel", world.ops.id()}}).json;
        CHECK(history["messages"][0]["files"][0]["id"] == id);
    }
    CHECK(world.slack.violations().empty());
}

TEST_CASE("A person gives a file in a form, and the app reads it with its token and scope", "[workspace][files]")
{
    World world;
    const auto link = world.connect();
    world.ana.command("/oncall", "x", "#ops");
    world.settle();
    const auto trigger = link->envelopes("slash_commands").back()["payload"]["trigger_id"].get<std::string>();
    const auto view = Json::parse(R"({"type":"modal","callback_id":"f","title":{"type":"plain_text","text":"F"},
        "submit":{"type":"plain_text","text":"Go"},"blocks":[{"type":"input","block_id":"b","label":{"type":"plain_text","text":"File"},
        "element":{"type":"file_input","action_id":"a","filetypes":["yaml","txt"],"max_files":1}}]})");
    world.slack.settings().scopes.erase("files:read");
    CHECK(world.call("views.open", {{"trigger_id", trigger}, {"view", view}}).error() == "invalid_arguments");
    world.slack.settings().scopes.insert("files:read");
    REQUIRE(world.call("views.open", {{"trigger_id", trigger}, {"view", view}}).error().empty());
    CHECK(world.ana.submit().error().starts_with("form:")); // it must be given
    CHECK_THROWS_AS(world.ana.attach("File", "a.png", "x"), workspace::NotThere);
    world.ana.attach("File", "first.yaml", "a: 0");
    world.ana.attach("File", "week.yaml", R"({"a":1})");
    world.ana.submit();
    world.settle();
    const auto files = link->envelopes("interactive").back()["payload"]["view"]["state"]["values"]["b"]["a"]["files"];
    REQUIRE(files.size() == 1);
    CHECK(files[0]["name"] == "week.yaml");
    CHECK(files[0]["size"] == 7);
    const auto url = files[0]["url_private_download"].get<std::string>();
    CHECK(url.starts_with("https://files.slack.com/files-pri/"));
    auto asking = world.request("", "text/plain", world.slack.bot_token());
    asking.method = "GET";
    CHECK(world.fetch(url, asking).json == Json::parse(R"({"a":1})"));
    CHECK(world.fetch(url, world.request("", "text/plain", {})).status == 302);
    world.slack.settings().scopes.erase("files:read");
    CHECK(world.fetch(url, asking).status == 302);
    CHECK(world.slack.files().empty()); // none of the app's
}

TEST_CASE("The workspace refuses files that the real one refuses", "[workspace][files]")
{
    World world;
    CHECK(world.call("files.getUploadURLExternal", {{"filename", "a.png"}, {"length", 3}}).error() == "invalid_arguments");
    CHECK(world.form("files.getUploadURLExternal", {{"filename", "a.png"}}).error() == "invalid_arguments");
    CHECK(world.form("files.getUploadURLExternal", {{"filename", "a.png"}, {"length", "0"}}).error() == "invalid_arguments");
    CHECK(world.form("files.getUploadURLExternal", {{"filename", "a.png"}, {"length", "2000000000"}}).error()
        == "file_upload_size_restricted");
    CHECK(world.form("files.getUploadURLExternal", {{"filename", "a.png"}, {"length", "1"}, {"alt_txt", std::string(1'001, 'x')}})
              .error()
        == "invalid_arguments");
    CHECK(world.call("files.completeUploadExternal", completing("F404")).error() == "file_not_found");
    world.slack.settings().scopes.erase("files:write");
    CHECK(world.form("files.getUploadURLExternal", {{"filename", "a.png"}, {"length", "1"}}).error() == "missing_scope");
    world.slack.revoke_tokens();
    CHECK(world.form("files.getUploadURLExternal", {{"filename", "a.png"}, {"length", "1"}}).error() == "invalid_auth");
}
