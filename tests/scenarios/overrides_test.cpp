#include "catch.hpp"
#include "scenarios/sees.hpp"
#include "scenarios/world.hpp"
#include "storage/sql.hpp"

using namespace scenario;

namespace {

/// The clock's time as a datetimepicker takes it.
std::string at(TimePoint when)
{
    return std::to_string(std::chrono::floor<std::chrono::seconds>(when).time_since_epoch().count());
}

std::size_t messages_to(workspace::Person& person)
{
    const auto dms = person.dms();
    return static_cast<std::size_t>(
        std::count_if(dms.begin(), dms.end(), [](const auto& message) { return !message.ephemeral; }));
}

void open_form(World& world, workspace::Person& person, const std::string& text = "override")
{
    world.advance(2s); // who people are is known by now
    const auto typed = person.command("/oncall", text, "#payments-alerts");
    world.settle();
    CHECK(typed.error() == "");
    REQUIRE(person.modals() == 1);
}

workspace::Delivery send(World& world, workspace::Person& person)
{
    const auto sent = person.submit();
    world.advance(1s);
    CHECK(sent.error() == "");
    return sent;
}

/// bo instead of whoever is on call, from now for eight hours, as the form suggests.
void bo_covers(World& world, workspace::Person& maker)
{
    open_form(world, maker);
    fill(world, maker, {{"Who is on call then", "bo"}});
    send(world, maker);
    REQUIRE(has(modal(world, maker), "is made"));
}

std::string error_at(workspace::Person& person, const std::string& field)
{
    const auto errors = person.modal().errors;
    const auto found = errors.find("override." + field);
    return found == errors.end() ? "" : found->second;
}

std::vector<storage::StoredOverride> stored(World& world)
{
    return world.look([](storage::Transaction& tx) { return storage::Overrides{tx}.ever("payments"); });
}

/// What was done to overrides, in order.
std::vector<std::string> audited(World& world)
{
    return world.look([](storage::Transaction& tx) {
        std::vector<std::string> rows;
        for (storage::Query row{tx, "SELECT verb FROM audit WHERE verb LIKE '%override%' ORDER BY id"}; row.step();)
            rows.push_back(row.text());
        return rows;
    });
}

std::string who(World& world) { return type(world, world.bo(), "who"); }

} // namespace

TEST_CASE("An override made while a page climbs changes who is paged next", "[scenarios][overrides]")
{
    World world;
    world.alert("Checkout is down");
    world.advance(1min);
    REQUIRE(messages_to(world.ana()) == 1);
    open_form(world, world.chi());
    CHECK(has(modal(world, world.chi()), "Choose who is on call then."));
    fill(world, world.chi(), {{"Who is on call then", "bo"}});
    INFO(world.slack().story());
    CHECK(has(modal(world, world.chi()), "ana  →  bo"));
    send(world, world.chi());
    CHECK(has(modal(world, world.chi()), "is made"));
    CHECK(has(modal(world, world.chi()), "ana  →  bo")); // what was shown is what was made
    world.advance(1s);

    // Told, once each; whoever made it knows.
    REQUIRE(messages_to(world.ana()) == 2);
    CHECK(has(world.slack().push(world.ana().last_dm()), "chi made an override of schedule payments"));
    CHECK(has(world.slack().plain(world.ana().last_dm()), "You are not on call"));
    REQUIRE(messages_to(world.bo()) == 1);
    CHECK(has(world.slack().plain(world.bo().last_dm()), "You are on call"));
    CHECK(has(world.slack().plain(world.bo().last_dm()), "instead of ana"));
    CHECK(messages_to(world.chi()) == 0);
    CHECK(messages_to(world.cto()) == 0);
    CHECK(has(world.slack().plain(world.channel().last()), "chi made an override of schedule payments: bo instead of ana"));

    // The card and /oncall follow at once.
    CHECK(has(world.slack().plain(world.channel().messages().front()), "Next: bo"));
    CHECK(has(who(world), "bo until"));

    world.advance(4min); // the second try of level 1
    CHECK(messages_to(world.ana()) == 2); // not paged again
    REQUIRE(messages_to(world.bo()) == 2);
    const auto page = world.slack().plain(world.bo().last_dm());
    CHECK(has(page, "Checkout is down"));
    CHECK(has(page, "Why you: "));
    CHECK(has(page, "schedule payments, override"));
    CHECK(audited(world).back() == "override");
    CHECK(world.slack().violations().empty());
}

TEST_CASE("An override is made from the card and from who, with the form filled in", "[scenarios][overrides]")
{
    World world;
    world.advance(2s);
    SECTION("from the card: the schedule of the alert's policy")
    {
        world.alert("Checkout is down");
        world.advance(1s);
        world.chi().click(world.channel().last(), "Override …");
        world.settle();
        REQUIRE(world.chi().modals() == 1);
        CHECK(has(modal(world, world.chi()), "payments"));
        fill(world, world.chi(), {{"Who is on call then", "bo"}});
    }
    SECTION("from the page itself")
    {
        world.alert("Checkout is down");
        world.advance(1s);
        world.ana().click(world.ana().last_dm(), "Override …");
        world.settle();
        REQUIRE(world.ana().modals() == 1);
        world.ana().close();
        world.chi().click(world.channel().last(), "Override …");
        world.settle();
        fill(world, world.chi(), {{"Who is on call then", "bo"}});
    }
    SECTION("from who: the schedule and who is on call now")
    {
        type(world, world.chi(), "who");
        world.chi().click(world.chi().last_ephemeral(), "Override …");
        world.settle();
        REQUIRE(world.chi().modals() == 1);
        const auto values = world.chi().modal().json["state"]["values"];
        CHECK(values["override.schedule"]["override.schedule"]["selected_option"]["value"] == "payments");
        CHECK(values["override.instead_of"]["override.instead_of"]["selected_option"]["value"] == world.ana().id());
        fill(world, world.chi(), {{"Who is on call then", "bo"}});
    }
    SECTION("from the command with the schedule's name")
    {
        open_form(world, world.chi(), "override payments");
        fill(world, world.chi(), {{"Who is on call then", "bo"}});
    }
    SECTION("from a whole sentence")
    {
        CHECK(has(type(world, world.chi(), "override paymnts"), "Did you mean payments?"));
        CHECK(has(type(world, world.chi(), "override @nobody 4h"), "I don't know @nobody"));
        open_form(world, world.chi(), "override payments @bo 4h");
        const auto values = world.chi().modal().json["state"]["values"];
        CHECK(values["override.to"]["override.to"]["selected_date_time"].get<std::int64_t>()
                - values["override.from"]["override.from"]["selected_date_time"].get<std::int64_t>()
            == 4 * 3'600);
    }
    INFO(world.slack().story());
    CHECK(has(modal(world, world.chi()), "ana  →  bo"));
    send(world, world.chi());
    CHECK(has(modal(world, world.chi()), "is made"));
    REQUIRE(stored(world).size() == 1);
    CHECK(stored(world)[0].what.people == std::vector<std::string>{"bo@example.com"});
    CHECK(has(who(world), "bo until"));
}

TEST_CASE("What is wrong in an override's form is said at the field, and nothing is made", "[scenarios][overrides]")
{
    World world;
    auto& chi = world.chi();
    open_form(world, chi);
    const auto noon_at = world.clock.now();
    const auto refused = [&](const workspace::Fields& fields, const std::string& field, const std::string& words) {
        INFO(field << ": " << words);
        fill(world, chi, fields);
        send(world, chi);
        CHECK(has(error_at(chi, field), words));
        CHECK(stored(world).empty());
    };
    refused({{"Who is on call then", "ana"}}, "people", "changes nothing");
    refused({{"Who is on call then", "bo"}, {"From", at(noon_at + 5h)}, {"To", at(noon_at + 4h)}}, "to", "end after it begins");
    refused({{"From", at(noon_at - 5h)}, {"To", at(noon_at - 4h)}}, "to", "over already");
    refused({{"From", at(noon_at)}, {"To", at(noon_at + 91 * 24h)}}, "to", "90 days at most");
    refused({{"From", at(noon_at + 400 * 24h)}, {"To", at(noon_at + 401 * 24h)}}, "from", "more than a year ahead");
    refused({{"From", at(noon_at)}, {"To", at(noon_at + 10 * 24h)}, {"Instead of", "One person"}, {"Whose time they take", "bo"}},
        "people", "cannot stand in for themselves");
    refused({{"Who is on call then", "dee"}, {"To", at(noon_at + 2h)}}, "instead_of", "bo is not on call in that time");

    world.slack().add_person("robot", "", "", {.real_name = "Robot", .is_bot = true});
    refused({{"Instead of", "Everybody on call"}, {"Who is on call then", "robot"}}, "people", "cannot answer a page");
    world.slack().add_person("gone", "gone@example.com", "Europe/Berlin", {.real_name = "Gone"});
    world.slack().deactivate("gone");
    refused({{"Who is on call then", "gone"}}, "people", "is deactivated in Slack and cannot answer a page");

    // The client itself keeps a form back whose fields are empty.
    fill(world, chi, {{"Who is on call then", ""}});
    CHECK(has(chi.submit().error(), "form:"));
    fill(world, chi, {{"Who is on call then", "dee"}});
    send(world, chi);
    CHECK(stored(world).size() == 1);
    CHECK(world.slack().violations().empty());
}

TEST_CASE("Guests, strangers and whoever does not share the schedule cannot override it", "[scenarios][overrides]")
{
    World world;
    auto& guest = world.slack().add_person("gus", "gus@example.com", "Europe/Berlin", {.real_name = "Gus", .guest = true});
    auto& stranger =
        world.slack().add_person("stan", "stan@example.com", "Europe/Berlin", {.real_name = "Stan", .team = "T0OTHER00"});
    world.channel().admit("stan");
    world.channel().admit("gus");
    type(world, guest, "who"); // they are known from here on
    type(world, world.cto(), "who");
    world.alert("Checkout is down");
    world.advance(2s);

    CHECK(has(type(world, guest, "override"), "Guests of this workspace cannot change who is on call"));
    const auto no = type(world, world.cto(), "override");
    CHECK(has(no, "Only those who share schedule payments can change it"));
    CHECK(has(no, "Ask ana, bo or chi."));
    CHECK(guest.modals() == 0);
    CHECK(world.cto().modals() == 0);
    stranger.click(world.channel().last(), "Override …");
    world.advance(1s);
    CHECK(stranger.modals() == 0);
    CHECK(has(world.slack().plain(stranger.last_ephemeral()), "Only members of this workspace"));

    SECTION("and a stranger cannot be put on call")
    {
        world.channel().admit_bot();
        world.advance(1s);
        open_form(world, world.chi());
        fill(world, world.chi(), {{"Who is on call then", "stan"}});
        send(world, world.chi());
        INFO(world.slack().story());
        CHECK(has(error_at(world.chi(), "people"), "is of another workspace and cannot answer a page."));
        CHECK(stored(world).empty());
    }
    SECTION("nor take one back that others made")
    {
        bo_covers(world, world.chi());
        type(world, world.cto(), "overrides");
        world.cto().click(world.cto().last_ephemeral(), "End now");
        world.advance(1s);
        CHECK(has(world.slack().plain(world.cto().last_ephemeral()), "Only those who share schedule payments"));
        CHECK(stored(world)[0].what.to > world.clock.now());
        world.cto().click(world.cto().last_ephemeral(), "Edit …");
        world.advance(1s);
        CHECK(world.cto().modals() == 0);
    }
    SECTION("and who may is asked again when the form is sent")
    {
        open_form(world, world.chi());
        fill(world, world.chi(), {{"Who is on call then", "bo"}});
        world.write([](storage::Transaction& tx) {
            auto person = *storage::People{tx}.find("chi@example.com");
            for (auto& one : storage::People{tx}.all())
                if (one.user_id == person.user_id) {
                    one.kind = "guest";
                    storage::People{tx}.save(one);
                }
            return 0;
        });
        send(world, world.chi());
        CHECK(has(error_at(world.chi(), "schedule"), "Guests of this workspace"));
        CHECK(stored(world).empty());
    }
}

TEST_CASE("Overrides are listed, edited, ended early and taken back", "[scenarios][overrides]")
{
    World world;
    CHECK(has(type(world, world.bo(), "overrides"), "No override holds"));
    const auto begin = world.clock.now();
    open_form(world, world.chi());
    fill(world, world.chi(),
        {{"Who is on call then", "bo"}, {"From", at(begin + 2h)}, {"To", at(begin + 6h)}, {"Reason", "the dentist's"}});
    send(world, world.chi());
    world.chi().close();
    const auto list = type(world, world.bo(), "overrides");
    INFO(world.slack().story());
    CHECK(has(list, "payments: bo instead of everybody"));
    CHECK(has(list, "by chi"));
    CHECK(has(list, "the dentist's"));
    CHECK(has(list, "[Take back]"));

    SECTION("edited: everybody concerned is told what changes now")
    {
        world.bo().click(world.bo().last_ephemeral(), "Edit …");
        world.settle();
        REQUIRE(world.bo().modals() == 1);
        CHECK(has(modal(world, world.bo()), "the dentist's"));
        fill(world, world.bo(), {{"Who is on call then", "dee"}});
        CHECK(has(modal(world, world.bo()), "bo  →  @dee"));
        send(world, world.bo());
        CHECK(has(modal(world, world.bo()), "is changed"));
        CHECK(messages_to(world.slack().person("dee")) == 1);
        CHECK(messages_to(world.bo()) == 1); // of the making; the edit was his own
        REQUIRE(messages_to(world.chi()) == 1); // hers was changed
        const auto told = world.slack().plain(world.chi().last_dm());
        INFO(told);
        CHECK(has(told, "bo changed an override of schedule payments that you made"));
        CHECK(has(told, "dee"));
        CHECK(stored(world)[0].version == 2);
        CHECK(stored(world)[0].what.people == std::vector<std::string>{world.slack().person("dee").id()});

        // What bo saw before is stale by now.
        world.chi().command("/oncall", "overrides", "#payments-alerts");
        world.advance(1s);
        world.bo().close();
        world.bo().click(world.bo().last_ephemeral(), "Take back");
        world.advance(1s);
        const auto newest = world.slack().plain(world.bo().last_ephemeral());
        CHECK(has(newest, "changed since it was shown"));
        CHECK(has(newest, "dee instead of everybody"));
        CHECK(stored(world)[0].version == 2);
    }
    SECTION("taken back: it was never in force")
    {
        world.bo().click(world.bo().last_ephemeral(), "Take back");
        world.advance(1s);
        CHECK(has(world.slack().plain(world.bo().last_ephemeral()), "Took back the override of schedule payments"));
        CHECK(stored(world)[0].cancelled_by == world.bo().id());
        CHECK(messages_to(world.ana()) == 2); // that she loses, and gets back
        CHECK(messages_to(world.chi()) == 1);
        CHECK(has(world.slack().plain(world.chi().last_dm()), "It holds no longer"));
        CHECK(has(world.slack().plain(world.ana().last_dm()), "You are on call"));

        world.bo().click(world.bo().last_ephemeral(), "Undo");
        world.advance(1s);
        CHECK(has(world.slack().plain(world.bo().last_ephemeral()), "Undone"));
        CHECK(stored(world)[0].cancelled_at == TimePoint{});
        world.advance(3h);
        CHECK(has(who(world), "bo until"));
    }
    SECTION("ended early: what has been stays")
    {
        world.advance(3h);
        CHECK(has(who(world), "bo until"));
        const auto running = type(world, world.ana(), "overrides");
        CHECK(has(running, "[End now]"));
        CHECK_FALSE(has(running, "[Take back]"));
        world.ana().click(world.ana().last_ephemeral(), "End now");
        world.settle();
        const auto ended = stored(world)[0];
        CHECK(ended.cancelled_at == TimePoint{});
        CHECK(ended.what.from == begin + 2h);
        CHECK(ended.what.to == world.clock.now());
        world.advance(1s);
        CHECK(has(who(world), "ana until"));
        CHECK(has(type(world, world.ana(), "overrides"), "No override holds"));
        CHECK(audited(world) == std::vector<std::string>{"override", "end override"});
    }
    SECTION("of one that runs the end alone can change")
    {
        world.advance(3h);
        type(world, world.bo(), "overrides");
        world.bo().click(world.bo().last_ephemeral(), "Edit …");
        world.settle();
        CHECK_FALSE(has(modal(world, world.bo()), "Who is on call then"));
        fill(world, world.bo(), {{"To", at(begin + 1h)}});
        send(world, world.bo());
        CHECK(has(error_at(world.bo(), "to"), "It must end after it begins"));
        fill(world, world.bo(), {{"To", at(begin + 9h)}});
        send(world, world.bo());
        CHECK(has(modal(world, world.bo()), "ana  →  bo"));
        CHECK(stored(world)[0].what.from == begin + 2h);
        CHECK(stored(world)[0].what.to == std::chrono::floor<std::chrono::seconds>(begin + 9h));
    }
    CHECK(world.slack().violations().empty());
}

TEST_CASE("What the file alone can say of an override stays when its times are changed in Slack", "[scenarios][overrides]")
{
    auto file = sample_configuration();
    using Kind = oncall::Override::Kind;
    const auto begin = noon + 2h, end = noon + 6h;
    oncall::Override what{.from = begin, .to = end, .kind = Kind::remove, .people = {"ana@example.com"}};
    SECTION("that somebody is not on call") { }
    SECTION("that it is of one rotation")
    {
        what.kind = Kind::put;
        what.people = {"bo@example.com"};
        what.rotation = file.schedules.at("payments").rotations.at(0).name;
    }
    SECTION("whom Slack does not know")
    {
        what.kind = Kind::put;
        what.people = {"stranger@example.com"};
    }
    file.schedules.at("payments").overrides = {what};
    World world{file};
    world.advance(2s);
    CHECK(has(type(world, world.bo(), "overrides"), "[Edit …]"));
    world.bo().click(world.bo().last_ephemeral(), "Edit …");
    world.settle();
    INFO(world.slack().story());
    REQUIRE(world.bo().modals() == 1);
    CHECK_FALSE(has(modal(world, world.bo()), "Who is on call then"));
    CHECK(has(modal(world, world.bo()), "Who, and what it does, is changed in the file"));
    fill(world, world.bo(), {{"To", at(begin - 1h)}});
    send(world, world.bo());
    CHECK(has(error_at(world.bo(), "to"), "It must end after it begins"));
    fill(world, world.bo(), {{"From", at(begin + 1h)}, {"To", at(end + 1h)}});
    send(world, world.bo());
    CHECK(has(modal(world, world.bo()), "is changed"));
    REQUIRE(stored(world).size() == 1);
    auto wanted = what;
    wanted.from += 1h;
    wanted.to += 1h;
    CHECK(stored(world)[0].what == wanted);
    world.bo().close();

    world.advance(4h); // it runs
    type(world, world.bo(), "overrides");
    world.bo().click(world.bo().last_ephemeral(), "Edit …");
    world.settle();
    CHECK(has(modal(world, world.bo()), "It has begun"));
    fill(world, world.bo(), {{"To", at(end + 2h)}});
    send(world, world.bo());
    CHECK(has(modal(world, world.bo()), "is changed"));
    wanted.to += 1h;
    CHECK(stored(world)[0].what == wanted);
    world.bo().close();
    type(world, world.bo(), "overrides");
    world.bo().click(world.bo().last_ephemeral(), "End now");
    world.advance(1s);
    CHECK(has(world.slack().plain(world.bo().last_ephemeral()), "Ended the override"));
    world.bo().click(world.bo().last_ephemeral(), "Undo");
    world.advance(1s);
    CHECK(stored(world)[0].what == wanted);
    CHECK(world.slack().violations().empty());
}

TEST_CASE("What somebody else changed meanwhile is shown before an override is saved", "[scenarios][overrides]")
{
    World world;
    open_form(world, world.chi());
    fill(world, world.chi(), {{"Who is on call then", "dee"}});
    CHECK(has(modal(world, world.chi()), "ana  →  @dee"));

    SECTION("two make one for the same time: the later holds, and both know")
    {
        open_form(world, world.ana());
        fill(world, world.ana(), {{"Who is on call then", "bo"}});
        send(world, world.ana());
        REQUIRE(stored(world).size() == 1);

        send(world, world.chi());
        INFO(world.slack().story());
        CHECK(stored(world).size() == 1);
        CHECK(has(modal(world, world.chi()), "is not what was shown before"));
        CHECK(has(modal(world, world.chi()), "bo  →  dee"));
        send(world, world.chi());
        CHECK(has(modal(world, world.chi()), "is made"));
        CHECK(stored(world).size() == 2);
        CHECK(has(who(world), "dee until"));
        CHECK(messages_to(world.bo()) == 2);
        CHECK(has(world.slack().plain(world.bo().last_dm()), "You are not on call"));
        CHECK(messages_to(world.slack().person("dee")) == 1);
        CHECK(messages_to(world.ana()) == 0); // her own took her off; dee's changed nothing for her
    }
    SECTION("an edit of a version that is not the newest shows the newest")
    {
        send(world, world.chi());
        world.chi().close();
        const auto begin = world.clock.now();
        for (auto* person : {&world.ana(), &world.bo()}) {
            type(world, *person, "overrides");
            person->click(person->last_ephemeral(), "Edit …");
            world.settle();
            REQUIRE(person->modals() == 1);
        }
        fill(world, world.ana(), {{"To", at(begin + 3h)}});
        send(world, world.ana());
        fill(world, world.bo(), {{"To", at(begin + 5h)}});
        send(world, world.bo());
        CHECK(has(modal(world, world.bo()), "changed this override meanwhile"));
        CHECK(stored(world)[0].version == 2);
        fill(world, world.bo(), {{"To", at(begin + 5h)}});
        send(world, world.bo());
        CHECK(stored(world)[0].version == 3);
        CHECK(stored(world)[0].what.to == std::chrono::floor<std::chrono::seconds>(begin + 5h));
    }
    SECTION("who sends the form before it shows the preview is shown it first")
    {
        world.chi().fill({{"Who is on call then", "bo"}});
        const auto sent = world.chi().submit();
        world.advance(1s);
        CHECK(sent.acked());
        if (stored(world).empty())
            send(world, world.chi());
        REQUIRE(stored(world).size() == 1);
        CHECK(stored(world)[0].what.people == std::vector<std::string>{"bo@example.com"});
    }
}

TEST_CASE("The newest change of a form's fields is what it shows, also when Slack was slow", "[scenarios][overrides]")
{
    World world;
    open_form(world, world.chi());
    world.chi().fill({{"Who is on call then", "bo"}});
    world.chi().fill({{"Who is on call then", "dee"}});
    world.settle();
    CHECK(has(modal(world, world.chi()), "ana  →  @dee"));
    send(world, world.chi());
    CHECK(has(modal(world, world.chi()), "is made"));
}

TEST_CASE("An override can be undone by whoever made it, for thirty seconds", "[scenarios][overrides]")
{
    World world;
    bo_covers(world, world.chi());
    SECTION("at once: it ends, and both are told")
    {
        world.advance(5s);
        world.chi().click_modal("Undo");
        world.advance(1s);
        CHECK(has(modal(world, world.chi()), "Undone"));
        CHECK(has(who(world), "ana until"));
        CHECK(messages_to(world.ana()) == 2);
        CHECK(messages_to(world.bo()) == 2);
        CHECK(audited(world) == std::vector<std::string>{"override", "undo override"});
        CHECK_FALSE(has(modal(world, world.chi()), "[Undo]"));
    }
    SECTION("not later")
    {
        world.advance(31s);
        world.chi().click_modal("Undo");
        world.advance(1s);
        CHECK(has(modal(world, world.chi()), "can't be undone any more"));
        CHECK(has(who(world), "bo until"));
    }
    SECTION("not when somebody else has changed it")
    {
        type(world, world.ana(), "overrides");
        world.ana().click(world.ana().last_ephemeral(), "End now");
        world.advance(1s);
        world.chi().click_modal("Undo");
        world.advance(1s);
        CHECK(has(modal(world, world.chi()), "can't be undone any more"));
    }
}

TEST_CASE("An override that was made holds after a restart, and is over when it is", "[scenarios][overrides]")
{
    World world;
    bo_covers(world, world.chi());
    world.kill();
    world.start();
    world.advance(1s);
    CHECK(has(who(world), "bo until"));
    world.alert("Checkout is down");
    world.advance(2s);
    CHECK(messages_to(world.bo()) == 2);
    CHECK(messages_to(world.ana()) == 1);
    world.advance(9h);
    CHECK(has(who(world), "ana until"));
    CHECK(has(type(world, world.ana(), "overrides"), "No override holds"));
}

TEST_CASE("A form that Slack delivers twice makes one override and tells everybody once", "[scenarios][overrides][socket]")
{
    World world;
    open_form(world, world.chi());
    fill(world, world.chi(), {{"Who is on call then", "bo"}});
    world.slack().deliver_twice("interactive");
    send(world, world.chi());
    world.advance(3s);
    CHECK(stored(world).size() == 1);
    CHECK(messages_to(world.ana()) == 1);
    CHECK(messages_to(world.bo()) == 1);
}

TEST_CASE("A reason and names that look like markup stay words", "[scenarios][overrides]")
{
    World world;
    open_form(world, world.chi());
    const std::string hostile = "<!channel> <https://evil.example.com|click> & *bold* <@U0NOBODY0>\nsecond line";
    fill(world, world.chi(), {{"Who is on call then", "bo"}, {"Reason", hostile}});
    send(world, world.chi());
    world.advance(2s);
    INFO(world.slack().story());
    CHECK(has(world.slack().plain(world.bo().last_dm()), "<!channel> <https://evil.example.com|click> &"));
    CHECK(has(type(world, world.bo(), "overrides"), "<!channel>"));
    CHECK(world.slack().broadcasts().empty());
    world.bo().click(world.bo().last_ephemeral(), "Edit …");
    world.settle();
    REQUIRE(world.bo().modals() == 1); // with the reason in its field
    CHECK(world.slack().violations().empty());
}

TEST_CASE("Where the team's channel cannot be posted in, the fallback channel has the line", "[scenarios][overrides]")
{
    World world;
    world.channel().archive();
    bo_covers(world, world.chi());
    world.advance(5s);
    std::string said;
    for (const auto& message : world.fallback().messages())
        said += world.slack().plain(message) + "\n";
    CHECK(has(said, "chi made an override of schedule payments"));
    CHECK(has(said, "I could not post this in #payments-alerts"));
    CHECK(has(said, "Unarchive it, or name another channel"));
}

TEST_CASE(
    "A crash at any commit or send of making an override makes it once and tells everybody", "[scenarios][overrides][crash]")
{
    // What a person does who sees an error: she presses again.
    const auto make = [](World& world) {
        for (int tries = 0; tries < 4; ++tries) {
            if (!world.running())
                world.start();
            world.advance(2s);
            if (world.chi().modals() == 0) {
                world.chi().command("/oncall", "override", "#payments-alerts");
                world.advance(1s);
                continue;
            }
            if (has(world.slack().plain(world.chi().modal()), "[Undo]")
                || has(world.slack().plain(world.chi().modal()), "is done already"))
                break;
            world.chi().fill({{"Who is on call then", "bo"}});
            world.settle();
            if (world.running() && world.chi().modals() == 1)
                world.chi().submit();
            world.settle();
        }
        for (int i = 0; i < 10; ++i) {
            if (!world.running())
                world.start();
            world.advance(30s);
        }
    };
    const auto told = [](workspace::Person& person) {
        const auto dms = person.dms();
        return std::count_if(dms.begin(), dms.end(), [](const auto& message) { return has(message.text, "made an override"); });
    };
    int commits = 0, sends = 0;
    {
        World calm;
        calm.advance(5s);
        calm.commits = calm.sends = 0;
        make(calm);
        REQUIRE(stored(calm).size() == 1);
        CHECK(told(calm.ana()) == 1);
        CHECK(told(calm.bo()) == 1);
        commits = calm.commits;
        sends = calm.sends;
        REQUIRE(commits >= 3);
        REQUIRE(sends >= 3); // two messages and the channel's line
    }
    const auto survives = [&](World::Doom doom, const std::string& where) {
        World world;
        world.advance(5s);
        world.commits = world.sends = 0;
        world.doom = doom;
        make(world);
        INFO("killed " << where << "\n" << world.slack().story());
        CHECK(stored(world).size() == 1);
        CHECK(told(world.ana()) >= 1);
        CHECK(told(world.ana()) <= 2);
        CHECK(told(world.bo()) >= 1);
        CHECK(told(world.bo()) <= 2);
        CHECK(told(world.chi()) == 0);
        CHECK(told(world.cto()) == 0);
        CHECK(has(who(world), "bo until"));
    };
    for (int n = 1; n <= commits; ++n)
        survives({.commit = n}, "after commit " + std::to_string(n));
    for (int n = 1; n <= sends; ++n) {
        survives({.before_send = n}, "before send " + std::to_string(n));
        survives({.after_send = n}, "after send " + std::to_string(n));
    }
}

TEST_CASE("Who could not be told of an override is named in the fallback channel", "[scenarios][overrides]")
{
    World world;
    open_form(world, world.chi());
    fill(world, world.chi(), {{"Who is on call then", "bo"}});
    world.slack().fail_with("chat.postMessage", "user_disabled", 2);
    send(world, world.chi());
    world.advance(5s);
    INFO(world.slack().story());
    std::string said;
    for (const auto& message : world.fallback().messages())
        said += world.slack().plain(message) + "\n";
    CHECK(has(said, "I could not tell bo this: they are deactivated in Slack (user_disabled)."));
    CHECK(has(said, "You are on call"));
    CHECK(has(said, "I could not tell ana this: they are deactivated in Slack (user_disabled)."));
    CHECK(has(said, "You are not on call"));
}

TEST_CASE("Nobody is put on call before Slack has said who that is", "[scenarios][overrides]")
{
    World world;
    world.slack().add_person("robot", "", "", {.real_name = "Robot", .is_bot = true});
    open_form(world, world.chi());
    world.slack().hang("users.info");
    fill(world, world.chi(), {{"Who is on call then", "robot"}});
    send(world, world.chi());
    CHECK(has(error_at(world.chi(), "people"), "I am asking Slack who"));
    CHECK(stored(world).empty());
}

TEST_CASE("Whom a command names is asked of Slack when the form opens", "[scenarios][overrides]")
{
    World world;
    world.slack().add_person("robot", "", "", {.real_name = "Robot", .is_bot = true});
    open_form(world, world.chi(), "override payments @robot 4h");
    send(world, world.chi());
    CHECK(has(error_at(world.chi(), "people"), "cannot answer a page"));
    CHECK(stored(world).empty());
}

TEST_CASE("A second click on the same button leaves what the first came to", "[scenarios][overrides]")
{
    World world;
    bo_covers(world, world.chi());
    SECTION("of Undo")
    {
        world.chi().click_modal("Undo");
        world.chi().click_modal("Undo");
        world.advance(1s);
        CHECK(has(modal(world, world.chi()), "Undone"));
        CHECK(audited(world) == std::vector<std::string>{"override", "undo override"});
    }
    SECTION("of End now")
    {
        type(world, world.ana(), "overrides");
        const auto list = world.ana().last_ephemeral();
        world.ana().click(list, "End now");
        world.ana().click(list, "End now");
        world.advance(1s);
        CHECK(has(world.slack().plain(world.ana().last_ephemeral()), "Ended the override"));
        CHECK(audited(world) == std::vector<std::string>{"override", "end override"});
    }
}

TEST_CASE("A refusal while a form is sent is shown in its place", "[scenarios][overrides]")
{
    World world;
    bo_covers(world, world.chi());
    type(world, world.chi(), "overrides");
    world.chi().close();
    world.chi().click(world.chi().last_ephemeral(), "Edit …");
    world.settle();
    REQUIRE(world.chi().modals() == 1);
    type(world, world.ana(), "overrides");
    world.ana().click(world.ana().last_ephemeral(), "Edit …");
    world.settle();
    fill(world, world.ana(), {{"To", at(world.clock.now() + 5h)}});
    send(world, world.ana());
    REQUIRE(stored(world)[0].version == 2);
    fill(world, world.chi(), {{"To", at(world.clock.now() + 6h)}});
    world.write([&](storage::Transaction& tx) {
        storage::People{tx}.became(world.chi().id(), "guest");
        return 0;
    });
    send(world, world.chi());
    INFO(world.slack().story());
    CHECK(has(modal(world, world.chi()), "Guests of this workspace cannot change who is on call"));
    CHECK(has(modal(world, world.chi()), "bo since")); // it runs, and the form still says so
    CHECK_FALSE(has(modal(world, world.chi()), "Who is on call then"));
    CHECK(stored(world)[0].version == 2);
}

TEST_CASE("An override is taken back at once also while Slack takes no messages", "[scenarios][overrides]")
{
    World world;
    bo_covers(world, world.chi());
    world.advance(5s);
    type(world, world.ana(), "overrides");
    world.slack().rate_limit("chat.postMessage", 60s);
    world.alert("Checkout is down");
    world.advance(1s);
    world.ana().click(world.ana().last_ephemeral(), "End now");
    world.advance(1s);
    CHECK(has(world.slack().plain(world.ana().last_ephemeral()), "Ended the override"));
}

TEST_CASE("A form whose changes cannot be looked at leaves nothing behind", "[scenarios][overrides]")
{
    World world;
    open_form(world, world.chi());
    const auto rename = [&](const std::string& from, const std::string& to) {
        world.write([&](storage::Transaction& tx) {
            storage::Query row{tx, "ALTER TABLE " + from + " RENAME TO " + to};
            return row.step();
        });
    };
    rename("people", "people_elsewhere");
    world.chi().fill({{"To", at(world.clock.now() + 5h)}});
    world.settle();
    CHECK(world.app().context().previews.empty());
    rename("people_elsewhere", "people");
}
