#include "catch.hpp"
#include "places.hpp"
#include "scenarios/sees.hpp"
#include "scenarios/world.hpp"
#include "storage/troubles.hpp"

#include <algorithm>

using namespace scenario;

namespace {

std::string all_in(World& world, workspace::Channel& channel)
{
    std::string text;
    for (const auto& message : channel.messages())
        text += world.slack().plain(world.slack().now(message)) + "\n";
    return text;
}

std::size_t times_in(const std::string& text, const std::string& part)
{
    std::size_t count = 0;
    for (auto at = text.find(part); at != text.npos; at = text.find(part, at + part.size()))
        ++count;
    return count;
}

std::string health_of(World& world)
{
    net::Request request;
    request.target = "/health";
    const auto answer = world.request(std::move(request));
    CHECK(answer.status == 200);
    return answer.body;
}

/// The bot is in none of the channels, and may post only where it is.
void send_away(World& world)
{
    world.slack().settings().scopes.erase("chat:write.public");
    world.channel().admit_bot(false);
}

} // namespace

TEST_CASE(
    "A channel without the bot is said once, and has what still counts as soon as the bot is invited", "[scenarios][errors]")
{
    World world;
    world.app().context().bundling.hold = 0s; // each by itself
    world.advance(1s);
    send_away(world);
    world.alert("Checkout is down");
    world.alert("Search is slow", "search-slow");
    world.advance(15s);
    CHECK(world.channel().messages().empty());
    const std::string words{
        "I could not post in #payments-alerts (team payments): I am not in the channel (not_in_channel). Write "
        "`/invite @oncall` there."};
    {
        INFO(world.slack().story());
        CHECK(times_in(all_in(world, world.fallback()), words) == 1);
        CHECK(has(health_of(world), "I am not in the channel (not_in_channel)"));
        CHECK(has(
            type(world, world.bo(), "status"), "I cannot post in #payments-alerts: I am not in the channel (not_in_channel)."));
        CHECK_FALSE(has(health_of(world), "#payments"));
        world.bo().open_home();
        world.advance(2s);
        CHECK(has(world.slack().plain(world.bo().home()), "I could not post in #payments-alerts"));
    }
    SECTION("at once, by the event")
    {
        world.resolved("search-slow");
        const auto dms = world.ana().dms();
        const auto page = std::find_if(
            dms.begin(), dms.end(), [&](const auto& dm) { return has(world.slack().plain(dm), "Checkout is down"); });
        REQUIRE(page != dms.end());
        world.ana().click(*page, "Acknowledge");
        world.advance(10s);
        // Whatever dies meanwhile, it is not said again.
        world.kill();
        world.start();
        world.alert("Login is down", "login-down");
        world.advance(10s);
        CHECK(world.channel().messages().empty());
        world.channel().admit_bot();
        world.advance(10s);
        INFO(world.slack().story());
        const auto there = all_in(world, world.channel());
        CHECK(times_in(there, "#1 Checkout is down") == 1);
        CHECK(times_in(there, "#3 Login is down") == 1);
        CHECK_FALSE(has(there, "Search is slow")); // over before anybody could read of it
        CHECK(has(there, "Acknowledged"));
        CHECK(has(thread(world), "could not post this in #payments-alerts: I am not in the channel"));
        const auto said = all_in(world, world.fallback());
        CHECK(times_in(said, words) == 1);
        CHECK(times_in(said, "I can post in #payments-alerts again.") == 1);
        CHECK_FALSE(has(health_of(world), "troubles"));
    }
    SECTION("and within minutes, where Slack does not tell")
    {
        world.slack().settings().events.erase("member_joined_channel");
        world.channel().admit_bot();
        world.advance(6min);
        INFO(world.slack().story());
        CHECK(has(all_in(world, world.channel()), "Checkout is down"));
        CHECK(times_in(all_in(world, world.fallback()), "I can post in #payments-alerts again.") == 1);
    }
    SECTION("or where nothing waits any more")
    {
        for (const auto* key : {"checkout-down", "search-slow"})
            world.resolved(key);
        world.advance(6min);
        CHECK(has(health_of(world), "I am not in the channel"));
        world.channel().admit_bot();
        world.advance(10s);
        INFO(world.slack().story());
        CHECK(world.channel().messages().empty());
        CHECK(times_in(all_in(world, world.fallback()), "I can post in #payments-alerts again.") == 1);
        CHECK_FALSE(has(health_of(world), "troubles"));
    }
    SECTION("or goes to the channel that is named instead")
    {
        auto file = sample_configuration();
        file.teams.at("payments").channel = "#war-room";
        world.resolved("search-slow");
        world.slack().channel("war-room").admit_bot();
        REQUIRE(world.apply(file).has_value());
        world.advance(6min);
        INFO(world.slack().story());
        const auto there = all_in(world, world.slack().channel("war-room"));
        CHECK(times_in(there, "#1 Checkout is down") == 1);
        CHECK_FALSE(has(there, "Search is slow"));
        CHECK_FALSE(has(health_of(world), "troubles"));
    }
    CHECK(world.slack().violations().empty());
}

TEST_CASE("Where the fallback channel itself takes nothing, the administrators are told directly", "[scenarios][errors]")
{
    World world;
    world.kill();
    world.admins = {"cto@example.com"};
    world.start();
    world.advance(1s);
    send_away(world);
    world.fallback().admit_bot(false);
    world.alert("Checkout is down");
    world.advance(15s);
    const auto told = [&] {
        std::size_t count = 0;
        for (const auto& dm : world.cto().dms())
            count += times_in(world.slack().plain(dm), "I could not post in #ops (ONCALL_CHANNEL)");
        return count;
    };
    INFO(world.slack().story());
    CHECK(told() == 1);
    world.fallback().admit_bot();
    world.advance(10s);
    CHECK(has(all_in(world, world.fallback()), "I could not post in #payments-alerts (team payments)"));
    CHECK(told() == 1);
    CHECK(world.slack().violations().empty());
}

TEST_CASE("Administrators who cannot be written to in Slack are told by mail", "[scenarios][errors]")
{
    World world;
    world.kill();
    world.admins = {"cto@example.com"};
    world.open_post_office();
    world.advance(1s);
    world.fallback().admit_bot(false);
    world.slack().settings().scopes.erase("chat:write.public");
    world.write([&](storage::Transaction& tx) {
        for (const auto& of : {storage::TroubleKey{"app", "messages_tab_disabled"}, storage::TroubleKey{"channel", "#ops"}})
            storage::Troubles{tx}.note(of, of.kind == "app" ? of.subject : "not_in_channel", "chat.postMessage",
                world.clock.now(), world.clock.now() + 5min);
        return true;
    });
    world.kill();
    world.start();
    world.advance(5s);
    std::string mails;
    for (const auto& mail : world.post_office.seen)
        if (mail.to == "cto@example.com")
            mails += mail.text;
    INFO(mails);
    CHECK(times_in(mails, "Messages Tab is off") == 1);
    CHECK(times_in(mails, "I could not post in #ops (ONCALL_CHANNEL)") == 1);
}

TEST_CASE("A place that only Slack's id names is no trouble of a channel's", "[scenarios][errors]")
{
    auto configuration = sample_configuration();
    const oncall::Target there{oncall::TargetKind::channel, "#war-room"};
    configuration.policies.at("payments").levels.front().targets.push_back(there);
    World world{configuration};
    world.advance(1s);
    world.alert("Checkout is down");
    world.advance(3s);
    auto& room = world.slack().channel("war-room");
    REQUIRE(room.messages().size() == 1);
    room.archive();
    type(world, world.ana(), "ack 1");
    world.advance(5s);
    INFO(world.slack().story());
    CHECK_FALSE(has(all_in(world, world.fallback()), "I could not post in"));
    CHECK_FALSE(has(health_of(world), "troubles"));
}

TEST_CASE("A scope that is missing is said with what stops, and what waited goes out once it is granted", "[scenarios][errors]")
{
    World world;
    world.kill();
    world.admins = {"cto@example.com"};
    world.open_post_office();
    world.advance(1s);
    auto& scopes = world.slack().settings().scopes;
    SECTION("without which nothing is posted: by mail, and the page goes on by other ways")
    {
        scopes.erase("chat:write");
        world.alert("Checkout is down");
        world.advance(20s);
        std::size_t mails = 0, pages = 0;
        for (const auto& mail : world.post_office.seen) {
            mails += mail.to == "cto@example.com" && has(mail.text, "The app lacks the scope chat:write: nothing can be posted")
                ? 1
                : 0;
            pages += mail.to == "ana@example.com" && has(mail.text, "Checkout is down") ? 1 : 0;
        }
        CHECK(mails == 1);
        CHECK(pages == 1);
        CHECK(has(health_of(world), "the app lacks the scope chat:write"));
        scopes.insert("chat:write");
        world.advance(6min);
        INFO(world.slack().story());
        CHECK(has(card(world), "Checkout is down"));
        CHECK(has(thread(world), "the app lacks the scope chat:write (missing_scope)"));
        CHECK(times_in(all_in(world, world.fallback()), "The app has the scope chat:write now") == 1);
    }
    SECTION("without which only something stops: in the fallback channel")
    {
        scopes.erase("dnd:read");
        world.write([&](storage::Transaction& tx) {
            return storage::Troubles{tx}.note(
                {"scope", "dnd:read"}, "missing_scope", "dnd.info", world.clock.now(), world.clock.now() + 5min);
        });
        world.kill();
        world.start();
        world.advance(5s);
        CHECK(times_in(all_in(world, world.fallback()), "The app lacks the scope dnd:read: who is in Do Not Disturb") == 1);
        world.advance(11min);
        CHECK(times_in(all_in(world, world.fallback()), "The app lacks the scope dnd:read") == 1);
        scopes.insert("dnd:read");
        world.advance(6min);
        INFO(world.slack().story());
        CHECK(times_in(all_in(world, world.fallback()), "The app has the scope dnd:read now") == 1);
    }
    CHECK(world.slack().violations().empty());
}

TEST_CASE("A token that is revoked keeps no page: other ways are tried at once, and mail tells of it", "[scenarios][errors]")
{
    auto configuration = sample_configuration();
    const oncall::Target there{oncall::TargetKind::channel, "#war-room"};
    configuration.policies.at("payments").levels.front().targets.push_back(there);
    World world{configuration};
    world.kill();
    world.admins = {"cto@example.com"};
    world.open_post_office();
    world.advance(1s);
    world.slack().fail_with("*", "token_revoked", 100'000);
    world.alert("Checkout is down");
    world.advance(10s);
    std::size_t pages = 0, said = 0;
    for (const auto& mail : world.post_office.seen) {
        pages += mail.to == "ana@example.com" && has(mail.text, "Checkout is down") ? 1 : 0;
        said += mail.to == "cto@example.com" ? times_in(mail.text, "Slack does not accept SLACK_BOT_TOKEN") : 0;
    }
    {
        INFO(world.slack().story());
        CHECK(pages == 1);
        CHECK(said == 1);
        CHECK(has(health_of(world), "Slack does not accept SLACK_BOT_TOKEN"));
    }
    world.slack().heal();
    world.advance(6min);
    INFO(world.slack().story());
    const auto there_then = all_in(world, world.fallback());
    CHECK(times_in(there_then, "Slack accepts SLACK_BOT_TOKEN again.") == 1);
    CHECK_FALSE(has(there_then, "I could not post in")); // it is said once, and that was by mail
    CHECK(has(card(world), "Checkout is down"));
    CHECK_FALSE(has(health_of(world), "troubles"));
    CHECK(world.slack().violations().empty());
}

TEST_CASE("A person whom Slack does not reach is named with the reason and what to do", "[scenarios][errors]")
{
    World world;
    world.open_post_office();
    world.slack().fail_with("chat.postMessage", "cannot_dm_bot", 1);
    world.alert("Checkout is down");
    world.advance(15s);
    INFO(world.slack().story());
    CHECK(has(
        thread(world), "they are a bot, and bots take no direct messages (cannot_dm_bot). Name a person in the configuration."));
    CHECK(has(card(world), "ana – Slack failed (they are a bot, and bots take no direct messages (cannot_dm_bot)"));
    CHECK_FALSE(has(health_of(world), "troubles")); // of one person, not of the app
}
