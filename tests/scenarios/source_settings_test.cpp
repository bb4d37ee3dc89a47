#include "catch.hpp"
#include "handlers/change_events.hpp"
#include "handlers/payload_files.hpp"
#include "scenarios/sees.hpp"
#include "scenarios/world.hpp"
#include "storage/change_events.hpp"

#include <algorithm>

using namespace scenario;

namespace {

/// The scripts' alerts are over after that much silence.
oncall::Configuration silent_after(milliseconds silence)
{
    auto configuration = sample_configuration();
    configuration.sources.at("scripts").auto_resolve = silence;
    return configuration;
}

bool was_told(World& world, workspace::Person& person, const std::string& words)
{
    const auto dms = person.dms();
    return std::any_of(dms.begin(), dms.end(), [&](const auto& dm) { return has(world.slack().plain(dm), words); });
}

void deploy(World& world, const std::string& title, const std::string& service = "checkout")
{
    oncall::ChangeEvent change;
    change.source = "scripts";
    change.service = service;
    change.title = title;
    change.at = world.clock.now();
    world.write([&](storage::Transaction& tx) {
        handlers::take_change(tx, world.app().context(), change, world.clock.now());
        handlers::take_change(tx, world.app().context(), change, world.clock.now()); // sent again
        return 0;
    });
    world.advance(3s);
}

/// How many alerts of a source are open.
std::ptrdiff_t open_of(World& world, const std::string& source)
{
    const auto open = world.look([](storage::Transaction& tx) { return storage::Alerts{tx}.all_open(100); });
    return std::count_if(open.begin(), open.end(), [&](const auto& alert) { return alert.source == source; });
}

} // namespace

TEST_CASE(
    "What never says that it is over is over after an hour of silence, unless its source says otherwise, and all else stays",
    "[scenarios][auto_resolve][socket]")
{
    struct Row {
        const char* name;
        const char* sample;
        bool ends; // it will say so
    };
    const std::vector<Row> rows{{"events", "kubernetes/open", false}, {"rules", "sentry/open", false},
        {"errors", "sentry/open-error", false}, {"older", "sentry/open-plugin", false}, {"metrics", "sentry/open-metric", true},
        {"prometheus", "alertmanager/open", true}, {"kept", "kubernetes/open", true}};
    auto configuration = sample_configuration();
    for (const auto& row : rows) {
        auto& source = configuration.sources[row.name];
        source.name = row.name;
        source.format = payloads::find(row.sample)->format;
        source.key = "key-of-" + source.name;
        source.service = "checkout";
    }
    configuration.sources.at("kept").auto_resolve = oncall::milliseconds{-1}; // never
    World world{configuration};
    for (const auto& row : rows) {
        INFO(row.sample);
        const auto* const file = payloads::find(row.sample);
        net::Request posted;
        posted.method = "POST";
        posted.target = std::string{"/hooks/key-of-"} + row.name;
        posted.headers = file->sent.headers;
        posted.body = file->sent.text;
        REQUIRE(world.request(std::move(posted)).status == 202);
    }
    world.advance(59min);
    for (const auto& row : rows) {
        INFO(row.name << " " << row.sample);
        CHECK(open_of(world, row.name) > 0);
    }
    world.advance(3min);
    for (const auto& row : rows) {
        INFO(row.name << " " << row.sample);
        CHECK((open_of(world, row.name) > 0) == row.ends);
    }
}

TEST_CASE("A deploy that PagerDuty's senders, GitHub or a script tell of pages nobody, and stands on the card and in the history",
    "[scenarios][changes][socket]")
{
    struct Row {
        const char* event; // GitHub's
        const char* target;
        const char* body;
        const char* title;
    };
    const std::vector<Row> rows{
        {"", "/v2/change/enqueue",
            R"({"routing_key":"demo-pagerduty-key","payload":{"summary":"Build 4711 is live","source":"ci"}})",
            "Build 4711 is live"},
        {"release", "/hooks/github-sample-key",
            R"({"action":"published","release":{"id":1,"tag_name":"v4711","published_at":"2026-11-03T11:59:00Z"},)"
            R"("repository":{"name":"shop","full_name":"acme/shop"}})",
            "Released v4711 of acme/shop"},
        {"", "/hooks/flags-sample-key", R"({"cluster":"eu-1","problems":[{"id":3,"what":"Flag new-cart","kind":"deploy"}]})",
            "Flag new-cart in eu-1"},
    };
    auto configuration = sample_configuration();
    const auto add = [&](const std::string& name, const std::string& format) -> oncall::Source& {
        auto& source = configuration.sources[name];
        source.name = name;
        source.format = format;
        source.key = name + "-sample-key";
        source.service = "checkout";
        return source;
    };
    add("github", "github");
    add("flags", "generic").mapping = payloads::find("generic/open-list")->source.mapping;
    for (const auto& row : rows) {
        World world{configuration};
        net::Request posted;
        posted.method = "POST";
        posted.target = row.target;
        posted.body = row.body;
        if (*row.event)
            posted.headers = {{"X-GitHub-Event", row.event}, {"X-GitHub-Delivery", "1"}};
        CHECK(world.request(std::move(posted)).status == 202);
        world.advance(6min);
        INFO(row.target << "\n" << world.slack().story());
        CHECK(pages_to(world.ana()) == 0);
        CHECK(has(type(world, world.bo(), "changes checkout"), row.title));
        world.alert("Checkout is down");
        world.advance(3s);
        CHECK(has(card(world), row.title));
    }
}

TEST_CASE("An alert that its source reports no more is over after the time of its source", "[scenarios][auto_resolve][socket]")
{
    World world{silent_after(30min)};
    world.alert("Checkout is slow");
    world.advance(20min);
    world.alert("Checkout is slow");
    world.advance(29min);
    REQUIRE_FALSE(has(card(world), "Resolved"));
    const auto is_over = [&] { return has(card(world), "Resolved by itself"); };

    SECTION("while it is paged: whoever was paged is told")
    {
        world.advance(2min + 3s);
        INFO(world.slack().story());
        CHECK(is_over());
        CHECK(has(thread(world), "resolved by itself: not reported for 30 minutes"));
        CHECK(was_told(world, world.ana(), "is over: not reported for 30 minutes"));
        // Reported again it is another one, with its own time.
        world.alert("Checkout is slow");
        world.advance(31min + 3s);
        CHECK(has(last_card(world), "#2"));
        CHECK(has(last_card(world), "Resolved by itself"));
    }
    SECTION("while somebody has it, too")
    {
        type(world, world.ana(), "ack 1");
        world.advance(2min + 3s);
        CHECK(is_over());
    }
    SECTION("not while its source is given more time, and then")
    {
        world.apply(silent_after(2h));
        world.advance(85min);
        CHECK_FALSE(is_over());
        world.advance(7min);
        CHECK(is_over());
    }
    SECTION("less time holds from the next report on, and a clear of its own comes first")
    {
        world.apply(silent_after(5min));
        world.alert("Checkout is slow");
        world.advance(4min);
        CHECK_FALSE(has(card(world), "Resolved"));
        world.advance(2min + 3s);
        CHECK(is_over());
        world.alert("Checkout is slow");
        world.resolved();
        world.advance(10min);
        CHECK(has(last_card(world), "by its source"));
    }
    SECTION("never, when that is what its source says now")
    {
        world.apply(silent_after(oncall::milliseconds{-1}));
        world.advance(5h);
        CHECK_FALSE(is_over());
    }
    SECTION("resolved by mistake and reopened, it has its whole time again")
    {
        type(world, world.ana(), "resolve 1");
        world.advance(1min);
        type(world, world.ana(), "reopen 1");
        world.advance(28min);
        CHECK_FALSE(is_over());
        world.advance(3min);
        CHECK(is_over());
    }
    SECTION("a bot that was away has heard nobody: it waits the whole time again")
    {
        world.kill();
        world.advance(3h);
        world.set_file(silent_after(30min));
        world.start();
        world.advance(29min);
        CHECK_FALSE(is_over());
        world.advance(2min);
        CHECK(is_over());
    }
}

TEST_CASE("What was changed shortly before an alert stands on its card, and what is changed then as well", "[scenarios][changes]")
{
    World world;
    deploy(world, "build 4710");
    world.advance(6min);
    world.alert("Checkout is down");
    world.advance(3s);
    INFO(world.slack().story());
    CHECK(has(world.slack().plain(world.ana().last_dm()), "build 4710"));
    CHECK(has(card(world), "build 4710"));
    deploy(world, "build <!channel> 4711");
    CHECK(has(card(world), "4711"));
    deploy(world, "somewhere", "unheard of"); // of its source's own service, then
    CHECK(pages_to(world.ana()) == 1); // it pages nobody
    const auto all = type(world, world.bo(), "changes checkout");
    CHECK(has(all, "build 4710"));
    CHECK(has(all, "4711"));
    // Told twice it is one.
    CHECK(world.look([](storage::Transaction& tx) { return storage::ChangeEvents{tx}.of_service("checkout", 10); }).size() == 3);
    CHECK(has(type(world, world.bo(), "deploys"), "build 4710"));
    CHECK(has(type(world, world.bo(), "changes ledger"), "No changes of service ledger"));
    CHECK(has(type(world, world.bo(), "changes checkuot"), "Did you mean `/oncall changes checkout`"));
    type(world, world.ana(), "resolve 1");
    world.advance(3s);
    CHECK_FALSE(has(card(world), "4711"));
}

TEST_CASE("A source's own words for severities hold for what it sends", "[scenarios][intake][socket]")
{
    auto configuration = sample_configuration();
    configuration.sources.at("scripts").severities = {{"critical", "info"}};
    World world{configuration};
    world.alert("Checkout is slow");
    world.advance(3s);
    INFO(world.slack().story());
    const auto alert = world.look([](storage::Transaction& tx) { return storage::Alerts{tx}.find({1}).value(); });
    CHECK(alert.severity == "info");
    CHECK(alert.urgency == oncall::Urgency::low);
    CHECK(alert.labels.at("severity") == "critical"); // the source's word stays to be seen
    CHECK(has(card(world), "#1 · info"));
}
