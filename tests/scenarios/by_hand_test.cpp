#include "catch.hpp"
#include "scenarios/scripted_provider.hpp"
#include "scenarios/sees.hpp"
#include "scenarios/world.hpp"
#include "storage/contacts.hpp"

using namespace scenario;
using workspace::Json;

namespace {

std::string button(workspace::Person& person) { return person.modal().json["submit"]["text"].get<std::string>(); }

void open_page_form(World& world, workspace::Person& person)
{
    const auto typed = person.command("/oncall", "page", "#payments-alerts");
    world.settle();
    CHECK(typed.error() == "");
    REQUIRE(person.modals() == 1);
}

std::string submit_page_form(World& world, workspace::Person& person)
{
    const auto sent = person.submit();
    world.advance(1s);
    CHECK(sent.error() == "");
    return modal(world, person);
}

/// At noon in London it is four in the morning for her.
workspace::Person& liv(World& world)
{
    return world.slack().add_person("liv", "liv@example.com", "America/Los_Angeles", {.real_name = "Liv"});
}

oncall::Alert newest(World& world)
{
    return world.look([](storage::Transaction& tx) { return storage::Alerts{tx}.all_open(1).at(0); });
}

std::size_t open_alerts(World& world)
{
    return world.look([](storage::Transaction& tx) { return storage::Alerts{tx}.all_open(100).size(); });
}

} // namespace

TEST_CASE("A full sentence pages at once, says whom and how, and that she is asleep and off call", "[scenarios][byhand]")
{
    World world;
    auto& her = liv(world);
    const auto said = type(world, world.bo(), "page @liv the vault is stuck & hot");
    INFO(said);
    CHECK(has(said, "Paging now: #1 the vault is stuck & hot"));
    CHECK(has(said, "liv: At once: Slack."));
    CHECK(has(said, "It is 04:00 for liv, who is not on call."));
    CHECK(has(said, "Nothing of theirs wakes them"));
    CHECK(has(said, "If nobody answers within 15 min, #ops is told."));
    REQUIRE(pages_to(her) == 1);
    CHECK(has(world.slack().push(her.last_dm()), "the vault is stuck & hot"));
    CHECK(has(world.slack().plain(her.last_dm()), "Why you: paged by bo"));

    SECTION("in the daytime and on call there is nothing to say")
    {
        const auto other = type(world, world.bo(), "page @ana the till burns");
        CHECK(has(other, "ana: At once: Slack"));
        CHECK_FALSE(has(other, "not on call"));
        CHECK_FALSE(has(other, "It is"));
    }
    SECTION("her team's card, its thread and the audit say who paged her")
    {
        type(world, world.bo(), "page @chi the till burns");
        world.advance(2s);
        const auto card = world.channel().last();
        CHECK(has(world.slack().plain(card), "paged by bo"));
        std::string told;
        for (const auto& line : world.channel().thread(card))
            told += world.slack().plain(line) + "\n";
        CHECK(has(told, "bo paged chi: the till burns"));
    }
    SECTION("an answer ends it as any other")
    {
        her.click(her.last_dm(), "Acknowledge");
        world.advance(2h);
        CHECK(pages_to(her) == 1);
    }
}

TEST_CASE("A page by hand goes to a service, a team, a schedule or a policy by theirs", "[scenarios][byhand]")
{
    World world;
    struct Case {
        const char* text{};
        const char* says{};
        const char* service{};
    };
    const auto one = GENERATE(Case{"page checkout it is slow", "Paging now: #1 it is slow", "checkout"},
        Case{"page payments it is slow", "I took payments for the team; it is a schedule and a policy too", ""},
        Case{"page team:payments it is slow", "If nobody answers within 10 min: bo and chi.", ""},
        Case{"page policy:payments it is slow", "If nobody answers within 10 min: bo and chi.", ""},
        Case{"page schedule:payments it is slow", "If nobody answers within 15 min, #ops is told.", ""});
    const auto said = type(world, world.cto(), one.text);
    INFO(said);
    CHECK(has(said, one.says));
    CHECK(has(said, "ana: At once: Slack"));
    CHECK(pages_to(world.ana()) == 1);
    CHECK(pages_to(world.bo()) == 0);
    CHECK(newest(world).service == one.service);
    CHECK(newest(world).team == "payments");
    world.advance(2s);
    CHECK(has(world.slack().plain(world.channel().last()), "it is slow"));
    world.advance(10min);
    const bool climbs = !has(one.text, "schedule:");
    CHECK(pages_to(world.bo()) == (climbs ? 1 : 0));
}

TEST_CASE("Several at once are one alert; whoever answers first, answers for all", "[scenarios][byhand]")
{
    World world;
    const auto said = type(world, world.chi(), "page @dee @cto payments: checkout is down");
    INFO(said);
    CHECK(open_alerts(world) == 1);
    for (auto* person : {&world.ana(), &world.slack().person("dee"), &world.cto()})
        CHECK(pages_to(*person) == 1);
    CHECK(has(said, "Paging now: #1 checkout is down"));
    world.cto().click(world.cto().last_dm(), "Acknowledge");
    world.advance(2h);
    for (auto* person : {&world.ana(), &world.slack().person("dee"), &world.cto()}) {
        CHECK(pages_to(*person) == 1);
        CHECK(has(world.slack().plain(person->dms().front()), "Acknowledged"));
    }
    CHECK(has(type(world, world.chi(), "page @a @b @c @d @e @f @g @h @i @j @k: too many"), "more than 10 at once"));
}

TEST_CASE("A user group is paged: our team's by its policy", "[scenarios][byhand]")
{
    auto configuration = sample_configuration();
    configuration.teams.at("payments").user_group = "@payments-oncall";
    World world{configuration};
    world.slack().add_user_group("payments-oncall", {"ana"});
    world.advance(2min); // it follows who is on call, so its id is known
    const auto said = type(world, world.cto(), "page @payments-oncall checkout is down");
    INFO(said);
    CHECK(has(said, "Paging now: #1 checkout is down"));
    CHECK(pages_to(world.ana()) == 1);
    CHECK(newest(world).team == "payments");
    CHECK(has(said, "If nobody answers within 10 min: bo and chi."));
}

TEST_CASE("A user group that nobody configured is read at once, and all of it is paged", "[scenarios][byhand]")
{
    World world;
    world.slack().add_user_group("dba", {"dee", "chi"});
    const auto said = type(world, world.bo(), "page @dba @cto: the index is broken");
    INFO(said);
    CHECK(has(said, "Paging now: #1 the index is broken"));
    CHECK(open_alerts(world) == 1);
    for (auto* person : {&world.chi(), &world.slack().person("dee"), &world.cto()})
        CHECK(pages_to(*person) == 1);
    // Who is in it now is paged next.
    world.slack().add_user_group("nobodies", {});
    CHECK(has(type(world, world.bo(), "page @nobodies the index is broken"), "Nobody was paged."));
    world.slack().fail_with("usergroups.users.list", "plan_upgrade_required");
    world.slack().add_user_group("night", {"bo"});
    CHECK(has(type(world, world.bo(), "page @night the index is broken"), "I don't know who is in user group"));
}

TEST_CASE(
    "A page to a user group that somebody has promised comes back to all of it, also after a restart", "[scenarios][byhand]")
{
    World world;
    world.slack().add_user_group("dba", {"dee", "chi"});
    type(world, world.bo(), "page @dba the index is broken");
    type(world, world.chi(), "promise 1 10m");
    auto& dee = world.slack().person("dee");
    REQUIRE(pages_to(dee) == 1);
    world.kill();
    world.start();
    world.advance(16min); // nothing was heard for five more
    INFO(world.slack().story());
    CHECK(pages_to(dee) == 2);
    CHECK(pages_to(world.chi()) == 3); // one is the reminder
    CHECK(world.fallback().messages().size() == 1); // its card
}

TEST_CASE("A page to a user group that was over and comes back goes to whoever was in it, and then is", "[scenarios][byhand]")
{
    World world;
    world.slack().add_user_group("dba", {"dee", "chi"});
    type(world, world.bo(), "page @dba the index is broken");
    type(world, world.chi(), "resolve 1");
    auto& dee = world.slack().person("dee");
    REQUIRE(pages_to(dee) == 1);
    world.kill();
    world.start();
    world.advance(10min);
    world.slack().set_user_group("dba", {"cto"});
    type(world, world.bo(), "reopen 1");
    INFO(world.slack().story());
    CHECK(pages_to(dee) == 2);
    CHECK(pages_to(world.chi()) == 2);
    world.advance(5min);
    CHECK(pages_to(dee) == 2);
    CHECK(pages_to(world.cto()) == 1);
    CHECK(world.fallback().messages().size() == 1); // its card
}

TEST_CASE("The reason is what every way tells: read on a lock screen, in a text, a mail and a push, and heard in a call",
    "[scenarios][byhand]")
{
    ScriptedProvider sms{"Texts"}, voice{"Calls"}, push{"ntfy"};
    World world;
    for (auto* provider : {&sms, &voice, &push})
        provider->clock = &world.clock;
    using oncall::ContactKind;
    world.providers = {{ContactKind::sms, {&sms}}, {ContactKind::voice, {&voice}}, {ContactKind::ntfy, {&push}}};
    world.open_post_office();
    world.advance(1min);
    for (const auto& [kind, address] : std::map<ContactKind, std::string>{{ContactKind::sms, "+4915112345678"},
             {ContactKind::voice, "+4915112345678"}, {ContactKind::ntfy, "https://ntfy.example.com/cto"}}) {
        oncall::ContactMethod method;
        method.person = world.cto().id();
        method.kind = kind;
        method.address = address;
        method.added_at = method.verified_at = method.consented_at = world.clock.now();
        world.write([&](storage::Transaction& tx) {
            storage::ContactMethods{tx}.add(method);
            return 0;
        });
    }
    const auto said = type(world, world.bo(), "page @cto we lose money every minute");
    INFO(said);
    CHECK(has(said, "At once: Slack, e-mail, ntfy. After 1 min: SMS, phone call."));
    CHECK_FALSE(has(said, "+49"));
    CHECK_FALSE(has(said, "example.com"));
    world.advance(2min);
    const std::string reason = "we lose money every minute";
    CHECK(has(world.slack().push(world.cto().last_dm()), reason));
    REQUIRE(world.post_office.taken.size() == 1);
    CHECK(has(world.post_office.taken[0].subject, reason));
    REQUIRE(sms.seen.size() == 1);
    CHECK(has(sms.seen[0].message.title, reason));
    CHECK(has(sms.seen[0].message.text, "paged by bo"));
    REQUIRE(voice.seen.size() == 1);
    CHECK(has(voice.seen[0].message.spoken, reason));
    REQUIRE(push.seen.size() == 1);
    CHECK(has(push.seen[0].message.title, reason));
}

TEST_CASE("Low urgency is said before the names, and pages by the rules for it", "[scenarios][byhand]")
{
    World world;
    CHECK(has(type(world, world.bo(), "page low @chi the report is late"), "the report is late (low urgency)"));
    CHECK(newest(world).urgency == oncall::Urgency::low);
    CHECK(has(world.slack().push(world.chi().last_dm()), "Low urgency page"));
    const auto said = type(world, world.bo(), "page @chi low disk space");
    CHECK(newest(world).urgency == oncall::Urgency::high);
    CHECK(has(said, "For low urgency write"));
    CHECK(has(type(world, world.bo(), "page @chi urgently call me"), "Paging now: #3 call me"));
}

TEST_CASE("Low urgency is held by quiet hours, and the page says until when instead of when it climbs", "[scenarios][byhand]")
{
    World world;
    world.write([&](storage::Transaction& tx) {
        auto rules = storage::NotificationRules{tx}.of(world.chi().id());
        oncall::Window siesta;
        siesta.from = 12h;
        siesta.to = 15h;
        rules.quiet = std::vector{siesta};
        storage::NotificationRules{tx}.save(rules);
        return true;
    });
    const auto held = type(world, world.bo(), "page low @chi the till is slow");
    INFO(held);
    CHECK(has(held, "chi: held until"));
    CHECK(has(held, "by their quiet hours."));
    CHECK_FALSE(has(held, "If nobody answers within"));
    CHECK(pages_to(world.chi()) == 0);
    const auto both = type(world, world.bo(), "page low @chi @ana: the till is slow");
    CHECK(has(both, "chi: held until"));
    CHECK(has(both, "If nobody answers within"));
    // Her second try would come in them.
    world.write([&](storage::Transaction& tx) {
        auto rules = storage::NotificationRules{tx}.of(world.cto().id());
        oncall::Window soon;
        soon.from = 13h + 3min; // Berlin; it is 13:00 there
        soon.to = 15h;
        rules.quiet = std::vector{soon};
        storage::NotificationRules{tx}.save(rules);
        return true;
    });
    const auto later = type(world, world.bo(), "page low @cto the till is slow");
    INFO(later);
    CHECK(has(later, "If nobody answers within 2h10m"));
    const auto high = type(world, world.bo(), "page @chi the till burns");
    CHECK_FALSE(has(high, "held until"));
    CHECK(has(high, "If nobody answers within"));
}

TEST_CASE("A service paged by hand is paged for now, also when it comes back", "[scenarios][byhand]")
{
    auto configuration = sample_configuration();
    oncall::Window mornings;
    mornings.from = 9h;
    mornings.to = 12h;
    configuration.teams.at("payments").working_hours = {"Europe/Berlin", {mornings}};
    configuration.policies.at("payments").levels.front().wait_for_working_hours = true;
    World world{configuration};
    CHECK(has(type(world, world.bo(), "page checkout the till burns"), "Paging now"));
    CHECK(pages_to(world.ana()) == 1);
    type(world, world.ana(), "ack 1");
    type(world, world.ana(), "unack 1");
    world.advance(10s);
    INFO(world.slack().story());
    CHECK(pages_to(world.ana()) == 2);
    // An alert of a source waits.
    world.alert("Checkout is down");
    world.advance(10s);
    CHECK(pages_to(world.ana()) == 2);
}

TEST_CASE("What names nobody pages nobody, and says what was meant", "[scenarios][byhand]")
{
    World world;
    CHECK(has(type(world, world.bo(), "page paymens the till burns"), "did you mean payments?"));
    CHECK(has(type(world, world.bo(), "page the till burns"), "Nobody was paged"));
    CHECK(has(type(world, world.bo(), "page nobody@example.com the till burns"), "I don't know nobody@example.com"));
    CHECK(has(type(world, world.bo(), "page user:ana the till burns"), "I don't know ana. Choose the person"));
    CHECK(has(type(world, world.bo(), "page user:ana"), "I don't know ana. Choose the person"));
    CHECK(world.bo().modals() == 0);
    world.bo().command("/oncall", "page @ana", "#payments-alerts");
    world.settle();
    REQUIRE(world.bo().modals() == 1); // whom is known, and why is asked for
    CHECK(has(modal(world, world.bo()), "ana: At once: Slack"));
    CHECK(open_alerts(world) == 0);
}

TEST_CASE("A page to somebody nobody can reach says so at once, and what to do", "[scenarios][byhand]")
{
    auto configuration = sample_configuration();
    oncall::Window night;
    night.from = 22h;
    night.to = 6h;
    for (auto& rotation : configuration.schedules.at("payments").rotations)
        rotation.windows = {night};
    configuration.teams["empty"].name = "empty";
    World world{configuration};
    world.slack().add_person("gone", "gone@example.com", "Europe/Berlin", {.deleted = true});
    world.slack().add_person("robo", "robo@example.com", "Europe/Berlin", {.real_name = "Robo", .is_bot = true});
    const std::pair<const char*, const char*> cases[]{{"page @gone the till burns", "is deactivated in Slack"},
        {"page @robo the till burns", "is an app"},
        {"page schedule:payments the till burns", "Nobody is on call by schedule payments"},
        {"page empty the till burns", "Nobody is in team empty"}};
    for (const auto& [text, why] : cases) {
        const auto said = type(world, world.bo(), text);
        INFO(text << "\n" << said);
        CHECK(has(said, "Nobody was paged."));
        CHECK(has(said, why));
        CHECK(has(said, "/oncall page @someone"));
    }
    CHECK(open_alerts(world) == 0);
    // Others can be reached, so they are, and the rest is said. Where a policy has another level, that is paged.
    const auto said = type(world, world.bo(), "page @chi @gone: the till burns");
    CHECK(has(said, "Paging now"));
    CHECK(has(said, "is deactivated in Slack"));
    CHECK(pages_to(world.chi()) == 1);
    CHECK(has(type(world, world.bo(), "page team:payments the till burns"), "Paging now"));
    CHECK(pages_to(world.ana()) == 1);
}

TEST_CASE("The form shows who is paged and how while it is filled in, and asks when somebody is off call or asleep",
    "[scenarios][byhand]")
{
    World world;
    auto& her = liv(world);
    open_page_form(world, world.bo());
    CHECK(button(world.bo()) == "Page");
    fill(world, world.bo(), {{"others", "checkout"}});
    CHECK(has(modal(world, world.bo()), "ana: At once: Slack"));
    CHECK(has(modal(world, world.bo()), "If nobody answers within 10 min: bo and chi."));
    CHECK(button(world.bo()) == "Page");
    fill(world, world.bo(), {{"why", "the vault is stuck"}, {"person", "liv"}});
    INFO(modal(world, world.bo()));
    CHECK(has(modal(world, world.bo()), "It is 04:00 for liv, who is not on call. Page anyway?"));
    CHECK(button(world.bo()) == "Page anyway");
    CHECK(pages_to(her) == 0);
    fill(world, world.bo(), {{"urgency", "Low: when they look next"}});
    CHECK(button(world.bo()) == "Page anyway");

    const auto done = submit_page_form(world, world.bo());
    CHECK(has(done, "Paging now: #1 the vault is stuck (low urgency)"));
    CHECK(has(done, "It is 04:00 for liv"));
    CHECK(pages_to(her) == 1);
    CHECK(pages_to(world.ana()) == 1);
    CHECK(open_alerts(world) == 1);
}

TEST_CASE("A form that is sent before it could ask, asks; and what is missing is said at its field", "[scenarios][byhand]")
{
    World world;
    auto& her = liv(world);
    open_page_form(world, world.bo());
    world.bo().fill({{"why", "the vault is stuck"}});
    world.bo().submit();
    world.settle();
    CHECK(has(world.bo().modal().errors.at("person"), "Choose whom to page"));
    world.slack().hang("views.update"); // what it would show does not arrive
    world.bo().fill({{"person", "liv"}});
    const auto asked = submit_page_form(world, world.bo());
    CHECK(has(asked, "Page anyway?"));
    CHECK(has(asked, "the vault is stuck"));
    CHECK(button(world.bo()) == "Page anyway");
    CHECK(pages_to(her) == 0);
    CHECK(has(submit_page_form(world, world.bo()), "Paging now"));
    CHECK(pages_to(her) == 1);
}

TEST_CASE("A page by hand that arrives twice, or is made twice, is one page", "[scenarios][byhand]")
{
    World world;
    SECTION("the same form, delivered twice")
    {
        open_page_form(world, world.bo());
        fill(world, world.bo(), {{"person", "ana"}, {"why", "the till burns"}});
        world.slack().deliver_twice("interactive");
        world.bo().submit();
        world.advance(1s);
    }
    SECTION("the same command, delivered twice")
    {
        world.slack().deliver_twice("slash_commands");
        world.bo().command("/oncall", "page @ana the till burns", "#payments-alerts");
        world.advance(1s);
    }
    SECTION("the same words again, because Slack showed no answer")
    {
        type(world, world.bo(), "page @ana the till burns");
        world.advance(1min);
        CHECK(has(type(world, world.bo(), "page @ana the till burns"), "That page is under way already: #1 the till burns"));
        // Other words, another urgency and another person are other pages.
        type(world, world.bo(), "page low @ana the till burns");
        type(world, world.chi(), "page @ana the till burns");
        CHECK(open_alerts(world) == 3);
        world.advance(2min);
        CHECK(has(type(world, world.bo(), "page @ana the till burns"), "Paging now"));
        return;
    }
    CHECK(open_alerts(world) == 1);
    CHECK(pages_to(world.ana()) == 1);
}

TEST_CASE(
    "A crash at the commit of a page by hand loses nothing that was said and says nothing that was lost", "[scenarios][byhand]")
{
    for (const int commit : {1, 2, 3}) {
        World world;
        world.advance(1min);
        world.doom.commit = world.commits + commit;
        world.bo().command("/oncall", "page @ana the till burns", "#payments-alerts");
        world.advance(5s);
        world.doom = {};
        if (world.running())
            continue;
        world.start();
        world.advance(1min);
        INFO(commit << "\n" << world.slack().story());
        const auto alerts = open_alerts(world);
        CHECK(alerts <= 1);
        CHECK(pages_to(world.ana()) >= alerts);
        CHECK(pages_to(world.ana()) <= 2 * alerts);
    }
}

TEST_CASE("Guests, strangers and apps page nobody; a guest nobody has met is known for one in time", "[scenarios][byhand]")
{
    World world;
    auto& guest = world.slack().add_person("gus", "gus@example.com", "Europe/Berlin", {.real_name = "Gus", .guest = true});
    auto& stranger =
        world.slack().add_person("stan", "stan@example.com", "Europe/Berlin", {.real_name = "Stan", .team = "T0OTHER00"});
    world.channel().admit("stan");
    world.channel().admit("gus");
    CHECK(has(type(world, guest, "page @ana the till burns"), "Guests of this workspace cannot page people"));
    CHECK(has(type(world, guest, "page"), "Guests of this workspace cannot page people"));
    CHECK(guest.modals() == 0);
    world.alert("Checkout is down");
    world.advance(2s);
    const auto pages = pages_to(world.ana());
    CHECK(has(type(world, guest, "add 1 @bo"), "Guests of this workspace cannot page people"));
    CHECK(has(type(world, guest, "reassign 1 @bo"), "Guests of this workspace cannot page people"));
    CHECK(pages_to(world.bo()) == 0);
    stranger.click(world.channel().last(), "Page someone …");
    world.advance(1s);
    CHECK(stranger.modals() == 0);
    CHECK(has(world.slack().plain(stranger.last_ephemeral()), "Only members of this workspace"));
    CHECK(pages_to(world.ana()) == pages);

    // Who became one with the form open is refused when it is sent, and what was written stays.
    open_page_form(world, world.bo());
    fill(world, world.bo(), {{"person", "ana"}, {"why", "the till burns"}});
    world.write([&](storage::Transaction& tx) {
        storage::People{tx}.became(world.bo().id(), "guest");
        return 0;
    });
    world.bo().submit();
    world.settle();
    CHECK(has(world.bo().modal().errors.at("person"), "Guests of this workspace cannot page people"));
    CHECK(pages_to(world.ana()) == pages);
}

TEST_CASE("While Slack does not tell who somebody is, she can page", "[scenarios][byhand]")
{
    World world;
    auto& her = liv(world);
    world.slack().hang("users.info", 5);
    const auto typed = her.command("/oncall", "page @ana the till burns", "#payments-alerts");
    world.advance(3s);
    CHECK(typed.error() == "");
    CHECK(has(world.slack().plain(her.last_ephemeral()), "Paging now"));
}

TEST_CASE("One person pages so and so often an hour, and then is told when again", "[scenarios][byhand]")
{
    World world;
    world.adjust = [](config::Settings& settings) { settings.pages_an_hour = 2; };
    world.kill();
    world.start();
    type(world, world.bo(), "page @ana one");
    world.advance(10min);
    type(world, world.bo(), "page @ana two");
    const auto no = type(world, world.bo(), "page @ana three");
    INFO(no);
    CHECK(has(no, "You have paged 2 times within the hour"));
    CHECK(has(no, "13:00"));
    for (const std::string verb : {"add", "reassign"}) // bring people to an alert as a page does
        CHECK(has(type(world, world.bo(), verb + " 1 @chi"), "You have paged 2 times within the hour"));
    CHECK(has(type(world, world.chi(), "page @ana three"), "Paging now"));
    CHECK(has(type(world, world.chi(), "add 1 @bo"), "Asked for help with #1"));
    CHECK(has(type(world, world.chi(), "reassign 1 @cto"), "You have paged 2 times within the hour"));
    open_page_form(world, world.bo());
    fill(world, world.bo(), {{"person", "ana"}, {"why", "four"}});
    world.bo().submit();
    world.settle();
    CHECK(has(world.bo().modal().errors.at("person"), "You have paged 2 times"));
    world.bo().close_all();
    world.advance(50min);
    CHECK(has(type(world, world.bo(), "page @ana five"), "Paging now"));
}

TEST_CASE("Paging by hand can be narrowed to those the configuration names", "[scenarios][byhand]")
{
    World world;
    world.adjust = [](config::Settings& settings) { settings.configured_page = true; };
    world.admins = {"cto@example.com"};
    world.kill();
    world.start();
    world.advance(1min);
    auto& dee = world.slack().person("dee");
    CHECK(has(type(world, dee, "page @ana the till burns"), "ONCALL_MAY_PAGE"));
    CHECK(has(type(world, world.bo(), "page @ana the till burns"), "Paging now"));
    CHECK(has(type(world, world.cto(), "page @ana the till burns"), "Paging now"));
}

TEST_CASE("A card pages somebody besides: the form begins with what it is about, and the card's thread says whom",
    "[scenarios][byhand]")
{
    World world;
    world.alert("Checkout is down");
    world.advance(2s);
    const auto card = world.channel().last();
    world.bo().click(card, "Page someone …");
    world.settle();
    REQUIRE(world.bo().modals() == 1);
    CHECK(has(modal(world, world.bo()), "Checkout is down"));
    fill(world, world.bo(), {{"person", "chi"}});
    CHECK(has(submit_page_form(world, world.bo()), "Paging now: #2 Checkout is down"));
    REQUIRE(pages_to(world.chi()) == 1);
    CHECK(has(world.slack().plain(world.chi().last_dm()), "About #1, Checkout is down"));
    world.advance(5s);
    std::string told;
    for (const auto& line : world.channel().thread(card))
        told += world.slack().plain(line) + "\n";
    INFO(told);
    CHECK(has(told, "bo paged chi for it: #2"));

    SECTION("another alert of that title is another page")
    {
        world.alert("Checkout is down", "another");
        world.advance(2s);
        world.bo().click(world.channel().last(), "Page someone …");
        world.settle();
        fill(world, world.bo(), {{"person", "chi"}});
        CHECK(has(submit_page_form(world, world.bo()), "Paging now: #4 Checkout is down"));
        CHECK(pages_to(world.chi()) == 2);
    }
}

TEST_CASE("A message is what somebody is paged for: its text is the reason, and its address goes with it", "[scenarios][byhand]")
{
    World world;
    world.cto().say("#war-room", "the vault is <stuck> & @bo is out");
    const auto message = world.slack().channel("war-room").last();
    const auto used = world.cto().message_shortcut("page_from_message", message);
    world.settle();
    CHECK(used.error() == "");
    REQUIRE(world.cto().modals() == 1);
    INFO(modal(world, world.cto()));
    CHECK(has(modal(world, world.cto()), "the vault is <stuck> & bo is out"));
    fill(world, world.cto(), {{"others", "checkout"}});
    CHECK(has(submit_page_form(world, world.cto()), "Paging now: #1 the vault is <stuck> & bo is out"));
    const auto links = newest(world).links;
    REQUIRE(links.size() == 1);
    auto digits = message.ts;
    std::erase(digits, '.');
    CHECK(has(links[0].href, ".slack.com/archives/" + message.channel + "/p" + digits));
    CHECK(has(world.slack().plain(world.ana().last_dm()), "The message in Slack"));
}

TEST_CASE("A message that is long, or says nothing, opens a form that Slack takes", "[scenarios][byhand]")
{
    World world;
    world.cto().say("#war-room", std::string(3'500, 'x') + " & <!channel>");
    const auto used = world.cto().message_shortcut("page_from_message", world.slack().channel("war-room").last());
    world.settle();
    CHECK(used.error() == "");
    REQUIRE(world.cto().modals() == 1);
    fill(world, world.cto(), {{"person", "ana"}});
    CHECK(has(submit_page_form(world, world.cto()), "Paging now"));
    CHECK(has(world.slack().push(world.ana().last_dm()), "xxxxx"));
    CHECK(world.slack().broadcasts().empty());
    CHECK(world.cto().message_shortcut("of_another_version", world.slack().channel("war-room").last()).error() == "");
    world.settle();
}

TEST_CASE("With more services than Slack's menu holds they are found by typing", "[scenarios][byhand]")
{
    auto configuration = sample_configuration();
    for (int i = 0; i < 150; ++i) {
        const auto name = "shop-" + std::to_string(i);
        configuration.services[name] = {.name = name, .team = "payments"};
    }
    World world{configuration};
    open_page_form(world, world.bo());
    world.bo().look_up("others", "shop-14");
    world.settle();
    fill(world, world.bo(), {{"others", "shop-149"}, {"why", "it is slow"}});
    CHECK(has(modal(world, world.bo()), "ana: At once: Slack"));
    CHECK(has(submit_page_form(world, world.bo()), "Paging now: #1 it is slow"));
    CHECK(newest(world).service == "shop-149");
}

namespace {

net::Response enqueue_page(
    World& world, const std::string& page, const std::string& action = "trigger", const std::string& severity = "critical")
{
    net::Request posted;
    posted.method = "POST";
    posted.target = "/v2/enqueue";
    posted.headers = {{"Content-Type", "application/json"}};
    posted.body = R"({"routing_key":"paging-key","dedup_key":"d1","event_action":")" + action
        + R"(","payload":{"summary":"the robot is stuck","source":"robot","severity":")" + severity
        + R"(","custom_details":{"page":)" + page + "}}}";
    return world.request(std::move(posted));
}

oncall::Configuration with_paging_source()
{
    auto configuration = sample_configuration();
    configuration.sources["robots"] = {.name = "robots", .format = "paging", .key = "paging-key"};
    return configuration;
}

} // namespace

TEST_CASE("A PagerDuty event of a paging source pages whom it names", "[scenarios][byhand]")
{
    World world{with_paging_source()};
    world.advance(2s);
    SECTION("people and teams, one alert for all, once however often it is sent")
    {
        CHECK(enqueue_page(world, R"(["cto@example.com","payments"])").status == 202);
        CHECK(enqueue_page(world, R"(["cto@example.com","payments"])").status == 202);
        world.advance(2s);
        INFO(world.slack().story());
        CHECK(open_alerts(world) == 1);
        CHECK(pages_to(world.cto()) == 1);
        CHECK(pages_to(world.ana()) == 1);
        CHECK(has(world.slack().plain(world.cto().last_dm()), "Why you: paged by source robots"));
        const auto card = world.slack().plain(world.channel().last());
        CHECK(has(card, "the robot is stuck"));
        CHECK_FALSE(has(card, "Unmapped"));
        CHECK(enqueue_page(world, "null", "resolve").status == 202);
        world.advance(2s);
        CHECK(open_alerts(world) == 0);
    }
    SECTION("somebody of the workspace whom nobody configured, by address or id")
    {
        auto& her = liv(world);
        CHECK(enqueue_page(world, R"("liv@example.com")").status == 202);
        world.advance(2s);
        CHECK(pages_to(her) == 1);
        auto& dee = world.slack().person("dee");
        enqueue_page(world, "null", "resolve");
        CHECK(enqueue_page(world, "\"" + dee.id() + "\"").status == 202);
        world.advance(2s);
        CHECK(pages_to(dee) == 1);
    }
    SECTION("by its severity")
    {
        CHECK(enqueue_page(world, R"("cto@example.com")", "trigger", "info").status == 202);
        CHECK(newest(world).urgency == oncall::Urgency::low);
    }
    SECTION("whom it cannot find is said where somebody can mend it, and the others are paged")
    {
        CHECK(enqueue_page(world, R"(["cto@example.com","paymens"])").status == 202);
        world.advance(2s);
        CHECK(pages_to(world.cto()) == 1);
        std::string said;
        for (const auto& message : world.fallback().messages())
            said += world.slack().plain(message) + "\n";
        INFO(said);
        CHECK(has(said, "Nobody and nothing is called \"paymens\""));
    }
    SECTION("and when that is all of them the alert is kept, and the operators hear of it")
    {
        CHECK(enqueue_page(world, R"(["paymens"])").status == 202);
        world.advance(2s);
        CHECK(open_alerts(world) == 1);
        std::string said;
        for (const auto& message : world.fallback().messages())
            said += world.slack().plain(message) + "\n";
        CHECK(has(said, "the robot is stuck"));
        CHECK(has(said, "nobody whom its event names can be paged. Nobody and nothing is called \"paymens\"."));
    }
    SECTION("an event that names nobody is refused in PagerDuty's words")
    {
        const auto no = enqueue_page(world, "\"\"");
        CHECK(no.status == 400);
        CHECK(has(no.body, "'payload.custom_details.page' is missing or blank"));
        CHECK(open_alerts(world) == 0);
    }
}
