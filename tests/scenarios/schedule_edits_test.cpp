#include "blocks/blocks.hpp"
#include "catch.hpp"
#include "scenarios/sees.hpp"
#include "scenarios/world.hpp"

#include <algorithm>

using namespace scenario;

namespace {

using EditWords = std::vector<std::string>;

/// The sample, in which chi's week comes before bo's; ana's stay.
oncall::Configuration edits_swapped()
{
    auto file = sample_configuration();
    auto& turns = file.schedules.at("payments").rotations.at(0).turns;
    std::swap(turns.at(1), turns.at(2));
    return file;
}

/// The sample with another schedule, which no policy pages by.
oncall::Configuration edits_with_search()
{
    auto file = sample_configuration();
    auto& search = file.schedules["search"] = file.schedules.at("payments");
    search.name = "search";
    return file;
}

/// What a person was told of shifts that an edit moved, oldest first.
EditWords edits_told(World& world, workspace::Person& person)
{
    EditWords told;
    for (const auto& message : person.dms())
        if (!message.ephemeral && message.text.starts_with("🗓️ Your shifts"))
            told.push_back(world.slack().plain(message));
    return told;
}

/// What a channel was told of edits, as it stands now.
EditWords edits_shown(World& world, workspace::Channel& channel)
{
    EditWords shown;
    for (const auto& message : channel.messages())
        if (message.text.starts_with("🗓️ "))
            shown.push_back(world.slack().plain(world.slack().now(message)));
    return shown;
}

/// The last message of an edit, whatever else was posted since.
workspace::Message edits_last(workspace::Channel& channel)
{
    const auto all = channel.messages();
    const auto found =
        std::find_if(all.rbegin(), all.rend(), [](const auto& message) { return message.text.starts_with("🗓️ "); });
    REQUIRE(found != all.rend());
    return *found;
}

std::string edits_hold(World& world, const std::string& schedule = "payments")
{
    return world.look([&](storage::Transaction& tx) {
        const auto item = storage::Items{tx}.find("schedule", schedule);
        return item ? item->holds : std::string{};
    });
}

/// Who is on call next week.
EditWords edits_next(World& world)
{
    return oncall::who_is_on_call(world.app().context().configuration()->schedules.at("payments"), noon + 8 * 24h).people;
}

void edits_apply(World& world, const oncall::Configuration& file, handlers::ApplyWish wish = {})
{
    REQUIRE(world.apply(file, wish));
    world.advance(2s);
}

} // namespace

TEST_CASE("An edit tells those whose shifts move and the channel; Undo restores it, and tells them again",
    "[scenarios][schedule_edits]")
{
    World world;
    world.advance(2s);
    const auto before = edits_hold(world);
    CHECK(edits_shown(world, world.channel()).empty()); // the first configuration is told to nobody
    edits_apply(world, edits_swapped());
    INFO(world.slack().story());
    REQUIRE(edits_told(world, world.bo()).size() == 1);
    const auto bos = edits_told(world, world.bo()).front();
    CHECK(has(bos, "Schedule payments, changed by a test:"));
    CHECK(has(bos, "You are not on call Nov 9, 2026 at 08:00 UTC – Nov 16, 2026 at 08:00 UTC any more: chi is"));
    CHECK(has(bos, "You are on call Nov 16, 2026 at 08:00 UTC – Nov 23, 2026 at 08:00 UTC, instead of chi"));
    CHECK(edits_told(world, world.chi()).size() == 1);
    CHECK(edits_told(world, world.ana()).empty());
    REQUIRE(edits_shown(world, world.channel()).size() == 1);
    const auto shown = edits_shown(world, world.channel()).front();
    CHECK(has(shown, "Schedule payments was changed: a test"));
    CHECK(has(shown, "Nov 9, 2026 at 08:00 UTC – Nov 16, 2026 at 08:00 UTC: chi instead of bo"));
    CHECK(has(shown, "rotation weekly, users: "));
    CHECK(has(shown, "[Undo]"));

    world.advance(1min);
    world.bo().click(edits_last(world.channel()), "Undo");
    world.advance(2s);
    CHECK(edits_hold(world) == before);
    CHECK(edits_next(world) == EditWords{"bo@example.com"});
    CHECK(has(world.slack().plain(world.bo().last_ephemeral()), "Schedule payments is again as it was before this change"));
    REQUIRE(edits_shown(world, world.channel()).size() == 2);
    CHECK(has(edits_shown(world, world.channel())[0], "Undone by bo"));
    CHECK_FALSE(has(edits_shown(world, world.channel())[0], "[Undo]"));
    CHECK(has(edits_shown(world, world.channel())[1], "bo undid a change of schedule payments"));
    REQUIRE(edits_told(world, world.chi()).size() == 2);
    CHECK(has(edits_told(world, world.chi())[1], "Schedule payments, changed by bo:"));
    CHECK(has(edits_told(world, world.chi())[1], "You are not on call Nov 9, 2026 at 08:00 UTC"));
    CHECK(edits_told(world, world.bo()).size() == 2);

    SECTION("the file that was undone does not come back by itself")
    {
        const auto taken = world.apply(edits_swapped());
        REQUIRE(taken);
        CHECK_FALSE(taken->configured.plan.changes_anything());
        CHECK(edits_next(world) == EditWords{"bo@example.com"});
    }
    SECTION("and what was undone can be redone")
    {
        world.chi().click(edits_last(world.channel()), "Undo");
        world.advance(2s);
        CHECK(edits_next(world) == EditWords{"chi@example.com"});
        CHECK(has(edits_shown(world, world.channel()).back(), "chi undid a change of schedule payments"));
    }
    CHECK(world.slack().violations().empty());
}

TEST_CASE("An edit that was in force leaves its time when it is undone", "[scenarios][schedule_edits]")
{
    World world;
    world.advance(2s);
    auto file = sample_configuration();
    std::swap(
        file.schedules.at("payments").rotations.at(0).turns.at(0), file.schedules.at("payments").rotations.at(0).turns.at(1));
    edits_apply(world, file); // bo instead of ana, now
    REQUIRE(edits_told(world, world.ana()).size() == 1);
    CHECK(has(edits_told(world, world.ana()).front(), "Within a day: You are not on call Nov 3, 2026 at 12:00 UTC"));
    world.advance(10min);
    world.ana().click(edits_last(world.channel()), "Undo");
    world.advance(2s);
    INFO(world.slack().story());
    const auto configuration = world.app().context().configuration();
    const auto& schedule = configuration->schedules.at("payments");
    CHECK(oncall::who_is_on_call(schedule, noon - 1h).people == EditWords{"ana@example.com"});
    CHECK(oncall::who_is_on_call(schedule, noon + 5min).people == EditWords{"bo@example.com"});
    CHECK(oncall::who_is_on_call(schedule, world.clock.now()).people == EditWords{"ana@example.com"});
    CHECK(edits_next(world) == EditWords{"bo@example.com"});
    world.alert("Checkout is down");
    world.advance(2s);
    CHECK(pages_to(world.ana()) == 1);
    CHECK(pages_to(world.bo()) == 0);
}

TEST_CASE("Two press Undo: the first does it, the other is told, also when a press arrives twice", "[scenarios][schedule_edits]")
{
    World world;
    world.advance(2s);
    edits_apply(world, edits_swapped());
    const auto shown = edits_last(world.channel());
    world.slack().deliver_twice("interactive");
    world.bo().click(shown, "Undo");
    world.chi().click_as_seen(shown, "Undo");
    world.advance(3s);
    INFO(world.slack().story());
    CHECK(edits_shown(world, world.channel()).size() == 2);
    CHECK(has(world.slack().plain(world.chi().last_ephemeral()), "bo undid this change already, Nov 3, 2026 at 12:00 UTC"));
    CHECK(has(world.slack().plain(world.bo().last_ephemeral()), "is again as it was"));
    CHECK(edits_told(world, world.bo()).size() == 2);
    CHECK(edits_next(world) == EditWords{"bo@example.com"});
}

TEST_CASE(
    "Undo is refused to whoever may not change the schedule, and when somebody changed it since", "[scenarios][schedule_edits]")
{
    World world;
    world.admins = {"cto@example.com"};
    world.kill();
    world.start();
    world.advance(2s);
    edits_apply(world, edits_swapped());
    const auto shown = edits_last(world.channel());
    auto& dee = world.slack().person("dee");
    world.channel().admit("dee");
    for (int i = 0; i < 2; ++i) { // the first time, Slack is asked who that is
        dee.click(shown, "Undo");
        world.advance(2s);
    }
    INFO(world.slack().story());
    CHECK(
        has(world.slack().plain(dee.last_ephemeral()), "Only admins and members of team payments may change schedule payments"));
    CHECK(edits_next(world) == EditWords{"chi@example.com"});

    auto json = edits_hold(world);
    const std::string bo{"bo@example.com"};
    REQUIRE(json.find(bo) != json.npos);
    json.replace(json.find(bo), bo.size(), "cto@example.com");
    CHECK(world.edit("schedule", "payments", json).written);
    world.advance(2s);
    CHECK(edits_told(world, world.cto()).size() == 1);
    CHECK(has(edits_shown(world, world.channel()).back(), "bo changed schedule payments"));
    world.bo().click(shown, "Undo");
    world.advance(2s);
    CHECK(has(world.slack().plain(world.bo().last_ephemeral()), "Nothing was undone: schedule payments was changed by bo since"));
    CHECK(edits_hold(world) == json);
    CHECK(edits_shown(world, world.channel()).size() == 2);
    CHECK(has(edits_shown(world, world.channel()).front(), "[Undo]"));
    // What came after it is undone first, and then it can be.
    world.bo().click(edits_last(world.channel()), "Undo");
    world.advance(2s);
    world.bo().click(shown, "Undo");
    world.advance(2s);
    CHECK(edits_next(world) == EditWords{"bo@example.com"});
}

TEST_CASE(
    "An edit that moves nobody's shifts soon tells nobody in person, and a new schedule neither", "[scenarios][schedule_edits]")
{
    World world;
    world.advance(2s);
    auto file = sample_configuration();
    file.schedules.at("payments").rotations.at(0).priority = 3;
    edits_apply(world, file);
    INFO(world.slack().story());
    CHECK(has(edits_shown(world, world.channel()).back(), "Nobody's shifts of the next 8 weeks move."));
    CHECK(has(edits_shown(world, world.channel()).back(), "rotation weekly, priority: "));

    edits_apply(world, edits_with_search());
    REQUIRE(edits_shown(world, world.fallback()).size() == 1); // no team pages by it
    CHECK(has(edits_shown(world, world.fallback()).back(), "Schedule search is new: a test"));
    for (auto* person : {&world.ana(), &world.bo(), &world.chi()})
        CHECK(edits_told(world, *person).empty());

    // To undo that is to delete it, and that can be undone, too.
    const auto made = edits_hold(world, "search");
    world.ana().click(edits_last(world.fallback()), "Undo");
    world.advance(2s);
    CHECK(edits_hold(world, "search").empty());
    REQUIRE(edits_told(world, world.bo()).size() == 1);
    CHECK(has(edits_told(world, world.bo()).back(), "Schedule search, deleted:"));
    CHECK(has(edits_told(world, world.bo()).back(), "any more: nobody is"));
    world.ana().click(edits_last(world.fallback()), "Undo");
    world.advance(2s);
    CHECK(edits_hold(world, "search") == made);
    REQUIRE(edits_told(world, world.bo()).size() == 2);
    CHECK(has(edits_told(world, world.bo()).back(), "You are on call Nov 9, 2026 at 08:00 UTC – Nov 16, 2026 at 08:00 UTC"));

    // One that is paged by stays.
    auto used = edits_with_search();
    used.policies.at("payments").levels.at(1).targets.push_back({oncall::TargetKind::schedule, "search"});
    edits_apply(world, used, {.force = true});
    world.ana().click(edits_last(world.fallback()), "Undo");
    world.advance(2s);
    CHECK(
        has(world.slack().plain(world.ana().last_ephemeral()), "Nothing was undone: schedule search is used by policy payments"));
    CHECK(edits_hold(world, "search") == made);
}

TEST_CASE("Whoever undoes reads what of it holds for what has been as well", "[scenarios][schedule_edits]")
{
    World world;
    world.advance(2s);
    auto file = sample_configuration();
    oncall::Rotation read;
    read.name = "weekly";
    read.ics = "https://calendar.example.org/private-1/x.ics";
    file.schedules.at("payments").rotations = {read};
    edits_apply(world, file);
    CHECK_FALSE(has(edits_shown(world, world.channel()).back(), "private-1"));
    world.bo().click(edits_last(world.channel()), "Undo");
    world.advance(2s);
    INFO(world.slack().story());
    CHECK(has(world.slack().plain(world.bo().last_ephemeral()),
        "For what has been as well: the calendar that rotation weekly was read from."));
}

TEST_CASE("Whoever is in a schedule that the file renames reads what they lose and what they get", "[scenarios][schedule_edits]")
{
    World world;
    world.advance(2s);
    edits_apply(world, edits_with_search());
    auto renamed = sample_configuration();
    auto& search = renamed.schedules["search-eu"] = renamed.schedules.at("payments");
    search.name = "search-eu";
    edits_apply(world, renamed, {.prune = true});
    INFO(world.slack().story());
    REQUIRE(edits_told(world, world.bo()).size() == 1);
    const auto told = edits_told(world, world.bo()).front();
    CHECK(has(told, "Schedule search, deleted:"));
    CHECK(has(told, "Schedule search-eu, changed by a test:"));
    CHECK(has(told, "You are on call Nov 9, 2026 at 08:00 UTC – Nov 16, 2026 at 08:00 UTC"));
}

TEST_CASE("A schedule whose deletion is undone has its overrides again, those of the file and those of Slack",
    "[scenarios][schedule_edits]")
{
    World world;
    world.advance(2s);
    auto file = edits_with_search();
    file.schedules.at("search").overrides = {{.from = noon + 24h, .to = noon + 25h, .people = {"bo@example.com"}},
        {.from = noon - 1h, .to = noon + 8h, .people = {"chi@example.com"}}};
    edits_apply(world, file);
    world.write([&](storage::Transaction& tx) {
        storage::StoredOverride one;
        one.what = {.from = noon + 48h, .to = noon + 49h, .people = {"chi@example.com"}};
        one.schedule = "search";
        one.made_by = world.bo().id();
        one.made_at = noon;
        storage::Overrides{tx}.add(one);
        return true;
    });
    const auto held = [&] {
        return world.look([](storage::Transaction& tx) {
            std::vector<std::pair<oncall::Override, std::string>> all;
            for (const auto& one : storage::Overrides{tx}.all())
                if (one.schedule == "search")
                    all.emplace_back(one.what, one.said);
            return all;
        });
    };
    const auto before = held();
    REQUIRE(before.size() == 3);
    world.ana().click(edits_last(world.fallback()), "Undo");
    world.advance(2s);
    CHECK(held().empty());
    world.ana().click(edits_last(world.fallback()), "Undo");
    world.advance(2s);
    INFO(world.slack().story());
    CHECK(held() == before);
    CHECK(world.app().context().configuration()->schedules.at("search").overrides.size() == 3);
    CHECK(has(edits_told(world, world.chi()).back(), "You are on call Nov 5, 2026 at 12:00 UTC – Nov 5, 2026 at 13:00 UTC"));
    const auto again = world.apply(file);
    REQUIRE(again);
    CHECK_FALSE(again->configured.plan.writes_anything());
}

TEST_CASE("Of several edits in a row people are told what came of them", "[scenarios][schedule_edits]")
{
    World world;
    world.advance(2s);
    SECTION("nothing, when it was taken back before they could be told")
    {
        world.slack().rate_limit("chat.postMessage", 60s, 9);
        edits_apply(world, edits_swapped());
        world.slack().heal();
        edits_apply(world, sample_configuration());
        world.advance(3min);
        INFO(world.slack().story());
        CHECK(edits_told(world, world.bo()).empty());
        CHECK(edits_told(world, world.chi()).empty());
        CHECK(edits_shown(world, world.channel()).size() == 2);
    }
    SECTION("that it was taken back, when the words may have come")
    {
        world.slack().act_then_hang("chat.postMessage", 4);
        edits_apply(world, edits_swapped());
        world.slack().heal();
        edits_apply(world, sample_configuration());
        world.advance(5min);
        INFO(world.slack().story());
        const auto bos = edits_told(world, world.bo());
        REQUIRE(bos.size() == 2);
        CHECK(has(bos[0], "You are not on call Nov 9"));
        CHECK(has(bos[1], "Your shifts are as they were: what I told you last was taken back."));
    }
    SECTION("once, when the bot dies right after the commit")
    {
        world.doom.commit = world.commits + 1;
        CHECK_FALSE(world.apply(edits_swapped()));
        REQUIRE_FALSE(world.running());
        world.doom = {};
        world.start();
        world.advance(5s);
        INFO(world.slack().story());
        CHECK(edits_told(world, world.bo()).size() == 1);
        CHECK(edits_shown(world, world.channel()).size() == 1);
        world.kill();
        world.start();
        world.advance(5s);
        CHECK(edits_told(world, world.bo()).size() == 1);
    }
}

TEST_CASE("A dry run says who would be on call instead of whom, and tells nobody", "[scenarios][schedule_edits]")
{
    World world;
    world.advance(2s);
    const auto taken = world.apply(edits_swapped(), {.dry_run = true});
    REQUIRE(taken);
    REQUIRE(taken->configured.shifts.size() > 2);
    const auto line = blocks::plain(taken->configured.shifts.front(), taken->names);
    CHECK(line.starts_with("schedule payments: "));
    CHECK(has(line, ": chi instead of bo"));
    world.advance(2s);
    CHECK(edits_told(world, world.bo()).empty());
    CHECK(edits_shown(world, world.channel()).empty());
}
