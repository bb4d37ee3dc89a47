#include "catch.hpp"
#include "scenarios/scripted_provider.hpp"
#include "scenarios/sees.hpp"
#include "scenarios/world.hpp"
#include "storage/answers.hpp"
#include "storage/contacts.hpp"

using namespace scenario;

namespace {

/// Direct messages that page, remind or tell; what only she sees of her own commands aside.
std::size_t dms_of(workspace::Person& person)
{
    const auto dms = person.dms();
    return static_cast<std::size_t>(
        std::count_if(dms.begin(), dms.end(), [](const auto& message) { return !message.ephemeral; }));
}

oncall::Configuration with_policy(const std::function<void(oncall::Policy&)>& change)
{
    auto configuration = sample_configuration();
    change(configuration.policies.at("payments"));
    return configuration;
}

/// Two of the team must acknowledge.
oncall::Configuration two_of_the_team()
{
    return with_policy([](oncall::Policy& policy) {
        oncall::Level level;
        level.targets = {{oncall::TargetKind::team, "payments"}};
        level.acknowledgements = 2;
        level.retries = 5;
        policy.levels.insert(policy.levels.begin(), level);
    });
}

net::Response report(World& world, const std::string& severity)
{
    return world.post("demo-scripts-key",
        R"({"title":"Checkout is slow","severity":")" + severity + R"(","service":"checkout","dedup_key":"slow"})");
}

template <class Work> auto facts(World& world, Work work)
{
    return world.look([&](storage::Transaction& tx) { return work(storage::EscalationFacts{tx}); });
}

} // namespace

TEST_CASE("A page that needs two goes on until two different people have acknowledged", "[scenarios][after]")
{
    World world{two_of_the_team()};
    world.alert("Checkout is down");
    REQUIRE(dms_of(world.ana()) == 1);
    REQUIRE(dms_of(world.bo()) == 1);
    CHECK(has(card(world), "0 of 2 acknowledged"));
    const auto first = world.ana().last_dm();
    world.advance(1min);
    world.ana().click(first, "Acknowledge");
    world.advance(3s);
    INFO(world.slack().story());
    CHECK(has(card(world), "Triggered, 1 of 2 acknowledged (ana)"));
    CHECK_FALSE(has(card(world), "Paged now: @ana"));
    CHECK(has(thread(world), "acknowledged, and the page goes on: 1 of 2 acknowledged"));
    if (GENERATE(false, true)) {
        world.kill();
        world.start();
        world.advance(1s);
    }

    SECTION("whoever has acknowledged is not told any more, and the second one ends it")
    {
        world.advance(5min);
        CHECK(dms_of(world.ana()) == 1);
        CHECK(dms_of(world.bo()) == 2);
        CHECK(dms_of(world.chi()) == 2);
        world.bo().click(world.bo().last_dm(), "Acknowledge");
        world.advance(3s);
        CHECK(has(card(world), "Acknowledged by ana and bo"));
        world.advance(3h);
        CHECK(dms_of(world.ana()) == 1);
        CHECK(dms_of(world.bo()) == 2);
        const auto answers = facts(world, [](const auto& kept) { return kept.answers({1}); });
        REQUIRE(answers.size() == 2);
        CHECK(answers[0].person == world.ana().id());
        REQUIRE(answers[0].took);
        CHECK(*answers[0].took >= 59s);
        CHECK(*answers[0].took <= 61s);
        CHECK(answers[1].person == world.bo().id());
        const auto skips = facts(world, [](const auto& kept) { return kept.skips({1}); });
        REQUIRE_FALSE(skips.empty());
        CHECK(skips[0].who == world.ana().id());
        CHECK((skips[0].why == oncall::Skip::Why::acknowledged));
    }
    SECTION("the same person counts once")
    {
        world.ana().click_as_seen(first, "Acknowledge");
        world.advance(2s);
        CHECK(has(world.slack().plain(world.ana().last_ephemeral()), "you have acknowledged it already"));
        CHECK(has(card(world), "1 of 2 acknowledged (ana)"));
    }
    SECTION("an acknowledgement is taken back by who gave it, and then counts no more")
    {
        CHECK(has(type(world, world.bo(), "unack 1"), "you have not acknowledged it"));
        type(world, world.ana(), "unack 1");
        world.advance(2s);
        CHECK(has(card(world), "0 of 2 acknowledged"));
        world.advance(5min);
        CHECK(dms_of(world.ana()) == 2);
        CHECK(facts(world, [](const auto& kept) { return kept.answers({1}); }).empty());
    }
    SECTION("after both, one who gives back leaves the other's, and the page goes on")
    {
        type(world, world.chi(), "ack 1");
        world.advance(2s);
        CHECK(has(card(world), "Acknowledged by ana and chi"));
        type(world, world.ana(), "unack 1");
        world.advance(6min);
        CHECK(has(card(world), "Triggered, 1 of 2 acknowledged (chi)"));
        CHECK(dms_of(world.chi()) == 1);
        CHECK(dms_of(world.ana()) > 1);
        type(world, world.bo(), "ack 1");
        world.advance(2s);
        CHECK(has(card(world), "Acknowledged by chi and bo"));
    }
    SECTION("a promise counts, too, and the undo of the last one leaves the first")
    {
        world.bo().click(world.bo().last_dm(), "Acknowledge");
        world.advance(2s);
        REQUIRE(has(card(world), "Acknowledged by ana and bo"));
        type(world, world.bo(), "undo 1");
        world.advance(2s);
        CHECK(has(card(world), "Triggered, 1 of 2 acknowledged (ana)"));
        type(world, world.chi(), "promise 1 10m");
        world.advance(2s);
        CHECK(has(card(world), "Acknowledged by chi, on it by"));
    }
    SECTION("\"not me\" of somebody who had acknowledged takes that back")
    {
        type(world, world.ana(), "notme 1 called away");
        world.advance(2s);
        CHECK(has(card(world), "0 of 2 acknowledged"));
        world.advance(6min);
        CHECK(dms_of(world.ana()) == 1);
    }
    SECTION("nobody more answers: it says what is missing")
    {
        world.advance(5h);
        REQUIRE_FALSE(world.fallback().messages().empty());
        const auto cry = world.slack().plain(world.fallback().last());
        CHECK(has(cry, "needs more people"));
        CHECK(has(cry, "1 of 2 acknowledged (ana)"));
        CHECK_FALSE(has(cry, "Nobody answered"));
        CHECK(dms_of(world.ana()) == 1);
    }
    CHECK(world.slack().violations().empty());
}

TEST_CASE("Where nobody who is asked could add to the acknowledgements, the next are asked at once", "[scenarios][after]")
{
    World world{with_policy([](oncall::Policy& policy) { policy.levels.front().acknowledgements = 2; })};
    world.alert("Checkout is down");
    REQUIRE(dms_of(world.bo()) == 0);
    world.ana().click(world.ana().last_dm(), "Acknowledge");
    world.advance(2s);
    INFO(world.slack().story());
    CHECK(dms_of(world.ana()) == 1);
    CHECK(dms_of(world.bo()) == 1);
    CHECK(has(card(world), "1 of 2 acknowledged (ana)"));
    world.bo().click(world.bo().last_dm(), "Acknowledge");
    world.advance(2s);
    CHECK(has(card(world), "Acknowledged by ana and bo"));
}

TEST_CASE("Whoever has acknowledged is not waited for when nobody else of the level is left", "[scenarios][after]")
{
    auto configuration = two_of_the_team();
    auto& first = configuration.policies.at("payments").levels.front();
    first.targets = {{oncall::TargetKind::user, "ana@example.com"}, {oncall::TargetKind::user, "bo@example.com"}};
    first.retries = 0;
    ScriptedProvider sms{"Twilio"};
    World world{configuration};
    SECTION("the other one says \"not me\"")
    {
        world.alert("Checkout is down");
        REQUIRE(dms_of(world.bo()) == 1);
        type(world, world.ana(), "ack 1");
        REQUIRE(dms_of(world.chi()) == 0);
        type(world, world.bo(), "notme 1");
    }
    SECTION("the other one's only way fails")
    {
        sms.clock = &world.clock;
        sms.reports = true;
        world.providers = {{oncall::ContactKind::sms, {&sms}}};
        world.kill();
        world.start();
        world.write([&](storage::Transaction& tx) {
            oncall::ContactMethod method;
            method.person = world.bo().id();
            method.kind = oncall::ContactKind::sms;
            method.address = "+4915112345678";
            method.added_at = method.verified_at = method.consented_at = world.clock.now();
            storage::ContactMethods{tx}.add(method);
            auto rules = storage::NotificationRules{tx}.of(world.bo().id());
            rules.rules.push_back({"Mine", oncall::Urgency::high, {}, {{{"sms"}, 10min}}});
            storage::NotificationRules{tx}.save(rules);
            return true;
        });
        world.alert("Checkout is down");
        REQUIRE(sms.seen.size() == 1);
        type(world, world.ana(), "ack 1");
        notify::Outcome gone;
        gone.how = notify::Outcome::refused;
        gone.why = "no such number";
        gone.gone = true;
        sms.becomes["Twilio-1"] = gone;
        world.advance(20s);
    }
    INFO(world.slack().story());
    CHECK(dms_of(world.chi()) == 1);
    CHECK(dms_of(world.ana()) == 1);
}

TEST_CASE("An acknowledgement that is undone takes its own fact along, and no other", "[scenarios][after]")
{
    World world;
    world.alert("Checkout is down");
    const auto answers = [&] { return facts(world, [](const auto& kept) { return kept.answers({1}); }).size(); };
    SECTION("over a snooze, which was the answer")
    {
        type(world, world.ana(), "snooze 1 1h");
        type(world, world.ana(), "ack 1");
        type(world, world.ana(), "undo 1");
        world.advance(2s);
        CHECK(has(card(world), "Snoozed"));
        CHECK(answers() == 1);
    }
    SECTION("an answer alone")
    {
        type(world, world.ana(), GENERATE("ack 1", "snooze 1 1h", "resolve 1"));
        REQUIRE(answers() == 1);
        type(world, world.ana(), "undo 1");
        world.advance(2s);
        CHECK(has(card(world), "Triggered"));
        CHECK(answers() == 0);
    }
}

TEST_CASE("Whoever gives back what they took over from somebody gives it back for both", "[scenarios][after]")
{
    World world{with_policy([](oncall::Policy& policy) { policy.still_on_it = 30min; })};
    world.alert("Checkout is down");
    REQUIRE(dms_of(world.ana()) == 1);
    SECTION("a promise")
    {
        type(world, world.ana(), "promise 1 10m");
        type(world, world.bo(), "ack 1");
        SECTION("un-acknowledged, it is paged anew")
        {
            type(world, world.bo(), "unack 1");
            CHECK(dms_of(world.ana()) == 2);
            CHECK(has(card(world), "Triggered"));
            CHECK_FALSE(has(card(world), "1 of 1"));
        }
        SECTION("\"not me\": the next level is paged, with her in it")
        {
            type(world, world.bo(), "notme 1");
            CHECK(dms_of(world.ana()) == 2);
            CHECK(dms_of(world.chi()) == 1);
            CHECK(dms_of(world.bo()) == 0);
        }
        SECTION("undone, it is hers alone again")
        {
            type(world, world.bo(), "undo 1");
            CHECK(has(card(world), "ana"));
            const auto by = world.look([](storage::Transaction& tx) { return storage::Acknowledgements{tx}.of_alert({1}); });
            REQUIRE(by.size() == 1);
            CHECK(by[0].person == world.ana().id());
        }
    }
    SECTION("\"still on it?\", answered by somebody else")
    {
        type(world, world.ana(), "ack 1");
        world.advance(31min);
        REQUIRE(dms_of(world.ana()) == 2);
        type(world, world.bo(), "ack 1");
        type(world, world.bo(), "unack 1");
        CHECK(dms_of(world.ana()) == 3);
    }
    INFO(world.slack().story());
    type(world, world.ana(), "ack 1");
    world.advance(2s);
    CHECK(has(card(world), "Acknowledged by ana"));
}

TEST_CASE(
    "Whoever acknowledged is asked whether they are still on it, and without an answer it is paged again", "[scenarios][after]")
{
    World world{with_policy([](oncall::Policy& policy) { policy.still_on_it = 30min; })};
    world.alert("Checkout is down");
    world.ana().click(world.ana().last_dm(), "Acknowledge");
    world.advance(29min + 58s);
    REQUIRE(dms_of(world.ana()) == 1);
    world.advance(4s);
    INFO(world.slack().story());
    REQUIRE(dms_of(world.ana()) == 2);
    const auto question = world.ana().last_dm();
    CHECK(has(world.slack().push(question), "Still on #1 Checkout is down"));
    const auto seen = world.slack().plain(question);
    CHECK(has(seen, "[Still on it]"));
    CHECK(std::count(seen.begin(), seen.end(), '[') == 1);
    CHECK(has(card(world), "ana was asked “still on it?”"));
    CHECK(dms_of(world.bo()) == 0);

    SECTION("a yes starts the time anew")
    {
        world.ana().click(question, "Still on it");
        world.advance(2s);
        CHECK_FALSE(has(world.slack().plain(world.slack().now(question)), "[Still on it]"));
        CHECK(has(card(world), "Acknowledged by ana"));
        CHECK(has(thread(world), "is still on it"));
        world.advance(29min);
        CHECK(dms_of(world.ana()) == 2);
        world.advance(1min);
        CHECK(dms_of(world.ana()) == 3);
    }
    SECTION("so does an acknowledgement by any other way")
    {
        type(world, world.ana(), "ack 1");
        world.advance(10min);
        CHECK(dms_of(world.ana()) == 2);
        CHECK(has(card(world), "Acknowledged by ana"));
    }
    SECTION("somebody else may take it over instead, and is asked the next time")
    {
        type(world, world.bo(), "ack 1");
        world.advance(10min);
        CHECK(has(card(world), "bo"));
        CHECK(dms_of(world.bo()) == 0);
        world.advance(21min);
        CHECK(dms_of(world.bo()) == 1);
        CHECK(dms_of(world.ana()) == 2);
    }
    SECTION("no answer within five minutes pages again from level 1, and everything says why")
    {
        world.advance(4min + 50s);
        CHECK(has(card(world), "Acknowledged"));
        world.advance(15s);
        CHECK(has(card(world), "Triggered"));
        CHECK(has(card(world), "Paged again: ana did not answer \"still on it?\" for 5m"));
        REQUIRE(dms_of(world.ana()) == 3);
        CHECK(has(world.slack().push(world.ana().last_dm()), "Paged again: ana did not answer"));
        CHECK(has(thread(world), "not heard of since"));
        world.advance(10min);
        CHECK(dms_of(world.bo()) == 1);
        CHECK(has(world.slack().plain(world.bo().last_dm()), "paged again: ana did not answer"));

        // The question still lies on a screen: late, but an answer.
        world.ana().click_as_seen(question, "Still on it");
        world.advance(2s);
        CHECK(has(card(world), "Acknowledged by ana"));
    }
    SECTION("also across a restart, once")
    {
        world.kill();
        world.clock.advance(1h);
        world.start();
        world.advance(3s);
        CHECK(has(card(world), "Triggered"));
        CHECK(dms_of(world.ana()) == 3);
    }
    SECTION("what ends it ends the question")
    {
        world.bo().click(world.channel().messages().front(), "Resolve");
        world.advance(2h);
        CHECK(dms_of(world.ana()) == 2);
        CHECK(has(card(world), "Resolved by bo"));
        world.ana().click_as_seen(question, "Still on it");
        world.advance(2s);
        CHECK(has(world.slack().plain(world.ana().last_ephemeral()), "It was resolved by bo"));
        CHECK(has(card(world), "Resolved by bo"));
    }
    CHECK(world.slack().violations().empty());
}

TEST_CASE("That it is paged again is said by every way", "[scenarios][after]")
{
    World world{with_policy([](oncall::Policy& policy) { policy.still_on_it = 30min; })};
    world.open_post_office();
    world.alert("Checkout is down");
    world.advance(1s);
    REQUIRE_FALSE(world.post_office.taken.empty());
    CHECK_FALSE(has(world.post_office.taken.back().subject, "Paged again"));
    type(world, world.ana(), "ack 1");
    world.advance(36min);
    CHECK(has(world.post_office.taken.back().subject, "checkout: Paged again: Checkout is down"));
    CHECK(has(world.post_office.taken.back().text, "ana did not answer \"still on it?\""));
}

TEST_CASE("A restart before the time to ask asks once, and not for what was answered otherwise", "[scenarios][after]")
{
    World world{with_policy([](oncall::Policy& policy) { policy.still_on_it = 30min; })};
    world.alert("Checkout is down");
    SECTION("acknowledged")
    {
        world.ana().click(world.ana().last_dm(), "Acknowledge");
        world.advance(2s);
        world.kill();
        world.clock.advance(2h);
        world.start();
        world.advance(3s);
        INFO(world.slack().story());
        CHECK(dms_of(world.ana()) == 2);
        world.ana().click(world.ana().last_dm(), "Still on it");
        world.advance(20min);
        CHECK(dms_of(world.ana()) == 2);
        CHECK(has(card(world), "Acknowledged by ana"));
    }
    SECTION("snoozed after that")
    {
        world.ana().click(world.ana().last_dm(), "Acknowledge");
        world.advance(1min);
        type(world, world.ana(), "snooze 1 4h");
        world.advance(3h);
        CHECK(dms_of(world.ana()) == 1);
    }
}

TEST_CASE("An acknowledged alert that fires anew pages again where the policy says so", "[scenarios][after]")
{
    const bool says_so = GENERATE(true, false);
    World world{with_policy([&](oncall::Policy& policy) { policy.refire_pages = says_so; })};
    world.alert("Checkout is down");
    world.ana().click(world.ana().last_dm(), "Acknowledge");
    world.advance(30s);
    world.alert("Checkout is down"); // was under way
    world.advance(2s);
    INFO(world.slack().story());
    CHECK(dms_of(world.ana()) == 1);
    world.advance(1h);
    world.alert("Checkout is down");
    world.advance(2s);
    CHECK(dms_of(world.ana()) == (says_so ? 2 : 1));
    CHECK(has(card(world), says_so ? "Triggered" : "Acknowledged by ana"));
    if (says_so) {
        CHECK(has(card(world), "Paged again: it fired anew after ana had acknowledged it"));
        CHECK(has(thread(world), "pages again: it fired anew"));
        world.alert("Checkout is down"); // it is being paged
        world.advance(2s);
        CHECK(dms_of(world.ana()) == 2);
        type(world, world.ana(), "snooze 1 1h");
        world.advance(10min);
        world.alert("Checkout is down"); // quiet until then
        world.advance(2s);
        CHECK(dms_of(world.ana()) == 2);
        CHECK(has(card(world), "Snoozed"));
    }
}

TEST_CASE("A rise to high urgency pages again whoever had it, or had put it off", "[scenarios][after]")
{
    const bool says_so = GENERATE(true, false);
    World world{with_policy([&](oncall::Policy& policy) { policy.rise_pages = says_so; })};
    CHECK(report(world, "warning").status == 202);
    world.advance(1s);
    REQUIRE(dms_of(world.ana()) == 1);
    CHECK(has(world.slack().push(world.ana().last_dm()), "Low urgency"));
    SECTION("acknowledged") { type(world, world.ana(), "ack 1"); }
    SECTION("snoozed") { type(world, world.ana(), "snooze 1 4h"); }
    SECTION("promised") { type(world, world.ana(), "promise 1 1h"); }
    report(world, "warning");
    world.advance(1s);
    CHECK(dms_of(world.ana()) == 1);
    report(world, "critical");
    world.advance(2s);
    INFO(world.slack().story());
    CHECK(dms_of(world.ana()) == (says_so ? 2 : 1));
    CHECK(has(card(world), "critical"));
    if (says_so) {
        CHECK(has(card(world), "Triggered"));
        CHECK(has(card(world), "Paged again: its urgency rose to high after ana had"));
        CHECK_FALSE(has(world.slack().push(world.ana().last_dm()), "Low urgency"));
        type(world, world.ana(), "ack 1");
        // Down and up again is no rise.
        report(world, "warning");
        report(world, "critical");
        world.advance(2s);
        CHECK(dms_of(world.ana()) == 2);
        CHECK(has(card(world), "Acknowledged by ana"));
    } else {
        CHECK_FALSE(has(card(world), "Triggered"));
        CHECK(has(thread(world), "rose to critical, high urgency"));
    }
}

namespace {

/// A rule shows what is no worse than `severity` as ledger's, which has a policy of its own, and pages nobody.
oncall::Configuration shown_first(const std::string& severity)
{
    auto configuration = sample_configuration();
    oncall::Level level;
    level.targets = {{oncall::TargetKind::user, "cto@example.com"}};
    configuration.policies["ledger"] = {"ledger", 0, {level}};
    configuration.services.at("ledger").policy = "ledger";
    oncall::Rule rule;
    rule.name = "not worth a page";
    rule.when.kind = oncall::Condition::Kind::is;
    rule.when.field = "severity";
    rule.when.value = severity;
    rule.service = "ledger";
    rule.page = false;
    configuration.rules.insert(configuration.rules.begin(), rule);
    return configuration;
}

} // namespace

TEST_CASE(
    "What was only shown so far is paged when its report is one that pages, and whoever that names is", "[scenarios][after]")
{
    const auto first = GENERATE(as<std::string>{}, "info", "error");
    CAPTURE(first);
    World world{shown_first(first)};
    report(world, first);
    world.advance(2s);
    report(world, first);
    world.advance(2s);
    REQUIRE(dms_of(world.ana()) == 0);
    report(world, "critical");
    world.advance(2s);
    INFO(world.slack().story());
    REQUIRE(dms_of(world.ana()) == 1);
    CHECK(dms_of(world.cto()) == 0);
    const auto page = world.slack().plain(world.ana().last_dm());
    CHECK(has(page, first == "info" ? "its urgency rose to high" : "its severity rose from error to critical"));
    CHECK_FALSE(has(page, "not to page"));
    CHECK(has(card(world), "checkout"));
    report(world, "critical");
    world.advance(2s);
    CHECK(dms_of(world.ana()) == 1);
}

TEST_CASE("Low urgency may be shown in the channel alone; a rise or a person makes it a page", "[scenarios][after]")
{
    World world{with_policy([](oncall::Policy& policy) {
        policy.low_urgency_in_channel = true;
        policy.rise_pages = false;
    })};
    report(world, "warning");
    world.advance(1h);
    INFO(world.slack().story());
    CHECK(dms_of(world.ana()) == 0);
    CHECK(has(card(world), "Low urgency: it is shown here, and nobody is paged for it"));
    CHECK(has(thread(world), "policy payments pages nobody for it"));
    CHECK(world.fallback().messages().empty());
    SECTION("it gets worse, and nobody has it")
    {
        report(world, "critical");
        world.advance(2s);
        CHECK(dms_of(world.ana()) == 1);
        CHECK_FALSE(has(card(world), "Low urgency"));
    }
    SECTION("somebody escalates")
    {
        world.bo().click(world.channel().last(), "Escalate");
        world.advance(2s);
        CHECK(dms_of(world.ana()) == 1);
    }
    SECTION("somebody takes it, as any other")
    {
        world.bo().click(world.channel().last(), "Acknowledge");
        world.advance(2s);
        CHECK(has(card(world), "Acknowledged by bo"));
        CHECK(dms_of(world.ana()) == 0);
    }
    SECTION("high urgency is paged as ever")
    {
        world.alert("Checkout is down");
        CHECK(dms_of(world.ana()) == 1);
    }
}

TEST_CASE("Low urgency that is shown in the channel alone pages nobody either when it fires anew", "[scenarios][after]")
{
    World world{with_policy([](oncall::Policy& policy) {
        policy.low_urgency_in_channel = true;
        policy.refire_pages = true;
    })};
    report(world, "warning");
    type(world, world.bo(), "ack 1");
    world.advance(1h);
    report(world, "warning");
    world.advance(2s);
    INFO(world.slack().story());
    CHECK(dms_of(world.ana()) == 0);
    CHECK(has(card(world), "Acknowledged by bo"));
    report(world, "critical");
    world.advance(2s);
    CHECK(dms_of(world.ana()) == 1);
}

TEST_CASE("What is over by itself before anybody answered does not go silently", "[scenarios][after]")
{
    World world;
    world.alert("Checkout is down");
    SECTION("while it is being paged")
    {
        world.advance(3min);
        world.resolved();
        world.advance(3s);
        INFO(world.slack().story());
        CHECK(has(card(world), "Resolved by its source"));
        CHECK(has(thread(world), "it was over by itself, and nobody had answered, though ana was paged"));
        REQUIRE(dms_of(world.ana()) == 2);
        CHECK(has(world.slack().push(world.ana().last_dm()), "#1 Checkout is down is over: its source says so"));
        CHECK(has(card(world), "It was over by itself, and nobody had answered."));
        world.advance(3h);
        CHECK(dms_of(world.ana()) == 2);
        CHECK(dms_of(world.bo()) == 0);
    }
    SECTION("after everybody was tried in vain: the cries end, and everybody who was paged is told")
    {
        world.advance(2h);
        const auto before = dms_of(world.cto());
        REQUIRE(before > 0);
        world.resolved();
        world.advance(5s);
        const auto cries = world.fallback().messages().size();
        CHECK(dms_of(world.cto()) == before + 1);
        CHECK(has(card(world), "nobody had answered"));
        world.advance(2h);
        CHECK(world.fallback().messages().size() == cries);
    }
    SECTION("many at once are told in one message, and counted")
    {
        for (int i = 2; i <= 14; ++i)
            world.alert("Alert " + std::to_string(i), "key-" + std::to_string(i));
        world.advance(1min);
        const auto before = dms_of(world.ana());
        world.slack().outage(true);
        for (int i = 2; i <= 14; ++i)
            world.resolved("key-" + std::to_string(i));
        world.slack().outage(false);
        world.advance(3min);
        INFO(world.slack().story());
        CHECK(dms_of(world.ana()) <= before + 2);
        CHECK(has(world.slack().plain(world.ana().last_dm()), "and 3 more, see `/oncall status`"));
    }
    SECTION("somebody had it: that is all there is to say")
    {
        world.ana().click(world.ana().last_dm(), "Acknowledge");
        world.advance(1min);
        world.resolved();
        world.advance(3s);
        CHECK(dms_of(world.ana()) == 1);
        CHECK_FALSE(has(card(world), "nobody had answered"));
        CHECK_FALSE(has(thread(world), "nobody had answered"));
    }
    SECTION("low urgency: the thread alone says so")
    {
        report(world, "info");
        world.advance(1min);
        const auto before = dms_of(world.ana());
        world.resolved("slow");
        world.advance(3s);
        CHECK(dms_of(world.ana()) == before);
    }
    SECTION("one of two had acknowledged: it says whom")
    {
        World two{two_of_the_team()};
        two.alert("Checkout is down");
        type(two, two.ana(), "ack 1");
        two.resolved();
        two.advance(3s);
        CHECK(has(card(two), "only ana had acknowledged"));
    }
}

TEST_CASE("A stale acknowledgement changes nothing, and says how things stand", "[scenarios][after]")
{
    World world{two_of_the_team()};
    world.alert("Checkout is down");
    const auto old = world.chi().last_dm();
    type(world, world.ana(), "ack 1");
    type(world, world.bo(), "ack 1");
    const auto acknowledges = [&] {
        world.chi().click_as_seen(old, "Acknowledge");
        world.advance(2s);
        return world.slack().plain(world.chi().last_ephemeral());
    };
    CHECK(has(acknowledges(), "bo has it already"));
    world.resolved();
    world.advance(1s);
    CHECK(has(acknowledges(), "It was resolved by its source"));
    world.advance(5min);
    world.alert("Checkout is down");
    CHECK(has(acknowledges(), "It was resolved by its source")); // of the first, and not of the second
    INFO(world.slack().story());
    CHECK(has(world.slack().plain(world.channel().last()), "Triggered, 0 of 2 acknowledged"));
}

TEST_CASE("/oncall status shows each page: who, how far, what is next, what was tried; and it can be changed there",
    "[scenarios][after]")
{
    World world;
    world.alert("Checkout is down");
    world.advance(5min + 2s);
    const auto seen = type(world, world.bo(), "status");
    INFO(seen);
    CHECK(has(seen, "1 open alert:"));
    CHECK(has(seen, "Triggered, paging ana"));
    CHECK(has(seen, "Level 1 of 3, try 2 of 2, round 1 of 2"));
    CHECK(has(seen, "Next: ana, bo and chi"));
    CHECK(has(seen, "level 1, try 1: ana – Slack sent"));
    CHECK(has(seen, "level 1, try 2: ana – Slack sent"));
    CHECK(has(card(world), "Level 1 of 3, try 2 of 2, round 1 of 2"));
    CHECK(has(card(world), "level 1, try 1: ana – Slack"));
    const auto status = world.bo().last_ephemeral();

    SECTION("of a team, of this channel, of none")
    {
        CHECK(has(type(world, world.bo(), "status payments"), "1 open alert of team payments:"));
        CHECK(has(type(world, world.bo(), "status here"), "1 open alert in this channel:"));
        CHECK(has(type(world, world.bo(), "status all"), "1 open alert:"));
        CHECK(has(type(world, world.bo(), "status paymints"), "Did you mean `/oncall status payments`?"));
        const auto elsewhere = world.bo().command("/oncall", "status here", "#ops");
        world.advance(1s);
        CHECK(has(world.slack().plain(world.bo().last_ephemeral()), "No open alerts in this channel."));
    }
    SECTION("cancelled, nobody else is paged, and whoever did that has it")
    {
        world.bo().choose(status, "", "Cancel the page");
        world.advance(2s);
        CHECK(has(card(world), "Acknowledged by bo"));
        CHECK(has(thread(world), "cancelled the page"));
        world.advance(3h);
        CHECK(dms_of(world.ana()) == 2);
        CHECK(dms_of(world.chi()) == 0);
        CHECK(has(type(world, world.chi(), "cancel 1"), "Nobody is being paged for it: bo has it"));
    }
    SECTION("reassigned")
    {
        world.bo().choose(status, "", "Reassign …");
        world.settle();
        REQUIRE(world.bo().modals() == 1);
        world.bo().fill({{"Whom", world.chi().id()}});
        world.bo().submit();
        world.advance(2s);
        CHECK(dms_of(world.chi()) == 1);
        CHECK(has(card(world), "chi"));
    }
    SECTION("somebody added")
    {
        world.bo().choose(status, "", "Add someone …");
        world.settle();
        REQUIRE(world.bo().modals() == 1);
        world.bo().fill({{"Whom", world.chi().id()}});
        world.bo().submit();
        world.advance(2s);
        CHECK(dms_of(world.chi()) == 1);
        CHECK(has(type(world, world.bo(), "status"), "Asked to help: @chi"));
    }
    SECTION("a page by hand that is cancelled is over")
    {
        type(world, world.bo(), "page @chi the till is on fire");
        type(world, world.bo(), "cancel 2");
        world.advance(2s);
        CHECK(has(world.slack().plain(world.channel().last()), "Resolved by bo"));
        world.advance(2h);
        CHECK(dms_of(world.chi()) == 1 + 2);
    }
    SECTION("where nobody is left it says when it cries")
    {
        world.advance(2h);
        const auto late = type(world, world.bo(), "status");
        CHECK(has(card(world), "Cries again: "));
        INFO(late);
        CHECK(has(late, "nobody answered"));
        CHECK(has(late, "Cries again:"));
        CHECK(has(late, "earlier, see `/oncall timeline 1`"));
    }
    CHECK(world.slack().violations().empty());
}

TEST_CASE("A failed way shows on the card and in the status, with the reason", "[scenarios][after]")
{
    auto configuration = sample_configuration();
    configuration.policies.at("payments").levels.front().targets = {
        {oncall::TargetKind::user, "nobody@example.com"}, {oncall::TargetKind::schedule, "payments"}};
    World world{configuration};
    world.alert("Checkout is down");
    world.advance(5s);
    INFO(world.slack().story());
    const std::string failed{"nobody@example.com – Slack failed (nobody in Slack has that address"};
    CHECK(has(card(world), failed));
    CHECK(has(type(world, world.bo(), "status"), failed));
}
