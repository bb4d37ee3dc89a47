#include "catch.hpp"
#include "places.hpp"
#include "scenarios/loopback.hpp"
#include "scenarios/sees.hpp"
#include "scenarios/world.hpp"

#include <algorithm>
#include <fstream>

using namespace scenario;
using workspace::Json;

namespace {

net::Response enqueue(World& world, const std::string& body)
{
    net::Request posted;
    posted.method = "POST";
    posted.target = "/v2/enqueue";
    posted.headers = {{"Content-Type", "application/json"}};
    posted.body = body;
    return world.request(std::move(posted));
}

std::string event(const std::string& action, const std::string& dedup_key, const std::string& key = "demo-pagerduty-key",
    const std::string& more = "")
{
    return R"({"routing_key":")" + key + R"(","event_action":")" + action + "\""
        + (dedup_key.empty() ? "" : R"(,"dedup_key":")" + dedup_key + "\"")
        + R"(,"payload":{"summary":"Checkout is down","source":"web-1","severity":"critical")" + more + "}}";
}

/// All that an answer says: status, then the body.
std::string said(const net::Response& answer) { return std::to_string(answer.status) + " " + answer.body; }

Json errors(const net::Response& answer)
{
    REQUIRE(answer.status == 400);
    const auto body = Json::parse(answer.body);
    CHECK(body["status"] == "invalid event");
    CHECK(body["message"] == "Event object is invalid");
    return body["errors"];
}

} // namespace

TEST_CASE("By PagerDuty's events: triggered, acknowledged, triggered again, resolved, and then anew", "[scenarios]")
{
    World world;
    const std::string processed = "202 {\"status\":\"success\",\"message\":\"Event processed\",\"dedup_key\":\"srv01/HTTP\"}\n";
    CHECK(said(enqueue(world, event("trigger", "srv01/HTTP", "demo-pagerduty-key", R"(,"component":"nginx")"))) == processed);
    world.advance(2s);
    INFO(world.slack().story());
    CHECK(world.ana().dms().size() == 1);
    CHECK(has(last_card(world), "Checkout is down"));
    CHECK(has(last_card(world), "service checkout")); // the source's own
    CHECK(has(last_card(world), "component: nginx"));

    // Somebody works on it, says the monitoring: no more pages, whatever it sends.
    CHECK(said(enqueue(world, event("acknowledge", "srv01/HTTP"))) == processed);
    world.advance(2s);
    CHECK(has(last_card(world), "Acknowledged"));
    for (int i = 0; i < 3; ++i)
        CHECK(said(enqueue(world, event("trigger", "srv01/HTTP"))) == processed);
    world.advance(1h);
    CHECK(world.ana().dms().size() == 1);
    CHECK(world.bo().dms().empty());
    CHECK(world.channel().messages().size() == 1);
    CHECK(has(last_card(world), "reported 4 times"));

    CHECK(said(enqueue(world, event("resolve", "srv01/HTTP"))) == processed);
    world.advance(2s);
    CHECK(has(last_card(world), "Resolved"));
    // Some time later, the same key, and a new alert.
    world.advance(5min);
    CHECK(said(enqueue(world, event("trigger", "srv01/HTTP"))) == processed);
    world.advance(2s);
    CHECK(world.channel().messages().size() == 2);
    CHECK(world.ana().dms().size() == 2);
    CHECK(has(last_card(world), "#2"));
}

TEST_CASE("By PagerDuty's events: without a key each trigger is an alert of its own, and the key made for it resolves it",
    "[scenarios]")
{
    World world;
    const auto first = enqueue(world, event("trigger", ""));
    const auto second = enqueue(world, event("trigger", ""));
    REQUIRE(first.status == 202);
    const auto key = Json::parse(first.body)["dedup_key"].get<std::string>();
    CHECK(key.size() >= 16);
    CHECK(Json::parse(second.body)["dedup_key"] != key);
    world.advance(10s);
    INFO(world.slack().story());
    REQUIRE(world.channel().messages().size() == 2);
    CHECK(enqueue(world, event("resolve", key)).status == 202);
    world.advance(10s);
    CHECK(has(world.slack().plain(world.channel().messages().front()), "Resolved"));
    CHECK(has(world.slack().plain(world.channel().messages().back()), "Triggered"));
}

TEST_CASE("By PagerDuty's events: what matches nothing open is dropped and still a success", "[scenarios]")
{
    World world;
    const std::string processed = "202 {\"status\":\"success\",\"message\":\"Event processed\",\"dedup_key\":\"nothing\"}\n";
    CHECK(said(enqueue(world, event("acknowledge", "nothing"))) == processed);
    CHECK(said(enqueue(world, event("resolve", "nothing"))) == processed);
    // An alert of another routing key is not touched, though the key is the same.
    CHECK(world.alert("Checkout is down", "nothing").status == 202);
    CHECK(enqueue(world, event("acknowledge", "nothing")).status == 202);
    CHECK(enqueue(world, event("resolve", "nothing")).status == 202);
    world.advance(2s);
    INFO(world.slack().story());
    CHECK(world.channel().messages().size() == 1);
    CHECK(has(last_card(world), "Triggered"));
    CHECK(world.write([](storage::Transaction& tx) { return storage::Alerts{tx}.count_open(); }) == 1);
}

TEST_CASE("By PagerDuty's events: what is wrong is told in PagerDuty's words, all of it at once", "[scenarios]")
{
    World world;
    CHECK(errors(enqueue(world, event("trigger", "k", "no-such-key"))) == Json::array({"Invalid routing key"}));
    CHECK(errors(enqueue(
              world, R"({"routing_key":"no-such-key","event_action":"trigger","payload":{"summary":"s","severity":"x"}})"))
        == Json::array({"Invalid routing key", "'payload.source' is missing or blank",
            "'payload.severity' is invalid (must be one of the following: 'critical', 'warning', 'error' or 'info')"}));
    CHECK(
        errors(enqueue(world, "{}")) == Json::array({"'routing_key' is missing or blank", "'event_action' is missing or blank"}));
    CHECK(errors(enqueue(world, R"({"routing_key":"demo-pagerduty-key","event_action":"trigger"})")).size() == 3);
    CHECK(has(errors(enqueue(world, "not JSON")).dump(), "JSON parse error"));
    CHECK(has(errors(enqueue(world, std::string(10'000, '['))).dump(), "deeper than 32"));
    // A key of a source with another format is none; which format it has is told to whoever has the key.
    CHECK(
        has(errors(enqueue(world, event("trigger", "k", "demo-scripts-key"))).dump(), "Invalid routing key: its source has the"));
    CHECK(enqueue(world, event("trigger", "k") + std::string(512 << 10, ' ')).status == 413);
    net::Request get;
    get.target = "/v2/enqueue";
    CHECK(world.request(get).status == 405);
    CHECK(world.write([](storage::Transaction& tx) { return storage::Alerts{tx}.count_open(); }) == 0);
}

TEST_CASE("By PagerDuty's events: guesses are counted, and who guesses too much is not told when a guess is right", "[scenarios]")
{
    World world;
    for (int i = 0; i < 20; ++i)
        CHECK(enqueue(world, event("trigger", "k", "guess-" + std::to_string(i))).status == 400);
    const auto barred = enqueue(world, event("trigger", "k", "guess-20"));
    CHECK(barred.status == 429);
    CHECK(net::header(barred.headers, "Retry-After") == "60");
    CHECK(enqueue(world, event("trigger", "k")).status == 429);
    CHECK(world.alert("Checkout is down").status == 429);
    world.advance(61s);
    // What has no key at all, or is no JSON, is no better than a guess.
    for (int i = 0; i < 20; ++i)
        CHECK(enqueue(world, i % 2 ? "{}" : "[").status == 400);
    CHECK(enqueue(world, "{}").status == 429);
    world.advance(61s);
    CHECK(enqueue(world, event("trigger", "k")).status == 202);
    CHECK(world.alert("Ledger is slow", "ledger").status == 202);
    // From here on right keys pass, whatever a receiver beside them gets wrong.
    for (int i = 0; i < 30; ++i)
        enqueue(world, event("trigger", "k", "wrong"));
    CHECK(enqueue(world, event("trigger", "k", "wrong")).status == 400);
    CHECK(enqueue(world, event("trigger", "k")).status == 202);
    CHECK(world.alert("Checkout is down").status == 202);
    CHECK(world.post("demo-alertmanager-key", R"({"alerts":[]})").status == 202);
}

TEST_CASE("By PagerDuty's events: 1,200 a minute and key, and then Retry-After until there is room", "[scenarios][socket]")
{
    auto configuration = sample_configuration();
    configuration.sources["second"] = configuration.sources.at("pagerduty");
    configuration.sources["second"].name = "second";
    configuration.sources["second"].key = "the-second-key";
    World world{configuration};
    // What is wrong counts as well, and costs the test no disk.
    const auto send = [&](int times, int status) {
        int others = 0;
        for (int i = 0; i < times; ++i)
            others += world.post("demo-pagerduty-key", "{").status != status;
        CHECK(others == 0);
    };
    send(600, 400);
    world.advance(20s);
    send(600, 400);
    const auto full = enqueue(world, event("trigger", "another"));
    CHECK(full.status == 429);
    CHECK(net::header(full.headers, "Retry-After") == "40");
    CHECK(Json::parse(full.body)["status"] == "throttle exceeded");
    // Another key has room of its own, and so has another format.
    CHECK(enqueue(world, event("trigger", "k", "the-second-key")).status == 202);
    CHECK(world.alert("Checkout is down").status == 202);
    world.advance(39s);
    CHECK(enqueue(world, event("trigger", "another")).status == 429);
    world.advance(1s);
    CHECK(enqueue(world, event("trigger", "another")).status == 202);
    send(599, 400);
    CHECK(net::header(enqueue(world, event("trigger", "another")).headers, "Retry-After") == "20");
    CHECK(world.write([](storage::Transaction& tx) { return storage::Alerts{tx}.count_open(); }) == 3);
    // All that time its owner heard of it once.
    int told = 0;
    for (const auto& message : world.fallback().messages())
        told += has(world.slack().plain(message), "What is sent to source pagerduty is refused: JSON parse error");
    CHECK(told == 1);
}

TEST_CASE("By PagerDuty's events: at the source's own address too, with or without a routing key", "[scenarios]")
{
    World world;
    CHECK(said(world.post("demo-pagerduty-key",
              R"({"event_action":"trigger","dedup_key":"k","payload":{"summary":"s","source":"h","severity":"info"}})"))
        == "202 {\"status\":\"success\",\"message\":\"Event processed\",\"dedup_key\":\"k\"}\n");
    CHECK(world.post("demo-pagerduty-key", event("resolve", "k", "whatever-the-sender-wants-there")).status == 202);
    CHECK(errors(world.post("demo-pagerduty-key", R"({"event_action":"resolve"})"))
        == Json::array({"'dedup_key' is missing or blank"}));
    CHECK(world.write([](storage::Transaction& tx) { return storage::Alerts{tx}.count_open(); }) == 0);
}

TEST_CASE("By PagerDuty's events: what the payload says can be ruled by, and its severity makes the urgency", "[scenarios]")
{
    auto configuration = sample_configuration();
    oncall::Rule rule;
    rule.name = "the database is the ledger's";
    rule.when.kind = oncall::Condition::Kind::all;
    for (const auto& [field, value] : {std::pair{"labels.component", "mysql"}, std::pair{"labels.class", "disk"},
             std::pair{"labels.group", "prod"}, std::pair{"labels.source", "web-1"}, std::pair{"labels.region", "eu"}})
        rule.when.parts.push_back({oncall::Condition::Kind::is, {}, field, value});
    rule.service = "ledger";
    configuration.rules.insert(configuration.rules.begin(), rule);
    World world{configuration};
    enqueue(world,
        event("trigger", "k", "demo-pagerduty-key",
            R"(,"component":"mysql","class":"disk","group":"prod","custom_details":{"region":"eu"})"));
    world.advance(2s);
    INFO(world.slack().story());
    CHECK(has(last_card(world), "service ledger"));
    enqueue(world,
        R"({"routing_key":"demo-pagerduty-key","event_action":"trigger",)"
        R"("payload":{"summary":"The disk fills","source":"web-1","severity":"warning"}})");
    world.advance(2s);
    CHECK(has(last_card(world), "service checkout"));
    CHECK(has(last_card(world), "low urgency"));
}

TEST_CASE("At each door a success means on disk, and anything else is to be sent again", "[scenarios][crash]")
{
    struct Row {
        const char* name;
        const char* target;
        std::string body;
        int success;
    };
    const std::vector<Row> rows{{"a source's own address", "/hooks/demo-scripts-key",
                                    R"({"title":"Checkout is down","severity":"critical","dedup_key":"k"})", 202},
        {"VictorOps", "/integrations/generic/20131114/alert/vo-key/database",
            R"({"message_type":"CRITICAL","entity_id":"k","state_message":"Checkout is down"})", 200},
        {"Opsgenie", "/v2/alerts", R"({"message":"Checkout is down","alias":"k","priority":"P1"})", 202}};
    const auto& row = rows.at(GENERATE(0U, 1U, 2U));
    INFO(row.name);
    auto configuration = sample_configuration();
    configuration.sources["vo"] = {.name = "vo", .format = "victorops", .key = "vo-key", .service = "checkout"};
    configuration.sources["og"] = {.name = "og", .format = "opsgenie", .key = "genie-key", .service = "checkout"};
    World world{configuration};
    const auto send = [&] {
        net::Request posted;
        posted.method = "POST";
        posted.target = row.target;
        posted.headers = {{"Authorization", "GenieKey genie-key"}};
        posted.body = row.body;
        return world.request(std::move(posted)).status;
    };
    world.doom.commit = world.commits + 1; // dies right after the commit, before it can answer
    CHECK(send() == 599);
    REQUIRE_FALSE(world.running());
    world.start();
    CHECK(send() == row.success);
    world.advance(30s);
    INFO(world.slack().story());
    CHECK(pages_to(world.ana()) == 1); // sent twice, paged once
    CHECK(world.write([](storage::Transaction& tx) { return storage::Alerts{tx}.count_open(); }) == 1);
}

TEST_CASE("By PagerDuty's events: 202 means on disk, and anything else is to be sent again", "[scenarios][crash]")
{
    World world;
    world.doom.commit = world.commits + 1; // dies right after the commit, before it can answer
    CHECK(enqueue(world, event("trigger", "k")).status == 599);
    REQUIRE_FALSE(world.running());
    world.start();
    CHECK(enqueue(world, event("trigger", "k")).status == 202);
    world.advance(30s);
    INFO(world.slack().story());
    CHECK(world.ana().dms().size() == 1); // sent twice, paged once
    CHECK(world.write([](storage::Transaction& tx) { return storage::Alerts{tx}.count_open(); }) == 1);
    world.kill();
    world.start();
    CHECK(enqueue(world, event("resolve", "k")).status == 202);
    world.advance(2s);
    CHECK(has(last_card(world), "Resolved"));
}

TEST_CASE("Behind a proxy on this machine, whoever guesses bars himself alone", "[scenarios]")
{
    World world;
    const auto from = [&](const std::string& machine, const std::string& forwarded, const std::string& key) {
        net::Request request;
        request.method = "POST";
        request.target = "/hooks/" + key;
        request.headers = {{"X-Forwarded-For", forwarded}};
        request.body = R"({"title":"x","dedup_key":"k"})";
        request.peer = machine;
        return world.request(std::move(request)).status;
    };
    for (int i = 0; i < 20; ++i)
        CHECK(from("127.0.0.1", "203.0.113.9", "guess") == 401);
    CHECK(from("127.0.0.1", "203.0.113.9", "guess") == 429);
    CHECK(from("127.0.0.1", "198.51.100.1, 203.0.113.9", "guess") == 429); // the last is what the proxy saw
    CHECK(from("127.0.0.1", "203.0.113.10", "demo-scripts-key") == 202);
    // Nobody else is believed.
    for (int i = 0; i < 20; ++i)
        CHECK(from("192.0.2.7", "203.0.113." + std::to_string(100 + i), "guess") == 401);
    CHECK(from("192.0.2.7", "203.0.113.200", "guess") == 429);
}

TEST_CASE("PagerDuty's own client for node notices nothing but where events.pagerduty.com leads to",
    "[scenarios][peers][pagerduty][socket]")
{
    using namespace loopback;
    const auto package = std::filesystem::path{ONCALL_SOURCE_DIR} / "build/peers/pdjs";
    for (const auto* const part : {"build/src/index.js", "node_modules/browser-or-node/package.json",
             "node_modules/cross-fetch/package.json", "node_modules/node-fetch/package.json"})
        if (!std::filesystem::exists(package / part)) {
            WARN("@pagerduty/pdjs is not here (tests/run fetches it): what it sends is shown by the scenarios above");
            return;
        }
    Net world;
    world.slack().add_person("ana", "ana@example.com");
    auto& ops = world.slack().add_channel("ops", {.bot = true});
    const Folder folder;
    const auto certificate = (folder.path / "cert.pem").string(), private_key = (folder.path / "key.pem").string();
    Process openssl{{"/usr/bin/env", "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
                        "-nodes", "-keyout", private_key, "-out", certificate, "-subj", "/CN=events.pagerduty.com", "-addext",
                        "subjectAltName=DNS:events.pagerduty.com", "-days", "2"},
        {}, folder.path / "openssl.log"};
    const auto made = openssl.wait();
    INFO(read(folder.path / "openssl.log"));
    REQUIRE(made == 0);
    const std::string key{"0123456789abcdef0123456789abcdef"};
    std::ofstream{folder.path / "oncall.yaml"} << "services: {checkout: {policy: ana}}\n"
                                                  "policies:\n"
                                                  "  ana: {levels: [{targets: [user:ana@example.com], patience: 1h}]}\n"
                                                  "sources:\n"
                                                  "  pd: {format: pagerduty, key: "
                                               << key << ", service: checkout}\n";
    const auto port = std::to_string(free_port());
    // TLS is the bot's own.
    const Process bot{{ONCALL_BINARY, "run"},
        {{"SLACK_BOT_TOKEN", world.slack().bot_token()}, {"SLACK_APP_TOKEN", world.slack().app_token()},
            {"SLACK_API_URL", world.slack().api_url()}, {"ONCALL_DATABASE", (folder.path / "oncall.db").string()},
            {"ONCALL_LISTEN", "127.0.0.1:" + port}, {"ONCALL_CONFIG", (folder.path / "oncall.yaml").string()},
            {"ONCALL_CHANNEL", "#ops"}, {"ONCALL_TLS_CERT", certificate}, {"ONCALL_TLS_KEY", private_key}},
        folder.path / "bot.log"};
    REQUIRE(world.until([&] { return world.slack().links() == 2; })); // it listens before

    const auto client_says = [&](const std::vector<std::string>& steps) {
        std::vector<std::string> command{
            "/usr/bin/env", "node", ONCALL_SOURCE_DIR "/tests/scenarios/pagerduty_peer.mjs", package.string(), port, key};
        command.insert(command.end(), steps.begin(), steps.end());
        Process client{command, {{"NODE_EXTRA_CA_CERTS", certificate}}, folder.path / "client.log"};
        std::optional<int> ended;
        const bool in_time = world.until([&] { return (ended = client.ended()).has_value(); });
        INFO(read(folder.path / "client.log"));
        INFO(read(folder.path / "bot.log"));
        REQUIRE(in_time);
        REQUIRE(*ended == 0);
    };
    const auto cards = [&](const std::string& part) {
        const auto all = ops.messages();
        return std::count_if(all.begin(), all.end(), [&](const auto& message) {
            const auto text = world.slack().plain(message);
            return has(text, "From pdjs") && has(text, part);
        });
    };
    client_says({"change", "trigger"});
    REQUIRE(world.until([&] {
        const auto dms = world.slack().person("ana").dms();
        return std::any_of(
            dms.begin(), dms.end(), [&](const workspace::Message& one) { return has(world.slack().push(one), "From pdjs"); });
    }));
    REQUIRE(world.until([&] { return cards("build 4711") == 1; }));
    CHECK(cards("rack: 7") == 1);
    CHECK(cards("Acknowledged") + cards("Resolved") == 0);
    client_says({"acknowledge"});
    REQUIRE(world.until([&] { return cards("Acknowledged") == 1; }));
    client_says({"resolve", "refused"});
    REQUIRE(world.until([&] { return cards("Resolved") == 1; }));
    CHECK(cards("") == 1); // what was refused became nothing
}
