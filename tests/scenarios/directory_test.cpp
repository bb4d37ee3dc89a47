#include "catch.hpp"
#include "scenarios/sees.hpp"
#include "scenarios/world.hpp"

using namespace scenario;

namespace {

/// The sample, with more said of it.
oncall::Configuration told_at_length()
{
    auto all = sample_configuration();
    auto& payments = all.teams.at("payments");
    payments.managers = {"bo@example.com"};
    payments.observers = {"cto@example.com"};
    oncall::Window hours;
    hours.from = 9h;
    hours.to = 17h;
    payments.working_hours = {"Europe/Berlin", {hours}};
    auto& checkout = all.services.at("checkout");
    checkout.description = "Takes <!channel> the money.";
    checkout.labels = {{"language", "go"}};
    checkout.links = {{"https://grafana.example.com/d/checkout", "Dashboard"}};
    checkout.depends_on = {"ledger", "mail"};
    return all;
}

void look_at(World& world, workspace::Person& person, const std::string& words)
{
    const auto typed = person.command("/oncall", words, "#payments-alerts");
    world.advance(1s);
    CHECK(typed.error() == "");
}

void press_in_view(World& world, workspace::Person& person, const std::string& label, const std::string& beside = {})
{
    const auto pressed = person.click_modal(label, beside);
    world.advance(1s);
    CHECK(pressed.error() == "");
}

std::vector<workspace::Message> dms_about(World& world, workspace::Person& person, const std::string& part)
{
    std::vector<workspace::Message> found;
    for (const auto& message : person.dms())
        if (has(world.slack().plain(message), part))
            found.push_back(message);
    return found;
}

} // namespace

TEST_CASE("A service is looked at with all that hangs on it, and paged from there", "[scenarios][directory]")
{
    World world{told_at_length()};
    auto& bo = world.bo();
    world.post("demo-scripts-key", R"({"title": "The ledger is late", "service": "ledger", "severity": "critical"})");
    world.alert("Checkout is down");
    world.advance(5min);
    world.resolved();
    world.advance(2s);
    look_at(world, bo, "service");
    CHECK(has(modal(world, bo), "checkout"));
    CHECK(has(modal(world, bo), "tier 2"));
    press_in_view(world, bo, "Open", "checkout");
    const auto shown = modal(world, bo);
    INFO(shown);
    for (const char* const part : {"tier 1", "the money", "Team payments", "payments (its team's)", "On call now", "ana", "until",
             "bo", "wiki.example.com", "Dashboard", "language: go", "🔴 ledger", "mail (not known here)", "Subscribers", "cto",
             "Paging webhook none", "No open alert", "Checkout is down", "over by itself"})
        CHECK(has(shown, part));
    CHECK(world.slack().broadcasts().empty()); // though its description has a mention
    bo.close_all();
    look_at(world, bo, "service ledger");
    CHECK(has(modal(world, bo), "Needed by checkout"));
    CHECK(has(modal(world, bo), "The ledger is late"));
    bo.close_all();

    look_at(world, bo, "service CHECKOUT");
    press_in_view(world, bo, "Silence…");
    REQUIRE(bo.modals() == 2);
    CHECK(has(modal(world, bo), "checkout"));
    bo.close();
    press_in_view(world, bo, "Page…");
    REQUIRE(bo.modals() == 2);
    CHECK(has(modal(world, bo), "ana"));
    bo.close_all();
    CHECK(has(type(world, bo, "service chekout"), "Did you mean `/oncall service checkout`?"));
    CHECK(world.slack().violations().empty());
}

TEST_CASE("A team is looked at with everybody's role, its hours and what it owns", "[scenarios][directory]")
{
    World world{told_at_length()};
    auto& chi = world.chi();
    world.alert("Checkout is down");
    world.advance(2s);
    look_at(world, chi, "team");
    CHECK(has(modal(world, chi), "3 members"));
    press_in_view(world, chi, "Open", "payments");
    const auto shown = modal(world, chi);
    INFO(shown);
    for (const char* const part : {"bo, manager, responder", "ana, responder", "cto, observer", "On call now", "#payments-alerts",
             "The channel is told", "at work now", "Checkout is down", "ledger", "🔴 1 open alert"})
        CHECK(has(shown, part));
    press_in_view(world, chi, "Open", "checkout");
    CHECK(has(modal(world, chi), "Takes"));
    CHECK(world.slack().violations().empty());
}

TEST_CASE("Whoever subscribes is told by one message until all is over, and paged by nothing", "[scenarios][directory]")
{
    World world{told_at_length()};
    auto& chi = world.chi();
    look_at(world, chi, "service checkout");
    press_in_view(world, chi, "Subscribe");
    CHECK(has(modal(world, chi), "Nobody pages you for it"));
    CHECK(has(modal(world, chi), "[Unsubscribe]"));
    chi.close_all();
    world.kill();
    world.start();

    world.alert("Checkout is down");
    world.advance(5s);
    REQUIRE(dms_about(world, chi, "You subscribe to this service").size() == 1);
    CHECK(has(world.slack().plain(chi.last_dm()), "Checkout is down"));
    CHECK(dms_about(world, world.cto(), "You subscribe to this service").size() == 1); // an observer
    world.alert("Cards are refused", "cards");
    world.advance(5s);
    CHECK(has(world.slack().plain(chi.last_dm()), "2 urgent alerts are open"));
    world.kill();
    world.start();
    world.resolved();
    world.resolved("cards");
    world.advance(5s);
    auto told = dms_about(world, chi, "You subscribe to this service");
    REQUIRE(told.size() == 1);
    CHECK(has(world.slack().plain(told.front()), "nothing urgent is open any more"));

    // Back within the hour it is the same message; a day later another one.
    world.alert("Checkout is down");
    world.advance(5s);
    CHECK(dms_about(world, chi, "You subscribe to this service").size() == 1);
    world.resolved();
    world.advance(24h);
    world.alert("Checkout is down");
    world.advance(5s);
    told = dms_about(world, chi, "You subscribe to this service");
    CHECK(told.size() == 2);
    world.resolved();
    world.advance(5s);

    CHECK(chi.click(told.back(), "Unsubscribe").error() == "");
    world.advance(24h);
    world.alert("Checkout is down");
    world.advance(5s);
    CHECK(dms_about(world, chi, "You subscribe to this service").size() == 2);
    CHECK(world.slack().violations().empty());
}

TEST_CASE(
    "A service's webhook is made where it is looked at, pages, and is given another key or made quiet", "[scenarios][directory]")
{
    auto all = told_at_length();
    std::string many_letters{"x"}; // of two bytes each
    for (int i = 0; i < 40; ++i)
        many_letters += "ж";
    all.services[many_letters] = {.name = many_letters, .team = "payments"};
    World world{all};
    auto& bo = world.bo();
    look_at(world, bo, "service " + many_letters);
    press_in_view(world, bo, "Make one…");
    REQUIRE(bo.modals() == 2);
    CHECK(has(modal(world, bo), "new: source xжжж"));
    bo.close_all();
    look_at(world, bo, "service ledger");
    press_in_view(world, bo, "Make one…");
    REQUIRE(bo.modals() == 2);
    CHECK(has(modal(world, bo), "new: source ledger paging"));
    CHECK(bo.submit().error() == "");
    world.advance(1s);
    const auto shown = modal(world, bo);
    INFO(shown);
    CHECK(has(shown, "/api/v1/webhook/ledger%20paging?key="));
    CHECK(has(shown, "A mail does the same"));
    const auto begin = shown.find("?key=") + 5;
    const auto key = shown.substr(begin, shown.find_first_of("'`\n ", begin) - begin);
    REQUIRE(key.size() >= 20);
    bo.close_all();
    CHECK(world.post(key, R"({"message": "The ledger is late"})").status == 202);
    world.advance(2s);
    CHECK(pages_to(world.ana()) == 1);

    look_at(world, bo, "service ledger");
    CHECK(has(modal(world, bo), "last event"));
    CHECK_FALSE(has(modal(world, bo), key));
    CHECK(bo.choose_modal("", "Make it quiet…", "Paging webhook").error() == "");
    world.advance(1s);
    CHECK(bo.submit().error() == "");
    world.advance(1s);
    bo.close_all();
    CHECK(world.post(key, R"({"message": "The ledger is later"})").status == 202);
    world.advance(2s);
    CHECK(pages_to(world.ana()) == 1);

    look_at(world, bo, "service ledger");
    CHECK(has(modal(world, bo), "quiet"));
    CHECK(bo.choose_modal("", "Make a new key…", "Paging webhook").error() == "");
    world.advance(1s);
    REQUIRE(bo.modals() == 2);
    CHECK(bo.submit().error() == "");
    world.advance(1s);
    CHECK(has(modal(world, bo), "?key="));
    CHECK_FALSE(has(modal(world, bo), key));
    bo.close_all();

    // Who may not change the source may look, and no more.
    world.admins = {"bo@example.com"};
    world.kill();
    world.start();
    look_at(world, world.chi(), "service ledger");
    CHECK_FALSE(has(modal(world, world.chi()), "[Edit…]"));
    CHECK(world.chi().choose_modal("", "What came last", "Paging webhook").error() == "");
    world.advance(1s);
    CHECK(world.chi().modals() == 2);
    CHECK(world.slack().violations().empty());
}

TEST_CASE("Whom a service names pages it by hand, and others are told who may", "[scenarios][directory][socket]")
{
    auto all = told_at_length();
    all.services.at("ledger").paged_by = {"user:bo@example.com"};
    World world{all};
    const auto refused = type(world, world.chi(), "page ledger the till burns");
    INFO(refused);
    CHECK(has(refused, "Service ledger is paged by hand only by"));
    CHECK(has(refused, "bo"));
    CHECK(pages_to(world.ana()) == 0);
    look_at(world, world.chi(), "service ledger");
    CHECK_FALSE(has(modal(world, world.chi()), "[Page…]"));
    CHECK(has(type(world, world.bo(), "page ledger the till burns"), "Paging now"));
    CHECK(pages_to(world.ana()) == 1);
}

TEST_CASE(
    "A team without a policy pages whoever is on call by its schedule, and then all of it", "[scenarios][directory][socket]")
{
    auto all = told_at_length();
    all.teams.at("payments").policy.clear();
    all.teams.at("payments").schedule = "payments";
    World world{all};
    world.alert("Checkout is down");
    world.advance(2s);
    CHECK(pages_to(world.ana()) == 1);
    CHECK(pages_to(world.bo()) == 0);
    CHECK(has(world.slack().plain(world.ana().last_dm()), "on call by its schedule"));
    look_at(world, world.chi(), "service checkout");
    CHECK(has(modal(world, world.chi()), "whoever is on call by its team's schedule"));
    world.advance(6min);
    CHECK(pages_to(world.bo()) == 1);
    CHECK(pages_to(world.cto())
        == dms_about(world, world.cto(), "You subscribe to").size()); // an observer is told besides, and never paged
    CHECK(world.slack().violations().empty());
}
