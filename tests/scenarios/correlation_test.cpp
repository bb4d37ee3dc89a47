#include "catch.hpp"
#include "scenarios/sees.hpp"
#include "scenarios/world.hpp"
#include "storage/suggestions.hpp"

#include <algorithm>

using namespace scenario;
using oncall::AlertState;

namespace {

/// The sample, where checkout depends on db; mail has nothing to do with either.
oncall::Configuration with_dependencies()
{
    auto configuration = sample_configuration();
    for (const auto* name : {"db", "mail"}) {
        auto& service = configuration.services[name];
        service.name = name;
        service.team = "payments";
    }
    configuration.services.at("checkout").depends_on = {"db"};
    return configuration;
}

void report_of(World& world, const std::string& service, const std::string& title, const std::string& labels = "{}")
{
    world.post("demo-scripts-key",
        R"({"title":")" + title + R"(","severity":"critical","service":")" + service + R"(","dedup_key":")" + service + "/"
            + title + R"(","labels":)" + labels + "}");
    world.advance(2s);
}

/// The card of an alert, as it is now: the message in the channel that names it.
workspace::Message card_numbered(World& world, int id)
{
    workspace::Message found;
    for (const auto& one : world.channel().messages())
        if (!one.ephemeral && has(world.slack().plain(one), "· #" + std::to_string(id) + " ·"))
            found = one;
    return found;
}

std::string says_card_of(World& world, int id) { return world.slack().plain(card_numbered(world, id)); }

oncall::Alert alert_now(World& world, int id)
{
    return world.look([&](storage::Transaction& tx) { return storage::Alerts{tx}.find({id}).value_or(oncall::Alert{}); });
}

std::vector<storage::Suggestion> logged_suggestions(World& world)
{
    return world.look([](storage::Transaction& tx) { return storage::Suggestions{tx}.since({}, 100); });
}

const std::string looks_like{"Looks like #1 (db: Disk full): checkout depends on db, 2 min apart."};

/// The database's disk is full, and two minutes later checkout fails.
void db_then_checkout(World& world)
{
    report_of(world, "db", "Disk full");
    world.advance(118s);
    report_of(world, "checkout", "Payments fail");
}

} // namespace

TEST_CASE("An alert of a service that depends on a broken one says so on its card, and one press merges the two",
    "[scenarios][suggestions]")
{
    World world{with_dependencies()};
    db_then_checkout(world);
    INFO(world.slack().story());
    CHECK(has(says_card_of(world, 2), looks_like));
    CHECK_FALSE(has(says_card_of(world, 1), "Looks like"));
    // It is a suggestion: both have paged at once, and each stands for itself.
    CHECK(pages_to(world.ana()) == 2);
    CHECK_FALSE(has(world.slack().plain(world.ana().last_dm()), "Looks like"));
    CHECK(alert_now(world, 2).parent.value == 0);

    world.kill();
    world.start();
    world.advance(2s);
    const auto seen = card_numbered(world, 2);
    world.bo().click(seen, "Merge into #1");
    world.advance(2s);
    CHECK(has(world.slack().plain(world.bo().last_ephemeral()), "#2 is merged into #1."));
    CHECK(alert_now(world, 2).parent == oncall::AlertId{1});
    for (const auto& message : world.channel().messages())
        CHECK_FALSE(has(world.slack().plain(message), "Looks like"));

    // What came into question, how likely it was and who decided is kept; a press on an old screen changes nothing of it.
    world.kill();
    world.start();
    for (const std::string button : {"Merge into #1", "Not related"}) {
        world.chi().click_as_seen(seen, button);
        world.advance(2s);
        CHECK(has(world.slack().plain(world.chi().last_ephemeral()), "#2 has been merged into #1 already."));
    }
    const auto all = logged_suggestions(world);
    REQUIRE(all.size() == 1);
    CHECK(all.front().alert == oncall::AlertId{2});
    CHECK(all.front().likeliest.into == oncall::AlertId{1});
    CHECK(all.front().likeliest.score > 0.5);
    CHECK(all.front().candidates.size() == 1);
    CHECK(all.front().state == storage::Suggestion::State::merged);
    CHECK(all.front().decided_by == world.bo().id());
    CHECK(alert_now(world, 2).parent == oncall::AlertId{1});
}

TEST_CASE("What somebody says is not related is not suggested again, also when both come again after a restart",
    "[scenarios][suggestions][socket]")
{
    World world{with_dependencies()};
    db_then_checkout(world);
    INFO(world.slack().story());
    const auto seen = card_numbered(world, 2);
    REQUIRE(has(world.slack().plain(seen), looks_like));
    auto& stranger =
        world.slack().add_person("stan", "stan@example.net", "Europe/Berlin", {.real_name = "Stan", .team = "T0OTHER00"});
    world.channel().admit("stan");
    for (const std::string button : {"Merge into #1", "Not related"}) {
        stranger.click_as_seen(seen, button);
        world.advance(2s);
        CHECK(has(world.slack().plain(stranger.last_ephemeral()), "Only members of this workspace can do that."));
    }
    CHECK(has(says_card_of(world, 2), looks_like));

    world.bo().click(seen, "Not related");
    world.advance(2s);
    CHECK(has(world.slack().plain(world.bo().last_ephemeral()), "Noted: #2 is not related to #1."));
    CHECK_FALSE(has(says_card_of(world, 2), "Looks like"));
    CHECK(alert_now(world, 2).parent.value == 0);
    world.chi().click_as_seen(seen, "Merge into #1");
    world.advance(2s);
    CHECK(has(world.slack().plain(world.chi().last_ephemeral()), "bo has said already that #2 is not related to #1."));
    CHECK(alert_now(world, 2).parent.value == 0);

    world.resolved("db/Disk full");
    world.resolved("checkout/Payments fail");
    world.kill();
    world.start();
    world.advance(2h);
    db_then_checkout(world);
    // Something else about the two is another matter.
    report_of(world, "checkout", "Cards are declined");
    const auto all = logged_suggestions(world);
    REQUIRE(all.size() == 2);
    CHECK(all.front().state == storage::Suggestion::State::refused);
    CHECK(all.front().decided_by == world.bo().id());
    CHECK(all.back().state == storage::Suggestion::State::open);
    CHECK(alert_now(world, static_cast<int>(all.back().alert.value)).title == "Cards are declined");
}

TEST_CASE("Nothing is suggested by time alone, for a storm's many, for a page by hand, or where it is off",
    "[scenarios][suggestions][socket]")
{
    World world{with_dependencies()};
    report_of(world, "db", "Disk full");
    report_of(world, "mail", "Disk full"); // at once, in the same words
    world.advance(6min);
    report_of(world, "checkout", "Payments fail"); // too late
    type(world, world.bo(), "page checkout the till burns");
    INFO(world.slack().story());
    CHECK(logged_suggestions(world).empty());

    // What it would belong to is over when somebody presses.
    report_of(world, "db", "Replication is late");
    REQUIRE(logged_suggestions(world).size() == 1);
    const auto late = static_cast<int>(logged_suggestions(world).front().alert.value);
    REQUIRE(has(says_card_of(world, late), "Looks like #3 (checkout: Payments fail): checkout depends on db"));
    const auto seen = card_numbered(world, late);
    world.resolved("checkout/Payments fail");
    world.advance(2s);
    world.bo().click_as_seen(seen, "Merge into #3");
    world.advance(2s);
    CHECK(has(world.slack().plain(world.bo().last_ephemeral()), "#3 is over by now"));
    CHECK_FALSE(has(says_card_of(world, late), "Looks like"));
    CHECK(alert_now(world, late).parent.value == 0);

    // Three of a minute have cards of their own, and those that share one show none.
    world.advance(10min);
    for (int i = 0; i < 6; ++i)
        report_of(world, "checkout", "Payment way " + std::to_string(i) + " fails", R"({"host":"a1"})");
    CHECK(logged_suggestions(world).size() < 4);

    world.adjust = [](config::Settings& settings) { settings.suggests = false; };
    world.kill();
    world.start();
    world.advance(10min);
    const auto before = logged_suggestions(world).size();
    report_of(world, "db", "Disk is broken");
    report_of(world, "checkout", "Nothing works");
    CHECK(logged_suggestions(world).size() == before);
}
