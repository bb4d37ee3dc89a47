#include "catch.hpp"
#include "notify/answer_token.hpp"
#include "notify/push_link.hpp"
#include "notify/subscription.hpp"
#include "notify/template.hpp"
#include "scenarios/world.hpp"
#include "storage/contacts.hpp"

using namespace scenario;
using oncall::ContactKind;

namespace {

const std::string firefox{"Mozilla/5.0 (Android 14; Mobile; rv:132.0) Gecko/132.0 Firefox/132.0"};

std::string subscription(const std::string& endpoint = "https://push.example.net/p/1")
{
    return R"({"endpoint":")" + endpoint
        + R"(","expirationTime":null,"keys":{"p256dh":"BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4","auth":"BTBZMqHH6r4Tts7J_aSIgg"}})";
}

struct Phone {
    World& world;
    std::string person{};

    std::string path() const { return notify::push_link("", world.app().context().answer_secret, person, world.clock.now()); }
    net::Response ask(const std::string& method, const std::string& target, const std::string& body = {},
        const std::string& from = "same-origin")
    {
        net::Request request;
        request.method = method;
        request.target = target;
        request.body = body;
        request.peer = "phone of " + person;
        request.headers = {{"User-Agent", firefox}, {"Sec-Fetch-Site", from}};
        return world.request(std::move(request));
    }
    net::Response subscribe(const std::string& body = subscription()) { return ask("POST", path() + "/subscribe", body); }
    std::vector<oncall::ContactMethod> browsers()
    {
        return world.look([this](storage::Transaction& tx) {
            auto all = storage::ContactMethods{tx}.of(person);
            std::erase_if(all, [](const auto& one) { return one.kind != ContactKind::web_push; });
            return all;
        });
    }
    std::string page() { return ask("GET", path()).body; }
};

} // namespace

TEST_CASE("A person subscribes a browser from her link, sees it listed, and removes it", "[scenarios][push][socket]")
{
    World world;
    world.open_post_office();
    Phone ana{world, world.ana().id()};
    CHECK(world.app().context().ways.contains(ContactKind::web_push));
    const auto first = ana.ask("GET", ana.path());
    CHECK(first.status == 200);
    CHECK(has(first.body, "data-key=\"" + world.app().context().push_key + "\""));
    CHECK(world.app().context().push_key.size() == 87);
    CHECK_FALSE(has(first.body, "<li "));

    CHECK(ana.subscribe().status == 200);
    auto browsers = ana.browsers();
    REQUIRE(browsers.size() == 1);
    CHECK(oncall::is_usable(browsers[0]));
    CHECK(browsers[0].label == "Firefox on Android");
    CHECK(notify::subscription_in(browsers[0].address)->endpoint == "https://push.example.net/p/1");
    const auto page = ana.page();
    CHECK(has(page, "Firefox on Android"));
    CHECK(has(page, "data-hash=\"" + storage::sha256("https://push.example.net/p/1") + "\""));
    CHECK_FALSE(has(page, "push.example.net/p/1")); // what it is called by its vendor is nobody's business
    // She hears of it in Slack, where the link came from.
    world.settle();
    bool told = false;
    for (const auto& message : world.ana().dms())
        told = told || has(message.text, "Pages come to Firefox on Android from now on");
    CHECK(told);

    SECTION("twice is once")
    {
        CHECK(ana.subscribe().status == 200);
        CHECK(ana.browsers().size() == 1);
    }
    SECTION("removed, twice")
    {
        const auto id = R"({"id":)" + std::to_string(browsers[0].id.value) + "}";
        CHECK(ana.ask("POST", ana.path() + "/unsubscribe", id).status == 200);
        CHECK(ana.browsers().empty());
        CHECK(ana.ask("POST", ana.path() + "/unsubscribe", id).status == 200);
    }
    SECTION("somebody else cannot remove it")
    {
        Phone bo{world, world.bo().id()};
        bo.ask("POST", bo.path() + "/unsubscribe", R"({"id":)" + std::to_string(browsers[0].id.value) + "}");
        CHECK(ana.browsers().size() == 1);
        CHECK_FALSE(has(bo.page(), "Firefox"));
    }
    SECTION("handed on, the browser is the new owner's alone")
    {
        Phone bo{world, world.bo().id()};
        CHECK(bo.subscribe().status == 200);
        CHECK(bo.browsers().size() == 1);
        CHECK(ana.browsers().empty());
    }
    SECTION("one that was stopped works again when it subscribes again")
    {
        world.write([&](storage::Transaction& tx) {
            storage::ContactMethods{tx}.stop(browsers[0].id, noon);
            return true;
        });
        CHECK(has(ana.page(), "stopped"));
        CHECK(ana.subscribe().status == 200);
        CHECK(oncall::is_usable(ana.browsers().at(0)));
    }
}

TEST_CASE(
    "The push page runs nothing but its own script, and says nothing to caches and other sites", "[scenarios][push][socket]")
{
    World world;
    world.open_post_office();
    Phone ana{world, world.ana().id()};
    const auto answer = ana.ask("GET", ana.path());
    const auto header = [&](const std::string& name) { return std::string{net::header(answer.headers, name)}; };
    const auto between = [&](const std::string& open, const std::string& close) {
        const auto at = answer.body.find(open) + open.size();
        return answer.body.substr(at, answer.body.find(close, at) - at);
    };
    CHECK(header("Content-Security-Policy")
        == "default-src 'none'; style-src " + notify::style_source(between("<style>", "</style>")) + "; script-src "
            + notify::style_source(between("<script>", "</script>"))
            + "; connect-src 'self'; worker-src 'self'; manifest-src 'self'; form-action 'none'; base-uri 'none'; "
              "frame-ancestors "
              "'none'");
    CHECK(header("Referrer-Policy") == "no-referrer");
    CHECK(header("Cache-Control") == "no-store");
    CHECK_FALSE(has(answer.body, "http"));
    CHECK_FALSE(has(answer.body, "onclick"));
    CHECK_FALSE(has(answer.body, "style="));

    const auto worker = ana.ask("GET", "/push/worker.js");
    CHECK(worker.status == 200);
    CHECK(net::header(worker.headers, "Content-Type") == "text/javascript; charset=utf-8");
    CHECK(net::header(worker.headers, "Content-Security-Policy") == "default-src 'none'; connect-src 'self'");
    const auto path = ana.path();
    const auto manifest = workspace::Json::parse(ana.ask("GET", path + "/app.json").body);
    CHECK(manifest["start_url"] == path);
    CHECK(manifest["scope"] == "/");
    CHECK(manifest["display"] == "standalone");
}

TEST_CASE("Where the public address has a path, the push page and what it names have it too", "[scenarios][push][socket]")
{
    World world;
    world.open_post_office("https://example.com/oncall");
    Phone ana{world, world.ana().id()};
    const auto path = ana.path(); // the proxy takes /oncall off
    const auto page = ana.ask("GET", path);
    CHECK(page.status == 200);
    CHECK(has(page.body, "<link rel=\"manifest\" href=\"/oncall" + path + "/app.json\">"));
    CHECK_FALSE(has(page.body, "'/push/worker.js'"));
    const auto manifest = workspace::Json::parse(ana.ask("GET", path + "/app.json").body);
    CHECK(manifest["start_url"] == "/oncall" + path);
    CHECK(manifest["scope"] == "/oncall/");
}

TEST_CASE(
    "A link to the push page that is expired or no link of ours shows nothing and changes nothing", "[scenarios][push][socket]")
{
    World world;
    world.open_post_office();
    Phone ana{world, world.ana().id()};
    const auto path = ana.path();
    world.advance(61min);
    CHECK(ana.ask("GET", path).status == 410);
    CHECK(ana.ask("POST", path + "/subscribe", subscription()).status == 410);
    CHECK(ana.ask("GET", path + "/app.json").status == 410);
    for (const std::string other :
        {"/push/", "/push/x", "/push/eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9..", "/push/worker.js/subscribe"})
        CHECK(ana.ask("GET", other).status == 403);
    // A link to answer a page by is not one to subscribe by.
    notify::Answer wish;
    wish.person = ana.person;
    wish.verb = oncall::Verb::acknowledge;
    const auto token = notify::issue(world.app().context().answer_secret, wish, world.clock.now());
    CHECK(ana.ask("POST", "/push/" + token + "/subscribe", subscription()).status == 403);
    for (int i = 0; i < 20; ++i)
        ana.ask("GET", "/push/guess");
    CHECK(ana.ask("GET", "/push/guess").status == 429);
    CHECK(ana.ask("GET", ana.path()).status == 200); // whoever has a good one is let in
    CHECK(ana.browsers().empty());
}

TEST_CASE("What no browser would send to the push page is refused", "[scenarios][push][socket]")
{
    World world;
    world.open_post_office();
    Phone ana{world, world.ana().id()};
    for (const auto& body : std::vector<std::string>{"", "{}", "[]", "null", std::string(100'000, '['), "\xFF"}) {
        CHECK(ana.subscribe(body).status == 400);
        CHECK(ana.ask("POST", ana.path() + "/unsubscribe", body).status == 400);
    }
    CHECK(ana.ask("POST", ana.path() + "/unsubscribe", R"({"id":"1"})").status == 400);
    for (const std::string endpoint :
        {"http://push.example.net/", "https://localhost/", "https://10.0.0.1/", "https://169.254.169.254/", "https://[::1]/"})
        CHECK(ana.subscribe(subscription(endpoint)).status == 400);
    CHECK(ana.ask("POST", ana.path() + "/subscribe", subscription(), "cross-site").status == 403);
    CHECK(ana.ask("GET", ana.path() + "/subscribe").status == 405);
    CHECK(ana.ask("POST", ana.path()).status == 405);
    CHECK(ana.ask("POST", "/push/worker.js").status == 405);
    CHECK(ana.ask("GET", ana.path() + "/nothing").status == 404);
    CHECK(ana.browsers().empty());
    for (int i = 0; i < 21; ++i) {
        const auto answer = ana.subscribe(subscription("https://push.example.net/" + std::to_string(i)));
        CHECK(answer.status == (i < 20 ? 200 : 409));
    }
    CHECK(ana.browsers().size() == 20);
}

TEST_CASE("Without a public https address there is no push page", "[scenarios][push][socket]")
{
    World world;
    Phone ana{world, world.ana().id()};
    CHECK(ana.ask("GET", ana.path()).status == 404);
    CHECK_FALSE(world.app().context().ways.contains(ContactKind::web_push));
}

TEST_CASE("Browsers stay subscribed over a restart: the key they subscribed by is kept", "[scenarios][push][socket]")
{
    World world;
    world.open_post_office();
    const auto before = world.app().context().push_key;
    world.kill();
    world.start();
    CHECK(world.app().context().push_key == before);
}

TEST_CASE("An answer by a push's link is told as what it came by", "[scenarios][push][socket]")
{
    const std::pair<std::string, std::string> each[]{{"web_push:3", "a push notification"}, {"ntfy:3", "ntfy"},
        {"gotify:3", "Gotify"}, {"pushover:3", "Pushover"}, {"webhook:3", "a webhook"}, {"sms:3", "a link in an SMS"}};
    for (const auto& [method, via] : each) {
        World world;
        world.open_post_office();
        world.alert("Checkout is down");
        world.settle();
        oncall::Notification pushed;
        world.write([&, method = method](storage::Transaction& tx) {
            pushed = storage::Notifications{tx}.of_page({1}).at(0);
            pushed.key += ":push";
            pushed.method = method;
            storage::Notifications{tx}.add(pushed);
            return true;
        });
        pushed = world.look([&](storage::Transaction& tx) { return *storage::Notifications{tx}.find(pushed.key); });
        const auto links = notify::answer_links("", world.app().context().answer_secret, pushed, world.clock.now());
        Phone ana{world, world.ana().id()};
        CHECK(ana.ask("POST", links.acknowledge).status == 200); // as our service worker does
        const auto timeline = world.look([](storage::Transaction& tx) { return storage::Timeline{tx}.of_alert({1}); });
        bool told = false;
        for (const auto& entry : timeline)
            told = told || (entry.via == via && entry.actor == ana.person);
        INFO(method);
        CHECK(told);
    }
}

TEST_CASE("Who has subscribed a browser is paged by its push service too, and one that is gone is not tried again",
    "[scenarios][push][socket]")
{
    World world;
    world.open_post_office();
    std::vector<net::Request> pushed;
    int status = 201;
    net::Service service;
    service.serve = [&](net::Request request) -> net::asio::awaitable<net::Response> {
        pushed.push_back(std::move(request));
        net::Response response;
        response.status = status;
        co_return response;
    };
    const auto push_service = world.listen("push.example.net:443", std::move(service));
    Phone ana{world, world.ana().id()};
    REQUIRE(ana.subscribe().status == 200);
    world.settle();
    world.alert("Checkout is down");
    world.settle();
    REQUIRE(pushed.size() == 1);
    CHECK(pushed[0].target == "/p/1");
    CHECK(net::header(pushed[0].headers, "Topic") == "alert-1");
    CHECK(net::header(pushed[0].headers, "Urgency") == "high");
    CHECK(has(std::string{net::header(pushed[0].headers, "Authorization")}, "k=" + world.app().context().push_key));
    CHECK(pushed[0].body.size() <= 4'096);
    CHECK_FALSE(has(pushed[0].body, "Checkout"));

    status = 410;
    world.alert("Cart is down", "cart-down");
    world.settle();
    CHECK(pushed.size() == 2);
    CHECK(ana.browsers().at(0).stopped_at != TimePoint{});
    CHECK(has(ana.page(), "stopped"));
    world.alert("Search is down", "search-down");
    world.settle();
    CHECK(pushed.size() == 2);
}
