#include "catch.hpp"
#include "scenarios/sees.hpp"
#include "scenarios/world.hpp"
#include "storage/arrivals.hpp"
#include "storage/groups.hpp"
#include "storage/sql.hpp"

#include <random>

using namespace scenario;
using oncall::AlertId;
using oncall::AlertState;

namespace {

/// What comes with a cluster is one with all others of that cluster, for ten minutes after the last.
oncall::Configuration grouped_by_cluster()
{
    auto configuration = sample_configuration();
    oncall::Rule rule;
    rule.name = "one cluster";
    rule.when.kind = oncall::Condition::Kind::exists;
    rule.when.field = "labels.cluster";
    rule.group.by = "{{labels.cluster}}";
    rule.group.within = 10min;
    configuration.rules.insert(configuration.rules.begin(), rule);
    return configuration;
}

struct Clusters {
    World world{grouped_by_cluster()};

    net::Response fires(int host, const std::string& severity = "error", const std::string& cluster = "eu",
        const std::string& service = "checkout")
    {
        const auto name = std::to_string(host);
        return world.post("demo-scripts-key",
            R"({"title":"Host )" + name + R"( is down","service":")" + service + R"(","severity":")" + severity
                + R"(","dedup_key":"host-)" + name + R"(","labels":{"cluster":")" + cluster + "\"}}");
    }
    void clears(int host) { world.resolved("host-" + std::to_string(host)); }
    oncall::Alert alert(std::int64_t id)
    {
        return world.look([id](storage::Transaction& tx) { return storage::Alerts{tx}.find({id}).value_or(oncall::Alert{}); });
    }
    std::string timeline(std::int64_t id)
    {
        return world.look([id](storage::Transaction& tx) {
            std::string all;
            for (const auto& one : storage::Timeline{tx}.of_alert({id}))
                all += one.actor + " " + one.text + "\n";
            return all;
        });
    }
    bool is_paged(std::int64_t id)
    {
        return world.look([id](storage::Transaction& tx) {
            const auto page = storage::Pages{tx}.latest({id});
            return page && oncall::is_running(*page);
        });
    }
    std::size_t cards() { return world.channel().messages().size(); }
    std::string audited(const std::string& verb)
    {
        return world.look([&](storage::Transaction& tx) {
            storage::Query row{
                tx, "SELECT actor || ' ' || subject || ' ' || after FROM audit WHERE verb = $1 ORDER BY id DESC LIMIT 1", verb};
            return row.step() ? row.text() : std::string{};
        });
    }
    void maybe_restart(bool does)
    {
        if (!does)
            return;
        world.kill();
        world.start();
        world.advance(2s);
    }
};

} // namespace

TEST_CASE("Forty alerts of one rule are one page and one card that counts them", "[scenarios][grouping][socket]")
{
    Clusters one;
    auto& world = one.world;
    for (int host = 1; host <= 20; ++host)
        one.fires(host);
    world.advance(5s);
    one.maybe_restart(GENERATE(false, true));
    for (int host = 21; host <= 41; ++host)
        one.fires(host);
    one.fires(7); // once more
    world.advance(10s);
    INFO(world.slack().story());
    CHECK(pages_to(world.ana()) == 1);
    REQUIRE(one.cards() == 1);
    CHECK(has(card(world), "Host 1 is down"));
    CHECK(has(card(world), "and 40 more like it: 40 open"));
    CHECK(has(card(world), "#41 Host 41 is down (error)"));
    CHECK(has(card(world), "… and 35 more"));
    CHECK(has(thread(world), "#41 Host 41 is down joined"));
    // Each is an alert in its own right.
    CHECK(one.alert(7).count == 2);
    CHECK(one.alert(7).parent == AlertId{1});
    CHECK(one.alert(7).labels.at("cluster") == "eu");
    CHECK(has(one.timeline(7), "joined #1 Host 1 is down"));
    const auto status = type(world, world.bo(), "status");
    CHECK(has(status, "1 open alert:"));
    CHECK(has(status, "and 40 more like it"));
    const auto details = type(world, world.bo(), "show 7");
    CHECK(has(details, "one of the group of"));
    CHECK(has(details, "#1 Host 1 is down"));

    // Another cluster is another matter.
    one.fires(50, "error", "us");
    world.advance(5s);
    CHECK(one.cards() == 2);
    CHECK(one.alert(42).parent == AlertId{});

    for (int host = 2; host <= 4; ++host)
        one.clears(host);
    world.advance(5s);
    CHECK(has(card(world), "and 40 more like it: 37 open, 3 over"));
    // Ten minutes after the last, it is a new one.
    world.ana().click(world.ana().last_dm(), "Acknowledge");
    world.advance(11min);
    one.fires(60);
    world.advance(5s);
    CHECK(one.alert(43).parent == AlertId{});
}

TEST_CASE("A critical alert that joins a group which was answered is paged, with why", "[scenarios][grouping][socket]")
{
    Clusters one;
    auto& world = one.world;
    one.fires(1);
    one.fires(2);
    world.advance(3s);
    const auto how = GENERATE("ack 1", "snooze 1 2h", "promise 1 30m");
    type(world, world.ana(), how);
    world.advance(1min);
    one.fires(3); // as bad as they were
    world.advance(5s);
    CHECK_FALSE(one.is_paged(1));
    const auto before = pages_to(world.ana());
    one.maybe_restart(GENERATE(false, true));

    SECTION("a new one")
    {
        one.fires(4, "critical");
        world.advance(5s);
        INFO(world.slack().story());
        CHECK(one.is_paged(1));
        CHECK(pages_to(world.ana()) == before + 1);
        CHECK(has(card(world), "#4 joined with severity critical after"));
        type(world, world.ana(), "ack 1");
        one.fires(5, "critical"); // no worse than that one
        one.fires(4, "critical"); // told twice
        world.advance(5s);
        CHECK_FALSE(one.is_paged(1));
    }
    SECTION("one that was there and gets worse")
    {
        one.fires(3, "critical");
        world.advance(5s);
        CHECK(one.is_paged(1));
        CHECK(has(card(world), "#3 of its group is worse now, with severity critical"));
        CHECK(one.alert(3).severity == "critical");
    }
}

TEST_CASE(
    "What joins a page of low urgency raises it, and one of high urgency is not paged twice", "[scenarios][grouping][socket]")
{
    Clusters one;
    auto& world = one.world;
    one.fires(1, "warning");
    world.advance(3s);
    const auto urgency = [&] {
        return world.look([](storage::Transaction& tx) { return storage::Pages{tx}.latest({1})->urgency; });
    };
    CHECK(urgency() == oncall::Urgency::low);
    one.fires(2, "error");
    world.advance(3s);
    CHECK(urgency() == oncall::Urgency::high);
    const auto before = pages_to(world.ana());
    one.fires(3, "critical");
    world.advance(3s);
    CHECK(pages_to(world.ana()) == before);
    CHECK(has(card(world), "#3 Host 3 is down (critical)"));
}

TEST_CASE("A group is over with its last, in whatever order they end", "[scenarios][grouping][socket]")
{
    Clusters one;
    auto& world = one.world;
    for (int host = 1; host <= 4; ++host)
        one.fires(host);
    world.advance(3s);
    one.clears(1);
    one.clears(1); // told twice
    world.advance(3s);
    one.maybe_restart(GENERATE(false, true));
    INFO(world.slack().story());
    CHECK(one.alert(1).state == AlertState::triggered);
    CHECK(one.is_paged(1)); // nobody has answered for the others
    CHECK(has(card(world), "Over by its source; 3 of its group are still open."));
    one.clears(3);
    one.clears(2);
    world.advance(3s);
    CHECK(has(card(world), "1 of its group is still open."));

    SECTION("with the last child")
    {
        one.clears(4);
        world.advance(3s);
        CHECK(one.alert(1).state == AlertState::resolved);
        CHECK(has(card(world), "Resolved by its source"));
        CHECK_FALSE(one.is_paged(1));
    }
    SECTION("when it fires again meanwhile, it is open by itself")
    {
        one.fires(1);
        world.advance(3s);
        CHECK_FALSE(has(card(world), "Over by its source"));
        CHECK(one.alert(1).count == 2);
        one.clears(4);
        world.advance(3s);
        CHECK(one.alert(1).state == AlertState::triggered);
        one.clears(1);
        world.advance(3s);
        CHECK(one.alert(1).state == AlertState::resolved);
    }
    SECTION("a person who resolves the last one by its number ends it, too")
    {
        CHECK(has(type(world, world.bo(), "ack 4"), "Answer #1, or `/oncall split 4`"));
        CHECK(has(type(world, world.bo(), "resolve 4"), "Resolved #4"));
        CHECK(one.alert(1).state == AlertState::resolved);
    }
}

TEST_CASE("Whoever resolves what stands for a group resolves them all, and may take that back", "[scenarios][grouping][socket]")
{
    Clusters one;
    auto& world = one.world;
    for (int host = 1; host <= 4; ++host)
        one.fires(host);
    one.clears(4);
    world.advance(3s);
    type(world, world.ana(), "resolve 1 the switch was dead");
    CHECK(one.alert(2).state == AlertState::resolved);
    CHECK(one.alert(3).answered_by == world.ana().id());
    CHECK(has(one.timeline(3), "resolved with #1"));

    SECTION("they come back with it")
    {
        type(world, world.ana(), "undo 1");
        CHECK(one.alert(1).state == AlertState::triggered);
        CHECK(one.is_paged(1));
        CHECK(one.alert(2).state == AlertState::triggered);
        CHECK(one.alert(4).state == AlertState::resolved); // its source had said so
    }
    SECTION("what is reported after that is a new one, which nothing takes back")
    {
        world.advance(20min);
        one.fires(2);
        world.advance(3s);
        CHECK(one.alert(5).parent == AlertId{});
        CHECK(one.is_paged(5));
        CHECK(has(type(world, world.bo(), "reopen 3"), "Re-opened #3"));
        CHECK(one.alert(3).parent == AlertId{}); // for what stood for it is over
        CHECK(one.is_paged(3));
    }
}

TEST_CASE("A silence stops a group's page only if it is meant for all of it, and holds apart what it is not meant for",
    "[scenarios][grouping][silences][socket]")
{
    Clusters one;
    auto& world = one.world;
    one.fires(1, "error", "eu", "ledger");
    one.fires(2, "error", "us", "ledger");
    one.fires(3, "error", "us", "checkout");
    world.advance(3s);
    REQUIRE(one.alert(3).parent == AlertId{2});
    auto& bo = world.bo();
    bo.command("/oncall", "silence", "#payments-alerts");
    world.settle();
    const auto until = std::chrono::floor<std::chrono::seconds>(world.clock.now() + 2h);
    bo.fill({{"Services", "ledger"}, {"Until", std::to_string(until.time_since_epoch().count())}, {"Why", "the rack is moved"},
        {"Alerts that page now", "Hold those open now as well"}});
    bo.submit();
    world.advance(1s);
    REQUIRE(bo.modals() == 2);
    bo.submit();
    world.advance(2s);
    INFO(world.slack().story());
    CHECK_FALSE(one.is_paged(1));
    CHECK(one.is_paged(2)); // for #3
    one.fires(4, "error", "eu", "ledger");
    one.fires(5, "error", "eu", "checkout");
    world.advance(3s);
    CHECK(one.alert(4).parent == AlertId{1});
    CHECK(one.alert(5).parent == AlertId{});
    CHECK(one.is_paged(5));
    type(world, world.ana(), "ack 5");
    world.advance(2h);
    CHECK(one.is_paged(1)); // open still
}

TEST_CASE(
    "What gets worse in a group that is held pages, if that is not silenced itself", "[scenarios][grouping][silences][socket]")
{
    Clusters one;
    auto& world = one.world;
    const bool meant = GENERATE(true, false);
    type(world, world.bo(), std::string{"silence ledger "} + (meant ? "" : "error ") + "2h because the rack is moved");
    one.fires(1, "error", "eu", "ledger");
    one.fires(2, "error", "eu", "ledger");
    world.advance(3s);
    INFO(world.slack().story());
    REQUIRE(one.alert(2).parent == AlertId{1});
    REQUIRE_FALSE(one.is_paged(1));
    one.fires(2, "critical", "eu", "ledger");
    world.advance(3s);
    CHECK(one.is_paged(1) != meant);
    world.advance(2h);
    CHECK(one.is_paged(1));
}

TEST_CASE("What waits for the end of a silence pages then, also if it was merged into what pages nobody",
    "[scenarios][grouping][silences][socket]")
{
    auto configuration = grouped_by_cluster();
    oncall::Rule rule;
    rule.name = "shown only";
    rule.when.kind = oncall::Condition::Kind::is;
    rule.when.field = "labels.cluster";
    rule.when.value = "us";
    rule.page = false;
    configuration.rules.insert(configuration.rules.begin(), rule);
    Clusters one{World{configuration}};
    auto& world = one.world;
    one.fires(1, "error", "us");
    type(world, world.bo(), "silence ledger 2h because the rack is moved");
    one.fires(2, "error", "eu", "ledger");
    world.advance(3s);
    type(world, world.bo(), "merge 2 into 1");
    INFO(world.slack().story());
    REQUIRE(one.alert(2).parent == AlertId{1});
    CHECK_FALSE(one.is_paged(1));
    one.maybe_restart(true);
    world.advance(2h);
    CHECK(one.is_paged(1));
}

TEST_CASE("What somebody took before it paged, and gives back once it was merged and split, pages",
    "[scenarios][grouping][silences][socket]")
{
    Clusters one;
    auto& world = one.world;
    auto& ana = world.ana();
    type(world, world.bo(), "silence ledger 10m because the rack is moved");
    one.fires(1, "error", "eu", "ledger");
    one.fires(2, "error", "us");
    world.advance(3s);
    for (const std::string said : {"ack 1", "ack 2", "merge 1 into 2", "split 1"})
        type(world, ana, said);
    INFO(world.slack().story());
    REQUIRE(one.alert(1).parent == AlertId{});
    world.advance(11min);
    CHECK_FALSE(one.is_paged(1));
    type(world, ana, "unack 1");
    CHECK(one.is_paged(1));
}

TEST_CASE("Alerts are merged by hand, split again, and that is taken back by a button", "[scenarios][grouping]")
{
    World world;
    const auto fires = [&](const std::string& key) { world.alert("Alert " + key, key); };
    const auto alert = [&](std::int64_t id) {
        return world.look([id](storage::Transaction& tx) { return *storage::Alerts{tx}.find({id}); });
    };
    const auto running = [&](std::int64_t id) {
        return world.look([id](storage::Transaction& tx) {
            const auto page = storage::Pages{tx}.latest({id});
            return page && oncall::is_running(*page);
        });
    };
    fires("one");
    fires("two");
    fires("three");
    world.advance(5s);
    REQUIRE(running(2));
    CHECK(has(type(world, world.bo(), "merge 2 into 2"), "That is one alert"));
    CHECK(has(type(world, world.bo(), "merge 2 into 99"), "There is no alert #99"));
    const auto told = type(world, world.bo(), "merge 2 into 1");
    CHECK(has(told, "Merged #2 Alert two into #1 Alert one, which stands for both."));
    world.advance(3s);
    INFO(world.slack().story());
    CHECK(alert(2).parent == AlertId{1});
    CHECK_FALSE(running(2));
    CHECK(running(1));
    const auto dms = world.ana().dms();
    const auto moved = std::count_if(dms.begin(), dms.end(), [&](const auto& message) {
        return has(world.slack().plain(message), "#2 Alert two (critical, checkout) is one of the group of #1 Alert one")
            || has(message.text, "is one of the group of #1 Alert one");
    });
    CHECK(moved == 1);
    CHECK(has(card(world), "and 1 more like it: 1 open"));
    CHECK(has(world.slack().plain(world.channel().messages().at(1)), "It is one of the group of #1 Alert one"));
    CHECK(has(type(world, world.bo(), "merge 1 into 2"), "#2 is of the group of #1 already"));
    CHECK(has(type(world, world.bo(), "merge 2 into 1"), "#2 is of the group of #1 already"));

    SECTION("the button splits it, and it pages")
    {
        type(world, world.bo(), "merge 3 into 2"); // under what stands for that one
        CHECK(alert(3).parent == AlertId{1});
        world.bo().click(world.bo().last_ephemeral(), "Undo");
        world.advance(3s);
        CHECK(alert(3).parent == AlertId{});
        CHECK(running(3));
        CHECK(has(type(world, world.bo(), "split 3"), "#3 is of no group"));
    }
    SECTION("its children go along")
    {
        type(world, world.bo(), "merge 1 into 3");
        CHECK(alert(1).parent == AlertId{3});
        CHECK(alert(2).parent == AlertId{3});
        world.advance(2s);
        CHECK(has(world.slack().plain(world.channel().messages().at(2)), "and 2 more like it: 2 open"));
    }
    SECTION("what is merged into an answered one is answered, and pages when it is split")
    {
        type(world, world.ana(), "ack 1");
        type(world, world.bo(), "merge 3 into 1");
        world.advance(10min);
        CHECK_FALSE(running(1));
        CHECK_FALSE(running(3));
        type(world, world.bo(), "split 3");
        CHECK(running(3));
        CHECK_FALSE(running(1));
    }
    SECTION("what is over, and drills, are not merged")
    {
        type(world, world.ana(), "resolve 3");
        CHECK(has(type(world, world.bo(), "merge 3 into 1"), "#3 is over"));
        type(world, world.bo(), "test payments");
        world.advance(2s);
        CHECK(has(type(world, world.bo(), "merge 4 into 1"), "#4 is a drill"));
    }
    SECTION("in forms, from the card's details")
    {
        type(world, world.bo(), "show 3");
        world.bo().click(world.bo().last_ephemeral(), "Merge …");
        world.advance(1s);
        REQUIRE(world.bo().modals() == 1);
        CHECK(has(modal(world, world.bo()), "#3 Alert three"));
        world.bo().look_up("Into the group of", "one");
        world.settle();
        fill(world, world.bo(), {{"Into the group of", "#1 Alert one"}});
        world.bo().submit();
        world.advance(2s);
        CHECK(alert(3).parent == AlertId{1});
        CHECK(has(modal(world, world.bo()), "Merged #3 Alert three into #1 Alert one, which stands for both."));
        world.bo().click_modal("Undo");
        world.advance(2s);
        CHECK(alert(3).parent == AlertId{});
        CHECK(running(3));
        CHECK(has(modal(world, world.bo()), "#3 Alert three stands for itself again. It is being paged."));
        CHECK_FALSE(has(modal(world, world.bo()), "Undo"));
        world.bo().close();
        type(world, world.bo(), "merge 3 into 1");
        type(world, world.bo(), "show 3");
        world.bo().click(world.bo().last_ephemeral(), "Split");
        world.advance(2s);
        CHECK(alert(3).parent == AlertId{});
        type(world, world.bo(), "split");
        REQUIRE(world.bo().modals() == 1);
        world.bo().look_up("Alert", "two");
        world.settle();
        fill(world, world.bo(), {{"Alert", "#2 Alert two"}});
        world.bo().submit();
        world.advance(2s);
        CHECK(alert(2).parent == AlertId{});
        CHECK(has(modal(world, world.bo()), "#2 Alert two stands for itself again."));
    }
    const auto audited = world.look([](storage::Transaction& tx) {
        storage::Query row{
            tx, "SELECT actor || ' ' || subject || ' ' || after FROM audit WHERE verb = 'merge' ORDER BY id LIMIT 1"};
        return row.step() ? row.text() : std::string{};
    });
    CHECK(audited == world.bo().id() + " #2 #1");
}

TEST_CASE("Guests neither merge nor split, for that decides who is paged", "[scenarios][grouping][whomay][socket]")
{
    World world;
    auto& gus = world.slack().add_person("gus", "gus@example.com", "Europe/Berlin", {.guest = true});
    world.alert("Alert one", "one");
    world.alert("Alert two", "two");
    world.advance(2s);
    type(world, gus, "who"); // known from here on
    CHECK(has(type(world, gus, "merge 2 into 1"), "Guests of this workspace cannot page people."));
    CHECK(world.look([](storage::Transaction& tx) { return storage::Alerts{tx}.find({2})->parent; }) == AlertId{});
}

TEST_CASE("Whatever comes, clears, is answered, merged and split: no open alert is without a page or an answer",
    "[scenarios][grouping][slow][socket]")
{
    const auto seed = GENERATE(1u, 2u, 3u);
    INFO("seed " << seed);
    Clusters one;
    auto& world = one.world;
    std::mt19937 random{seed};
    const auto any = [&](int least, int most) {
        return least + static_cast<int>(random() % static_cast<unsigned>(most - least + 1));
    };
    std::string story;
    for (int step = 0; step < 120; ++step) {
        const auto last = world.look([](storage::Transaction& tx) {
            storage::Query row{tx, "SELECT COALESCE(MAX(id), 1) FROM alerts"};
            row.step();
            return row.number();
        });
        const auto number = std::to_string(any(1, last));
        std::string does;
        switch (any(0, 9)) {
        case 0:
        case 1:
        case 2: {
            const int host = any(1, 8);
            const std::string severity = any(0, 3) == 0 ? "critical" : any(0, 2) == 0 ? "warning" : "error";
            const std::string cluster = any(0, 1) == 0 ? "eu" : "us";
            does = "fires " + std::to_string(host) + " " + severity + " " + cluster;
            one.fires(host, severity, cluster);
            break;
        }
        case 3:
        case 4: {
            const int host = any(1, 8);
            does = "clears " + std::to_string(host);
            one.clears(host);
            break;
        }
        case 5: type(world, world.ana(), does = "ack " + number); break;
        case 6: type(world, world.bo(), does = "merge " + number + " into " + std::to_string(any(1, last))); break;
        case 7: type(world, world.bo(), does = "split " + number); break;
        case 8:
            type(world, world.ana(), does = (any(0, 2) == 0 ? "undo " : any(0, 1) == 0 ? "reopen " : "resolve ") + number);
            break;
        default:
            does = "waits";
            world.advance(std::chrono::minutes{any(0, 6)});
            break;
        }
        world.advance(1s);
        story += does + "\n";
        if (any(0, 30) == 0)
            one.maybe_restart(true);
        const auto alone = world.look([](storage::Transaction& tx) {
            std::string found;
            for (storage::Query row{tx, "SELECT id FROM alerts WHERE state <> 'resolved'"}; row.step();) {
                const auto alert = *storage::Alerts{tx}.find({row.integer()});
                const auto root = alert.parent.value == 0 ? alert : *storage::Alerts{tx}.find(alert.parent);
                const auto page = storage::Pages{tx}.latest(root.id);
                const bool answered = root.state != AlertState::triggered && root.state != AlertState::resolved;
                const bool held = root.state == AlertState::triggered && storage::Arrivals{tx}.find(root.id).has_value();
                if (!answered && !held && !(root.state == AlertState::triggered && page && oncall::is_running(*page)))
                    found += " #" + std::to_string(alert.id.value);
            }
            return found;
        });
        INFO(story);
        REQUIRE(alone == "");
        REQUIRE_FALSE(world.has_found());
    }
}
