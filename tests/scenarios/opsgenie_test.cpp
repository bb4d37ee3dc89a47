#include "catch.hpp"
#include "handlers/opsgenie_door.hpp"
#include "peer_missing.hpp"
#include "places.hpp"
#include "scenarios/loopback.hpp"
#include "scenarios/sees.hpp"
#include "scenarios/world.hpp"
#include "storage/first_events.hpp"
#include "storage/heartbeats.hpp"

#include <algorithm>
#include <fstream>

using namespace scenario;
using workspace::Json;

namespace {

oncall::Configuration with_opsgenie()
{
    auto configuration = sample_configuration();
    configuration.sources["opsgenie"] = {.name = "opsgenie", .format = "opsgenie", .key = "genie-key-1", .service = "checkout"};
    configuration.sources["another"] = {.name = "another", .format = "opsgenie", .key = "genie-key-2", .service = "checkout"};
    return configuration;
}

struct GenieAnswer {
    int status{};
    Json body{};
};
GenieAnswer genie(World& world, const std::string& method, const std::string& target, const std::string& body = "",
    const std::string& key = "genie-key-1")
{
    net::Request request;
    request.method = method;
    request.target = target;
    request.body = body;
    request.headers = {{"Authorization", "GenieKey " + key}, {"Content-Type", "application/json"}};
    const auto response = world.request(std::move(request));
    return {response.status, Json::parse(response.body)};
}

/// What became of a request, as its sender asks.
Json became_of(World& world, const GenieAnswer& answer)
{
    CHECK(answer.status == 202);
    CHECK(answer.body["result"] == "Request will be processed");
    const auto found = genie(world, "GET", "/v2/alerts/requests/" + answer.body["requestId"].get<std::string>());
    CHECK(found.status == 200);
    return found.body["data"];
}

} // namespace

TEST_CASE("By Opsgenie's API an alert pages, is annotated, and is closed by its alias", "[scenarios][opsgenie][socket]")
{
    World world{with_opsgenie()};
    const auto created = became_of(world,
        genie(world, "POST", "/v2/alerts/",
            R"({"message":"The disk is full","alias":"disk full","priority":"P1","tags":["db"],"user":"Nightly <!channel>","note":"see /var"})"));
    CHECK(created["isSuccess"] == true);
    CHECK(created["action"] == "Create");
    CHECK(created["status"] == "Created alert");
    CHECK(created["alias"] == "disk full");
    const auto id = created["alertId"].get<std::string>();
    world.advance(5s);
    INFO(world.slack().story());
    CHECK(pages_to(world.ana()) == 1);
    CHECK(has(card(world), "The disk is full"));
    CHECK(has(thread(world), "see /var"));

    // The same alias again is one alert.
    CHECK(became_of(world,
              genie(world, "POST", "/v2/alerts",
                  R"({"message":"The disk is full","alias":"disk full","priority":"P1"})"))["alertId"]
        == id);
    auto shown = genie(world, "GET", "/v2/alerts/disk%20full?identifierType=alias").body["data"];
    CHECK(shown["id"] == id);
    CHECK(shown["count"] == 2);
    CHECK(shown["status"] == "open");
    CHECK(shown["priority"] == "P1");
    CHECK(genie(world, "GET", "/v2/alerts?query=status%3Aopen").body["data"].size() == 1);

    CHECK(became_of(world, genie(world, "POST", "/v2/alerts/" + id + "/tags", R"({"tags":["eu"],"user":"Bot"})"))["isSuccess"]
        == true);
    const auto acknowledged = became_of(world, genie(world, "POST", "/v2/alerts/" + id + "/acknowledge", "{}"));
    CHECK(acknowledged["status"] == "Acknowledged alert");
    CHECK(became_of(world, genie(world, "POST", "/v2/alerts/" + id + "/acknowledge", ""))["isSuccess"] == false);
    shown = genie(world, "GET", "/v2/alerts/1?identifierType=tiny").body["data"];
    CHECK(shown["acknowledged"] == true);
    CHECK(shown["tags"] == Json::array({"eu"}));
    // Snoozed it is quiet until then, and pages again.
    const auto paged = pages_to(world.ana());
    const auto until = oncall::iso(world.clock.now() + 10min, "UTC").substr(0, 19) + "Z";
    CHECK(became_of(world, genie(world, "POST", "/v2/alerts/" + id + "/snooze", R"({"endTime":")" + until + "\"}"))["status"]
        == "Snoozed alert");
    world.advance(5s);
    CHECK(has(card(world), "Snoozed"));
    shown = genie(world, "GET", "/v2/alerts/" + id).body["data"];
    CHECK(shown["snoozed"] == true);
    CHECK(shown["snoozedUntil"] == until);
    world.advance(9min);
    CHECK(pages_to(world.ana()) == paged);
    world.advance(2min);
    CHECK(pages_to(world.ana()) == paged + 1);
    CHECK(genie(world, "GET", "/v2/alerts/" + id).body["data"]["snoozed"] == false);
    // A custom action and a stranger are noted, for nobody would know otherwise.
    genie(world, "POST", "/v2/alerts/" + id + "/assign", R"({"owner":{"username":"nobody@example.net"}})");
    world.advance(5s);
    CHECK(has(thread(world), "nobody@example.net"));

    // Another key neither sees nor touches it.
    CHECK(genie(world, "GET", "/v2/alerts/" + id, "", "genie-key-2").status == 404);
    CHECK(genie(world, "GET", "/v2/alerts", "", "genie-key-2").body["data"].empty());
    const auto foreign = genie(world, "POST", "/v2/alerts/" + id + "/close", "{}", "genie-key-2");
    CHECK(foreign.status == 202);
    CHECK(genie(world, "GET", "/v2/alerts/requests/" + foreign.body["requestId"].get<std::string>(), "", "genie-key-2")
              .body["data"]["status"]
        == "Alert does not exist");
    CHECK(genie(world, "GET", "/v2/alerts/requests/" + foreign.body["requestId"].get<std::string>()).status == 404);

    const auto closed = became_of(world,
        genie(world, "POST", "/v2/alerts/disk%20full/close/?identifierType=alias", R"({"user":"Nightly","note":"space"})"));
    CHECK(closed["status"] == "Closed alert");
    CHECK(closed["alertId"] == id);
    CHECK(became_of(world, genie(world, "POST", "/v2/alerts/disk%20full/close?identifierType=alias"))["status"]
        == "Alert does not exist");
    world.advance(5s);
    CHECK(has(card(world), "Resolved"));
    CHECK(has(thread(world), "Nightly: space"));
    CHECK(world.slack().broadcasts().empty());

    // What became of it is known over a restart, and for a day.
    const auto later = genie(world, "POST", "/v2/alerts/nothing/close?identifierType=alias");
    world.kill();
    world.start();
    CHECK(became_of(world, later)["status"] == "Alert does not exist");
    world.advance(26h);
    CHECK(genie(world, "GET", "/v2/alerts/requests/" + later.body["requestId"].get<std::string>()).status == 404);
}

TEST_CASE("Opsgenie's lists and counts are of the key's source, however much others send", "[scenarios][opsgenie][socket]")
{
    World world{with_opsgenie()};
    const auto fill = [&](const std::string& source, int how_many) {
        world.write([&](storage::Transaction& tx) {
            for (int at = 0; at < how_many; ++at) {
                oncall::Alert alert;
                alert.source = source;
                alert.dedup_key = alert.title = source + std::to_string(at);
                alert.triggered_at = world.clock.now();
                storage::Alerts{tx}.add(alert);
            }
            return 0;
        });
    };
    fill("opsgenie", 3);
    fill("another", 1'100);
    const auto data = [&](const std::string& target) { return genie(world, "GET", "/v2/alerts" + target).body["data"]; };
    CHECK(data("/count?query=status%3Aopen")["count"] == 3);
    CHECK(data("/count?query=alias%3Aopsgenie1")["count"] == 1);
    CHECK(data("?query=status%3Aopen").size() == 3);
    CHECK(data("?query=status%3Aclosed").empty());
    CHECK(data("?limit=1&offset=1")[0]["alias"] == "opsgenie1");
    CHECK(data("?limit=1&order=asc")[0]["alias"] == "opsgenie0");
    CHECK(data("?limit=1&query=alias%3Aopsgenie0")[0]["alias"] == "opsgenie0");
}

TEST_CASE("What Opsgenie's API does not take is refused as it does, and the source's owner hears of it",
    "[scenarios][opsgenie][socket]")
{
    World world{with_opsgenie()};
    const auto wrong = genie(world, "POST", "/v2/alerts", R"({"message":")" + std::string(131, 'm') + "\"}");
    CHECK(wrong.status == 422);
    CHECK(wrong.body["message"] == "Request body is not processable. Please check the errors.");
    CHECK(wrong.body["errors"].contains("message"));
    CHECK(wrong.body.contains("requestId"));
    CHECK(genie(world, "POST", "/v2/alerts", "{\"message\":").status == 400);
    CHECK(genie(world, "POST", "/v2/alerts", R"({"message":"m"})", "stranger").status == 401);
    CHECK(genie(world, "POST", "/v2/alerts", R"({"message":"m"})", "demo-scripts-key").body["code"] == 40301);
    CHECK(genie(world, "GET", "/v2/alerts/x/logs").body["code"] == 40302);
    CHECK(genie(world, "PUT", "/v2/alerts").status == 405);
    CHECK(genie(world, "GET", "/v2/alerts?query=createdAt%3E1").status == 422);
    world.advance(5s);
    INFO(world.slack().story());
    std::string said;
    for (const auto& message : world.fallback().messages())
        said += world.slack().plain(message);
    CHECK(has(said, "What is sent to source opsgenie is refused: message should be at most 130 characters"));
    CHECK(world.look([](storage::Transaction& tx) { return storage::Alerts{tx}.count_open(); }) == 0);

    // As many as may come within a minute have come.
    handlers::KeyDoor door{world.app().context()};
    handlers::OpsgenieDoor api{world.app().context(), door};
    while (!door.admit(world.app().context().configuration()->sources.at("opsgenie"))) { }
    net::Request more;
    more.method = "POST";
    more.target = "/v2/alerts";
    more.body = R"({"message":"m"})";
    more.headers = {{"Authorization", "GenieKey genie-key-1"}};
    const auto later = world.on_the_bot<net::Response>([&] { return api.serve(more); });
    CHECK(later.status == 429);
    CHECK(net::header(later.headers, "Retry-After") == "60");
    CHECK(net::header(later.headers, "X-RateLimit-State") == "THROTTLED");
    CHECK(Json::parse(later.body)["message"] == "You are making too many requests!");
    world.advance(1s); // its owner is told, by this door
}

TEST_CASE("A heartbeat that falls silent pages, and is over with its next ping; our own absence is not its silence",
    "[scenarios][opsgenie][heartbeat][socket]")
{
    World world{with_opsgenie()};
    const std::string backup{"/v2/heartbeats/backup"};
    CHECK(genie(world, "GET", backup + "/ping").status == 404);
    const auto made = genie(world, "POST", "/v2/heartbeats",
        R"({"name":"backup","interval":10,"intervalUnit":"minutes","enabled":true,"alertPriority":"P1","ownerTeam":{"name":"nobody"}})");
    CHECK(made.status == 201);
    CHECK(made.body["data"]["alertMessage"] == "Heartbeat backup is expired");
    CHECK(genie(world, "POST", "/v2/heartbeats", R"({"name":"backup","interval":1,"intervalUnit":"hours"})").status == 409);
    CHECK(genie(world, "POST", "/v2/heartbeats", R"({"name":"x","interval":0,"intervalUnit":"hours"})").status == 422);
    world.advance(1h); // before its first ping nobody waits for it
    CHECK(pages_to(world.ana()) == 0);

    const auto pong = genie(world, "GET", backup + "/ping");
    CHECK(pong.status == 202);
    CHECK(pong.body["result"] == "PONG - Heartbeat received");
    world.advance(9min);
    CHECK(genie(world, "PATCH", backup + "/ping").status == 202);
    world.advance(9min);
    CHECK(pages_to(world.ana()) == 0);

    // We are away while its time runs out: whoever pinged found nobody.
    world.kill();
    world.advance(1h);
    world.start();
    world.advance(9min);
    CHECK(pages_to(world.ana()) == 0);
    world.advance(2min);
    INFO(world.slack().story());
    CHECK(pages_to(world.ana()) == 1);
    CHECK(has(card(world), "Heartbeat backup is expired"));
    CHECK(genie(world, "GET", backup).body["data"]["expired"] == true);
    CHECK(genie(world, "GET", "/v2/heartbeats").body["data"]["heartbeats"].size() == 1);

    genie(world, "POST", backup + "/ping");
    world.advance(5s);
    CHECK(has(card(world), "Resolved"));
    CHECK(genie(world, "GET", backup).body["data"]["expired"] == false);
    CHECK(genie(world, "POST", backup + "/disable").body["data"]["enabled"] == false);
    world.advance(1h);
    CHECK(world.look([](storage::Transaction& tx) { return storage::Alerts{tx}.count_open(); }) == 0);
    CHECK(genie(world, "DELETE", backup).status == 200);
    CHECK(genie(world, "GET", backup).status == 404);
}

TEST_CASE("A dead heartbeat is told though its source's alerts end by silence",
    "[scenarios][opsgenie][heartbeat][auto_resolve][socket]")
{
    auto configuration = with_opsgenie();
    auto& source = configuration.sources.at("opsgenie");
    source.auto_resolve = 30min;
    World world{configuration};
    genie(world, "POST", "/v2/heartbeats", R"({"name":"backup","interval":10,"intervalUnit":"minutes","alertPriority":"P1"})");
    CHECK(genie(world, "POST", "/v2/heartbeats/backup/ping").status == 202);
    const auto count_open = [&] { return world.look([](storage::Transaction& tx) { return storage::Alerts{tx}.count_open(); }); };

    SECTION("and a ping is one whatever its body, and its source heard of by it")
    {
        CHECK(genie(world, "POST", "/v2/heartbeats/backup/ping", "ok").status == 202);
        CHECK(genie(world, "POST", "/v2/heartbeats/backup/disable", "ok").status == 400);
        const auto heard = world.look([](storage::Transaction& tx) { return storage::FirstEvents{tx}.heard(); });
        CHECK(heard.contains("opsgenie"));
        CHECK_FALSE(heard.contains("another"));
    }
    SECTION("which is no end of its own")
    {
        world.advance(11min);
        REQUIRE(count_open() == 1);
        world.advance(2h);
        CHECK(count_open() == 1);
        CHECK(genie(world, "POST", "/v2/heartbeats/backup/ping").status == 202);
        CHECK(count_open() == 0);
    }
    SECTION("and though its source was not there when it fell silent")
    {
        auto without = configuration;
        without.sources.erase("opsgenie");
        handlers::ApplyWish prune;
        prune.prune = true;
        world.apply(without, prune);
        world.advance(11min);
        world.apply(configuration);
        CHECK(world.look([](storage::Transaction& tx) { return storage::Heartbeats{tx}.of_source("opsgenie").size(); }) == 1);
        world.advance(25min);
        CHECK(count_open() == 1);
    }
    SECTION("and though its source was quiet when it fell silent")
    {
        source.quiet = true;
        world.apply(configuration);
        world.advance(25min);
        CHECK(count_open() == 0);
        source.quiet = false;
        world.apply(configuration);
        world.advance(11min);
        CHECK(count_open() == 1);
    }
}

TEST_CASE("Opsgenie's own client for node finds nothing missing", "[scenarios][peers][opsgenie]")
{
    using namespace loopback;
    const auto package = std::filesystem::path{ONCALL_SOURCE_DIR} / "build/peers/opsgenie-sdk";
    if (!std::filesystem::exists(package / "index.js"))
        return peer_missing("opsgenie-sdk is not here (tests/run fetches it): what it sends is shown by the scenarios above");
    Net world;
    for (const auto* name : {"ana", "bo", "chi", "cto"})
        world.slack().add_person(name, std::string{name} + "@example.com");
    for (const auto* name : {"payments-alerts", "war-room", "ops"})
        world.slack().add_channel(name, {.bot = true});
    const Folder folder;
    const auto port = free_port();
    const auto address = "127.0.0.1:" + std::to_string(port);
    std::ofstream{folder.path / "oncall.yaml"} << "services: {checkout: {policy: ana}}\n"
                                                  "policies:\n"
                                                  "  ana: {levels: [{targets: [user:ana@example.com], patience: 1h}]}\n"
                                                  "sources:\n"
                                                  "  opsgenie: {format: opsgenie, key: genie-key-1, service: checkout}\n";
    const Process bot{{ONCALL_BINARY, "run"},
        {{"SLACK_BOT_TOKEN", world.slack().bot_token()}, {"SLACK_APP_TOKEN", world.slack().app_token()},
            {"SLACK_API_URL", world.slack().api_url()}, {"ONCALL_DATABASE", (folder.path / "oncall.db").string()},
            {"ONCALL_LISTEN", address}, {"ONCALL_CONFIG", (folder.path / "oncall.yaml").string()}, {"ONCALL_CHANNEL", "#ops"}},
        folder.path / "bot.log"};
    REQUIRE(world.until([&] { return world.exchange("GET", "http://" + address + "/health").status == 200; }));
    Process client{{"/usr/bin/env", "node", ONCALL_SOURCE_DIR "/tests/scenarios/opsgenie_peer.mjs", package.string(),
                       "http://" + address, "genie-key-1"},
        {}, folder.path / "client.log"};
    std::optional<int> ended;
    REQUIRE(world.until([&] { return (ended = client.ended()).has_value(); }));
    INFO(read(folder.path / "client.log"));
    INFO(read(folder.path / "bot.log"));
    CHECK(*ended == 0);
    REQUIRE(world.until([&] {
        const auto dms = world.slack().person("ana").dms();
        return std::any_of(dms.begin(), dms.end(),
            [&](const workspace::Message& one) { return has(world.slack().push(one), "From the client"); });
    }));
}
