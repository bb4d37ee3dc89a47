#include "catch.hpp"
#include "feeds/samples.hpp"
#include "oncall/calendar.hpp"
#include "scenarios/world.hpp"

using namespace scenario;

namespace {

bool has(const std::string& text, const std::string& part) { return text.find(part) != text.npos; }

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

struct CalendarWorld : World {
    std::string body{};
    int status{200};
    std::unique_ptr<net::Listener> server{};

    explicit CalendarWorld(oncall::Configuration configuration)
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
    std::vector<std::string> on(milliseconds ahead)
    {
        return oncall::who_is_on_call(app().context().configuration()->schedules.at("payments"), clock.now() + ahead).people;
    }
    std::string listed()
    {
        ana().command("/oncall", "calendars", "#payments-alerts");
        advance(1s);
        return slack().plain(ana().last_ephemeral());
    }
    std::string said()
    {
        std::string text;
        for (const auto& message : fallback().messages())
            text += slack().plain(message) + "\n";
        return text;
    }
};

using People = std::vector<std::string>;

} // namespace

TEST_CASE("A rotation is read from a calendar, whose last good copy holds while it cannot be read", "[scenarios][calendar]")
{
    CalendarWorld world{covered()};
    world.body = samples::calendar_of("BEGIN:VEVENT\r\nUID:1\r\nSUMMARY:chi@example.com\r\nDTSTART:20261103T110000Z\r\n"
                                      "DTEND:20261105T110000Z\r\nEND:VEVENT\r\n"
                                      "BEGIN:VEVENT\r\nUID:2\r\nSUMMARY:Somebody else\r\nDTSTART:20261120T110000Z\r\n"
                                      "DTEND:20261121T110000Z\r\nEND:VEVENT\r\n");
    world.advance(31min); // it could not be read before
    INFO(world.slack().story());
    CHECK(world.on(1h) == People{"chi@example.com"});
    CHECK(world.on(3 * 24h) == People{"ana@example.com"});
    CHECK(has(world.said(), "Somebody else"));
    CHECK(has(world.listed(), "read "));

    world.status = 404;
    world.kill();
    world.start();
    world.advance(4h);
    CHECK(world.on(1h) == People{"chi@example.com"});
    CHECK(has(world.listed(), " h old: the server says 404"));
    CHECK(has(world.said(), "What I read last holds"));
    // An export says the address, and nothing of what was read.
    const auto& rotation = world.app().context().made_of_items.schedules.at("payments").rotations.back();
    CHECK(rotation.ics == "https://calendar.example.org/cover.ics");
    CHECK(rotation.versions.empty());
}

TEST_CASE("On a holiday a rotation is off", "[scenarios][calendar]")
{
    auto configuration = sample_configuration();
    oncall::HolidayCalendar company;
    company.name = "company";
    company.dates[std::chrono::floor<std::chrono::days>(oncall::local_time_in("2026-11-04T00:00").value())] = "Founders' day";
    configuration.holidays["company"] = company;
    auto& schedule = configuration.schedules.at("payments");
    schedule.holidays = "company";
    schedule.rotations.front().on_holidays = oncall::OnHolidays::off;
    CalendarWorld world{configuration};
    CHECK(world.on(1h) == People{"ana@example.com"});
    CHECK(world.on(24h) != People{"ana@example.com"});
    CHECK(world.on(48h) == People{"ana@example.com"});
}
