#include "catch.hpp"
#include "commands/verbs.hpp"
#include "notify/webhook_secret.hpp"
#include "scenarios/scripted_provider.hpp"
#include "scenarios/sees.hpp"
#include "scenarios/world.hpp"
#include "storage/levels.hpp"
#include "storage/sql.hpp"

#include <cstdlib>

using namespace scenario;
using oncall::ContactKind;
using oncall::Level;
using oncall::Order;

namespace {

Level level(const std::vector<std::string>& targets, Order order = Order::at_once, int retries = 0)
{
    Level one;
    for (const auto& target : targets)
        one.targets.push_back(*oncall::target_in(target));
    one.order = order;
    one.retries = retries;
    return one;
}

/// The sample, with these levels in its policy.
oncall::Configuration with(std::vector<Level> levels, int repeat = 0)
{
    auto configuration = sample_configuration();
    auto& policy = configuration.policies.at("payments");
    policy.levels = std::move(levels);
    policy.repeat = repeat;
    return configuration;
}

/// How many pages ana, bo, chi and cto have had.
std::vector<std::size_t> pages(World& world)
{
    return {pages_to(world.ana()), pages_to(world.bo()), pages_to(world.chi()), pages_to(world.cto())};
}
using Pages = std::vector<std::size_t>;

std::string told(World& world, std::int64_t alert = 1)
{
    std::string text;
    for (const auto& entry :
        world.look([&](storage::Transaction& tx) { return storage::Timeline{tx}.of_alert(oncall::AlertId{alert}); }))
        text += entry.text + "\n";
    return text;
}

std::string in_fallback(World& world)
{
    std::string text;
    for (const auto& message : world.fallback().messages())
        text += world.slack().plain(message) + "\n";
    return text;
}

oncall::Page page(World& world, std::int64_t alert = 1)
{
    return *world.look([&](storage::Transaction& tx) { return storage::Pages{tx}.latest(oncall::AlertId{alert}); });
}

void restart(World& world)
{
    world.kill();
    world.start();
    world.settle();
}

const std::vector<std::string> three{"user:ana@example.com", "user:bo@example.com", "user:chi@example.com"};

} // namespace

TEST_CASE("A round robin goes on with the next person after a restart", "[scenarios][levels][socket]")
{
    World world{with({level(three, Order::round_robin)})};
    world.alert("First", "one");
    CHECK(pages(world) == Pages{1, 0, 0, 0});
    restart(world);
    world.alert("Second", "two");
    CHECK(pages(world) == Pages{1, 1, 0, 0});
    restart(world);
    // Between its tries, too: the first page goes on with who comes after its first.
    world.advance(5min);
    INFO(world.slack().story());
    CHECK(pages(world) == Pages{1, 2, 1, 0});
    world.alert("Third", "three");
    CHECK(pages(world) == Pages{1, 2, 2, 0});
    world.alert("Fourth", "four");
    CHECK(pages(world) == Pages{2, 2, 2, 0});
}

TEST_CASE(
    "One by one, whoever is tried hands on by saying \"not me\", and Escalate leaves the level", "[scenarios][levels][socket]")
{
    World world{with({level(three, Order::one_by_one), level({"user:cto@example.com"})})};
    world.alert("Checkout is down");
    CHECK(pages(world) == Pages{1, 0, 0, 0});
    type(world, world.ana(), "notme 1 in a plane");
    INFO(world.slack().story());
    CHECK(pages(world) == Pages{1, 1, 0, 0});
    type(world, world.bo(), "escalate 1");
    CHECK(pages(world) == Pages{1, 1, 0, 1});
    CHECK(has(told(world), "level 2 of 2"));
}

TEST_CASE("A schedule edited while a level climbs it skips nobody and tries nobody twice", "[scenarios][levels][socket]")
{
    auto configuration = with({level({"team:payments"}, Order::one_by_one)});
    World world{configuration};
    world.alert("Checkout is down");
    CHECK(pages(world) == Pages{1, 0, 0, 0});
    // Ana goes from the first place to the last, and the cto comes in before everybody.
    configuration.teams.at("payments").members = {"cto@example.com", "bo@example.com", "chi@example.com", "ana@example.com"};
    REQUIRE(world.apply(configuration));
    world.advance(5min);
    CHECK(pages(world) == Pages{1, 0, 0, 1});
    restart(world);
    world.advance(5min);
    CHECK(pages(world) == Pages{1, 1, 0, 1});
    world.advance(5min);
    CHECK(pages(world) == Pages{1, 1, 1, 1});
    world.advance(5min);
    INFO(world.slack().story());
    CHECK(page(world).state == oncall::PageState::exhausted);
    CHECK(pages(world) == Pages{1, 1, 1, 1});
}

TEST_CASE(
    "A policy that is deleted while its page runs goes on as it began, with the policies it named", "[scenarios][levels][socket]")
{
    auto configuration = with({level({"user:ana@example.com"}), level({"policy:cto"})});
    configuration.policies["cto"] = {.name = "cto", .levels = {level({"user:bo@example.com"}), level({"user:cto@example.com"})}};
    World world{configuration};
    world.alert("Checkout is down");
    CHECK(page(world).policy.levels.size() == 3);
    auto other = configuration;
    other.policies.erase("payments");
    other.policies.erase("cto");
    other.policies["other"] = {.name = "other", .levels = {level({"user:chi@example.com"})}};
    other.teams.at("payments").policy = "other";
    handlers::ApplyWish prune;
    prune.prune = true;
    REQUIRE(world.apply(other, prune));
    restart(world);
    world.advance(5min);
    CHECK(pages(world) == Pages{1, 1, 0, 0});
    world.advance(5min);
    CHECK(pages(world) == Pages{1, 1, 0, 1});
    CHECK(has(told(world), "level 3 of 3"));
}

TEST_CASE("With everybody off call each empty target is said, and the page shouts at once", "[scenarios][levels][socket]")
{
    auto configuration = with({level({"schedule:payments", "next:payments"}), level({"rotation:payments/weekly"})}, 3);
    configuration.schedules.at("payments").rotations.front().end = oncall::local_time_in("2026-11-02T10:00");
    World world{configuration};
    world.alert("Checkout is down");
    world.advance(2s);
    INFO(world.slack().story());
    CHECK(page(world).state == oncall::PageState::exhausted);
    for (const auto* target : {"schedule:payments", "next:payments", "rotation:payments/weekly"}) {
        CHECK(has(told(world), std::string{"nobody stands behind "} + target));
        CHECK(has(in_fallback(world), std::string{"nobody stands behind "} + target));
    }
    CHECK(has(in_fallback(world), "Nobody answered"));
    CHECK(pages(world) == Pages{0, 0, 0, 0});
}

TEST_CASE("A channel that was archived is passed over at once, and said", "[scenarios][levels][socket]")
{
    World world{with({level({"channel:#war-room"}), level({"user:cto@example.com"})})};
    world.slack().channel("war-room").archive();
    world.alert("Checkout is down");
    world.advance(2s);
    INFO(world.slack().story());
    CHECK(pages(world) == Pages{0, 0, 0, 1});
    CHECK(has(told(world), "could not reach #war-room by Slack: the channel is archived (is_archived). Unarchive it"));
    CHECK(has(in_fallback(world),
        "I could not post in #war-room (policy payments): the channel is archived (is_archived). Unarchive it"));
}

TEST_CASE("Rounds without end that found nobody go on once somebody is there", "[scenarios][levels][socket]")
{
    auto configuration = with({level({"schedule:payments"})});
    configuration.policies.at("payments").until_answered = true;
    auto& rotation = configuration.schedules.at("payments").rotations.front();
    rotation.windows = {{{}, {}, {}, 15h, 18h}}; // noon is 13:00 in Berlin
    World world{configuration};
    world.alert("Checkout is down");
    CHECK(page(world).state == oncall::PageState::exhausted);
    world.advance(119min);
    CHECK(pages(world) == Pages{0, 0, 0, 0});
    world.advance(14min);
    INFO(world.slack().story());
    CHECK(pages(world) == Pages{3, 0, 0, 0});
    world.advance(30min);
    CHECK(pages(world) == Pages{9, 0, 0, 0});
    type(world, world.ana(), "ack 1");
    world.advance(2h);
    CHECK(pages_to(world.ana()) == 9);
}

TEST_CASE("A level that is not for this alert is passed over with its reason, and one may wait for the working day",
    "[scenarios][levels][socket]")
{
    auto levels = std::vector{level({"user:ana@example.com"}), level({"user:bo@example.com"}), level({"user:cto@example.com"})};
    levels[0].when.urgency = oncall::Urgency::low;
    levels[2].wait_for_working_hours = true;
    auto configuration = with(levels);
    using enum oncall::Weekday;
    configuration.teams.at("payments").working_hours = {"Europe/Berlin", {{{mon, tue, wed, thu, fri}, {}, {}, 9h, 12h}}};
    World world{configuration};
    world.alert("Checkout is down");
    CHECK(pages(world) == Pages{0, 1, 0, 0});
    CHECK(has(told(world), "level 1 of 3 was passed over: it is for low urgency"));
    world.advance(5min);
    CHECK(has(told(world), "level 3 of 3 waits for the working hours of team payments"));
    CHECK(has(world.slack().plain(world.channel().messages().front()), "Waits for working hours. Next: cto"));
    // 2026-11-04 09:00 in Berlin.
    CHECK(oncall::iso(page(world).due, "UTC") == "2026-11-04T08:00:00+00:00");
    restart(world);
    world.advance(19h);
    CHECK(pages(world) == Pages{0, 1, 0, 0});
    SECTION("it is paged when that begins")
    {
        world.advance(55min);
        INFO(world.slack().story());
        CHECK(pages(world) == Pages{0, 1, 0, 1});
    }
    SECTION("or when somebody escalates")
    {
        type(world, world.bo(), "escalate 1");
        CHECK(pages(world) == Pages{0, 1, 0, 1});
    }
    SECTION("or by other working hours, when these are edited meanwhile")
    {
        const auto lines = told(world);
        auto& windows = configuration.teams.at("payments").working_hours.windows;
        windows.front().from = 8h + 30min; // it is 8:05 there
        REQUIRE(world.apply(configuration));
        world.settle();
        CHECK(oncall::iso(page(world).due, "UTC") == "2026-11-04T07:30:00+00:00");
        CHECK(has(told(world).substr(lines.size()), "level 3 of 3 waits for the working hours of team payments, until"));
        // What is edited without moving that says nothing.
        const auto more = told(world);
        windows.front().to = 13h;
        REQUIRE(world.apply(configuration));
        world.settle();
        CHECK(told(world) == more);
        windows.front().from = 8h;
        REQUIRE(world.apply(configuration));
        world.advance(1s);
        CHECK(pages(world) == Pages{0, 1, 0, 1});
    }
}

TEST_CASE("A user group's members are paged as Slack said last, also while Slack does not say it", "[scenarios][levels][socket]")
{
    World world{with({level({"user_group:@ops"}), level({"user:cto@example.com"})})};
    SECTION("a group that is not there yet is empty, which is said, and nothing waits for it")
    {
        world.alert("Checkout is down", "early");
        CHECK(pages(world) == Pages{0, 0, 0, 1});
        CHECK(has(in_fallback(world), "nobody stands behind user_group:@ops"));
        CHECK(has(in_fallback(world), "cannot read who is in it"));
    }
    world.slack().add_user_group("ops", {"bo", "chi"});
    world.advance(1min);
    world.alert("Checkout is down", "now");
    INFO(world.slack().story());
    CHECK(pages_to(world.bo()) == 1);
    CHECK(pages_to(world.chi()) == 1);
    CHECK(has(world.slack().plain(world.bo().last_dm()), "user group @ops"));
    SECTION("what changes in Slack counts within minutes")
    {
        world.slack().set_user_group("ops", {"chi"});
        world.advance(6min);
        world.alert("Again", "again");
        CHECK(pages_to(world.bo()) == 1);
        CHECK(pages_to(world.chi()) == 2);
    }
    SECTION("a restart and a Slack that says nothing change nothing")
    {
        world.kill();
        world.slack().rate_limit("usergroups.list", 30s, 100);
        world.start();
        world.alert("Again", "again");
        CHECK(pages_to(world.bo()) == 2);
    }
    SECTION("a group that was disabled has nobody in it, and that is said once, and once when it is back")
    {
        world.slack().enable_user_group("ops", false);
        world.advance(15min);
        world.alert("Again", "again");
        CHECK(pages_to(world.bo()) == 1);
        const auto said = in_fallback(world);
        const auto words = std::string{"cannot read who is in it"};
        CHECK(has(said, words));
        world.slack().enable_user_group("ops", true);
        world.advance(6min);
        CHECK(has(in_fallback(world), "can read who is in it again"));
    }
}

TEST_CASE("A policy's webhook gets the page signed, without links to answer by, and its failure stops nobody",
    "[scenarios][levels][socket]")
{
    ScriptedProvider hook{"webhook"};
    World world{with({level({"webhook:https://hooks.example.com/page"}),
        level({"user:ana@example.com", "webhook:https://hooks.example.com/x"})})};
    hook.clock = &world.clock;
    world.providers = {{ContactKind::webhook, {&hook}}};
    world.open_post_office();
    restart(world);
    SECTION("taken")
    {
        world.alert("Checkout is down");
        REQUIRE(hook.seen.size() == 1);
        CHECK(hook.seen[0].address == "https://hooks.example.com/page");
        CHECK(hook.seen[0].message.alert == 1);
        CHECK(has(hook.seen[0].message.title, "Checkout is down"));
        CHECK(hook.seen[0].message.actions.empty());
        const std::string target = "webhook:https://hooks.example.com/page";
        CHECK(hook.seen[0].message.method == target);
        const auto key = notify::webhook_secret(world.app().context().answer_secret, target);
        const auto listed = world.on_the_bot<commands::Said>([&] { return commands::list_tokens(world.app(), {}); });
        CHECK(has(listed.out, target + "  signed with " + key));
        CHECK(has(told(world), "paging a webhook (level 1 of 2)"));
        const auto card = world.slack().plain(world.channel().messages().front());
        CHECK(has(card, "a webhook"));
        CHECK_FALSE(has(card, "hooks.example.com"));
        world.advance(5min);
        CHECK(pages(world) == Pages{1, 0, 0, 0});
        CHECK(hook.seen.size() == 2);
    }
    SECTION("refused, it counts as not reached, and the page goes on at once")
    {
        hook.outcome.how = notify::Outcome::refused;
        hook.outcome.why = "it answered 410";
        hook.outcome.gone = true;
        world.alert("Checkout is down");
        world.advance(2s);
        INFO(world.slack().story());
        CHECK(pages(world) == Pages{1, 0, 0, 0});
        CHECK(has(told(world), "could not reach a receiver of the policy by a webhook"));
        CHECK_FALSE(has(told(world), "hooks.example.com"));
    }
}

TEST_CASE("Whatever the policy, whoever answers and whenever the bot dies, each page ends, and each try has a reason",
    "[scenarios][levels][socket][long]")
{
    // ONCALL_TEST_SEEDS=200 for many.
    const auto* const wanted = std::getenv("ONCALL_TEST_SEEDS");
    const int most = wanted ? std::atoi(wanted) : 5;
    const auto seed = GENERATE_COPY(range(1, most + 1));
    CAPTURE(seed);
    doors::SeededRandom random{static_cast<std::uint64_t>(seed) + 7'000};
    const auto any = [&](int of) { return static_cast<int>(random.fraction() * of); };
    const std::vector<std::string> targets{"user:ana@example.com", "user:bo@example.com", "team:payments", "schedule:payments",
        "rotation:payments/weekly", "next:payments", "user_group:@ops", "user_group:@gone", "channel:#war-room", "team:empty"};
    std::vector<Level> levels;
    for (int count = 1 + any(3); count > 0; --count) {
        std::vector<std::string> behind;
        for (int more = 1 + any(3); more > 0; --more)
            behind.push_back(targets[static_cast<std::size_t>(any(static_cast<int>(targets.size())))]);
        auto one = level(behind, static_cast<Order>(any(3)), any(2));
        one.patience = 1min * (1 + any(10));
        one.wait_for_working_hours = any(4) == 0;
        if (any(4) == 0)
            one.when.urgency = any(2) ? oncall::Urgency::high : oncall::Urgency::low;
        if (any(4) == 0)
            one.when.working_hours = any(2) == 0;
        levels.push_back(std::move(one));
    }
    auto configuration = with(levels, any(3));
    auto& policy = configuration.policies.at("payments");
    policy.until_answered = any(3) == 0;
    policy.repeat = policy.until_answered ? 0 : policy.repeat;
    configuration.teams["empty"].name = "empty";
    if (any(2))
        configuration.teams.at("payments").working_hours = {"Europe/Berlin", {{{}, {}, {}, 9h, 13h + 10min}}};
    World world{configuration, static_cast<std::uint64_t>(seed)};
    world.slack().add_user_group("ops", {"chi"});
    world.advance(1min);
    world.alert("Checkout is down", "one");
    const std::vector<std::string> said{"escalate 1", "notme 1", "ack 1", "unack 1", "escalate 1"};
    const std::vector<std::string> names{"ana", "bo", "chi", "cto"};
    for (int i = 0; i < 25; ++i) {
        if (!world.running())
            world.start();
        switch (any(8)) {
        case 0: restart(world); break;
        case 1: world.doom = {world.commits + 1 + any(4), 0, any(2) ? world.sends + any(3) : 0}; break;
        case 2:
            world.slack()
                .person(names[static_cast<std::size_t>(any(4))])
                .command("/oncall", said[static_cast<std::size_t>(any(static_cast<int>(said.size())))], "#payments-alerts");
            break;
        case 3:
            if (any(4) == 0)
                world.advance(20h);
            break;
        default: break;
        }
        world.settle();
        if (world.running())
            world.advance(std::chrono::seconds{any(400)});
    }
    world.doom = {};
    if (!world.running())
        world.start();
    world.advance(1min);
    INFO(world.slack().story());
    auto last = page(world);
    const bool answered = last.state == oncall::PageState::acknowledged || last.state == oncall::PageState::resolved;
    if (last.state == oncall::PageState::paging && !last.policy.until_answered) {
        world.advance(30h);
        last = page(world);
    }
    if (last.state == oncall::PageState::exhausted) {
        const auto before = world.fallback().messages().size();
        world.advance(16min);
        CHECK(world.fallback().messages().size() > before);
    } else if (!answered) {
        CHECK(last.policy.until_answered);
        CHECK(last.due > world.clock.now() - 1min);
        type(world, world.bo(), "ack 1");
        CHECK(page(world).state == oncall::PageState::acknowledged);
    }
    const auto notifications =
        world.look([](storage::Transaction& tx) { return storage::Notifications{tx}.of_alert(oncall::AlertId{1}); });
    CHECK_FALSE(notifications.empty());
    for (const auto& one : notifications)
        CHECK(one.why != "");
    for (const auto& words : world.take_found())
        FAIL_CHECK("the auditor found " << words);
}
