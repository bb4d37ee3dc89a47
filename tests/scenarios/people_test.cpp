#include "catch.hpp"
#include "handlers/paging.hpp"
#include "scenarios/sees.hpp"
#include "scenarios/world.hpp"
#include "storage/people_sync.hpp"

using namespace scenario;

namespace {

/// What somebody is told who would like to override.
std::string asks_to_override(World& world, workspace::Person& person)
{
    const auto typed = person.command("/oncall", "override", "#payments-alerts");
    world.advance(1s);
    CHECK(typed.error() == "");
    return world.slack().plain(person.last_ephemeral());
}

oncall::Configuration with_member(const std::string& person)
{
    auto configuration = sample_configuration();
    configuration.teams.at("payments").members.push_back(person);
    return configuration;
}

std::size_t calls(World& world, const std::string& method) { return world.slack().calls(method).size(); }

std::string kept_id(World& world, const std::string& name) { return world.slack().person(name).id(); }

std::size_t said(World& world, workspace::Channel& channel, const std::string& words)
{
    std::size_t count{};
    for (const auto& message : channel.messages())
        count += has(world.slack().plain(message), words) ? 1 : 0;
    return count;
}

workspace::Message report(World& world)
{
    for (const auto& message : world.channel().messages())
        if (has(world.slack().plain(message), "[Take them out"))
            return message;
    throw workspace::NotThere{"nobody was told"};
}

/// Opens the form of the report's button.
void open_fix(World& world, workspace::Person& person)
{
    const auto pressed = person.click(report(world), "Take them out…");
    world.settle();
    CHECK(pressed.error() == "");
}

void send_fix(World& world, workspace::Person& person)
{
    const auto sent = person.submit();
    world.settle();
    CHECK(sent.error() == "");
}

} // namespace

TEST_CASE("Somebody whom Slack could not be asked about is asked for again when she comes back", "[scenarios][people]")
{
    World world;
    world.advance(2s);
    auto& dan = world.slack().add_person("dan", "dan@example.com");
    world.channel().admit("dan");
    SECTION("after an error") { world.slack().fail_with_status("users.info", 500); }
    SECTION("after silence") { world.slack().hang("users.info"); }
    SECTION("after a 429") { world.slack().rate_limit("users.info", 20s); }
    CHECK(has(asks_to_override(world, dan), "I don't know you yet"));
    world.advance(1min);
    asks_to_override(world, dan);
    INFO(world.slack().story());
    CHECK(has(asks_to_override(world, dan), "Only those who share schedule payments"));
}

TEST_CASE(
    "A member who was made a guest is noticed at once, and within a day where Slack's word of it was lost", "[scenarios][people]")
{
    World world;
    world.advance(2s);
    auto& dan = world.slack().add_person("dan", "dan@example.com");
    world.channel().admit("dan");
    asks_to_override(world, dan);
    CHECK(has(asks_to_override(world, dan), "Only those who share schedule payments"));
    const auto before = calls(world, "users.info");
    SECTION("at once")
    {
        world.slack().make_guest("dan");
        world.settle();
    }
    SECTION("within a day")
    {
        world.slack().settings().events.erase("user_change");
        world.slack().make_guest("dan");
        world.advance(23h);
        CHECK(has(asks_to_override(world, dan), "Only those who share schedule payments"));
        world.advance(1h);
        CHECK(calls(world, "users.list") == 2);
    }
    INFO(world.slack().story());
    CHECK(has(asks_to_override(world, dan), "Guests of this workspace cannot change who is on call"));
    CHECK(calls(world, "users.info") == before); // nobody is asked for one by one
}

TEST_CASE("What changes in Slack holds at once, and what we do not keep costs nothing", "[scenarios][people]")
{
    World world;
    world.advance(2s);
    const auto kept = [&](const std::string& reference) {
        return world.look(
            [&](storage::Transaction& tx) { return storage::People{tx}.find(reference).value_or(storage::Person{}); });
    };
    const auto commits = world.commits;
    for (const std::string status : {"lunch", "", "in a meeting"}) {
        world.slack().set_status("ana", status);
        world.slack().move("dee", "Asia/Tokyo"); // nobody who matters
        world.settle();
    }
    CHECK(world.commits == commits);
    world.slack().move("ana", "America/New_York", "en-US");
    world.slack().rename("bo", "robert");
    world.settle();
    INFO(world.slack().story());
    CHECK(kept("ana@example.com").time_zone == "America/New_York");
    CHECK(world.look([&](storage::Transaction& tx) { return storage::PeopleSync{tx}.locale_of(kept_id(world, "ana")); })
        == "en-US");
    CHECK(kept("bo@example.com").name == "robert");
    CHECK(world.slack().violations().empty());
}

TEST_CASE("Of two words about one person the newer holds, in whatever order they come", "[scenarios][people]")
{
    World world;
    world.advance(2s);
    const auto tell = [&](std::int64_t updated, const std::string& zone) {
        const workspace::Json user{{"id", kept_id(world, "ana")}, {"team_id", world.slack().team_id()}, {"name", "ana"},
            {"tz", zone}, {"updated", updated}, {"profile", {{"display_name", "ana"}}}};
        world.slack().send_event({{"type", "user_change"}, {"user", user}}, "user_change");
        world.settle();
    };
    tell(1'800'000'100, "Asia/Tokyo");
    tell(1'800'000'000, "America/Lima");
    const auto ana = world.look([](storage::Transaction& tx) { return storage::People{tx}.find("ana@example.com"); });
    REQUIRE(ana);
    CHECK(ana->time_zone == "Asia/Tokyo");
    CHECK(ana->email == "ana@example.com"); // which the event did not tell
}

TEST_CASE("Nobody of another workspace and no app takes a name that the configuration uses", "[scenarios][people]")
{
    World world{with_member("@gohst")};
    world.advance(2s);
    const auto means = [&](const std::string& reference) {
        const auto found = world.look([&](storage::Transaction& tx) { return storage::People{tx}.find(reference); });
        return found ? found->user_id : std::string{};
    };
    const auto tell = [&](const std::string& team, bool is_bot) {
        const workspace::Json user{{"id", "UMOLE"}, {"team_id", team}, {"name", "gohst"}, {"is_bot", is_bot},
            {"updated", 1'800'000'000}, {"profile", {{"display_name", "gohst"}, {"email", "ana@example.com"}}}};
        world.slack().send_event({{"type", "user_change"}, {"user", user}}, "user_change");
        world.settle();
    };
    SECTION("of another workspace") { tell("T0ELSEWHERE", false); }
    SECTION("an app") { tell(world.slack().team_id(), true); }
    INFO(world.slack().story());
    CHECK(means("ana@example.com") == kept_id(world, "ana"));
    CHECK(means("@gohst").empty());
    tell(world.slack().team_id(), false); // one of ours has it
    CHECK(means("@gohst") == "UMOLE");
}

TEST_CASE("After a 429 of the list somebody new is asked for all the same", "[scenarios][people]")
{
    World world;
    world.advance(2s);
    auto& dan = world.slack().add_person("dan", "dan@example.com");
    world.channel().admit("dan");
    world.slack().rate_limit("users.list", 120s);
    world.advance(24h);
    REQUIRE(world.slack().calls("users.list").back().status == 429);
    asks_to_override(world, dan);
    INFO(world.slack().story());
    CHECK(has(asks_to_override(world, dan), "Only those who share schedule payments"));
    CHECK(world.slack().calls("users.list").back().status == 429);
    CHECK(world.slack().violations().empty());
}

TEST_CASE("After a 429 nobody is asked for until Slack takes it again", "[scenarios][people]")
{
    World world;
    world.advance(2s);
    world.slack().add_person("fay", "fay@example.com");
    world.settle();
    const auto before = calls(world, "users.lookupByEmail");
    world.slack().rate_limit("users.lookupByEmail", 120s);
    auto configuration = with_member("fay@example.com");
    configuration.teams.at("payments").members.push_back("dee@example.com");
    world.apply(configuration);
    world.advance(119s);
    INFO(world.slack().story());
    CHECK(calls(world, "users.lookupByEmail") == before + 1);
    world.advance(3s);
    CHECK(calls(world, "users.lookupByEmail") == before + 3);
    CHECK(world.slack().violations().empty());
}

TEST_CASE("A start a day later asks for nobody who is known, but reads the list of everybody", "[scenarios][people]")
{
    World world;
    world.advance(2s);
    const auto asked = calls(world, "users.lookupByEmail");
    world.kill();
    world.start();
    world.advance(2s);
    CHECK(calls(world, "users.list") == 1); // it was read a moment ago
    world.slack().settings().events.clear();
    world.kill();
    world.slack().deactivate("bo");
    world.clock.advance(25h);
    world.start();
    world.advance(2s);
    INFO(world.slack().story());
    CHECK(calls(world, "users.list") == 2);
    CHECK(calls(world, "users.lookupByEmail") == asked);
    const auto bo = world.look([](storage::Transaction& tx) { return storage::People{tx}.find("bo@example.com"); });
    REQUIRE(bo);
    CHECK(bo->kind == "gone");
}

TEST_CASE("Whoever was reactivated while the service was down is asked for when they do something", "[scenarios][people]")
{
    World world;
    world.advance(2s);
    world.alert("Checkout is down");
    world.slack().deactivate("bo");
    world.advance(2s);
    world.slack().settings().events.clear();
    world.kill();
    world.slack().reactivate("bo");
    world.clock.advance(2min);
    world.start();
    world.advance(2s);
    CHECK(has(type(world, world.bo(), "ack 1"), "Your account is deactivated in Slack"));
    INFO(world.slack().story());
    CHECK(has(type(world, world.bo(), "ack 1"), "You have #1"));
}

TEST_CASE("A handle that nobody has is sought once a day, and found when somebody comes who has it", "[scenarios][people]")
{
    World world{with_member("@gohst")};
    world.advance(1s);
    CHECK(calls(world, "users.list") == 1);
    world.advance(23h);
    CHECK(calls(world, "users.list") == 1);
    const auto known = [&](const std::string& handle) {
        const auto found = world.look([&](storage::Transaction& tx) { return storage::People{tx}.find(handle); });
        return found ? found->user_id : std::string{};
    };

    SECTION("by the event")
    {
        const auto& gohst = world.slack().add_person("gohst", "gohst@example.com");
        world.settle();
        CHECK(known("@gohst") == gohst.id());
        CHECK(calls(world, "users.list") == 1);
    }
    SECTION("and is sought at once when it is put right")
    {
        world.slack().add_person("ghost", "ghost@example.com");
        world.apply(with_member("@ghost"));
        world.advance(1s);
        CHECK(known("@ghost") == world.slack().person("ghost").id());
    }
    SECTION("and not at all when it is named no more")
    {
        world.apply(sample_configuration());
        world.advance(30min);
        CHECK(calls(world, "users.list") == 1);
    }
}

TEST_CASE("Many handles are sought by one reading of the list of everybody", "[scenarios][people]")
{
    World world;
    world.slack().add_person("zoe", "zoe@example.com");
    world.advance(2s);
    const auto before = calls(world, "users.list");
    const auto& meet = world.app().context().meet;
    for (const std::string handle : {"@gone", "@zoe", "@never"})
        meet(handle);
    world.advance(1s);
    CHECK(calls(world, "users.list") == before + 1);
    CHECK(world.look([](storage::Transaction& tx) { return storage::People{tx}.find("@zoe"); }));
    CHECK_FALSE(world.look([](storage::Transaction& tx) { return storage::People{tx}.find("@gone"); }));
}

TEST_CASE("After a 429 the list of everybody is read on, not anew", "[scenarios][people]")
{
    World world;
    std::string last;
    for (int i = 0; i < 300; ++i) {
        const auto name = "p" + std::to_string(i);
        world.slack().add_person(name, name + "@example.com");
        if (last.empty() || world.slack().person(name).id() > world.slack().person(last).id())
            last = name; // the list is by id: on its second page
    }
    world.advance(2s);
    auto& slack = world.app().context().slack;
    slack::Json one;
    one["limit"] = 1;
    while (calls(world, "users.list") < 19) // Slack takes twenty a minute
        world.on_the_bot<slack::Json>([&slack, one] { return slack.call("users.list", one); });
    world.apply(with_member("@" + last));
    world.settle();
    INFO(world.slack().story());
    const auto known = [&] { return world.look([&](storage::Transaction& tx) { return storage::People{tx}.find("@" + last); }); };
    REQUIRE(world.slack().calls("users.list").back().status == 429);
    CHECK_FALSE(known());
    world.advance(10s);
    const auto all = world.slack().calls("users.list");
    REQUIRE(all.size() == 22);
    CHECK_FALSE(all[19].arguments.contains("cursor"));
    CHECK(all[20].status == 429);
    REQUIRE(all[21].arguments.contains("cursor"));
    CHECK(all[21].arguments["cursor"] == all[20].arguments["cursor"]);
    REQUIRE(known());
    CHECK(known()->user_id == world.slack().person(last).id());
    // Of the other hundreds nobody is kept.
    CHECK(world.look([](storage::Transaction& tx) { return storage::People{tx}.all().size(); }) < 10);
    CHECK(world.slack().violations().empty());
}

TEST_CASE("Somebody new does not wait until the list of everybody has been read", "[scenarios][people]")
{
    World world;
    world.advance(2s);
    auto& dan = world.slack().add_person("dan", "dan@example.com");
    world.channel().admit("dan");
    world.advance(24h - 3s);
    world.slack().hang("users.list", 5);
    world.advance(2s); // the reading begins, and hangs
    REQUIRE(calls(world, "users.list") == 2);
    asks_to_override(world, dan);
    const auto began = world.clock.now();
    const auto known = [&] {
        return world.look([&](storage::Transaction& tx) {
            const auto found = storage::People{tx}.find(dan.id());
            return found && !found->kind.empty();
        });
    };
    while (!known() && world.clock.now() < began + 5min)
        world.advance(1s);
    INFO(world.slack().story());
    CHECK(world.clock.now() - began < 35s); // the page that was being asked for, at most
}

TEST_CASE("Whoever is deactivated while still on the rota is told once, and taken out by a form that shows whose shifts move",
    "[scenarios][people][unable]")
{
    World world;
    world.advance(2s);
    world.slack().deactivate("bo");
    world.advance(2s);
    INFO(world.slack().story());
    const auto told = world.slack().plain(report(world));
    CHECK(has(told, "bo is deactivated in Slack and can answer no page, but is still named"));
    CHECK(has(told, "schedule payments, rotation weekly"));
    CHECK(has(told, "team payments"));
    CHECK(said(world, world.fallback(), "bo is deactivated in Slack") == 1);
    world.kill();
    world.start();
    world.advance(1min);
    CHECK(said(world, world.channel(), "is deactivated in Slack and can") == 1);

    open_fix(world, world.chi());
    REQUIRE(world.chi().modals() == 1);
    CHECK(has(modal(world, world.chi()), "schedule payments, rotation weekly"));
    send_fix(world, world.chi());
    REQUIRE(world.chi().modals() == 2);
    CHECK(has(modal(world, world.chi()), "Who is on call instead of whom"));
    CHECK(has(modal(world, world.chi()), "instead of bo"));
    send_fix(world, world.chi());
    CHECK(has(modal(world, world.chi()), "It holds from now on"));
    world.advance(5s);
    const auto now = world.app().context().configuration();
    for (const auto& [person, places] : oncall::people_of(*now))
        if (person == "bo@example.com")
            CHECK(places == std::vector<std::string>{"schedule payments"}); // of what has been
    CHECK(now->teams.at("payments").members == std::vector<std::string>{"ana@example.com", "chi@example.com"});
    const auto next = oncall::who_is_on_call(now->schedules.at("payments"), noon + 7 * 24h).people;
    CHECK(next == std::vector<std::string>{"chi@example.com"});
    CHECK(oncall::who_is_on_call(now->schedules.at("payments"), world.clock.now()).people
        == std::vector<std::string>{"ana@example.com"});
    CHECK(said(world, world.channel(), "bo is named nowhere any more") == 1);
    CHECK(said(world, world.channel(), "[Undo") == 1); // as any edit of a schedule

    // The button that is left says so.
    world.chi().close_all();
    open_fix(world, world.chi());
    CHECK(world.chi().modals() == 0);
    world.advance(1s);
    CHECK(has(world.slack().plain(world.chi().last_ephemeral()), "named nowhere any more"));
    CHECK(world.slack().violations().empty());
}

TEST_CASE("Whoever answers no page is reported wherever they are named later, too", "[scenarios][people][unable]")
{
    World world;
    auto& channel = world.slack().add_channel("ledger-alerts", {.bot = true});
    world.advance(2s);
    world.slack().deactivate("bo");
    world.advance(2s);
    const std::string words{"bo is deactivated in Slack and can answer no page"};
    REQUIRE(said(world, world.channel(), words) == 1);
    auto configuration = sample_configuration();
    auto ledger = configuration.teams.at("payments");
    ledger.channel = "#ledger-alerts";
    ledger.members = {"bo@example.com"};
    configuration.teams["ledger"] = ledger;
    world.apply(configuration);
    world.advance(2s);
    INFO(world.slack().story());
    CHECK(said(world, channel, words) == 1);
    CHECK(said(world, world.channel(), words) == 1);
    CHECK(said(world, world.fallback(), words) == 1);
    world.slack().reactivate("bo");
    world.advance(2s);
    for (auto* place : {&channel, &world.channel(), &world.fallback()})
        CHECK(said(world, *place, "bo can answer pages again") == 1);
}

TEST_CASE("Where there is no channel the admins are told who answers no page", "[scenarios][people][unable]")
{
    auto configuration = sample_configuration();
    configuration.teams.at("payments").channel.clear();
    World world{configuration};
    world.admins = {"cto@example.com"};
    world.adjust = [](config::Settings& settings) { settings.channel.clear(); };
    world.kill();
    world.start();
    world.advance(2s);
    const auto told = [&] {
        const auto all = world.cto().dms();
        return std::count_if(all.begin(), all.end(), [&](const auto& message) {
            return has(world.slack().plain(message), "bo is deactivated in Slack and can answer no page");
        });
    };
    world.slack().deactivate("bo");
    world.advance(2s);
    INFO(world.slack().story());
    CHECK(told() == 1);
    world.kill();
    world.start();
    world.advance(1min);
    CHECK(told() == 1);
    // Once there is a channel it is said there.
    world.kill();
    world.adjust = {};
    world.start();
    world.advance(2s);
    CHECK(told() == 1);
    CHECK(said(world, world.fallback(), "bo is deactivated in Slack and can answer no page") == 1);
}

TEST_CASE("Where nobody else would be left the form asks who takes the place", "[scenarios][people][unable]")
{
    auto configuration = sample_configuration();
    configuration.schedules.at("payments").rotations.front().turns = {{"bo@example.com"}};
    World world{configuration};
    world.advance(2s);
    world.slack().deactivate("bo");
    world.advance(2s);
    INFO(world.slack().story());
    open_fix(world, world.ana());
    REQUIRE(world.ana().modals() == 1);
    CHECK(has(modal(world, world.ana()), "Nobody else would be left here"));
    CHECK(has(world.ana().submit().error(), "form:"));
    world.ana().fill({{"Who takes their place?", "bo"}});
    send_fix(world, world.ana());
    CHECK(has(world.ana().modal().errors["instead"], "that is whom you take out"));
    world.ana().fill({{"Who takes their place?", "chi"}});
    send_fix(world, world.ana());
    REQUIRE(world.ana().modals() == 2);
    // Somebody else changes the team meanwhile.
    auto meanwhile = configuration;
    meanwhile.teams.at("payments").members.push_back("dee@example.com");
    world.apply(meanwhile);
    send_fix(world, world.ana());
    CHECK(has(modal(world, world.ana()), "Nothing was saved"));
    send_fix(world, world.ana());
    CHECK(has(modal(world, world.ana()), "It holds from now on"));
    const auto now = world.app().context().configuration();
    CHECK(oncall::who_is_on_call(now->schedules.at("payments"), noon + 7 * 24h).people
        == std::vector<std::string>{"chi@example.com"});
    CHECK(now->teams.at("payments").members == std::vector<std::string>{"ana@example.com", "chi@example.com", "dee@example.com"});
}

TEST_CASE("No alert is given to somebody who cannot answer, and no guest pages by an alert there is", "[scenarios][people]")
{
    World world;
    world.advance(2s);
    world.alert("Checkout is down");
    world.advance(2s);
    const auto typed = [&](workspace::Person& person, const std::string& words) {
        person.command("/oncall", words, "#payments-alerts");
        world.advance(1s);
        return world.slack().plain(person.last_ephemeral());
    };
    world.slack().deactivate("bo");
    world.slack().make_guest("chi");
    world.advance(2s);
    const std::string bo = "bo@example.com", ana = "@ana";
    for (const std::string verb : {"reassign", "add"}) {
        CHECK(has(typed(world.ana(), verb + " 1 " + bo), "is deactivated in Slack and cannot answer a page"));
        CHECK(has(typed(world.chi(), verb + " 1 " + ana), "Guests of this workspace cannot page people"));
    }
    CHECK(has(typed(world.chi(), "escalate 1"), "Guests of this workspace cannot page people"));
    INFO(world.slack().story());
    CHECK(has(typed(world.chi(), "ack 1"), "You have #1"));
    CHECK(has(typed(world.chi(), "unack 1"), "You gave back #1"));
    CHECK(has(typed(world.ana(), "ack 1"), "You have #1"));
    CHECK(has(typed(world.chi(), "unack 1"), "Guests of this workspace cannot page people"));
}

TEST_CASE("Whoever comes back ends the report, and a guest is none", "[scenarios][people][unable]")
{
    World world;
    world.advance(2s);
    world.slack().make_guest("chi"); // guests answer pages
    world.advance(2s);
    CHECK(said(world, world.channel(), "can answer no page") == 0);
    world.slack().deactivate("bo");
    world.advance(2s);
    CHECK(said(world, world.channel(), "bo is deactivated in Slack and can answer no page") == 1);
    world.slack().reactivate("bo");
    world.advance(2s);
    INFO(world.slack().story());
    CHECK(said(world, world.channel(), "bo can answer pages again") == 1);
    open_fix(world, world.chi());
    world.advance(1s);
    CHECK(has(world.slack().plain(world.chi().last_ephemeral()), "Guests of this workspace can't change settings"));
    open_fix(world, world.ana());
    world.advance(1s);
    CHECK(world.ana().modals() == 0);
    CHECK(has(world.slack().plain(world.ana().last_ephemeral()), "can answer pages again"));
}

TEST_CASE("A page does not wait for somebody who is deactivated, and says why", "[scenarios][people][unable]")
{
    World world;
    world.advance(2s);
    world.alert("Checkout is down");
    world.advance(2s);
    REQUIRE(pages_to(world.ana()) == 1);
    world.slack().deactivate("ana");
    world.advance(2s);
    INFO(world.slack().story());
    CHECK(pages_to(world.bo()) == 1); // level 2, and no five minutes were lost
    CHECK(pages_to(world.chi()) == 1);
    CHECK(has(thread(world), "ana is deactivated in Slack, so the page goes on without them"));
    CHECK(said(world, world.channel(), "The page that was waiting for them has gone on") == 1);
    // What comes next does not even try.
    world.alert("Ledger is down", "ledger-down");
    world.advance(2s);
    CHECK(pages_to(world.bo()) == 2);
    CHECK(pages_to(world.ana()) == 1);

    // A link in a mail outlives the account.
    auto& context = world.app().context();
    const auto ana = kept_id(world, "ana");
    const auto no = world.write([&](storage::Transaction& tx) -> std::string {
        handlers::Asked asked;
        asked.actor = ana;
        asked.via = "a link in an e-mail";
        asked.now = world.clock.now();
        handlers::Wish wish;
        wish.verb = oncall::Verb::acknowledge;
        wish.alert = storage::Alerts{tx}.all_open(1).front().id;
        try {
            handlers::change(tx, context, wish, asked);
        } catch (const oncall::Refusal& refusal) {
            return refusal.what();
        }
        return {};
    });
    CHECK(has(no, "Your account is deactivated in Slack"));
}

TEST_CASE("A request for help to somebody who is deactivated ends at once, and says why", "[scenarios][people][unable]")
{
    World world;
    world.advance(2s);
    world.alert("Checkout is down");
    world.advance(2s);
    type(world, world.ana(), "ack 1");
    REQUIRE(has(type(world, world.ana(), "add 1 @bo"), "Asked for help with #1"));
    REQUIRE(pages_to(world.bo()) == 1);
    world.slack().deactivate("bo");
    world.advance(2s);
    INFO(world.slack().story());
    CHECK(said(world, world.fallback(), "bo was asked to help, but is deactivated in Slack") == 1);
    CHECK(has(thread(world), "bo was asked to help, but is deactivated in Slack"));
    CHECK(said(world, world.channel(), "has gone on to whoever is next") == 0); // nobody is paged instead
    world.advance(30min);
    CHECK(said(world, world.fallback(), "has not answered") == 0);
    CHECK(pages_to(world.bo()) == 1);
}

TEST_CASE("Somebody who was passed over is paged again once they are back, and has said nothing", "[scenarios][people][unable]")
{
    World world;
    world.advance(2s);
    world.alert("Checkout is down");
    world.advance(2s);
    REQUIRE(pages_to(world.ana()) == 1);
    world.slack().deactivate("ana");
    world.advance(2s);
    REQUIRE(pages_to(world.bo()) == 1); // the next level
    CHECK(has(type(world, world.bo(), "timeline 1"), "could not answer"));
    world.slack().reactivate("ana");
    world.advance(2s);
    const auto before = pages_to(world.ana());
    world.advance(26min); // the policy begins again
    INFO(world.slack().story());
    CHECK(pages_to(world.ana()) > before);
    CHECK_FALSE(has(thread(world), "not me"));
}
