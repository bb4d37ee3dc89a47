#include "catch.hpp"
#include "handlers/hooks.hpp"
#include "handlers/intake.hpp"
#include "notify/signed_token.hpp"
#include "scenarios/sees.hpp"
#include "scenarios/world.hpp"
#include "storage/change_events.hpp"
#include "storage/sql.hpp"

using namespace scenario;
using workspace::Json;

namespace {

struct SentBy {
    std::string target{};
    std::string body{};
    std::vector<net::Header> headers{};
    std::string method{"POST"};
};
net::Response sent_by(World& world, SentBy what)
{
    net::Request request;
    request.method = what.method;
    request.target = what.target;
    request.body = what.body;
    request.headers = std::move(what.headers);
    return world.request(std::move(request));
}

std::string said_in(World& world, workspace::Channel& channel)
{
    std::string all;
    for (const auto& message : channel.messages())
        all += world.slack().plain(message) + "\n";
    return all;
}

int times_said(const std::string& all, const std::string& words)
{
    int times = 0;
    for (auto at = all.find(words); at != all.npos; at = all.find(words, at + 1))
        ++times;
    return times;
}

std::int64_t open_ones(World& world)
{
    return world.look([](storage::Transaction& tx) { return storage::Alerts{tx}.count_open(); });
}

std::vector<storage::Payload> with_bodies(storage::Transaction& tx, std::vector<storage::Payload> payloads)
{
    for (auto& one : payloads)
        one = storage::Payloads{tx}.find(one.id).value();
    return payloads;
}

std::vector<storage::Payload> payloads_in(World& world, const std::string& source)
{
    return world.look([&](storage::Transaction& tx) { return with_bodies(tx, storage::Payloads{tx}.last(source, 100)); });
}

std::vector<storage::Payload> dead_in(World& world, const std::string& source)
{
    return world.look([&](storage::Transaction& tx) { return with_bodies(tx, storage::Payloads{tx}.dead(source, 100)); });
}

std::size_t changes_of_checkout(World& world)
{
    return world.look([](storage::Transaction& tx) { return storage::ChangeEvents{tx}.of_service("checkout", 10).size(); });
}

std::string replayed(World& world, std::int64_t payload)
{
    handlers::Asked asked;
    asked.actor = world.bo().id();
    asked.via = "a button in Slack";
    asked.now = world.clock.now();
    auto& app = world.app().context();
    return world.on_the_bot<std::string>([&app, payload, asked] { return handlers::replay(app, payload, asked); });
}

/// What no file and no form is let through with, too: an alert must not be lost in it.
void in_force_with(World& world, const std::function<void(oncall::Configuration&)>& change)
{
    auto configuration = sample_configuration();
    change(configuration);
    world.app().context().in_force.set(std::move(configuration), 1'000'000);
}

void without_policies(oncall::Configuration& all)
{
    all.teams.at("payments").policy.clear();
    for (auto& [name, service] : all.services)
        service.policy.clear();
}

// Alertmanager's, sent to a source that expects something else.
const std::string from_alertmanager{
    R"({"version":"4","alerts":[{"status":"firing","fingerprint":"f1","labels":{"alertname":"DiskFull","service":"checkout"}}]})"};

} // namespace

TEST_CASE("What cannot be read is a dead letter its owner is told of, and pages when it is replayed with the right format",
    "[scenarios][intake][socket]")
{
    World world;
    const auto answer = world.post("demo-scripts-key", from_alertmanager);
    CHECK(answer.status == 202);
    const auto body = Json::parse(answer.body);
    CHECK(body["status"] == "success");
    CHECK(has(body["message"].get<std::string>(), "kept, but not understood: "));
    CHECK(world.post("demo-scripts-key", from_alertmanager).status == 202);
    world.advance(5s);
    INFO(world.slack().story());
    // One alert for the reason, where its owner looks; nobody's phone rings.
    CHECK(open_ones(world) == 1);
    CHECK(times_said(said_in(world, world.fallback()), "Source scripts sent something that could not be read") >= 1);
    CHECK(has(said_in(world, world.fallback()), "reported 2 times"));
    CHECK(pages_to(world.ana()) == 0);
    const auto dead = dead_in(world, "scripts");
    REQUIRE(dead.size() == 2);
    CHECK(dead.front().body == from_alertmanager);
    CHECK(dead.front().alerts.size() == 1);

    // Nothing has changed: still not.
    CHECK(has(replayed(world, dead.front().id), "It still cannot be read"));
    CHECK(dead_in(world, "scripts").size() == 2);
    REQUIRE(world.edit("source", "scripts", R"({"format":"alertmanager","service":"checkout"})").plan.problems.empty());
    CHECK(has(replayed(world, dead.front().id), "Replayed, and it became alert #2"));
    CHECK(has(replayed(world, dead.front().id), "It has been replayed already"));
    world.advance(5s);
    CHECK(pages_to(world.ana()) == 1);
    CHECK(has(last_card(world), "DiskFull"));
    CHECK(open_ones(world) == 2); // another dead letter waits
    replayed(world, dead.back().id);
    CHECK(open_ones(world) == 1);
    CHECK(dead_in(world, "scripts").empty());
    CHECK(has(replayed(world, 4'711), "not kept any more"));
}

TEST_CASE("What is no JSON is refused, and the owner hears of it once an hour", "[scenarios][intake][socket]")
{
    World world;
    const auto refuse = [&] {
        for (int i = 0; i < 3; ++i) {
            const auto no = world.post("demo-alertmanager-key", "alert: <!channel> it is down");
            CHECK(no.status == 400);
            CHECK(Json::parse(no.body)["status"] == "error");
        }
        world.advance(5s);
        return times_said(said_in(world, world.channel()), "What is sent to source alertmanager is refused: it is no JSON");
    };
    CHECK(refuse() == 1);
    world.advance(50min);
    CHECK(refuse() == 1);
    world.advance(10min);
    CHECK(refuse() == 2);
    INFO(world.slack().story());
    CHECK(open_ones(world) == 0);
    CHECK(world.slack().broadcasts().empty());
    CHECK(dead_in(world, "alertmanager").size() == 9); // each, also what was not said again
}

TEST_CASE("Whoever has a key cannot flood its owner with ever new mistakes", "[scenarios][intake][socket]")
{
    World world;
    const std::vector<std::pair<std::string, std::string>> fields{{"summary", "s"}, {"source", "h"}, {"severity", "info"}};
    for (unsigned missing = 1; missing < 8; ++missing) {
        Json event{{"event_action", "trigger"}, {"payload", Json::object()}};
        for (unsigned i = 0; i < fields.size(); ++i)
            if ((missing >> i & 1) == 0)
                event["payload"][fields[i].first] = fields[i].second;
        CHECK(world.post("demo-pagerduty-key", event.dump()).status == 400);
    }
    for (char c = 'a'; c <= 'z'; ++c)
        CHECK(world.post("demo-scripts-key", R"({"title":"x","status":"gone )" + std::string(3, c) + "\"}").status == 202);
    world.advance(10s);
    CHECK(times_said(said_in(world, world.fallback()), "What is sent to source pagerduty is refused") == 5);
    CHECK(dead_in(world, "pagerduty").size() == 7); // kept all the same
    CHECK(open_ones(world) == 1); // one reason, whatever stood in quotes
}

TEST_CASE("A large dead letter is kept whole, and becomes its alert when it is replayed", "[scenarios][intake][socket]")
{
    World world;
    const auto large = from_alertmanager + std::string(2 << 20, ' ');
    CHECK(world.post("demo-scripts-key", large).status == 202);
    const auto dead = dead_in(world, "scripts");
    REQUIRE(dead.size() == 1);
    CHECK(dead.front().whole);
    CHECK(dead.front().body == large);
    REQUIRE(world.edit("source", "scripts", R"({"format":"alertmanager","service":"checkout"})").plan.problems.empty());
    CHECK(has(replayed(world, dead.front().id), "Replayed, and it became alert #2"));
}

TEST_CASE(
    "When dead letters are too many, whoever owns their source hears once that the oldest go", "[scenarios][intake][socket]")
{
    World world;
    const auto send = [&] { return world.post("demo-scripts-key", R"({"title":"t","status":"unheard of"})").status; };
    const auto told = [&] {
        world.advance(5s);
        return times_said(said_in(world, world.fallback()), "has sent more that could not be read than I keep: 200 of its");
    };
    for (int i = 0; i < storage::Payloads::most_dead; ++i)
        REQUIRE(send() == 202);
    CHECK(told() == 0);
    CHECK(send() == 202);
    CHECK(send() == 202);
    CHECK(told() == 1);
}

TEST_CASE(
    "A storm's large group is taken in, and what is larger still is refused and told once an hour", "[scenarios][intake][socket]")
{
    World world;
    const std::string group =
        R"({"alerts":[{"status":"firing","fingerprint":"f","labels":{"alertname":"A","service":"checkout"}}]})";
    const auto padded = [&](std::size_t size) { return group + std::string(size - group.size(), ' '); };
    CHECK(world.post("demo-alertmanager-key", padded(2 << 20)).status == 202);
    CHECK(open_ones(world) == 1);
    CHECK(world.post("nobodys-key", padded(2 << 20)).status == 413);
    CHECK(sent_by(world, {"/hooks", padded(2 << 20), {{"Authorization", "Bearer demo-alertmanager-key"}}}).status == 202);
    CHECK(sent_by(world, {"/twilio/sms", padded(2 << 20)}).status == 413);
    for (int i = 0; i < 3; ++i)
        CHECK(world.post("demo-alertmanager-key", padded((8 << 20) + 1)).status == 413);
    world.advance(5s);
    INFO(world.slack().story());
    const std::string words = "What is sent to source alertmanager is refused: it is larger than 8 MB";
    CHECK(times_said(said_in(world, world.channel()), words) == 1);
    world.advance(1h);
    CHECK(world.post("demo-alertmanager-key", padded((8 << 20) + 1)).status == 413);
    world.advance(5s);
    CHECK(times_said(said_in(world, world.channel()), words) == 2);
    // It is no way to try keys without end.
    net::Request guess;
    guess.method = "POST";
    guess.peer = "stranger";
    guess.body = padded(600 << 10);
    for (int i = 0; i < 20; ++i) {
        guess.target = "/hooks/guess-" + std::to_string(i);
        CHECK(world.request(guess).status == 413);
    }
    guess.target = "/hooks/demo-alertmanager-key";
    CHECK(world.request(guess).status == 413);
    guess.body = group;
    CHECK(world.request(guess).status == 429);
}

TEST_CASE("Opsgenie's senders may send as much, and their owner hears of what is larger", "[scenarios][intake][socket]")
{
    auto configuration = sample_configuration();
    configuration.sources["opsgenie"] = {.name = "opsgenie", .format = "opsgenie", .key = "genie-key-1", .service = "checkout"};
    World world{configuration};
    const auto create = [&](const std::string& target, const std::string& authorization, std::size_t size) {
        const std::string alert = R"({"message":"It is down","alias":"k"})";
        return sent_by(world, {target, alert + std::string(size - alert.size(), ' '), {{"Authorization", authorization}}}).status;
    };
    CHECK(create("/v2/alerts", "GenieKey genie-key-1", 2 << 20) == 202);
    CHECK(create("/v2/alerts?apiKey=genie-key-1", "", 2 << 20) == 202);
    CHECK(create("/v2/alerts", "GenieKey nobodys", 2 << 20) == 413);
    CHECK(open_ones(world) == 1);
    CHECK(create("/v2/alerts", "GenieKey genie-key-1", (8 << 20) + 1) == 413);
    world.advance(5s);
    CHECK(
        times_said(said_in(world, world.fallback()), "What is sent to source opsgenie is refused: it is larger than 8 MB") == 1);
}

TEST_CASE("A source that takes signed requests alone takes nothing else, by any way in", "[scenarios][intake][socket]")
{
    auto configuration = sample_configuration();
    configuration.sources.at("scripts").is_signed = true;
    configuration.sources.at("pagerduty").is_signed = true;
    configuration.sources["pager"] = {.name = "pager", .format = "paging", .key = "pager-key", .service = "checkout"};
    configuration.sources["grafana"] = {.name = "grafana", .format = "grafana", .key = "grafana-key", .service = "checkout"};
    configuration.sources.at("pager").is_signed = configuration.sources.at("grafana").is_signed = true;
    World world{configuration};
    auto& secrets = world.app().context().source_secrets;
    secrets.erase("scripts");
    secrets.erase("pagerduty");
    const std::string body{R"({"title":"It is down","dedup_key":"k"})"};
    const auto post = [&](std::vector<net::Header> headers) {
        return sent_by(world, {"/hooks/demo-scripts-key", body, std::move(headers)}).status;
    };
    const auto by = [&](const std::string& secret, const std::string& words) { return notify::hex(notify::hmac(secret, words)); };
    CHECK(post({{"X-Signature-256", "sha256=" + by("s", body)}}) == 401);
    CHECK(post({}) == 401);
    world.advance(5s);
    CHECK(times_said(said_in(world, world.fallback()), "has no signing secret to check them by") == 1);

    secrets["scripts"] = {"old", "new"};
    CHECK(post({}) == 401);
    CHECK(post({{"X-Signature-256", "sha256=" + by("other", body)}}) == 401);
    CHECK(post({{"X-Signature-256", "sha256=" + by("new", body + " ")}}) == 401);
    CHECK(post({{"X-Signature-256", "sha256=" + by("new", body)}}) == 202);
    CHECK(post({{"X-Signature-256", "sha256=" + by("old", body)}}) == 202);
    // With a time, that is signed too, and old ones are refused.
    const auto at = std::chrono::floor<std::chrono::seconds>(world.clock.now()).time_since_epoch();
    const auto timed = [&](std::chrono::seconds when) {
        const auto time = std::to_string(when.count());
        return post({{"X-Signature-Timestamp", time}, {"X-Signature-256", "sha256=" + by("new", time + ":" + body)}});
    };
    CHECK(timed(at) == 202);
    CHECK(timed(at - 6min) == 401);
    CHECK(post({{"X-Signature-Timestamp", std::to_string(at.count())}, {"X-Signature-256", "sha256=" + by("new", body)}}) == 401);
    CHECK(open_ones(world) == 1);

    secrets["pagerduty"] = secrets["pager"] = secrets["grafana"] = {"s"};
    for (const std::string key : {"demo-pagerduty-key", "pager-key"}) {
        const auto event = R"({"routing_key":")" + key
            + R"(","event_action":"trigger","payload":{"summary":"s","source":"h","severity":"info","custom_details":{"page":"payments"}}})";
        CHECK(sent_by(world, {"/v2/enqueue", event}).status == 401);
        CHECK(sent_by(world, {"/v2/enqueue", event, {{"X-Signature-256", "sha256=" + by("s", event)}}}).status == 202);
    }
    const std::string message{R"({"message":"It is down"})"};
    CHECK(sent_by(world, {"/api/v1/webhook/pager?key=pager-key", message}).status == 401);
    CHECK(sent_by(world, {"/api/v1/webhook/pager?key=pager-key", message, {{"X-Signature-256", "sha256=" + by("s", message)}}})
              .status
        == 202);
    // Grafana has other names for the same two headers.
    const auto from_grafana = [&](std::chrono::seconds when) {
        const std::string group{R"({"alerts":[{"status":"firing","fingerprint":"f","labels":{"alertname":"A"}}]})"};
        const auto time = std::to_string(when.count());
        return sent_by(world,
            {"/hooks/grafana-key", group,
                {{"X-Grafana-Alerting-Timestamp", time}, {"X-Grafana-Alerting-Signature", by("s", time + ":" + group)}}})
            .status;
    };
    CHECK(from_grafana(at - 6min) == 401);
    CHECK(from_grafana(at) == 202);
}

TEST_CASE("A key comes in the path, a header or a query, as the tool can", "[scenarios][intake][socket]")
{
    auto configuration = sample_configuration();
    auto& page = configuration.sources["page us"];
    page.name = "page us";
    page.format = "generic";
    page.key = "page-key";
    page.service = "checkout";
    configuration.sources["pager"] = {.name = "pager", .format = "paging", .key = "pager-key", .service = "checkout"};
    World world{configuration};
    const std::string mail{"From: Mo <mo@example.com>\nSubject: The vault is stuck\n"};
    const std::string body{R"({"title":"It is down","dedup_key":"k"})"};
    struct Row {
        SentBy what;
        int status;
    };
    const std::vector<Row> rows{
        {{"/hooks/demo-scripts-key", body}, 202},
        {{"/hooks/demo-scripts-key/some/more?x=1", body}, 202},
        {{"/hooks/demo-scripts-key", body, {}, "PUT"}, 202},
        {{"/hooks", body, {{"Authorization", "Bearer demo-scripts-key"}}}, 202},
        {{"/hooks/", body, {{"X-Api-Key", "demo-scripts-key"}}}, 202},
        {{"/hooks", body}, 401},
        {{"/hooks/demo-scripts-key", "", {}, "GET"}, 405},
        {{"/hooks/demo-scripts-key", "", {}, "HEAD"}, 405},
        {{"/hooks/demo-scripts-key", body, {}, "DELETE"}, 405},
        {{"/api/v1/webhook/page%20us?key=page-key", body}, 202},
        {{"/api/v1/webhook/page%20us", body, {{"Authorization", "Bearer page-key"}}}, 202},
        {{"/api/v1/webhook/page%20us?key=demo-scripts-key", body}, 401},
        {{"/api/v1/webhook/scripts?key=page-key", body}, 401},
        {{"/api/v1/webhook/page%20us?key=page-key", "", {}, "GET"}, 405},
        {{"/integrations/generic/20131114/alert/wrong/database", body}, 401},
        {{"/integrations/generic/20131114/alert/demo-scripts-key/database", body}, 400}, // of another format
        {{"/hooks/pager-key", mail + "\nNobody can pay.\n"}, 202},
        {{"/hooks/pager-key", mail + "In-Reply-To: <1@example.com>\n\nOn it.\n"}, 202}, // the same once more: no answer
        {{"/hooks/pager-key", "Subject: Re: The cache\nIn-Reply-To: <1@example.com>\n\nOn it.\n"}, 202}, // an answer
        {{"/hooks/pager-key", R"({"message":"It is d)"}, 400},
        {{"/hooks/pager-key", R"({"priority":"p1_critical"})"}, 400},
    };
    for (const auto& row : rows) {
        INFO(row.what.method << " " << row.what.target);
        CHECK(sent_by(world, row.what).status == row.status);
    }
    // What cannot be read of a page is told to whoever sends it, and to its owner, who has it.
    CHECK(dead_in(world, "pager").size() == 2);
    CHECK(open_ones(world) == 2 + 1 + 2);
    world.advance(5s);
    const auto dms = world.ana().dms();
    CHECK(std::any_of(dms.begin(), dms.end(), [&](const auto& dm) { return has(world.slack().push(dm), "The vault is stuck"); }));
    for (const auto& kept : payloads_in(world, ""))
        CHECK_FALSE(has(kept.headers + kept.query + kept.rest, "-key"));
}

TEST_CASE(
    "VictorOps' senders are answered as VictorOps answers them, and are asked to wait with 503", "[scenarios][intake][socket]")
{
    auto configuration = sample_configuration();
    configuration.sources["vo"] = {.name = "vo", .format = "victorops", .key = "vo-key", .service = "checkout"};
    World world{configuration};
    const auto post = [&](const std::string& body) {
        return sent_by(world, {"/integrations/generic/20131114/alert/vo-key/database", body});
    };
    const auto down = post(R"({"message_type":"CRITICAL","entity_id":"disk/db01","state_message":"The disk is full"})");
    CHECK(down.status == 200);
    CHECK(Json::parse(down.body) == Json{{"result", "success"}, {"entity_id", "disk/db01"}});
    world.advance(5s);
    CHECK(pages_to(world.ana()) == 1);
    CHECK(post(R"({"message_type":"RECOVERY","entity_id":"disk/db01"})").status == 200);
    CHECK(open_ones(world) == 0);
    const auto nothing = post("{}");
    CHECK(nothing.status == 400);
    CHECK(Json::parse(nothing.body)["result"] == "failure");
    CHECK(has(Json::parse(nothing.body)["message"].get<std::string>(), "message_type"));
    CHECK(dead_in(world, "vo").size() == 1);

    // As many as may come within a minute have come.
    handlers::KeyDoor door{world.app().context()};
    handlers::Hooks hooks{world.app().context(), door};
    while (!door.admit(configuration.sources.at("vo"))) { }
    net::Request more;
    more.method = "POST";
    more.target = "/integrations/generic/20131114/alert/vo-key/database";
    more.body = R"({"message_type":"CRITICAL","entity_id":"disk/db02"})";
    const auto later = world.on_the_bot<net::Response>([&] { return hooks.serve(more); });
    CHECK(later.status == 503);
    CHECK(net::header(later.headers, "Retry-After") == "60");
    CHECK(Json::parse(later.body)["result"] == "failure");
    world.advance(1s); // its owner is told, by this door
    CHECK(open_ones(world) == 1); // about what could not be read
}

TEST_CASE("PagerDuty's older and change events are answered as PagerDuty answers them", "[scenarios][intake][socket]")
{
    World world;
    const auto v1 = [&](const std::string& type, const std::string& key) {
        return sent_by(world,
            {"/generic/2010-04-15/create_event.json",
                R"({"service_key":")" + key + R"(","event_type":")" + type
                    + R"(","incident_key":"srv01/HTTP","description":"It is down","details":{"load":"3"}})"});
    };
    const auto triggered = v1("trigger", "demo-pagerduty-key");
    CHECK(triggered.status == 200);
    CHECK(Json::parse(triggered.body)
        == Json{{"status", "success"}, {"message", "Event processed"}, {"incident_key", "srv01/HTTP"}});
    CHECK(open_ones(world) == 1);
    CHECK(v1("resolve", "demo-pagerduty-key").status == 200);
    CHECK(open_ones(world) == 0);
    world.advance(5s);
    const auto told = pages_to(world.ana()); // of the trigger, and that it is over
    CHECK(told >= 1);
    const auto wrong = v1("trigger", "no-such-key");
    CHECK(wrong.status == 400);
    CHECK(Json::parse(wrong.body)["errors"] == Json::array({"Invalid service key"}));

    const auto change = [&](const std::string& body) { return sent_by(world, {"/v2/change/enqueue", body}); };
    const auto changed =
        change(R"({"routing_key":"demo-pagerduty-key","payload":{"summary":"Build 4711 is live","source":"ci"}})");
    CHECK(changed.status == 202);
    CHECK(Json::parse(changed.body) == Json{{"status", "success"}, {"message", "Change event processed"}});
    CHECK(change(R"({"routing_key":"demo-pagerduty-key","payload":{}})").status == 400);
    CHECK(changes_of_checkout(world) == 1);
    // One from before all that is kept is none, and is not said to be.
    const auto old = change(
        R"({"routing_key":"demo-pagerduty-key","payload":{"summary":"Build 1","timestamp":"2020-07-17T08:42:58.315+0000"}})");
    CHECK(old.status == 202);
    CHECK(Json::parse(old.body) == Json{{"status", "success"}, {"message", "1 change is older than 90 days, and not kept"}});
    CHECK(has(payloads_in(world, "pagerduty").front().words, "older than 90 days"));
    CHECK(changes_of_checkout(world) == 1);
    CHECK(open_ones(world) == 0); // it pages nobody
    world.advance(5s);
    CHECK(pages_to(world.ana()) == told);
    // The keys in their bodies are not kept with them.
    const auto kept = payloads_in(world, "pagerduty");
    CHECK(kept.size() >= 3);
    for (const auto& one : kept)
        CHECK_FALSE(has(one.body, "demo-pagerduty-key"));
}

TEST_CASE("A change that could not be read is one when it is replayed", "[scenarios][intake][socket]")
{
    World world;
    CHECK(world.post("demo-scripts-key", R"({"payload":{"summary":"Build 4711 is live","source":"ci"}})").status == 202);
    const auto dead = dead_in(world, "scripts");
    REQUIRE(dead.size() == 1);
    CHECK(changes_of_checkout(world) == 0);
    REQUIRE(world.edit("source", "scripts", R"({"format":"pagerduty","service":"checkout"})").plan.problems.empty());
    CHECK(has(replayed(world, dead.front().id), "Replayed, and it became 1 change"));
    CHECK(changes_of_checkout(world) == 1);
}

TEST_CASE(
    "A delivery that its sender numbers is taken in once, and one without a number each time", "[scenarios][intake][socket]")
{
    World world;
    const auto deliver = [&](const std::string& format, const std::string& number) {
        auto& app = world.app().context();
        auto source = std::make_shared<oncall::Source>(sample_configuration().sources.at("scripts"));
        source->format = format;
        handlers::sources::Sent sent;
        sent.text = "{}";
        sent.headers = {{"X-GitHub-Delivery", number}};
        handlers::sources::Read read;
        handlers::Report report;
        report.title = "It is down"; // without a key: each is an alert of its own
        read.reports = {report};
        return world.on_the_bot<handlers::Taken>(
            [&app, source, sent, read] { return handlers::take_in(app, source, handlers::arrival_of(*source, sent), read); });
    };
    CHECK(deliver("github", "1").alerts.size() == 1);
    const auto repeated = deliver("github", "1");
    CHECK(repeated.alerts.empty());
    CHECK(has(repeated.note, "came before"));
    CHECK(open_ones(world) == 1);
    world.kill();
    world.start();
    CHECK(has(deliver("github", "1").note, "came before"));
    CHECK(deliver("github", "2").alerts.size() == 1);
    CHECK(deliver("generic", "2").alerts.size() == 1); // its header means nothing here
    CHECK(deliver("generic", "2").alerts.size() == 1);
    CHECK(open_ones(world) == 4);
}

TEST_CASE("What could not be told is told the next time, and not an hour later", "[scenarios][intake][socket]")
{
    World world;
    world.write([](storage::Transaction& tx) {
        storage::run(tx,
            "CREATE TRIGGER poison BEFORE INSERT ON outbox WHEN NEW.key LIKE 'refused:%' BEGIN SELECT RAISE(ABORT, 'no such "
            "thing'); END");
        return 0;
    });
    CHECK(world.post("demo-scripts-key", "{").status == 400);
    world.write([](storage::Transaction& tx) {
        storage::run(tx, "DROP TRIGGER poison");
        return 0;
    });
    CHECK(dead_in(world, "scripts").empty());
    for (int i = 0; i < 2; ++i)
        CHECK(world.post("demo-scripts-key", "{").status == 400);
    world.advance(5s);
    CHECK(times_said(said_in(world, world.fallback()), "is refused: it is no JSON") == 1);
    CHECK(dead_in(world, "scripts").size() == 2);
}

TEST_CASE("Many changes at once go to disk in pieces, so that others get their turn", "[scenarios][intake][socket]")
{
    auto configuration = sample_configuration();
    auto& mapping = configuration.sources.at("scripts").mapping;
    mapping.each = "/changes";
    mapping.fields["title"].from = {"/title"};
    mapping.fields["kind"].otherwise = "change";
    World world{configuration};
    world.write([](storage::Transaction& tx) {
        storage::run(tx,
            "CREATE TRIGGER poison BEFORE INSERT ON change_events WHEN NEW.title = 'change 120' BEGIN SELECT RAISE(ABORT, 'no "
            "such thing'); END");
        return 0;
    });
    const auto kept = [&] {
        return world.look([](storage::Transaction& tx) { return storage::ChangeEvents{tx}.last(1'000).size(); });
    };
    auto body = Json::object();
    for (int i = 0; i < 150; ++i)
        body["changes"].push_back({{"title", "change " + std::to_string(i)}});
    CHECK(world.post("demo-scripts-key", body.dump()).status == 503);
    CHECK(kept() == 100); // the second piece failed
    world.write([](storage::Transaction& tx) {
        storage::run(tx, "DROP TRIGGER poison");
        return 0;
    });
    for (auto& one : body["changes"])
        one["title"] = "again";
    CHECK(world.post("demo-scripts-key", body.dump()).status == 202);
    CHECK(kept() == 250);
    CHECK(payloads_in(world, "scripts").front().words == "150 changes");
}

TEST_CASE("A quiet source keeps what comes and makes no alert of it, but what is over is over", "[scenarios][intake][socket]")
{
    auto configuration = sample_configuration();
    configuration.sources.at("scripts").quiet = true;
    World world{configuration};
    // From before it was quiet.
    world.write([&](storage::Transaction& tx) {
        handlers::Report report;
        report.title = "Checkout is down";
        report.dedup_key = "checkout-down";
        const handlers::Asked asked{"", "", "scripts", world.clock.now()};
        return handlers::receive(tx, world.app().context(), "scripts", report, asked).value;
    });
    REQUIRE(open_ones(world) == 1);
    const auto answer = world.alert("Ledger is slow", "ledger");
    CHECK(answer.status == 202);
    CHECK(has(answer.body, "the source is quiet"));
    CHECK(open_ones(world) == 1);
    CHECK(payloads_in(world, "scripts").size() == 1);
    CHECK(world.resolved().status == 202);
    CHECK(open_ones(world) == 0);
}

TEST_CASE("What was understood and cannot be stored is refused, kept aside, and said", "[scenarios][intake][socket]")
{
    World world;
    world.write([](storage::Transaction& tx) {
        storage::run(tx,
            "CREATE TRIGGER poison BEFORE INSERT ON alerts WHEN NEW.title = 'poison' BEGIN SELECT RAISE(ABORT, 'no such thing'); "
            "END");
        return 0;
    });
    CHECK(world.alert("poison", "p").status == 503);
    world.advance(5s);
    INFO(world.slack().story());
    CHECK(dead_in(world, "scripts").size() == 1);
    CHECK(has(said_in(world, world.fallback()), "could not be stored"));
    world.write([](storage::Transaction& tx) {
        storage::run(tx, "DROP TRIGGER poison");
        return 0;
    });
    CHECK(world.alert("poison", "p").status == 202);
    world.advance(5s);
    CHECK(pages_to(world.ana()) == 1);
}

TEST_CASE("Each dead end of routing is said in the fallback channel, and its alert is shown all the same",
    "[scenarios][intake][socket]")
{
    struct Row {
        const char* what;
        std::function<void(oncall::Configuration&)> change;
        const char* key;
        std::string body;
        std::string words;
        bool in_teams_channel;
    };
    const std::string down{R"({"title":"It is down","dedup_key":"k")"};
    const auto firing = [](const std::string& labels) {
        return R"({"alerts":[{"status":"firing","fingerprint":"f","labels":{"alertname":"It is down")" + labels + "}}]}";
    };
    const auto no_service = [](oncall::Configuration& all) { all.sources.at("scripts").service.clear(); };
    const std::vector<Row> rows{
        {"no service, and no owner", no_service, "demo-scripts-key", down + "}",
            "the alert names no service, and its source scripts belongs to none, so nobody was paged; and no team owns the "
            "source",
            false},
        {"a service nobody knows", no_service, "demo-scripts-key", down + R"(,"service":"chekout"})",
            "there is no service chekout, so nobody was paged", false},
        {"no service, with an owner", [](oncall::Configuration& all) { all = sample_with_a_bare_owner(); },
            "demo-alertmanager-key", firing(""),
            "the alert names no service, and its source alertmanager belongs to none, so nobody was paged", true},
        {"no policy", without_policies, "demo-scripts-key", down + "}",
            "service checkout has no escalation policy, so nobody was paged", true},
        {"nobody on call", [](oncall::Configuration& all) { all.schedules.at("payments").rotations.clear(); }, "demo-scripts-key",
            down + "}", "nobody stands behind schedule:payments", true},
    };
    for (const auto& row : rows) {
        World world;
        in_force_with(world, row.change);
        CHECK(world.post(row.key, row.body).status == 202);
        world.advance(5s);
        INFO(row.what << "\n" << world.slack().story());
        CHECK(has(said_in(world, world.fallback()), row.words));
        auto& shown = row.in_teams_channel ? world.channel() : world.fallback();
        CHECK(has(said_in(world, shown), "It is down"));
        CHECK(open_ones(world) == 1);
    }
}

TEST_CASE("In a storm of alerts for nobody the fallback channel hears it once an hour", "[scenarios][intake][socket]")
{
    World world{sample_with_a_bare_owner()};
    std::string alerts;
    for (int i = 0; i < 30; ++i)
        alerts += (i ? "," : "") + std::string{R"({"status":"firing","labels":{"alertname":"A"},"fingerprint":")"}
            + std::to_string(i) + "\"}";
    CHECK(world.post("demo-alertmanager-key", R"({"alerts":[)" + alerts + "]}").status == 202);
    world.advance(10s);
    CHECK(times_said(said_in(world, world.fallback()), "This alert meets a dead end") == 1);
    CHECK(open_ones(world) == 30);
    CHECK(payloads_in(world, "alertmanager").size() == 1);
}

TEST_CASE("A storm for a service without a policy is one dead end an hour, and each alert's timeline has it",
    "[scenarios][intake][socket]")
{
    World world;
    in_force_with(world, without_policies);
    for (int i = 0; i < 5; ++i)
        CHECK(world.alert("It is down", "k" + std::to_string(i)).status == 202);
    world.advance(10s);
    CHECK(has(said_in(world, world.fallback()), "service checkout has no escalation policy"));
    CHECK(times_said(said_in(world, world.fallback()), "This alert meets a dead end") == 1);
    CHECK(open_ones(world) == 5);
}

TEST_CASE("A source that sends too much is asked to come again as its sender understands it, and its owner hears of it once",
    "[scenarios][intake][socket]")
{
    struct Row {
        const char* key;
        int status;
    };
    // Alertmanager would take a 429 for final.
    for (const auto& row : {Row{"demo-alertmanager-key", 503}, Row{"demo-scripts-key", 429}}) {
        World world;
        int refused = 0;
        for (int i = 0; i < 1'200; ++i)
            refused += world.post(row.key, "{").status == 400;
        CHECK(refused == 1'200);
        for (int i = 0; i < 3; ++i) {
            const auto full = world.post(row.key, from_alertmanager);
            CHECK(full.status == row.status);
            CHECK(net::header(full.headers, "Retry-After") == "60");
        }
        world.advance(5s);
        auto& owners = row.status == 503 ? world.channel() : world.fallback();
        CHECK(times_said(said_in(world, owners), "more than 1200 requests came within a minute") == 1);
        // Of what is refused in a storm some is kept.
        CHECK(payloads_in(world, row.status == 503 ? "alertmanager" : "scripts").size() == 21);
    }
}

TEST_CASE("However a sender varies what cannot be read, few alerts are made of it", "[scenarios][intake][socket]")
{
    World world;
    for (char c = 'a'; c <= 'm'; ++c)
        CHECK(world.post("demo-scripts-key", R"({"title":"t","status":"\")" + std::string(3, c) + "\"}").status == 202);
    world.advance(5s);
    CHECK(open_ones(world) == 6);
    CHECK(dead_in(world, "scripts").size() == 13);
}
