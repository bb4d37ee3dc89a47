#include "catch.hpp"
#include "notify/answer_token.hpp"
#include "notify/template.hpp"
#include "scenarios/world.hpp"

#include <algorithm>

using namespace scenario;
using oncall::Verb;

namespace {

std::string secret(World& world)
{
    return world.write([](storage::Transaction& tx) { return storage::Journal{tx}.secret("answer links", "none was made"); });
}

/// The path of the link that a mail of the alert's first notification would carry.
std::string link(World& world, Verb verb, const std::string& person = {})
{
    auto first = world.look([](storage::Transaction& tx) { return storage::Notifications{tx}.of_page({1}).at(0); });
    if (!person.empty())
        first.person = person;
    const auto links = notify::answer_links("", secret(world), first, world.clock.now());
    return verb == Verb::acknowledge ? links.acknowledge : verb == Verb::decline ? links.decline : links.resolve;
}

net::Response ask(World& world, const std::string& method, const std::string& target, const std::string& body = {},
    std::vector<net::Header> headers = {})
{
    net::Request request;
    request.method = method;
    request.target = target;
    request.body = body;
    request.headers = std::move(headers);
    request.peer = "phone";
    return world.request(std::move(request));
}

/// Opens the link and presses the page's button, as a browser does.
net::Response press_on_page(World& world, const std::string& target)
{
    const auto page = ask(world, "GET", target).body;
    const auto at = page.find("name=\"version\" value=\"");
    REQUIRE(at != page.npos);
    const auto from = at + std::string{"name=\"version\" value=\""}.size();
    return ask(world, "POST", target, "version=" + page.substr(from, page.find('"', from) - from),
        {{"Content-Type", "application/x-www-form-urlencoded"}, {"Sec-Fetch-Site", "same-origin"},
            {"Sec-Fetch-Mode", "navigate"}});
}

oncall::Alert alert_of(World& world)
{
    return world.look([](storage::Transaction& tx) { return storage::Alerts{tx}.find({1}).value_or(oncall::Alert{}); });
}

std::vector<oncall::TimelineEntry> timeline(World& world)
{
    return world.look([](storage::Transaction& tx) { return storage::Timeline{tx}.of_alert({1}); });
}

std::string header(const net::Response& response, const std::string& name)
{
    return std::string{net::header(response.headers, name)};
}

} // namespace

TEST_CASE("A link in a mail acknowledges, once, and everything says so", "[scenarios]")
{
    World world;
    world.alert("Checkout is down");
    INFO(world.slack().story());
    const auto target = link(world, Verb::acknowledge);
    const auto seen = ask(world, "GET", target);
    CHECK(seen.status == 200);
    for (const std::string said : {"Alert #1 · critical", "checkout: Checkout is down", "Nobody has it yet.",
             ">Acknowledge</button>", "You have it: nobody else is paged.", "You answer as ana."})
        CHECK(has(seen.body, said));

    const auto pressed = press_on_page(world, target);
    CHECK(pressed.status == 200);
    CHECK(has(pressed.body, "You have #1 Checkout is down. Nobody else is paged."));
    CHECK(has(pressed.body, "You have had it since"));
    CHECK_FALSE(has(pressed.body, "<button"));
    CHECK(alert_of(world).state == oncall::AlertState::acknowledged);
    CHECK(alert_of(world).answered_by == world.ana().id());

    world.advance(5s);
    CHECK(has(world.slack().plain(world.channel().last()), "Acknowledged"));
    std::string told;
    for (const auto& line : world.channel().thread(world.channel().last()))
        told += world.slack().plain(line) + "\n";
    INFO(told);
    CHECK(has(told, "ana acknowledged · a link in an e-mail"));
    CHECK(timeline(world).back().via == "a link in an e-mail");
    CHECK_FALSE(has(world.slack().plain(world.ana().last_dm()), "[Acknowledge]"));

    const auto before = timeline(world).size();
    const auto again = ask(world, "POST", target, "version=1");
    CHECK(again.status == 409);
    CHECK(has(again.body, "This link has been used."));
    CHECK(has(again.body, "You have had it since"));
    CHECK_FALSE(has(again.body, "<button"));
    const auto looked = ask(world, "GET", target);
    CHECK(looked.status == 200);
    CHECK(has(looked.body, "This link has been used."));
    CHECK(timeline(world).size() == before);
}

TEST_CASE("Mail scanners may open every link as often as they like", "[scenarios]")
{
    World world;
    world.alert("Checkout is down");
    const auto lines = timeline(world).size();
    const auto commits = world.commits;
    for (const auto verb : {Verb::acknowledge, Verb::decline, Verb::resolve}) {
        const auto target = link(world, verb);
        for (int time = 0; time < 100; ++time) {
            CHECK(ask(world, "GET", target).status == 200);
            CHECK(ask(world, "HEAD", target + "?utm_source=scanner").status == 200);
        }
        for (const std::string method : {"PUT", "DELETE", "OPTIONS", "PATCH"})
            CHECK(ask(world, method, target).status == 405);
    }
    CHECK(world.commits == commits + 3); // those of the test, to read the secret
    CHECK(timeline(world).size() == lines);
    CHECK(alert_of(world).state == oncall::AlertState::triggered);
    CHECK(alert_of(world).version == 1);
    CHECK(press_on_page(world, link(world, Verb::acknowledge)).status == 200); // and is still good
}

TEST_CASE("A link says \"not me\": whoever is next is paged, and she is not again", "[scenarios]")
{
    World world;
    world.alert("Checkout is down");
    const auto target = link(world, Verb::decline);
    CHECK(has(ask(world, "GET", target).body, ">Not me</button>"));
    CHECK(world.bo().dms().empty());
    SECTION("pressed at once")
    {
        const auto pressed = press_on_page(world, target);
        INFO(pressed.body);
        CHECK(pressed.status == 200);
        CHECK(has(pressed.body, "You are out of #1 Checkout is down"));
        world.advance(2s);
        CHECK(world.bo().dms().size() == 1);
        CHECK(world.ana().dms().size() == 1); // though she is of the team that is paged now
        CHECK(ask(world, "POST", target, "version=1").status == 409); // a second tap
        world.advance(2s);
        CHECK(world.cto().dms().empty());
    }
    SECTION("pressed on a page from before the policy climbed by itself, it climbs no further")
    {
        world.advance(10min + 1s);
        REQUIRE(world.bo().dms().size() == 1);
        CHECK(ask(world, "POST", target, "version=1").status == 200);
        world.advance(2s);
        CHECK(world.cto().dms().empty()); // two others are paged
    }
    SECTION("somebody else has it by then")
    {
        world.bo().command("/oncall", "ack 1", "#payments-alerts");
        world.advance(1s);
        const auto late = press_on_page(world, target);
        CHECK(late.status == 409);
        CHECK(has(late.body, "bo has it, so nothing is asked of you"));
        CHECK(alert_of(world).state == oncall::AlertState::acknowledged);
    }
}

TEST_CASE("A link to what is over loses politely", "[scenarios]")
{
    World world;
    world.alert("Checkout is down");
    const auto acknowledge = link(world, Verb::acknowledge), resolve = link(world, Verb::resolve),
               escalate = link(world, Verb::decline);
    const auto others = link(world, Verb::acknowledge, world.bo().id());
    CHECK(press_on_page(world, resolve).status == 200);
    CHECK(alert_of(world).state == oncall::AlertState::resolved);
    for (const auto& target : {acknowledge, escalate, others}) {
        const auto seen = ask(world, "GET", target);
        CHECK(seen.status == 200);
        CHECK(has(seen.body, "There is nothing to do here any more."));
        CHECK_FALSE(has(seen.body, "<button"));
        const auto late = ask(world, "POST", target, "version=1");
        INFO(late.body);
        CHECK(late.status == 409);
        CHECK(has(late.body, "It was resolved by ana at 2026-11-03 13:00 (Europe/Berlin)"));
        CHECK_FALSE(has(late.body, "&lt;@")); // no Slack markup
        CHECK_FALSE(has(late.body, "`"));
    }
    CHECK(has(ask(world, "GET", others).body, "Resolved by ana, 2026-11-03"));
    CHECK(alert_of(world).state == oncall::AlertState::resolved);
}

TEST_CASE("Forged and expired links are refused with words, and guessing is stopped", "[scenarios][socket]")
{
    World world;
    world.alert("Checkout is down");
    const auto target = link(world, Verb::acknowledge);
    auto changed = target;
    changed.back() = changed.back() == 'A' ? 'B' : 'A';
    for (const std::string method : {"GET", "POST"}) {
        const auto forged = ask(world, method, changed);
        CHECK(forged.status == 403);
        CHECK(has(forged.body, "This link does not work"));
        CHECK_FALSE(has(forged.body, "Checkout"));
        CHECK(header(forged, "Content-Type") == "text/html; charset=utf-8");
    }
    for (const std::string odd : {"/a/", "/a/%", "/a/..", "/a/a/b", "/a/%00", "/a//"})
        CHECK(ask(world, "POST", odd).status == 403);
    CHECK(ask(world, "POST", "/a/" + std::string(5'000, 'x')).status == 403);
    CHECK(alert_of(world).state == oncall::AlertState::triggered);

    // Nine so far.
    for (int guess = 0; guess < 11; ++guess)
        CHECK(ask(world, "POST", changed).status == 403);
    CHECK(ask(world, "GET", target).status == 200); // one of ours works all the same
    const auto stopped = ask(world, "GET", changed);
    CHECK(stopped.status == 429);
    CHECK(header(stopped, "Retry-After") == "60");
    CHECK(has(stopped.body, "Too many wrong links"));
    CHECK(ask(world, "POST", "/hooks/wrong", "{}").status == 401); // keys have a count of their own
    world.advance(61s);
    CHECK(ask(world, "GET", target).status == 200);

    world.kill();
    world.clock.advance(24h);
    world.start();
    for (const std::string method : {"GET", "POST"}) {
        const auto expired = ask(world, method, target, "version=1");
        CHECK(expired.status == 410);
        CHECK(has(expired.body, "This link has expired"));
        CHECK_FALSE(has(expired.body, "Checkout"));
    }
    CHECK(alert_of(world).answered_by.empty());
}

TEST_CASE("Links from before a restart work after it", "[scenarios]")
{
    World world;
    world.alert("Checkout is down");
    const auto target = link(world, Verb::acknowledge);
    world.kill();
    world.start();
    CHECK(press_on_page(world, target).status == 200);
    CHECK(alert_of(world).state == oncall::AlertState::acknowledged);
    world.kill();
    world.start();
    CHECK(ask(world, "POST", target, "version=1").status == 409); // a use is remembered as well
}

TEST_CASE("A crash at the commit of a link's answer leaves it done and used, or neither", "[scenarios][crash]")
{
    World world;
    world.alert("Checkout is down");
    world.advance(2s);
    const auto target = link(world, Verb::acknowledge);
    world.doom.commit = world.commits + 1;
    CHECK(ask(world, "POST", target, "version=1").status == 599); // nobody was told
    REQUIRE_FALSE(world.running());
    world.doom = {};
    world.start();
    CHECK(alert_of(world).state == oncall::AlertState::acknowledged);
    const auto again = ask(world, "POST", target, "version=1");
    CHECK(again.status == 409);
    CHECK(has(again.body, "You have had it since"));
}

TEST_CASE("Only our own page has a reason to press its button", "[scenarios]")
{
    World world;
    world.alert("Checkout is down");
    const auto target = link(world, Verb::acknowledge);
    for (const std::string site : {"cross-site", "same-site"}) {
        CHECK(ask(world, "POST", target, "version=1", {{"Sec-Fetch-Site", site}}).status == 403);
        CHECK(ask(world, "GET", target, "", {{"Sec-Fetch-Site", site}}).status == 200); // that is a click in a webmail
    }
    CHECK(alert_of(world).state == oncall::AlertState::triggered);
    CHECK(ask(world, "POST", target, "version=1").status == 200); // a browser that does not say
}

TEST_CASE("An answer page is not kept, framed, indexed or scripted, and foreign text in it does nothing", "[scenarios]")
{
    World world;
    world.post("demo-scripts-key",
        R"({"title":"</h1><script>alert(1)</script>\" onload='x' {{{style}}}","severity":"critical","service":"checkout","dedup_key":"x"})");
    const auto target = link(world, Verb::acknowledge);
    auto forged = target;
    forged.back() = '!';
    for (const auto& response : {ask(world, "GET", target), ask(world, "POST", target, "version=1"), ask(world, "GET", forged)}) {
        INFO(response.body);
        CHECK_FALSE(has(response.body, "<script"));
        CHECK_FALSE(has(response.body, "onload='x'"));
        CHECK_FALSE(has(response.body, "src="));
        CHECK(std::count(response.body.begin(), response.body.end(), '\0') == 0);
        CHECK(header(response, "Referrer-Policy") == "no-referrer");
        CHECK(header(response, "Cache-Control") == "no-store");
        CHECK(header(response, "X-Robots-Tag") == "noindex, nofollow");
        CHECK(header(response, "X-Content-Type-Options") == "nosniff");
        const auto open = response.body.find("<style>") + 7;
        const auto style = response.body.substr(open, response.body.find("</style>") - open);
        CHECK(header(response, "Content-Security-Policy")
            == "default-src 'none'; style-src " + notify::style_source(style)
                + "; form-action 'self'; base-uri 'none'; frame-ancestors 'none'");
    }
    CHECK(has(ask(world, "GET", target).body, "&lt;/h1&gt;&lt;script&gt;"));
}
