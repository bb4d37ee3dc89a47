#include "catch.hpp"
#include "oncall/verbosity.hpp"
#include "scenarios/sees.hpp"
#include "scenarios/world.hpp"
#include "storage/channel_bundles.hpp"

#include <algorithm>

using namespace scenario;
using oncall::AlertState;
using oncall::Verbosity;

namespace {

/// What stands in the team's channel, for everybody to see.
std::vector<workspace::Message> posted_in_channel(World& world)
{
    auto all = world.channel().messages();
    std::erase_if(all, [](const workspace::Message& one) { return one.ephemeral; });
    return all;
}

/// Alerts `from` to `to`, one every so often.
void storm_of_alerts(World& world, int from, int to, milliseconds every)
{
    for (int i = from; i <= to; ++i) {
        world.alert("Alert " + std::to_string(i) + " fires", "key-" + std::to_string(i));
        world.advance(every);
    }
}

AlertState state_of_stormed(World& world, int id)
{
    return world.look([&](storage::Transaction& tx) { return storage::Alerts{tx}.find({id}).value_or(oncall::Alert{}).state; });
}

std::string story_of_stormed(World& world, int id)
{
    std::string text;
    for (const auto& entry : world.look([&](storage::Transaction& tx) { return storage::Timeline{tx}.of_alert({id}); }))
        text += entry.actor + " " + entry.text + "\n";
    return text;
}

oncall::Configuration with_verbosity(Verbosity verbosity)
{
    auto configuration = sample_configuration();
    configuration.teams.at("payments").verbosity = verbosity;
    return configuration;
}

} // namespace

TEST_CASE(
    "A storm of thirty alerts is four messages in the channel, and one button acknowledges what it shows", "[scenarios][calm]")
{
    World world;
    storm_of_alerts(world, 1, 30, 2s);
    world.advance(3s);
    INFO(world.slack().story());
    REQUIRE(posted_in_channel(world).size() == 4); // three cards, and one for all others
    const auto seen = posted_in_channel(world).back();
    const auto text = world.slack().plain(seen);
    CHECK(has(text, "27 alerts in payments"));
    CHECK(has(text, "27 wait for an answer"));
    CHECK(has(text, "#30 Alert 30 fires"));
    CHECK(has(text, "and 18 more: "));
    CHECK(has(text, "Paged now: @ana"));
    CHECK(text.find("@ana") == text.rfind("@ana"));

    // It takes what was seen, and nothing that came later.
    storm_of_alerts(world, 31, 31, 5s);
    CHECK(has(world.slack().plain(posted_in_channel(world).back()), "28 alerts in payments"));
    world.bo().click_as_seen(seen, "Acknowledge all");
    world.advance(5s);
    for (int id = 1; id <= 31; ++id) {
        INFO(id);
        const bool was_seen = id > 3 && id < 31;
        CHECK((state_of_stormed(world, id) == AlertState::acknowledged) == was_seen);
        CHECK(has(story_of_stormed(world, id), world.bo().id() + " acknowledged: one of 27 at once") == was_seen);
    }
    CHECK(has(world.bo().last_ephemeral().text, "You have 27 alerts: "));
    CHECK(has(world.slack().plain(posted_in_channel(world).back()), "27 answered · 1 waits for an answer"));
    // Pressed again, and by others, it changes nothing.
    world.bo().click_as_seen(seen, "Acknowledge all");
    world.advance(2s);
    CHECK(has(world.bo().last_ephemeral().text, "All 27 of them have been answered already"));
    world.chi().click(posted_in_channel(world).back(), "Acknowledge");
    world.advance(2s);
    CHECK(state_of_stormed(world, 31) == AlertState::acknowledged);

    // Each can be looked at, and the card follows to its end.
    world.chi().click(posted_in_channel(world).back(), "Show #30");
    world.advance(2s);
    CHECK(has(world.slack().plain(world.chi().last_ephemeral()), "Alert 30 fires"));
    CHECK(has(type(world, world.chi(), "show 5"), "Alert 5 fires"));
    CHECK(has(type(world, world.chi(), "show 500"), "There is no alert #500"));
    CHECK(has(type(world, world.chi(), "status here"), "Alert 31 fires"));
    for (int id = 4; id <= 12; ++id)
        world.resolved("key-" + std::to_string(id));
    world.advance(5s);
    CHECK(has(world.slack().plain(posted_in_channel(world).back()), "9 of 28 resolved"));
    for (int id = 13; id <= 31; ++id)
        world.resolved("key-" + std::to_string(id));
    world.advance(5s);
    CHECK(has(world.slack().plain(posted_in_channel(world).back()), "28 alerts in payments, all resolved"));
    CHECK(has(world.slack().plain(posted_in_channel(world).front()), "Alert 1 fires")); // it has its card still
    CHECK(posted_in_channel(world).size() == 4);
}

TEST_CASE("Drills and pages by hand make no storm", "[scenarios][calm][socket]")
{
    World world;
    type(world, world.bo(), "test payments");
    for (int i = 0; i < 2; ++i)
        type(world, world.bo(), "page @chi the vault is stuck, part " + std::to_string(i));
    world.advance(2s);
    INFO(world.slack().story());
    REQUIRE(posted_in_channel(world).size() == 3);
    storm_of_alerts(world, 1, 4, 1s);
    world.advance(5s);
    std::vector<std::int64_t> with_cards;
    for (std::int64_t id = 4; id <= 7; ++id)
        if (!world.look([&](storage::Transaction& tx) { return storage::ChannelBundles{tx}.of_alert({id}); }))
            with_cards.push_back(id);
    CHECK(with_cards == std::vector<std::int64_t>{4, 5, 6}); // the fourth that was reported begins the storm
}

TEST_CASE("In a storm the button takes what was seen alone, and each alert's whole menu is two presses away",
    "[scenarios][calm][socket]")
{
    World world;
    storm_of_alerts(world, 1, 6, 1s);
    world.advance(5s);
    const auto seen = posted_in_channel(world).back();
    world.resolved("key-5");
    storm_of_alerts(world, 7, 7, 5s);
    world.bo().click_as_seen(seen, "Acknowledge all");
    world.advance(5s);
    INFO(world.slack().story());
    CHECK(state_of_stormed(world, 4) == AlertState::acknowledged);
    CHECK(state_of_stormed(world, 5) == AlertState::resolved); // over meanwhile, and stays so
    CHECK(state_of_stormed(world, 6) == AlertState::acknowledged);
    CHECK(state_of_stormed(world, 7) == AlertState::triggered); // came after it was seen
    for (const auto& [option, form] :
        std::vector<std::pair<std::string, std::string>>{{"Not me …", "Why"}, {"Reassign …", "Whom"}}) {
        INFO(option);
        world.ana().click(posted_in_channel(world).back(), "Show #7");
        world.advance(2s);
        world.ana().choose(world.ana().last_ephemeral(), "", option);
        world.advance(1s);
        REQUIRE(world.ana().modals() == 1);
        CHECK(has(modal(world, world.ana()), form));
        world.ana().close_all();
        world.settle();
    }
}

TEST_CASE("A storm at once costs one edit", "[scenarios][calm][socket]")
{
    World world;
    storm_of_alerts(world, 1, 30, 0s);
    world.advance(10s);
    REQUIRE(posted_in_channel(world).size() == 4);
    CHECK(posted_in_channel(world).back().edits.size() <= 2);
    for (int id = 4; id <= 30; ++id)
        world.resolved("key-" + std::to_string(id));
    world.advance(10s);
    CHECK(posted_in_channel(world).back().edits.size() <= 4);
    CHECK(has(world.slack().plain(posted_in_channel(world).back()), "Over by themselves, and nobody had answered: #"));
    // Minutes later a single alert has a card of its own.
    world.advance(2min);
    storm_of_alerts(world, 31, 31, 3s);
    CHECK(has(last_card(world), "Alert 31 fires"));
    CHECK_FALSE(has(last_card(world), "alerts in"));
}

TEST_CASE("A storm's card that somebody deletes is posted anew with the next alert", "[scenarios][calm][socket]")
{
    World world;
    storm_of_alerts(world, 1, 5, 1s);
    world.advance(5s);
    REQUIRE(posted_in_channel(world).size() == 4);
    const auto old = posted_in_channel(world).back();
    REQUIRE(world.call("chat.delete", {{"channel", old.channel}, {"ts", old.ts}})["ok"] == true);
    storm_of_alerts(world, 6, 6, 10s);
    INFO(world.slack().story());
    REQUIRE(posted_in_channel(world).size() == 4);
    const auto text = world.slack().plain(posted_in_channel(world).back());
    CHECK(has(text, "3 alerts in payments"));
    CHECK(has(text, "#6 Alert 6 fires"));
}

TEST_CASE("A storm's card waits for a channel that takes nothing, and comes when the bot is invited", "[scenarios][calm][socket]")
{
    World world;
    world.slack().settings().scopes.erase("chat:write.public");
    world.channel().admit_bot(false);
    storm_of_alerts(world, 1, 6, 1s);
    world.advance(15s);
    CHECK(posted_in_channel(world).empty());
    world.channel().admit_bot();
    world.advance(20s);
    INFO(world.slack().story());
    std::string all;
    for (const auto& message : posted_in_channel(world))
        all += world.slack().plain(message) + "\n";
    CHECK(has(all, "3 alerts in payments"));
    for (int id = 1; id <= 6; ++id)
        CHECK(has(all, "Alert " + std::to_string(id) + " fires"));
}

TEST_CASE("A channel that wants every change reads who took a storm, in words that are for all", "[scenarios][calm][socket]")
{
    World world{with_verbosity(Verbosity::all)};
    storm_of_alerts(world, 1, 6, 1s);
    world.advance(5s);
    world.bo().click(posted_in_channel(world).back(), "Acknowledge all");
    world.advance(5s);
    INFO(world.slack().story());
    const auto line = posted_in_channel(world).back().text;
    CHECK(has(line, " acknowledged 3 alerts: #6, #5 and #4."));
    CHECK_FALSE(has(line, "You have"));
}

TEST_CASE("What was low and over in a storm before anybody had answered is said on its card", "[scenarios][calm][socket]")
{
    World world;
    storm_of_alerts(world, 1, 3, 1s);
    for (const std::string key : {"low-4", "low-5"})
        world.post("demo-scripts-key",
            R"({"title":"Disk fills","severity":"warning","service":"checkout","dedup_key":")" + key + R"("})");
    world.advance(3s);
    world.resolved("low-4");
    world.advance(5s);
    INFO(world.slack().story());
    CHECK(has(world.slack().plain(posted_in_channel(world).back()), "nobody had answered: #4"));
}

TEST_CASE("The details of an alert follow when one of their buttons is pressed", "[scenarios][calm][socket]")
{
    World world;
    storm_of_alerts(world, 1, 5, 1s);
    world.advance(5s);
    world.bo().click(posted_in_channel(world).back(), "Show #5");
    world.advance(2s);
    const auto details = world.bo().last_ephemeral();
    CHECK(has(world.slack().plain(details), "Triggered"));
    world.bo().click(details, "Resolve");
    world.advance(3s);
    INFO(world.slack().story());
    CHECK(state_of_stormed(world, 5) == AlertState::resolved);
    const auto seen = world.bo().ephemerals();
    CHECK(std::any_of(seen.begin(), seen.end(), [&](const auto& one) {
        return has(world.slack().plain(one), "Resolved by bo") && has(world.slack().plain(one), "Re-open");
    }));
    CHECK(std::none_of(seen.begin(), seen.end(), [&](const auto& one) { return has(world.slack().plain(one), "Triggered"); }));
}

TEST_CASE("An alert that pages nobody is told aloud when it joins a storm, once", "[scenarios][calm][socket]")
{
    World world{sample_with_a_bare_owner()};
    storm_of_alerts(world, 1, 5, 1s);
    world.advance(5s);
    REQUIRE(posted_in_channel(world).size() == 4);
    const auto unmapped = [&](const std::string& name) {
        world.post("demo-alertmanager-key",
            R"({"version":"4","status":"firing","alerts":[{"status":"firing","annotations":{},"labels":{"alertname":")" + name
                + R"("},"fingerprint":")" + name + R"("}]})");
        world.advance(5s);
    };
    unmapped("Stray");
    INFO(world.slack().story());
    REQUIRE(posted_in_channel(world).size() == 5);
    CHECK(has(posted_in_channel(world).back().text, "Nobody is paged for #6 Stray"));
    CHECK(has(world.slack().plain(posted_in_channel(world)[3]), "Nobody is paged: #6"));
    unmapped("Vagrant");
    CHECK(posted_in_channel(world).size() == 5);
    CHECK(has(world.slack().plain(posted_in_channel(world)[3]), "Nobody is paged: #7, #6"));
}

TEST_CASE(
    "Wherever the service dies in a storm, the channel has one card of it, with every alert", "[scenarios][calm][crash][socket]")
{
    const auto play = [](World& world) {
        for (int i = 1; i <= 6; ++i)
            while (true) {
                if (!world.running())
                    world.start();
                if (world.alert("Alert " + std::to_string(i) + " fires", "key-" + std::to_string(i)).status == 202)
                    break;
            }
        for (int i = 0; i < 4; ++i) {
            if (!world.running())
                world.start();
            world.advance(10s);
        }
    };
    World calm;
    play(calm);
    const auto survives = [&](World::Doom doom, const std::string& where) {
        World world;
        world.commits = world.sends = 0;
        world.doom = doom;
        play(world);
        if (!world.running())
            world.start();
        world.advance(10s);
        INFO("killed " << where << "\n" << world.slack().story());
        int storms = 0;
        std::string all;
        for (const auto& message : posted_in_channel(world)) {
            const auto text = world.slack().plain(message);
            storms += has(text, "alerts in payments");
            all += text + "\n";
        }
        CHECK(storms == 1);
        for (int id = 1; id <= 6; ++id)
            CHECK(has(all, "Alert " + std::to_string(id) + " fires"));
        CHECK(posted_in_channel(world).size() == 4);
    };
    const int commits = calm.commits, sends = calm.sends;
    for (int n = 2; n <= commits; n += 9)
        survives({.commit = n}, "after commit " + std::to_string(n));
    for (int n = 1; n <= sends; n += 4) {
        survives({.before_send = n}, "before send " + std::to_string(n));
        survives({.after_send = n}, "after send " + std::to_string(n));
    }
}

TEST_CASE("A channel is told as much as its team wants: cards, their threads, or every change", "[scenarios][calm]")
{
    const auto verbosity = GENERATE(Verbosity::cards, Verbosity::thread, Verbosity::all);
    World world{with_verbosity(verbosity)};
    INFO(oncall::name(verbosity));
    world.alert("Checkout is down");
    world.advance(3s);
    world.ana().click(world.ana().last_dm(), "Acknowledge");
    world.advance(3s);
    INFO(world.slack().story());
    CHECK(has(world.slack().plain(world.slack().now(world.ana().dms().front())), "Acknowledged by ana"));
    world.bo().click(posted_in_channel(world).front(), "Resolve");
    world.advance(3s);
    INFO(world.slack().story());
    const auto messages = posted_in_channel(world);
    CHECK(has(card(world), "Resolved by bo"));
    CHECK(has(thread(world), "acknowledged") == (verbosity != Verbosity::cards));
    CHECK(has(thread(world), "resolved") == (verbosity != Verbosity::cards));
    if (verbosity != Verbosity::all) {
        CHECK(messages.size() == 1);
        return;
    }
    REQUIRE(messages.size() == 3);
    CHECK(has(messages[1].text, "#1 Checkout is down"));
    CHECK(has(messages[1].text, "Acknowledged by ana"));
    CHECK(has(messages[2].text, "Resolved by bo after "));
    for (const auto& message : messages)
        CHECK_FALSE(has(message.text, "<@")); // the card mentions whom it pages, and no line anybody
    type(world, world.chi(), "reopen 1");
    world.advance(3s);
    CHECK(has(posted_in_channel(world).back().text, "open again"));
}

TEST_CASE("A card that stands in the channel of before is told as much as its team wants", "[scenarios][calm][socket]")
{
    auto configuration = with_verbosity(Verbosity::cards);
    World world{configuration};
    world.alert("Checkout is down");
    world.advance(3s);
    configuration.teams.at("payments").channel = "#war-room";
    REQUIRE(world.apply(configuration).has_value());
    world.ana().click(world.ana().last_dm(), "Acknowledge");
    world.advance(5s);
    INFO(world.slack().story());
    CHECK(has(card(world), "Acknowledged by ana"));
    CHECK_FALSE(has(thread(world), "acknowledged"));
}

TEST_CASE("Nobody answering is said aloud in a channel that wants cards alone", "[scenarios][calm][socket]")
{
    World world{with_verbosity(Verbosity::cards)};
    SECTION("the policy comes to its end")
    {
        world.alert("Checkout is down");
        world.advance(2h);
        INFO(world.slack().story());
        CHECK(has(thread(world), "nobody answered: everybody on policy payments has been tried"));
        CHECK_FALSE(has(thread(world), "paging"));
        const auto all = posted_in_channel(world);
        CHECK(std::any_of(all.begin(), all.end(),
            [&](const auto& message) { return has(world.slack().plain(message), "Nobody answered this page"); }));
    }
    SECTION("somebody notes something")
    {
        world.alert("Checkout is down");
        type(world, world.bo(), "note 1 do not fail over");
        world.advance(3s);
        CHECK(has(thread(world), "do not fail over"));
        CHECK(has(type(world, world.chi(), "show 1"), "do not fail over"));
    }
    SECTION("it is over by itself")
    {
        world.alert("Checkout is down");
        world.advance(1min);
        world.resolved();
        world.advance(3s);
        CHECK(has(thread(world), "it was over by itself, and nobody had answered"));
        CHECK_FALSE(has(thread(world), "reported"));
        CHECK(has(card(world), "nobody had answered"));
    }
}

TEST_CASE(
    "When a step pages several people the channel has one message and one line that mentions them", "[scenarios][calm][socket]")
{
    auto configuration = sample_configuration();
    configuration.policies.at("payments").levels.front().targets = {{oncall::TargetKind::team, "payments"}};
    World world{configuration};
    world.alert("Checkout is down");
    world.advance(3s);
    REQUIRE(posted_in_channel(world).size() == 1);
    const auto text = card(world);
    CHECK(has(text, "Paged now: @ana, @bo and @chi\n"));
    for (const auto* person : {"@ana", "@bo", "@chi"})
        CHECK(text.find(person) == text.rfind(person));
    for (const auto& line : world.channel().thread(posted_in_channel(world).front()))
        CHECK_FALSE(has(line.text, "<@"));
    // The person who answered, and those who need not any more, see the same.
    world.bo().click(world.bo().last_dm(), "Acknowledge");
    world.advance(3s);
    CHECK(has(world.slack().plain(world.ana().last_dm()), "Acknowledged by bo"));
    CHECK(has(world.slack().plain(world.ana().last_dm()), "Paging you"));
    CHECK(has(card(world), "Paging ana, bo and chi"));
    CHECK_FALSE(has(card(world), "@ana"));
    CHECK(posted_in_channel(world).size() == 1);
}
