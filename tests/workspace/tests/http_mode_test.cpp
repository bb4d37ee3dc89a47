#include "catch.hpp"
#include "world.hpp"

#include <algorithm>

using namespace workspace_test;

namespace {

/// An app that listens: what it was asked, and what it answers.
struct ListeningApp {
    World world{settings()};
    std::vector<net::Request> heard{};
    net::Response answer{};
    doors::milliseconds work{0};
    std::unique_ptr<net::Listener> listener{};

    static workspace::Settings settings()
    {
        auto settings = World::quiet();
        settings.events_url = "http://app.test:8080/events";
        settings.commands_url = "http://app.test:8080/commands";
        settings.interactions_url = "http://app.test:8080/interactions";
        return settings;
    }

    ListeningApp()
    {
        listen();
        world.advance(10min);
        heard.clear(); // that it was invited, say
    }

    void listen()
    {
        net::Service service;
        service.serve = [this](net::Request request) { return serve(std::move(request)); };
        listener = world.here->listen("app.test:8080", std::move(service));
    }

    asio::awaitable<net::Response> serve(net::Request request)
    {
        heard.push_back(std::move(request));
        const auto said = answer;
        if (work > 0ms)
            co_await world.clock.pause(work);
        co_return said;
    }

    std::string header(const std::string& name, std::size_t of) const
    {
        return std::string{net::header(heard.at(of).headers, name)};
    }
    workspace::Delivery mention() { return world.slack.send_event({{"type", "app_mention"}}); }
};

} // namespace

TEST_CASE("By HTTP an event is posted again three times, numbered and with the reason", "[workspace][strict]")
{
    ListeningApp app;
    auto& world = app.world;
    SECTION("to an app that answers with an error, or too late")
    {
        for (const std::string reason : {"http_error", "http_timeout"}) {
            CAPTURE(reason);
            app.heard.clear();
            app.answer.status = reason == "http_error" ? 500 : 200;
            app.work = reason == "http_error" ? 0ms : 3'001ms;
            const auto told = app.mention();
            world.advance(10min);
            CHECK(told.attempts() == 4);
            CHECK_FALSE(told.pending());
            CHECK_FALSE(told.acked());
            REQUIRE(app.heard.size() == 4);
            const auto first = Json::parse(app.heard.front().body);
            CHECK(first["type"] == "event_callback");
            for (std::size_t retry = 0; retry < 4; ++retry) {
                CAPTURE(retry);
                CHECK(app.header("X-Slack-Retry-Num", retry) == (retry ? std::to_string(retry) : ""));
                CHECK(app.header("X-Slack-Retry-Reason", retry) == (retry ? reason : ""));
                CHECK(Json::parse(app.heard[retry].body) == first); // with the same event_id
            }
            CHECK(app.header("X-Slack-Signature", 0) != app.header("X-Slack-Signature", 3)); // signed anew
        }
    }
    SECTION("to one that did not listen, nearly at once, until it is answered")
    {
        app.listener.reset();
        const auto told = app.mention();
        world.settle();
        CHECK(told.attempts() == 1);
        CHECK_FALSE(told.delivered());
        app.listen();
        world.advance(1s);
        CHECK(told.acked());
        REQUIRE(app.heard.size() == 1);
        CHECK(app.header("X-Slack-Retry-Num", 0) == "1");
        CHECK(app.header("X-Slack-Retry-Reason", 0) == "connection_failed");
        world.advance(10min);
        CHECK(told.attempts() == 2);
    }
}

TEST_CASE("By HTTP an app can ask not to be told again, and needs three seconds at most", "[workspace][strict]")
{
    ListeningApp app;
    auto& world = app.world;
    SECTION("no more, please")
    {
        app.answer.status = 503;
        app.answer.headers = {{"X-Slack-No-Retry", "1"}};
        const auto told = app.mention();
        world.advance(10min);
        CHECK(told.attempts() == 1);
        CHECK_FALSE(told.acked());
    }
    SECTION("just in time")
    {
        app.work = 2'999ms;
        const auto told = app.mention();
        world.advance(10min);
        CHECK(told.acked());
        CHECK(told.attempts() == 1);
    }
    SECTION("a command is posted once, whatever comes of it, and its answer is in the body")
    {
        app.work = 3'001ms;
        const auto late = world.ana.command("/oncall", "who", "#ops");
        world.advance(10min);
        CHECK(late.error() == "operation_timeout");
        CHECK(app.heard.size() == 1);
        const auto fields = net::form_in(app.heard.back().body).value();
        CHECK(std::any_of(
            fields.begin(), fields.end(), [](const auto& field) { return field.name == "command" && field.value == "/oncall"; }));

        app.work = 0ms;
        app.answer.headers = {{"Content-Type", "application/json"}};
        app.answer.body = R"({"text":"ana is on call"})";
        const auto asked = world.ana.command("/oncall", "who", "#ops");
        world.settle();
        CHECK(asked.acked());
        CHECK(world.ana.last_ephemeral().text == "ana is on call");
    }
    SECTION("a click is posted once, as a form with one field, and nobody listening is an error at once")
    {
        world.call("chat.postMessage", {{"channel", "#ops"}, {"text", "x"}, {"blocks", with_button("x", "Go")}});
        app.answer.status = 500;
        const auto click = world.ana.click(world.ops.last(), "Go");
        world.advance(10min);
        CHECK(click.error() == "http_error 500");
        REQUIRE(app.heard.size() == 1);
        const auto fields = net::form_in(app.heard.back().body).value();
        REQUIRE(fields.size() == 1);
        CHECK(fields[0].name == "payload");
        CHECK(Json::parse(fields[0].value)["type"] == "block_actions");
        app.listener.reset();
        const auto unheard = world.ana.click(world.ops.last(), "Go");
        world.settle();
        CHECK(unheard.error() == "dispatch_failed");
        CHECK_FALSE(unheard.delivered());
    }
}
