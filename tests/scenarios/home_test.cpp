#include "catch.hpp"
#include "handlers/home.hpp"
#include "oncall/words.hpp"
#include "scenarios/scripted_provider.hpp"
#include "scenarios/sees.hpp"
#include "scenarios/world.hpp"

#include <algorithm>

using namespace scenario;

namespace {

std::size_t homes_published(World& world) { return world.slack().calls("views.publish").size(); }

std::string seen_home(World& world, workspace::Person& person) { return world.slack().plain(person.home()); }

void open_home(World& world, workspace::Person& person)
{
    for (const auto& event : person.open_home())
        CHECK(event.error() == "");
    world.advance(5s);
}

/// Presses it, and lets come what comes of it.
void press_home(World& world, workspace::Person& person, const std::string& label)
{
    const auto pressed = person.click_home(label);
    world.advance(4s);
    CHECK(pressed.error() == "");
}

/// Some time passes without the bot, so that nobody waits for it.
void pass_without_the_bot(World& world, milliseconds time)
{
    world.kill();
    world.clock.advance(time);
    world.start();
    world.advance(5s);
}

/// From the report until the one on call has been written to.
milliseconds page_takes(World& world, const std::string& title)
{
    const auto told = world.ana().dms().size();
    const auto began = world.clock.now();
    world.alert(title, title);
    while (world.ana().dms().size() == told && world.clock.now() - began < 5s)
        world.advance(5ms);
    return world.clock.now() - began;
}

/// Members who look at their Homes, which are current, with so many alerts of nobody's team open.
void let_watch(World& world, int people, int alerts)
{
    auto& app = world.app().context();
    world.write([&](storage::Transaction& tx) {
        for (int i = 0; i < alerts; ++i) {
            oncall::Alert alert;
            alert.title = "Disk " + std::to_string(i);
            alert.state = oncall::AlertState::acknowledged;
            storage::Alerts{tx}.add(alert);
        }
        for (int i = 0; i < people; ++i) {
            storage::Person person;
            person.reference = person.user_id = "UWATCH" + std::to_string(1000 + i);
            person.name = "watcher " + std::to_string(i);
            person.kind = "member";
            storage::People{tx}.save(person);
        }
        auto look = handlers::home_look(tx, app, noon);
        for (int i = 0; i < people; ++i) {
            const auto id = "UWATCH" + std::to_string(1000 + i);
            const auto duty = handlers::home_duty(look.configuration, look.known, id, noon);
            storage::HomeViews{tx}.opened(id, handlers::home_of(tx, app, look, duty, id).digest, noon - 1h);
        }
        return 0;
    });
}

} // namespace

TEST_CASE(
    "Home is published for whoever opens it, alone, and follows what happens and what is pressed in it", "[scenarios][home]")
{
    World world;
    world.advance(2s); // who people are
    auto& ana = world.ana();
    CHECK(homes_published(world) == 0);
    open_home(world, ana);
    INFO(world.slack().story());
    auto shown = seen_home(world, ana);
    for (const char* part : {"You are on call by payments until", "then bo", "No open alerts of your teams", "On call now",
             "[Page someone …] [Override …] [Find cover …] [How I am reached …] [Settings …]", "How you are reached: Slack",
             "You may sleep through a page"})
        CHECK(has(shown, part));
    CHECK_THROWS_AS(world.bo().home(), workspace::NotThere);

    // What stands there is not published again, neither when it is opened nor as time passes.
    const auto before = homes_published(world);
    open_home(world, ana);
    world.advance(3min);
    CHECK(homes_published(world) == before);

    world.alert("Checkout is down");
    world.advance(4s);
    shown = seen_home(world, ana);
    CHECK(has(shown, "#1 Checkout is down (critical, checkout)"));
    CHECK(has(shown, "Triggered, paging ana"));
    CHECK(has(shown, "[Acknowledge] [Escalate] [Resolve]"));
    press_home(world, ana, "Acknowledge");
    CHECK(has(card(world), "Acknowledged by ana"));
    shown = seen_home(world, ana);
    CHECK(has(shown, "Acknowledged by ana"));
    CHECK_FALSE(has(shown, "[Acknowledge]"));
    CHECK(ana.modals() == 0);
    press_home(world, ana, "Resolve");
    CHECK(has(seen_home(world, ana), "No open alerts of your teams"));
    CHECK(ana.modals() == 0);

    // A storm is a few looks, and nobody else's Home is published.
    const auto calm = homes_published(world);
    for (int i = 0; i < 15; ++i)
        world.alert("Node " + std::to_string(i) + " is down", "node-" + std::to_string(i));
    world.advance(10s);
    CHECK(homes_published(world) - calm <= 5);
    CHECK(has(seen_home(world, ana), "and 5 more: "));
    CHECK_THROWS_AS(world.bo().home(), workspace::NotThere);
    CHECK(world.slack().violations().empty());
}

TEST_CASE("A page waits for one Home at most, however many look at theirs and however many alerts are open",
    "[scenarios][home][socket]")
{
    World world;
    world.admins = {"cto@example.com"};
    world.kill();
    world.start();
    world.app().context().bundling.hold = 0s; // each by itself
    world.advance(3s);
    constexpr auto one_turn = 10ms; // of the database
    world.database_takes = one_turn;
    const auto alone = page_takes(world, "The first");
    REQUIRE(alone < 1s);
    world.database_takes = {};

    let_watch(world, 150, 2'000);
    auto& bo = world.bo();
    world.write([&](storage::Transaction& tx) {
        storage::HomeViews{tx}.opened(bo.id(), "old", noon - 20h); // so his turn is the last
        return 0;
    });
    open_home(world, world.ana());
    world.advance(2s);
    REQUIRE(has(seen_home(world, bo), "The first"));
    const auto published = homes_published(world);
    world.advance(30s);
    CHECK(homes_published(world) == published);

    // All are looked at anew, each by a read of its own, and the page comes into the midst of it.
    world.database_takes = one_turn;
    world.alert("The second", "The second");
    world.advance(300ms);
    const auto beside = page_takes(world, "The third");
    CHECK_FALSE(has(seen_home(world, bo), "The second"));
    CHECK(beside <= alone + 2 * one_turn);
    world.advance(3s);
    world.database_takes = {};
    world.advance(1min);
    CHECK(has(seen_home(world, bo), "The third"));
    CHECK(homes_published(world) - published <= 8); // of those alone who see something else
}

TEST_CASE("What one answered in Home has a way back for a quarter of an hour", "[scenarios][home]")
{
    World world;
    world.advance(2s);
    auto& ana = world.ana();
    world.alert("Checkout is down");
    open_home(world, ana);
    const auto pages = ana.dms().size();
    CHECK_FALSE(has(seen_home(world, ana), "You answered lately"));
    press_home(world, ana, "Resolve");
    CHECK(has(seen_home(world, ana), "You resolved it"));
    CHECK(has(seen_home(world, ana), "[Undo]"));
    press_home(world, ana, "Undo");
    INFO(world.slack().story());
    CHECK(has(seen_home(world, ana), "Triggered, paging ana"));
    CHECK_FALSE(has(seen_home(world, ana), "You answered lately"));
    CHECK(ana.modals() == 0); // it was not refused
    CHECK(ana.dms().size() == pages); // the page goes on where it stood

    // Half a minute later it cannot be undone any more, but there is a way back all the same.
    press_home(world, ana, "Acknowledge");
    world.advance(35s);
    CHECK_FALSE(has(seen_home(world, ana), "[Undo]"));
    press_home(world, ana, "Un-acknowledge");
    CHECK(has(seen_home(world, ana), "Triggered, paging ana"));
    press_home(world, ana, "Resolve");
    world.advance(35s);
    CHECK(has(seen_home(world, ana), "[Re-open]"));
    world.advance(15min);
    CHECK_FALSE(has(seen_home(world, ana), "You answered lately"));
    CHECK(world.slack().violations().empty());
}

TEST_CASE("Each button of Home opens its form", "[scenarios][home]")
{
    World world;
    world.advance(2s);
    auto& ana = world.ana();
    open_home(world, ana);
    const std::vector<std::pair<std::string, std::string>> forms{{"Page someone …", "Page"}, {"Override …", "Override"},
        {"Find cover …", "cover"}, {"How I am reached …", "How I am reached"}, {"Settings …", "Settings"}};
    for (const auto& [label, title] : forms) {
        INFO(label);
        press_home(world, ana, label);
        REQUIRE(ana.modals() == 1);
        CHECK(has(oncall::lower(ana.modal().title), oncall::lower(title)));
        ana.close_all();
        world.settle();
    }
    CHECK(world.slack().violations().empty());
}

TEST_CASE("What a press in Home is refused is shown on top of it; where no form can be opened it comes by direct message",
    "[scenarios][home]")
{
    World world;
    world.advance(2s);
    auto& ana = world.ana();
    open_home(world, ana);
    world.alert("Checkout is down");
    world.advance(4s);
    // Her Home is behind.
    world.slack().fail_with_status("views.publish", 500, 20);
    world.resolved();
    world.advance(3s);
    REQUIRE(has(seen_home(world, ana), "[Acknowledge]"));
    const auto dms = ana.dms().size();
    press_home(world, ana, "Acknowledge");
    REQUIRE(ana.modals() == 1);
    CHECK(has(modal(world, ana), "It was resolved by"));
    world.advance(10s);
    CHECK(ana.dms().size() == dms); // said once
    ana.close_all();

    world.slack().heal();
    world.slack().fail_with_status("views.publish", 500, 20);
    world.slack().fail_with("views.open", "expired_trigger_id");
    press_home(world, ana, "Acknowledge");
    CHECK(ana.modals() == 0);
    world.advance(4s);
    REQUIRE(ana.dms().size() == dms + 1);
    CHECK(has(world.slack().plain(ana.last_dm()), "It was resolved by"));

    SECTION("a bot that dies in between says it all the same")
    {
        world.slack().hang("views.open");
        ana.click_home("Acknowledge");
        world.settle();
        world.kill();
        world.start();
        world.advance(10s);
        CHECK(ana.dms().size() == dms + 2);
    }
}

TEST_CASE("Whoever presses in a Home that stood open for days has it follow again", "[scenarios][home]")
{
    World world;
    world.advance(2s);
    auto& ana = world.ana();
    open_home(world, ana);
    pass_without_the_bot(world, 25h);
    press_home(world, ana, "How I am reached …");
    ana.close_all();
    world.alert("Checkout is down");
    world.advance(4s);
    CHECK(has(seen_home(world, ana), "Checkout is down"));
}

TEST_CASE("Whatever comes in between, Home shows how it stands, and nobody else's is touched", "[scenarios][home]")
{
    World world;
    world.advance(2s);
    auto& ana = world.ana();

    // The bot dies before Slack has answered.
    world.slack().hang("views.publish");
    ana.open_home();
    world.settle();
    world.kill();
    world.start();
    world.advance(5s);
    REQUIRE(has(seen_home(world, ana), "You are on call"));

    // It dies after Slack has done it.
    world.slack().act_then_hang("views.publish");
    world.alert("Checkout is down");
    world.advance(3s);
    world.kill();
    world.start();
    world.advance(5s);
    CHECK(has(seen_home(world, ana), "Checkout is down"));

    // A 429 is waited out, and then the newest state is shown.
    world.slack().rate_limit("views.publish", 30s);
    world.resolved();
    world.advance(4s);
    const auto before = homes_published(world);
    world.alert("The ledger is late", "ledger");
    world.advance(20s);
    CHECK(homes_published(world) == before);
    world.advance(15s);
    CHECK(has(seen_home(world, ana), "The ledger is late"));
    CHECK_FALSE(has(seen_home(world, ana), "Checkout is down"));

    // Whoever has not looked for a day is left alone until she does.
    world.resolved("ledger");
    world.advance(4s);
    pass_without_the_bot(world, 25h);
    const auto then = homes_published(world);
    world.alert("A node is down", "node");
    world.advance(5s);
    CHECK(homes_published(world) == then);
    open_home(world, ana);
    CHECK(has(seen_home(world, ana), "A node is down"));
    CHECK_THROWS_AS(world.bo().home(), workspace::NotThere);
    CHECK(world.slack().violations().empty());
}

TEST_CASE("Where Home is switched off, that is said once, and nothing is tried until it is opened again", "[scenarios][home]")
{
    World world;
    world.advance(2s);
    world.slack().settings().home_tab_enabled = false;
    open_home(world, world.ana());
    const auto tried = homes_published(world);
    CHECK(tried == 1);
    world.alert("Checkout is down");
    world.advance(3min);
    CHECK(homes_published(world) == tried);
    const auto says_so = [](const std::string& line) { return has(line, "Home tab is off"); };
    CHECK(std::count_if(world.logged().begin(), world.logged().end(), says_so) == 1);
    world.slack().settings().home_tab_enabled = true;
    open_home(world, world.ana());
    CHECK(has(seen_home(world, world.ana()), "Checkout is down"));
}

TEST_CASE("At a handoff Home says who is on call", "[scenarios][home]")
{
    World world;
    constexpr auto monday = 5 * 24h + 20h; // until 2026-11-09 09:00 in Berlin
    pass_without_the_bot(world, monday - 1min);
    open_home(world, world.ana());
    open_home(world, world.bo());
    CHECK(has(seen_home(world, world.ana()), "You are on call by payments"));
    CHECK(has(seen_home(world, world.bo()), "You are not on call now. Your next shift: payments"));
    world.advance(55s);
    CHECK(has(seen_home(world, world.ana()), "You are not on call now. Your next shift: payments"));
    CHECK(has(seen_home(world, world.bo()), "You are on call by payments"));

    // An override, too, and whatever else the configuration says.
    auto configuration = sample_configuration();
    configuration.teams.at("payments").members.push_back("dee@example.com");
    open_home(world, world.slack().person("dee"));
    CHECK(has(seen_home(world, world.slack().person("dee")), "You are in no team yet"));
    world.apply(configuration);
    world.advance(5s);
    CHECK(has(seen_home(world, world.slack().person("dee")), "You are not on call in the next 90 days"));
}

TEST_CASE("In no team, as a guest or from another workspace one finds whom to ask, and no button that would be refused",
    "[scenarios][home]")
{
    World world;
    world.admins = {"cto@example.com"};
    world.kill();
    world.start();
    world.advance(5s);
    auto& dee = world.slack().person("dee");
    open_home(world, dee);
    auto shown = seen_home(world, dee);
    INFO(shown);
    for (const char* part :
        {"You are in no team yet", "[Page someone …]", "How to get started", "cto", "On call now", "ana until"})
        CHECK(has(shown, part));
    for (const char* part : {"[Override …]", "[Find cover …]", "Left to set up"})
        CHECK_FALSE(has(shown, part));

    workspace::PersonOptions of_guest, of_stranger;
    of_guest.guest = true;
    of_stranger.team = "T00OTHER0";
    auto& gus = world.slack().add_person("gus", "gus@example.com", "Europe/Berlin", of_guest);
    open_home(world, gus);
    world.advance(5s);
    shown = seen_home(world, gus);
    CHECK(has(shown, "You are a guest here."));
    CHECK(has(shown, "Ask one of these for help: cto."));
    CHECK(has(shown, "ana until"));
    CHECK_FALSE(has(shown, "["));

    auto& sam = world.slack().add_person("sam", "sam@example.net", "Europe/Berlin", of_stranger);
    world.slack().fail_with_status("users.info", 500, 1);
    open_home(world, sam);
    CHECK_FALSE(has(seen_home(world, sam), "ana")); // before Slack has said who that is, too
    world.advance(2min);
    open_home(world, sam);
    world.advance(5s);
    shown = seen_home(world, sam);
    CHECK(has(shown, "I page the people of another workspace"));
    CHECK(has(shown, "Ask one of these for help: cto."));
    CHECK_FALSE(has(shown, "["));
    CHECK_FALSE(has(shown, "ana"));
}

TEST_CASE("Home names each team with who is on call for it, or whom it pages", "[scenarios][home]")
{
    auto configuration = sample_configuration();
    for (const std::string name : {"ledger", "web"}) {
        auto& team = configuration.teams[name];
        team.name = name;
        team.members = {"chi@example.com"};
        team.policy = name == "web" ? "web" : "payments";
    }
    oncall::Level level;
    level.targets = {{oncall::TargetKind::user, "chi@example.com"}};
    configuration.policies["web"].name = "web";
    configuration.policies["web"].levels = {level};
    World world{configuration};
    world.advance(2s);
    open_home(world, world.bo());
    const auto shown = seen_home(world, world.bo());
    INFO(shown);
    CHECK(has(shown, "payments (teams ledger, payments)"));
    CHECK(has(shown, "ana until"));
    CHECK(has(shown, "Teams without a schedule"));
    CHECK(has(shown, "web: pages chi"));
}

TEST_CASE("Admins find what is left to set up, until it is done; others don't", "[scenarios][home]")
{
    ScriptedProvider sms{"Twilio"};
    World world;
    sms.clock = &world.clock;
    world.admins = {"cto@example.com"};
    auto configuration = sample_configuration();
    configuration.teams.at("payments").members.push_back("nobody@example.com");
    world.slack().settings().scopes.erase("commands");
    world.slack().settings().scopes.erase("dnd:read"); // as the manifest says one may
    world.kill();
    world.set_file(configuration);
    world.start();
    world.advance(5s);
    open_home(world, world.cto());
    open_home(world, world.ana());
    const auto shown = seen_home(world, world.cto());
    INFO(shown);
    for (const char* part : {"Left to set up", "the scope commands", "Slack does not know nobody@example.com (team payments)",
             "Set ONCALL_HEARTBEAT_URL", "Nothing is set up that wakes anybody",
             "Sources alertmanager, pagerduty and scripts have not sent anything yet"})
        CHECK(has(shown, part));
    CHECK_FALSE(has(shown, "Set ONCALL_ADMINS"));
    CHECK_FALSE(has(shown, "dnd:read"));
    CHECK_FALSE(has(seen_home(world, world.ana()), "Left to set up"));
    press_home(world, world.cto(), "Teams …");
    REQUIRE(world.cto().modals() == 1);
    CHECK(has(modal(world, world.cto()), "New team…"));
    world.cto().close_all();

    // Done, and started again.
    world.kill();
    world.slack().settings().scopes.insert("commands");
    world.providers = {{oncall::ContactKind::sms, {&sms}}};
    world.heartbeat_url = "http://monitoring.test/beat";
    world.set_file(sample_configuration());
    world.start();
    world.advance(5s);
    CHECK(has(seen_home(world, world.cto()), "have not sent anything yet"));
    world.alert("x", "k1");
    CHECK(world.post("demo-alertmanager-key", R"({"alerts": []})").status == 202);
    CHECK(world
              .post("demo-pagerduty-key",
                  R"({"event_action": "trigger", "dedup_key": "k2",
                  "payload": {"summary": "x", "source": "y", "severity": "info"}})")
              .status
        == 202);
    world.advance(10s);
    CHECK_FALSE(has(seen_home(world, world.cto()), "Left to set up"));
}
