#include "catch.hpp"
#include "scenarios/world.hpp"

using namespace scenario;

namespace {

using Names = std::vector<std::string>;

constexpr auto monday = 6 * 24h - 4h; // 2026-11-09 09:00 in Berlin, from noon on: bo's turn begins

/// The sample, whose team has a user group and lets its topic follow.
oncall::Configuration sample(const std::string& group = "@payments-oncall", bool topic = false)
{
    auto configuration = sample_configuration();
    configuration.teams.at("payments").user_group = group;
    configuration.teams.at("payments").topic = topic;
    return configuration;
}

/// A world with the group, in which chi was left by somebody.
struct GroupWorld : World {
    explicit GroupWorld(oncall::Configuration configuration = sample())
        : World{std::move(configuration)}
    {
        // The group is made after the bot has looked for it.
        slack().add_user_group("payments-oncall", {"chi"});
        kill();
        start();
        advance(1s);
    }
    Names group() { return slack().user_group("payments-oncall"); }
    std::size_t updates() { return slack().calls("usergroups.users.update").size(); }
    /// What was said in the fallback channel so far.
    std::string said()
    {
        std::string text;
        for (const auto& message : fallback().messages())
            text += slack().plain(message) + "\n";
        return text;
    }
};

/// Somebody makes an override; it holds from the commit on.
void override_by(World& world, oncall::Override what)
{
    world.write([&](storage::Transaction& tx) {
        storage::StoredOverride one;
        one.what = what;
        one.schedule = "payments";
        one.made_by = "cto";
        one.made_at = world.clock.now();
        storage::Overrides{tx}.add(one);
        return one.what.id;
    });
    world.put_in_force();
}

/// Some days pass without the bot, so that nobody waits for them.
void sleep_for(World& world, milliseconds time)
{
    world.kill();
    world.clock.advance(time);
    world.start();
    world.advance(1s);
}

oncall::Override put(World& world, milliseconds length, const Names& people)
{
    return {.from = world.clock.now(), .to = world.clock.now() + length, .people = people};
}

} // namespace

TEST_CASE("A handoff moves the user group within seconds", "[scenarios][followers][socket]")
{
    GroupWorld world;
    INFO(world.slack().story());
    CHECK(world.group() == Names{"ana"});
    sleep_for(world, monday - 1min);
    world.advance(57s);
    CHECK(world.group() == Names{"ana"});
    const auto before = world.updates();
    world.advance(2s);
    CHECK(world.group() == Names{"bo"});
    CHECK(world.updates() == before + 1);
    CHECK(world.fallback().messages().size() == 2); // it was not there, and then it was
    CHECK(world.slack().violations().empty());
}

TEST_CASE("An override and an edit move the user group at once", "[scenarios][followers][socket]")
{
    GroupWorld world;
    override_by(world, put(world, 1h, {"chi@example.com", "bo@example.com"}));
    world.settle();
    INFO(world.slack().story());
    CHECK(world.group() == Names{"bo", "chi"});
    world.advance(1h - 1s);
    CHECK(world.group() == Names{"bo", "chi"});
    world.advance(2s);
    CHECK(world.group() == Names{"ana"});

    // Somebody nobody knew yet is looked up first.
    override_by(world, put(world, 1h, {"dee@example.com"}));
    world.settle();
    CHECK(world.group() == Names{"dee"});
}

TEST_CASE("Several schedules, several teams and permanent members share one user group", "[scenarios][followers][socket]")
{
    auto configuration = sample();
    auto& other = configuration.schedules["search"] = configuration.schedules.at("payments");
    other.name = "search";
    other.rotations.front().turns = {{"dee@example.com"}, {"bo@example.com"}, {"dee@example.com"}};
    configuration.policies.at("payments").levels.front().targets.push_back({oncall::TargetKind::schedule, "search"});
    configuration.teams["leads"] = {.name = "leads", .user_group = "@payments-oncall", .permanent_members = {"cto@example.com"}};
    GroupWorld world{configuration};
    INFO(world.slack().story());
    CHECK(world.group() == Names{"ana", "cto", "dee"});
    sleep_for(world, monday - 1min);
    CHECK(world.group() == Names{"ana", "cto", "dee"});
    world.advance(1min);
    CHECK(world.group() == Names{"bo", "cto"});
}

TEST_CASE("What somebody changed in the user group by hand is set right", "[scenarios][followers][socket]")
{
    GroupWorld world;
    const auto before = world.updates();
    world.slack().set_user_group("payments-oncall", {"dee", "cto"});
    world.advance(11min);
    INFO(world.slack().story());
    CHECK(world.group() == Names{"ana"});
    CHECK(world.updates() == before + 1);
    // Left alone while it is right, and asked for once in ten minutes.
    const auto looks = world.slack().calls("usergroups.users.list").size();
    world.advance(60min);
    CHECK(world.updates() == before + 1);
    CHECK(world.slack().calls("usergroups.users.list").size() == looks + 6);
}

TEST_CASE("A restart does not repeat an update that is right already", "[scenarios][followers][socket]")
{
    GroupWorld world;
    world.advance(1min);
    const auto before = world.updates();
    for (int i = 0; i < 3; ++i) {
        world.kill();
        world.start();
        world.advance(1min);
    }
    INFO(world.slack().story());
    CHECK(world.updates() == before);
    // A handoff that was missed is made up for, once.
    world.kill();
    world.clock.advance(monday);
    world.start();
    world.settle();
    CHECK(world.group() == Names{"bo"});
    CHECK(world.updates() == before + 1);
}

TEST_CASE(
    "Wherever the bot dies at a handoff, the user group is right after it starts again", "[scenarios][followers][crash][socket]")
{
    for (int n = 1; n <= 4; ++n) {
        GroupWorld world;
        sleep_for(world, monday - 4s);
        world.doom.commit = world.commits + n;
        world.advance(10s);
        if (!world.running())
            world.start();
        world.advance(10s);
        INFO(n << "\n" << world.slack().story());
        CHECK(world.group() == Names{"bo"});
    }
    // Slack has it, and its answer never came.
    GroupWorld world;
    sleep_for(world, monday - 4s);
    world.slack().act_then_hang("usergroups.users.update");
    world.advance(4s);
    CHECK(world.group() == Names{"bo"});
    world.kill();
    world.start();
    override_by(world, put(world, 1h, {"ana@example.com"}));
    world.advance(1s);
    INFO(world.slack().story());
    CHECK(world.group() == Names{"ana"});
}

TEST_CASE("What Slack refuses for a user group is said once with its fix, and set right when that is done",
    "[scenarios][followers][socket]")
{
    GroupWorld world;
    auto& settings = world.slack().settings();
    struct Case {
        std::string name{}, words{};
        std::function<void()> breaks{}, mends{};
    };
    const std::vector<Case> cases{
        {"permission", "only admins may change that", [&] { settings.everyone_edits_groups = false; },
            [&] { settings.everyone_edits_groups = true; }},
        {"scope", "lacks the scope usergroups:write", [&] { settings.scopes.erase("usergroups:write"); },
            [&] { settings.scopes.insert("usergroups:write"); }},
        {"plan", "on paid plans only", [&] { settings.has_user_groups = false; }, [&] { settings.has_user_groups = true; }},
        {"disabled", "Enable it in Slack", [&] { world.slack().enable_user_group("payments-oncall", false); },
            [&] { world.slack().enable_user_group("payments-oncall", true); }},
        {"size", "fewer permanent_members", [&] { settings.largest_group = 1; }, [&] { settings.largest_group = 10; }},
    };
    for (const auto& one : cases) {
        INFO(one.name << "\n" << world.slack().story());
        override_by(world, put(world, 40min, {"chi@example.com"}));
        world.advance(5s);
        REQUIRE(world.group() == Names{"chi"});
        const auto before = world.fallback().messages().size();
        one.breaks();
        override_by(world, put(world, 30min, {"bo@example.com", "cto@example.com"}));
        world.advance(15min);
        CHECK(world.group() == Names{"chi"});
        REQUIRE(world.fallback().messages().size() == before + 1);
        CHECK(has(world.slack().plain(world.fallback().last()), one.words));
        CHECK(has(world.slack().plain(world.fallback().last()), "@payments-oncall"));
        // Tried again with growing rests, at most some minutes.
        one.mends();
        world.advance(6min);
        CHECK(world.group() == Names{"bo", "cto"});
        REQUIRE(world.fallback().messages().size() == before + 2);
        CHECK(has(world.slack().plain(world.fallback().last()), "follows who is on call again: bo, cto"));
        world.advance(20min);
        CHECK(world.group() == Names{"ana"});
        CHECK(world.fallback().messages().size() == before + 2);
    }
    CHECK(world.slack().violations().empty());
}

TEST_CASE("A trouble that is over is tried at once when the configuration changes", "[scenarios][followers][socket]")
{
    GroupWorld world;
    world.slack().settings().everyone_edits_groups = false;
    override_by(world, put(world, 3h, {"bo@example.com"}));
    world.advance(30min);
    CHECK(world.group() == Names{"ana"});
    world.slack().settings().everyone_edits_groups = true;
    world.put_in_force();
    world.settle();
    INFO(world.slack().story());
    CHECK(world.group() == Names{"bo"});
}

TEST_CASE("A group that is not there is said, and found when somebody makes it", "[scenarios][followers][socket]")
{
    World world{sample()};
    world.advance(1s);
    INFO(world.slack().story());
    REQUIRE(world.fallback().messages().size() == 1);
    CHECK(has(world.slack().plain(world.fallback().last()), "there is no such user group (no_such_subteam). Make it in Slack"));
    world.slack().add_user_group("payments-oncall", {"chi"});
    world.advance(6min);
    CHECK(world.slack().user_group("payments-oncall") == Names{"ana"});
    CHECK(has(world.slack().plain(world.fallback().last()), "follows who is on call again: ana"));
    // Known by its id from now on, whatever it is called.
    world.slack().rename_user_group("payments-oncall", "payments-hotline");
    sleep_for(world, monday);
    CHECK(world.slack().user_group("payments-hotline") == Names{"bo"});
}

TEST_CASE("A handle that another group was given is followed there", "[scenarios][followers][socket]")
{
    GroupWorld world;
    REQUIRE(world.group() == Names{"ana"});
    world.slack().rename_user_group("payments-oncall", "payments-of-old");
    world.slack().add_user_group("payments-oncall", {"chi"});
    world.advance(11min);
    INFO(world.slack().story());
    CHECK(world.group() == Names{"ana"});
    sleep_for(world, monday);
    CHECK(world.group() == Names{"bo"});
    CHECK(world.slack().user_group("payments-of-old") == Names{"ana"});
    CHECK(world.slack().violations().empty());
}

TEST_CASE("When nobody is on call the user group keeps its members, and that is said", "[scenarios][followers][socket]")
{
    GroupWorld world;
    const auto before = world.fallback().messages().size();
    override_by(world,
        {.from = world.clock.now(),
            .to = world.clock.now() + 1h,
            .kind = oncall::Override::Kind::remove,
            .people = {"ana@example.com"}});
    world.advance(5s);
    INFO(world.slack().story());
    CHECK(world.group() == Names{"ana"});
    REQUIRE(world.fallback().messages().size() == before + 1);
    CHECK(has(world.said(), "Nobody is on call in schedule payments: fill the gap there"));
    world.advance(1h);
    CHECK(world.group() == Names{"ana"});
    CHECK(has(world.slack().plain(world.fallback().last()), "follows who is on call again: ana"));
    for (const auto& call : world.slack().calls("usergroups.users.update"))
        CHECK(call.error.empty()); // it never asks for an empty one
}

TEST_CASE("A guest in the list is left out and said, and comes in once a member", "[scenarios][followers][socket]")
{
    GroupWorld world;
    override_by(world, put(world, 24h, {"bo@example.com", "dee@example.com"}));
    world.advance(1s);
    REQUIRE(world.group() == Names{"bo", "dee"});
    const auto before = world.fallback().messages().size();
    // The bot knew her as a member; Slack knows better.
    world.slack().make_guest("dee");
    world.slack().set_user_group("payments-oncall", {"bo"});
    world.advance(11min);
    INFO(world.slack().story());
    CHECK(world.group() == Names{"bo"});
    REQUIRE(world.fallback().messages().size() == before + 1);
    CHECK(has(world.said(), "dee@example.com is a guest in Slack, and no user group takes guests: left out of @payments-oncall"));
    world.slack().make_guest("dee", false);
    world.advance(11min);
    CHECK(world.group() == Names{"bo", "dee"});
    REQUIRE(world.fallback().messages().size() == before + 2);
    CHECK(has(world.slack().plain(world.fallback().last()), "follows who is on call again: bo, dee"));
    // Gone for good.
    world.slack().deactivate("dee");
    world.slack().set_user_group("payments-oncall", {"bo"});
    world.advance(11min);
    CHECK(world.group() == Names{"bo"});
    CHECK(has(world.said(), "dee@example.com is deactivated in Slack"));
}

TEST_CASE("Somebody Slack does not know is left out of the user group, and said", "[scenarios][followers][socket]")
{
    GroupWorld world;
    override_by(world, put(world, 24h, {"bo@example.com", "eve@example.com"}));
    world.advance(15s);
    INFO(world.slack().story());
    CHECK(world.group() == Names{"bo"});
    CHECK(has(world.said(), "Slack does not know eve@example.com: left out of @payments-oncall"));
    world.slack().add_person("eve", "eve@example.com");
    world.advance(2min);
    CHECK(world.group() == Names{"bo", "eve"});
}

TEST_CASE("Somebody of another workspace is left out of the user group, and said", "[scenarios][followers][socket]")
{
    GroupWorld world;
    auto& stan = world.slack().add_person("stan", "stan@else.example.com", "Europe/Berlin", {.team = "T0OTHER00"});
    world.channel().admit("stan"); // by Slack Connect
    world.channel().admit_bot();
    override_by(world, put(world, 24h, {"bo@example.com", stan.id()}));
    world.advance(15s);
    INFO(world.slack().story());
    CHECK(world.group() == Names{"bo"});
    CHECK(has(world.said(), "is of another workspace, and no user group takes people of others: left out of @payments-oncall"));
    for (const auto& call : world.slack().calls("usergroups.users.update"))
        CHECK(call.error.empty()); // it never asks for a stranger
}

TEST_CASE("While Slack cannot be asked who is on call the user group stays as it is", "[scenarios][followers][socket]")
{
    GroupWorld world;
    const auto said = world.said();
    SECTION("without a word when it is soon over")
    {
        world.slack().rate_limit("users.lookupByEmail", 60s);
        override_by(world, put(world, 24h, {"bo@example.com", "dee@example.com"}));
        world.advance(50s);
        INFO(world.slack().story());
        CHECK(world.group() == Names{"ana"});
        world.advance(15s);
        CHECK(world.group() == Names{"bo", "dee"});
        CHECK(world.said() == said);
    }
    SECTION("and that is said when it lasts")
    {
        world.slack().fail_with_status("users.lookupByEmail", 500, 1000);
        override_by(world, put(world, 24h, {"bo@example.com", "dee@example.com"}));
        world.advance(9min);
        CHECK(world.said() == said);
        world.advance(2min);
        INFO(world.slack().story());
        CHECK(world.group() == Names{"ana"});
        CHECK(has(world.said(), "Slack could not be asked who dee@example.com is, and the group stays as it is until then"));
        CHECK_FALSE(has(world.said(), "does not know"));
        world.slack().heal();
        world.advance(2min);
        CHECK(world.group() == Names{"bo", "dee"});
        CHECK(has(world.slack().plain(world.fallback().last()), "follows who is on call again: bo, dee"));
    }
}

TEST_CASE("That nobody can be in the user group is not called nobody on call", "[scenarios][followers][socket]")
{
    GroupWorld world;
    auto& gus = world.slack().add_person("gus", "gus@example.com", "Europe/Berlin", {.guest = true});
    override_by(world, put(world, 24h, {gus.id(), "eve@example.com"}));
    world.advance(15s);
    INFO(world.slack().story());
    CHECK(world.group() == Names{"ana"});
    CHECK(has(world.said(), "is a guest in Slack"));
    CHECK(has(world.said(), "Slack does not know eve@example.com"));
    CHECK(has(world.said(), "Let somebody who can be in it be on call"));
    CHECK_FALSE(has(world.said(), "Nobody is on call"));
}

TEST_CASE("The topic follows who is on call and keeps what people wrote", "[scenarios][followers][socket]")
{
    World world{sample("", true)};
    world.advance(1s);
    INFO(world.slack().story());
    CHECK(world.channel().topic() == "[On call: ana until Mon 9 Nov 09:00]");
    world.channel().set_topic("R&D of payments, ask @chi or see https://wiki.example.com/pay?a=1&b=2");
    world.advance(11min);
    const std::string theirs{"R&D of payments, ask @chi or see https://wiki.example.com/pay?a=1&b=2"};
    CHECK(world.channel().topic() == theirs + " [On call: ana until Mon 9 Nov 09:00]");
    const auto before = world.slack().calls("conversations.setTopic").size();
    world.advance(60min);
    CHECK(world.slack().calls("conversations.setTopic").size() == before);
    sleep_for(world, monday - 71min);
    CHECK(world.channel().topic() == theirs + " [On call: bo until Mon 16 Nov 09:00]");
    // A long one of theirs is not cut.
    const auto longer = theirs + std::string(220 - theirs.size(), 'x');
    world.channel().set_topic(longer);
    world.advance(11min);
    CHECK(world.channel().topic() == longer + " [On call: bo]");
    world.channel().set_topic(longer + std::string(25, 'x'));
    world.advance(11min);
    CHECK(world.channel().topic() == longer + std::string(25, 'x'));
    CHECK(has(world.slack().plain(world.fallback().last()), "leaves no room. Shorten it."));
    world.channel().set_topic("Payments");
    world.advance(11min);
    CHECK(world.channel().topic() == "Payments [On call: bo until Mon 16 Nov 09:00]");
    CHECK(has(world.slack().plain(world.fallback().last()), "The topic of #payments-alerts follows who is on call again"));
    CHECK(world.slack().violations().empty());
}

TEST_CASE(
    "What Slack refuses for a topic is said with its fix, and set right when that is done", "[scenarios][followers][socket]")
{
    World world{sample("", true)};
    world.advance(1s);
    auto& settings = world.slack().settings();
    struct Case {
        std::string words{};
        std::function<void()> breaks{}, mends{};
    };
    const std::vector<Case> cases{
        {"I am not in the channel (not_in_channel). Write `/invite @oncall` there.", [&] { world.channel().admit_bot(false); },
            [&] { world.channel().admit_bot(); }},
        {"lacks the scope channels:write.topic",
            [&] {
                settings.scopes.erase("channels:manage");
                settings.scopes.erase("channels:write.topic");
            },
            [&] { settings.scopes.insert("channels:write.topic"); }},
        {"I may not change the channel (", [&] { settings.everyone_sets_topics = false; },
            [&] { settings.everyone_sets_topics = true; }},
        {"Unarchive it", [&] { world.channel().archive(); }, [&] { world.channel().archive(false); }},
    };
    for (const auto& one : cases) {
        INFO(one.words << "\n" << world.slack().story());
        const auto before = world.fallback().messages().size();
        one.breaks();
        override_by(world, put(world, 40min, {"chi@example.com"}));
        world.advance(30min);
        CHECK(has(world.channel().topic(), "[On call: ana"));
        REQUIRE(world.fallback().messages().size() == before + 1);
        CHECK(has(world.slack().plain(world.fallback().last()), one.words));
        one.mends();
        world.advance(6min);
        CHECK(has(world.channel().topic(), "[On call: chi until"));
        CHECK(world.fallback().messages().size() == before + 2);
        world.advance(10min);
        CHECK(has(world.channel().topic(), "[On call: ana until"));
    }
}

TEST_CASE("A channel that Slack does not know any more is sought again by its name", "[scenarios][followers][socket]")
{
    World world{sample("", true)};
    world.advance(1s);
    const auto lists = world.slack().calls("conversations.list").size();
    const auto said = world.fallback().messages().size();
    world.channel().set_topic("Payments");
    world.slack().fail_with("conversations.info", "channel_not_found");
    world.advance(11min);
    INFO(world.slack().story());
    CHECK(world.slack().calls("conversations.list").size() == lists + 1);
    CHECK(has(world.channel().topic(), "Payments [On call: ana"));
    CHECK(world.fallback().messages().size() == said);
}

TEST_CASE("A topic that is to follow no more says nothing any more, and the rest of it stays", "[scenarios][followers][socket]")
{
    World world{sample("", true)};
    world.channel().set_topic("Payments");
    world.advance(11min);
    REQUIRE(has(world.channel().topic(), "Payments [On call: ana"));
    world.kill();
    world.set_file(sample("", false));
    world.start();
    world.advance(1s);
    INFO(world.slack().story());
    CHECK(world.channel().topic() == "Payments");
}

TEST_CASE(
    "No page waits for a user group: not for a 429, a refusal or a Slack that hangs there", "[scenarios][followers][socket]")
{
    GroupWorld world{sample("@payments-oncall", true)};
    world.slack().rate_limit("usergroups.users.update", 120s);
    world.slack().hang("conversations.info");
    override_by(world, put(world, 24h, {"bo@example.com"}));
    world.settle();
    world.alert("Checkout is down");
    world.settle();
    INFO(world.slack().story());
    REQUIRE(world.bo().dms().size() == 1);
    CHECK(has(world.slack().push(world.bo().last_dm()), "Checkout is down"));
    // The Retry-After is kept, and then the group follows.
    world.advance(119s);
    CHECK(world.group() == Names{"ana"});
    world.advance(5s);
    CHECK(world.group() == Names{"bo"});
    CHECK(has(world.channel().topic(), "[On call: bo"));
    CHECK(world.slack().violations().empty());
}

TEST_CASE("Without the scopes for groups and topics everything else goes on, and what is missing is said once",
    "[scenarios][followers][socket]")
{
    World world{sample("@payments-oncall", true)};
    world.kill();
    for (const auto* scope : {"usergroups:read", "usergroups:write", "channels:manage", "channels:write.topic"})
        world.slack().settings().scopes.erase(scope);
    world.start();
    world.advance(2h);
    INFO(world.slack().story());
    std::string said;
    for (const auto& message : world.fallback().messages())
        said += world.slack().plain(message) + "\n";
    const auto first = said.find("lacks the scope usergroups:read");
    REQUIRE(first != said.npos);
    CHECK(said.find("lacks the scope usergroups:read", first + 1) == said.npos);
    world.alert("Checkout is down");
    world.advance(1s);
    REQUIRE(world.ana().dms().size() == 1);
    world.ana().click(world.ana().last_dm(), "Acknowledge");
    world.advance(2s);
    CHECK(has(world.slack().plain(world.channel().last()), "Acknowledged"));
}
