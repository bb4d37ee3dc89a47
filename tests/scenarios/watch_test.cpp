#include "catch.hpp"
#include "places.hpp"
#include "scenarios/loopback.hpp"
#include "scenarios/world.hpp"
#include "storage/sql.hpp"

#include <cstdlib>
#include <fstream>

using namespace scenario;
using workspace::Json;

namespace {

net::Response get(World& world, const std::string& target, const std::string& method = "GET")
{
    net::Request request;
    request.method = method;
    request.target = target;
    return world.request(std::move(request));
}

void sql(World& world, const std::string& one)
{
    world.write([&](storage::Transaction& tx) {
        storage::run(tx, one);
        return 0;
    });
}

/// The value of a metric, as "oncall_alerts{state="triggered"}"; -1: it is not there.
double value(const std::string& metrics, const std::string& name)
{
    const auto at = ("\n" + metrics).find("\n" + name + " ");
    return at == std::string::npos ? -1 : std::stod(metrics.substr(at + name.size() + 1));
}

/// Somebody outside who waits for our sign of life.
struct Watcher {
    explicit Watcher(World& world)
    {
        net::Service service;
        service.serve = [this, &world](net::Request request) { return hear(world, std::move(request)); };
        listener = world.listen("watch.test:443", std::move(service));
    }
    asio::awaitable<net::Response> hear(World& world, net::Request request)
    {
        beats.push_back(world.clock.now());
        heard = std::move(request);
        net::Response answer;
        answer.status = status;
        co_return answer;
    }
    std::unique_ptr<net::Listener> listener{};
    std::vector<TimePoint> beats{};
    net::Request heard{};
    int status{200};
};

} // namespace

TEST_CASE(
    "Through a climb, a snooze, an outage, an answer and a restart the auditor finds nothing", "[scenarios][auditor][socket]")
{
    World world;
    world.alert("Checkout is down");
    world.advance(11min); // ana twice, then the team
    world.bo().command("/oncall", "escalate 1", "#payments-alerts");
    world.advance(1min);
    world.bo().command("/oncall", "snooze 1 30m", "#payments-alerts");
    world.advance(31min);
    world.slack().outage(true);
    world.alert("Ledger is slow", "ledger");
    world.advance(20min);
    world.kill();
    world.clock.advance(10min);
    world.start();
    world.advance(5min);
    world.slack().outage(false);
    world.advance(5min);
    world.bo().command("/oncall", "ack 1", "#payments-alerts");
    world.bo().command("/oncall", "resolve 2", "#payments-alerts");
    world.advance(1h);
    // It did look: half a minute ago at most. What it found fails this test where the world ends.
    CHECK(world.clock.now() - world.app().audit().last_pass <= 30s);
    CHECK(world.app().audit().found == 0);
}

TEST_CASE("Whatever people, monitoring, Slack and the machine do in a night, the auditor finds nothing",
    "[scenarios][auditor][socket][long]")
{
    // ONCALL_TEST_SEEDS=200 for a night of nights.
    const auto* const wanted = std::getenv("ONCALL_TEST_SEEDS");
    const int last_seed = wanted ? std::atoi(wanted) : 3;
    const auto seed = GENERATE_COPY(range(1, last_seed + 1));
    CAPTURE(seed);
    World world{sample_configuration(), static_cast<std::uint64_t>(seed)};
    doors::SeededRandom random{static_cast<std::uint64_t>(seed) + 1'000};
    const auto any = [&](int of) { return static_cast<int>(random.fraction() * of); };
    const std::vector<std::string> names{"ana", "bo", "chi", "cto", "dee"};
    const std::vector<std::string> said{"ack", "unack", "escalate", "resolve", "reopen", "decline", "join", "undo", "cancel",
        "still", "snooze # 20m", "promise # 10m", "reassign # @bo", "add # @cto", "note # still looking"};
    int alerts = 0;
    std::string story;
    for (int i = 0; i < 50; ++i) {
        if (!world.running())
            world.start();
        std::string did;
        switch (any(12)) {
        case 0:
        case 1:
            alerts += world.alert("Checkout is down", "key-" + std::to_string(any(4))).status == 202;
            did = "an alert";
            break;
        case 2:
            world.resolved("key-" + std::to_string(any(4)));
            did = "an alert clears";
            break;
        case 3:
            world.slack().outage(any(2) == 0);
            did = "an outage begins or ends";
            break;
        case 4:
            world.slack().act_then_hang("chat.postMessage", 1 + any(3));
            did = "answers are lost";
            break;
        case 5:
            world.slack().rate_limit("chat.postMessage", std::chrono::seconds{1 + any(60)}, 1 + any(3));
            did = "Slack has enough";
            break;
        case 6:
            if (any(3) == 0) {
                world.kill();
                world.clock.advance(std::chrono::seconds{any(1'200)});
                did = "the machine is gone for a while";
            } else {
                world.doom = {any(2) ? world.commits + any(5) : 0, 0, any(2) ? world.sends + any(3) : 0};
                did = "a crash is near";
            }
            break;
        default: {
            auto verb = said[static_cast<std::size_t>(any(static_cast<int>(said.size())))];
            const auto number = std::to_string(1 + any(std::max(alerts, 1)));
            if (const auto hole = verb.find('#'); hole != verb.npos)
                verb.replace(hole, 1, number);
            else
                verb += " " + number;
            const auto& who = names[static_cast<std::size_t>(any(5))];
            world.slack().person(who).command("/oncall", verb, "#payments-alerts");
            did = who + ": " + verb;
        }
        }
        world.settle();
        if (world.running())
            world.advance(any(3) ? std::chrono::seconds{any(40)} : std::chrono::seconds{any(600)});
        story += oncall::iso(world.clock.now(), "UTC").substr(11, 8) + " after " + did + "\n";
    }
    INFO(story);
    world.doom = {};
    world.slack().outage(false);
    if (!world.running())
        world.start();
    world.advance(30min);
    CHECK(alerts > 0);
    for (const auto& words : world.take_found())
        FAIL_CHECK("the auditor found " << words);
}

TEST_CASE("A page that lost its timer goes on all the same", "[scenarios][auditor][socket]")
{
    World world;
    world.alert("Checkout is down");
    sql(world, "DELETE FROM timers");
    world.advance(30s);
    const auto found = world.take_found();
    REQUIRE(found.size() == 1);
    CHECK(has(found[0], "I2 page 1"));
    CHECK(has(found[0], "set again"));
    CHECK(get(world, "/health").status == 503);
    world.advance(30s);
    CHECK(get(world, "/health").status == 200);
    world.advance(10min);
    INFO(world.slack().story());
    CHECK_FALSE(world.bo().dms().empty()); // the second level
    const auto said = world.fallback().messages();
    REQUIRE(said.size() == 2);
    CHECK(has(world.slack().plain(said[0]), "Page 1 of alert #1 is unanswered and has no timer"));
    CHECK(has(world.slack().plain(said[1]), "No longer wrong"));
}

TEST_CASE("While all is well, whoever watches from outside hears from us once a minute", "[scenarios][auditor][socket]")
{
    World world;
    Watcher watcher{world};
    world.kill();
    world.heartbeat_url = "https://watch.test/ping/secret-path";
    world.start();
    world.advance(10min);
    CHECK(watcher.beats.size() == 10);
    for (std::size_t i = 1; i < watcher.beats.size(); ++i)
        CHECK(watcher.beats[i] - watcher.beats[i - 1] == 1min);
    CHECK(watcher.heard.method == "GET");
    CHECK(watcher.heard.target == "/ping/secret-path");
    CHECK(world.clock.now() - world.app().audit().last_beat <= 1min);

    SECTION("silence is the alarm: nothing while a finding stands")
    {
        world.alert("Checkout is down");
        sql(world, "UPDATE notifications SET why = ''");
        world.advance(59min);
        CHECK(watcher.beats.size() <= 11);
        CHECK(world.take_found().size() == 1);
        world.advance(3min);
        CHECK(watcher.beats.size() >= 11);
        world.resolved();
    }
    SECTION("nor when the engine has died")
    {
        // Its next timer never comes: it is not there.
        const auto before = watcher.beats.size();
        sql(world, "ALTER TABLE timers RENAME TO gone");
        world.advance(5min);
        CHECK(watcher.beats.size() - before <= 1);
        const auto found = world.take_found();
        REQUIRE(found.size() == 2); // nor can it be checked
        CHECK(has(found[0] + found[1], "The engine does not move"));
        CHECK(has(found[0] + found[1], "The audit failed"));
        sql(world, "ALTER TABLE gone RENAME TO timers");
        world.advance(2min);
        CHECK(watcher.beats.size() > before);
    }
    SECTION("a watcher that is out stops nothing, and is asked again")
    {
        watcher.status = 500;
        world.advance(10min);
        CHECK(watcher.beats.size() == 20);
        CHECK(world.app().audit().beat_fails);
        watcher.listener.reset();
        world.alert("Checkout is down");
        world.advance(10min + 1s);
        CHECK_FALSE(world.bo().dms().empty());
        CHECK(world.app().audit().findings.empty());
        watcher.status = 204;
        Watcher another{world};
        world.advance(2min);
        CHECK_FALSE(another.beats.empty());
        CHECK_FALSE(world.app().audit().beat_fails);
    }
    SECTION("its address is a secret")
    {
        for (const auto* target : {"/health", "/ready", "/metrics"})
            CHECK_FALSE(has(get(world, target).body, "watch.test"));
    }
}

TEST_CASE("/health says what is wrong and since when", "[scenarios][auditor][socket]")
{
    World world;
    const auto health = [&](int status) {
        const auto answer = get(world, "/health");
        CHECK(answer.status == status);
        return Json::parse(answer.body);
    };
    auto told = health(200);
    CHECK(told["status"] == "ok");
    CHECK(told["findings"].empty());
    CHECK(told["slack"]["status"] == "up");
    CHECK(told["auditor"]["last_pass"].is_null());

    world.alert("Checkout is down");
    world.advance(1min);
    CHECK(health(200)["auditor"]["last_pass"] == "2026-11-03T12:01:00Z");
    sql(world, "UPDATE notifications SET why = ''");
    world.advance(2min);
    told = health(503);
    CHECK(told["status"] == "broken");
    REQUIRE(told["findings"].size() == 1);
    CHECK(told["findings"][0]["invariant"] == "I7");
    CHECK(told["findings"][0]["since"] == "2026-11-03T12:01:30Z");
    CHECK(told["auditor"]["status"] == "found something");
    CHECK(told["auditor"]["since"] == "2026-11-03T12:01:30Z");
    CHECK_FALSE(has(told.dump(), "Checkout"));
    CHECK_FALSE(has(told.dump(), world.ana().id()));
    CHECK(world.take_found().size() == 1);
    sql(world, "UPDATE notifications SET why = 'x'");
    world.advance(30s);
    CHECK(health(200)["auditor"]["since"] == "2026-11-03T12:03:30Z");

    // That Slack is away is told; no restart of ours would help.
    world.slack().outage(true);
    world.alert("Ledger is slow", "ledger");
    world.advance(1min);
    told = health(200);
    CHECK(told["slack"]["status"] == "down");
    world.slack().outage(false);
    world.advance(2min);
    CHECK(health(200)["slack"]["status"] == "up");

    CHECK(get(world, "/health", "HEAD").status == 200);
    CHECK(get(world, "/health", "POST").status == 405);
}

TEST_CASE("/ready tries whether the database commits", "[scenarios][auditor][socket]")
{
    World world;
    const auto ready = [&](int status) {
        const auto answer = get(world, "/ready");
        CHECK(answer.status == status);
        return Json::parse(answer.body);
    };
    auto told = ready(200);
    CHECK(told["status"] == "ready");
    CHECK(told["slack"] == "up");
    const auto before = world.commits;
    ready(200); // at once again: nothing is written
    CHECK(world.commits == before);

    sql(world, "CREATE TRIGGER broken BEFORE UPDATE ON pulse BEGIN SELECT RAISE(ABORT, 'no room'); END");
    world.advance(10s);
    told = ready(503);
    CHECK(told["status"] == "not ready");
    CHECK(has(told["reason"].get<std::string>(), "no room"));
    CHECK(get(world, "/health").status == 503);
    sql(world, "DROP TRIGGER broken");
    world.advance(10s);
    CHECK(ready(200)["status"] == "ready");
    CHECK(get(world, "/health").status == 200);
    CHECK(get(world, "/ready", "HEAD").status == 200);
    CHECK(get(world, "/ready", "DELETE").status == 405);
}

TEST_CASE("/metrics counts what happened and what is", "[scenarios][auditor][socket]")
{
    World world;
    world.slack().rate_limit("chat.postMessage", 1s, 1);
    world.alert("Checkout is down");
    world.alert("Ledger is slow", "ledger");
    world.bo().command("/oncall", "ack 99", "#payments-alerts");
    world.post("no-such-key", "{}");
    get(world, "/hooks/a-guessed-key");
    world.advance(1min);
    world.ana().click(world.ana().last_dm(), "Acknowledge");
    world.advance(1min);
    const auto answer = get(world, "/metrics");
    CHECK(answer.status == 200);
    CHECK(net::header(answer.headers, "Content-Type") == "text/plain; version=0.0.4; charset=utf-8");
    const auto& text = answer.body;
    INFO(text);
    CHECK(has(text, "oncall_build_info{version=\""));
    CHECK(value(text, "process_start_time_seconds") == 1'793'707'200);
    CHECK(value(text, R"(oncall_alerts{state="triggered"})") == 1);
    CHECK(value(text, R"(oncall_alerts{state="acknowledged"})") == 1);
    CHECK(value(text, R"(oncall_alerts{state="snoozed"})") == 0);
    CHECK(value(text, R"(oncall_pages{state="paging"})") == 1);
    CHECK(value(text, R"(oncall_notifications_total{method="slack",outcome="planned"})") == 2);
    CHECK(value(text, R"(oncall_notifications_total{method="slack",outcome="sent"})") == 2);
    CHECK(value(text, R"(oncall_outbox_rows{priority="page"})") == 0);
    CHECK(value(text, "oncall_timer_lag_seconds") == 0);
    CHECK(value(text, "oncall_slack_links") == 2);
    CHECK(value(text, "oncall_slack_up") == 1);
    CHECK(value(text, R"(oncall_slack_api_answers_total{class="ok"})") >= 6);
    CHECK(value(text, R"(oncall_slack_api_answers_total{class="slow_down"})") >= 1);
    CHECK(value(text, R"(oncall_http_requests_total{code="202",route="/hooks/{key}"})") == 2);
    CHECK(value(text, R"(oncall_http_requests_total{code="401",route="/hooks/{key}"})") == 1);
    CHECK(value(text, R"(oncall_http_requests_total{code="405",route="/hooks/{key}"})") == 1);
    CHECK(value(text, R"(oncall_database_transactions_total{outcome="committed"})") > 10);
    CHECK(value(text, R"(oncall_database_transactions_total{outcome="undone"})") >= 1);
    CHECK(value(text, R"(oncall_database_transactions_total{outcome="failed"})") == 0);
    CHECK(value(text, "oncall_database_commit_duration_seconds_count") > 5);
    CHECK(value(text, R"(oncall_audit_findings{invariant="I2"})") == 0);
    CHECK(value(text, "oncall_audit_last_pass_timestamp_seconds") == 1'793'707'320);
    CHECK(value(text, "oncall_audit_duration_seconds") > 0);
    CHECK(value(text, "oncall_heartbeat_last_success_timestamp_seconds") == 0);
    for (const std::string secret :
        {"Checkout", "Ledger", "demo-scripts-key", "no-such-key", "a-guessed-key", "xoxb", "xapp", "@", "ana"})
        CHECK_FALSE(has(text, secret));
    CHECK(get(world, "/metrics", "HEAD").status == 200);
    CHECK(get(world, "/metrics", "POST").status == 405);

    SECTION("they are read once a second, and counters only grow")
    {
        world.resolved("ledger");
        CHECK(get(world, "/metrics").body == text);
        world.advance(1s);
        const auto later = get(world, "/metrics").body;
        CHECK(value(later, R"(oncall_alerts{state="triggered"})") == 1);
        CHECK(value(later, "oncall_database_commit_duration_seconds_count")
            > value(text, "oncall_database_commit_duration_seconds_count"));
    }
    SECTION("what stands is counted by invariant")
    {
        sql(world, "UPDATE notifications SET why = ''");
        world.advance(30s);
        CHECK(value(get(world, "/metrics").body, R"(oncall_audit_findings{invariant="I7"})") == 2);
        CHECK(world.take_found().size() == 2);
        sql(world, "UPDATE notifications SET why = 'x'");
    }
}

TEST_CASE("promtool finds nothing to say about /metrics", "[scenarios][auditor][peers][socket]")
{
    const auto promtool = std::filesystem::path{ONCALL_SOURCE_DIR} / "build/peers/prometheus/usr/bin/promtool";
    INFO("tests/run fetches it; without: " << promtool);
    REQUIRE(std::filesystem::exists(promtool));
    World world;
    world.alert("Checkout is down");
    world.advance(1min);
    const loopback::Folder folder;
    std::ofstream{folder.path / "metrics"} << get(world, "/metrics").body;
    const auto line = "'" + promtool.string() + "' check metrics < '" + (folder.path / "metrics").string() + "'";
    loopback::Process check{{"/bin/sh", "-c", line}, {}, folder.path / "log"};
    const auto status = check.wait();
    std::ifstream log{folder.path / "log"};
    const std::string said{std::istreambuf_iterator<char>{log}, {}};
    CHECK(status == 0);
    CHECK(said == ""); // warnings too
}
