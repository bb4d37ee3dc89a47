#include "catch.hpp"
#include "scenarios/scripted_provider.hpp"
#include "scenarios/world.hpp"
#include "storage/contacts.hpp"

using namespace scenario;

namespace {

using Names = std::vector<std::string>;

constexpr auto next_monday = 6 * 24h - 4h; // 2026-11-09 09:00 in Berlin, from noon on: bo's turn begins

/// The sample, with all of it that follows who is on call.
oncall::Configuration handoff_sample()
{
    auto configuration = sample_configuration();
    configuration.teams.at("payments").user_group = "@payments-oncall";
    configuration.teams.at("payments").topic = true;
    return configuration;
}

/// Some time passes without the bot, so that nobody waits for it.
void sleep_until(World& world, TimePoint when)
{
    world.kill();
    world.clock.set(when);
    world.start();
    world.advance(1s);
}

std::string sees(World& world, const workspace::Message& message) { return world.slack().plain(world.slack().now(message)); }

/// The messages in a channel that tell of a handoff.
std::vector<workspace::Message> told_in(World& world, workspace::Channel& channel)
{
    std::vector<workspace::Message> found;
    for (const auto& message : channel.messages())
        if (has(world.slack().plain(message), "🔁") || has(world.slack().plain(message), "Nobody is on call"))
            found.push_back(message);
    return found;
}

/// The direct messages that have that in them.
std::vector<workspace::Message> dms(World& world, workspace::Person& person, const std::string& part)
{
    std::vector<workspace::Message> found;
    for (const auto& message : person.dms())
        if (has(world.slack().plain(message), part))
            found.push_back(message);
    return found;
}

void click_at_once(World& world, workspace::Person& person, const workspace::Message& message, const std::string& label)
{
    const auto pressed = person.click(message, label);
    world.settle();
    CHECK(pressed.error() == "");
}

std::string submit_form(World& world, workspace::Person& person, const workspace::Fields& fields)
{
    person.fill(fields);
    const auto sent = person.submit();
    world.settle();
    return sent.error();
}

std::string say(World& world, workspace::Person& person, const std::string& command)
{
    const auto said = person.command("/oncall", command, "#payments-alerts");
    world.settle();
    return said.answer().is_object() && said.answer().contains("text") ? said.answer()["text"].get<std::string>() : said.error();
}

/// Somebody makes an override; it holds from the commit on.
void put_on_call(World& world, TimePoint from, TimePoint to, const Names& people)
{
    world.write([&](storage::Transaction& tx) {
        storage::StoredOverride one;
        one.what = {.from = from, .to = to, .people = people};
        one.schedule = "payments";
        one.made_by = "cto";
        one.made_at = world.clock.now();
        storage::Overrides{tx}.add(one);
        return one.what.id;
    });
    world.put_in_force();
    world.settle();
}

} // namespace

TEST_CASE("A weekly handoff is told with who goes, who comes, a note and what is open, and is accepted", "[scenarios][handoff]")
{
    World world{handoff_sample()};
    world.slack().add_user_group("payments-oncall", {"chi"});
    sleep_until(world, noon + next_monday - 61min);
    world.alert("Checkout is down");
    world.settle();
    click_at_once(world, world.ana(), world.ana().last_dm(), "Acknowledge");
    world.advance(2min);
    INFO(world.slack().story());
    // An hour before, one is reminded and the other asked.
    REQUIRE(dms(world, world.bo(), "you are on call from").size() == 1);
    CHECK(has(sees(world, world.bo().last_dm()), "In an hour: you are on call from"));
    CHECK(has(sees(world, world.bo().last_dm()), "You take over from ana."));
    const auto asked = dms(world, world.ana(), "What should others know?");
    REQUIRE(asked.size() == 1);
    CHECK(has(sees(world, asked.front()), "bo takes over"));
    click_at_once(world, world.ana(), asked.front(), "Write a note…");
    CHECK(submit_form(world, world.ana(), {{"What should they know?", "The cache is <cold> & slow"}}) == "");

    // Not before group and topic say the same.
    world.advance(next_monday - (world.clock.now() - noon) + 5s);
    CHECK(world.slack().user_group("payments-oncall") == Names{"bo"});
    CHECK(has(world.channel().topic(), "[On call: bo"));
    CHECK(told_in(world, world.channel()).empty());
    world.advance(6s);
    REQUIRE(told_in(world, world.channel()).size() == 1);
    const auto message = told_in(world, world.channel()).front();
    CHECK(has(sees(world, message), "@bo is on call by schedule payments until"));
    CHECK(has(sees(world, message), "after ana."));
    CHECK(has(sees(world, message), ": The cache is <cold> & slow"));
    CHECK(has(sees(world, message), "checkout: Checkout is down · acknowledged"));
    CHECK(has(sees(world, message), "bo has not accepted yet"));
    CHECK(has(message.blocks.dump(), "<@" + world.bo().id() + ">"));
    CHECK_FALSE(has(message.blocks.dump(), "<@" + world.ana().id() + ">"));

    click_at_once(world, world.cto(), message, "Accept");
    CHECK(has(sees(world, world.cto().last_ephemeral()), "Only bo can accept this"));
    CHECK(has(sees(world, message), "bo has not accepted yet"));
    click_at_once(world, world.bo(), message, "Accept");
    world.advance(2s);
    CHECK(has(sees(world, message), "✅ bo accepted"));
    CHECK_FALSE(has(sees(world, message), "[Accept]"));
    CHECK(has(sees(world, world.bo().last_ephemeral()), "You accepted: you are on call by payments until"));

    // The note can be changed for half a day.
    CHECK(has(say(world, world.ana(), "handoff the cache is warm"), "in the handoff of schedule payments now"));
    world.advance(2s);
    CHECK(has(sees(world, message), ": the cache is warm"));
    CHECK_FALSE(has(sees(world, message), "<cold>"));
    CHECK(has(say(world, world.cto(), "note handoff I was not there"), "there is no handoff to write a note for"));
    // Accepted, nobody is reminded or told.
    world.advance(2h);
    CHECK(dms(world, world.bo(), "have not accepted").empty());
    CHECK(dms(world, world.cto(), "has not accepted").empty());
    world.kill();
    world.clock.advance(10h);
    world.start();
    CHECK(has(say(world, world.ana(), "handoff too late"), "there is no handoff to write a note for"));
    // Whoever is on call now writes for the next.
    CHECK(has(say(world, world.bo(), "note handoff payments: all is quiet"), "Kept: your note goes with the handoff"));
    CHECK(told_in(world, world.channel()).size() == 1);
    CHECK(world.slack().violations().empty());
}

TEST_CASE("A handoff nobody accepts is reminded of once, and then whoever stands behind is told", "[scenarios][handoff]")
{
    World world{sample_configuration()};
    sleep_until(world, noon + next_monday - 1min);
    world.advance(1min + 29min);
    INFO(world.slack().story());
    CHECK(dms(world, world.bo(), "have not accepted yet").empty());
    world.advance(2min);
    const auto reminded = dms(world, world.bo(), "have not accepted yet");
    REQUIRE(reminded.size() == 1);
    CHECK(has(sees(world, reminded.front()), "Pages go to you all the same"));
    CHECK(dms(world, world.cto(), "has not accepted").empty());
    // A page waits for none of it.
    world.alert("Checkout is down");
    world.settle();
    CHECK(has(world.slack().push(world.bo().last_dm()), "Checkout is down"));
    world.resolved();
    SECTION("a restart forgets neither")
    {
        world.kill();
        world.start();
    }
    SECTION("nor does it go on at once") { }
    world.advance(27min);
    CHECK(dms(world, world.cto(), "has not accepted").empty());
    world.advance(3min);
    REQUIRE(dms(world, world.cto(), "has not accepted the handoff").size() == 1);
    const auto message = told_in(world, world.channel()).front();
    CHECK(has(sees(world, message), "bo has not accepted; told cto"));
    // Late is better than never.
    click_at_once(world, world.bo(), reminded.front(), "Accept");
    world.advance(2s);
    CHECK(has(sees(world, message), "✅ bo accepted"));
    CHECK(has(sees(world, reminded.front()), "You accepted"));
    world.advance(3h);
    CHECK(dms(world, world.bo(), "have not accepted yet").empty()); // it says that they did
    CHECK(dms(world, world.cto(), "has not accepted").size() == 1);
}

TEST_CASE("After a downtime nobody is asked at night to accept, nor told at night that somebody has not", "[scenarios][handoff]")
{
    World world{sample_configuration()};
    sleep_until(world, noon + next_monday - 1min);
    world.advance(10min);
    INFO(world.slack().story());
    const auto tonight = noon + next_monday + 18h; // 03:00 in Berlin
    sleep_until(world, tonight);
    world.advance(1min);
    CHECK(dms(world, world.bo(), "have not accepted yet").empty());
    sleep_until(world, tonight + 5h - 1min);
    world.advance(2min);
    CHECK(dms(world, world.bo(), "have not accepted yet").size() == 1);
    sleep_until(world, tonight + 24h);
    world.advance(1min);
    CHECK(dms(world, world.cto(), "has not accepted").empty());
    // By then somebody else is on call: it is not what was to be accepted any more.
    put_on_call(world, world.clock.now() + 1h, world.clock.now() + 2h, {"chi@example.com"});
    world.advance(5h + 20min); // 08:21; of the new shift bo is asked at 08:00
    CHECK(dms(world, world.cto(), "has not accepted").empty());
    CHECK(told_in(world, world.channel()).size() == 3);
}

TEST_CASE(
    "The note of somebody who is taken off call before the shift is over is given to whoever comes, once", "[scenarios][handoff]")
{
    World world{sample_configuration()};
    world.advance(1min);
    INFO(world.slack().story());
    CHECK(has(say(world, world.ana(), "handoff the cache is cold"), "Kept: your note goes with the handoff"));
    put_on_call(world, world.clock.now() - 1s, noon + next_monday, {"bo@example.com"});
    world.advance(10s);
    REQUIRE(dms(world, world.bo(), "left this note for whoever comes: the cache is cold").size() == 1);
    CHECK(has(sees(world, world.channel().messages().back()), "the cache is cold"));
    world.kill();
    world.start();
    world.advance(1min);
    CHECK(dms(world, world.bo(), "the cache is cold").size() == 1);
}

TEST_CASE("A handoff that an override makes is told, though the bot died before it had planned it", "[scenarios][handoff]")
{
    World world{sample_configuration()};
    world.advance(1min);
    INFO(world.slack().story());
    world.write([&](storage::Transaction& tx) {
        storage::StoredOverride one;
        one.what = {.from = world.clock.now() + 5min, .to = world.clock.now() + 1h, .people = {"chi@example.com"}};
        one.schedule = "payments";
        one.made_by = "cto";
        one.made_at = world.clock.now();
        storage::Overrides{tx}.add(one);
        return one.what.id;
    });
    sleep_until(world, world.clock.now() + 10min);
    world.advance(15s);
    REQUIRE(told_in(world, world.channel()).size() == 1);
    CHECK(has(sees(world, told_in(world, world.channel()).front()), "@chi is on call by schedule payments"));
}

TEST_CASE("A test of one's pager by a provider that is down says that it could not be sent", "[scenarios][handoff]")
{
    World world{sample_configuration()};
    ScriptedProvider ntfy{"ntfy"};
    ntfy.clock = &world.clock;
    ntfy.outcome = {notify::Outcome::later, "503", false};
    world.providers = {{oncall::ContactKind::ntfy, {&ntfy}}};
    world.write([&](storage::Transaction& tx) {
        oncall::ContactMethod method;
        method.person = world.bo().id();
        method.kind = oncall::ContactKind::ntfy;
        method.address = "bos-topic";
        method.added_at = method.verified_at = method.consented_at = world.clock.now();
        storage::ContactMethods{tx}.add(method);
        return 0;
    });
    sleep_until(world, noon + next_monday - 1h - 1min);
    world.advance(2min);
    INFO(world.slack().story());
    click_at_once(world, world.bo(), dms(world, world.bo(), "In an hour").front(), "Test my pager");
    world.advance(1min);
    const auto list = dms(world, world.bo(), "Test of your pager").front();
    CHECK(has(sees(world, list), "⏳ ntfy bos-topic · on its way"));
    world.advance(11min);
    CHECK(has(sees(world, list), "❌ ntfy bos-topic · failed: it could not be sent within 10 minutes"));
}

TEST_CASE(
    "A handoff in the night of the clock change comes at its time, and nobody is woken to accept it", "[scenarios][handoff]")
{
    auto configuration = sample_configuration();
    auto& nights = configuration.schedules.at("payments").rotations.front();
    nights.unit = oncall::Unit::day;
    nights.start = oncall::local_time_in("2027-03-20T02:30").value(); // ana, bo, chi, …: the 29th is ana's
    World world{configuration};
    const auto change = oncall::to_instant(oncall::local_time_in("2027-03-28T03:00").value(), "Europe/Berlin");
    sleep_until(world, change - 10min);
    world.advance(10min - 1s);
    INFO(world.slack().story());
    CHECK(told_in(world, world.channel()).size() == 1); // what was missed, once
    world.advance(15s);
    REQUIRE(told_in(world, world.channel()).size() == 2); // there is no 02:30 that night
    CHECK(has(sees(world, told_in(world, world.channel()).back()), "@chi is on call by schedule payments"));
    CHECK(told_in(world, world.channel()).back().posted - change < 15s);
    world.advance(5h - 1min);
    CHECK(dms(world, world.chi(), "have not accepted yet").empty());
    world.advance(1min); // 08:00 there
    CHECK(dms(world, world.chi(), "have not accepted yet").size() == 1);
    world.advance(29min);
    CHECK(dms(world, world.cto(), "has not accepted").empty());
    world.advance(2min);
    CHECK(dms(world, world.cto(), "has not accepted").size() == 1);
}

TEST_CASE("A handoff during which the bot was away is told once, and older ones are not", "[scenarios][handoff]")
{
    World world{sample_configuration()};
    world.advance(1s);
    sleep_until(world, noon + next_monday + 7 * 24h + 2h); // bo came and went; chi is on
    world.advance(1min);
    INFO(world.slack().story());
    REQUIRE(told_in(world, world.channel()).size() == 1);
    CHECK(has(sees(world, told_in(world, world.channel()).front()), "@chi is on call by schedule payments"));
    CHECK(dms(world, world.bo(), "you are on call").empty());
    CHECK(dms(world, world.chi(), "you are on call").empty());
    CHECK(dms(world, world.bo(), "What should others know?").empty());
    for (int i = 0; i < 3; ++i) {
        world.kill();
        world.start();
        world.advance(1min);
    }
    CHECK(told_in(world, world.channel()).size() == 1);
    CHECK(dms(world, world.chi(), "have not accepted yet").empty());
    world.advance(30min);
    CHECK(dms(world, world.chi(), "have not accepted yet").size() == 1);
}

TEST_CASE("Killed at any point around a handoff, the bot tells it once", "[scenarios][handoff]")
{
    const auto point = GENERATE(range(0, 7));
    World world{sample_configuration()};
    sleep_until(world, noon + next_monday - 1s);
    if (point < 5)
        world.doom.commit = world.commits + point + 1;
    else if (point == 5)
        world.doom.before_send = world.sends + 1;
    else
        world.doom.after_send = world.sends + 1;
    world.advance(20s);
    if (!world.running())
        world.start();
    world.advance(1min);
    INFO(point << "\n" << world.slack().story());
    CHECK(told_in(world, world.channel()).size() == 1);
    world.doom = {};
    click_at_once(world, world.bo(), told_in(world, world.channel()).front(), "Accept");
    world.advance(2s);
    CHECK(has(sees(world, told_in(world, world.channel()).front()), "✅ bo accepted"));
}

TEST_CASE("An override changes who is reminded and what is handed over", "[scenarios][handoff]")
{
    World world{sample_configuration()};
    sleep_until(world, noon + next_monday - 24h - 1min);
    world.advance(2min);
    INFO(world.slack().story());
    REQUIRE(dms(world, world.bo(), "In a day: you are on call").size() == 1);
    put_on_call(world, noon + next_monday - 2h, noon + next_monday + 3h, {"dee@example.com"});
    world.advance(1s);
    sleep_until(world, noon + next_monday - 3h - 1min);
    world.advance(2min);
    CHECK(dms(world, world.slack().person("dee"), "In an hour: you are on call").size() == 1);
    CHECK(dms(world, world.ana(), "What should others know?").size() == 1);
    world.advance(1h + 15s);
    REQUIRE(told_in(world, world.channel()).size() == 1);
    CHECK(has(sees(world, told_in(world, world.channel()).back()), "@dee is on call by schedule payments"));
    CHECK(has(sees(world, told_in(world, world.channel()).back()), "after ana."));
    // What was bo's is not any more, until noon.
    world.advance(2h);
    CHECK(dms(world, world.bo(), "In an hour").empty());
    CHECK(told_in(world, world.channel()).size() == 1);
    world.advance(3h);
    CHECK(dms(world, world.bo(), "In an hour").size() == 1);
    REQUIRE(told_in(world, world.channel()).size() == 2);
    CHECK(has(sees(world, told_in(world, world.channel()).back()), "@bo is on call by schedule payments"));
    CHECK(has(sees(world, told_in(world, world.channel()).back()), "after dee."));
    // The first shift is over: nothing is to be accepted.
    click_at_once(world, world.slack().person("dee"), told_in(world, world.channel()).front(), "Accept");
    CHECK(has(sees(world, world.slack().person("dee").last_ephemeral()), "This shift is over"));
    CHECK(dms(world, world.slack().person("dee"), "have not accepted yet").size() == 1);
    // One made for this very moment is told by who made it.
    put_on_call(world, world.clock.now() - 10s, world.clock.now() + 30min, {"chi@example.com"});
    world.advance(1min);
    CHECK(told_in(world, world.channel()).size() == 2);
    world.advance(30min);
    CHECK(told_in(world, world.channel()).size() == 3);
}

TEST_CASE("What Slack refuses of a handoff is told elsewhere, and the rest of it goes on", "[scenarios][handoff]")
{
    World world{handoff_sample()};
    world.slack().add_user_group("payments-oncall", {"ana"});
    sleep_until(world, noon + next_monday - 1min);
    SECTION("the topic")
    {
        world.slack().settings().everyone_sets_topics = false;
        world.advance(1min + 15s);
        INFO(world.slack().story());
        REQUIRE(told_in(world, world.channel()).size() == 1);
        CHECK(has(world.channel().topic(), "[On call: ana"));
    }
    SECTION("the post")
    {
        world.channel().archive();
        world.advance(1min + 15s);
        INFO(world.slack().story());
        CHECK(told_in(world, world.channel()).empty());
        REQUIRE(told_in(world, world.fallback()).size() == 1);
        const auto message = told_in(world, world.fallback()).front();
        CHECK(has(sees(world, message), "#payments-alerts: the channel is archived (is_archived)"));
        CHECK(has(sees(world, message), "@bo is on call by schedule payments"));
        click_at_once(world, world.bo(), message, "Accept");
        world.advance(2s);
        CHECK(has(sees(world, message), "✅ bo accepted"));
    }
}

TEST_CASE("Somebody deactivated who comes on call is said loudly, and so is nobody", "[scenarios][handoff]")
{
    World world{sample_configuration()};
    sleep_until(world, noon + next_monday - 1min);
    world.slack().deactivate("bo");
    world.advance(1min + 15s);
    INFO(world.slack().story());
    REQUIRE(told_in(world, world.channel()).size() == 1);
    const auto message = told_in(world, world.channel()).front();
    CHECK(has(sees(world, message), "🚨 bo has left this workspace and cannot be paged"));
    CHECK(has(sees(world, message), "[Put somebody on call…]"));
    CHECK_FALSE(has(sees(world, message), "[Accept]"));
    put_on_call(world, world.clock.now() + 1min, world.clock.now() + 1h, {"chi@example.com"});
    world.write([&](storage::Transaction& tx) {
        storage::StoredOverride one;
        one.what = {.from = world.clock.now() + 10min,
            .to = world.clock.now() + 30min,
            .kind = oncall::Override::Kind::remove,
            .people = {"chi@example.com"}};
        one.schedule = "payments";
        one.made_by = "cto";
        one.made_at = world.clock.now();
        storage::Overrides{tx}.add(one);
        return one.what.id;
    });
    world.put_in_force();
    world.advance(11min);
    REQUIRE(told_in(world, world.channel()).size() == 3);
    CHECK(has(sees(world, told_in(world, world.channel()).back()), "Nobody is on call by schedule payments until"));
}

TEST_CASE("Handoffs of an instant in one channel are one message, and each accepts their own", "[scenarios][handoff]")
{
    auto configuration = sample_configuration();
    auto& other = configuration.schedules["search"] = configuration.schedules.at("payments");
    other.name = "search";
    other.rotations.front().turns = {{"ana@example.com"}, {"chi@example.com"}, {"ana@example.com"}};
    configuration.policies.at("payments").levels.front().targets.push_back({oncall::TargetKind::schedule, "search"});
    World world{configuration};
    sleep_until(world, noon + next_monday - 1min);
    world.advance(2min);
    INFO(world.slack().story());
    REQUIRE(told_in(world, world.channel()).size() == 1);
    const auto message = told_in(world, world.channel()).front();
    CHECK(has(sees(world, message), "@bo is on call by schedule payments"));
    CHECK(has(sees(world, message), "@chi is on call by schedule search"));
    CHECK(message.edits.empty());
    click_at_once(world, world.chi(), message, "Accept");
    world.advance(2s);
    CHECK(has(sees(world, message), "✅ chi accepted"));
    CHECK(has(sees(world, message), "bo has not accepted yet"));
    CHECK(has(say(world, world.ana(), "handoff which one"), "Of which schedule?"));
    CHECK(has(say(world, world.ana(), "handoff search it is slow"), "in the handoff of schedule search now"));
}

TEST_CASE("Reminders come as each has chosen, once, and a restart keeps the choice", "[scenarios][handoff]")
{
    World world{sample_configuration()};
    world.advance(1s);
    INFO(world.slack().story());
    world.bo().command("/oncall", "reminders", "#payments-alerts");
    world.settle();
    REQUIRE(world.bo().modals() == 1);
    CHECK(submit_form(world, world.bo(),
              {{"Remind me of my shifts", "a day before, as they begin"}, {"Ask me for a handoff note", "never"}})
        == "");
    world.chi().command("/oncall", "reminders", "#payments-alerts");
    world.settle();
    CHECK(submit_form(world, world.chi(), {{"Remind me of my shifts", ""}}) == "");
    sleep_until(world, noon + next_monday - 24h - 1min);
    world.advance(2min);
    CHECK(dms(world, world.bo(), "In a day: you are on call").size() == 1);
    // Away an hour before, which was not chosen anyway, and back for the beginning.
    sleep_until(world, noon + next_monday - 1min);
    world.advance(2min);
    CHECK(dms(world, world.bo(), "you are on call").size() == 1);
    const auto begins = dms(world, world.bo(), "You are on call now");
    REQUIRE(begins.size() == 1);
    world.kill();
    world.start();
    world.advance(1min);
    CHECK(dms(world, world.bo(), "You are on call now").size() == 1);
    click_at_once(world, world.bo(), begins.front(), "Accept");
    world.advance(2s);
    CHECK(has(sees(world, told_in(world, world.channel()).front()), "✅ bo accepted"));
    // Neither is he asked for a note, nor she reminded.
    sleep_until(world, noon + next_monday + 6 * 24h - 1min);
    world.advance(2min);
    sleep_until(world, noon + next_monday + 7 * 24h - 1h - 1min);
    world.advance(2min);
    CHECK(dms(world, world.bo(), "What should others know?").empty());
    CHECK(dms(world, world.chi(), "you are on call").empty());
    // What was chosen stands in the form.
    world.bo().command("/oncall", "reminders", "#payments-alerts");
    world.settle();
    const auto shown = world.bo().modal().json.dump();
    CHECK(has(shown, R"("as they begin")"));
    CHECK(has(shown, "\"initial_option\":{\"text\":{\"type\":\"plain_text\",\"text\":\"never\""));
    const auto pressed = world.bo().click_modal("Test my pager");
    world.advance(2s);
    CHECK(pressed.error() == "");
    CHECK(dms(world, world.bo(), "Test of your pager").size() == 1);
}

TEST_CASE("A test of one's pager tries each way and ticks off what arrives, in one message", "[scenarios][handoff]")
{
    World world{sample_configuration()};
    ScriptedProvider sms{"Texts"}, voice{"Calls"}, ntfy{"ntfy"};
    for (auto* provider : {&sms, &voice, &ntfy})
        provider->clock = &world.clock;
    sms.reports = true;
    voice.outcome = {notify::Outcome::refused, "no answer from the carrier", false};
    world.providers = {
        {oncall::ContactKind::sms, {&sms}}, {oncall::ContactKind::voice, {&voice}}, {oncall::ContactKind::ntfy, {&ntfy}}};
    world.open_post_office();
    world.write([&](storage::Transaction& tx) {
        for (const auto& [kind, address] : {std::pair{oncall::ContactKind::sms, "+4915123456789"},
                 {oncall::ContactKind::voice, "+4915123456789"}, {oncall::ContactKind::ntfy, "bos-topic"}}) {
            oncall::ContactMethod method;
            method.person = world.bo().id();
            method.kind = kind;
            method.address = address;
            method.added_at = method.verified_at = method.consented_at = world.clock.now();
            storage::ContactMethods{tx}.add(method);
        }
        return 0;
    });
    sleep_until(world, noon + next_monday - 1h - 1min);
    world.advance(2min);
    INFO(world.slack().story());
    const auto reminder = dms(world, world.bo(), "In an hour");
    REQUIRE(reminder.size() == 1);
    click_at_once(world, world.bo(), reminder.front(), "Test my pager");
    world.advance(3s);
    const auto tests = dms(world, world.bo(), "Test of your pager");
    REQUIRE(tests.size() == 1);
    const auto& list = tests.front();
    CHECK(has(sees(world, list), "✅ Slack · arrived"));
    CHECK(has(sees(world, list), "📤 SMS +4915123456789 · sent"));
    CHECK(has(sees(world, list), "❌ Call +4915123456789 · failed: no answer from the carrier"));
    CHECK(has(sees(world, list), "📤 ntfy bos-topic · sent"));
    CHECK(has(sees(world, list), "📤 E-mail bo@example.com · sent"));
    CHECK(has(sees(world, list), "1 of 5 arrived, 1 failed"));
    // By callback, or when the provider is asked.
    notify::Outcome came;
    came.how = notify::Outcome::confirmed;
    came.why = "delivered";
    sms.becomes["Texts-" + std::to_string(sms.seen.size())] = came;
    world.advance(5s);
    CHECK(has(sees(world, list), "✅ SMS +4915123456789 · arrived (delivered)"));
    // By the link in what tells nothing itself: opening it does nothing yet.
    for (const auto& text : {world.post_office.taken.back().text, ntfy.seen.back().message.text}) {
        const auto at = text.find("https://oncall.example.com/a/test/");
        REQUIRE(at != text.npos);
        net::Request request;
        request.method = "GET";
        request.target = text.substr(at + 26, text.find_first_of(" \n", at) - at - 26);
        CHECK(world.request(request).status == 200);
        const auto before = sees(world, list);
        world.advance(2s);
        CHECK(sees(world, list) == before);
        request.method = "POST";
        CHECK(world.request(request).status == 200);
        world.advance(2s);
        request.target.back() = request.target.back() == 'A' ? 'B' : 'A';
        request.target[40] = request.target[40] == 'A' ? 'B' : 'A';
        CHECK(world.request(request).status == 403);
    }
    CHECK(has(sees(world, list), "✅ E-mail bo@example.com · arrived"));
    CHECK(has(sees(world, list), "✅ ntfy bos-topic · arrived"));
    CHECK(has(sees(world, list), "4 of 5 arrived, 1 failed"));
    // One message, and no flood of tests.
    CHECK(dms(world, world.bo(), "The test by").empty());
    for (int i = 0; i < 3; ++i) {
        world.advance(1min);
        click_at_once(world, world.bo(), reminder.front(), "Test my pager");
        world.advance(2s);
    }
    CHECK(dms(world, world.bo(), "Test of your pager").size() == 3);
    CHECK(has(sees(world, world.bo().last_ephemeral()), "Enough tests for now"));
    CHECK(world.slack().violations().empty());
}
