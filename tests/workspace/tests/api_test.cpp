#include "catch.hpp"
#include "world.hpp"

using namespace workspace_test;

namespace {

const Json one_button = with_button("checkout is down", "Acknowledge");

Json view(const std::string& title = "Title")
{
    return Json::parse(R"({"type":"modal","callback_id":"c","title":{"type":"plain_text","text":")" + title + R"("},
        "submit":{"type":"plain_text","text":"Save"},"blocks":[{"type":"input","block_id":"b","label":{"type":"plain_text","text":"Name"},
        "element":{"type":"plain_text_input","action_id":"name"}}]})");
}

} // namespace

TEST_CASE("The Web API refuses what the real one refuses", "[workspace][api]")
{
    World world;
    auto& slack = world.slack;
    const auto ops = world.ops.id(), ana = world.ana.id();
    const auto hidden = slack.add_channel("hidden", {{"ana"}, false, true}).id();
    const auto archived = slack.add_channel("old", {{}, true, false, true}).id();
    slack.add_person("left", "left@example.com", "Europe/Berlin", {{}, true});
    const auto posted = world.call("chat.postMessage", {{"channel", ana}, {"text", "hello"}});
    const auto dm = posted.json["channel"].get<std::string>(), ts = posted.json["ts"].get<std::string>();
    world.ana.say_to_bot("hi");
    const auto hers = world.ana.dms().back().ts;
    const std::string long_text(4001, 'x');
    world.advance(1min);

    struct Case {
        std::string method{};
        Json arguments{};
        std::string error{};
    };
    const std::vector<Case> cases{
        {"chat.shout", Json::object(), "unknown_method"},
        {"chat.postMessage", {{"text", "x"}}, "invalid_arguments"},
        {"chat.postMessage", {{"channel", ops}}, "no_text"},
        {"chat.postMessage", {{"channel", ops}, {"text", " "}}, "no_text"},
        {"chat.postMessage", {{"channel", ops}, {"text", 7}}, "invalid_arguments"},
        {"chat.postMessage", {{"channel", ops}, {"text", "x"}, {"urgency", "high"}}, "invalid_arguments"},
        {"chat.postMessage", {{"channel", "C404"}, {"text", "x"}}, "channel_not_found"},
        {"chat.postMessage", {{"channel", hidden}, {"text", "x"}}, "not_in_channel"},
        {"chat.postMessage", {{"channel", "#hidden"}, {"text", "x"}}, "channel_not_found"},
        {"chat.postMessage", {{"channel", archived}, {"text", "x"}}, "is_archived"},
        {"chat.postMessage", {{"channel", slack.person("left").id()}, {"text", "x"}}, "channel_not_found"},
        {"chat.postMessage", {{"channel", ops}, {"text", "x"}, {"blocks", "[]"}}, "invalid_blocks_format"},
        {"chat.postMessage", {{"channel", ops}, {"text", "x"}, {"blocks", Json::parse(R"([{"type":"nope"}])")}},
            "invalid_blocks"},
        {"chat.postMessage", {{"channel", ops}, {"text", "x"}, {"thread_ts", "1.000001"}}, "thread_not_found"},
        {"chat.postMessage", {{"channel", ops}, {"text", "x"}, {"metadata", {{"event_type", "page"}}}},
            "invalid_metadata_schema"},
        {"chat.update", {{"channel", ana}, {"ts", ts}, {"text", "x"}}, "channel_not_found"},
        {"chat.update", {{"channel", dm}, {"ts", "1.000001"}, {"text", "x"}}, "message_not_found"},
        {"chat.update", {{"channel", dm}, {"ts", hers}, {"text", "x"}}, "cant_update_message"},
        {"chat.update", {{"channel", dm}, {"ts", ts}, {"text", long_text}}, "msg_too_long"},
        {"chat.update", {{"channel", dm}, {"ts", ts}, {"text", ""}}, "no_text"},
        {"chat.delete", {{"channel", dm}, {"ts", hers}}, "cant_delete_message"},
        {"chat.postEphemeral", {{"channel", ops}, {"user", "U404"}, {"text", "x"}}, "user_not_in_channel"},
        {"chat.postEphemeral", {{"channel", hidden}, {"user", ana}, {"text", "x"}}, "not_in_channel"},
        {"conversations.open", {{"users", "U404"}}, "user_not_found"},
        {"conversations.open", {{"users", slack.person("left").id()}}, "user_disabled"},
        {"conversations.open", Json::object(), "invalid_arguments"},
        {"conversations.history", {{"channel", hidden}}, "channel_not_found"},
        {"conversations.history", {{"channel", ops}, {"limit", 1000}}, "invalid_limit"},
        {"conversations.history", {{"channel", ops}, {"cursor", "x"}}, "invalid_cursor"},
        {"conversations.history", {{"channel", ops}, {"oldest", "yesterday"}}, "invalid_ts_oldest"},
        {"conversations.join", {{"channel", hidden}}, "channel_not_found"},
        {"conversations.join", {{"channel", dm}}, "method_not_supported_for_channel_type"},
        {"conversations.create", {{"name", "Not Lower"}}, "invalid_name_specials"},
        {"conversations.create", {{"name", "ops"}}, "name_taken"},
        {"users.info", {{"user", ana}}, "invalid_arguments"}, // does not read JSON
        {"usergroups.users.update", {{"usergroup", "S404"}, {"users", ana}}, "no_such_subteam"},
        {"views.open", {{"trigger_id", "1.2.3"}, {"view", view()}}, "invalid_trigger_id"},
        {"views.open", {{"trigger_id", "1.2.3"}, {"view", view("A title that is far too long")}}, "invalid_arguments"},
        {"views.push", {{"trigger_id", "1.2.3"}, {"view", view()}}, "invalid_trigger_id"},
        {"views.update", {{"view_id", "V404"}, {"view", view()}}, "not_found"},
        {"views.publish", {{"user_id", "U404"}, {"view", Json::parse(R"({"type":"home","blocks":[]})")}}, "invalid_arguments"},
        {"views.publish", {{"user_id", ana}, {"view", view()}}, "invalid_arguments"},
    };
    for (const auto& [method, arguments, error] : cases) {
        CAPTURE(method, arguments.dump().substr(0, 200));
        world.advance(10s);
        const auto reply = world.call(method, arguments);
        CHECK(reply.status == 200);
        CHECK(reply.json["ok"] == false);
        CHECK(reply.error() == error);
    }
    CHECK(world.form("users.lookupByEmail", {{"email", "left@example.com"}}).error() == "users_not_found");
    CHECK(world.form("conversations.replies", {{"channel", ops}, {"ts", "1.000001"}}).error() == "thread_not_found");
    CHECK(world.form("conversations.list", {{"types", "secret"}}).error() == "invalid_types");
    CHECK(world.ops.messages().empty());
}

TEST_CASE("Tokens and content types are looked at first", "[workspace][api]")
{
    World world;
    const auto& slack = world.slack;
    const auto url = slack.api_url() + "auth.test";
    const std::string json = "application/json; charset=utf-8", bot = slack.bot_token();

    CHECK(world.fetch(url, world.request({}, {}, {})).error() == "not_authed");
    CHECK(world.fetch(url, world.request({}, {}, "xoxb-wrong")).error() == "invalid_auth");
    CHECK(world.fetch(url, world.request({}, {}, slack.app_token())).error() == "not_allowed_token_type");
    CHECK(world.fetch(url, world.request({}, {}, bot)).json["user_id"] == slack.bot_user());
    CHECK(world.fetch(url, world.request("{}", {}, bot)).error() == "missing_post_type");
    CHECK(world.fetch(url, world.request("{}", "text/xml", bot)).error() == "invalid_post_type");
    CHECK(world.fetch(url, world.request("{", json, bot)).error() == "invalid_json");
    CHECK(world.fetch(url, world.request("[]", json, bot)).error() == "json_not_object");
    CHECK(world.fetch(url, world.request(std::string(100'000, '['), json, bot)).error() == "invalid_json");
    CHECK(world.fetch(url, world.request("{}", "application/json", bot)).json["warning"] == "missing_charset");

    const auto open = slack.api_url() + "apps.connections.open";
    CHECK(world.fetch(open, world.request({}, {}, bot)).error() == "not_allowed_token_type");
    auto get = world.request({}, {}, slack.app_token());
    get.method = "GET";
    CHECK(world.fetch(open, get).error() == "insecure_request");

    world.slack.revoke_tokens();
    CHECK(world.call("auth.test").error() == "invalid_auth");
}

TEST_CASE("A missing scope is named", "[workspace][api]")
{
    auto settings = World::quiet();
    settings.scopes.erase("im:history");
    settings.scopes.erase("chat:write.public");
    World world{settings};
    const auto dm = world.call("conversations.open", {{"users", world.ana.id()}}).json["channel"]["id"];

    const auto reply = world.call("conversations.history", {{"channel", dm}});
    CHECK(reply.error() == "missing_scope");
    CHECK(reply.json["needed"] == "im:history");

    const auto elsewhere = world.slack.add_channel("elsewhere").id();
    CHECK(world.call("chat.postMessage", {{"channel", elsewhere}, {"text", "x"}}).error() == "not_in_channel");
    CHECK(world.call("conversations.join", {{"channel", elsewhere}}).json["ok"] == true);
    CHECK(world.call("chat.postMessage", {{"channel", elsewhere}, {"text", "x"}}).json["ok"] == true);
}

TEST_CASE("A form says the same as JSON", "[workspace][api]")
{
    World world;
    const auto posted = world.form("chat.postMessage",
        {{"channel", "#ops"}, {"text", "a &amp; b"}, {"blocks", one_button.dump()}, {"unfurl_links", "false"},
            {"metadata", R"({"event_type":"page","event_payload":{"key":"k1"}})"}});
    REQUIRE(posted.error() == "");
    CHECK(posted.json["channel"] == world.ops.id());
    CHECK(world.ops.last().metadata["event_payload"]["key"] == "k1");
    CHECK(world.slack.push(world.ops.last()) == "a & b");
    CHECK(world.slack.plain(world.ops.last()) == "checkout is down\n[Acknowledge]");

    CHECK(
        world.form("chat.postMessage", {{"channel", "#ops"}, {"text", "x"}, {"blocks", "["}}).error() == "invalid_blocks_format");
    CHECK(world.form("chat.postMessage", {{"channel", "#ops"}, {"text", "x"}, {"unfurl_links", "no"}}).error()
        == "invalid_arguments");
}

TEST_CASE("Posting is limited to one a second per channel after a burst", "[workspace][api]")
{
    World world;
    const Json message{{"channel", world.ana.id()}, {"text", "x"}};
    for (int i = 0; i < 5; ++i)
        CHECK(world.call("chat.postMessage", message).status == 200);
    const auto late = world.call("chat.postMessage", message);
    CHECK(late.status == 429);
    CHECK(late.retry_after == "1");

    SECTION("other channels go on")
    {
        CHECK(world.call("chat.postMessage", {{"channel", world.bo.id()}, {"text", "x"}}).status == 200);
        CHECK(world.slack.violations().empty());
    }
    SECTION("after waiting there is one more")
    {
        world.advance(1s);
        CHECK(world.call("chat.postMessage", message).status == 200);
        CHECK(world.call("chat.postMessage", message).status == 429);
        CHECK(world.slack.violations().empty());
        CHECK(world.ana.dms().size() == 6);
    }
    SECTION("who does not wait is remembered")
    {
        world.advance(1ms);
        CHECK(world.call("chat.postMessage", message).status == 429);
        CHECK(world.slack.violations().size() == 1);
    }
}

TEST_CASE("A method's budget is its tier", "[workspace][api]")
{
    World world;
    const auto posted = world.call("chat.postMessage", {{"channel", "#ops"}, {"text", "x"}});
    const Json edit{{"channel", posted.json["channel"]}, {"ts", posted.json["ts"]}, {"text", "y"}};
    for (int i = 0; i < 50; ++i)
        REQUIRE(world.call("chat.update", edit).status == 200);
    CHECK(world.call("chat.update", edit).status == 429);
    world.advance(2s);
    CHECK(world.call("chat.update", edit).status == 200);
}

TEST_CASE("An update without blocks takes the blocks away", "[workspace][api]")
{
    World world;
    const auto posted = world.call("chat.postMessage", {{"channel", "#ops"}, {"text", "down"}, {"blocks", one_button}});
    const auto before = world.ops.last();
    const Json where{{"channel", posted.json["channel"]}, {"ts", posted.json["ts"]}};

    auto edit = where;
    edit["text"] = "acknowledged";
    CHECK(world.call("chat.update", edit).error() == "");
    const auto after = world.slack.now(before);
    CHECK(after.blocks.empty());
    CHECK(after.text == "acknowledged");
    REQUIRE(after.edits.size() == 1);
    CHECK(after.edits[0].blocks.size() == 2);
    CHECK_THROWS_AS(world.ana.click(before, "Acknowledge"), workspace::NotThere);

    CHECK(world.call("chat.delete", where).error() == "");
    CHECK_THROWS_AS(world.slack.now(before), workspace::NotThere);
}

TEST_CASE("An update leaves attachments alone unless they are given", "[workspace][api]")
{
    World world;
    const auto coloured = Json::parse(R"([{"color":"danger","blocks":[{"type":"divider"}]}])");
    const auto posted = world.call("chat.postMessage", {{"channel", "#ops"}, {"text", "x"}, {"attachments", coloured}});
    Json edit{{"channel", posted.json["channel"]}, {"ts", posted.json["ts"]}, {"text", "y"}, {"blocks", one_button}};
    world.call("chat.update", edit);
    CHECK(world.ops.last().attachments.size() == 1);
    edit["attachments"] = Json::array();
    world.call("chat.update", edit);
    CHECK(world.ops.last().attachments.empty());
}

TEST_CASE("Too much text is refused as a whole, however it is cut into blocks", "[workspace][api]")
{
    World world;
    auto blocks = Json::array();
    for (int i = 0; i < 5; ++i)
        blocks.push_back({{"type", "section"}, {"text", {{"type", "mrkdwn"}, {"text", std::string(2401, 'x')}}}});
    CHECK(world.call("chat.postMessage", {{"channel", "#ops"}, {"text", "x"}, {"blocks", blocks}}).error()
        == "msg_blocks_too_long");
    blocks.erase(0);
    CHECK(world.call("chat.postMessage", {{"channel", "#ops"}, {"text", "x"}, {"blocks", blocks}}).error() == "");
}

TEST_CASE("What was posted can be read back by its metadata", "[workspace][api]")
{
    World world;
    const Json metadata{{"event_type", "page"}, {"event_payload", {{"key", "k1"}}}};
    const auto first = world.call("chat.postMessage", {{"channel", world.ana.id()}, {"text", "one"}, {"metadata", metadata}});
    world.advance(1s);
    const auto second = world.call("chat.postMessage", {{"channel", world.ana.id()}, {"text", "two"}});
    world.call("chat.postMessage", {{"channel", world.ana.id()}, {"text", "aside"}, {"thread_ts", first.json["ts"]}});
    const auto dm = first.json["channel"];

    const auto whole = world.call("conversations.history", {{"channel", dm}, {"include_all_metadata", true}});
    REQUIRE(whole.json["messages"].size() == 2);
    CHECK(whole.json["messages"][0]["text"] == "two");
    CHECK(whole.json["messages"][1]["metadata"] == metadata);
    CHECK(whole.json["messages"][1]["reply_count"] == 1);

    const auto names = world.call("conversations.history", {{"channel", dm}});
    CHECK(names.json["messages"][1]["metadata"] == Json{{"event_type", "page"}});

    const auto later = world.call("conversations.history", {{"channel", dm}, {"oldest", first.json["ts"]}});
    REQUIRE(later.json["messages"].size() == 1);
    CHECK(later.json["messages"][0]["ts"] == second.json["ts"]);

    const auto page = world.call("conversations.history", {{"channel", dm}, {"limit", 1}});
    CHECK(page.json["has_more"] == true);
    const auto next = world.call(
        "conversations.history", {{"channel", dm}, {"limit", 1}, {"cursor", page.json["response_metadata"]["next_cursor"]}});
    CHECK(next.json["messages"][0]["text"] == "one");
    CHECK(next.json["has_more"] == false);

    const auto thread =
        world.form("conversations.replies", {{"channel", dm.get<std::string>()}, {"ts", first.json["ts"].get<std::string>()}});
    REQUIRE(thread.json["messages"].size() == 2);
    CHECK(thread.json["messages"][1]["text"] == "aside");
}

TEST_CASE("People, channels and groups are listed page by page", "[workspace][api]")
{
    World world;
    const auto group = world.slack.add_user_group("payments", {"ana"});
    const auto found = world.form("users.lookupByEmail", {{"email", "Ana@Example.com"}});
    CHECK(found.json["user"]["id"] == world.ana.id());
    CHECK(found.json["user"]["tz"] == "Europe/Berlin");

    std::set<std::string> names;
    std::string cursor;
    do {
        const auto page = world.form("users.list", {{"limit", "1"}, {"cursor", cursor}});
        REQUIRE(page.json["members"].size() == 1);
        names.insert(page.json["members"][0]["name"].get<std::string>());
        cursor = page.json["response_metadata"]["next_cursor"].get<std::string>();
    } while (!cursor.empty());
    CHECK(names == std::set<std::string>{"ana", "bo", "oncall"});

    const auto channels = world.form("conversations.list", {{"types", "public_channel,private_channel"}});
    REQUIRE(channels.json["channels"].size() == 1);
    CHECK(channels.json["channels"][0]["name"] == "ops");

    CHECK(world.call("usergroups.users.update", {{"usergroup", group}, {"users", Json::array()}}).error() == "no_users_provided");
    CHECK(world.call("usergroups.users.update", {{"usergroup", group}, {"users", world.bo.id()}}).error() == "");
    CHECK(world.form("usergroups.list", {{"include_users", "true"}}).json["usergroups"][0]["users"]
        == Json::array({world.bo.id()}));
}

TEST_CASE("A user group takes a whole list of full members, from those who may, and never none", "[workspace][api]")
{
    World world;
    auto& slack = world.slack;
    const auto group = slack.add_user_group("payments", {"ana"});
    slack.add_person("guest", "guest@example.com", "Europe/Berlin", {.guest = true});
    slack.add_person("robot", "", "", {.is_bot = true});
    slack.add_person("left", "left@example.com", "Europe/Berlin", {.deleted = true});
    const auto update = [&](const Json& users) {
        world.advance(10s);
        return world.call("usergroups.users.update", {{"usergroup", group}, {"users", users}}).error();
    };
    const auto both = world.ana.id() + "," + world.bo.id();
    for (const auto* who : {"guest", "robot", "left"})
        CHECK(update(both + "," + slack.person(who).id()) == "invalid_users");
    CHECK(update("U404") == "invalid_users");
    CHECK(update("") == "no_users_provided");
    CHECK(slack.user_group("payments") == std::vector<std::string>{"ana"});
    CHECK(update(both).empty());
    CHECK(slack.user_group("payments") == std::vector<std::string>{"ana", "bo"});

    slack.settings().largest_group = 1;
    CHECK(update(both) == "subteam_max_users_exceeded");
    slack.enable_user_group("payments", false);
    CHECK(update(both) == "no_such_subteam");
    CHECK(world.form("usergroups.users.list", {{"usergroup", group}}).error() == "no_such_subteam");
    CHECK(world.form("usergroups.list").json["usergroups"].empty());
    CHECK(world.form("usergroups.list", {{"include_disabled", "true"}}).json["usergroups"][0]["date_delete"] != 0);
    slack.enable_user_group("payments", true);
    slack.settings().everyone_edits_groups = false;
    CHECK(update(both) == "permission_denied");
    slack.settings().has_user_groups = false;
    CHECK(update(both) == "plan_upgrade_required");
    slack.settings().scopes.erase("usergroups:write");
    CHECK(update(both) == "missing_scope");
}

TEST_CASE("A topic is plain text of at most 250 characters, from a member of the channel", "[workspace][api]")
{
    World world;
    const auto set = [&](const std::string& topic) {
        world.advance(10s);
        return world.call("conversations.setTopic", {{"channel", world.ops.id()}, {"topic", topic}}).error();
    };
    const auto shown = [&] {
        return world.form("conversations.info", {{"channel", world.ops.id()}})
            .json["channel"]["topic"]["value"]
            .get<std::string>();
    };
    world.ops.admit_bot();
    CHECK(set("a & <@" + world.ana.id() + "> at https://x.com/?a&b").empty());
    // Links come back as such; a mention is not made of what looks like one.
    CHECK(shown() == "a &amp; &lt;@" + world.ana.id() + "&gt; at <https://x.com/?a&amp;b>");
    world.ops.set_topic("ask @ana");
    CHECK(shown() == "ask <@" + world.ana.id() + ">");
    CHECK(world.ops.topic() == "ask @ana");
    CHECK(set(std::string(251, 'x')) == "too_long");
    world.slack.settings().everyone_sets_topics = false;
    CHECK(set("x") == "user_is_restricted");
    world.ops.archive();
    CHECK(set("x") == "is_archived");
    world.ops.admit_bot(false);
    CHECK(set("x") == "not_in_channel");
    world.slack.settings().scopes.erase("channels:manage");
    world.slack.settings().scopes.erase("channels:write.topic");
    CHECK(set("x") == "missing_scope");
}

TEST_CASE("A mention of a crowd is remembered, a quoted one is not", "[workspace][api]")
{
    World world;
    world.call("chat.postMessage", {{"channel", "#ops"}, {"text", "&lt;!channel&gt; is escaped"}});
    world.call("chat.postMessage",
        {{"channel", "#ops"}, {"text", "x"},
            {"blocks", Json::parse(R"([{"type":"header","text":{"type":"plain_text","text":"<!here>"}}])")}});
    CHECK(world.slack.broadcasts().empty());

    world.call("chat.postMessage",
        {{"channel", "#ops"}, {"text", "x"},
            {"blocks", Json::parse(R"([{"type":"section","text":{"type":"mrkdwn","text":"<!here> look"}}])")}});
    REQUIRE(world.slack.broadcasts().size() == 1);
    CHECK(world.slack.broadcasts()[0].range == "here");
}

TEST_CASE("Text is read as people read it", "[workspace][reading]")
{
    World world;
    const auto reads = [&](const std::string& text) {
        world.advance(1s);
        world.call("chat.postMessage", {{"channel", "#ops"}, {"text", text}});
        return world.slack.plain(world.ops.last());
    };
    CHECK(reads("*Down*: <@" + world.ana.id() + "> in <#" + world.ops.id() + ">") == "Down: @ana in #ops");
    CHECK(reads("a_b_c * 2 &lt;x&gt; _soon_") == "a_b_c * 2 <x> soon");
    CHECK(reads("<https://example.com|the runbook> <https://example.com>") == "the runbook https://example.com");
    CHECK(reads("since <!date^1793610000^{date_short_pretty} at {time}^https://x.test|some time>")
        == "since Nov 2, 2026 at 09:00 UTC");
    CHECK(reads("<!date^soon^{time}|some time>") == "some time");
}

TEST_CASE("Answers say what time it is, which scopes the token has and which the method wants", "[workspace][api]")
{
    World world;
    world.slack.settings().scopes = {"chat:write", "users:read"};
    const auto headers = [&](const std::string& method, const std::string& token) {
        const auto url = world.slack.api_url() + method;
        return world.run(world.here->fetch(url, world.request({}, {}, token), {})).headers;
    };
    const auto told = headers("users.list", world.slack.bot_token());
    CHECK(net::header(told, "Date") == "Mon, 02 Nov 2026 09:00:00 GMT");
    CHECK(net::header(told, "X-OAuth-Scopes") == "chat:write,users:read");
    CHECK(net::header(told, "X-Accepted-OAuth-Scopes") == "users:read");
    CHECK(
        net::header(headers("team.info", world.slack.bot_token()), "x-oauth-scopes") == "chat:write,users:read"); // missing_scope
    CHECK(net::header(headers("apps.connections.open", world.slack.app_token()), "x-oauth-scopes") == "connections:write");
    // Whoever has no token learns the time and nothing else.
    const auto strange = headers("auth.test", "xoxb-guessed");
    CHECK(net::header(strange, "Date") == "Mon, 02 Nov 2026 09:00:00 GMT");
    CHECK(net::header(strange, "x-oauth-scopes").empty());
    world.slack.revoke_tokens();
    CHECK(net::header(headers("auth.test", world.slack.bot_token()), "x-oauth-scopes").empty());
}
