#include "catch.hpp"
#include "scenarios/world.hpp"
#include "storage/contacts.hpp"

#include <algorithm>

using namespace scenario;
using oncall::ContactKind;
using workspace::Json;

namespace {

/// A push service at `address`, and Ana's and Bo's phones behind it.
struct Pushed {
    World world;
    std::vector<net::Request> got{};
    std::unique_ptr<net::Listener> listener{};
    std::function<net::Response(const net::Request&)> says{};
    milliseconds takes{};

    Pushed(oncall::Configuration configuration, const std::string& address, ContactKind kind, const std::string& ana,
        const std::string& bo, std::function<void(config::Settings&)> settings)
        : world{std::move(configuration)}
    {
        net::Service service;
        service.serve = [this](net::Request request) { return serve(std::move(request)); };
        listener = world.listen(address, std::move(service));
        world.adjust = std::move(settings);
        world.open_post_office();
        add(kind, world.ana().id(), ana);
        add(kind, world.bo().id(), bo);
    }
    asio::awaitable<net::Response> serve(net::Request request)
    {
        got.push_back(request);
        if (takes > 0ms)
            co_await world.clock.pause(takes);
        co_return says(request);
    }
    void add(ContactKind kind, const std::string& person, const std::string& address)
    {
        oncall::ContactMethod method;
        method.person = person;
        method.kind = kind;
        method.address = address;
        method.added_at = method.verified_at = world.clock.now();
        world.write([&](storage::Transaction& tx) { return storage::ContactMethods{tx}.add(method); });
    }
    oncall::Alert alert()
    {
        return world.look([](storage::Transaction& tx) { return storage::Alerts{tx}.find({1}).value_or(oncall::Alert{}); });
    }
    std::int64_t count(const std::string& target) const
    {
        return std::count_if(got.begin(), got.end(), [&](const net::Request& one) { return one.target == target; });
    }
};

net::Response json(int status, const std::string& body)
{
    net::Response response;
    response.status = status;
    response.headers = {{"Content-Type", "application/json"}};
    response.body = body;
    return response;
}

/// What ntfy's app does when a button of a notification is pressed: the request that its action describes.
net::Response press_action(World& world, const Json& action)
{
    const auto url = action["url"].get<std::string>();
    const std::string public_url{"https://oncall.example.com"};
    REQUIRE(action["action"] == "http");
    REQUIRE(url.starts_with(public_url));
    net::Request request;
    request.method = action["method"].get<std::string>();
    request.target = url.substr(public_url.size());
    request.headers = {{"User-Agent", "ntfy/1.16.0 (play; Android 14; SDK 34)"}};
    request.peer = "a phone";
    return world.request(std::move(request));
}

struct Ntfy : Pushed {
    Ntfy()
        : Pushed{sample_configuration(), "ntfy.example.com:443", ContactKind::ntfy, "ana-topic", "bo-topic",
            [](config::Settings& settings) { settings.ntfy_url = "https://ntfy.example.com"; }}
    {
        says = [](const net::Request&) { return json(200, R"({"id":"sPs71M8A2T"})"); };
    }
    Json pushed(std::size_t which = 0) { return Json::parse(got.at(which).body); }
};

struct Pushover : Pushed {
    const std::string cancel{"/1/receipts/receipt1/cancel.json"};
    explicit Pushover(oncall::Configuration configuration = sample_configuration())
        : Pushed{std::move(configuration), "api.pushover.net:443", ContactKind::pushover, "uQiRzpo4DXghDmr9QzzfQu27cmVRsG",
            "gznej3rKEVAvPUxu9vvNnqpmZpokzF",
            [](config::Settings& settings) { settings.pushover_token = config::Secret{"azGDORePK8gMaC0QOYAMyEEuzJnyUi"}; }}
    {
        says = [this](const net::Request& request) {
            if (request.target == "/1/messages.json")
                return json(200, R"({"status":1,"receipt":"receipt)" + std::to_string(count("/1/messages.json")) + "\"}");
            return json(200, R"({"status":1,"acknowledged":0,"last_delivered_at":0,"expired":0})");
        };
    }
};

} // namespace

TEST_CASE(
    "A button on ntfy's notification answers the page, once, and every card says who and by what", "[scenarios][push][socket]")
{
    Ntfy ntfy;
    auto& world = ntfy.world;
    world.alert("Checkout is down");
    INFO(world.slack().story());
    REQUIRE(ntfy.got.size() == 1);
    const auto pushed = ntfy.pushed();
    CHECK(pushed["topic"] == "ana-topic");
    CHECK(pushed["priority"] == 5);
    REQUIRE(pushed["actions"].size() == 3);

    SECTION("Acknowledge")
    {
        CHECK(pushed["actions"][0]["label"] == "Acknowledge");
        CHECK(press_action(world, pushed["actions"][0]).status == 200);
        CHECK(ntfy.alert().state == oncall::AlertState::acknowledged);
        CHECK(ntfy.alert().answered_by == world.ana().id());
        CHECK(ntfy.alert().answered_via == "ntfy");
        world.advance(5s);
        CHECK(has(world.slack().plain(world.channel().last()), "Acknowledged by ana"));
        CHECK_FALSE(has(world.slack().plain(world.ana().last_dm()), "[Acknowledge]"));
        // Pressed again, from a phone that was offline: it says so, and nothing changes.
        const auto version = ntfy.alert().version;
        CHECK(press_action(world, pushed["actions"][0]).status == 409);
        CHECK(ntfy.alert().version == version);
        world.advance(1h);
        CHECK(ntfy.got.size() == 1);
        CHECK(world.bo().dms().empty());
    }
    SECTION("Not me")
    {
        const auto& button = pushed["actions"][1];
        CHECK(button["label"] == "Not me");
        CHECK(press_action(world, button).status == 200);
        world.advance(2s);
        REQUIRE(ntfy.got.size() == 2);
        CHECK(ntfy.pushed(1)["topic"] == "bo-topic");
        CHECK(press_action(world, ntfy.pushed(1)["actions"][2]).status == 200); // Resolve
        CHECK(ntfy.alert().state == oncall::AlertState::resolved);
        CHECK(ntfy.alert().answered_by == world.bo().id());
    }
    SECTION("a notification fetched by its preview changes nothing")
    {
        net::Request request;
        request.target = pushed["click"].get<std::string>().substr(std::string{"https://oncall.example.com"}.size());
        CHECK(world.request(std::move(request)).status == 200);
        CHECK(ntfy.alert().state == oncall::AlertState::triggered);
    }
}

TEST_CASE("One siren for several pages goes on until the last of them is answered", "[scenarios][push][socket]")
{
    Pushover pushover;
    auto& world = pushover.world;
    const std::string cancel{"/1/receipts/receipt4/cancel.json"};
    for (int i = 1; i <= 5; ++i)
        world.alert("Alert " + std::to_string(i), "key-" + std::to_string(i)); // three by themselves
    const auto answered = [&](const std::string& what) {
        world.bo().command("/oncall", what, "#payments-alerts");
        world.settle();
    };
    SECTION("answered one by one")
    {
        world.advance(33s);
        answered("ack 4");
        CHECK(pushover.count(cancel) == 0);
        answered("ack 5");
    }
    SECTION("one of them is not hers")
    {
        world.advance(33s);
        world.ana().command("/oncall", "notme 4", "#payments-alerts");
        world.settle();
        CHECK(pushover.count(cancel) == 0);
        answered("ack 5");
    }
    SECTION("one was answered while it was still on its way")
    {
        pushover.takes = 5s;
        world.advance(32s);
        answered("ack 4");
        world.advance(10s);
        CHECK(pushover.count(cancel) == 0);
        answered("ack 5");
        world.advance(10s);
    }
    CHECK(pushover.count(cancel) == 1);
}

TEST_CASE(
    "The siren of whoever has acknowledged ends, and that of those who are still needed goes on", "[scenarios][push][socket]")
{
    auto configuration = sample_configuration();
    auto& first = configuration.policies.at("payments").levels.front();
    first.targets = {{oncall::TargetKind::user, "ana@example.com"}, {oncall::TargetKind::user, "bo@example.com"}};
    first.acknowledgements = 2;
    Pushover pushover{configuration};
    auto& world = pushover.world;
    world.alert("Checkout is down");
    world.advance(20s);
    REQUIRE(pushover.count("/1/messages.json") == 2);
    world.ana().command("/oncall", "ack 1", "#payments-alerts");
    world.settle();
    CHECK(pushover.count(pushover.cancel) == 1);
    const std::string of_bo{"/1/receipts/receipt2/cancel.json"};
    CHECK(pushover.count(of_bo) == 0);
    world.bo().command("/oncall", "ack 1", "#payments-alerts");
    world.settle();
    CHECK(pushover.count(of_bo) == 1);
    world.advance(1min);
    world.resolved();
    world.advance(1min);
    CHECK(pushover.count(pushover.cancel) == 1); // told once, however many answers there are
    CHECK(pushover.count(of_bo) == 1);
}

TEST_CASE("A siren that is on its way ends though its person's acknowledgement is one of several", "[scenarios][push][socket]")
{
    auto configuration = sample_configuration();
    auto& first = configuration.policies.at("payments").levels.front();
    first.targets = {{oncall::TargetKind::user, "ana@example.com"}, {oncall::TargetKind::user, "bo@example.com"}};
    first.acknowledgements = 2;
    Pushover pushover{configuration};
    auto& world = pushover.world;
    pushover.takes = 5s;
    pushover.says = [](const net::Request& request) { // each siren has its own
        return json(200, R"({"status":1,"receipt":"receipt)" + std::string{has(request.body, "uQiRzpo4") ? "1" : "2"} + "\"}");
    };
    world.alert("Checkout is down");
    world.advance(2s);
    REQUIRE(pushover.count("/1/messages.json") == 2);
    const auto verb = GENERATE("ack 1", "notme 1");
    world.ana().command("/oncall", verb, "#payments-alerts");
    world.advance(20s);
    INFO(world.slack().story());
    CHECK(pushover.count(pushover.cancel) == 1);
    CHECK(pushover.count("/1/receipts/receipt2/cancel.json") == 0);
}

TEST_CASE("Pushover's siren ends when somebody else has answered", "[scenarios][push][socket]")
{
    Pushover pushover;
    auto& world = pushover.world;
    SECTION("at once")
    {
        world.alert("Checkout is down");
        world.advance(20s);
        CHECK(pushover.count(pushover.cancel) == 0);
        world.bo().command("/oncall", "ack 1", "#payments-alerts");
        world.settle();
        CHECK(pushover.count(pushover.cancel) == 1);
        world.advance(1h);
        CHECK(pushover.count(pushover.cancel) == 1);
    }
    SECTION("also when monitoring clears it, or she says that it is not hers")
    {
        world.alert("Checkout is down");
        world.advance(20s);
        if (GENERATE(true, false))
            world.resolved();
        else
            world.ana().command("/oncall", "notme 1", "#payments-alerts");
        world.settle();
        CHECK(pushover.count(pushover.cancel) == 1);
    }
    SECTION("also when it was still on its way")
    {
        pushover.takes = 5s;
        world.alert("Checkout is down");
        world.advance(2s);
        world.bo().command("/oncall", "ack 1", "#payments-alerts");
        world.advance(20s);
        CHECK(pushover.count(pushover.cancel) == 1);
    }
    SECTION("when Pushover does not hear it at first, it is told again; when the siren is over, no more")
    {
        const auto says = pushover.says;
        int troubles = GENERATE(2, 1'000);
        const bool for_ever = troubles == 1'000;
        pushover.says = [&, says](const net::Request& request) {
            return has(request.target, "cancel") && troubles-- > 0 ? json(500, "{}") : says(request);
        };
        world.alert("Checkout is down");
        world.advance(20s);
        world.bo().command("/oncall", "ack 1", "#payments-alerts");
        world.advance(10min);
        const auto told = pushover.count(pushover.cancel);
        CHECK(told >= 3);
        CHECK((for_ever || told == 3));
        world.advance(1h);
        CHECK(pushover.count(pushover.cancel) == told);
    }
    SECTION("what sounded long ago is left alone")
    {
        world.alert("Checkout is down");
        world.advance(4min);
        world.bo().command("/oncall", "ack 1", "#payments-alerts");
        world.advance(1min);
        CHECK(pushover.count(pushover.cancel) == 0);
    }
}
