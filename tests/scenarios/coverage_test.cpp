#include "catch.hpp"
#include "scenarios/sees.hpp"
#include "scenarios/world.hpp"
#include "storage/coverage.hpp"

using namespace scenario;

namespace {

using oncall::Override;

TimePoint coverage_time(const std::string& text)
{
    return oncall::to_instant(oncall::local_time_in(text).value(), "Europe/Berlin");
}

/// Time passes without the bot, so that nobody waits for it.
void pass_until(World& world, const std::string& when)
{
    world.kill();
    world.clock.set(coverage_time(when));
    world.start();
    world.advance(1s);
}

/// Somebody changes who is on call; it holds from the commit on.
void change_on_call(World& world, Override::Kind kind, TimePoint from, TimePoint to, const std::string& person)
{
    world.write([&](storage::Transaction& tx) {
        storage::StoredOverride one;
        one.what = {.from = from, .to = to, .kind = kind, .people = {person}};
        one.schedule = "payments";
        one.made_by = "cto";
        one.made_at = world.clock.now();
        storage::Overrides{tx}.add(one);
        return one.what.id;
    });
    world.put_in_force();
    world.settle();
}

/// The messages that tell of what is to be mended, as they are now.
std::vector<std::string> told_ahead(World& world, workspace::Channel& channel)
{
    std::vector<std::string> found;
    for (const auto& message : channel.messages()) {
        auto text = world.slack().plain(world.slack().now(message));
        if (has(text, "schedule payments") && (has(text, "to mend") || has(text, "to be mended")))
            found.push_back(std::move(text));
    }
    return found;
}

workspace::Message message_with(World& world, const std::string& part)
{
    for (const auto& message : world.channel().messages())
        if (has(world.slack().plain(world.slack().now(message)), part))
            return message;
    throw workspace::NotThere{"no message with " + part};
}

} // namespace

TEST_CASE("A gap is told a week and a day ahead, once each, and is mended by its button", "[scenarios][coverage]")
{
    World world;
    world.advance(2s);
    // bo's weekend.
    change_on_call(
        world, Override::Kind::remove, coverage_time("2026-11-13T18:00"), coverage_time("2026-11-16T09:00"), "bo@example.com");
    pass_until(world, "2026-11-07T08:59");
    INFO(world.slack().story());
    CHECK(told_ahead(world, world.channel()).empty());
    world.advance(2min);
    REQUIRE(told_ahead(world, world.channel()).size() == 1);
    CHECK(has(told_ahead(world, world.channel()).front(), "Within a week, schedule payments has something to mend"));
    CHECK(has(told_ahead(world, world.channel()).front(), "[Put somebody on call…]"));
    // Its end is the gap's, not that of what is looked at.
    world.chi().click(message_with(world, "Within a week"), "Put somebody on call…");
    world.settle();
    REQUIRE(world.chi().modals() == 1);
    const auto seconds = [](TimePoint at) { return std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count(); };
    CHECK(world.chi().modal().json["state"]["values"]["override.to"]["override.to"]["selected_date_time"]
        == seconds(coverage_time("2026-11-16T09:00")));
    world.chi().close_all();
    for (int i = 0; i < 2; ++i) {
        world.kill();
        world.start();
        world.advance(5min);
    }
    CHECK(told_ahead(world, world.channel()).size() == 1);
    // Also when the bot was away then.
    pass_until(world, "2026-11-12T19:30");
    world.advance(1min);
    REQUIRE(told_ahead(world, world.channel()).size() == 2);
    CHECK(has(told_ahead(world, world.channel()).back(), "Within a day"));

    const auto unmended = message_with(world, "Within a day");
    world.chi().click(unmended, "Put somebody on call…");
    world.settle();
    REQUIRE(world.chi().modals() == 1);
    const auto values = world.chi().modal().json["state"]["values"];
    CHECK(values["override.from"]["override.from"]["selected_date_time"] == seconds(coverage_time("2026-11-13T18:00")));
    CHECK(values["override.to"]["override.to"]["selected_date_time"] == seconds(coverage_time("2026-11-16T09:00")));
    fill(world, world.chi(), {{"Who is on call then", "chi"}});
    world.chi().submit();
    world.advance(5s);
    CHECK(has(modal(world, world.chi()), "is made"));
    const auto mended = told_ahead(world, world.channel());
    REQUIRE(mended.size() == 2);
    for (const auto& text : mended) {
        CHECK(has(text, "what was to be mended is"));
        CHECK_FALSE(has(text, "[Put somebody on call…]"));
    }
    // Whoever's screen is behind changes nothing.
    world.bo().click_as_seen(unmended, "Put somebody on call…");
    world.advance(1s);
    CHECK(world.bo().modals() == 0);
    CHECK(has(world.slack().plain(world.bo().last_ephemeral()), "Somebody is on call then by now"));
    CHECK(world.slack().violations().empty());
}

TEST_CASE("A gap that an edit makes within a day is told a moment later, unless it is mended by then", "[scenarios][coverage]")
{
    World world;
    world.advance(2s);
    pass_until(world, "2026-11-04T09:05");
    world.advance(1min);
    INFO(world.slack().story());
    const auto now = world.clock.now();
    change_on_call(world, Override::Kind::remove, now + 3h, now + 4h, "ana@example.com");
    change_on_call(world, Override::Kind::put, now + 3h, now + 4h, "chi@example.com");
    world.advance(3min);
    CHECK(told_ahead(world, world.channel()).empty());
    change_on_call(world, Override::Kind::remove, now + 5h, now + 6h, "ana@example.com");
    world.advance(1min);
    CHECK(told_ahead(world, world.channel()).empty());
    SECTION("it is") { }
    SECTION("also when the bot dies meanwhile")
    {
        world.kill();
        world.start();
    }
    auto* where = &world.channel();
    SECTION("elsewhere, where Slack refuses the channel")
    {
        where->archive();
        where = &world.fallback();
    }
    world.advance(2min);
    REQUIRE(told_ahead(world, *where).size() == 1);
    CHECK(has(told_ahead(world, *where).front(), "Within a day"));
    CHECK(has(told_ahead(world, *where).front(), "#payments-alerts: the channel is archived (is_archived)")
        == (where == &world.fallback()));
    world.advance(10min);
    CHECK(told_ahead(world, *where).size() == 1);
    CHECK(world.slack().violations().empty());
}

TEST_CASE("Who left Slack is reported once, in one voice, and listed by /oncall coverage, which says how much is covered",
    "[scenarios][coverage]")
{
    World world;
    world.advance(2s);
    const auto well = type(world, world.chi(), "coverage");
    CHECK(has(well, "✅ Nothing to mend"));
    CHECK(has(well, "100 % covered"));
    world.slack().deactivate("bo");
    pass_until(world, "2026-11-06T08:50");
    world.advance(1min);
    INFO(world.slack().story());
    const auto listed = type(world, world.chi(), "coverage payments 2w");
    CHECK(has(listed, "bo has left Slack and cannot be paged"));
    CHECK(has(listed, "[Fix…]"));
    CHECK_FALSE(has(listed, "100 %"));
    world.advance(10min);
    CHECK(told_ahead(world, world.channel()).empty()); // each shift of theirs is no news after that
    CHECK_NOTHROW(message_with(world, "bo is deactivated in Slack and can answer no page"));
    world.chi().click(world.chi().last_ephemeral(), "Fix…");
    world.settle();
    REQUIRE(world.chi().modals() == 1);
    const auto values = world.chi().modal().json["state"]["values"];
    CHECK(values["override.instead_of"]["override.instead_of"]["selected_option"]["value"] == world.bo().id());
    CHECK(has(type(world, world.chi(), "coverage payments last month"), "That time is over"));
    CHECK(has(type(world, world.chi(), "coverage paymnts"), "Did you mean `/oncall coverage payments`?"));
    CHECK(world.slack().violations().empty());
}

TEST_CASE("Who leaves Slack is noticed within a day, also who did something hours before", "[scenarios][coverage]")
{
    World world;
    world.advance(2s);
    world.advance(10h);
    type(world, world.bo(), "coverage"); // who that is is asked for by the id
    world.advance(5h);
    world.slack().deactivate("bo");
    world.advance(20h);
    const auto people = world.look([](storage::Transaction& tx) { return storage::rota_people(tx); });
    INFO(world.slack().story());
    CHECK(people.at("bo@example.com").kind == "gone");
}

TEST_CASE("An app comes into no schedule that follows the sun, also when who it is was not known yet", "[scenarios][sun]")
{
    World world;
    world.slack().add_person("robot", "", "", {.real_name = "Robot", .is_bot = true});
    world.advance(2s);
    auto& chi = world.chi();
    chi.command("/oncall", "schedule sun support", "#payments-alerts");
    world.settle();
    REQUIRE(chi.modals() == 1);
    chi.fill({{"zone1", "Europe/Berlin"}, {"hours1", "06:00 to 18:00"}, {"people1", "ana,robot"}, {"first", "2027-01-04"}});
    chi.submit();
    world.advance(2s);
    INFO(world.slack().story());
    REQUIRE(chi.modals() == 2);
    chi.submit();
    world.advance(1s);
    CHECK(has(modal(world, chi), "cannot answer a page"));
    CHECK_FALSE(world.look([](storage::Transaction& tx) { return storage::Items{tx}.find("schedule", "support").has_value(); }));
}

TEST_CASE("Regions, hours and people make a schedule that follows the sun, looked at before it is saved", "[scenarios][sun]")
{
    World world;
    world.advance(2s);
    auto& chi = world.chi();
    const auto typed = chi.command("/oncall", "schedule sun support", "#payments-alerts");
    world.settle();
    CHECK(typed.error() == "");
    REQUIRE(chi.modals() == 1);
    chi.fill({{"zone1", "Europe/Berlin"}, {"hours1", "06:00 to 18:00"}, {"people1", "ana,chi"}, {"zone2", "Mars/Base"},
        {"hours2", "noon"}, {"first", "2027-01-04"}});
    chi.submit();
    world.settle();
    INFO(world.slack().story());
    const auto errors = chi.modal().errors;
    CHECK(errors.contains("zone2"));
    CHECK(errors.contains("hours2"));
    CHECK(errors.contains("people2"));
    chi.fill({{"zone2", "America/New_York"}, {"hours2", "12:00 to 24:00"}, {"people2", "bo"}});
    chi.submit();
    world.advance(1s);
    REQUIRE(chi.modals() == 2);
    CHECK(has(modal(world, chi), "new: schedule support"));
    CHECK(has(modal(world, chi), "In the first four weeks somebody is on call at every hour"));
    CHECK(has(modal(world, chi), "Nobody: daily 05:00 – 06:00 Europe/Berlin, Mon 15 Mar 2027 to Sat 27 Mar 2027"));
    world.advance(10s);
    const auto blocks = chi.modal().json["blocks"];
    CHECK(std::any_of(blocks.begin(), blocks.end(), [](const auto& block) { return block["type"] == "image"; }));
    const auto stored = [&] {
        return world.look([](storage::Transaction& tx) { return storage::Items{tx}.find("schedule", "support").has_value(); });
    };
    CHECK_FALSE(stored());
    chi.submit();
    world.advance(1s);
    CHECK(has(modal(world, chi), "It holds from now on"));
    CHECK(stored());
    CHECK(has(type(world, chi, "schedule support"), "support"));
    // Of that name there is one now.
    chi.close_all();
    chi.command("/oncall", "schedule sun support", "#payments-alerts");
    world.settle();
    chi.fill({{"zone1", "Europe/Berlin"}, {"hours1", "06:00 to 18:00"}, {"people1", "ana"}});
    chi.submit();
    world.settle();
    CHECK(chi.modal().errors.contains("name"));
    CHECK(world.slack().violations().empty());
}
