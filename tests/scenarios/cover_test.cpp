#include "catch.hpp"
#include "scenarios/sees.hpp"
#include "storage/covers.hpp"
#include "storage/sql.hpp"

using namespace scenario;

namespace {

/// ana, who is on call this week, asks for Friday evening.
void ana_asks(World& world, const std::string& more = "")
{
    world.advance(2s); // who people are is known by now
    const auto answer = type(world, world.ana(), "cover me friday 18:00-22:00" + more);
    INFO(answer);
    REQUIRE(has(answer, "Asked who takes"));
}

TimePoint berlin(std::string_view text) { return oncall::to_instant(*oncall::local_time_in(text), "Europe/Berlin"); }
const TimePoint friday_18 = berlin("2026-11-06T18:00");

std::string unix_seconds(TimePoint when)
{
    return std::to_string(std::chrono::floor<std::chrono::seconds>(when).time_since_epoch().count());
}

std::vector<std::string> channel_texts(World& world)
{
    std::vector<std::string> texts;
    for (const auto& message : world.channel().messages())
        texts.push_back(world.slack().plain(message));
    return texts;
}

std::vector<std::string> dm_texts(World& world, workspace::Person& person)
{
    std::vector<std::string> all;
    for (const auto& message : person.dms())
        if (!message.ephemeral)
            all.push_back(world.slack().plain(message));
    return all;
}

std::size_t count(const std::vector<std::string>& all, const std::string& part)
{
    return static_cast<std::size_t>(std::count_if(all.begin(), all.end(), [&](const auto& one) { return has(one, part); }));
}

/// The first of the bot's direct messages with that in it.
workspace::Message dm(World& world, workspace::Person& person, const std::string& part)
{
    for (const auto& message : person.dms())
        if (!message.ephemeral && has(world.slack().plain(message), part))
            return message;
    throw workspace::NotThere{"no direct message with " + part};
}

void click(World& world, workspace::Person& person, const workspace::Message& message, const std::string& label)
{
    person.click(message, label);
    world.advance(1s);
}

std::string told_only(World& world, workspace::Person& person) { return world.slack().plain(person.last_ephemeral()); }

std::vector<storage::StoredOverride> held(World& world)
{
    return world.look([](storage::Transaction& tx) { return storage::Overrides{tx}.all(); });
}

oncall::CoverRequest stored_request(World& world)
{
    return world.look([](storage::Transaction& tx) { return storage::CoverRequests{tx}.find(1).value(); });
}

/// Somebody changes the schedule otherwise: bo instead of whoever is.
void override_by_hand(World& world, TimePoint from, TimePoint to)
{
    world.write([&](storage::Transaction& tx) {
        storage::StoredOverride one;
        one.schedule = "payments";
        one.what.from = from;
        one.what.to = to;
        one.what.people = {"bo@example.com"};
        one.made_at = world.clock.now();
        storage::Overrides{tx}.add(one);
        return 0;
    });
    world.put_in_force();
    world.advance(1s);
}

} // namespace

TEST_CASE("Of two who take it at once one has it, and the other is told who", "[scenarios][cover]")
{
    World world;
    ana_asks(world, " because I am at the dentist's");
    INFO(world.slack().story());
    const auto asked = world.slack().plain(world.channel().last());
    CHECK(has(asked, "ana asks who takes a time on call, schedule payments"));
    CHECK(has(asked, "I am at the dentist's"));
    CHECK(has(asked, "[Take it]"));
    CHECK(has(asked, "[Take a part…]"));
    CHECK(count(dm_texts(world, world.bo()), "[Take it]") == 1);
    CHECK(count(dm_texts(world, world.chi()), "[Take it]") == 1);
    CHECK(count(dm_texts(world, world.ana()), "[Cancel]") == 1);
    CHECK(dm_texts(world, world.cto()).empty());

    world.slack().deliver_twice("interactive", 1);
    world.bo().click(world.bo().last_dm(), "Take it");
    world.chi().click(world.channel().last(), "Take it");
    world.advance(3s);
    REQUIRE(held(world).size() == 1);
    const auto one = held(world).front();
    CHECK(one.what.from == friday_18);
    CHECK(one.what.to == friday_18 + 4h);
    CHECK(one.what.instead_of == "ana@example.com");
    const bool bo_was_first = one.what.people == std::vector<std::string>{"bo@example.com"};
    auto& first = bo_was_first ? world.bo() : world.chi();
    auto& second = bo_was_first ? world.chi() : world.bo();
    CHECK(one.made_by == first.id());
    CHECK(has(told_only(world, first), "You have it"));
    CHECK(has(told_only(world, second), first.name() + " has it"));
    // Everybody sees how it stands, and ana is told.
    for (const auto& text : {world.slack().plain(world.slack().now(dm(world, world.bo(), "asks who"))),
             world.slack().plain(world.slack().now(dm(world, world.chi(), "asks who"))),
             world.slack().plain(world.channel().messages().front()),
             world.slack().plain(world.slack().now(dm(world, world.ana(), "You asked who")))}) {
        CHECK(has(text, "✅ " + first.name() + " has it"));
        CHECK_FALSE(has(text, "[Take it]"));
        CHECK_FALSE(has(text, "[Cancel]"));
    }
    CHECK(count(dm_texts(world, world.ana()), "You are not on call") == 1);
    CHECK(stored_request(world).state == oncall::CoverState::taken);
    CHECK(world.slack().violations().empty());
}

TEST_CASE("A part that is taken leaves the rest open", "[scenarios][cover]")
{
    World world;
    ana_asks(world);
    const auto before = world.bo().last_dm();
    click(world, world.chi(), world.chi().last_dm(), "Take a part…");
    REQUIRE(world.chi().modals() == 1);
    click(world, world.bo(), world.bo().last_dm(), "Take a part…");
    REQUIRE(world.bo().modals() == 1);
    world.chi().fill({{"To", unix_seconds(friday_18 + 2h)}});
    world.chi().submit();
    world.advance(1s);
    INFO(world.slack().story());
    CHECK(has(world.slack().plain(world.chi().modal()), "You have it"));
    REQUIRE(held(world).size() == 1);
    CHECK(held(world).front().what.to == friday_18 + 2h);
    const auto shown = world.slack().plain(world.channel().messages().front());
    CHECK(has(shown, "✅ chi: "));
    CHECK(has(shown, "Still open: "));
    CHECK(has(shown, "[Take the rest]"));

    // What bo's form has is gone by now, and its words are in bo's own time.
    world.bo().fill({{"To", unix_seconds(friday_18 + 1h)}});
    world.bo().submit();
    world.advance(1s);
    CHECK(has(world.bo().modal().errors.at("cover.from"), "Nothing of that is open"));
    CHECK(has(world.bo().modal().errors.at("cover.from"), "20:00"));
    world.bo().close();
    // So is what the button showed that bo has not seen change.
    world.bo().click_as_seen(before, "Take it");
    world.advance(1s);
    CHECK(has(told_only(world, world.bo()), "chi has"));
    CHECK(has(told_only(world, world.bo()), "Press again"));
    CHECK(held(world).size() == 1);
    click(world, world.bo(), dm(world, world.bo(), "asks who"), "Take the rest");
    REQUIRE(held(world).size() == 2);
    CHECK(held(world)[1].what.from == friday_18 + 2h);
    CHECK(held(world)[1].what.to == friday_18 + 4h);
    CHECK(stored_request(world).state == oncall::CoverState::taken);
    CHECK(world.slack().violations().empty());
}

TEST_CASE("Who may take it is reminded until it begins, then whom the policy pages next is called", "[scenarios][cover]")
{
    World world;
    world.advance(2s);
    const auto begin = berlin("2026-11-04T18:00");
    REQUIRE(has(type(world, world.ana(), "cover me tomorrow 18:00-22:00"), "Asked who takes"));
    const auto reminded = [&] { return count(dm_texts(world, world.bo()), "⏰ Reminder"); };
    const auto at = [&](TimePoint when) { world.advance(when - world.clock.now()); };
    at(begin - 24h - 1min);
    CHECK(reminded() == 0);
    at(begin - 24h + 1s);
    CHECK(reminded() == 1);
    world.kill();
    world.start(); // reminders are rows
    at(begin - 4h + 1s);
    CHECK(reminded() == 2);
    at(begin - 1h + 1s);
    CHECK(reminded() == 3);
    CHECK(count(dm_texts(world, world.ana()), "⏰") == 0);
    CHECK(dm_texts(world, world.cto()).empty());
    at(begin - 30min + 1s);
    CHECK(reminded() == 3);
    REQUIRE(dm_texts(world, world.cto()).size() == 1);
    INFO(world.slack().story());
    CHECK(has(dm_texts(world, world.cto()).front(), "📣 Last call"));
    const auto call = world.cto().last_dm();

    at(begin + 1s);
    CHECK(held(world).empty());
    CHECK(count(dm_texts(world, world.ana()), "Nobody took your time on call: you are on call") == 1);
    CHECK(stored_request(world).state == oncall::CoverState::ended);
    CHECK(count(dm_texts(world, world.bo()), "[Take it]") == 0);
    world.cto().click_as_seen(call, "Take it");
    world.advance(1s);
    CHECK(has(told_only(world, world.cto()), "That time has begun"));
    CHECK(held(world).empty());
    CHECK(world.slack().violations().empty());
}

TEST_CASE("What begins soon or runs is called for at once, and whoever is called may take it", "[scenarios][cover]")
{
    World world;
    world.advance(2s);
    SECTION("soon")
    {
        REQUIRE(has(type(world, world.ana(), "cover me 13:20-15:00"), "Asked who takes"));
        CHECK(has(dm_texts(world, world.cto()).front(), "📣 Last call"));
        click(world, world.cto(), world.cto().last_dm(), "Take it");
        REQUIRE(held(world).size() == 1);
        CHECK(held(world).front().made_by == world.cto().id());
        world.advance(30min);
        CHECK(count(dm_texts(world, world.ana()), "Nobody took") == 0);
        CHECK(count(dm_texts(world, world.bo()), "✅ cto has it") == 1);
    }
    SECTION("runs: it ends with its time, and what is left of it is taken")
    {
        REQUIRE(has(type(world, world.ana(), "cover me 2h"), "Asked who takes"));
        CHECK(count(dm_texts(world, world.cto()), "📣 Last call") == 1);
        world.advance(1h);
        const auto now = world.clock.now();
        click(world, world.bo(), world.bo().last_dm(), "Take it");
        INFO(world.slack().story());
        REQUIRE(held(world).size() == 1);
        CHECK(held(world).front().what.from == now);
        CHECK(stored_request(world).state == oncall::CoverState::taken);
        CHECK(has(type(world, world.chi(), "who"), "bo until"));
    }
    CHECK(count(dm_texts(world, world.bo()), "⏰") == 0);
}

TEST_CASE("Where the policy pages nobody else the admins are called, else the fallback channel", "[scenarios][cover]")
{
    auto configuration = sample_configuration();
    configuration.policies["payments"].levels.resize(2); // the schedule, and the team
    World world{configuration};
    SECTION("the admins")
    {
        world.kill();
        world.admins = {"@dee", world.bo().id()};
        world.start();
        world.advance(2s);
        type(world, world.ana(), "cover me 13:20-15:00");
        auto& dee = world.slack().person("dee");
        INFO(world.slack().story());
        REQUIRE(count(dm_texts(world, dee), "📣 Last call") == 1);
        CHECK(count(dm_texts(world, world.bo()), "📣") == 0); // was asked a moment ago
        click(world, dee, dee.last_dm(), "Take it");
        CHECK(held(world).size() == 1);
    }
    SECTION("the fallback channel")
    {
        world.advance(2s);
        type(world, world.ana(), "cover me 13:20-15:00");
        CHECK(has(world.slack().plain(world.fallback().last()), "Last call: nobody has taken"));
        CHECK(has(world.slack().plain(world.fallback().last()), "`/oncall override`"));
    }
}

TEST_CASE("A request is called off by its requester, and what was taken stays", "[scenarios][cover]")
{
    World world;
    ana_asks(world);
    SECTION("by the button")
    {
        click(world, world.ana(), dm(world, world.ana(), "You asked who"), "Cancel");
        CHECK(has(told_only(world, world.ana()), "Called off"));
    }
    SECTION("in words, after a part was taken")
    {
        click(world, world.chi(), world.chi().last_dm(), "Take a part…");
        world.chi().fill({{"To", unix_seconds(friday_18 + 2h)}});
        world.chi().submit();
        world.advance(1s);
        CHECK(has(type(world, world.ana(), "cover cancel"), "What others have taken stays theirs"));
        CHECK(held(world).size() == 1);
    }
    INFO(world.slack().story());
    CHECK(stored_request(world).state == oncall::CoverState::cancelled);
    CHECK(has(world.slack().plain(world.channel().messages().front()), "ana has called it off"));
    CHECK(has(type(world, world.ana(), "cover cancel"), "You have no open request"));
    CHECK_FALSE(
        world.look([](storage::Transaction& tx) { return storage::Timers{tx}.find(storage::TimerKind::cover, 1).has_value(); }));
}

TEST_CASE("What was taken and is given back is asked for anew", "[scenarios][cover]")
{
    World world;
    ana_asks(world);
    click(world, world.bo(), world.bo().last_dm(), "Take it");
    REQUIRE(held(world).size() == 1);
    type(world, world.bo(), "overrides");
    click(world, world.bo(), world.bo().last_ephemeral(), "Take back");
    world.advance(1s);
    INFO(world.slack().story());
    CHECK(held(world).empty());
    CHECK(stored_request(world).state == oncall::CoverState::open);
    CHECK(stored_request(world).parts.empty());
    CHECK(count(dm_texts(world, world.ana()), "was given back") == 1);
    CHECK(count(dm_texts(world, world.chi()), "⏰ Reminder") == 1);
    click(world, world.chi(), world.chi().last_dm(), "Take it");
    CHECK(stored_request(world).state == oncall::CoverState::taken);
    CHECK(held(world).size() == 1);
}

TEST_CASE("A request for what is the requester's no more is over, in words", "[scenarios][cover]")
{
    World world;
    ana_asks(world);
    override_by_hand(world, friday_18 - 1h, friday_18 + 3h);
    INFO(world.slack().story());
    CHECK(stored_request(world).left == std::vector<oncall::Span>{{friday_18 + 3h, friday_18 + 4h}});
    override_by_hand(world, friday_18 - 1h, friday_18 + 5h);
    CHECK(stored_request(world).state == oncall::CoverState::ended);
    CHECK(has(world.slack().plain(world.channel().messages().front()), "the schedule has changed"));
    CHECK(count(dm_texts(world, world.ana()), "Your request for cover is over") == 1);
    CHECK(count(dm_texts(world, world.bo()), "[Take it]") == 0);
}

TEST_CASE("Cover is asked for by a form, by words that say what is meant, and only for one's own time", "[scenarios][cover]")
{
    World world;
    world.advance(2s);
    CHECK(has(type(world, world.ana(), "cover paymnts friday 18:00-22:00"), "Did you mean schedule payments?"));
    CHECK(has(type(world, world.ana(), "cover me friday 18:00"), "From when until when?"));
    CHECK(has(type(world, world.bo(), "cover me friday 18:00-22:00"), "You are not on call then"));
    CHECK(has(type(world, world.bo(), "cover my next shift"), "Asked who takes"));
    CHECK(stored_request(world).when == oncall::Span{berlin("2026-11-09T09:00"), berlin("2026-11-16T09:00")});
    CHECK(has(type(world, world.bo(), "cover payments my next shift"), "You have asked for that already"));

    world.ana().command("/oncall", "cover", "#payments-alerts");
    world.advance(1s);
    REQUIRE(world.ana().modals() == 1);
    INFO(world.slack().story());
    CHECK(has(world.slack().plain(world.ana().modal()), "Tue 3 Nov 13:00 – Mon 9 Nov 09:00, payments"));
    CHECK(has(world.slack().plain(world.ana().modal()), "Europe/Berlin"));
    world.ana().fill({{"Only from", unix_seconds(friday_18)}, {"Only to", unix_seconds(friday_18 + 40 * 24h)}});
    world.ana().submit();
    world.advance(1s);
    CHECK(has(world.ana().modal().errors.at("cover.to"), "not within the shift"));
    world.ana().fill({{"Only to", unix_seconds(friday_18 + 1h)}, {"Reason", "<!channel> choir"}});
    world.ana().submit();
    world.advance(2s);
    CHECK(has(world.slack().plain(world.ana().modal()), "Asked who takes"));
    CHECK(world.look([](storage::Transaction& tx) { return storage::CoverRequests{tx}.active(noon).size(); }) == 2);
    CHECK(has(world.slack().plain(world.channel().last()), "<!channel> choir"));
    CHECK(world.slack().broadcasts().empty());

    // As she has set Slack, so she reads the times.
    world.ana().close_all();
    world.slack().move("ana", "Europe/Berlin", "en-US");
    world.settle();
    world.ana().command("/oncall", "cover", "#payments-alerts");
    world.advance(1s);
    CHECK(has(world.slack().plain(world.ana().modal()), "Tue 3 Nov, 1:00 PM – Mon 9 Nov, 9:00 AM, payments"));
    CHECK(world.slack().violations().empty());
}

TEST_CASE("Any member may take it, guests and strangers may not", "[scenarios][cover]")
{
    World world;
    auto& guest = world.slack().add_person("gus", "gus@example.com", "Europe/Berlin", {.real_name = "Gus", .guest = true});
    auto& stranger =
        world.slack().add_person("stan", "stan@example.com", "Europe/Berlin", {.real_name = "Stan", .team = "T0OTHER00"});
    auto& dee = world.slack().person("dee");
    for (const auto* one : {"gus", "stan", "dee"})
        world.channel().admit(one);
    type(world, guest, "who");
    type(world, dee, "who"); // they are known from here on
    ana_asks(world);
    const auto card = world.channel().last();
    click(world, guest, card, "Take it");
    CHECK(has(told_only(world, guest), "Guests of this workspace"));
    click(world, stranger, card, "Take a part…");
    CHECK(stranger.modals() == 0);
    CHECK(has(told_only(world, stranger), "Only members of this workspace"));
    click(world, world.ana(), card, "Take it");
    CHECK(has(told_only(world, world.ana()), "It is your own time"));
    CHECK(held(world).empty());
    click(world, dee, card, "Take it");
    INFO(world.slack().story());
    REQUIRE(held(world).size() == 1);
    CHECK(held(world).front().what.people == std::vector<std::string>{dee.id()});
    CHECK(stored_request(world).parts.front().taker == dee.id());
}

TEST_CASE("A shift over a change of the clocks is shown and taken as long as it is", "[scenarios][cover]")
{
    World world;
    world.advance(2s);
    // chi's, by the rotation; 02:00 to 03:00 does not exist.
    CHECK(has(type(world, world.chi(), "cover me 2027-03-28 00:00-06:00"), "Asked who takes"));
    INFO(world.slack().story());
    CHECK(has(world.slack().plain(world.channel().last()), " 27, 2027 at 23:00 UTC"));
    CHECK(has(world.slack().plain(world.channel().last()), " 28, 2027 at 04:00 UTC"));
    click(world, world.bo(), world.bo().last_dm(), "Take it");
    REQUIRE(held(world).size() == 1);
    CHECK(held(world).front().what.to - held(world).front().what.from == 5h);
    CHECK(held(world).front().what.from == berlin("2027-03-28T00:00"));
}

TEST_CASE("Whoever leaves in the middle of it is noticed within a day", "[scenarios][cover]")
{
    World world;
    ana_asks(world);
    REQUIRE(has(type(world, world.bo(), "cover my next shift"), "Asked who takes"));
    click(world, world.chi(), dm(world, world.chi(), "bo asks who"), "Take it");
    REQUIRE(held(world).size() == 1);
    world.slack().deactivate("ana");
    world.slack().deactivate("chi");
    world.advance(26h);
    INFO(world.slack().story());
    // The requester: nobody is asked any more.
    CHECK(stored_request(world).state == oncall::CoverState::ended);
    CHECK(has(world.slack().plain(world.channel().messages().front()), "ana has left this workspace"));
    // The taker: the requester and the channel are told, once.
    CHECK(count(dm_texts(world, world.bo()), "chi, who took") == 1);
    CHECK(count(channel_texts(world), "has left this workspace and answers no page") == 1);
    CHECK(held(world).size() == 1);
}

TEST_CASE(
    "Where the channel cannot be posted in, the others are asked all the same and the requester is told", "[scenarios][cover]")
{
    World world;
    world.channel().archive();
    world.advance(2s);
    world.ana().command("/oncall", "cover me friday 18:00-22:00");
    world.advance(2s);
    INFO(world.slack().story());
    CHECK(count(dm_texts(world, world.bo()), "[Take it]") == 1);
    CHECK(count(dm_texts(world, world.ana()),
              "I could not ask in #payments-alerts: the channel is archived (is_archived). Unarchive it")
        == 1);
    click(world, world.bo(), world.bo().last_dm(), "Take it");
    CHECK(held(world).size() == 1);
    CHECK(count(dm_texts(world, world.ana()), "I could not ask") == 1);
}

namespace {

/// The sample with turns of a day: bo has Tuesday, chi Wednesday, ana Thursday, each from 09:00.
oncall::Configuration day_by_day()
{
    auto configuration = sample_configuration();
    configuration.schedules["payments"].rotations[0].unit = oncall::Unit::day;
    return configuration;
}

} // namespace

TEST_CASE("A swap that is agreed makes both overrides or none", "[scenarios][cover]")
{
    World world{day_by_day()};
    world.advance(2s);
    world.chi().command("/oncall", "swap @ana", "#payments-alerts");
    world.advance(1s);
    REQUIRE(world.chi().modals() == 1);
    world.chi().fill({{"Your time on call", "Wed 4 Nov 09:00 – Thu 5 Nov 09:00, payments"},
        {"For theirs", "ana: Thu 5 Nov 09:00 – Fri 6 Nov 09:00, payments"}, {"Reason", "a wedding"}});
    world.chi().submit();
    world.advance(1s);
    REQUIRE(has(world.slack().plain(world.chi().modal()), "Nothing changes before they agree"));
    const auto asked = world.ana().last_dm();
    INFO(world.slack().story());
    CHECK(has(world.slack().plain(asked), "chi asks to swap times on call with you"));
    CHECK(has(world.slack().plain(asked), "You take: Nov 4, 2026 at 08:00 UTC"));
    CHECK(has(world.slack().plain(asked), "chi takes: Nov 5, 2026 at 08:00 UTC"));
    CHECK(has(world.slack().plain(asked), "a wedding"));
    CHECK(count(dm_texts(world, world.bo()), "swap") == 0);

    SECTION("agreed")
    {
        click(world, world.ana(), asked, "Agree");
        CHECK(has(told_only(world, world.ana()), "Agreed"));
        const auto made = held(world);
        REQUIRE(made.size() == 2);
        CHECK(made[0].what.people == std::vector<std::string>{"ana@example.com"});
        CHECK(made[0].what.from == berlin("2026-11-04T09:00"));
        CHECK(made[1].what.people == std::vector<std::string>{"chi@example.com"});
        CHECK(made[1].what.to == berlin("2026-11-06T09:00"));
        CHECK(count(dm_texts(world, world.chi()), "• You are not on call") == 1);
        CHECK(count(dm_texts(world, world.chi()), "• You are on call") == 1);
        CHECK_FALSE(has(world.slack().plain(world.slack().now(asked)), "[Agree]"));
        world.ana().click_as_seen(asked, "Agree");
        world.advance(1s);
        CHECK(held(world).size() == 2);
    }
    SECTION("declined")
    {
        click(world, world.ana(), asked, "Decline");
        CHECK(held(world).empty());
        CHECK(count(dm_texts(world, world.chi()), "ana has said no to the swap") == 1);
        CHECK(stored_request(world).state == oncall::CoverState::declined);
    }
    SECTION("changed meanwhile")
    {
        override_by_hand(world, berlin("2026-11-05T12:00"), berlin("2026-11-05T14:00"));
        CHECK(stored_request(world).state == oncall::CoverState::ended);
        world.ana().click_as_seen(asked, "Agree");
        world.advance(1s);
        CHECK(has(told_only(world, world.ana()), "The schedule has changed: ana is not on call any more"));
        CHECK(held(world).size() == 1);
    }
    SECTION("begun")
    {
        world.advance(berlin("2026-11-04T09:00") - world.clock.now() + 1s);
        CHECK(stored_request(world).state == oncall::CoverState::ended);
        world.ana().click_as_seen(asked, "Agree");
        world.advance(1s);
        CHECK(has(told_only(world, world.ana()), "cannot be swapped any more"));
        CHECK(held(world).empty());
        CHECK(count(dm_texts(world, world.chi()), "No answer came in time from ana") == 1);
    }
    CHECK(world.slack().violations().empty());
}

TEST_CASE("Somebody's time is taken when they say OK", "[scenarios][cover]")
{
    World world;
    world.advance(2s);
    CHECK(has(type(world, world.bo(), "take tomorrow"), "Whose time?"));
    CHECK(has(type(world, world.bo(), "take @chi friday 18:00-22:00"), "chi is not on call then"));
    CHECK(has(type(world, world.bo(), "take @ana friday 18:00-22:00"), "Asked ana whether you may take"));
    const auto asked = world.ana().last_dm();
    CHECK(has(world.slack().plain(asked), "bo offers to be on call instead of you"));
    CHECK(held(world).empty());
    SECTION("OK")
    {
        click(world, world.ana(), asked, "OK");
        INFO(world.slack().story());
        REQUIRE(held(world).size() == 1);
        CHECK(held(world).front().what.people == std::vector<std::string>{"bo@example.com"});
        CHECK(held(world).front().what.instead_of == "ana@example.com");
        CHECK(held(world).front().what.from == friday_18);
        CHECK(count(dm_texts(world, world.bo()), "You are on call") == 1);
    }
    SECTION("No")
    {
        click(world, world.ana(), asked, "No");
        CHECK(held(world).empty());
        CHECK(count(dm_texts(world, world.bo()), "ana has said no") >= 1);
    }
}

TEST_CASE("Without words a form asks whose shift it is, and of it a part may be taken", "[scenarios][cover]")
{
    World world;
    world.advance(2s);
    world.bo().command("/oncall", "take", "#payments-alerts");
    world.advance(1s);
    REQUIRE(world.bo().modals() == 1);
    INFO(world.slack().story());
    const auto form = world.bo().modal().json.dump();
    CHECK(has(form, "\"ana: Tue 3 Nov 13:00 – Mon 9 Nov 09:00, payments\""));
    CHECK(has(form, "\"chi: Mon 16 Nov 09:00"));
    CHECK_FALSE(has(form, "\"bo: "));
    world.bo().fill({{"Whose shift", "ana: Tue 3 Nov 13:00 – Mon 9 Nov 09:00, payments"}, {"Only from", unix_seconds(friday_18)},
        {"Only to", unix_seconds(friday_18 + 40 * 24h)}});
    world.bo().submit();
    world.advance(1s);
    CHECK(has(world.bo().modal().errors.at("cover.to"), "not within the shift"));
    CHECK(held(world).empty());
    world.bo().fill({{"Only to", unix_seconds(friday_18 + 4h)}, {"Reason", "I owe you one"}});
    world.bo().submit();
    world.advance(2s);
    CHECK(has(world.slack().plain(world.bo().modal()), "Asked ana whether you may take"));
    const auto asked = world.ana().last_dm();
    CHECK(has(world.slack().plain(asked), "bo offers to be on call instead of you"));
    CHECK(has(world.slack().plain(asked), "I owe you one"));
    CHECK(held(world).empty());
    click(world, world.ana(), asked, "OK");
    REQUIRE(held(world).size() == 1);
    CHECK(held(world).front().what.people == std::vector<std::string>{"bo@example.com"});
    CHECK(held(world).front().what.from == friday_18);
    CHECK(held(world).front().what.to == friday_18 + 4h);

    // Where it is said to the bot a button opens it.
    for (const auto& told : world.bo().say_to_bot("take payments"))
        CHECK(told.error() == "");
    world.advance(2s);
    world.bo().close_all();
    world.bo().click(world.bo().last_dm(), "Open it");
    world.advance(1s);
    CHECK(world.bo().modals() == 1);
    CHECK(world.slack().violations().empty());
}

TEST_CASE("A time that was taken can be covered again, also by whose it was", "[scenarios][cover]")
{
    World world;
    world.advance(2s);
    REQUIRE(has(type(world, world.ana(), "cover me 4h"), "Asked who takes"));
    click(world, world.bo(), world.bo().last_dm(), "Take it");
    REQUIRE(held(world).size() == 1);
    REQUIRE(has(type(world, world.bo(), "cover me 4h"), "Asked who takes"));
    const auto request = [&](std::int64_t id) {
        return world.look([&](storage::Transaction& tx) { return storage::CoverRequests{tx}.find(id).value(); });
    };
    SECTION("by somebody else")
    {
        click(world, world.chi(), dm(world, world.chi(), "bo asks who"), "Take it");
        INFO(world.slack().story());
        CHECK(has(told_only(world, world.chi()), "You have it"));
        REQUIRE(held(world).size() == 2);
        CHECK(held(world)[1].what.people == std::vector<std::string>{"chi@example.com"});
        CHECK(request(1).state == oncall::CoverState::taken);
        CHECK(has(type(world, world.bo(), "who"), "chi until"));
    }
    SECTION("by her")
    {
        click(world, world.ana(), dm(world, world.ana(), "bo asks who"), "Take it");
        INFO(world.slack().story());
        REQUIRE(held(world).size() == 2);
        CHECK(request(1).state == oncall::CoverState::cancelled); // and nobody is asked anew for what she wants
        CHECK(count(dm_texts(world, world.ana()), "was given back") == 0);
        CHECK(has(type(world, world.bo(), "who"), "ana until"));
    }
    CHECK(request(2).state == oncall::CoverState::taken);
    CHECK(world.slack().violations().empty());
}

TEST_CASE("Whoever is on call then anyway takes nothing, since one person less would be", "[scenarios][cover]")
{
    auto configuration = sample_configuration();
    configuration.schedules["payments"].rotations[0].turns[0].push_back("bo@example.com"); // with ana
    World world{configuration};
    ana_asks(world);
    INFO(world.slack().story());
    CHECK(count(dm_texts(world, world.bo()), "[Take it]") == 0);
    CHECK(count(dm_texts(world, world.chi()), "[Take it]") == 1);
    click(world, world.bo(), world.channel().last(), "Take it");
    CHECK(has(told_only(world, world.bo()), "You are on call then anyway"));
    CHECK(held(world).empty());
    CHECK(has(type(world, world.bo(), "take @ana friday 18:00-22:00"), "is on call then anyway"));
}

TEST_CASE("What was given back while it runs is asked for anew", "[scenarios][cover]")
{
    World world;
    world.advance(2s);
    REQUIRE(has(type(world, world.ana(), "cover me 4h"), "Asked who takes"));
    click(world, world.bo(), world.bo().last_dm(), "Take it");
    REQUIRE(stored_request(world).state == oncall::CoverState::taken);
    const auto ends = stored_request(world).when.to;
    world.advance(90min);
    type(world, world.bo(), "overrides");
    click(world, world.bo(), world.bo().last_ephemeral(), "End now");
    world.advance(2s);
    INFO(world.slack().story());
    CHECK(stored_request(world).state == oncall::CoverState::partly_taken);
    CHECK(stored_request(world).parts.size() == 1);
    CHECK(count(dm_texts(world, world.ana()), "was given back") == 1);
    CHECK(count(dm_texts(world, world.chi()), "⏰ Reminder") == 1);
    // It is open until its end, and what has passed of the rest is no news.
    world.advance(20min);
    click(world, world.chi(), world.chi().last_dm(), "Take the rest");
    CHECK(has(told_only(world, world.chi()), "You have it"));
    REQUIRE(held(world).size() == 2);
    CHECK(held(world)[1].what.to == ends);
}

TEST_CASE("What has passed of a request is no news for who takes the rest", "[scenarios][cover]")
{
    World world;
    world.advance(2s);
    REQUIRE(has(type(world, world.ana(), "cover me 2h"), "Asked who takes"));
    const auto begun = stored_request(world).when.from;
    click(world, world.bo(), world.bo().last_dm(), "Take a part…");
    REQUIRE(world.bo().modals() == 1);
    world.bo().fill({{"From", unix_seconds(begun + 20min)}, {"To", unix_seconds(begun + 40min)}});
    world.bo().submit();
    world.advance(45min);
    INFO(world.slack().story());
    REQUIRE(stored_request(world).left.size() == 2);
    click(world, world.chi(), world.slack().now(dm(world, world.chi(), "asks who")), "Take the rest");
    CHECK(has(told_only(world, world.chi()), "You have it"));
    CHECK(held(world).size() == 2);
}

TEST_CASE("Whose time it was is told of who left with it, also of a take, and of a request that is over", "[scenarios][cover]")
{
    World world;
    world.advance(2s);
    SECTION("of a take")
    {
        REQUIRE(has(type(world, world.bo(), "take @ana friday 18:00-22:00"), "Asked ana"));
        click(world, world.ana(), world.ana().last_dm(), "OK");
        REQUIRE(held(world).size() == 1);
    }
    SECTION("of one that was called off")
    {
        ana_asks(world);
        click(world, world.bo(), world.bo().last_dm(), "Take a part…");
        world.bo().fill({{"To", unix_seconds(friday_18 + 2h)}});
        world.bo().submit();
        world.advance(1s);
        REQUIRE(has(type(world, world.ana(), "cover cancel"), "What others have taken stays theirs"));
    }
    world.slack().deactivate("bo");
    world.advance(26h);
    INFO(world.slack().story());
    CHECK(count(dm_texts(world, world.ana()), "bo, who took") == 1);
    CHECK(count(dm_texts(world, world.bo()), "bo, who took") == 0);
}

TEST_CASE("Who took a part weeks ahead has no say over the schedule for it, and may give it back", "[scenarios][cover]")
{
    World world;
    auto& dee = world.slack().person("dee");
    world.channel().admit("dee");
    type(world, dee, "who"); // dee is known from here on
    ana_asks(world);
    click(world, dee, world.channel().last(), "Take it");
    REQUIRE(held(world).size() == 1);
    CHECK(has(type(world, dee, "override payments"), "Only those who share schedule payments"));
    REQUIRE(has(type(world, dee, "cover me friday 18:00-22:00"), "Asked who takes"));
    type(world, dee, "overrides");
    click(world, dee, dee.last_ephemeral(), "Take back");
    world.advance(1s);
    INFO(world.slack().story());
    CHECK(held(world).empty());
    CHECK(stored_request(world).state == oncall::CoverState::open);
}

TEST_CASE("One person asks so often a day at most", "[scenarios][cover]")
{
    World world;
    world.advance(2s);
    for (std::size_t i = 0; i < oncall::most_requests_a_day; ++i) {
        REQUIRE(has(type(world, world.bo(), "take @ana friday 18:00-22:00"), "Asked ana"));
        REQUIRE(has(type(world, world.bo(), "cover cancel"), "Called off"));
    }
    CHECK(has(type(world, world.bo(), "take @ana friday 18:00-22:00"), "10 times within a day"));
    world.advance(24h);
    CHECK(has(type(world, world.bo(), "take @ana friday 18:00-22:00"), "Asked ana"));
}

TEST_CASE("A crash at any commit or send of taking it makes one override, and everybody knows", "[scenarios][cover][crash]")
{
    const auto bo_takes = [](World& world) {
        for (int tries = 0; tries < 4; ++tries) {
            if (!world.running())
                world.start();
            world.advance(2s);
            const auto shown = world.slack().now(dm(world, world.bo(), "asks who"));
            if (!has(world.slack().plain(shown), "[Take it]"))
                break;
            world.bo().click(shown, "Take it");
            world.advance(1s);
        }
        for (int i = 0; i < 6; ++i) {
            if (!world.running())
                world.start();
            world.advance(30s);
        }
    };
    const auto checked = [](World& world) {
        INFO(world.slack().story());
        CHECK(held(world).size() == 1);
        CHECK(stored_request(world).state == oncall::CoverState::taken);
        const auto times = count(dm_texts(world, world.ana()), "You are not on call");
        CHECK(times >= 1);
        CHECK(times <= 2);
        CHECK(has(world.slack().plain(world.channel().messages().front()), "✅ bo has it"));
        CHECK(count(dm_texts(world, world.chi()), "[Take it]") == 0);
        CHECK(has(type(world, world.bo(), "overrides"), "bo instead of ana"));
    };
    int commits = 0, sends = 0;
    {
        World calm;
        ana_asks(calm);
        calm.commits = calm.sends = 0;
        bo_takes(calm);
        commits = calm.commits;
        sends = calm.sends;
        checked(calm);
        REQUIRE(commits >= 3);
        REQUIRE(sends >= 4); // three edits, ana's message and the channel's line
    }
    const auto survives = [&](World::Doom doom, const std::string& where) {
        World world;
        ana_asks(world);
        world.commits = world.sends = 0;
        world.doom = doom;
        bo_takes(world);
        INFO("killed " << where);
        checked(world);
    };
    for (int n = 1; n <= commits; ++n)
        survives({.commit = n}, "after commit " + std::to_string(n));
    for (int n = 1; n <= sends; n += 2)
        survives({.after_send = n}, "after send " + std::to_string(n));
}

TEST_CASE("A crash while it is asked asks everybody, and none for nothing", "[scenarios][cover][crash]")
{
    const auto survives = [&](World::Doom doom, const std::string& where) {
        World world;
        world.advance(2s);
        world.commits = world.sends = 0;
        world.doom = doom;
        for (int tries = 0; tries < 3; ++tries) {
            if (!world.running())
                world.start();
            world.ana().command("/oncall", "cover me friday 18:00-22:00", "#payments-alerts");
            world.advance(10s);
        }
        if (!world.running())
            world.start();
        world.advance(2min);
        INFO("killed " << where << "\n" << world.slack().story());
        CHECK(world.look([](storage::Transaction& tx) { return storage::CoverRequests{tx}.active(noon).size(); }) == 1);
        for (auto* person : {&world.bo(), &world.chi()})
            CHECK(count(dm_texts(world, *person), "[Take it]") == 1);
        click(world, world.bo(), world.bo().last_dm(), "Take it");
        world.advance(5s);
        CHECK(count(dm_texts(world, world.chi()), "✅ bo has it") == 1); // each message is known and edited
        CHECK(has(world.slack().plain(world.channel().messages().front()), "✅ bo has it"));
    };
    for (int n = 1; n <= 2; ++n)
        survives({.commit = n}, "after commit " + std::to_string(n));
    for (int n = 1; n <= 4; ++n)
        survives({.after_send = n}, "after send " + std::to_string(n));
}
