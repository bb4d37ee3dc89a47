#include "catch.hpp"
#include "scenarios/sees.hpp"
#include "storage/silences.hpp"
#include "storage/sql.hpp"

using namespace scenario;

namespace {

void ledger_fires(World& world, const std::string& key, const std::string& severity = "error")
{
    world.post("demo-scripts-key",
        R"({"title":"Ledger )" + key + R"(","severity":")" + severity + R"(","service":"ledger","dedup_key":")" + key + "\"}");
}

/// What was said in the team's channel that has this in it.
std::vector<std::string> said_in_channel(World& world, const std::string& part)
{
    std::vector<std::string> all;
    for (const auto& message : world.channel().messages())
        if (const auto text = world.slack().plain(message); has(text, part))
            all.push_back(text);
    return all;
}

std::string card_of(World& world, const std::string& title)
{
    const auto cards = said_in_channel(world, title);
    return cards.empty() ? "" : cards.front();
}

std::string picked(TimePoint when)
{
    return std::to_string(std::chrono::floor<std::chrono::seconds>(when).time_since_epoch().count());
}

/// Sends the form that is open, looks at what it comes to, and saves that.
void look_and_save(World& world, workspace::Person& person, bool grave = false)
{
    const auto looked = person.submit();
    world.advance(1s);
    CHECK(looked.error() == "");
    REQUIRE(person.modals() == 2);
    if (grave)
        person.fill({{"Are you sure?", "Yes, nobody is to be paged for these"}});
    const auto saved = person.submit();
    world.advance(1s);
    CHECK(saved.error() == "");
}

/// The sample, with a rule before all others for what has severity error.
oncall::Configuration with_rule_for_errors(oncall::Rule rule)
{
    auto configuration = sample_configuration();
    rule.name = "errors";
    rule.when.kind = oncall::Condition::Kind::is;
    rule.when.field = "severity";
    rule.when.value = "error";
    configuration.rules.insert(configuration.rules.begin(), rule);
    return configuration;
}

std::vector<std::string> audited_silences(World& world)
{
    return world.look([](storage::Transaction& tx) {
        std::vector<std::string> verbs;
        for (storage::Query row{
                 tx, "SELECT verb FROM audit WHERE subject LIKE 'silence %' OR subject LIKE 'maintenance %' ORDER BY id"};
             row.step();)
            verbs.push_back(row.text());
        return verbs;
    });
}

} // namespace

TEST_CASE("What a silence holds is shown and counted, and what is open at its end pages then, whatever happened meanwhile",
    "[scenarios][silences][socket]")
{
    World world;
    world.advance(2s); // who people are is known by now
    INFO(world.slack().story());
    const auto made = type(world, world.bo(), "silence ledger 2h because the rack is moved");
    CHECK(has(made, "Silence of service ledger"));
    CHECK(said_in_channel(world, "silences service ledger until").size() == 1);
    ledger_fires(world, "first");
    ledger_fires(world, "second");
    world.alert("Checkout is down"); // another service
    world.advance(1min);
    CHECK(pages_to(world.ana()) == 1);
    CHECK(has(card_of(world, "Ledger first"), "Held back until"));
    CHECK(has(card_of(world, "Ledger first"), "the rack is moved"));
    CHECK_FALSE(has(card_of(world, "Ledger first"), world.bo().id()));
    CHECK(has(type(world, world.chi(), "silences"), "Holds 2 alerts, 2 of them open"));
    world.resolved("checkout-down");
    world.resolved("second");
    world.advance(2s);
    const auto before = pages_to(world.ana());

    SECTION("a restart in the middle")
    {
        world.advance(30min);
        world.kill();
        world.start();
        CHECK(pages_to(world.ana()) == before);
        world.advance(90min);
    }
    SECTION("the bot is down over the end")
    {
        world.kill();
        world.clock.advance(3h);
        world.start();
        world.advance(1min);
    }
    SECTION("ended early, by somebody else of the team")
    {
        type(world, world.chi(), "silences");
        world.chi().click(world.chi().last_ephemeral(), "End now");
        world.advance(2s);
        CHECK(said_in_channel(world, "ended by").size() == 1);
        CHECK(has(type(world, world.chi(), "silences"), "Nothing is silent"));
        CHECK(audited_silences(world) == std::vector<std::string>{"silence", "end silence"});
    }
    CHECK(pages_to(world.ana()) == before + 1);
    const auto over = said_in_channel(world, "is over");
    REQUIRE(over.size() == 1);
    CHECK(has(over.front(), "It held 2 alerts; 1 is still open and paged now: #"));
    CHECK_FALSE(has(card_of(world, "Ledger first"), "Held back"));
    // Once, and no more.
    world.kill();
    world.start();
    world.advance(1min);
    CHECK(said_in_channel(world, "is over").size() == 1);
}

TEST_CASE("A page that goes on when a silence is made stops only if that is wanted, and goes on at the end",
    "[scenarios][silences][socket]")
{
    World world;
    world.alert("Checkout is down");
    world.advance(2s);
    REQUIRE(pages_to(world.ana()) == 1);
    auto& bo = world.bo();
    const bool open_too = GENERATE(true, false);
    bo.command("/oncall", "silence", "#payments-alerts");
    world.settle();
    REQUIRE(bo.modals() == 1);
    bo.fill({{"Services", "checkout"}, {"Until", picked(world.clock.now() + 60 * 24h)}, {"Why", "deploy"}});
    bo.submit();
    world.advance(1s);
    REQUIRE(bo.modals() == 1);
    CHECK(has(bo.modal().errors.at("to"), "longer than 30 days"));
    if (open_too) { // not if it only begins later, and that is said
        bo.fill({{"From", picked(world.clock.now() + 10min)}, {"Until", picked(world.clock.now() + 1h)},
            {"Alerts that page now", "Hold those open now as well"}});
        bo.submit();
        world.advance(1s);
        REQUIRE(bo.modals() == 2);
        CHECK(has(modal(world, bo), "what pages of these goes on"));
        bo.close();
        bo.fill({{"From", picked(world.clock.now())}});
    }
    bo.fill({{"Until", picked(world.clock.now() + 1h)}});
    bo.submit();
    world.advance(1s);
    INFO(world.slack().story());
    REQUIRE(bo.modals() == 2);
    CHECK(has(modal(world, bo), "In the last week it would have met 1 alert."));
    CHECK(has(modal(world, bo), "#1 Checkout is down"));
    CHECK(has(modal(world, bo), "tier 1: checkout"));
    bo.fill({{"Are you sure?", "Yes, nobody is to be paged for these"}});
    bo.submit();
    world.advance(1s);
    CHECK(has(modal(world, bo), "Silence of service checkout"));
    world.advance(20min);
    const auto paged = pages_to(world.ana()) + pages_to(bo);
    if (!open_too) {
        CHECK(paged > 1); // it climbs
        return;
    }
    CHECK(pages_to(world.ana()) == 1);
    CHECK(pages_to(bo) == 0);
    CHECK(has(card_of(world, "Checkout is down"), "Held back until"));
    // Somebody takes it and gives it back: it is held on.
    type(world, bo, "ack 1");
    type(world, bo, "unack 1");
    world.advance(5min);
    CHECK(pages_to(world.ana()) == 1);
    world.advance(40min);
    CHECK(pages_to(world.ana()) >= 2);
    CHECK_FALSE(has(card_of(world, "Checkout is down"), "Held back"));
}

TEST_CASE("Nobody silences for ever, all of it, or what is not theirs", "[scenarios][silences]")
{
    World world;
    auto& gus = world.slack().add_person("gus", "gus@example.com", "Europe/Berlin", {.guest = true});
    world.app().context().meet(gus.id());
    world.advance(2s);
    CHECK(has(type(world, world.bo(), "silence ledger until 2027-01-15 12:00 because x"), "longer than 30 days"));
    CHECK(has(type(world, world.bo(), "silence everything 2h because x"), "/oncall maintenance"));
    CHECK(has(type(world, world.cto(), "silence ledger 2h because x"), "Only members of team payments"));
    CHECK(has(type(world, gus, "silence ledger 2h because x"), "Guests of this workspace cannot hold back pages"));
    CHECK(has(type(world, world.bo(), "silence ledgr 2h because x"), "I know no service"));
    CHECK(has(type(world, world.bo(), "maintenance labels.cluster=eu-1 2h"), "With a condition it is a silence"));
    // Without an end, or of what is grave, a form asks.
    for (const std::string words : {"silence ledger because x", "silence checkout 2h because x"}) {
        world.bo().command("/oncall", words, "#payments-alerts");
        world.advance(1s);
        CHECK(world.bo().modals() == 1);
        world.bo().close_all();
    }
    CHECK(has(type(world, world.bo(), "silences"), "Nothing is silent"));
    CHECK(audited_silences(world).empty());
}

TEST_CASE("A silence that is changed holds accordingly, at once, and a change is undone", "[scenarios][silences]")
{
    World world;
    world.advance(2s);
    auto& bo = world.bo();
    type(world, bo, "silence ledger warning 2h because known");
    ledger_fires(world, "loud", "error"); // another severity
    world.advance(2s);
    CHECK(pages_to(world.ana()) == 1);
    type(world, bo, "silence ledger error 1h because known too");
    ledger_fires(world, "quiet", "error");
    world.advance(2s);
    REQUIRE(pages_to(world.ana()) == 1);
    INFO(world.slack().story());
    const auto end_of = [&](std::int64_t id) {
        return world.look([id](storage::Transaction& tx) { return storage::Silences{tx}.find(id)->what.to; });
    };
    // Longer: held on. The list has the one that ends first at the top.
    const auto first_end = end_of(2);
    type(world, bo, "silences");
    bo.click(bo.last_ephemeral(), "Edit");
    world.advance(1s);
    REQUIRE(bo.modals() == 1);
    bo.fill({{"Until", picked(first_end + 2h)}});
    look_and_save(world, bo);
    CHECK(end_of(2) - first_end >= 2h - 1s);
    world.advance(90min);
    CHECK(said_in_channel(world, "changed the silence of service ledger, severity error").size() == 1); // whoever saw its end
    CHECK(has(card_of(world, "Ledger quiet"), "Held back until"));
    // Undone: by now it would be over.
    bo.click_modal("Undo");
    world.advance(2s);
    CHECK(has(modal(world, bo), "over by now"));
    CHECK(has(card_of(world, "Ledger quiet"), "Held back until"));
    world.advance(2h);
    CHECK_FALSE(has(card_of(world, "Ledger quiet"), "Held back"));
}

TEST_CASE("An alert is silenced from its details whatever letters its title has, and waits also when it gets worse then",
    "[scenarios][silences][socket]")
{
    auto configuration = sample_configuration();
    configuration.policies.at("payments").low_urgency_in_channel = true;
    World world{configuration};
    world.advance(2s);
    auto& bo = world.bo();
    std::string umlauts;
    for (int i = 0; i < 110; ++i)
        umlauts += "ü"; // what is cut after 200 bytes is cut within one
    ledger_fires(world, umlauts, "warning"); // shown, and pages nobody
    world.advance(2s);
    type(world, bo, "show 1");
    bo.click(bo.last_ephemeral(), "Silence …");
    world.advance(1s);
    INFO(world.slack().story());
    REQUIRE(bo.modals() == 1);
    bo.fill({{"Until", picked(world.clock.now() + 1h)}, {"Why", "known"}});
    bo.submit();
    world.advance(1s);
    REQUIRE(bo.modals() == 2);
    CHECK(has(modal(world, bo), "Open now: 1 that it meets"));
    bo.submit();
    world.advance(1s);
    ledger_fires(world, umlauts, "critical");
    ledger_fires(world, umlauts + "b", "warning"); // only shown, at the end as well
    world.advance(1min);
    CHECK(pages_to(world.ana()) == 0);
    CHECK(has(card_of(world, "Ledger"), "Held back until"));
    world.advance(1h);
    CHECK(pages_to(world.ana()) == 1);
    const auto over = said_in_channel(world, "is over");
    REQUIRE(over.size() == 1);
    CHECK(has(over.front(), "It held 2 alerts; 2 are still open, of which 1 is paged now: #1."));
}

TEST_CASE(
    "Maintenance is planned ahead, comes back at local times over a change of the clocks, and is ended", "[scenarios][silences]")
{
    World world;
    world.kill();
    world.clock.set(oncall::to_instant(*oncall::local_time_in("2027-03-27T12:00"), "UTC")); // the clocks change that night
    world.start();
    world.advance(2s);
    auto& bo = world.bo();
    bo.command("/oncall", "maintenance", "#payments-alerts");
    world.settle();
    REQUIRE(bo.modals() == 1);
    const auto berlin = [](const std::string& local) {
        return oncall::to_instant(*oncall::local_time_in(local), "Europe/Berlin");
    };
    bo.fill({{"Services", "ledger"}, {"From", picked(berlin("2027-03-21T02:00"))}, {"To", picked(berlin("2027-03-21T06:00"))},
        {"Comes back", "Every week"}, {"Comes back until", picked(berlin("2027-05-01T00:00"))}, {"Time zone", "Europe/Berlin"},
        {"Why", "backups"}});
    look_and_save(world, bo);
    INFO(world.slack().story());
    CHECK(has(modal(world, bo), "every Sunday 02:00–06:00 (Europe/Berlin)"));
    CHECK(has(type(world, world.chi(), "maintenance list"), "every Sunday 02:00"));
    CHECK(said_in_channel(world, "Maintenance of service ledger begins").empty());
    const auto until = [&](const std::string& utc) {
        world.advance(oncall::to_instant(*oncall::local_time_in(utc), "UTC") - world.clock.now());
    };
    until("2027-03-28T00:58"); // two minutes before the hour that is skipped
    const auto before = pages_to(world.ana()) + pages_to(bo) + pages_to(world.chi());
    const auto pages = [&] { return pages_to(world.ana()) + pages_to(bo) + pages_to(world.chi()) - before; };
    until("2027-03-28T01:01");
    CHECK(said_in_channel(world, "Maintenance of service ledger begins").size() == 1);
    ledger_fires(world, "backup");
    until("2027-03-28T03:59");
    CHECK(pages() == 0);
    CHECK(has(card_of(world, "Ledger backup"), "maintenance, planned by"));
    world.kill();
    world.start();
    until("2027-03-28T04:01");
    CHECK(pages() == 1);
    CHECK(said_in_channel(world, "Maintenance of service ledger is over. It held 1 alert").size() == 1);
    world.resolved("backup");
    // It is deleted, which is undone, and deleted again: the next time nothing is held.
    type(world, bo, "maintenance list");
    bo.click(bo.last_ephemeral(), "Delete");
    world.advance(2s);
    bo.click(bo.last_ephemeral(), "Undo");
    world.advance(2s);
    CHECK(has(type(world, bo, "maintenance list"), "every Sunday"));
    bo.click(bo.last_ephemeral(), "Delete");
    world.advance(2s);
    CHECK(has(type(world, bo, "maintenance list"), "Nothing is silent"));
    CHECK(audited_silences(world) == std::vector<std::string>{"maintenance", "end maintenance", "undo", "end maintenance"});
}

TEST_CASE("A window over a team or over everything is planned once, ahead, and what is open at its end pages though we were away",
    "[scenarios][silences][socket]")
{
    World world;
    world.advance(2s);
    auto& bo = world.bo();
    const std::string over = GENERATE("everything", "team payments");
    bo.command("/oncall", "maintenance", "#payments-alerts");
    world.settle();
    REQUIRE(bo.modals() == 1);
    if (over != "everything")
        bo.fill({{"Teams", "payments"}});
    bo.fill({{"From", picked(world.clock.now() + 10min)}, {"To", picked(world.clock.now() + 70min)},
        {"Why", "the data centre moves"}});
    look_and_save(world, bo, true);
    INFO(world.slack().story());
    CHECK(has(modal(world, bo), "Maintenance of " + over));
    world.alert("Search is slow", "early");
    world.advance(2s);
    CHECK(pages_to(world.ana()) == 1); // it has not begun
    type(world, world.ana(), "resolve 1");
    world.advance(11min);
    ledger_fires(world, "inside");
    world.alert("Checkout is down");
    world.advance(1min);
    CHECK(pages_to(world.ana()) == 1);
    CHECK(has(card_of(world, "Ledger inside"), "Held back until"));
    CHECK(has(card_of(world, "Checkout is down"), "the data centre moves"));
    world.kill();
    world.clock.advance(2h);
    world.start();
    world.advance(1min);
    CHECK(pages_to(world.ana()) == 3);
    std::string told;
    for (auto* const channel : {&world.channel(), &world.fallback()})
        for (const auto& message : channel->messages())
            told += world.slack().plain(message) + "\n";
    CHECK(has(told, "Maintenance of " + over + " is over. It held 2 alerts; 2 are still open"));
}

TEST_CASE("Each morning a digest lists what is silent, and nothing when nothing is", "[scenarios][silences][socket]")
{
    World world;
    world.advance(2s);
    const auto in_fallback = [&] {
        const auto all = world.fallback().messages();
        return std::count_if(all.begin(), all.end(), [](const auto& message) { return has(message.text, "Silent today"); });
    };
    type(world, world.bo(), "silence ledger 30h because the rack is moved");
    type(world, world.bo(), "silence labels.cluster=eu-1 30h because it moves as well"); // of no team
    world.bo().command("/oncall", "maintenance", "#payments-alerts");
    world.settle();
    world.bo().fill({{"Services", "ledger"}, {"From", picked(world.clock.now() + 28h)}, {"To", picked(world.clock.now() + 29h)},
        {"Why", "the tape drive"}});
    look_and_save(world, world.bo());
    ledger_fires(world, "rack");
    world.advance(1min);
    world.resolved("rack");
    world.kill();
    world.clock.set(world.clock.now() + 19h);
    world.start();
    world.advance(1min);
    INFO(world.slack().story());
    CHECK(said_in_channel(world, "Silent today").empty()); // it is before nine
    world.advance(2h);
    const auto told = said_in_channel(world, "Silent today");
    REQUIRE(told.size() == 1);
    CHECK(has(told.front(), "service ledger"));
    CHECK(has(told.front(), "the rack is moved"));
    CHECK(has(told.front(), "holds 1, 0 of them open"));
    CHECK(has(told.front(), "maintenance of service ledger, begins"));
    CHECK(has(told.front(), "the tape drive"));
    CHECK_FALSE(has(told.front(), "eu-1"));
    CHECK(in_fallback() == 1);
    world.kill();
    world.clock.set(world.clock.now() + 46h);
    world.start();
    world.advance(2h); // past nine once more, and nothing is silent
    CHECK(said_in_channel(world, "Silent today").size() == 1);
    CHECK(in_fallback() == 1);
}

TEST_CASE("Whatever is done to what is held, it pages in the end", "[scenarios][silences][socket]")
{
    struct Case {
        std::string silent;
        std::string does;
    };
    const auto one = GENERATE(Case{"ledger", "undo 1"}, Case{"ledger", "reopen 1"}, Case{"ledger", "worse"},
        Case{"ledger error", "worse"}, Case{"ledger title~first", "in other words"}, Case{"ledger", "taken"});
    World world;
    world.advance(2s);
    auto& ana = world.ana();
    type(world, world.bo(), "silence " + one.silent + " 20m because the rack is moved");
    ledger_fires(world, "first");
    world.advance(2s);
    INFO(one.silent << ", " << one.does << "\n" << world.slack().story());
    REQUIRE(pages_to(ana) == 0);
    if (one.does == "worse") {
        ledger_fires(world, "first", "critical");
        world.advance(2s);
        CHECK(pages_to(ana) == (one.silent == "ledger" ? 0 : 1)); // it is meant for this as well, or is not
        return;
    }
    if (one.does == "taken") {
        type(world, ana, "ack 1");
        world.advance(21min);
        REQUIRE(pages_to(ana) == 0);
        ledger_fires(world, "first", "critical"); // nothing is silent any more
        world.advance(2s);
        CHECK(pages_to(ana) == 1);
        return;
    }
    if (one.does == "in other words") {
        world.post("demo-scripts-key", R"({"title":"Ledger: 92 %","severity":"error","service":"ledger","dedup_key":"first"})");
    } else {
        type(world, ana, "resolve 1");
        CHECK_FALSE(has(card_of(world, "Ledger first"), "Held back until"));
        type(world, ana, one.does);
        CHECK(has(card_of(world, "Ledger first"), "Held back until"));
    }
    world.advance(15min);
    CHECK(pages_to(ana) == 0);
    world.advance(6min);
    CHECK(pages_to(ana) == 1);
}

TEST_CASE("What is first shown or kept, and gets worse, pages; if it is silenced, later", "[scenarios][silences][rules][socket]")
{
    const bool suppressed = GENERATE(true, false), silent = GENERATE(true, false);
    oncall::Rule rule;
    rule.suppress = suppressed;
    rule.page = false;
    World world{with_rule_for_errors(rule)};
    world.advance(2s);
    if (silent)
        type(world, world.bo(), "silence ledger 20m because the rack is moved");
    ledger_fires(world, "first");
    world.advance(2s);
    INFO(world.slack().story());
    CHECK(card_of(world, "Ledger first").empty() == suppressed);
    CHECK(pages_to(world.ana()) == 0);
    ledger_fires(world, "first", "critical");
    world.advance(2s);
    CHECK(pages_to(world.ana()) == (silent ? 0 : 1));
    CHECK(has(card_of(world, "Ledger first"), "Held back until") == silent);
    world.advance(silent ? 20min : 0min);
    CHECK(pages_to(world.ana()) == 1);
}

TEST_CASE("What its rule delays waits as long, also when an answer is taken back", "[scenarios][silences][rules][socket]")
{
    oncall::Rule rule;
    rule.delay = 5min;
    World world{with_rule_for_errors(rule)};
    ledger_fires(world, "first");
    world.advance(1min);
    INFO(world.slack().story());
    type(world, world.ana(), "ack 1");
    type(world, world.ana(), "undo 1");
    CHECK(has(card_of(world, "Ledger first"), "Held back until"));
    world.advance(3min);
    CHECK(pages_to(world.ana()) == 0);
    world.advance(1min);
    CHECK(pages_to(world.ana()) == 1);
}

TEST_CASE("What is held by a policy that is gone at its end pages by what pages for its service",
    "[scenarios][silences][rules][socket]")
{
    oncall::Rule rule;
    rule.delay = 5min;
    rule.policy = "only chi";
    auto with_it = with_rule_for_errors(rule);
    auto& policy = with_it.policies["only chi"];
    policy.name = "only chi";
    policy.levels.resize(1);
    policy.levels[0].targets.push_back({oncall::TargetKind::user, "chi@example.com"});
    policy.levels[0].patience = 1h;
    World world{with_it};
    ledger_fires(world, "first");
    world.advance(1min);
    REQUIRE(world.apply(sample_configuration(), {.prune = true})->configured.plan.problems.empty());
    world.advance(4min);
    INFO(world.slack().story());
    CHECK(pages_to(world.chi()) == 0);
    CHECK(pages_to(world.ana()) == 1);
}

TEST_CASE("Whom somebody paged by hand is paged on, whatever is silenced after it", "[scenarios][silences][socket]")
{
    World world;
    world.advance(2s);
    auto& bo = world.bo();
    type(world, bo, "page ledger it is slow");
    ledger_fires(world, "first");
    world.advance(2s);
    const auto is_paged = [&](std::int64_t id) {
        return world.look([id](storage::Transaction& tx) {
            const auto page = storage::Pages{tx}.latest({id});
            return page && oncall::is_running(*page);
        });
    };
    REQUIRE(is_paged(1));
    REQUIRE(is_paged(2));
    bo.command("/oncall", "silence", "#payments-alerts");
    world.settle();
    REQUIRE(bo.modals() == 1);
    bo.fill({{"Services", "ledger"}, {"Until", picked(world.clock.now() + 1h)}, {"Why", "deploy"},
        {"Alerts that page now", "Hold those open now as well"}});
    look_and_save(world, bo);
    INFO(world.slack().story());
    CHECK(is_paged(1));
    CHECK_FALSE(is_paged(2));
}
