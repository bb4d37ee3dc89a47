#include "catch.hpp"
#include "scenarios/world.hpp"

using namespace scenario;

namespace {

/// Sets the door for the worlds of a test, whatever the run's is.
struct Door {
    std::string before;
    bool was_set;
    explicit Door(const char* door)
        : before{std::getenv("ONCALL_TEST_DOOR") ? std::getenv("ONCALL_TEST_DOOR") : ""}
        , was_set{std::getenv("ONCALL_TEST_DOOR") != nullptr}
    {
        ::setenv("ONCALL_TEST_DOOR", door, 1);
    }
    ~Door()
    {
        if (was_set)
            ::setenv("ONCALL_TEST_DOOR", before.c_str(), 1);
        else
            ::unsetenv("ONCALL_TEST_DOOR");
    }
};

} // namespace

TEST_CASE("By HTTP: the challenge is answered, and without Socket Mode no link is opened", "[scenarios]")
{
    const Door door{"http"};
    World world;
    const auto verified = world.slack().verify_events_url();
    world.settle();
    CHECK(verified.acked());
    CHECK(verified.error().empty());
    CHECK(world.slack().links() == 0);
    CHECK(world.slack().calls("apps.connections.open").empty());
}

TEST_CASE("By HTTP: a command's answer is in the body of its answer", "[scenarios]")
{
    const Door door{"http"};
    World world;
    const auto asked = world.bo().command("/oncall", "who", "#payments-alerts");
    world.settle();
    INFO(world.slack().story());
    REQUIRE(asked.acked());
    CHECK(has(asked.answer().dump(), "On call now"));
    CHECK(has(world.slack().plain(world.bo().last_ephemeral()), "ana"));
    CHECK(world.slack().calls("response_url").empty());
    // A form with mistakes in it is told so in the answer.
    world.bo().command("/oncall", "page", "#payments-alerts");
    world.settle();
    world.bo().fill({{"why", " \n "}});
    const auto submitted = world.bo().submit();
    world.settle();
    CHECK((has(submitted.answer().dump(), "errors") || has(submitted.error(), "form")));
    CHECK(world.bo().modals() == 1);
}

TEST_CASE("By HTTP: an event that was not answered comes again and counts once", "[scenarios]")
{
    const Door door{"http"};
    World world;
    world.kill();
    const auto event = world.slack().send_event({{"type", "app_uninstalled"}});
    world.advance(70s);
    CHECK(event.pending());
    world.start();
    world.advance(6min);
    INFO(world.slack().story());
    CHECK(event.acked());
    CHECK(event.attempts() == 4);
}

TEST_CASE("By HTTP: what is not signed by Slack changes nothing", "[scenarios]")
{
    const Door door{"http"};
    World world;
    world.alert("Checkout is down");
    const auto post = [&](const std::string& target, const std::string& body, const std::string& signature) {
        net::Request request;
        request.method = "POST";
        request.target = target;
        request.body = body;
        const auto seconds = std::chrono::floor<std::chrono::seconds>(world.clock.now()).time_since_epoch().count();
        request.headers = {{"Content-Type", "application/x-www-form-urlencoded"},
            {"X-Slack-Request-Timestamp", std::to_string(seconds)}, {"X-Slack-Signature", signature}};
        return world.request(std::move(request)).status;
    };
    const auto command = "command=%2Foncall&text=resolve+1&user_id=" + world.bo().id();
    CHECK(post("/slack/commands", command, "") == 401);
    CHECK(post("/slack/commands", command, "v0=" + std::string(64, '0')) == 401);
    CHECK(post("/slack/interactions", "payload=%7B%7D", "v0=00") == 401);
    CHECK(post("/slack/events", R"({"type":"url_verification","challenge":"x"})", "") == 401);
    net::Request get;
    get.target = "/slack/events";
    CHECK(world.request(get).status == 405);
    world.advance(1s);
    CHECK(has(world.slack().plain(world.channel().last()), "Triggered"));
}

TEST_CASE("By HTTP: the same click twice is one click, also when the bot was killed in between", "[scenarios]")
{
    const Door door{"http"};
    World world;
    world.alert("Checkout is down");
    world.slack().deliver_twice("interactive", 1);
    const auto press = world.ana().click(world.ana().last_dm(), "Escalate");
    world.advance(2s);
    INFO(world.slack().story());
    CHECK(press.acked() != has(press.error(), "401")); // one of the two came first
    CHECK(world.bo().dms().size() == 1);
    CHECK(world.cto().dms().empty());
}

TEST_CASE("With Socket Mode alone the HTTP door is shut", "[scenarios]")
{
    const Door door{"socket"};
    World world;
    net::Request request;
    request.method = "POST";
    request.target = "/slack/commands";
    request.body = "command=%2Foncall&text=who";
    request.headers = {
        {"X-Slack-Request-Timestamp",
            std::to_string(std::chrono::floor<std::chrono::seconds>(world.clock.now()).time_since_epoch().count())},
        {"X-Slack-Signature", "v0="}};
    CHECK(world.request(std::move(request)).status == 404);
}
