#include "catch.hpp"
#include "config/export.hpp"
#include "feeds/samples.hpp"
#include "oncall/calendar.hpp"
#include "scenarios/sees.hpp"
#include "storage/absences.hpp"

using namespace scenario;

namespace {

/// The sample, with a rotation above it that a calendar says.
oncall::Configuration covered()
{
    auto configuration = sample_configuration();
    oncall::Rotation cover;
    cover.name = "cover";
    cover.priority = 9;
    cover.ics = "https://calendar.example.org/cover.ics";
    configuration.schedules.at("payments").rotations.push_back(cover);
    return configuration;
}

std::string shift_of(const std::string& who, const std::string& from, const std::string& to)
{
    return "BEGIN:VEVENT\r\nUID:" + from + "@test\r\nSUMMARY:" + who + "\r\nDTSTART:" + from + "\r\nDTEND:" + to
        + "\r\nEND:VEVENT\r\n";
}

/// With a server of one calendar.
struct CoverWorld : World {
    std::string body{};
    int status{200};
    std::unique_ptr<net::Listener> server{};

    explicit CoverWorld(oncall::Configuration configuration)
        : World{std::move(configuration)}
    {
        net::Service service;
        service.serve = [this](net::Request) { return answer(); };
        server = listen("calendar.example.org:443", std::move(service));
    }
    asio::awaitable<net::Response> answer()
    {
        net::Response response;
        response.status = status;
        response.body = body;
        co_return response;
    }
    std::vector<std::string> on_duty(milliseconds ahead)
    {
        return oncall::who_is_on_call(app().context().configuration()->schedules.at("payments"), clock.now() + ahead).people;
    }
    std::size_t said(const std::string& part)
    {
        std::size_t count = 0;
        for (const auto& message : fallback().messages())
            count += has(slack().plain(message), part) ? 1 : 0;
        return count;
    }
};

using People = std::vector<std::string>;

} // namespace

TEST_CASE("A rotation is read from a calendar, whose last good copy holds while it cannot be read",
    "[scenarios][calendar][socket][long]")
{
    CoverWorld world{covered()};
    world.body = samples::calendar_of(shift_of("chi@example.com", "20261103T110000Z", "20261105T110000Z")
        + shift_of("dee@example.com", "20261106T110000Z", "20261107T110000Z")
        + shift_of("zed@example.com", "20261108T110000Z", "20261109T110000Z")
        + shift_of("Somebody else", "20261120T110000Z", "20261121T110000Z"));
    world.advance(15min); // it could not be read before
    INFO(world.slack().story());
    CHECK(world.on_duty(1h) == People{"chi@example.com"});
    CHECK(world.on_duty(60h) == People{"ana@example.com"});
    // Slack was asked for dee, whom the configuration does not name; nobody is called zed, and so the rota stays on.
    CHECK(world.on_duty(3 * 24h) == People{"dee@example.com"});
    CHECK(world.on_duty(5 * 24h) == People{"ana@example.com"});
    CHECK(world.said("Somebody else") == 1);
    CHECK(world.said("zed@example.com") == 1);
    const auto list = type(world, world.ana(), "calendars");
    CHECK(has(list, "read "));
    CHECK(has(list, "4 shifts to come"));
    CHECK(has(list, "zed@example.com"));
    // What the operator wrote is what is exported.
    const auto& stored = world.app().context().made_of_items;
    CHECK(stored.schedules == covered().schedules);
    CHECK(has(config::export_yaml(stored), "ics: https://calendar.example.org/cover.ics"));

    SECTION("unreadable, or a page in its place: what was read last holds, and its age is shown")
    {
        const bool is_page = GENERATE(false, true);
        world.status = is_page ? 200 : 404;
        world.body = is_page ? "<html>Please sign in</html>" : "";
        world.kill();
        world.start();
        world.advance(4h);
        CHECK(world.on_duty(1h) == People{"chi@example.com"});
        for (const std::string command : {"calendars", "status"}) {
            const auto shown = type(world, world.ana(), command);
            CHECK(has(shown, " h old: "));
            CHECK(has(shown, is_page ? "no calendar" : "404"));
        }
        CHECK(world.said("What I read last holds") == 1);
        CHECK(world.said("Somebody else") == 1); // a restart does not say it again
        CHECK(world.said("no shifts") == 0);
    }
    SECTION("emptied: it is said at once that nobody is on duty by it, and when there are shifts again")
    {
        const auto full = world.body;
        world.body = samples::calendar_of("");
        world.advance(31min);
        CHECK(world.on_duty(1h) == People{"ana@example.com"});
        CHECK(world.said("has no shifts to come any more. It had 4") == 1);
        world.advance(2h);
        CHECK(world.said("has no shifts to come any more") == 1);
        world.body = full;
        world.advance(31min);
        CHECK(world.on_duty(1h) == People{"chi@example.com"});
        CHECK(world.said("has shifts to come: 4") == 1);
        world.advance(10min);
        CHECK(world.said("Somebody else") == 2); // it was gone
    }
    SECTION("what is left out of it is said where people look")
    {
        CHECK_FALSE(has(type(world, world.ana(), "status"), "was left out"));
        auto often = shift_of("Bo", "20261110T110000Z", "20261110T120000Z");
        often.insert(often.find("DTSTART"), "RRULE:FREQ=HOURLY\r\n");
        world.body = samples::calendar_of(often);
        world.advance(31min);
        CHECK(has(type(world, world.ana(), "status"), "was left out. `/oncall calendars` shows why"));
        CHECK(has(type(world, world.ana(), "calendars"), "What repeats more often than daily was left out."));
    }
    SECTION("what is over stays when the calendar tells only of what is to come")
    {
        world.advance(3 * 24h);
        world.body = samples::calendar_of(shift_of("Bo", "20261110T110000Z", "20261111T110000Z"));
        world.advance(31min);
        CHECK(world.on_duty(-2 * 24h) == People{"chi@example.com"});
        CHECK(world.on_duty(4 * 24h + 2h) == People{"bo@example.com"});
    }
}

TEST_CASE("A rotation does not wait for people's own calendars, however slow they are", "[scenarios][calendar][socket]")
{
    CoverWorld world{covered()};
    int asked = 0;
    net::Service slow;
    slow.serve = [&](net::Request) -> asio::awaitable<net::Response> {
        ++asked;
        co_await world.clock.pause(10s);
        net::Response response;
        response.body = samples::calendar_of("");
        co_return response;
    };
    const auto server = world.listen("a.example.org:443", std::move(slow)); // it comes before the rotation's by its name
    world.advance(2s);
    world.write([&](storage::Transaction& tx) {
        for (const auto* const person : {&world.ana(), &world.bo(), &world.chi()})
            storage::Absences{tx}.set_calendar(person->id(), "https://a.example.org/" + person->id(), world.clock.now());
        return true;
    });
    world.body = samples::calendar_of(shift_of("chi@example.com", "20261103T110000Z", "20261105T110000Z"));
    world.advance(5min);
    INFO(world.slack().story());
    REQUIRE(asked == 1); // in the same pass
    CHECK(world.on_duty(0s) == People{"chi@example.com"});
    world.advance(30s);
    CHECK(asked == 3);
}

TEST_CASE("A calendar whose last shift ends, or that never had one, is said once", "[scenarios][calendar][socket]")
{
    CoverWorld world{covered()};
    SECTION("it runs out, though it stays as it is")
    {
        world.body = samples::calendar_of(shift_of("chi@example.com", "20261103T110000Z", "20261103T140000Z"));
        world.advance(15min);
        CHECK(world.on_duty(1h) == People{"chi@example.com"});
        CHECK(world.said("shifts to come") == 0);
        world.advance(150min);
        CHECK(world.said("has no shifts to come any more. It had 1. Nobody is on duty by it.") == 1);
    }
    SECTION("it is empty when it is first read")
    {
        world.body = samples::calendar_of("");
        world.advance(15min);
        CHECK(world.said("has no shifts to come. Nobody is on duty by it.") == 1);
    }
    INFO(world.slack().story());
    world.kill();
    world.start();
    world.advance(90min);
    CHECK(world.said("shifts to come") == 1);
}

TEST_CASE("On a holiday a rotation is off, and its hours count as a holiday's in reports", "[scenarios][calendar][socket]")
{
    auto configuration = sample_configuration();
    auto& company = configuration.holidays["company"];
    company.name = "company";
    company.dates[std::chrono::floor<std::chrono::days>(oncall::local_time_in("2026-11-04T00:00").value())] = "Founders' day";
    auto& schedule = configuration.schedules.at("payments");
    schedule.holidays = "company";
    const bool off = GENERATE(false, true);
    if (off)
        schedule.rotations.front().on_holidays = oncall::OnHolidays::off;
    CoverWorld world{configuration};
    world.advance(2s);
    CHECK(world.on_duty(1h) == People{"ana@example.com"});
    CHECK(world.on_duty(24h) == (off ? People{} : People{"ana@example.com"}));
    CHECK(world.on_duty(48h) == People{"ana@example.com"});
    CHECK(world.app().context().made_of_items.schedules == configuration.schedules);
    CHECK(world.app().context().made_of_items.holidays == configuration.holidays);
    world.advance(2 * 24h);
    type(world, world.ana(), "report payments 2026-11-04");
    const auto report = world.ana().last_ephemeral().text;
    INFO(report);
    CHECK(has(report, "holiday 24.0") != off);
}
