#include "catch.hpp"
#include "config/items.hpp"
#include "handlers/forecast.hpp"
#include "notify/sms_text.hpp"
#include "notify/web_push.hpp"
#include "notify/webhook.hpp"
#include "scenarios/scripted_provider.hpp"
#include "scenarios/world.hpp"
#include "storage/answers.hpp"
#include "storage/contacts.hpp"
#include "storage/counts.hpp"
#include "storage/sql.hpp"

#include <cstdlib>
#include <random>

using namespace scenario;
using oncall::ContactKind;
using Lines = std::vector<std::string>;

namespace {

std::string asks(World& world, workspace::Person& person, const std::string& words)
{
    person.command("/oncall", words, "#payments-alerts");
    world.advance(1s);
    return world.slack().plain(person.last_ephemeral());
}

/// How many rows there are of whatever an alert or a page would leave behind.
std::map<std::string, std::int64_t> rows(World& world)
{
    return world.look([](storage::Transaction& tx) {
        std::map<std::string, std::int64_t> found;
        for (const std::string table :
            {"alerts", "pages", "notifications", "runs", "timeline", "audit", "outbox", "timers", "accepted"}) {
            storage::Query row{tx, "SELECT COUNT(*) FROM " + table};
            row.step();
            found[table] = row.integer();
        }
        return found;
    });
}

/// Ana is reached by everything there is.
struct Ways {
    ScriptedProvider sms{"Twilio"}, voice{"Caller"}, push{"ntfy"}, webhook{"webhook"};
    World world;

    explicit Ways(oncall::Configuration configuration = sample_configuration())
        : world{std::move(configuration)}
    {
        for (auto* provider : {&sms, &voice, &push, &webhook})
            provider->clock = &world.clock;
        world.providers = {{ContactKind::sms, {&sms}}, {ContactKind::voice, {&voice}}, {ContactKind::ntfy, {&push}},
            {ContactKind::webhook, {&webhook}}};
        world.open_post_office();
        const auto add = [&](ContactKind kind, const std::string& address) {
            oncall::ContactMethod method;
            method.person = world.ana().id();
            method.kind = kind;
            method.address = address;
            method.added_at = method.verified_at = method.consented_at = world.clock.now();
            world.write([&](storage::Transaction& tx) {
                storage::ContactMethods{tx}.add(method);
                return true;
            });
        };
        add(ContactKind::sms, "+4915112345678");
        add(ContactKind::voice, "+4915112345678");
        add(ContactKind::ntfy, "ana-oncall");
        add(ContactKind::webhook, "https://ana.example.com/hook");
    }
    void rule(const std::string& person, std::vector<oncall::NotificationStep> steps)
    {
        world.write([&](storage::Transaction& tx) {
            auto rules = storage::NotificationRules{tx}.of(person);
            rules.rules = {{"Mine", oncall::Urgency::high, {}, steps}};
            storage::NotificationRules{tx}.save(rules);
            return true;
        });
    }
};

std::string line(oncall::milliseconds after, const oncall::Position& at, const std::string& person, const std::string& method)
{
    return oncall::duration_out(after) + " " + std::to_string(at.round) + "." + std::to_string(at.level) + "."
        + std::to_string(at.attempt) + " " + person + " " + method;
}

/// What a forecast says of every single notification.
Lines foreseen(const oncall::Forecast& forecast)
{
    Lines lines;
    for (const auto& step : forecast.steps) {
        for (const auto& other : step.others)
            lines.push_back(line(step.at - forecast.from, step.position, other.name,
                other.kind == oncall::Reached::Kind::channel ? "channel" : "webhook"));
        for (const auto& person : step.people) {
            auto at = step.at;
            for (const auto& one : person.steps) {
                for (const auto& method : one.methods)
                    lines.push_back(line(at - forecast.from, step.position, person.person, method));
                at += one.wait;
            }
        }
    }
    std::sort(lines.begin(), lines.end());
    return lines;
}

Lines happened(World& world, TimePoint from, oncall::AlertId alert)
{
    Lines lines;
    for (const auto& one : world.look([&](storage::Transaction& tx) { return storage::Notifications{tx}.of_alert(alert); }))
        if (one.method != "fallback")
            lines.push_back(line(one.planned_at - from, one.at, one.person, one.method));
    std::sort(lines.begin(), lines.end());
    return lines;
}

/// With a schedule whose turns change while a page climbs, one that has nobody now, and a team without people.
oncall::Configuration varied()
{
    auto all = sample_configuration();
    auto& hourly = all.schedules["hourly"] = all.schedules.at("payments");
    hourly.name = "hourly";
    hourly.rotations.front().unit = oncall::Unit::hour;
    auto& nights = all.schedules["nights"] = all.schedules.at("payments");
    nights.name = "nights";
    oncall::Window window;
    window.from = 22h;
    window.to = 6h;
    nights.rotations.front().windows = {window};
    all.teams["empty"].name = "empty";
    oncall::Window day;
    day.from = 13h;
    day.to = 17h;
    all.teams["payments"].working_hours = {"Europe/Berlin", {day}};
    auto& other = all.policies["other"] = all.policies.at("payments");
    other.name = "other";
    other.repeat = 0;
    other.levels.front().order = oncall::Order::one_by_one;
    return all;
}

/// One that the configuration takes: somebody is on some level.
oncall::Policy random_policy(std::mt19937& dice)
{
    const auto roll = [&](int most) { return static_cast<int>(dice() % static_cast<unsigned>(most)); };
    const Lines targets{"rotation:hourly/weekly", "next:hourly", "policy:other", "user:ana@example.com", "user:bo@example.com",
        "user:cto@example.com", "schedule:payments", "schedule:hourly", "schedule:nights", "team:payments", "team:empty",
        "channel:#war-room"};
    oncall::Policy policy;
    policy.name = "payments";
    policy.repeat = roll(3);
    for (int i = 0, levels = 1 + roll(4); i < levels; ++i) {
        oncall::Level level;
        for (int j = 0, count = 1 + roll(3); j < count; ++j) {
            const auto target = *oncall::target_in(targets[static_cast<std::size_t>(roll(static_cast<int>(targets.size())))]);
            if (std::find(level.targets.begin(), level.targets.end(), target) == level.targets.end())
                level.targets.push_back(target);
        }
        level.patience = std::chrono::seconds{20 + roll(1'200)};
        level.retries = roll(3);
        level.order = static_cast<oncall::Order>(roll(3));
        if (roll(4) == 0)
            level.when.urgency = static_cast<oncall::Urgency>(roll(2));
        if (roll(4) == 0)
            level.when.working_hours = roll(2) == 0;
        if (roll(6) == 0)
            level.when.severities = {roll(2) == 0 ? "critical" : "info"};
        level.wait_for_working_hours = roll(8) == 0;
        policy.levels.push_back(std::move(level));
    }
    for (auto& level : policy.levels)
        if (std::count(level.targets.begin(), level.targets.end(), *oncall::target_in("policy:other")) > 0) {
            const auto when = level.when;
            level = {};
            level.targets = {*oncall::target_in("policy:other")};
            level.when = when;
        }
    policy.levels.push_back({{*oncall::target_in("user:chi@example.com")}, 3min, 0});
    return policy;
}

std::string json_of(const oncall::Policy& policy)
{
    auto all = varied();
    all.policies[policy.name] = policy;
    for (const auto& item : config::items_of(all))
        if (item.kind == "policy" && item.name == policy.name)
            return item.json;
    return {};
}

} // namespace

TEST_CASE("A policy is drawn as what it would do now, minute by minute, with everybody's methods", "[scenarios][look]")
{
    Ways ways;
    auto& world = ways.world;
    const auto shown = asks(world, world.bo(), "policy payments");
    INFO(shown);
    for (const char* part : {"Policy payments: who would be paged now",
             "0 min  ana (Slack, e-mail and push; SMS and call after 1 min)", "5 min  again ana · level 1, try 2",
             "10 min  ana (", "bo (Slack and e-mail)", "chi (Slack and e-mail)", "· level 2", "20 min  cto (",
             "#war-room · level 3", "35 min  round 2, beginning with ana", "exhausted: cry in #payments-alerts and #ops"})
        CHECK(has(shown, part));
    CHECK_FALSE(has(shown, "+49")); // methods, never addresses
    CHECK(world.ana().dms().empty());
    CHECK(has(asks(world, world.bo(), "policy"), "payments: 3 levels"));
    CHECK(
        has(asks(world, world.bo(), "policy paymnets"), "There is no policy paymnets. Did you mean `/oncall policy payments`?"));
    CHECK(has(asks(world, world.bo(), "policy payments low"), "low urgency"));
    CHECK(world.slack().violations().empty());
}

TEST_CASE("A forecast is what the page then does, whatever the policy", "[scenarios][look][socket][long]")
{
    Ways ways{varied()};
    auto& world = ways.world;
    ways.rule(world.ana().id(), {{{"slack", "push"}, 90s}, {{"sms"}, 2min}, {{"voice"}, 0s}});
    ways.rule(world.bo().id(), {{{"sms"}, 60s}, {{"email"}, 30s}, {{"slack"}, 0s}}); // she has no number
    // ONCALL_TEST_SEEDS=200 for many.
    const auto* const wanted = std::getenv("ONCALL_TEST_SEEDS");
    const auto seeds = wanted ? static_cast<unsigned>(std::atoi(wanted)) : 5U;
    for (unsigned seed = 1; seed <= seeds; ++seed) {
        std::mt19937 dice{seed};
        const auto policy = random_policy(dice);
        const auto edited = world.edit("policy", "payments", json_of(policy));
        INFO("seed " << seed << " " << json_of(policy));
        REQUIRE(edited.plan.problems.empty());
        const auto configuration = world.app().context().configuration();
        const auto from = world.clock.now();
        const auto forecast = world.look([&](storage::Transaction& tx) {
            oncall::Alert alert;
            alert.severity = "critical";
            alert.team = "payments";
            return handlers::forecast_of(
                tx, world.app().context(), *configuration, alert, configuration->policies.at("payments"), from);
        });
        REQUIRE(forecast.exhausted);
        const auto key = "seed " + std::to_string(seed);
        world.alert("Checkout is down", key);
        const oncall::AlertId alert{seed};
        world.advance(*forecast.exhausted - from - 1s);
        const auto state = [&] {
            return world.look([&](storage::Transaction& tx) { return storage::Pages{tx}.latest(alert)->state; });
        };
        CHECK(state() == oncall::PageState::paging);
        world.advance(1s);
        CHECK(state() == oncall::PageState::exhausted);
        world.advance(5min); // until everybody's own rule is through
        CHECK(happened(world, from, alert) == foreseen(forecast));
        world.resolved(key);
        world.advance(1h);
    }
}

TEST_CASE("What stays in the channel is foreseen so, where there is a channel", "[scenarios][look]")
{
    auto configuration = sample_configuration();
    configuration.policies.at("payments").low_urgency_in_channel = true;
    const std::string nobody{
        "Nobody would be paged: it is of low urgency, which by policy payments is shown in the channel alone"};
    const std::string if_it{"what if checkout is slow severity=warning team=payments"};
    SECTION("there is one")
    {
        World world{configuration};
        CHECK(has(asks(world, world.bo(), "policy payments low"), nobody));
        CHECK_FALSE(has(asks(world, world.bo(), "policy payments"), nobody));
        CHECK(has(asks(world, world.bo(), if_it), nobody));
        CHECK(world.slack().violations().empty());
    }
    SECTION("there is none, so people are paged")
    {
        configuration.teams.at("payments").channel.clear();
        World world{configuration};
        world.adjust = [](config::Settings& settings) { settings.channel.clear(); };
        world.kill();
        world.start();
        for (const auto& words : {std::string{"policy payments low"}, if_it}) {
            const auto said = asks(world, world.bo(), words);
            INFO(said);
            CHECK_FALSE(has(said, nobody));
            CHECK(has(said, "0 min  ana"));
        }
    }
}

TEST_CASE("A forecast of low urgency is what the page then does in somebody's quiet hours", "[scenarios][look]")
{
    World world;
    world.write([&](storage::Transaction& tx) {
        auto rules = storage::NotificationRules{tx}.of(world.ana().id());
        oncall::Window siesta;
        siesta.from = 12h;
        siesta.to = 15h;
        rules.quiet = std::vector{siesta};
        storage::NotificationRules{tx}.save(rules);
        return true;
    });
    const auto said = asks(world, world.bo(), "policy payments low"); // it is 13:00 in Berlin
    INFO(said);
    CHECK(has(said, "0 min  ana (held 2 h by their quiet hours, then Slack"));
    CHECK(has(said, "2 h 5 min  ana (Slack"));
    CHECK_FALSE(has(asks(world, world.bo(), "policy payments"), "held"));
    world.post(
        "demo-scripts-key", R"({"title":"Checkout is slow","severity":"warning","service":"checkout","dedup_key":"slow"})");
    world.advance(2h + 4min);
    CHECK(world.ana().dms().size() == 1);
    world.advance(1min + 10s);
    CHECK(world.ana().dms().size() == 2);
}

TEST_CASE("What would happen is said without anything happening", "[scenarios][look]")
{
    World world;
    const auto before = rows(world);
    const auto words = asks(world, world.bo(), "what if checkout is down severity=critical team=payments");
    INFO(words);
    for (const char* part :
        {"checkout is down", "Rule: payments by label", "Service checkout", "Team payments", "Policy payments",
            "high urgency, severity critical", "0 min  ana (Slack)", "Nothing was stored, and nobody was paged."})
        CHECK(has(words, part));
    const auto info = asks(world, world.bo(), "what if low disk severity=info team=payments");
    INFO(info);
    CHECK(has(info, "Rule: none matched"));
    CHECK(has(info, "Nobody would be paged: no service stands behind it. It would be kept as unmapped, and told in #ops."));
    const auto payload = asks(world, world.bo(),
        R"(what if {"alerts": [{"status": "firing", "fingerprint": "f1", "labels": {"alertname": "LedgerDown", "app": "ledger"}}]})");
    INFO(payload);
    CHECK(has(payload, "From source alertmanager, format alertmanager"));
    CHECK(has(payload, "Rule: ledger by label"));
    CHECK(has(payload, "Service ledger"));
    CHECK(has(asks(world, world.bo(), "what if"), "What would happen if what?"));
    CHECK(has(asks(world, world.bo(), "whatif {\"severity\": \"info\"}"), "title is missing"));
    CHECK(rows(world) == before);
    CHECK(world.ana().dms().empty());
    CHECK(world.channel().messages().empty());

    world.alert("Checkout is down", "k1");
    const auto open = asks(world, world.bo(), R"(what if source=scripts {"title": "x", "dedup_key": "k1"})");
    CHECK(has(open, "Alert #1 is open with the same key, so it would be counted there."));
    const auto clear = asks(world, world.bo(), R"(what if source=scripts {"status": "resolved", "dedup_key": "k1"})");
    CHECK(has(clear, "Alert #1 would be resolved by its source."));
    CHECK(world.slack().violations().empty());
}

TEST_CASE("A drill says on every screen that it is one, and climbs and is answered as a page", "[scenarios][look][drill]")
{
    Ways ways;
    auto& world = ways.world;
    ways.rule(world.ana().id(), {{{"slack", "email", "push", "webhook"}, 60s}, {{"sms", "voice"}, 0s}});
    const auto said = asks(world, world.bo(), "test payments");
    INFO(world.slack().story());
    CHECK(has(said, "The drill runs: #1"));
    world.advance(61s);
    const auto says = [](const std::string& text) { return has(text, "Drill") || has(text, "drill") || has(text, "DRILL"); };
    CHECK(has(world.slack().plain(world.channel().messages().front()), "drill: nothing is broken"));
    REQUIRE(world.ana().dms().size() == 1);
    const auto dm = world.ana().dms().front();
    CHECK(says(dm.text));
    CHECK(has(world.slack().plain(dm), "drill: nothing is broken"));
    REQUIRE(world.post_office.taken.size() == 1);
    const auto& email = world.post_office.taken.front();
    CHECK(has(email.subject, "[#1 DRILL high urgency] Drill of policy payments"));
    CHECK(has(email.text, "DRILL, NOTHING IS BROKEN"));
    CHECK(has(email.html, "DRILL, NOTHING IS BROKEN"));
    REQUIRE(ways.sms.seen.size() == 1);
    CHECK(has(notify::sms_text(ways.sms.seen.front().message), "DRILL"));
    CHECK(has(notify::sms_text(ways.sms.seen.front().message), "to acknowledge"));
    REQUIRE(ways.voice.seen.size() == 1);
    CHECK(ways.voice.seen.front().message.spoken.starts_with("This is a drill."));
    REQUIRE(ways.push.seen.size() == 1);
    CHECK(has(notify::push_words(ways.push.seen.front().message), R"("drill":true)"));
    CHECK(has(ways.push.seen.front().message.title, "DRILL"));
    REQUIRE(ways.webhook.seen.size() == 1);
    CHECK(has(notify::webhook_request("secret", ways.webhook.seen.front().message, noon).body, R"("drill":true)"));
    CHECK(says(asks(world, world.bo(), "status")));
    const auto timeline = asks(world, world.bo(), "timeline 1");
    CHECK(has(timeline, "started a drill of policy payments"));
    CHECK(has(asks(world, world.bo(), "test payments"), "A drill of policy payments is under way: #1"));

    // It is no alert, in figures.
    const auto counts = world.look([&](storage::Transaction& tx) { return storage::count(tx, world.clock.now()); });
    CHECK(counts.alerts.at("triggered") == 0);
    CHECK(counts.pages.at("paging") == 0);
    net::Request metrics;
    metrics.method = "GET";
    metrics.target = "/metrics";
    CHECK_FALSE(has(world.request(metrics).body, "oncall_notifications_total{"));
    const auto audited = world.look([](storage::Transaction& tx) {
        storage::Query row{tx, "SELECT actor, verb, subject FROM audit ORDER BY id DESC LIMIT 1"};
        row.step();
        auto text = row.text();
        text += " " + row.text();
        return text += " " + row.text();
    });
    CHECK(audited == world.bo().id() + " drill policy payments");

    SECTION("it is acknowledged, and nobody else is paged")
    {
        world.ana().click(world.ana().last_dm(), "Acknowledge");
        world.advance(2h);
        CHECK(world.chi().dms().empty());
        CHECK(has(world.slack().plain(world.channel().messages().front()), "Acknowledged by ana"));
        CHECK(world.look([](storage::Transaction& tx) { return storage::EscalationFacts{tx}.answers({1}); }).empty());
        asks(world, world.bo(), "resolve 1");
        CHECK(has(asks(world, world.bo(), "test payments"), "The drill runs: #2"));
    }
    SECTION("nobody answers")
    {
        world.advance(2h);
        CHECK(says(world.chi().dms().front().text));
        CHECK(says(world.slack().channel("war-room").messages().front().text));
        CHECK(has(world.slack().plain(world.fallback().last()), "Nobody answered"));
        CHECK(says(world.slack().plain(world.fallback().last())));
    }
    CHECK(world.slack().violations().empty());
}

TEST_CASE("Drills are told in no message with true pages, and several in one say what they are", "[scenarios][look][drill]")
{
    auto configuration = sample_configuration();
    oncall::Level ana;
    ana.targets = {{oncall::TargetKind::user, "ana@example.com"}};
    for (const auto* name : {"p1", "p2", "p3", "p4", "p5"})
        configuration.policies[name] = {.name = name, .levels = {ana}};
    World world{configuration};
    const auto dms = [&] {
        auto all = world.ana().dms();
        std::erase_if(all, [](const auto& message) { return message.ephemeral; });
        return all;
    };
    for (const auto* key : {"k1", "k2", "k3"})
        world.alert(std::string{"Alert "} + key, key);
    for (const auto* name : {"p1", "p2", "p3"})
        asks(world, world.bo(), std::string{"test "} + name);
    world.advance(5s);
    REQUIRE(dms().size() == 6); // three of each by themselves
    world.alert("Alert k4", "k4");
    asks(world, world.bo(), "test p4");
    world.alert("Alert k5", "k5");
    asks(world, world.bo(), "test p5");
    CHECK(dms().size() == 6);
    world.advance(35s);
    INFO(world.slack().story());
    REQUIRE(dms().size() == 8);
    int drills = 0;
    for (const auto& message : {dms()[6], dms()[7]}) {
        const auto told = world.slack().plain(message);
        CHECK(has(told, "2 pages in one"));
        const bool drill = has(told, "Drill: nothing is broken");
        drills += drill ? 1 : 0;
        CHECK(has(told, "Drill of policy p4") == drill);
        CHECK(has(told, "Alert k4") == !drill);
        CHECK(has(message.text, "Drill: nothing is broken") == drill);
    }
    CHECK(drills == 1);
    net::Request metrics;
    metrics.method = "GET";
    metrics.target = "/metrics";
    CHECK(has(world.request(metrics).body, R"(oncall_bundled_total{what="bundles"} 1)"));
}

TEST_CASE("Whoever may not change a policy runs no drill of it, and one delivery runs one", "[scenarios][look][drill]")
{
    World world;
    world.admins = {"cto@example.com"};
    world.kill();
    world.start();
    asks(world, world.slack().person("dee"), "test payments"); // so that we ask Slack who that is
    const auto no = asks(world, world.slack().person("dee"), "test payments");
    INFO(no);
    CHECK(has(no, "A drill pages everybody on the policy, so whoever may change the policy may run one."));
    CHECK(has(no, "Only admins and members of team payments"));
    CHECK(rows(world)["alerts"] == 0);
    CHECK(has(asks(world, world.bo(), "test nothing"), "There is no policy nothing."));
    CHECK(has(asks(world, world.bo(), "drill payments"), "The drill runs: #1"));
    CHECK(rows(world)["alerts"] == 1);
    asks(world, world.bo(), "resolve 1");
    // A verb alone opens a form.
    world.bo().command("/oncall", "test", "#payments-alerts");
    world.settle();
    REQUIRE(world.bo().modals() == 1);
    world.bo().fill({{"Policy", "payments"}});
    if (!by_http())
        world.slack().deliver_twice("interactive", 1);
    world.bo().submit();
    world.settle();
    CHECK(has(world.slack().plain(world.bo().modal()), "The drill runs: #2"));
    CHECK(rows(world)["alerts"] == 2);
    CHECK(world.slack().violations().empty());
}
