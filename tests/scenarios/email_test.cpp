#include "catch.hpp"
#include "scenarios/sees.hpp"
#include "scenarios/world.hpp"
#include "storage/sql.hpp"

using namespace scenario;

namespace {

/// The addresses mail went to, in order.
std::vector<std::string> receivers(const World& world)
{
    std::vector<std::string> all;
    for (const auto& email : world.post_office.taken)
        all.push_back(email.to);
    return all;
}

/// The path of the link in a mail's text that comes after these words.
std::string link_after(const notify::Email& email, const std::string& words)
{
    const std::string base = "https://oncall.example.com";
    const auto at = email.text.find(base, email.text.find(words));
    REQUIRE(at != std::string::npos);
    return email.text.substr(at + base.size(), email.text.find_first_of(" \n", at) - at - base.size());
}

net::Response visit(World& world, const std::string& method, const std::string& path)
{
    net::Request request;
    request.method = method;
    request.target = path;
    if (method == "POST")
        request.headers = {{"Content-Type", "application/x-www-form-urlencoded"}};
    return world.request(std::move(request));
}

} // namespace

TEST_CASE("With a mail server, a page goes by Slack and by e-mail at once", "[scenarios][email][socket]")
{
    World world;
    world.open_post_office();
    world.alert("Checkout is down");
    INFO(world.slack().story());
    CHECK(pages_to(world.ana()) == 1);
    REQUIRE(receivers(world) == std::vector<std::string>{"ana@example.com"});
    const auto& email = world.post_office.taken.front();
    CHECK(has(email.subject, "Checkout is down"));
    CHECK(has(email.subject, "#1"));
    CHECK(email.urgent);
    for (const auto& part : {email.text, email.html}) {
        CHECK(has(part, "Checkout is down"));
        CHECK(has(part, "policy payments, level 1 of 3 → schedule payments, rotation weekly"));
        CHECK(has(part, "https://oncall.example.com/a/"));
        CHECK_FALSE(has(part, "Slack cannot be reached"));
    }
    // The card names whom it pages once, not once for each way.
    CHECK(has(card(world), "Paged now: @ana\n"));
    world.advance(5min);
    CHECK(world.post_office.taken.size() == 2); // the second try, by both ways again
    CHECK(world.post_office.taken[0].id != world.post_office.taken[1].id);
    CHECK(world.post_office.taken[0].thread == world.post_office.taken[1].thread);
}

TEST_CASE("A link in the mail shows the page, and its button answers it once", "[scenarios][email][socket]")
{
    World world;
    world.open_post_office();
    world.alert("Checkout is down");
    REQUIRE(world.post_office.taken.size() == 1);
    const auto path = link_after(world.post_office.taken.front(), "Acknowledge");
    // Mail scanners open every link, and often.
    for (int i = 0; i < 100; ++i) {
        CHECK(visit(world, "GET", path).status == 200);
        CHECK(visit(world, "HEAD", path).status == 200);
    }
    world.advance(1s);
    CHECK(has(card(world), "Triggered"));
    const auto pressed = visit(world, "POST", path);
    world.advance(2s);
    INFO(world.slack().story());
    CHECK(pressed.status == 200);
    CHECK(has(card(world), "Acknowledged by ana, by a link in an e-mail"));
    CHECK_FALSE(has(world.slack().plain(world.ana().last_dm()), "[Acknowledge]"));
    world.advance(1h);
    CHECK(world.post_office.taken.size() == 1);
    CHECK(pages_to(world.ana()) == 1);

    // Used is used, also after the alert has gone on.
    world.bo().command("/oncall", "unack 1", "#payments-alerts");
    world.advance(2s);
    CHECK(visit(world, "POST", path).status >= 400);
    world.advance(2s);
    CHECK(has(card(world), "Triggered"));
}

TEST_CASE("While Slack is away e-mail goes alone, answers come in by it, and cards catch up without a burst",
    "[scenarios][email][socket]")
{
    World world;
    world.open_post_office();
    world.slack().outage(true);
    for (int i = 0; i < 10; ++i) {
        CHECK(world.alert("Alert " + std::to_string(i), "key-" + std::to_string(i)).status == 202);
        world.advance(20s);
    }
    CHECK(world.post_office.taken.size() == 10);
    CHECK(has(world.post_office.taken.back().text, "Slack cannot be reached"));
    for (int i = 0; i < 10; ++i) {
        const auto path = link_after(world.post_office.taken[static_cast<std::size_t>(i)], "Acknowledge");
        CHECK(visit(world, "POST", path).status == 200);
        world.advance(2s);
    }
    const auto mails = world.post_office.taken.size();
    world.advance(10min);
    CHECK(world.post_office.taken.size() == mails); // all answered
    world.slack().outage(false);
    world.advance(3min);
    INFO(world.slack().story());
    CHECK(pages_to(world.ana()) == 0); // nobody is woken for what has been answered
    REQUIRE(world.channel().messages().size() == 10);
    for (const auto& message : world.channel().messages()) {
        CHECK(has(world.slack().plain(message), "Acknowledged by"));
        CHECK(message.edits.size() <= 1);
    }
    CHECK(world.slack().violations().empty());
    CHECK(world.slack().calls("chat.postMessage").size() <= 21); // a card and a thread's line each, and no more
}

TEST_CASE("Nobody is mailed whose address was only typed", "[scenarios][email][socket]")
{
    World world;
    world.open_post_office();
    world.alert("Checkout is down");
    for (const std::string text :
        {"reassign 1 mallory@evil.example", "add 1 mallory@evil.example", "page mallory@evil.example help"}) {
        INFO(text);
        world.bo().command("/oncall", text, "#payments-alerts");
        world.advance(1s);
        CHECK(has(world.slack().plain(world.bo().last_ephemeral()), "I don't know mallory@evil.example"));
    }
    world.bo().command("/oncall", "add 1 cto@example.com a decision", "#payments-alerts");
    world.advance(1s);
    CHECK(receivers(world) == std::vector<std::string>{"ana@example.com", "cto@example.com"});
}

TEST_CASE("What can wait holds up nothing that cannot", "[scenarios][socket]")
{
    World world;
    for (int i = 0; i < 30; ++i)
        world.post("demo-scripts-key",
            R"({"title":"slow","severity":"warning","service":"checkout","dedup_key":"low-)" + std::to_string(i) + "\"}");
    world.alert("Checkout is down");
    world.advance(2s);
    INFO(world.slack().story());
    const auto dms = world.ana().dms();
    const auto urgent = std::find_if(
        dms.begin(), dms.end(), [&](const auto& message) { return has(world.slack().push(message), "Checkout is down"); });
    CHECK(urgent - dms.begin() <= 4); // after a burst that had gone out before it came
    CHECK(dms.size() < 10);
}

TEST_CASE("An answer in Slack stops the mail that has not left", "[scenarios][email][socket]")
{
    World world;
    world.open_post_office();
    world.post_office.outcome = {notify::Outcome::later, "greylisted", false};
    world.alert("Checkout is down");
    world.advance(1s);
    world.ana().click(world.ana().last_dm(), "Acknowledge");
    world.advance(1s);
    world.post_office.outcome = {};
    world.advance(10min);
    INFO(world.slack().story());
    CHECK(world.post_office.taken.empty());
}

TEST_CASE("A mail that is put off is sent again, under the same id; one that is refused is said", "[scenarios][email][socket]")
{
    World world;
    world.open_post_office();
    SECTION("put off")
    {
        world.post_office.outcome = {notify::Outcome::later, "greylisted", false};
        world.alert("Checkout is down");
        world.advance(1min);
        CHECK(world.post_office.seen.size() >= 3);
        world.post_office.outcome = {};
        world.advance(1min);
        CHECK(world.post_office.taken.size() == 1);
        for (const auto& email : world.post_office.seen)
            CHECK(email.id == world.post_office.taken.front().id);
    }
    SECTION("perhaps taken: a page twice beats a page lost")
    {
        world.post_office.outcome = {notify::Outcome::unknown, "cut off", false};
        world.alert("Checkout is down");
        world.post_office.outcome = {};
        world.advance(1min);
        CHECK(world.post_office.taken.size() == 1);
        CHECK(world.post_office.seen.size() == 2);
        CHECK(world.post_office.seen[0].id == world.post_office.seen[1].id);
    }
    SECTION("refused: said in the thread, and Slack is waited for")
    {
        world.post_office.outcome = {notify::Outcome::refused, "no such mailbox", false};
        world.alert("Checkout is down");
        world.advance(10s);
        std::string thread;
        for (const auto& line : world.channel().thread(world.channel().messages().front()))
            thread += world.slack().plain(line) + "\n";
        INFO(world.slack().story());
        CHECK(has(thread, "by e-mail: no such mailbox"));
        CHECK(world.post_office.seen.size() == 1);
        CHECK(pages_to(world.bo()) == 0);
    }
    SECTION("refused by both ways: the next try at once")
    {
        world.post_office.outcome = {notify::Outcome::refused, "no such mailbox", false};
        world.slack().fail_with("chat.postMessage", "user_not_found", 1);
        world.alert("Checkout is down");
        world.advance(10s);
        INFO(world.slack().story());
        CHECK(pages_to(world.ana()) == 1);
        CHECK(has(world.slack().plain(world.ana().last_dm()), "level 1 of 3, try 2"));
    }
}

TEST_CASE("A mail server that hangs holds up no page by Slack, and Slack's silence no mail", "[scenarios][email][socket]")
{
    World world;
    world.open_post_office();
    world.app().context().bundling.hold = 0s; // each by itself
    SECTION("Slack")
    {
        world.slack().hang("*", 1'000);
        for (int i = 0; i < 40; ++i)
            world.alert("Alert " + std::to_string(i), "key-" + std::to_string(i));
        world.advance(30s);
        CHECK(world.post_office.taken.size() >= 20);
    }
    SECTION("mail")
    {
        world.post_office.hangs = true;
        for (int i = 0; i < 10; ++i)
            world.alert("Alert " + std::to_string(i), "key-" + std::to_string(i));
        world.advance(30s);
        CHECK(pages_to(world.ana()) == 10);
    }
}

TEST_CASE(
    "When the first mail server fails, the second one takes the mail, and the timeline says so", "[scenarios][email][socket]")
{
    World world;
    PostOffice second{world.clock};
    second.host = "mail2.example.com";
    world.more_post_offices = {&second};
    world.open_post_office();
    const auto timeline = [&] {
        std::string all;
        for (const auto& line : world.look([](storage::Transaction& tx) { return storage::Timeline{tx}.of_alert({1}); }))
            all += line.text + "\n";
        return all;
    };
    SECTION("it refuses, is down, or may have taken it")
    {
        world.post_office.outcome = GENERATE(notify::Outcome{notify::Outcome::refused, "relaying denied", true},
            notify::Outcome{notify::Outcome::later, "no connection", false},
            notify::Outcome{notify::Outcome::unknown, "broken off", false});
        world.alert("Checkout is down");
        world.settle();
        REQUIRE(second.taken.size() == 1);
        CHECK(second.taken[0].to == "ana@example.com");
        CHECK(second.taken[0].id == world.post_office.seen.at(0).id); // where both arrive, it is shown once
        INFO(timeline());
        CHECK(has(timeline(),
            ": E-mail went by mail2.example.com, after a failure (mail.example.com: " + world.post_office.outcome.why + ")"));
        world.advance(10s);
        CHECK(second.taken.size() == 1);
    }
    SECTION("its silence costs its time once")
    {
        world.post_office.hangs = true;
        world.alert("Checkout is down");
        world.advance(31s);
        CHECK(second.taken.size() == 1);
        world.alert("Cart is down", "cart-down");
        world.settle();
        CHECK(second.taken.size() == 2);
        CHECK(world.post_office.seen.size() == 1);
    }
    SECTION("answered while it hangs, nobody is mailed for nothing")
    {
        world.post_office.hangs = true;
        world.alert("Checkout is down");
        world.advance(5s);
        world.ana().command("/oncall", "ack 1", "#payments-alerts");
        world.advance(1min);
        CHECK(second.seen.empty());
    }
    SECTION("while it works, the second has nothing to do")
    {
        world.alert("Checkout is down");
        world.settle();
        CHECK(world.post_office.taken.size() == 1);
        CHECK(second.seen.empty());
        CHECK_FALSE(has(timeline(), "went by"));
    }
    SECTION("when both fail it is tried again, and each is named")
    {
        world.post_office.outcome = {notify::Outcome::refused, "no such mailbox", false};
        second.outcome = {notify::Outcome::refused, "not this one", false};
        world.alert("Checkout is down");
        world.advance(2s);
        CHECK(has(timeline(), "mail.example.com: no such mailbox; mail2.example.com: not this one"));
    }
}

TEST_CASE("Without a public address the mail says where to answer, and without a mail server there is none",
    "[scenarios][email][socket]")
{
    World world;
    SECTION("no address")
    {
        world.open_post_office("");
        world.alert("Checkout is down");
        REQUIRE(world.post_office.taken.size() == 1);
        CHECK_FALSE(has(world.post_office.taken.front().text, "/a/"));
        CHECK(has(world.post_office.taken.front().text, "Slack"));
    }
    SECTION("a server that is taken away")
    {
        world.open_post_office();
        world.post_office.outcome = {notify::Outcome::later, "down", false};
        world.alert("Checkout is down");
        world.close_post_office();
        world.advance(10min);
        INFO(world.slack().story());
        CHECK(pages_to(world.ana()) >= 2);
        CHECK(world.post_office.taken.empty());
    }
}
