#include "catch.hpp"
#include "scenarios/sees.hpp"
#include "scenarios/world.hpp"
#include "storage/arrivals.hpp"
#include "storage/firings.hpp"

using namespace scenario;
using oncall::AlertState;

namespace {

oncall::Alert flapper(World& world, std::int64_t id)
{
    return world.look([&](storage::Transaction& tx) { return storage::Alerts{tx}.find({id}).value_or(oncall::Alert{}); });
}

std::optional<oncall::Page> page_of(World& world, std::int64_t alert)
{
    return world.look([&](storage::Transaction& tx) { return storage::Pages{tx}.latest({alert}); });
}

void disk_fires(World& world, const std::string& severity = "error")
{
    CHECK(world
              .post("demo-scripts-key",
                  R"({"title":"Disk fills","severity":")" + severity + R"(","service":"checkout","dedup_key":"disk"})")
              .status
        == 202);
}

void restart(World& world)
{
    world.kill();
    world.start();
    world.advance(1s);
}

/// Each firing is an alert of its own.
void never_reopens(World& world)
{
    world.adjust = [](config::Settings& settings) { settings.recurrence.reopen_within = 0s; };
    restart(world);
}

} // namespace

TEST_CASE("What comes back within its grace is the alert that it was", "[scenarios][flapping][socket]")
{
    World world;
    const bool restarts = GENERATE(false, true);
    world.alert("Checkout is down");
    const auto comes_back = [&] {
        world.resolved();
        world.advance(5s);
        CHECK(has(card(world), "Resolved"));
        if (restarts)
            restart(world);
        world.advance(2min);
        world.alert("Checkout is down");
        world.advance(3s);
    };
    SECTION("acknowledged by the same person, and it pages nobody")
    {
        world.advance(1min);
        world.ana().click(world.ana().last_dm(), "Acknowledge");
        world.advance(1min);
        comes_back();
        INFO(world.slack().story());
        CHECK(world.channel().messages().size() == 1);
        CHECK(has(card(world), "Acknowledged by ana"));
        CHECK(has(card(world), "Came back"));
        CHECK(has(card(world), "after 2m"));
        CHECK(has(thread(world), "came back after 2m"));
        const auto alert = flapper(world, 1);
        CHECK((alert.state == AlertState::acknowledged));
        CHECK(alert.answered_by == world.ana().id());
        CHECK(alert.count == 2);
        CHECK(alert.came_back == 1);
        CHECK(pages_to(world.ana()) == 2); // the page, and the word that it is back
        CHECK(has(world.slack().push(world.ana().last_dm()), "#1 Checkout is down is back: it fired again after 2m"));
        world.advance(1h);
        CHECK(pages_to(world.ana()) == 2);
        CHECK(pages_to(world.bo()) == 0);
        // Given back, it pages as ever.
        type(world, world.ana(), "unack 1");
        CHECK(has(card(world), "Triggered"));
        CHECK(pages_to(world.ana()) == 3);
    }
    SECTION("unanswered, and its page goes on where it stood")
    {
        const auto before = page_of(world, 1);
        REQUIRE(before);
        world.advance(3min);
        comes_back();
        INFO(world.slack().story());
        const auto page = page_of(world, 1);
        REQUIRE(page);
        CHECK(page->id == before->id);
        CHECK((page->state == oncall::PageState::paging));
        CHECK(page->due >= before->due + 2min);
        CHECK(page->due <= before->due + 2min + 10s);
        CHECK(has(card(world), "Triggered"));
        CHECK_FALSE(has(card(world), "nobody had answered"));
        CHECK(pages_to(world.ana()) == 3); // the page, that it is over, and that it is back
        CHECK(has(world.slack().push(world.ana().last_dm()), "is back: it fired again after 2m. It needs an answer"));
        world.advance(1min);
        CHECK(pages_to(world.ana()) == 3);
        world.advance(1min);
        CHECK(pages_to(world.ana()) == 4); // the second try, when it is due
        CHECK(pages_to(world.bo()) == 0);
        world.advance(5min);
        CHECK(pages_to(world.bo()) == 1);
        // A second end is told as the first was.
        world.resolved();
        world.advance(3s);
        CHECK(has(card(world), "nobody had answered"));
    }
    SECTION("snoozed until the same time")
    {
        type(world, world.bo(), "snooze 1 1h");
        comes_back();
        INFO(world.slack().story());
        CHECK(has(card(world), "Snoozed until"));
        CHECK(pages_to(world.ana()) == 1);
        world.advance(50min);
        CHECK(pages_to(world.ana()) == 1);
        world.advance(10min);
        CHECK(pages_to(world.ana()) == 2);
        CHECK(has(card(world), "Triggered"));
    }
    SECTION("what a person resolved is over, and another alert")
    {
        type(world, world.bo(), "resolve 1");
        if (restarts)
            restart(world);
        world.advance(1min);
        world.alert("Checkout is down");
        world.advance(3s);
        CHECK(world.channel().messages().size() == 2);
        CHECK(has(last_card(world), "#2"));
        CHECK(pages_to(world.ana()) == 2);
    }
}

TEST_CASE("Wherever the service dies as an alert comes back, it is back once, and its page is one",
    "[scenarios][flapping][crash][socket]")
{
    World world;
    world.alert("Checkout is down");
    world.advance(3min);
    world.resolved();
    world.advance(2min);
    const auto where = GENERATE(range(0, 4));
    CAPTURE(where);
    world.doom.commit = where < 2 ? world.commits + 1 + where : 0;
    world.doom.before_send = where == 2 ? world.sends + 1 : 0;
    world.doom.after_send = where == 3 ? world.sends + 1 : 0;
    const auto heard = world.alert("Checkout is down").status == 202;
    if (world.running())
        world.advance(5s);
    world.doom = {};
    if (!world.running())
        world.start();
    world.advance(1s);
    if (!heard)
        CHECK(world.alert("Checkout is down").status == 202); // as its sender does
    world.advance(30s);
    INFO(world.slack().story());
    CHECK(world.channel().messages().size() == 1);
    CHECK(has(card(world), "Triggered"));
    CHECK(has(card(world), "Came back"));
    CHECK(flapper(world, 1).came_back == 1);
    const auto page = page_of(world, 1);
    REQUIRE(page);
    CHECK(page->id.value == 1);
    CHECK((page->state == oncall::PageState::paging));
    CHECK(pages_to(world.ana()) == 3); // the page, that it is over, and that it is back
}

TEST_CASE("Worse than before, what comes back pages anew", "[scenarios][flapping][socket]")
{
    World world;
    disk_fires(world, "warning");
    world.advance(2s);
    type(world, world.ana(), "ack 1");
    CHECK(world.resolved("disk").status == 202);
    world.advance(2min);
    const auto before = pages_to(world.ana());
    disk_fires(world, "critical");
    world.advance(3s);
    INFO(world.slack().story());
    CHECK(world.channel().messages().size() == 1);
    CHECK(has(card(world), "Triggered"));
    CHECK(has(card(world), "its urgency rose to high after"));
    CHECK(pages_to(world.ana()) > before);
    CHECK((flapper(world, 1).urgency == oncall::Urgency::high));
}

TEST_CASE("Of two who must acknowledge, the one who has counts still when it comes back", "[scenarios][flapping][socket]")
{
    auto configuration = sample_configuration();
    auto& first = configuration.policies.at("payments").levels.front();
    first.targets = {{oncall::TargetKind::team, "payments"}};
    first.acknowledgements = 2;
    World world{configuration};
    world.alert("Checkout is down");
    type(world, world.ana(), "ack 1");
    world.resolved();
    world.advance(1min);
    world.alert("Checkout is down");
    world.advance(2s);
    INFO(world.slack().story());
    CHECK(has(card(world), "Triggered, 1 of 2 acknowledged (ana)"));
    type(world, world.bo(), "ack 1");
    world.advance(2s);
    CHECK(has(card(world), "Acknowledged by ana and bo"));
}

TEST_CASE(
    "An alert that comes back over and over is told of once, and pages on only once it stays", "[scenarios][flapping][socket]")
{
    World world;
    disk_fires(world); // at 12:00
    std::size_t told{};
    for (int time = 1; time <= 5; ++time) { // back at 12:02, 12:04 … 12:10
        world.advance(1min);
        CHECK(world.resolved("disk").status == 202);
        world.advance(1min);
        disk_fires(world);
        world.settle();
        if (time == 3)
            told = pages_to(world.ana());
        if (time == 4)
            restart(world);
    }
    world.advance(2s);
    INFO(world.slack().story());
    CHECK(world.channel().messages().size() == 1);
    CHECK(has(card(world), "5 times so far"));
    CHECK(has(card(world), "flapping: 6 times in 30 minutes"));
    CHECK(has(thread(world), "came back after 1m"));
    CHECK(pages_to(world.ana()) == told); // neither that it is over, nor that it is back
    world.advance(4min + 50s);
    CHECK(pages_to(world.ana()) == told);
    world.advance(20s);
    CHECK(pages_to(world.ana()) == told + 1); // the page's second try
    CHECK(has(card(world), "Triggered"));
}

TEST_CASE("An alert that fires anew too often pages only once it stays, says so, and pages at once when it is worse",
    "[scenarios][flapping][socket]")
{
    World world;
    never_reopens(world);
    for (int time = 1; time <= 3; ++time) {
        disk_fires(world);
        world.advance(3s);
        CHECK(page_of(world, time).has_value());
        CHECK(world.resolved("disk").status == 202);
        world.advance(6min);
    }
    const auto before = pages_to(world.ana());
    disk_fires(world);
    world.advance(3s);
    INFO(world.slack().story());
    CHECK_FALSE(page_of(world, 4).has_value());
    CHECK(has(last_card(world), "It is flapping: 4 times in 30 minutes."));
    CHECK(has(last_card(world), "if it stays open until then"));
    CHECK(pages_to(world.ana()) == before);
    if (GENERATE(false, true))
        restart(world);

    SECTION("it stays")
    {
        world.advance(4min + 50s);
        CHECK_FALSE(page_of(world, 4).has_value());
        world.advance(10s);
        CHECK(page_of(world, 4).has_value());
        CHECK(pages_to(world.ana()) == before + 1);
        CHECK(has(last_card(world), "it was held back (flapping: 4 times in 30 minutes), and is open still"));
        CHECK_FALSE(has(last_card(world), "It is flapping"));
    }
    SECTION("it goes, and the next one is held as well, until it was quiet for half an hour")
    {
        world.advance(2min);
        CHECK(world.resolved("disk").status == 202);
        world.advance(6min);
        CHECK_FALSE(page_of(world, 4).has_value());
        disk_fires(world);
        CHECK_FALSE(page_of(world, 5).has_value());
        CHECK(world.resolved("disk").status == 202);
        world.advance(31min);
        CHECK(pages_to(world.ana()) == before);
        disk_fires(world);
        CHECK(page_of(world, 6).has_value());
    }
    SECTION("it gets worse while it is held")
    {
        disk_fires(world, "critical");
        CHECK(page_of(world, 4).has_value());
        world.advance(3s);
        CHECK(has(last_card(world), "its severity rose from error to critical"));
        CHECK(pages_to(world.ana()) == before + 1);
    }
    SECTION("the next one is worse")
    {
        CHECK(world.resolved("disk").status == 202);
        world.advance(1min);
        disk_fires(world, "critical");
        CHECK(page_of(world, 5).has_value());
    }
    SECTION("somebody takes it meanwhile, and it pages nobody")
    {
        type(world, world.bo(), "ack 4");
        world.advance(1h);
        CHECK_FALSE(page_of(world, 4).has_value());
        CHECK(has(last_card(world), "Acknowledged by bo"));
    }
}

TEST_CASE("What flaps for hours and never stays is told of each hour all the same", "[scenarios][flapping][socket]")
{
    World world;
    const bool reopens = GENERATE(true, false);
    if (!reopens)
        never_reopens(world);
    for (int time = 1; time <= 24; ++time) {
        disk_fires(world);
        world.advance(2min);
        CHECK(world.resolved("disk").status == 202);
        world.advance(2min);
    }
    INFO(world.slack().story());
    if (reopens) {
        REQUIRE(page_of(world, 1));
        CHECK(page_of(world, 1)->stepped_at - page_of(world, 1)->started_at >= 1h);
        return;
    }
    int paged = 0;
    for (int id = 1; id <= 24; ++id)
        paged += page_of(world, id).has_value() ? 1 : 0;
    CHECK(paged == 4);
}

TEST_CASE("Of a group, what comes back is of it still, and what stood for it comes back alone",
    "[scenarios][flapping][grouping][socket]")
{
    auto configuration = sample_configuration();
    oncall::Rule rule;
    rule.name = "all of checkout";
    rule.when.kind = oncall::Condition::Kind::exists;
    rule.when.field = "service";
    rule.group.by = "{{service}}";
    configuration.rules.insert(configuration.rules.begin(), rule);
    World world{configuration};
    world.alert("Checkout is down");
    world.alert("Search is slow", "search");
    world.advance(2s);
    REQUIRE(flapper(world, 2).parent.value == 1);
    world.resolved("search");
    world.advance(1min);
    world.alert("Search is slow", "search");
    world.advance(2s);
    INFO(world.slack().story());
    CHECK((flapper(world, 2).state == AlertState::triggered));
    CHECK(flapper(world, 2).parent.value == 1);
    CHECK(flapper(world, 2).came_back == 1);
    CHECK_FALSE(page_of(world, 2).has_value()); // the first pages for both
    // All is over: what comes back of it has nobody who stands for it.
    world.resolved("search");
    world.resolved();
    world.advance(1min);
    CHECK((flapper(world, 1).state == AlertState::resolved));
    world.alert("Search is slow", "search");
    CHECK(page_of(world, 3).has_value());
    world.alert("Checkout is down");
    CHECK((flapper(world, 1).state == AlertState::triggered));
    CHECK((page_of(world, 1)->state == oncall::PageState::paging));
}

TEST_CASE(
    "What is held as it flaps, and comes back within its grace, is held again and then pages", "[scenarios][flapping][socket]")
{
    World world;
    for (int time = 1; time <= 3; ++time) {
        disk_fires(world);
        CHECK(world.resolved("disk").status == 202);
        world.advance(6min);
    }
    disk_fires(world);
    world.advance(4min);
    CHECK(world.resolved("disk").status == 202);
    world.advance(1min);
    disk_fires(world);
    world.advance(3s);
    INFO(world.slack().story());
    CHECK(has(last_card(world), "#4"));
    CHECK(has(last_card(world), "It is flapping: 5 times in 30 minutes."));
    world.advance(4min + 50s);
    CHECK_FALSE(page_of(world, 4).has_value());
    world.advance(10s);
    CHECK(page_of(world, 4).has_value());
}

TEST_CASE("A card tells of the time before, how that ended, and what else is open", "[scenarios][flapping][socket]")
{
    World world;
    world.alert("Checkout is down");
    world.advance(12min);
    CHECK_FALSE(has(card(world), "Last fired"));
    CHECK_FALSE(has(card(world), "other open alert"));
    type(world, world.bo(), "resolve 1");
    type(world, world.bo(), "note 1 it was the *cache* <!channel>");
    world.advance(10min);
    world.alert("The queue grows", "queue");
    world.advance(2min);
    world.alert("Checkout is down");
    world.advance(3s);
    for (const auto& shown : {last_card(world), world.slack().plain(world.ana().last_dm()), type(world, world.chi(), "show 3")}) {
        INFO(shown);
        CHECK(has(shown, "Last fired Nov 3, 2026 at 12:00 UTC as #1: resolved by bo after 12m"));
        CHECK(has(shown, "📝 it was the"));
        CHECK(has(shown, "1 other open alert of checkout from the ten minutes before: #2 “The queue grows”"));
    }
    CHECK(has(last_card(world), "Runbook (wiki.example.com)"));
    CHECK(world.slack().broadcasts().empty());
    CHECK(world.slack().violations().empty());
    // Of what is over nothing of it is left.
    type(world, world.bo(), "resolve 3");
    world.advance(2s);
    CHECK_FALSE(has(last_card(world), "Last fired"));
}

TEST_CASE("Who had it is named, though its source ended it", "[scenarios][flapping][socket]")
{
    World world;
    world.alert("Checkout is down");
    world.advance(1min);
    type(world, world.ana(), "ack 1");
    world.advance(6min);
    world.resolved();
    world.advance(10min);
    world.alert("Checkout is down");
    world.advance(3s);
    CHECK(has(last_card(world), "as #1: ana had it, and it was over by itself after 7m"));
    world.resolved();
    world.advance(10min);
    world.alert("Checkout is down");
    world.advance(3s);
    CHECK(has(last_card(world), "as #2: it was over by itself after"));
}

TEST_CASE(
    "However an alert comes and goes, what is open and unanswered has been paged in the end", "[scenarios][flapping][socket]")
{
    const auto seed = GENERATE(range(1, 4));
    CAPTURE(seed);
    World world{sample_configuration(), static_cast<std::uint64_t>(seed)};
    doors::SeededRandom random{static_cast<std::uint64_t>(seed) + 77};
    const auto any = [&](int of) { return static_cast<int>(random.fraction() * of); };
    std::string story;
    const auto unpaged = [&] {
        return world.look([&](storage::Transaction& tx) {
            std::string found;
            for (const auto& alert : storage::Alerts{tx}.all_open(100)) {
                const auto back = storage::CameBacks{tx}.last(alert.id);
                const auto since = back ? std::max(back->at, alert.triggered_at) : alert.triggered_at;
                const auto page = storage::Pages{tx}.latest(alert.id);
                if (alert.state == AlertState::triggered && world.clock.now() - since > 5min + 1s && !(page && is_running(*page)))
                    found += "#" + std::to_string(alert.id.value) + " ";
            }
            return found;
        });
    };
    for (int i = 0; i < 60; ++i) {
        const auto key = "key-" + std::to_string(any(2));
        const auto number = std::to_string(1 + any(4));
        switch (any(8)) {
        case 0:
        case 1:
        case 2: world.alert("Checkout is down", key); break;
        case 3:
        case 4:
        case 5: world.resolved(key); break;
        case 6: world.ana().command("/oncall", (any(2) ? "ack " : "unack ") + number, "#payments-alerts"); break;
        default: world.bo().command("/oncall", (any(2) ? "resolve " : "snooze ") + number + " 10m", "#payments-alerts");
        }
        world.advance(std::chrono::seconds{any(any(4) ? 120 : 900)});
        if (any(15) == 0)
            restart(world);
        story += std::to_string(i) + " ";
        INFO(story);
        CHECK(unpaged() == "");
    }
    world.advance(11min);
    CHECK(unpaged() == "");
}
