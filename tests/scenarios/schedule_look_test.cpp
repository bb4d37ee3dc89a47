#include "catch.hpp"
#include "scenarios/sees.hpp"
#include "scenarios/world.hpp"

#include <algorithm>

using namespace scenario;
using workspace::Json;

namespace {

std::string asks_within(World& world, workspace::Person& person, const std::string& words, doors::milliseconds wait = 1s)
{
    person.command("/oncall", words, "#payments-alerts");
    world.advance(wait);
    return world.slack().plain(person.last_ephemeral());
}

} // namespace

TEST_CASE("A schedule is told in words at once and shown a moment later, and one looks on and back", "[scenarios][schedule_look]")
{
    World world;
    auto& bo = world.bo();
    const auto asked = bo.command("/oncall", "schedule payments", "#payments-alerts");
    world.settle();
    INFO(world.slack().story());
    CHECK(asked.acked());
    REQUIRE(bo.ephemerals().size() == 1);
    const auto words = world.slack().plain(bo.last_ephemeral());
    CHECK(has(words, "Now: ana until"));
    CHECK(has(words, "then bo"));
    CHECK(has(words, "The picture of Tue 3 Nov 2026 to Mon 16 Nov 2026 follows in a moment."));
    world.advance(5s);
    REQUIRE(bo.ephemerals().size() == 2);
    const auto shown = bo.last_ephemeral();
    CHECK(shows_picture(shown));
    CHECK(has(world.slack().plain(shown), "(Who is on call by schedule payments, Tue 3 Nov 2026 to Mon 16 Nov 2026"));
    CHECK(has(world.slack().plain(shown), "ana → bo"));
    CHECK(has(world.slack().plain(shown), "[◀ Earlier] [Later ▶] [Override …] [Edit …] [Post in this channel]"));

    bo.click(shown, "Later ▶");
    world.advance(5s);
    REQUIRE(bo.ephemerals().size() == 2);
    CHECK(shows_picture(bo.last_ephemeral()));
    CHECK(has(world.slack().plain(bo.last_ephemeral()), "Tue 17 Nov 2026 to Mon 30 Nov 2026"));
    bo.click(bo.last_ephemeral(), "◀ Earlier");
    world.advance(5s);
    CHECK(has(world.slack().plain(bo.last_ephemeral()), "Tue 3 Nov 2026 to Mon 16 Nov 2026"));

    CHECK(world.channel().messages().empty());
    bo.click(bo.last_ephemeral(), "Post in this channel");
    world.advance(5s);
    REQUIRE(world.channel().messages().size() == 1);
    const auto posted = world.channel().last();
    CHECK(shows_picture(posted));
    CHECK_FALSE(has(world.slack().plain(posted), "Post in this channel"));
    // Whoever looks on there does so alone.
    world.chi().click(posted, "Later ▶");
    world.advance(5s);
    CHECK(world.channel().messages().size() == 1);
    CHECK(world.channel().last().edits.empty());
    CHECK(has(world.slack().plain(world.chi().last_ephemeral()), "Tue 17 Nov 2026 to Mon 30 Nov 2026"));
    bo.click(posted, "Override …");
    world.settle();
    CHECK(bo.modals() == 1);
    CHECK(world.slack().violations().empty());
}

TEST_CASE("An answer that was promised a picture comes without when Slack takes none, within its five uses",
    "[scenarios][schedule_look]")
{
    World world;
    auto& bo = world.bo();
    SECTION("no file is taken") { world.slack().fail_with_status("upload_url", 503, 1'000); }
    SECTION("the file is never ready") { world.slack().settings().file_takes = 10min; }
    bo.command("/oncall", "schedule payments", "#payments-alerts");
    world.advance(90s);
    INFO(world.slack().story());
    REQUIRE(bo.ephemerals().size() == 2);
    CHECK_FALSE(shows_picture(bo.last_ephemeral()));
    CHECK(has(world.slack().plain(bo.last_ephemeral()), "[Post in this channel]"));
    CHECK(world.slack().calls("response_url").size() <= 5);
    CHECK(world.slack().violations().empty());
}

TEST_CASE("Who presses twice posts a schedule once", "[scenarios][schedule_look]")
{
    World world;
    auto& bo = world.bo();
    asks_within(world, bo, "schedule payments", 6s);
    const auto shown = bo.last_ephemeral();
    bo.click(shown, "Post in this channel");
    world.settle();
    bo.click(shown, "Post in this channel");
    world.advance(8s);
    INFO(world.slack().story());
    CHECK(world.channel().messages().size() == 1);
    CHECK(has(world.slack().plain(bo.last_ephemeral()), "asked for here a moment ago"));
    CHECK(world.slack().violations().empty());
}

TEST_CASE("A guest sees schedules and own hours, and nobody else's", "[scenarios][report]")
{
    World world;
    auto& dan = world.slack().add_person("dan", "dan@example.com");
    world.slack().make_guest("dan");
    world.channel().admit("dan");
    asks_within(world, dan, "schedule payments", 6s); // who that is is known by now
    asks_within(world, dan, "schedule payments", 6s);
    CHECK(shows_picture(dan.last_ephemeral()));
    dan.click(dan.last_ephemeral(), "Post in this channel");
    world.advance(5s);
    INFO(world.slack().story());
    CHECK(has(world.slack().plain(dan.last_ephemeral()), "Guests of this workspace cannot post schedules"));
    CHECK(world.channel().messages().empty());
    CHECK(has(asks_within(world, dan, "report payments last month"), "Guests of this workspace can only see their own hours"));
    CHECK(has(asks_within(world, dan, "report me next week"), "Your hours on call"));
    CHECK(world.slack().violations().empty());
}

TEST_CASE("A schedule is chosen from a list, and a time as people say it", "[scenarios][schedule_look]")
{
    World world;
    auto& bo = world.bo();
    CHECK(has(asks_within(world, bo, "schedule"), "• payments (team payments)"));
    bo.choose(bo.last_ephemeral(), "Show one …", "payments");
    world.advance(5s);
    INFO(world.slack().story());
    CHECK(shows_picture(bo.last_ephemeral()));
    CHECK(has(asks_within(world, bo, "schedule payments next month", 6s), "December 2026"));
    CHECK(shows_picture(bo.last_ephemeral()));
    CHECK(has(asks_within(world, bo, "schedule month", 6s), "November 2026")); // there is only one
    CHECK(has(asks_within(world, bo, "schedule payment"), "Did you mean `/oncall schedule payments`?"));
    CHECK(has(asks_within(world, bo, "schedule payments someday"), "I don't understand “someday” as a time."));
    CHECK(has(asks_within(world, bo, "schedule payments 401d"), "at most 400 days"));

    // A place that does not take the picture: whoever asked hears of it.
    world.slack().add_channel("closed", {.members = {"bo"}, .is_private = true});
    bo.command("/oncall", "schedule payments", "#closed");
    world.advance(6s);
    bo.click(bo.last_ephemeral(), "Post in this channel");
    world.advance(6s);
    CHECK(has(world.slack().plain(bo.last_ephemeral()),
        "I could not post the picture of schedule payments there: I am not in the channel (not_in_channel). Write `/invite "
        "@oncall` "
        "there. Then try again."));

    // The list and its buttons outlive the schedule.
    bo.command("/oncall", "schedule payments", "#payments-alerts");
    world.advance(6s);
    const auto before = bo.last_ephemeral();
    world.kill();
    auto without = sample_configuration();
    without.schedules["ledger"] = without.schedules.extract("payments").mapped();
    without.schedules["ledger"].name = "ledger";
    without.policies["payments"].levels[0].targets[0].name = "ledger";
    world.start();
    REQUIRE(world.apply(without, {.prune = true}));
    bo.click(before, "Later ▶");
    world.advance(6s);
    CHECK(has(world.slack().plain(bo.last_ephemeral()), "There is no schedule payments any more."));
    CHECK(world.slack().violations().empty());
}

TEST_CASE("Everybody sees when they are on call themselves", "[scenarios][schedule_look]")
{
    World world;
    const auto anas = asks_within(world, world.ana(), "me");
    INFO(anas);
    CHECK(has(anas, "On call now until Nov 9, 2026 at 08:00 UTC"));
    CHECK(has(anas, "since Nov 2, 2026 at 08:00 UTC"));
    CHECK(has(anas, "then bo"));
    CHECK(has(anas, "after chi, then bo"));
    CHECK(has(anas, "[Show schedule]"));
    CHECK(has(asks_within(world, world.slack().person("dee"), "me"), "You are not on call in the next 90 days"));
    world.ana().click(world.ana().last_ephemeral(), "Show schedule");
    world.advance(5s);
    CHECK(shows_picture(world.ana().last_ephemeral()));
    asks_within(world, world.ana(), "shifts");
    world.ana().click(world.ana().last_ephemeral(), "How I am reached");
    world.settle();
    CHECK(world.ana().modals() == 1);
    CHECK(world.slack().violations().empty());
}

TEST_CASE("A report has the hours of a week in which the clocks change, in Slack and as a file", "[scenarios][report]")
{
    World world;
    auto& bo = world.bo();
    const auto read = asks_within(world, bo, "report payments 2026-10-19 to 2026-10-25");
    INFO(world.slack().story());
    CHECK(has(read, "Hours on call of schedule payments, Mon 19 Oct 2026 to Sun 25 Oct 2026"));
    CHECK(has(read, "Who | Hours | Business | Off hours | Sleep | of it weekend | of it holiday"));
    CHECK(has(read, "ana | 9.0 | 1.0 | 0.0 | 8.0 | 0.0 | 0.0")); // on Monday, until nine
    CHECK(has(read, "bo | 160.0 | 49.0 | 48.0 | 63.0 | 49.0 | 0.0"));
    CHECK(has(read, "All | 169.0 | 50.0 | 48.0 | 71.0 | 49.0 | 0.0"));

    bo.click(bo.last_ephemeral(), "As a file (CSV)");
    world.advance(8s);
    CHECK(has(world.slack().plain(bo.last_ephemeral()), "The file comes into your direct messages"));
    REQUIRE(bo.dms().size() == 1);
    CHECK(has(world.slack().plain(bo.last_dm()), "(file oncall-payments-2026-10-19.csv)"));
    REQUIRE(world.slack().files().size() == 1);
    CHECK(has(world.slack().files().front().bytes,
        "\r\nbo," + bo.id()
            + ",Europe/Berlin,2026-10-19T00:00:00+02:00,2026-10-26T00:00:00+01:00,1,160.00,49.00,48.00,63.00,49.00,0.00\r\n"));

    CHECK(has(asks_within(world, bo, "report"), "Hours on call of all schedules, Mon 26 Oct 2026 to Sun 1 Nov 2026"));
    CHECK(has(asks_within(world, bo, "report team:payments last month"), "Hours on call of team payments, October 2026"));
    CHECK(has(asks_within(world, bo, "report me week"), "Your hours on call, Mon 2 Nov 2026 to Sun 8 Nov 2026, so far: none."));
    CHECK(has(asks_within(world, bo, "report me next week"), "bo | 159.0"));
    CHECK(has(world.slack().plain(bo.last_ephemeral()), "as planned"));
    CHECK(has(asks_within(world, bo, "report paiments"), "Did you mean `/oncall report payments`?"));
    CHECK(world.slack().violations().empty());
}

TEST_CASE("A report's file is sent once, whatever happens on the way, and told when it cannot be", "[scenarios][report]")
{
    World world;
    auto& bo = world.bo();
    std::size_t files = 0;
    const auto asks_for_file = [&] {
        bo.click(bo.last_ephemeral(), "As a file (CSV)");
        world.advance(5s);
        if (!world.running())
            world.start();
        world.doom = {};
        world.advance(1min);
        ++files;
    };
    asks_within(world, bo, "report payments last month");
    const auto arrives = [&](const std::string& when) {
        asks_for_file();
        INFO(when << "\n" << world.slack().story());
        const auto dms = bo.dms();
        REQUIRE(std::count_if(dms.begin(), dms.end(), [](const auto& dm) { return !dm.files.empty(); })
            == static_cast<std::ptrdiff_t>(files));
        asks_within(world, bo, "report payments last month");
    };
    for (int nth = 1; nth <= 3; ++nth) {
        world.doom.before_send = world.sends + nth;
        arrives("before " + std::to_string(nth));
        world.doom.after_send = world.sends + nth;
        arrives("after " + std::to_string(nth));
        world.doom.commit = world.commits + 1 + nth;
        arrives("commit " + std::to_string(nth));
    }
    world.slack().rate_limit("files.completeUploadExternal", 20s);
    arrives("429");
    world.slack().act_then_status("files.completeUploadExternal", 502);
    arrives("502, and done");
    // It would be made of something else by now: what stands there counts.
    world.slack().act_then_status("files.completeUploadExternal", 502);
    bo.click(bo.last_ephemeral(), "As a file (CSV)");
    world.settle();
    world.write([&](storage::Transaction& tx) {
        auto known = storage::People{tx}.find(bo.id()).value();
        known.name = "Bo, renamed";
        storage::People{tx}.save(known);
        return true;
    });
    world.advance(1min);
    const auto dms = bo.dms();
    CHECK(std::count_if(dms.begin(), dms.end(), [](const auto& dm) { return !dm.files.empty(); })
        == static_cast<std::ptrdiff_t>(files) + 1);
    asks_within(world, bo, "report payments last month");
    world.slack().settings().scopes.erase("files:write");
    asks_for_file();
    CHECK(has(world.slack().plain(bo.last_ephemeral()),
        "I could not give you the report as a file: the app lacks the scope files:write (missing_scope). Add it at"));
    CHECK(world.slack().violations().empty());
}
