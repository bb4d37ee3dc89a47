#include "catch.hpp"
#include "handlers/texts.hpp"
#include "handlers/web/call.hpp"
#include "scenarios/scripted_provider.hpp"
#include "scenarios/world.hpp"
#include "storage/bundles.hpp"
#include "storage/contacts.hpp"
#include "storage/runs.hpp"

#include <algorithm>
#include <set>

using namespace scenario;
using oncall::AlertState;
using oncall::ContactKind;
using oncall::NotificationState;

namespace {

const std::string bundles_number{"+4915112345678"};

/// Ana has a phone, a push and a webhook; alerts come in numbers.
struct Storm {
    ScriptedProvider sms{"Twilio"};
    ScriptedProvider voice{"Caller"};
    ScriptedProvider push{"ntfy"};
    ScriptedProvider hook{"webhook"};
    World world;

    explicit Storm(bool with_mail = false, oncall::Configuration configuration = sample_configuration())
        : world{std::move(configuration)}
    {
        for (auto* provider : {&sms, &voice, &push, &hook})
            provider->clock = &world.clock;
        world.providers = {{ContactKind::sms, {&sms}}, {ContactKind::voice, {&voice}}, {ContactKind::ntfy, {&push}},
            {ContactKind::webhook, {&hook}}};
        if (with_mail)
            world.open_post_office();
        else
            restart();
        add(ContactKind::sms, bundles_number);
        add(ContactKind::voice, bundles_number);
        add(ContactKind::ntfy, "https://ntfy.example.com/ana");
    }
    void restart()
    {
        world.kill();
        world.start();
    }
    oncall::ContactId add(ContactKind kind, const std::string& address)
    {
        oncall::ContactMethod method;
        method.person = world.ana().id();
        method.kind = kind;
        method.address = address;
        method.added_at = method.consented_at = method.verified_at = world.clock.now();
        return world.write([&](storage::Transaction& tx) {
            storage::ContactMethods{tx}.add(method);
            return method.id;
        });
    }
    void rule(std::vector<oncall::NotificationStep> steps, oncall::Urgency urgency = oncall::Urgency::high)
    {
        world.write([&](storage::Transaction& tx) {
            auto rules = storage::NotificationRules{tx}.of(world.ana().id());
            rules.rules.push_back({"Mine", urgency, {}, steps});
            storage::NotificationRules{tx}.save(rules);
            return true;
        });
    }
    /// So many more alerts of the checkout, each a page to ana.
    void alerts(int count, const std::string& more = "")
    {
        for (int i = 0; i < count; ++i) {
            ++sent_;
            world.alert("Alert " + std::to_string(sent_) + " fires", "key-" + std::to_string(sent_), more);
        }
    }
    oncall::Alert alert(std::int64_t id)
    {
        return world.look([&](storage::Transaction& tx) { return storage::Alerts{tx}.find({id}).value_or(oncall::Alert{}); });
    }
    int answered(int count)
    {
        int found = 0;
        for (int id = 1; id <= count; ++id)
            found += alert(id).state != AlertState::triggered;
        return found;
    }
    std::string told(std::int64_t id)
    {
        std::string text;
        for (const auto& entry : world.look([&](storage::Transaction& tx) { return storage::Timeline{tx}.of_alert({id}); }))
            text += entry.text + " · " + entry.via + "\n";
        return text;
    }
    /// Of each alert, how many messages by a method told ana of it.
    std::vector<oncall::Notification> notifications(std::int64_t id)
    {
        return world.look([&](storage::Transaction& tx) { return storage::Notifications{tx}.of_alert({id}); });
    }
    std::vector<workspace::Message> pages()
    {
        auto all = world.ana().dms();
        std::erase_if(all, [](const workspace::Message& one) { return !one.thread_ts.empty(); });
        return all;
    }
    std::string text(const std::string& words)
    {
        return world
            .on_the_bot<handlers::TextAnswer>([&] {
                return handlers::take_text(
                    {"SM" + std::to_string(++texts_), bundles_number, words, world.clock.now()}, false, world.app().context());
            })
            .words;
    }
    std::string call(const std::string& token, const std::string& keys = {})
    {
        return world.on_the_bot<std::string>([&] {
            return handlers::take_call({"CA1", token, "in-progress", "human", keys}, world.app().context());
        });
    }
    net::Response browse(const std::string& method, const std::string& url)
    {
        net::Request request;
        request.method = method;
        request.target = url.substr(url.find("/a/"));
        request.body = method == "POST" ? "version=0" : "";
        request.headers = {{"Content-Type", "application/x-www-form-urlencoded"}};
        request.peer = "phone";
        return world.request(std::move(request));
    }

private:
    int sent_{};
    int texts_{};
};

std::string link_in(const std::string& mail)
{
    const auto at = mail.find("https://oncall.example.com/a/");
    return at == mail.npos ? "" : mail.substr(at, mail.find_first_of(" \r\n", at) - at);
}

int seconds(const ScriptedProvider& provider, std::size_t which)
{
    return static_cast<int>(std::chrono::floor<std::chrono::seconds>(provider.seen.at(which).at - noon).count());
}

} // namespace

TEST_CASE("Three pages at once are not held", "[scenarios][bundles][socket]")
{
    Storm storm;
    storm.alerts(3);
    CHECK(storm.push.seen.size() == 3);
    storm.world.advance(3s);
    CHECK(storm.pages().size() == 3);
    for (const int id : {1, 2, 3})
        CHECK_FALSE(has(storm.told(id), "bundling"));
}

TEST_CASE(
    "Of ten pages within a minute three go out at once and seven in one message, by each method", "[scenarios][bundles][socket]")
{
    Storm storm{true};
    auto& world = storm.world;
    storm.alerts(5);
    world.advance(10s);
    storm.alerts(5);
    CHECK(storm.push.seen.size() == 3);
    CHECK(world.post_office.taken.size() == 3);
    CHECK(has(storm.told(4),
        world.ana().id()
            + " has had 3 pages within 1m, so this one waits 30s to reach them in one message with others · bundling"));
    CHECK(has(storm.told(10), "so this one waits 20s"));
    world.advance(19s);
    // Whoever looks at the card sees who is about to be told.
    CHECK(has(world.slack().plain(world.channel().last()), "Alert 10 fires"));
    CHECK(has(world.slack().plain(world.channel().last()), "Paged now: @ana"));
    CHECK(storm.push.seen.size() == 3);
    world.advance(1s);
    INFO(world.slack().story());
    REQUIRE(storm.push.seen.size() == 4);
    REQUIRE(world.post_office.taken.size() == 4);
    const auto& push = storm.push.seen.back().message;
    CHECK(push.title == "[7 pages in one] checkout: Alert 4 fires and 6 more");
    CHECK(push.actions.size() == 1);
    const auto& mail = world.post_office.taken.back();
    CHECK(mail.subject == "[7 pages in one] checkout: Alert 4 fires and 6 more");
    world.advance(3s);
    REQUIRE(storm.pages().size() == 4);
    const auto dm = storm.pages().back();
    for (int id = 4; id <= 10; ++id) {
        const auto name = "#" + std::to_string(id) + " Alert " + std::to_string(id) + " fires";
        CHECK(has(dm.text, name));
        CHECK(has(world.slack().plain(dm), name));
        CHECK(has(mail.text, "#" + std::to_string(id) + " "));
        CHECK(has(push.text, "#" + std::to_string(id) + " "));
        CHECK(has(storm.told(id), "is told in one message of 7 pages, for 7 alerts"));
    }
    CHECK(has(dm.text, "7 pages in one"));
    CHECK(has(world.slack().plain(dm), "[Acknowledge all]"));
    // The steps of each page's ladder go on as one: SMS and call a minute after the bundle went out.
    world.advance(57s);
    REQUIRE(storm.sms.seen.size() == 4);
    CHECK(seconds(storm.sms, 3) == 90);
    CHECK(storm.sms.seen.back().message.several.size() == 7);
    REQUIRE(storm.voice.seen.size() == 4);
    CHECK(has(storm.voice.seen.back().message.spoken, "7 pages. The most important is a critical alert for checkout."));
    // Each page is in one message per method, and the log says in which.
    for (int id = 4; id <= 10; ++id) {
        std::multiset<std::string> by;
        for (const auto& one : storm.notifications(id)) {
            CHECK(one.state == NotificationState::sent);
            by.insert(one.method.substr(0, one.method.find(':')));
        }
        CHECK(by == std::multiset<std::string>{"email", "ntfy", "slack", "sms", "voice"});
    }
    world.bo().command("/oncall", "timeline 6", "#payments-alerts");
    world.advance(1s);
    CHECK(has(world.slack().plain(world.bo().last_ephemeral()), "7 pages in one"));
    net::Request scrape;
    scrape.method = "GET";
    scrape.target = "/metrics";
    const auto metrics = world.request(scrape).body;
    CHECK(has(metrics, "oncall_bundled_total{what=\"bundles\"} 1"));
    CHECK(has(metrics, "oncall_bundled_total{what=\"pages\"} 7"));
    CHECK(has(metrics, "oncall_bundled_total{what=\"alerts\"} 7"));
    CHECK(has(metrics, "oncall_pages_held 0"));
}

TEST_CASE("Escalation does not wait for a bundle: each page's level keeps its own time", "[scenarios][bundles][socket]")
{
    Storm storm;
    auto& world = storm.world;
    storm.alerts(4);
    const auto due = [&](std::int64_t id) {
        return world.look([&](storage::Transaction& tx) { return storage::Pages{tx}.latest({id})->due; });
    };
    CHECK(due(4) == noon + 5min);
    CHECK(due(4) == due(1));
    world.advance(40s);
    CHECK(due(4) == noon + 5min);
    // The second try is four pages within a minute again.
    world.advance(5min);
    CHECK(storm.push.seen.size() == 8);
}

TEST_CASE("Further tries of a page are no further pages: what cannot reach her is not held", "[scenarios][bundles][socket]")
{
    Storm storm;
    auto& world = storm.world;
    storm.rule({{{"ntfy"}, 4min}});
    storm.push.outcome.how = notify::Outcome::refused;
    storm.push.outcome.why = "no such topic";
    storm.alerts(2);
    world.advance(10s); // a method takes one message a second
    // Each of both tries of the first level, and the second level, where bo is paged too.
    CHECK(storm.push.seen.size() == 6);
    CHECK(world.bo().dms().size() == 2);
    for (const int id : {1, 2})
        CHECK_FALSE(has(storm.told(id), "bundling"));
}

TEST_CASE(
    "Acknowledge all answers each alert of a bundle at once; what was answered stays as it was", "[scenarios][bundles][socket]")
{
    Storm storm{true};
    auto& world = storm.world;
    storm.alerts(10);
    world.advance(33s);
    world.bo().command("/oncall", "ack 6", "#payments-alerts");
    world.advance(3s);
    const auto dm = storm.pages().back();
    CHECK(has(world.slack().plain(dm), "Acknowledged by bo"));
    CHECK(has(world.slack().plain(dm), "6 of 7 still wait for an answer."));
    std::string via;
    std::string said;
    SECTION("a button in Slack")
    {
        via = "a button in Slack";
        world.ana().click(dm, "Acknowledge all");
        world.advance(3s);
        said = world.ana().last_ephemeral().text;
    }
    SECTION("a text message")
    {
        via = "a text message";
        world.advance(60s);
        REQUIRE(storm.sms.seen.size() >= 1);
        CHECK(storm.sms.seen.back().message.several.size() == 6);
        said = storm.text("4");
    }
    SECTION("a link in an e-mail")
    {
        via = "a link in an e-mail";
        const auto link = link_in(world.post_office.taken.back().text);
        REQUIRE_FALSE(link.empty());
        const auto page = storm.browse("GET", link);
        CHECK(page.status == 200);
        CHECK(has(page.body, "7 alerts"));
        CHECK(has(page.body, "6 of them wait for an answer."));
        CHECK(has(page.body, "#6 checkout: Alert 6 fires · acknowledged"));
        CHECK(has(page.body, ">Acknowledge all</button>"));
        CHECK(storm.answered(10) == 1); // looking does nothing
        const auto pressed = storm.browse("POST", link);
        CHECK(pressed.status == 200);
        said = pressed.body;
        CHECK(has(pressed.body, "All of them have been answered."));
        CHECK(storm.browse("POST", link).status == 409);
    }
    SECTION("a phone call")
    {
        via = "a phone call";
        world.advance(60s);
        REQUIRE(storm.voice.seen.size() >= 1);
        const auto url = storm.voice.seen.back().message.actions.front().url;
        const auto token = url.substr(url.rfind("/a/") + 3);
        CHECK(has(storm.call(token), "6 alerts wait. The most important is a critical alert for checkout. Alert fires."));
        CHECK(has(storm.call(token, "2"), "That key does nothing."));
        CHECK(storm.answered(10) == 1);
        said = storm.call(token, "1");
        CHECK(has(storm.call(token, "1"), "All of them have been answered."));
    }
    INFO(world.slack().story());
    CHECK(has(said, "You have 6 alerts: #4, #5, #7, #8, #9, #10. Nobody else is paged for them. 1 had been answered before."));
    for (const int id : {4, 5, 7, 8, 9, 10}) {
        CHECK(storm.alert(id).state == AlertState::acknowledged);
        CHECK(storm.alert(id).answered_by == world.ana().id());
        CHECK(has(storm.told(id), "acknowledged: one of 6 at once · " + via));
    }
    CHECK(storm.alert(6).answered_by == world.bo().id());
    for (const int id : {1, 2, 3})
        CHECK(storm.alert(id).state == AlertState::triggered);
    // Every card and the message itself say so.
    world.advance(60s);
    int cards = 0;
    for (const auto& card : world.channel().messages())
        cards += has(world.slack().plain(card), "Acknowledged by ana");
    CHECK(cards == 1); // of the channel's storm, which they share
    CHECK(has(world.slack().plain(world.slack().now(dm)), "All of them have been answered."));
    CHECK_FALSE(has(world.slack().plain(world.slack().now(dm)), "[Acknowledge"));
    const auto sent = storm.sms.seen.size();
    world.advance(2min);
    CHECK(std::count_if(storm.sms.seen.begin() + static_cast<std::ptrdiff_t>(sent), storm.sms.seen.end(), [](const auto& one) {
        return !one.message.several.empty();
    }) == 0);
}

TEST_CASE("A word in the thread of a bundle asks which of its alerts is meant", "[scenarios][bundles][speech][socket]")
{
    Storm storm;
    auto& world = storm.world;
    storm.alerts(10);
    world.advance(33s);
    const auto dm = storm.pages().back();
    world.ana().say({}, "on it", dm.ts);
    world.advance(3s);
    INFO(world.slack().story());
    CHECK(storm.answered(10) == 0);
    const auto asked = world.ana().last_dm();
    CHECK(has(world.slack().plain(asked), "That page is of 7, and nothing was done."));
    world.ana().click(asked, "ack #5 Alert 5 fires");
    world.advance(3s);
    CHECK(storm.answered(10) == 1);
    CHECK(storm.alert(5).answered_by == world.ana().id());
    CHECK(world.slack().violations().empty());
}

TEST_CASE("Acknowledge all takes nothing that she has declined", "[scenarios][bundles][socket]")
{
    Storm storm;
    auto& world = storm.world;
    if (GENERATE(false, true)) { // what had failed before she declined stays failed
        storm.push.outcome.how = notify::Outcome::refused;
        storm.push.outcome.why = "no such topic";
    }
    storm.alerts(6);
    world.advance(100s);
    world.ana().command("/oncall", "notme 4", "#payments-alerts");
    world.advance(3s);
    std::string said;
    SECTION("a button in Slack")
    {
        const auto pages = storm.pages();
        const auto dm = std::find_if(pages.begin(), pages.end(), [](const auto& one) { return has(one.text, "3 pages in one"); });
        REQUIRE(dm != pages.end());
        world.ana().click(*dm, "Acknowledge all");
        world.advance(3s);
        said = world.ana().last_ephemeral().text;
    }
    SECTION("a text message") { said = storm.text("4"); }
    CHECK(has(said, "You have 2 alerts: #5, #6. Nobody else is paged for them."));
    CHECK(storm.alert(4).answered_by.empty());
    for (const int id : {5, 6})
        CHECK(storm.alert(id).answered_by == world.ana().id());
}

TEST_CASE("By text message she answers what had reached her, and nothing that had not", "[scenarios][bundles][socket]")
{
    Storm storm;
    auto& world = storm.world;
    storm.rule({{{"sms"}, 0s}});
    storm.alerts(3);
    auto at = noon + 40s;
    SECTION("it waits for Twilio")
    {
        storm.sms.outcome.how = notify::Outcome::later;
        storm.alerts(3);
        world.advance(40s);
    }
    SECTION("it failed")
    {
        storm.sms.outcome.how = notify::Outcome::refused;
        storm.alerts(3);
        world.advance(4min);
        at = world.clock.now();
    }
    SECTION("it left a moment after her answer")
    {
        storm.alerts(3);
        world.advance(40s);
        REQUIRE(storm.sms.seen.size() == 4);
        at = noon + 29s;
    }
    const auto words = world
                           .on_the_bot<handlers::TextAnswer>([&] {
                               return handlers::take_text({"SM9", bundles_number, "4", at}, false, world.app().context());
                           })
                           .words;
    CHECK(has(words, "Which one?"));
    CHECK(storm.answered(6) == 0);
}

TEST_CASE("Acknowledge all leaves out what she has acknowledged already, and says for what others are still paged",
    "[scenarios][bundles][socket]")
{
    auto configuration = sample_configuration();
    auto& first = configuration.policies.at("payments").levels.front();
    first.targets = {{oncall::TargetKind::user, "ana@example.com"}, {oncall::TargetKind::user, "bo@example.com"}};
    first.acknowledgements = 2;
    Storm storm{false, configuration};
    auto& world = storm.world;
    storm.alerts(7);
    world.advance(33s);
    const auto dm = storm.pages().back();
    REQUIRE(has(dm.text, "4 pages in one"));
    world.ana().command("/oncall", "ack 4", "#payments-alerts");
    world.bo().command("/oncall", "ack 5", "#payments-alerts");
    world.bo().command("/oncall", "resolve 7", "#payments-alerts");
    world.advance(3s);
    const std::string rest =
        "You have #5 Alert 5 fires. Nobody else is paged for it. You have acknowledged #6 Alert 6 fires. Others "
        "are still paged for it. You had acknowledged #4 before. Others are still paged for it. 1 had been "
        "answered before.";
    std::string said;
    SECTION("a button in Slack")
    {
        world.ana().click(dm, "Acknowledge all");
        world.advance(3s);
        said = world.ana().last_ephemeral().text;
        world.ana().click_as_seen(dm, "Acknowledge all");
        world.advance(3s);
        CHECK(has(world.ana().last_ephemeral().text,
            "You have acknowledged 2 alerts: #4, #6 already. Others are still paged for them."));
    }
    SECTION("a text message")
    {
        world.advance(60s);
        REQUIRE_FALSE(storm.sms.seen.empty());
        said = storm.text("4");
    }
    INFO(world.slack().story());
    CHECK(has(said, rest));
    CHECK(storm.alert(4).state == AlertState::triggered);
    CHECK(storm.alert(5).state == AlertState::acknowledged);
    CHECK(storm.alert(6).state == AlertState::triggered);
    CHECK(has(storm.told(6), "acknowledged, and the page goes on: 1 of 2 acknowledged: one of 2 at once"));
}

TEST_CASE("A button of a bundle pressed twice, late or by others answers once and says how things stand",
    "[scenarios][bundles][socket]")
{
    Storm storm;
    auto& world = storm.world;
    storm.alerts(5);
    world.advance(33s);
    const auto dm = storm.pages().back();
    world.ana().click(dm, "Acknowledge all");
    world.ana().click_as_seen(dm, "Acknowledge all");
    world.advance(3s);
    CHECK(has(world.ana().last_ephemeral().text, "All 2 of them have been answered already."));
    CHECK(has(storm.told(4), "acknowledged: one of 2 at once"));
    const auto lines = storm.told(4);
    CHECK(lines.find("acknowledged", lines.find("acknowledged") + 1) == lines.npos);
}

TEST_CASE("Who was resolved or answered before the bundle closes leaves it", "[scenarios][bundles][socket]")
{
    Storm storm;
    auto& world = storm.world;
    storm.alerts(6);
    world.advance(10s);
    SECTION("one is left: it is a normal page")
    {
        world.resolved("key-4");
        world.bo().command("/oncall", "ack 6", "#payments-alerts");
        world.advance(23s);
        REQUIRE(storm.push.seen.size() == 4);
        CHECK(storm.push.seen.back().message.title == "[#5 critical] checkout: Alert 5 fires");
        REQUIRE(storm.pages().size() == 4);
        CHECK(has(world.slack().plain(storm.pages().back()), "[Acknowledge]"));
        CHECK(has(world.slack().plain(storm.pages().back()), "[Escalate]"));
        CHECK_FALSE(has(storm.told(5), "is told in one message"));
        world.advance(60s);
        REQUIRE(storm.sms.seen.size() == 4);
        CHECK(storm.sms.seen.back().message.several.empty());
    }
    SECTION("none is left: nothing is sent")
    {
        for (const auto* key : {"key-4", "key-5", "key-6"})
            world.resolved(key);
        world.advance(2min);
        CHECK(storm.push.seen.size() == 3);
        CHECK(storm.pages().size() == 3);
    }
    SECTION("one that is paged again goes by itself")
    {
        world.bo().command("/oncall", "ack 4", "#payments-alerts");
        world.advance(21s);
        CHECK(storm.push.seen.back().message.several.size() == 2);
        world.bo().command("/oncall", "undo 4", "#payments-alerts");
        world.advance(3s);
        REQUIRE(storm.push.seen.size() == 5);
        CHECK(storm.push.seen.back().message.title == "[#4 critical] checkout: Alert 4 fires");
    }
    INFO(world.slack().story());
}

TEST_CASE("A crash while a bundle is open, and at any commit or send of its way, loses no page",
    "[scenarios][bundles][crash][socket][long]")
{
    const auto play = [](World& world) {
        for (int i = 1; i <= 6; ++i)
            while (true) {
                if (!world.running())
                    world.start();
                if (world.alert("Alert " + std::to_string(i) + " fires", "key-" + std::to_string(i)).status == 202)
                    break;
            }
        for (int i = 0; i < 8; ++i) {
            if (!world.running())
                world.start();
            world.advance(10s);
        }
        if (!world.running())
            world.start();
        world.advance(10s);
    };
    const auto times_told = [](World& world, int id) {
        int times = 0;
        for (const auto& dm : world.ana().dms())
            times += has(dm.text, "#" + std::to_string(id) + " ") || has(dm.text, "#" + std::to_string(id) + "\n");
        return times;
    };
    World calm;
    play(calm);
    for (int id = 1; id <= 6; ++id)
        REQUIRE(times_told(calm, id) == 1);
    REQUIRE(calm.ana().dms().size() == 4);
    const auto survives = [&](World::Doom doom, const std::string& where) {
        World world;
        world.commits = world.sends = 0;
        world.doom = doom;
        play(world);
        INFO("killed " << where << "\n" << world.slack().story());
        for (int id = 1; id <= 6; ++id) {
            INFO("alert " << id);
            CHECK(times_told(world, id) >= 1);
            CHECK(times_told(world, id) <= 2);
        }
    };
    const int commits = calm.commits, sends = calm.sends;
    REQUIRE(commits > 12);
    for (int n = 1; n <= commits; n += 3)
        survives({.commit = n}, "after commit " + std::to_string(n));
    for (int n = 1; n <= sends; n += 4) {
        survives({.before_send = n}, "before send " + std::to_string(n));
        survives({.after_send = n}, "after send " + std::to_string(n));
    }
}

TEST_CASE("A bundle outlives its process, and closes in time", "[scenarios][bundles][socket]")
{
    Storm storm;
    auto& world = storm.world;
    storm.alerts(6);
    world.advance(10s);
    storm.restart();
    CHECK(storm.push.seen.size() == 3);
    SECTION("started again before it closes") { world.advance(20s); }
    SECTION("started again after it")
    {
        world.kill();
        world.advance(5min);
        world.start();
        world.advance(1s);
    }
    INFO(world.slack().story());
    REQUIRE(storm.push.seen.size() >= 4);
    CHECK(storm.push.seen[3].message.several.size() == 3);
}

TEST_CASE("Two persons and two urgencies are apart", "[scenarios][bundles][socket]")
{
    Storm storm;
    auto& world = storm.world;
    storm.rule({{{"ntfy"}, 0s}});
    storm.rule({{{"ntfy"}, 0s}}, oncall::Urgency::low);
    for (int i = 0; i < 3; ++i) {
        storm.alerts(1);
        world.post("demo-scripts-key",
            R"({"title":"Low )" + std::to_string(i) + R"(","severity":"warning","service":"checkout","dedup_key":"low-)"
                + std::to_string(i) + "\"}");
    }
    world.advance(5s);
    CHECK(storm.push.seen.size() == 6); // three of each: nobody waits
    world.ana().command("/oncall", "page @bo please look", "#payments-alerts");
    world.advance(2s);
    CHECK(world.bo().dms().size() == 1); // nobody else's pages hold bo's
    storm.alerts(2);
    world.advance(31s);
    REQUIRE(storm.push.seen.size() == 7);
    CHECK(storm.push.seen.back().message.several.size() == 2);
    CHECK(storm.push.seen.back().message.urgent);
}

TEST_CASE("A bundle's text message that fails is tried as one, and each page's thread says what comes next",
    "[scenarios][bundles][socket]")
{
    Storm storm;
    auto& world = storm.world;
    storm.rule({{{"sms"}, 4min}, {{"voice"}, 0s}});
    storm.alerts(3);
    storm.sms.outcome.how = notify::Outcome::refused;
    storm.sms.outcome.why = "carrier";
    storm.alerts(3);
    world.advance(30s);
    CHECK(storm.sms.seen.size() == 4);
    world.advance(60s);
    CHECK(storm.sms.seen.size() == 5);
    // One was answered meanwhile: the last attempt tells of the two others.
    world.bo().command("/oncall", "ack 5", "#payments-alerts");
    world.advance(60s);
    REQUIRE(storm.sms.seen.size() == 6);
    CHECK(storm.sms.seen[4].message.several.size() == 3);
    CHECK(storm.sms.seen[5].message.several.size() == 2);
    CHECK(seconds(storm.sms, 5) == 150);
    REQUIRE(storm.voice.seen.size() == 1);
    CHECK(seconds(storm.voice, 0) == 150);
    CHECK(storm.voice.seen.front().message.several.size() == 2);
    for (const int id : {4, 6})
        CHECK(has(storm.told(id), "SMS failed (carrier), calling now"));
    CHECK_FALSE(has(storm.told(5), "SMS failed"));
}

TEST_CASE("What a provider reports later of a bundle holds for each of its pages", "[scenarios][bundles][socket]")
{
    Storm storm;
    auto& world = storm.world;
    storm.rule({{{"sms"}, 4min}, {{"voice"}, 0s}});
    storm.sms.reports = true;
    storm.alerts(5);
    world.advance(30s);
    REQUIRE(storm.sms.seen.size() == 4);
    notify::Outcome arrived;
    arrived.how = notify::Outcome::confirmed;
    storm.sms.becomes["Twilio-4"] = arrived;
    world.advance(5s);
    for (const int id : {4, 5})
        CHECK(storm.notifications(id).front().state == NotificationState::confirmed);
}

TEST_CASE(
    "A storm of 200 alerts to one person is four messages, and every alert is named in them", "[scenarios][bundles][socket]")
{
    Storm storm;
    auto& world = storm.world;
    storm.rule({{{"slack"}, 4min}});
    storm.alerts(200);
    world.advance(45s);
    REQUIRE(storm.pages().size() == 4);
    const auto dm = storm.pages().back();
    CHECK(has(dm.text, "197 pages in one"));
    CHECK(has(world.slack().plain(dm), "and 177 more, in this message's thread"));
    std::string all;
    for (const auto& message : world.ana().dms())
        all += world.slack().plain(message) + "\n";
    for (int id = 1; id <= 200; ++id)
        CHECK(has(all, "Alert " + std::to_string(id) + " fires"));
    world.ana().click(dm, "Acknowledge all");
    world.advance(5s);
    CHECK(has(world.ana().last_ephemeral().text,
        "You have 197 alerts: #4, #5, #6, #7, #8, #9, #10, #11, #12, #13 and 187 more. Nobody else is paged for them."));
    CHECK(storm.answered(200) == 197);
    CHECK(has(world.slack().plain(world.slack().now(dm)), "All of them have been answered."));
}

TEST_CASE(
    "Slack gone while a bundle goes out: it comes once, and only of what is still unanswered", "[scenarios][bundles][socket]")
{
    Storm storm;
    auto& world = storm.world;
    storm.rule({{{"slack"}, 4min}});
    storm.alerts(3);
    world.advance(4s);
    world.slack().act_then_status("chat.postMessage", 500);
    storm.alerts(3);
    world.advance(60s);
    INFO(world.slack().story());
    int bundles = 0;
    for (const auto& one : storm.pages())
        bundles += has(one.text, "3 pages in one");
    CHECK(bundles == 1);
}

TEST_CASE("One of a bundle that is paged again by itself is not taken for the bundle when it is looked up",
    "[scenarios][bundles][socket]")
{
    Storm storm;
    auto& world = storm.world;
    storm.rule({{{"slack"}, 4min}});
    storm.alerts(6);
    world.advance(10s);
    world.bo().command("/oncall", "ack 4", "#payments-alerts");
    world.advance(25s);
    REQUIRE(storm.pages().size() == 4);
    const auto bundle = storm.pages().back(); // without it
    SECTION("it had not arrived") { world.slack().fail_with_status("chat.postMessage", 500, 2); }
    SECTION("it had") { world.slack().act_then_status("chat.postMessage", 500, 2); }
    world.bo().command("/oncall", "undo 4", "#payments-alerts");
    world.advance(20s);
    INFO(world.slack().story());
    REQUIRE(storm.pages().size() == 5);
    CHECK(has(world.slack().plain(storm.pages().back()), "Alert 4 fires"));
    CHECK(has(world.slack().plain(storm.pages().back()), "[Escalate]"));
    CHECK(has(world.slack().plain(world.slack().now(bundle)), "2 pages in one"));
    // Each follows its alert.
    world.bo().command("/oncall", "ack 4", "#payments-alerts");
    world.advance(5s);
    CHECK(has(world.slack().plain(world.slack().now(storm.pages().back())), "Acknowledged by bo"));
    CHECK_FALSE(has(world.slack().plain(world.slack().now(bundle)), "Acknowledged"));
}

TEST_CASE(
    "A bundle that is found in Slack names all it says, though some were answered meanwhile", "[scenarios][bundles][socket]")
{
    Storm storm;
    auto& world = storm.world;
    storm.rule({{{"slack"}, 4min}});
    storm.alerts(45);
    world.advance(30s - 1ms);
    REQUIRE(storm.pages().size() == 3);
    world.slack().act_then_status("chat.postMessage", 500, 3);
    world.advance(1ms);
    REQUIRE(storm.pages().size() == 4);
    for (int id = 10; id < 40; ++id)
        world.bo().command("/oncall", "ack " + std::to_string(id), "#payments-alerts");
    world.settle();
    CHECK(storm.answered(45) == 30);
    world.advance(60s);
    INFO(world.slack().story());
    CHECK(storm.pages().size() == 4);
    std::string all;
    for (const auto& message : world.ana().dms())
        all += world.slack().plain(message) + "\n";
    for (int id = 4; id <= 45; ++id)
        CHECK(has(all, "Alert " + std::to_string(id) + " fires"));
}

TEST_CASE("Bundling is a setting, and can be turned off", "[scenarios][bundles][socket]")
{
    Storm storm;
    auto& world = storm.world;
    world.adjust = [](config::Settings& settings) { settings.bundling.hold = 0s; };
    storm.restart();
    storm.rule({{{"ntfy"}, 0s}});
    storm.alerts(10);
    world.advance(20s);
    CHECK(storm.push.seen.size() == 10);
}
