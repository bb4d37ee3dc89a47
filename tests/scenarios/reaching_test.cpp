#include "catch.hpp"
#include "handlers/confirm.hpp"
#include "scenarios/scripted_provider.hpp"
#include "scenarios/world.hpp"
#include "storage/contacts.hpp"
#include "storage/runs.hpp"

using namespace scenario;
using oncall::ContactKind;
using oncall::NotificationState;

namespace {

/// Ana has a number and a phone that pushes come to; a provider stands behind each.
struct Reached {
    ScriptedProvider sms{"Twilio"};
    ScriptedProvider other{"Other"};
    ScriptedProvider voice{"Caller"};
    ScriptedProvider push{"ntfy"};
    World world{}; // goes first
    oncall::ContactId number{};

    Reached()
    {
        for (auto* provider : {&sms, &other, &voice, &push})
            provider->clock = &world.clock;
        world.providers = {{ContactKind::sms, {&sms}}, {ContactKind::voice, {&voice}}, {ContactKind::ntfy, {&push}}};
        restart();
        number = add(ContactKind::sms, "+4915112345678");
        add(ContactKind::voice, "+4915112345678");
        add(ContactKind::ntfy, "https://ntfy.example.com/ana");
    }

    void restart()
    {
        world.kill();
        world.start();
    }
    oncall::ContactId add(ContactKind kind, const std::string& address, bool verified = true)
    {
        oncall::ContactMethod method;
        method.person = world.ana().id();
        method.kind = kind;
        method.address = address;
        method.added_at = method.consented_at = world.clock.now();
        if (verified)
            method.verified_at = world.clock.now();
        return world.write([&](storage::Transaction& tx) {
            storage::ContactMethods{tx}.add(method);
            return method.id;
        });
    }
    void rule(std::vector<oncall::NotificationStep> steps)
    {
        world.write([&](storage::Transaction& tx) {
            auto rules = storage::NotificationRules{tx}.of(world.ana().id());
            rules.rules = {{"Mine", oncall::Urgency::high, {}, steps}};
            storage::NotificationRules{tx}.save(rules);
            return true;
        });
    }
    bool confirm(const std::string& reference, notify::Outcome::How how, const std::string& words)
    {
        notify::Outcome outcome;
        outcome.how = how;
        return world.write([&](storage::Transaction& tx) {
            return handlers::confirm(tx, world.app().context(), reference, outcome, words, world.clock.now());
        });
    }
    oncall::Notification by(const std::string& kind)
    {
        const auto all =
            world.look([](storage::Transaction& tx) { return storage::Notifications{tx}.of_alert(oncall::AlertId{1}); });
        for (const auto& one : all)
            if (one.method.starts_with(kind))
                return one;
        return {};
    }
    oncall::ContactMethod method(oncall::ContactId id)
    {
        return *world.look([&](storage::Transaction& tx) { return storage::ContactMethods{tx}.find(id); });
    }
    std::string told()
    {
        std::string text;
        for (const auto& entry :
            world.look([](storage::Transaction& tx) { return storage::Timeline{tx}.of_alert(oncall::AlertId{1}); }))
            text += entry.text + "\n";
        return text;
    }
    /// When something was sent, in seconds after the alert.
    std::vector<int> times(const ScriptedProvider& provider) const
    {
        std::vector<int> found;
        for (const auto& one : provider.seen)
            found.push_back(static_cast<int>(std::chrono::floor<std::chrono::seconds>(one.at - noon).count()));
        return found;
    }
};

using Times = std::vector<int>;

notify::Outcome outcome(notify::Outcome::How how, const std::string& why, std::optional<milliseconds> retry_after = {})
{
    notify::Outcome came;
    came.how = how;
    came.why = why;
    came.retry_after = retry_after;
    return came;
}

} // namespace

TEST_CASE("By default Slack, e-mail and push go at once, and SMS and a call after a minute", "[scenarios][reaching][socket]")
{
    Reached reached;
    auto& world = reached.world;
    world.open_post_office();
    world.alert("Checkout is down");
    CHECK(world.ana().dms().size() == 1);
    CHECK(world.post_office.taken.size() == 1);
    REQUIRE(reached.push.seen.size() == 1);
    CHECK(reached.push.seen.front().address == "https://ntfy.example.com/ana");
    const auto& message = reached.push.seen.front().message;
    CHECK(message.title == "[#1 critical] checkout: Checkout is down");
    CHECK(has(message.text, "policy payments, level 1 of 3"));
    CHECK(message.spoken == "critical alert for checkout. Checkout is down");
    CHECK(message.urgent);
    CHECK(message.actions.size() == 3);
    world.advance(59s);
    CHECK(reached.sms.seen.empty());
    world.advance(1s);
    CHECK(reached.times(reached.sms) == Times{60});
    CHECK(reached.times(reached.voice) == Times{60});
    CHECK(reached.sms.seen.front().address == "+4915112345678");
    CHECK(reached.push.seen.size() == 1);
    // The level's own time stays: its second try begins the ladder again.
    world.advance(4min);
    CHECK(reached.times(reached.push) == Times{0, 300});
    world.advance(1min);
    CHECK(reached.times(reached.sms) == Times{60, 360});
}

TEST_CASE("Whoever answers within the minute gets neither SMS nor call; taken back, they come after all",
    "[scenarios][reaching][socket]")
{
    Reached reached;
    auto& world = reached.world;
    world.alert("Checkout is down");
    world.advance(40s);
    world.ana().click(world.ana().last_dm(), "Acknowledge");
    SECTION("answered")
    {
        world.advance(1h);
        CHECK(reached.sms.seen.empty());
        CHECK(reached.voice.seen.empty());
    }
    SECTION("taken back before the minute is over")
    {
        world.advance(10s);
        world.ana().command("/oncall", "undo 1", "#payments-alerts");
        world.advance(10s);
        CHECK(reached.times(reached.sms) == Times{60});
    }
    SECTION("taken back after it")
    {
        world.advance(25s);
        world.ana().command("/oncall", "undo 1", "#payments-alerts");
        world.advance(1s);
        CHECK(reached.times(reached.sms) == Times{65});
    }
    INFO(world.slack().story());
}

TEST_CASE("Whoever says not me gets no further step, and the next level begins its own", "[scenarios][reaching][socket]")
{
    Reached reached;
    auto& world = reached.world;
    world.alert("Checkout is down");
    world.advance(10s);
    world.ana().command("/oncall", "notme 1 on a train", "#payments-alerts");
    world.advance(2s);
    INFO(world.slack().story());
    CHECK(world.bo().dms().size() == 1);
    world.advance(1h);
    CHECK(reached.sms.seen.empty());
    CHECK(reached.voice.seen.empty());
}

TEST_CASE("A refused SMS is tried three times a minute apart, and then the call comes at once and the thread says so",
    "[scenarios][reaching][socket]")
{
    Reached reached;
    auto& world = reached.world;
    reached.rule({{{"sms"}, 4min}, {{"voice"}, 0s}});
    reached.sms.outcome = outcome(notify::Outcome::refused, "carrier");
    world.alert("Checkout is down");
    CHECK(reached.times(reached.sms) == Times{0});
    CHECK(reached.by("sms").state == NotificationState::planned);
    world.advance(2min);
    CHECK(reached.times(reached.sms) == Times{0, 60, 120});
    CHECK(reached.times(reached.voice) == Times{120});
    CHECK(reached.by("sms").state == NotificationState::failed);
    CHECK(reached.by("sms").attempts == 3);
    CHECK(has(reached.told(), "SMS failed (carrier), calling now"));
    CHECK(reached.method(reached.number).last_outcome == "failed: carrier");
    world.advance(3s);
    INFO(world.slack().story());
    CHECK(has(world.slack().story(), "SMS failed (carrier), calling now"));
}

TEST_CASE("When nothing of a person's ladder gets through, the next try comes at once", "[scenarios][reaching][socket]")
{
    Reached reached;
    auto& world = reached.world;
    reached.rule({{{"ntfy"}, 4min}});
    reached.push.outcome = outcome(notify::Outcome::refused, "no such topic");
    world.alert("Checkout is down");
    world.advance(1s);
    // Push is tried once; both tries of level 1 are over, and level 2 is paged, ana among it.
    CHECK(reached.push.seen.size() == 3);
    CHECK(has(reached.told(), "could not reach " + world.ana().id() + " by ntfy: no such topic"));
    CHECK(world.bo().dms().size() == 1);
}

TEST_CASE("What a provider puts off is waited out as it asks, and costs no attempt", "[scenarios][reaching][socket]")
{
    Reached reached;
    auto& world = reached.world;
    reached.rule({{{"sms"}, 4min}});
    reached.sms.script = {outcome(notify::Outcome::later, "429", 7s), outcome(notify::Outcome::later, "503")};
    world.alert("Checkout is down");
    world.advance(6s);
    CHECK(reached.times(reached.sms) == Times{0});
    world.advance(1s);
    CHECK(reached.times(reached.sms) == Times{0, 7});
    world.advance(3s); // without a wish, seconds
    CHECK(reached.sms.seen.size() == 3);
    CHECK(reached.by("sms").state == NotificationState::sent);
    CHECK(reached.by("sms").attempts == 1);
    CHECK(reached.by("sms").provider == "Twilio");
}

TEST_CASE("A page whose fate is unknown is sent again under the same id", "[scenarios][reaching][socket]")
{
    Reached reached;
    auto& world = reached.world;
    reached.rule({{{"sms"}, 4min}});
    reached.sms.takes = 30s;
    reached.sms.script = {outcome(notify::Outcome::unknown, "timed out")};
    world.alert("Checkout is down");
    world.advance(90s);
    REQUIRE(reached.sms.seen.size() == 2);
    CHECK(reached.sms.seen[0].message.id == reached.sms.seen[1].message.id);
    CHECK(reached.by("sms").state == NotificationState::sent);
}

TEST_CASE("A phone does not ring for ever because nobody knows whether it rang", "[scenarios][reaching][socket]")
{
    Reached reached;
    auto& world = reached.world;
    reached.rule({{{"sms"}, 4min}, {{"voice"}, 0s}});
    reached.sms.outcome = outcome(notify::Outcome::unknown, "timed out");
    world.alert("Checkout is down");
    world.advance(3min);
    CHECK(reached.sms.seen.size() == 3);
    CHECK(reached.by("sms").state == NotificationState::failed);
    CHECK(reached.voice.seen.size() == 1);
    CHECK(has(reached.told(), "SMS failed (timed out), calling now"));
}

TEST_CASE("To look whether something was taken is no attempt: it goes out once that is known", "[scenarios][reaching][socket]")
{
    Reached reached;
    auto& world = reached.world;
    reached.rule({{{"sms"}, 4min}});
    SECTION("the service died while it was under way, and the network is late")
    {
        reached.sms.takes = 10s;
        world.alert("Checkout is down");
        REQUIRE(reached.sms.seen.size() == 1);
        reached.sms.lists_not = "no network";
        reached.restart();
        reached.sms.takes = 0s;
    }
    SECTION("nobody knows what came of it")
    {
        reached.sms.script = {outcome(notify::Outcome::unknown, "timed out")};
        reached.sms.lists_not = "503";
        world.alert("Checkout is down");
    }
    world.advance(45s);
    CHECK(reached.sms.seen.size() == 1);
    CHECK(reached.by("sms").state == NotificationState::planned);
    reached.sms.lists_not.clear();
    world.advance(65s);
    CHECK(reached.sms.seen.size() == 2);
    CHECK(reached.by("sms").state == NotificationState::sent);
}

TEST_CASE("A provider that wants a long rest holds up no other, and one that wants none is not hammered",
    "[scenarios][reaching][socket]")
{
    Reached reached;
    auto& world = reached.world;
    world.providers[ContactKind::sms] = {&reached.sms, &reached.other};
    reached.restart();
    reached.rule({{{"sms"}, 4min}});
    reached.sms.outcome = outcome(notify::Outcome::later, "429", GENERATE(3600s, 0s));
    reached.other.script = {outcome(notify::Outcome::later, "500"), outcome(notify::Outcome::later, "500")};
    world.alert("Checkout is down");
    CHECK(reached.sms.seen.size() == 1);
    CHECK(reached.other.seen.size() == 1);
    world.advance(5s);
    CHECK(reached.other.seen.size() == 3);
    CHECK(reached.by("sms").provider == "Other");
}

TEST_CASE("A mail that waits when its server is taken away has failed, and the next step comes at once",
    "[scenarios][reaching][socket]")
{
    Reached reached;
    auto& world = reached.world;
    world.open_post_office();
    reached.rule({{{"email"}, 4min}, {{"sms"}, 0s}});
    world.post_office.outcome = outcome(notify::Outcome::later, "greylisted");
    world.alert("Checkout is down");
    world.advance(10s);
    CHECK(reached.by("email").state == NotificationState::planned);
    world.close_post_office();
    world.advance(61s); // it was put off
    CHECK(reached.by("email").state == NotificationState::failed);
    CHECK(reached.sms.seen.size() == 1);
    INFO(reached.told());
    CHECK(has(reached.told(), "E-mail failed (no mail server is set up any more), sending an SMS now"));
}

TEST_CASE("An address of her own stays hers, also where a mail server repeats it", "[scenarios][reaching][socket]")
{
    Reached reached;
    auto& world = reached.world;
    world.open_post_office();
    const auto id = reached.add(ContactKind::email, "ana.private@example.net");
    reached.rule({{{"email:" + std::to_string(id.value)}, 4min}, {{"slack"}, 0s}});
    world.post_office.outcome = outcome(notify::Outcome::refused,
        "smtp.example.com does not take mail for ana.private@example.net: 550 <Ana.Private@Example.NET> unknown");
    world.alert("Checkout is down");
    world.advance(1s);
    REQUIRE(world.post_office.seen.size() == 1);
    CHECK(has(reached.told(), "does not take mail for that address: 550 <that address> unknown"));
    CHECK_FALSE(has(world.slack().story(), "rivate@"));
}

TEST_CASE("What becomes of a call after the answer is in the delivery log, and nobody is told", "[scenarios][reaching][socket]")
{
    Reached reached;
    auto& world = reached.world;
    reached.rule({{{"voice"}, 4min}});
    reached.voice.reports = true;
    world.alert("Checkout is down");
    world.bo().command("/oncall", "ack 1", "#payments-alerts");
    CHECK(reached.confirm("Caller-1", notify::Outcome::refused, "nobody picked up"));
    CHECK_FALSE(has(reached.told(), "nobody picked up"));
    CHECK(reached.by("voice").error == "nobody picked up");
}

TEST_CASE("What was taken and then failed is tried again after a minute, whatever order reports come in",
    "[scenarios][reaching][socket]")
{
    Reached reached;
    auto& world = reached.world;
    reached.rule({{{"sms"}, 4min}, {{"voice"}, 0s}});
    reached.sms.reports = true;
    world.alert("Checkout is down");
    CHECK(reached.by("sms").reference == "Twilio-1");
    CHECK_FALSE(reached.confirm("Twilio-9", notify::Outcome::refused, "carrier"));
    world.advance(2s);
    CHECK(reached.confirm("Twilio-1", notify::Outcome::refused, "carrier"));
    CHECK(reached.confirm("Twilio-1", notify::Outcome::refused, "carrier"));
    CHECK(reached.by("sms").attempts == 2);
    SECTION("the further attempt")
    {
        world.advance(59s);
        CHECK(reached.sms.seen.size() == 1);
        world.advance(1s);
        REQUIRE(reached.times(reached.sms) == Times{0, 62});
        CHECK(reached.sms.seen[0].message.id != reached.sms.seen[1].message.id);
        CHECK(reached.confirm("Twilio-2", notify::Outcome::confirmed, "delivered"));
        CHECK(reached.confirm("Twilio-2", notify::Outcome::accepted, "sent"));
        CHECK(reached.confirm("Twilio-2", notify::Outcome::refused, "carrier"));
        CHECK(reached.by("sms").state == NotificationState::confirmed);
        CHECK(reached.method(reached.number).last_outcome == "delivered");
        world.advance(2min);
        CHECK(reached.sms.seen.size() == 2);
    }
    SECTION("it has arrived after all")
    {
        world.advance(10s);
        CHECK(reached.confirm("Twilio-1", notify::Outcome::confirmed, "delivered"));
        world.advance(2min);
        CHECK(reached.sms.seen.size() == 1);
        CHECK(reached.by("sms").state == NotificationState::confirmed);
    }
    SECTION("answered meanwhile")
    {
        world.bo().command("/oncall", "ack 1", "#payments-alerts");
        world.advance(1h);
        CHECK(reached.sms.seen.size() == 1);
        CHECK(reached.voice.seen.empty());
    }
    SECTION("for good, and the call comes at once")
    {
        world.advance(61s);
        CHECK(reached.confirm("Twilio-2", notify::Outcome::refused, "carrier"));
        world.advance(61s);
        REQUIRE(reached.sms.seen.size() == 3);
        CHECK(reached.confirm("Twilio-3", notify::Outcome::refused, "carrier"));
        world.advance(1s);
        CHECK(reached.voice.seen.size() == 1);
        CHECK(has(reached.told(), "SMS failed (carrier), calling now"));
    }
}

TEST_CASE(
    "A provider that calls nobody back is asked after 5 s, ever less often, until it knows", "[scenarios][reaching][socket]")
{
    Reached reached;
    auto& world = reached.world;
    reached.rule({{{"sms"}, 4min}});
    reached.sms.reports = true;
    world.alert("Checkout is down");
    world.advance(4s);
    CHECK(reached.sms.looks.empty());
    world.advance(1s);
    CHECK(reached.sms.looks.size() == 1);
    SECTION("it has arrived")
    {
        world.advance(5s);
        CHECK(reached.sms.looks.size() == 1);
        reached.sms.becomes["Twilio-1"] = outcome(notify::Outcome::confirmed, "delivered");
        world.advance(5s);
        CHECK(reached.sms.looks.size() == 2);
        CHECK(reached.by("sms").state == NotificationState::confirmed);
        world.advance(2min);
        CHECK(reached.sms.looks.size() == 2);
    }
    SECTION("it has failed")
    {
        reached.sms.becomes["Twilio-1"] = outcome(notify::Outcome::refused, "carrier");
        world.advance(10s);
        CHECK(reached.by("sms").attempts == 2);
        world.advance(1min);
        CHECK(reached.sms.seen.size() == 2);
    }
    SECTION("it never knows, and nothing is lost by that")
    {
        world.bo().command("/oncall", "ack 1", "#payments-alerts");
        world.advance(3h);
        CHECK(reached.sms.looks.size() <= 10);
        CHECK(reached.by("sms").state == NotificationState::sent);
    }
}

TEST_CASE("When one provider fails the next one is tried at once", "[scenarios][reaching][socket]")
{
    Reached reached;
    auto& world = reached.world;
    world.providers[ContactKind::sms] = {&reached.sms, &reached.other};
    reached.restart();
    reached.rule({{{"sms"}, 4min}});
    SECTION("it refuses, or is in trouble")
    {
        reached.sms.outcome = GENERATE(outcome(notify::Outcome::refused, "not this country"),
            outcome(notify::Outcome::later, "500", 30s), outcome(notify::Outcome::unknown, "timed out"));
        world.alert("Checkout is down");
        CHECK(reached.times(reached.other) == Times{0});
        CHECK(reached.by("sms").provider == "Other");
        CHECK(reached.by("sms").attempts == 1);
    }
    SECTION("a silent one costs its time once, not once for each page")
    {
        reached.sms.takes = 30s;
        reached.sms.outcome = outcome(notify::Outcome::unknown, "timed out");
        world.alert("Checkout is down");
        world.advance(31s);
        CHECK(reached.times(reached.other) == Times{30});
        world.alert("Ledger is down", "ledger-down");
        CHECK(reached.times(reached.other) == Times{30, 31});
        CHECK(reached.sms.seen.size() == 1);
        // A minute later it has its place again.
        reached.sms.takes = 0s;
        reached.sms.outcome = {};
        world.advance(1min);
        world.alert("Search is down", "search-down");
        CHECK(reached.sms.seen.size() == 2);
    }
    SECTION("answered while the first one hangs, the second is not asked")
    {
        reached.sms.takes = 30s;
        reached.sms.outcome = outcome(notify::Outcome::unknown, "timed out");
        world.alert("Checkout is down");
        world.advance(10s);
        world.bo().command("/oncall", "ack 1", "#payments-alerts");
        world.advance(1h);
        CHECK(reached.sms.seen.size() == 1);
        CHECK(reached.other.seen.empty());
    }
    SECTION("all refuse")
    {
        reached.sms.outcome = outcome(notify::Outcome::refused, "not this country");
        reached.other.outcome = outcome(notify::Outcome::refused, "no money");
        world.alert("Checkout is down");
        world.advance(3min);
        CHECK(has(reached.told(), "Twilio: not this country; Other: no money"));
    }
}

TEST_CASE("A hanging provider holds up nothing but itself", "[scenarios][reaching][socket]")
{
    Reached reached;
    auto& world = reached.world;
    reached.rule({{{"slack", "sms", "ntfy", "voice"}, 4min}});
    world.app().context().bundling.hold = 0s; // each by itself
    reached.sms.takes = 30s;
    reached.sms.outcome = outcome(notify::Outcome::unknown, "timed out");
    for (int i = 0; i < 10; ++i)
        world.alert("Alert " + std::to_string(i), "key-" + std::to_string(i));
    world.advance(20s);
    CHECK(reached.push.seen.size() == 10);
    CHECK(reached.voice.seen.size() == 10);
    CHECK(world.ana().dms().size() == 10);
}

TEST_CASE("A run goes on where it stood when the service starts again", "[scenarios][reaching][socket]")
{
    Reached reached;
    auto& world = reached.world;
    world.alert("Checkout is down");
    world.advance(30s);
    world.kill();
    SECTION("before its time")
    {
        world.advance(10s);
        world.start();
        world.advance(19s);
        CHECK(reached.sms.seen.empty());
        world.advance(1s);
        CHECK(reached.times(reached.sms) == Times{60});
    }
    SECTION("after it, without a burst")
    {
        world.advance(3min);
        world.start();
        world.advance(2s);
        CHECK(reached.sms.seen.size() == 1);
        CHECK(reached.voice.seen.size() == 1);
        CHECK(reached.push.seen.size() == 1);
    }
}

TEST_CASE("Methods that are not set up are skipped, and a step without any is passed at once", "[scenarios][reaching][socket]")
{
    Reached reached;
    auto& world = reached.world;
    SECTION("the step after an empty one comes first")
    {
        reached.rule({{{"webhook", "gotify"}, 4min}, {{"sms"}, 1min}, {{"voice"}, 0s}});
        world.alert("Checkout is down");
        CHECK(reached.times(reached.sms) == Times{0});
        world.advance(1min);
        CHECK(reached.times(reached.voice) == Times{60});
    }
    SECTION("removed since the run began")
    {
        reached.rule({{{"slack"}, 1min}, {{"sms"}, 4min}, {{"voice"}, 0s}});
        world.alert("Checkout is down");
        world.write([&](storage::Transaction& tx) {
            storage::ContactMethods{tx}.remove(reached.number);
            return true;
        });
        world.advance(1min);
        CHECK(reached.sms.seen.empty());
        CHECK(reached.times(reached.voice) == Times{60});
    }
    SECTION("all that was left of it removed, and what came before has failed: the next try comes at once")
    {
        reached.rule({{{"ntfy"}, 1min}, {{"sms"}, 0s}});
        reached.push.outcome = outcome(notify::Outcome::refused, "no such topic");
        reached.push.takes = 2s;
        world.alert("Checkout is down");
        world.advance(1s);
        world.write([&](storage::Transaction& tx) {
            storage::ContactMethods{tx}.remove(reached.number);
            return true;
        });
        world.advance(2s);
        CHECK(reached.push.seen.size() == 2);
        CHECK(reached.sms.seen.empty());
    }
    SECTION("a rule that leaves nothing falls back to Slack and e-mail, and says so")
    {
        reached.rule({{{"webhook"}, 1min}, {{"gotify"}, 0s}});
        world.open_post_office();
        world.alert("Checkout is down");
        CHECK(world.ana().dms().size() == 1);
        CHECK(world.post_office.taken.size() == 1);
        CHECK(has(reached.told(), "nothing that the notification rule “Mine” of " + world.ana().id() + " names is set up"));
    }
    SECTION("what is not verified is not used")
    {
        reached.add(ContactKind::sms, "+4915187654321", false);
        world.alert("Checkout is down");
        world.advance(2min);
        CHECK(reached.sms.seen.size() == 1);
    }
}

TEST_CASE("Without a rule of her own, a person is reached by her team's", "[scenarios][reaching][socket]")
{
    Reached reached;
    auto& world = reached.world;
    world.write([&](storage::Transaction& tx) {
        storage::PersonsRules team;
        team.person = "team:payments";
        team.rules = {{"Payments", oncall::Urgency::high, {}, {{{"voice"}, 0s}}}};
        storage::NotificationRules{tx}.save(team);
        return true;
    });
    const bool own = GENERATE(false, true);
    if (own)
        reached.rule({{{"sms"}, 0s}});
    world.alert("Checkout is down");
    CHECK(reached.voice.seen.size() == (own ? 0 : 1));
    CHECK(reached.sms.seen.size() == (own ? 1 : 0));
    CHECK(world.ana().dms().empty());
}

TEST_CASE("An address that is gone is not tried again, and the next step comes at once", "[scenarios][reaching][socket]")
{
    Reached reached;
    auto& world = reached.world;
    reached.rule({{{"sms"}, 4min}, {{"voice"}, 0s}});
    reached.sms.outcome = outcome(notify::Outcome::refused, "unsubscribed");
    reached.sms.outcome.gone = true;
    world.alert("Checkout is down");
    world.advance(1s);
    CHECK(reached.sms.seen.size() == 1);
    CHECK(reached.voice.seen.size() == 1);
    CHECK(reached.method(reached.number).stopped_at != TimePoint{});
    world.advance(10min);
    CHECK(reached.sms.seen.size() == 1);
}

TEST_CASE(
    "Somebody in Do Not Disturb is tried outside Slack at once, and the level keeps its time", "[scenarios][reaching][socket]")
{
    Reached reached;
    auto& world = reached.world;
    reached.rule({{{"slack"}, 3min}, {{"sms"}, 1min}, {{"voice"}, 0s}});
    const auto quiet_until = GENERATE(noon + 1h, noon - 1h);
    const bool quiet = quiet_until > noon;
    world.ana().do_not_disturb(noon - 8h, quiet_until);
    world.alert("Checkout is down");
    world.advance(1s);
    CHECK(world.ana().dms().size() == 1);
    CHECK(reached.sms.seen.size() == (quiet ? 1 : 0));
    CHECK(has(reached.told(), "is in Do Not Disturb in Slack, sending an SMS now") == quiet);
    world.advance(1min);
    CHECK(reached.voice.seen.size() == (quiet ? 1 : 0));
    world.advance(3min + 50s);
    CHECK(world.ana().dms().size() == 1);
    world.advance(10s);
    CHECK(world.ana().dms().size() == 2);
}

TEST_CASE("When Slack does not say who is in Do Not Disturb, the rule runs as usual", "[scenarios][reaching][socket]")
{
    Reached reached;
    auto& world = reached.world;
    world.slack().settings().scopes.erase("dnd:read");
    world.ana().do_not_disturb(noon - 8h, noon + 1h);
    world.alert("Checkout is down");
    world.advance(59s);
    CHECK(reached.sms.seen.empty());
    world.advance(1s);
    CHECK(reached.times(reached.sms) == Times{60});
}

TEST_CASE("What only an operator can mend is not tried again, and the next step comes at once", "[scenarios][reaching][socket]")
{
    Reached reached;
    auto& world = reached.world;
    reached.rule({{{"sms"}, 4min}, {{"voice"}, 0s}});
    reached.sms.outcome = outcome(notify::Outcome::refused, "401 authentication failed");
    reached.sms.outcome.needs_an_operator = true;
    world.alert("Checkout is down");
    world.advance(1s);
    CHECK(reached.sms.seen.size() == 1);
    CHECK(reached.voice.seen.size() == 1);
    CHECK(has(reached.told(), "SMS failed (401 authentication failed), calling now"));
}

TEST_CASE("The timeline command lists what was sent to whom and what came of it", "[scenarios][reaching][socket]")
{
    Reached reached;
    auto& world = reached.world;
    reached.rule({{{"slack", "sms"}, 4min}, {{"voice"}, 0s}});
    reached.sms.reports = true;
    world.alert("Checkout is down");
    reached.confirm("Twilio-1", notify::Outcome::confirmed, "delivered");
    world.advance(5s);
    world.bo().command("/oncall", "timeline 1", "#payments-alerts");
    world.advance(1s);
    const auto shown = world.slack().plain(world.bo().last_ephemeral());
    INFO(shown);
    CHECK(has(shown, "#1 Checkout is down"));
    CHECK(has(shown, "ana by Slack (level 1, try 1): sent "));
    CHECK(has(shown, "ana by SMS (level 1, try 1): sent "));
    CHECK(has(shown, "by Twilio"));
    CHECK(has(shown, "delivered"));
    CHECK_FALSE(has(shown, "4915112345678"));
    world.bo().command("/oncall", "timeline 7", "#payments-alerts");
    world.advance(1s);
    CHECK(has(world.slack().plain(world.bo().last_ephemeral()), "There is no alert #7"));
}

TEST_CASE("Words to the owner of a contact method go by it, verified or not", "[scenarios][reaching][socket]")
{
    Reached reached;
    auto& world = reached.world;
    const auto id = reached.add(ContactKind::sms, "+4915187654321", false);
    world.write([&](storage::Transaction& tx) {
        storage::Outbox{tx}.add("words:1", "words", storage::Priority::answer, "contact:sms:" + world.ana().id(), id.value,
            "Your code is 123 456.", world.clock.now());
        return true;
    });
    world.settle();
    REQUIRE(reached.sms.seen.size() == 1);
    CHECK(reached.sms.seen.front().address == "+4915187654321");
    CHECK(reached.sms.seen.front().message.text == "Your code is 123 456.");
    CHECK(reached.method(id).last_outcome == "sent");
}

TEST_CASE("Words that came to nothing for ten minutes are not sent any more", "[scenarios][reaching][socket]")
{
    Reached reached;
    auto& world = reached.world;
    reached.sms.outcome = outcome(notify::Outcome::later, "503", 4min);
    world.write([&](storage::Transaction& tx) {
        storage::Outbox{tx}.add("words:1", "words", storage::Priority::answer, "contact:sms:" + world.ana().id(),
            reached.number.value, "Your code is 123 456.", world.clock.now());
        return true;
    });
    world.advance(1h);
    CHECK(reached.times(reached.sms) == Times{0, 240, 480});
}

TEST_CASE("Wherever the service dies, nobody's next step is lost, and none comes more than once more",
    "[scenarios][reaching][socket][long]")
{
    for (int at = 1; at <= 16; ++at) {
        Reached reached;
        auto& world = reached.world;
        INFO("at commit " << at);
        world.doom.commit = world.commits + at;
        world.alert("Checkout is down");
        world.advance(70s);
        const bool died = !world.running();
        if (died)
            world.start();
        // A sender that was not told 202 sends it again.
        world.alert("Checkout is down");
        world.advance(70s);
        CHECK(reached.sms.seen.size() >= 1);
        CHECK(reached.sms.seen.size() <= (died ? 2U : 1U));
        CHECK(reached.voice.seen.size() >= 1);
        CHECK(reached.push.seen.size() <= (died ? 2U : 1U));
    }
}
