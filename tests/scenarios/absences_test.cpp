#include "catch.hpp"
#include "feeds/samples.hpp"
#include "handlers/absences.hpp"
#include "scenarios/sees.hpp"
#include "storage/absences.hpp"
#include "storage/feeds.hpp"

using namespace scenario;

namespace {

std::vector<std::string> told_of(World& world, workspace::Person& person, const std::string& part)
{
    std::vector<std::string> all;
    for (const auto& message : person.dms())
        if (!message.ephemeral && has(message.text, part))
            all.push_back(world.slack().plain(message));
    return all;
}

/// A server of one calendar on the internet.
struct CalendarServer {
    World& world;
    std::string body{};
    int status{200};
    int asked{};
    std::string last_tag{};
    std::unique_ptr<net::Listener> listener{};

    explicit CalendarServer(World& in)
        : world{in}
    {
        net::Service service;
        service.serve = [this](net::Request request) { return answer(std::move(request)); };
        listener = world.listen("calendar.example.org:443", std::move(service));
    }
    asio::awaitable<net::Response> answer(net::Request request)
    {
        ++asked;
        last_tag = std::string{net::header(request.headers, "If-None-Match")};
        net::Response response;
        response.status = status;
        response.headers = {{"ETag", "\"" + storage::sha256(body).substr(0, 8) + "\""}};
        response.body = body;
        if (status == 200 && last_tag == response.headers.front().value) {
            response.status = 304;
            response.body.clear();
        }
        co_return response;
    }
};

std::string day_off(const std::string& from, const std::string& to, const std::string& title)
{
    return "BEGIN:VEVENT\r\nUID:" + from + "@test\r\nDTSTART;VALUE=DATE:" + from + "\r\nDTEND;VALUE=DATE:" + to
        + "\r\nSUMMARY:" + title + "\r\nEND:VEVENT\r\n";
}

} // namespace

TEST_CASE("Whoever is away in a shift is told at once and once, with a button to find cover", "[scenarios][absences]")
{
    World world;
    world.advance(2s); // who people are is known by now
    INFO(world.slack().story());
    // Bo's week begins on Monday, the 9th, at 9 in Berlin.
    const auto said = type(world, world.bo(), "away 2026-11-11 to 2026-11-12 because a wedding");
    CHECK(has(said, "You are away from"));
    CHECK(has(said, "a wedding"));
    REQUIRE(told_of(world, world.bo(), "on call by schedule payments").size() == 1);
    const auto message = world.bo().last_dm();
    CHECK(has(message.text, "a wedding"));
    CHECK(has(message.text, "paged all the same"));
    // Neither a repeat nor a restart nor another look says it again, and bo is paged all the same.
    type(world, world.bo(), "away 2026-11-11 to 2026-11-12");
    world.kill();
    world.start();
    world.advance(7h);
    CHECK(told_of(world, world.bo(), "on call by schedule payments").size() == 1);
    CHECK(oncall::who_is_on_call(world.app().context().configuration()->schedules.at("payments"), noon + 8 * 24h).people.front()
        == "bo@example.com");

    SECTION("the button opens the form in which somebody takes it")
    {
        const auto pressed = world.bo().click(message, "Find cover");
        world.settle();
        CHECK(pressed.error() == "");
        CHECK(world.bo().modals() == 1);
        CHECK(has(world.slack().plain(world.bo().modal()), "payments"));
    }
    SECTION("it is listed, and removed")
    {
        const auto list = type(world, world.bo(), "away list");
        CHECK(has(list, "a wedding"));
        const auto pressed = world.bo().click(world.bo().last_ephemeral(), "Remove");
        world.advance(1s);
        CHECK(pressed.error() == "");
        CHECK(has(type(world, world.bo(), "away list"), "no absences to come"));
        CHECK(has(type(world, world.ana(), "away list"), "no absences to come"));
        // It was the wrong day: another one in the same shift is told too.
        type(world, world.bo(), "away 2026-11-13");
        CHECK(told_of(world, world.bo(), "on call by schedule payments").size() == 2);
    }
    SECTION("a shift that begins later by then is not told again")
    {
        world.write([&](storage::Transaction& tx) {
            storage::StoredOverride one;
            one.what = {.from = noon + 5 * 24h, .to = noon + 7 * 24h, .people = {"ana@example.com"}};
            one.schedule = "payments";
            one.made_by = "cto";
            one.made_at = world.clock.now();
            storage::Overrides{tx}.add(one);
            return true;
        });
        world.put_in_force();
        world.advance(1s);
        CHECK(told_of(world, world.bo(), "on call by schedule payments").size() == 1);
    }
    SECTION("a shift that comes later clashes then")
    {
        type(world, world.ana(), "away 2026-11-11");
        CHECK(told_of(world, world.ana(), "on call by schedule payments").empty());
        world.write([&](storage::Transaction& tx) {
            storage::StoredOverride one;
            one.what = {.from = noon + 7 * 24h, .to = noon + 9 * 24h, .people = {"ana@example.com"}};
            one.schedule = "payments";
            one.made_by = "cto";
            one.made_at = world.clock.now();
            storage::Overrides{tx}.add(one);
            return true;
        });
        world.put_in_force();
        world.advance(1s);
        CHECK(told_of(world, world.ana(), "on call by schedule payments").size() == 1);
    }
}

TEST_CASE("An absence is made by a form, and what is wrong in it is said at the field", "[scenarios][absences]")
{
    World world;
    world.advance(2s);
    const auto typed = world.bo().command("/oncall", "away", "#payments-alerts");
    world.settle();
    CHECK(typed.error() == "");
    REQUIRE(world.bo().modals() == 1);
    const auto seconds = [](TimePoint at) { return std::to_string(at.time_since_epoch().count() / 1'000); };
    world.bo().fill({{"From", seconds(noon + 10 * 24h)}, {"To", seconds(noon + 8 * 24h)}});
    world.bo().submit();
    world.settle();
    REQUIRE(world.bo().modals() == 1);
    CHECK(has(world.bo().modal().errors.at("away.to"), "after the beginning"));
    world.bo().fill({{"From", seconds(noon + 8 * 24h)}, {"To", seconds(noon + 10 * 24h)}});
    CHECK(world.bo().submit().error() == "");
    world.advance(1s);
    CHECK(world.bo().modals() == 0);
    CHECK(told_of(world, world.bo(), "on call by schedule payments").size() == 1);
}

TEST_CASE("A person's own calendar says when she is away, and is read again and again", "[scenarios][absences]")
{
    World world;
    world.advance(2s);
    CalendarServer server{world};
    server.body =
        samples::calendar_of(day_off("20261111", "20261113", "Holiday") + day_off("20261208", "20261209", "Fair #oncall-ignore"));
    CHECK(has(type(world, world.bo(), "away calendar http://calendar.example.org/x.ics"), "must start with https://"));
    CHECK(has(type(world, world.bo(), "away calendar https://192.168.0.1/x.ics"), "private network"));
    CHECK(has(type(world, world.bo(), "away calendar https://calendar.example.org/secret-1234/x.ics"), "calendar.example.org"));
    CHECK(server.asked == 1);
    REQUIRE(told_of(world, world.bo(), "on call by schedule payments").size() == 1);
    const auto list = type(world, world.bo(), "away list");
    CHECK(has(list, "Holiday"));
    CHECK(has(list, "from your calendar"));
    CHECK_FALSE(has(list, "Fair"));

    // Every half an hour; what has not changed is not sent again.
    world.advance(31min);
    CHECK(server.asked == 2);
    CHECK(server.last_tag != "");
    server.body = samples::calendar_of(day_off("20261201", "20261203", "Moved"));
    world.advance(30min);
    CHECK(has(type(world, world.bo(), "away list"), "Moved"));

    SECTION("what was read last holds while it cannot be read; its owner is told once, and when it is over")
    {
        server.status = 500;
        world.advance(4h);
        CHECK(told_of(world, world.bo(), "I cannot read it").size() == 1);
        const auto stale = type(world, world.bo(), "away list");
        CHECK(has(stale, "Moved"));
        CHECK(has(stale, " h old: the server says 500"));
        const auto asked = server.asked;
        world.kill();
        world.start();
        world.advance(8h);
        CHECK(server.asked >= asked + 6); // about once an hour by now
        CHECK(server.asked <= asked + 11);
        CHECK(told_of(world, world.bo(), "I cannot read it").size() == 1);
        server.status = 200;
        world.advance(61min);
        CHECK(told_of(world, world.bo(), "again").size() == 1);
    }
    SECTION("a page in place of the calendar changes nothing either")
    {
        server.body = "<html>Please sign in</html>";
        world.advance(31min);
        CHECK(has(type(world, world.bo(), "away list"), "Moved"));
        CHECK(has(type(world, world.bo(), "away list"), "no calendar"));
    }
    SECTION("one at whose reading the process died is not what the next one begins with")
    {
        world.write([&](storage::Transaction& tx) {
            const auto address = storage::Feeds{tx}.due().begin()->first;
            storage::Feeds{tx}.put_off(address, world.clock.now() + 20min, "reading it did not come to an end.");
            return true;
        });
        const auto asked = server.asked;
        world.kill();
        world.start();
        world.advance(19min);
        CHECK(server.asked == asked);
        CHECK(has(type(world, world.bo(), "away list"), "did not come to an end"));
        CHECK(has(type(world, world.bo(), "away list"), "Moved"));
        world.advance(2min);
        CHECK(server.asked == asked + 1);
        CHECK_FALSE(has(type(world, world.bo(), "away list"), "did not come to an end"));
    }
    SECTION("taken out, it is forgotten")
    {
        type(world, world.bo(), "away calendar off");
        CHECK_FALSE(has(type(world, world.bo(), "away list"), "Moved"));
        world.advance(1s);
        CHECK(world.look([](storage::Transaction& tx) { return storage::Feeds{tx}.due().size(); }) == 0);
    }
    for (const auto& line : world.logged())
        CHECK_FALSE(has(line, "secret-1234"));
}
