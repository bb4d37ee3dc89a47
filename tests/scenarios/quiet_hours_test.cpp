#include "catch.hpp"
#include "handlers/digest.hpp"
#include "scenarios/scripted_provider.hpp"
#include "scenarios/world.hpp"
#include "storage/contacts.hpp"
#include "storage/runs.hpp"

using namespace scenario;
using oncall::AlertId;
using oncall::ContactKind;
using oncall::RunState;

namespace {

int times(const std::string& text, const std::string& part)
{
    int count = 0;
    for (auto at = text.find(part); at != text.npos; at = text.find(part, at + 1))
        ++count;
    return count;
}

oncall::Window window(std::chrono::minutes from, std::chrono::minutes to)
{
    oncall::Window one;
    one.from = from;
    one.to = to;
    return one;
}

/// A world in Berlin, with mail and text messages; ana is on call. It is 13:00 there.
struct Quiet {
    ScriptedProvider sms{"Texts"};
    World world; // goes first

    explicit Quiet(oncall::Configuration configuration = sample_configuration())
        : world{std::move(configuration)}
    {
        sms.clock = &world.clock;
        world.providers = {{ContactKind::sms, {&sms}}};
        world.open_post_office();
    }
    void restart()
    {
        world.kill();
        world.start();
    }
    /// Without a form.
    void quiet(const std::string& person, oncall::QuietHours hours)
    {
        world.write([&](storage::Transaction& tx) {
            auto rules = storage::NotificationRules{tx}.of(person);
            rules.quiet = hours;
            storage::NotificationRules{tx}.save(rules);
            return true;
        });
    }
    /// From 22:00 to 07:00, as most have it.
    void nights(workspace::Person& person) { quiet(person.id(), std::vector{window(22h, 7h)}); }
    /// From 12:00 to 15:00: it is in them.
    void siesta(workspace::Person& person) { quiet(person.id(), std::vector{window(12h, 15h)}); }
    void rule(workspace::Person& person, std::vector<oncall::NotificationStep> steps)
    {
        world.write([&](storage::Transaction& tx) {
            auto rules = storage::NotificationRules{tx}.of(person.id());
            rules.rules = {{"Mine", oncall::Urgency::low, {}, steps}};
            storage::NotificationRules{tx}.save(rules);
            return true;
        });
    }
    void number(workspace::Person& person)
    {
        oncall::ContactMethod method;
        method.person = person.id();
        method.kind = ContactKind::sms;
        method.address = "+4915112345678";
        method.added_at = method.consented_at = method.verified_at = world.clock.now();
        world.write([&](storage::Transaction& tx) { return storage::ContactMethods{tx}.add(method); });
    }
    /// Until a time of day in Berlin in winter.
    void until(int hour, int minute = 0)
    {
        using namespace std::chrono;
        const auto of_day = (world.clock.now() + 1h - floor<days>(world.clock.now() + 1h));
        auto by = duration_cast<milliseconds>(hours{hour} + minutes{minute}) - duration_cast<milliseconds>(of_day);
        if (by <= 0ms)
            by += 24h;
        world.advance(by);
    }
    void low(const std::string& title, const std::string& key)
    {
        world.post("demo-scripts-key",
            R"({"title":")" + title + R"(","severity":"warning","service":"checkout","dedup_key":")" + key + "\"}");
    }
    std::string told(std::int64_t alert)
    {
        std::string text;
        for (const auto& entry :
            world.look([&](storage::Transaction& tx) { return storage::Timeline{tx}.of_alert(AlertId{alert}); }))
            text += entry.text + "\n";
        return text;
    }
    std::string asks(workspace::Person& person, const std::string& command)
    {
        person.command("/oncall", command, "#payments-alerts");
        world.settle();
        return world.slack().plain(person.last_ephemeral());
    }
    /// The pages she got, without what only answers her.
    static std::vector<workspace::Message> pages(const workspace::Person& person)
    {
        auto all = person.dms();
        std::erase_if(all, [](const workspace::Message& one) { return one.ephemeral || !one.thread_ts.empty(); });
        return all;
    }
    std::string last(workspace::Person& person)
    {
        const auto all = pages(person);
        return all.empty() ? std::string{} : world.slack().plain(all.back());
    }
    TimePoint goes_on(std::int64_t alert)
    {
        return world.look([&](storage::Transaction& tx) { return storage::Pages{tx}.latest(AlertId{alert})->due; });
    }
    oncall::AlertState state(std::int64_t alert)
    {
        return world.look([&](storage::Transaction& tx) { return storage::Alerts{tx}.find(AlertId{alert})->state; });
    }
};

} // namespace

TEST_CASE("What is of low urgency waits for the end of quiet hours, and comes in one message with all that is open",
    "[scenarios][quiet][socket]")
{
    Quiet q;
    auto& world = q.world;
    auto& ana = world.ana();
    q.nights(ana);
    q.until(23);
    q.low("Disk fills", "disk");
    world.advance(10min);
    q.low("Certificate ends soon", "certificate");
    q.low("Queue grows", "queue");
    world.advance(10min);
    INFO(world.slack().story());
    CHECK(q.pages(ana).empty());
    CHECK(world.post_office.taken.empty());
    // It is seen wherever one looks.
    CHECK(has(q.told(1), "held until <!date^"));
    CHECK(has(q.told(1), "by <@" + ana.id() + ">'s quiet hours (level 1 of 3)"));
    CHECK(has(world.slack().plain(world.channel().last()), "Held until Nov 4, 2026 at 06:00 UTC by ana's quiet hours"));
    CHECK(has(q.asks(world.bo(), "status"), "held until"));
    CHECK(has(q.asks(world.bo(), "timeline 1"), "quiet hours"));

    // Nobody is paged instead meanwhile; a restart changes nothing; what is over by then is left out.
    world.advance(3h);
    q.restart();
    world.resolved("certificate");
    q.until(6, 59);
    CHECK(q.pages(ana).empty());
    CHECK(q.pages(world.bo()).empty());
    q.until(7);
    REQUIRE(q.pages(ana).size() == 1);
    const auto digest = q.last(ana);
    INFO(digest);
    CHECK(has(digest, "2 pages that waited for the end of your quiet hours"));
    CHECK(has(digest, "Disk fills"));
    CHECK(has(digest, "Queue grows"));
    CHECK_FALSE(has(digest, "Certificate"));
    CHECK(has(world.slack().push(q.pages(ana).back()), "Disk fills"));
    REQUIRE(world.post_office.taken.size() == 1);
    CHECK(has(world.post_office.taken.front().subject, "2 pages that waited"));
    CHECK(has(world.post_office.taken.front().text, "Queue grows"));
    CHECK(has(q.told(1), "told <@" + ana.id() + "> after their quiet hours, in one message with 1 other"));
    CHECK(has(q.told(2), "left out of what <@" + ana.id() + "> is told after their quiet hours"));

    ana.click(q.pages(ana).back(), "Acknowledge all");
    world.settle();
    CHECK(q.state(1) == oncall::AlertState::acknowledged);
    CHECK(q.state(3) == oncall::AlertState::acknowledged);
    CHECK(has(world.slack().plain(ana.last_ephemeral()), "You have 2 alerts: #1, #3"));
    world.advance(1min);
    CHECK(has(q.last(ana), "All of them have been answered."));
    for (const auto& card : world.channel().messages()) {
        const auto words = world.slack().plain(card);
        CHECK((has(words, "Acknowledged by") || has(words, "Resolved")));
    }
    world.advance(2h);
    CHECK(q.pages(ana).size() == 1);
    CHECK(q.pages(world.bo()).empty());
    CHECK(world.slack().violations().empty());
}

TEST_CASE("High urgency is never held, and outside of quiet hours nobody notices them", "[scenarios][quiet][socket]")
{
    Quiet q;
    auto& world = q.world;
    q.nights(world.ana());
    q.low("Disk fills", "disk");
    CHECK(q.pages(world.ana()).size() == 1);
    CHECK_FALSE(has(q.told(1), "quiet hours"));
    q.until(23);
    world.alert("Checkout is down");
    INFO(world.slack().story());
    CHECK(has(q.last(world.ana()), "Checkout is down"));
}

TEST_CASE("What becomes urgent while it is held goes out at once", "[scenarios][quiet][socket]")
{
    Quiet q;
    auto& world = q.world;
    q.siesta(world.ana());
    q.low("Disk fills", "disk");
    q.low("Queue grows", "queue");
    q.low("Certificate ends soon", "certificate");
    world.advance(1h);
    CHECK(q.pages(world.ana()).empty());
    world.alert("Disk is full", "disk");
    world.advance(1s);
    INFO(world.slack().story());
    REQUIRE(q.pages(world.ana()).size() == 1);
    CHECK(has(q.last(world.ana()), "Disk is full"));
    CHECK(has(q.last(world.ana()), "critical"));
    world.ana().click(q.pages(world.ana()).back(), "Acknowledge");
    // What is held stays so.
    q.until(15);
    REQUIRE(q.pages(world.ana()).size() == 2);
    CHECK(has(q.last(world.ana()), "2 pages that waited"));
    CHECK_FALSE(has(q.last(world.ana()), "Disk"));
}

TEST_CASE("When everything was answered before, nothing is sent", "[scenarios][quiet][socket]")
{
    Quiet q;
    auto& world = q.world;
    q.siesta(world.ana());
    q.low("Disk fills", "disk");
    q.low("Queue grows", "queue");
    world.advance(1h);
    q.asks(world.bo(), "ack 1");
    world.resolved("queue");
    world.advance(1min);
    q.until(17);
    INFO(world.slack().story());
    CHECK(q.pages(world.ana()).empty());
    CHECK(world.post_office.taken.empty());
    for (const auto alert : {1, 2})
        CHECK(has(q.told(alert), "left out of what"));
}

TEST_CASE("One that is left alone goes its way as any page", "[scenarios][quiet][socket]")
{
    Quiet q;
    auto& world = q.world;
    auto& ana = world.ana();
    q.siesta(ana);
    q.number(ana);
    q.rule(ana, {{{"slack"}, 1min}, {{"sms"}, 0s}});
    q.low("Disk fills", "disk");
    q.until(15);
    INFO(world.slack().story());
    REQUIRE(q.pages(ana).size() == 1);
    CHECK(has(world.slack().push(q.pages(ana).back()), "Low urgency page #1"));
    CHECK(q.sms.seen.empty());
    world.advance(1min);
    CHECK(q.sms.seen.size() == 1);
    ana.click(q.pages(ana).back(), "Resolve");
    world.advance(1h);
    CHECK(q.pages(ana).size() == 1);
}

TEST_CASE("The patience of a level begins with the digest, and then the page climbs as any other", "[scenarios][quiet][socket]")
{
    Quiet q;
    auto& world = q.world;
    q.siesta(world.ana());
    q.low("Disk fills", "disk");
    q.low("Queue grows", "queue");
    q.until(15);
    CHECK(q.pages(world.ana()).size() == 1);
    world.advance(4min + 59s);
    CHECK(q.pages(world.ana()).size() == 1);
    world.advance(1s); // the level's second try, in full
    INFO(world.slack().story());
    CHECK(q.pages(world.ana()).size() == 3);
    CHECK(q.pages(world.bo()).empty());
    world.advance(5min);
    CHECK(q.pages(world.bo()).size() == 2);
}

TEST_CASE(
    "After an outage over the end of quiet hours the digest comes once, and patience begins then", "[scenarios][quiet][socket]")
{
    Quiet q;
    auto& world = q.world;
    q.siesta(world.ana());
    q.low("Disk fills", "disk");
    q.low("Queue grows", "queue");
    q.until(14, 30);
    world.kill();
    world.clock.advance(3h);
    world.start();
    world.settle();
    world.advance(1min);
    INFO(world.slack().story());
    CHECK(q.pages(world.ana()).size() == 1);
    CHECK(q.pages(world.bo()).empty());
    world.advance(3min);
    CHECK(q.pages(world.ana()).size() == 1);
    world.advance(2min);
    CHECK(q.pages(world.ana()).size() == 3);
}

TEST_CASE(
    "Where some of a level are awake, the page climbs by them, and who was quiet reads of it later", "[scenarios][quiet][socket]")
{
    Quiet q;
    auto& world = q.world;
    q.siesta(world.ana());
    q.siesta(world.bo());
    q.low("Disk fills", "disk");
    world.ana().command("/oncall", "escalate 1", "#payments-alerts"); // to the team: ana and bo are quiet, chi is awake
    world.advance(1s);
    INFO(world.slack().story());
    CHECK(q.pages(world.chi()).size() == 1);
    CHECK(q.pages(world.bo()).empty());
    world.advance(10min);
    CHECK(q.pages(world.cto()).size() == 1); // she did not answer
    world.cto().click(world.cto().last_dm(), "Acknowledge");
    q.until(17);
    CHECK(q.pages(world.ana()).empty());
    CHECK(q.pages(world.bo()).empty());
}

namespace {

/// Ana and bo are the first level, for half an hour; then it is the CTO's. A rise does not page again whoever has it.
oncall::Configuration ana_and_bo()
{
    auto configuration = sample_configuration();
    auto& policy = configuration.policies.at("payments");
    oncall::Level first, second;
    first.targets = {{oncall::TargetKind::user, "ana@example.com"}, {oncall::TargetKind::user, "bo@example.com"}};
    first.patience = 30min;
    second.targets = {{oncall::TargetKind::user, "cto@example.com"}};
    policy.levels = {first, second};
    policy.rise_pages = false;
    return configuration;
}

} // namespace

TEST_CASE("What a digest has told of goes on though others, still in quiet hours, change theirs", "[scenarios][quiet][socket]")
{
    Quiet q{ana_and_bo()};
    auto& world = q.world;
    q.siesta(world.ana());
    q.quiet(world.bo().id(), std::vector{window(12h, 17h)});
    q.low("Disk fills", "disk");
    q.low("Queue grows", "queue");
    q.until(15);
    REQUIRE(q.pages(world.ana()).size() == 1);
    const auto due = q.goes_on(1);
    CHECK(due == world.clock.now() + 30min);
    world.advance(10min);
    q.quiet(world.bo().id(), std::vector{window(12h, 19h)});
    world.write([&](storage::Transaction& tx) {
        handlers::hold_anew(tx, world.app().context(), world.bo().id(), world.clock.now());
        return true;
    });
    CHECK(q.goes_on(1) == due);
    CHECK(q.goes_on(2) == due);
    world.advance(20min);
    INFO(world.slack().story());
    CHECK(q.pages(world.bo()).empty());
    CHECK(q.pages(world.cto()).size() == 2);
}

TEST_CASE("When the first to be told says \"not me\", the page waits for the others' digest", "[scenarios][quiet][socket]")
{
    Quiet q{ana_and_bo()};
    auto& world = q.world;
    q.siesta(world.ana());
    q.quiet(world.bo().id(), std::vector{window(12h, 17h)});
    q.low("Disk fills", "disk");
    world.advance(10min);
    q.asks(world.ana(), "notme 1");
    q.until(15, 45);
    INFO(world.slack().story());
    CHECK(q.pages(world.ana()).empty());
    CHECK(q.pages(world.cto()).empty());
    q.until(17);
    CHECK(q.pages(world.bo()).size() == 1);
    CHECK(q.pages(world.cto()).empty());
    world.advance(30min);
    CHECK(q.pages(world.cto()).size() == 1);
}

TEST_CASE("A level that needs two needs them also while quiet hours hold all of it", "[scenarios][quiet][socket]")
{
    auto configuration = ana_and_bo();
    configuration.policies.at("payments").levels.front().acknowledgements = 2;
    Quiet q{configuration};
    auto& world = q.world;
    q.siesta(world.ana());
    q.quiet(world.bo().id(), std::vector{window(12h, 17h)});
    q.low("Disk fills", "disk");
    CHECK(has(q.asks(world.ana(), "ack 1"), "You acknowledged, 1 of 2"));
    INFO(world.slack().story());
    CHECK(q.state(1) == oncall::AlertState::triggered);
    q.until(15, 45); // hers would have been the first digest
    CHECK(q.pages(world.cto()).empty());
    SECTION("the second ends it")
    {
        q.asks(world.bo(), "ack 1");
        CHECK(q.state(1) == oncall::AlertState::acknowledged);
        q.asks(world.ana(), "unack 1"); // and one that is taken back leaves the other's
        world.advance(2s);
        CHECK(has(world.slack().plain(world.channel().messages().front()), "1 of 2 acknowledged (bo)"));
        CHECK(q.pages(world.cto()).size() == 1); // nobody else of the level is left
    }
    SECTION("whoever is left is told when his quiet hours are over")
    {
        q.until(17);
        CHECK(q.pages(world.bo()).size() == 1);
        CHECK(q.pages(world.ana()).empty());
    }
}

TEST_CASE(
    "What rose after it was answered waits for nobody's quiet hours when it is given on or back", "[scenarios][quiet][socket]")
{
    Quiet q{ana_and_bo()};
    auto& world = q.world;
    q.siesta(world.ana());
    q.siesta(world.bo());
    q.siesta(world.cto());
    q.low("Disk fills", "disk");
    q.asks(world.chi(), "ack 1");
    world.advance(10s);
    world.alert("Disk is full", "disk");
    CHECK(q.state(1) == oncall::AlertState::acknowledged);
    CHECK(q.pages(world.cto()).empty());
    SECTION("escalated")
    {
        q.asks(world.bo(), "escalate 1");
        world.advance(1s);
        INFO(world.slack().story());
        CHECK(q.pages(world.cto()).size() == 1);
    }
    SECTION("not me")
    {
        q.asks(world.chi(), "notme 1");
        world.advance(1s);
        INFO(world.slack().story());
        CHECK(q.pages(world.cto()).size() == 1);
    }
    SECTION("undone")
    {
        q.asks(world.chi(), "undo 1");
        world.advance(1s);
        INFO(world.slack().story());
        CHECK(q.pages(world.ana()).size() == 1);
        CHECK(q.pages(world.bo()).size() == 1);
        CHECK(q.pages(world.cto()).empty());
        world.advance(30min);
        CHECK(q.pages(world.cto()).size() == 1);
    }
    CHECK_FALSE(has(q.last(world.cto()), "Low urgency"));
}

TEST_CASE("Quiet hours end by the clock on the wall on a night when it is set", "[scenarios][quiet][socket]")
{
    Quiet q;
    auto& world = q.world;
    for (auto* person : {&world.ana(), &world.bo(), &world.chi()})
        q.nights(*person);
    world.settle();
    // 2027-03-28, 02:00 in Berlin: the clock is set to 03:00, so the end is at 05:00 UTC and not at 06:00.
    const auto evening = oncall::to_instant(*oncall::local_time_in("2027-03-27T23:00"), "Europe/Berlin");
    world.kill();
    world.clock.set(evening);
    world.start();
    world.settle();
    q.low("Disk fills", "disk");
    q.low("Queue grows", "queue");
    const auto all = [&] { return q.pages(world.ana()).size() + q.pages(world.bo()).size() + q.pages(world.chi()).size(); };
    world.advance(7h - 1s);
    INFO(world.slack().story());
    CHECK(all() == 0);
    world.advance(1s);
    CHECK(all() == 1);
    CHECK(oncall::iso(world.clock.now(), "Europe/Berlin") == "2027-03-28T07:00:00+02:00");
}

TEST_CASE("An answer that is taken back in quiet hours is held again", "[scenarios][quiet][socket]")
{
    Quiet q;
    auto& world = q.world;
    q.siesta(world.ana());
    q.low("Disk fills", "disk");
    q.low("Queue grows", "queue");
    q.asks(world.bo(), "ack 1");
    world.advance(10s);
    q.asks(world.bo(), "undo 1");
    CHECK(times(q.told(1), "held until") == 2);
    q.until(15);
    INFO(world.slack().story());
    REQUIRE(q.pages(world.ana()).size() == 1);
    CHECK(has(q.last(world.ana()), "Disk fills"));
}

TEST_CASE("A text message with a digest is one, is tried as any other, and answers for all", "[scenarios][quiet][socket]")
{
    Quiet q;
    auto& world = q.world;
    auto& ana = world.ana();
    q.siesta(ana);
    q.number(ana);
    q.rule(ana, {{{"sms"}, 5min}, {{"slack"}, 0s}});
    q.low("Disk fills", "disk");
    q.low("Queue grows", "queue");
    SECTION("it arrives")
    {
        q.sms.reports = true;
        notify::Outcome arrived;
        arrived.how = notify::Outcome::confirmed;
        q.sms.becomes["Texts-1"] = arrived;
        q.until(15);
        REQUIRE(q.sms.seen.size() == 1);
        CHECK(has(q.sms.seen.front().message.text, "Disk fills"));
        CHECK(has(q.sms.seen.front().message.text, "Queue grows"));
        CHECK(q.sms.seen.front().message.several.size() == 2);
        CHECK(q.pages(ana).empty());
        world.advance(1min);
        for (const auto alert : {1, 2}) {
            const auto all =
                world.look([&](storage::Transaction& tx) { return storage::Notifications{tx}.of_alert(AlertId{alert}); });
            REQUIRE(all.size() == 1);
            CHECK(all.front().state == oncall::NotificationState::confirmed);
        }
    }
    SECTION("it fails: three attempts, and then the pages go on at once and say so")
    {
        q.sms.outcome.how = notify::Outcome::refused;
        q.sms.outcome.why = "carrier";
        q.until(15);
        CHECK(q.sms.seen.size() == 1);
        world.advance(1min);
        CHECK(q.sms.seen.size() == 2);
        world.advance(1min);
        INFO(world.slack().story());
        // The level's second try begins at once, each page for itself.
        CHECK(q.sms.seen.size() == 5);
        for (const auto alert : {1, 2})
            CHECK(has(q.told(alert), "could not reach " + ana.id() + " by SMS: carrier"));
    }
}

TEST_CASE("Quiet hours are set, changed and taken away in a form, and what is held follows them", "[scenarios][quiet][socket]")
{
    Quiet q;
    auto& world = q.world;
    auto& ana = world.ana();
    const auto sees = [&] { return world.slack().plain(ana.modal()); };
    const auto press = [&](const std::string& label) {
        CHECK(ana.click_modal(label).error() == "");
        world.settle();
    };
    const auto choose = [&](const std::string& option) {
        CHECK(ana.choose_modal("", option, "Low urgency waits").error() == "");
        world.settle();
    };
    const auto submit = [&] {
        ana.submit();
        world.settle();
    };
    ana.command("/oncall", "rules", "#payments-alerts");
    world.settle();
    INFO(world.slack().story());
    REQUIRE(ana.modals() == 1);
    CHECK(has(sees(), "None: low urgency comes at any time."));
    press("Add quiet hours…");
    REQUIRE(ana.modals() == 2);
    submit();
    CHECK(ana.modal().errors.size() == 1);
    ana.fill({{"From", "22"}, {"To", "soon"}});
    submit();
    CHECK(ana.modal().errors.size() == 1);
    ana.fill({{"From", "0:00"}, {"To", "24:00"}});
    submit();
    REQUIRE(ana.modal().errors.size() == 1);
    CHECK(has(ana.modal().errors.begin()->second, "quiet for ever"));
    ana.fill({{"From", "22"}, {"To", "7:00"}});
    submit();
    REQUIRE(ana.modals() == 1);
    CHECK(has(sees(), "Low urgency waits from 22:00 to 07:00 (Europe/Berlin); one digest at 07:00"));

    q.until(23);
    q.low("Disk fills", "disk");
    q.low("Queue grows", "queue");
    CHECK(q.pages(ana).empty());
    choose("Edit");
    ana.fill({{"To", "23:30"}});
    submit();
    CHECK(has(sees(), "from 22:00 to 23:30"));
    CHECK(times(q.told(1), "held until") == 2);
    world.advance(29min);
    CHECK(q.pages(ana).empty());
    SECTION("to the new end")
    {
        world.advance(1min);
        CHECK(q.pages(ana).size() == 1);
        world.advance(5min); // and patience with it
        CHECK(q.pages(ana).size() == 3);
    }
    SECTION("or at once")
    {
        choose("Take away");
        world.advance(1s);
        CHECK(has(sees(), "None: low urgency comes at any time."));
        CHECK(q.pages(ana).size() == 1);
    }
    CHECK(world.slack().violations().empty());
}

TEST_CASE("A team's quiet hours hold for its people who have said nothing, and each may have none", "[scenarios][quiet][socket]")
{
    Quiet q;
    auto& world = q.world;
    auto& ana = world.ana();
    q.quiet("team:payments", std::vector{window(22h, 7h)});
    q.until(23);
    q.low("Disk fills", "disk");
    CHECK(q.pages(ana).empty());
    ana.command("/oncall", "rules", "#payments-alerts");
    world.settle();
    INFO(world.slack().story());
    CHECK(has(world.slack().plain(ana.modal()), "as your team has it"));
    CHECK(has(world.slack().plain(ana.modal()), "At once: Slack, e-mail"));
    ana.click_modal("Have none");
    world.advance(1s);
    CHECK(has(world.slack().plain(ana.modal()), "None, though your team has some"));
    CHECK(q.pages(ana).size() == 1);
    q.low("Queue grows", "queue");
    CHECK(q.pages(ana).size() == 2);
    ana.click_modal("Use my team's");
    world.advance(1s);
    q.low("Certificate ends soon", "certificate");
    CHECK(q.pages(ana).size() == 2);
}

TEST_CASE("However many were held, each is named, the last of them in the thread", "[scenarios][quiet][socket]")
{
    Quiet q;
    auto& world = q.world;
    auto& ana = world.ana();
    q.siesta(ana);
    for (int i = 0; i < 50; ++i)
        q.low("Trouble " + std::to_string(i + 1) + ".", "key-" + std::to_string(i));
    q.until(15);
    world.advance(20s);
    std::string all;
    int alone = 0;
    for (const auto& message : ana.dms()) {
        all += world.slack().plain(message) + "\n";
        alone += message.thread_ts.empty();
    }
    INFO(all);
    CHECK(alone == 1);
    for (int i = 0; i < 50; ++i)
        CHECK(has(all, "Trouble " + std::to_string(i + 1) + "."));
    ana.click(q.pages(ana).front(), "Acknowledge all");
    world.advance(1min);
    CHECK(q.state(50) == oncall::AlertState::acknowledged);
}

TEST_CASE("Wherever the service dies, a digest is neither lost nor told twice", "[scenarios][quiet][socket][long]")
{
    const auto night = [](World::Doom doom, int commit, bool before, bool after) {
        Quiet q;
        auto& world = q.world;
        q.quiet(world.ana().id(), std::vector{window(12h, 14h)});
        q.low("Disk fills", "disk");
        q.low("Queue grows", "queue");
        q.until(13, 59);
        CHECK(q.pages(world.ana()).empty());
        world.commits = world.sends = 0;
        if (commit > 0)
            doom.commit = commit;
        if (before)
            doom.before_send = 1;
        if (after)
            doom.after_send = 1;
        world.doom = doom;
        for (int i = 0; i < 8; ++i) {
            world.advance(30s);
            if (!world.running())
                world.start();
        }
        const auto made = world.commits; // till the digest is out
        world.doom = {};
        INFO("commit " << commit
                       << (before         ? " before the send"
                                  : after ? " after the send"
                                          : "")
                       << "\n"
                       << world.slack().story());
        CHECK(q.pages(world.ana()).size() == 1);
        CHECK(q.pages(world.bo()).empty());
        CHECK(world.post_office.taken.size() >= 1);
        for (const auto& mail : world.post_office.taken)
            CHECK(mail.id == world.post_office.taken.front().id); // a repeat is known as one
        const auto dm = q.last(world.ana());
        CHECK(has(dm, "Disk fills"));
        CHECK(has(dm, "Queue grows"));
        world.ana().click(q.pages(world.ana()).back(), "Acknowledge all");
        world.advance(1min);
        CHECK(q.state(1) == oncall::AlertState::acknowledged);
        CHECK(q.state(2) == oncall::AlertState::acknowledged);
        return made;
    };
    const int commits = night({}, 0, false, false);
    REQUIRE(commits > 3);
    for (int at = 1; at <= std::min(commits, 12); ++at)
        night({}, at, false, false);
    night({}, 0, true, false);
    night({}, 0, false, true);
}
