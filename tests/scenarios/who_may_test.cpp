#include "catch.hpp"
#include "handlers/slack.hpp"
#include "oncall/who_may.hpp"
#include "scenarios/world.hpp"
#include "storage/sql.hpp"

using namespace scenario;
using oncall::Deed;
using By = handlers::WayIn::By;

namespace {

/// Somebody comes by that way, with a command, a press or a form that says no more than what it is.
slack::Payload comes_by(const handlers::WayIn& route, const slack::Actor& actor)
{
    const std::string what{route.what};
    switch (route.by) {
    case By::command: {
        slack::Command command;
        command.actor = actor;
        command.text = what + " 1";
        command.said = slack::Command::Said::pressed;
        return command;
    }
    case By::action: {
        slack::Action action;
        action.actor = actor;
        action.action_id = what;
        return std::vector{action};
    }
    case By::shortcut: {
        slack::Shortcut shortcut;
        shortcut.actor = actor;
        shortcut.callback_id = what;
        return shortcut;
    }
    case By::view: {
        slack::Submission form;
        form.actor = actor;
        form.callback_id = what;
        return form;
    }
    case By::lookup: break;
    }
    slack::Lookup lookup;
    lookup.actor = actor;
    lookup.action_id = what;
    return lookup;
}

std::string words_to(World& world, const std::string& delivery)
{
    return world.look([&](storage::Transaction& tx) {
        storage::Query row{tx, "SELECT body FROM outbox WHERE key = $1", "said:" + delivery};
        return row.step() ? row.text() : std::string{};
    });
}

} // namespace

TEST_CASE("By whatever way somebody comes who never may is refused, or may what this list says", "[scenarios][people][whomay]")
{
    World world;
    auto& stan = world.slack().add_person("stan", "stan@example.net", "Europe/Berlin", {.team = "T0OTHER00"});
    auto& robo = world.slack().add_person("robo", "robo@example.com", "Europe/Berlin", {.is_bot = true});
    auto& context = world.app().context();
    context.meet(stan.id());
    context.meet(robo.id());
    world.alert("Checkout is down");
    world.advance(2s);
    world.slack().deactivate("bo");
    world.advance(2s);
    REQUIRE(context.kind_of(stan.id()) == "stranger");
    REQUIRE(context.kind_of(robo.id()) == "bot");
    REQUIRE(context.kind_of(world.bo().id()) == "gone");

    struct Comer {
        slack::Actor actor{};
        std::string kind{};
        bool elsewhere{};
        std::set<Deed> may{};
        bool further_in{}; // refused by whoever does it, who knows whom they may ask
    };
    const auto home = world.slack().team_id();
    const std::vector<Comer> comers{
        {{stan.id(), home, "stan"}, "stranger", true, {}},
        {{"U0NEVERMET", "T0OTHER00", "nora"}, "", true, {}}, // Slack has not said yet who that is
        {{robo.id(), home, "robo"}, "bot", false,
            {Deed::look, Deed::see_own_report, Deed::be_away, Deed::read_calendar, Deed::hand_over, Deed::speak}},
        {{world.bo().id(), home, "bo"}, "gone", false,
            {Deed::look, Deed::post, Deed::see_coverage, Deed::see_report, Deed::see_own_report, Deed::set_contact, Deed::speak}},
        {{"U0GUEST00", home, "gus"}, "guest", false,
            {Deed::look, Deed::see_own_report, Deed::answer, Deed::set_contact, Deed::be_away, Deed::read_calendar,
                Deed::hand_over, Deed::speak},
            true},
        {{"U0NEW0000", home, "nell"}, "", false,
            {Deed::look, Deed::see_own_report, Deed::answer, Deed::page_on, Deed::page, Deed::override_schedule,
                Deed::set_contact, Deed::be_away, Deed::read_calendar, Deed::hand_over, Deed::speak},
            true},
    };
    world.slack().outage(true); // so that what is said can be read where it waits
    int count = 0;
    for (const auto& route : handlers::all_routes())
        for (const auto& comer : comers) {
            const std::string why{oncall::why_may_not(route.deed, comer.kind, comer.elsewhere)};
            INFO(comer.actor.name << " by " << static_cast<int>(route.by) << " " << route.what << ": " << why);
            CHECK(why.empty() == (comer.may.count(route.deed) > 0));
            if (why.empty() || comer.further_in)
                continue;
            const auto delivery = "comes:" + std::to_string(++count);
            const auto answer = world.on_the_bot<slack::Json>(
                [&] { return handlers::from_slack(comes_by(route, comer.actor), delivery, context); });
            if (route.by == By::lookup)
                CHECK(answer.at("options").empty());
            else if (route.by == By::action || route.by == By::shortcut)
                CHECK(words_to(world, delivery) == comer.actor.user + "\n" + why);
            else
                CHECK(answer.dump().find(why) != std::string::npos);
        }
    CHECK(count > 400);
    world.kill();
}

TEST_CASE("Whom the database knows as ours is let in before the roster has met them", "[scenarios][people][whomay]")
{
    World world;
    world.alert("Checkout is down");
    world.advance(2s);
    world.slack().outage(true); // so that it tells nothing of them
    for (const std::string kind : {"", "member"}) {
        INFO(kind);
        storage::Person dora;
        dora.reference = dora.user_id = "U0DORA000";
        dora.name = "dora";
        dora.kind = kind;
        if (!kind.empty())
            world.write([&](storage::Transaction& tx) {
                storage::People{tx}.save(dora);
                return true;
            });
        slack::Command command;
        command.actor = {dora.user_id, "T0OTHER00", dora.name};
        command.text = "ack 1";
        command.said = slack::Command::Said::pressed;
        auto& context = world.app().context();
        const auto answer =
            world.on_the_bot<slack::Json>([&] { return handlers::from_slack(command, "comes " + kind, context); });
        REQUIRE(context.kind_of(dora.user_id).empty());
        INFO(answer.dump());
        const auto alert = world.look([](storage::Transaction& tx) { return storage::Alerts{tx}.find({1}); });
        REQUIRE(alert);
        CHECK((alert->state == oncall::AlertState::acknowledged) == !kind.empty());
    }
    world.kill();
}
