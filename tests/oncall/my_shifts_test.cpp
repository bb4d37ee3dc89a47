#include "catch.hpp"
#include "oncall/my_shifts.hpp"

using namespace oncall;

namespace {

TimePoint wall(const std::string& local) { return to_instant(*local_time_in(local), "Europe/Berlin"); }

Rotation weekly_rotation(std::vector<Turn> turns, const std::string& start = "2026-10-19T09:00")
{
    Rotation rotation;
    rotation.name = "weekly";
    rotation.start = *local_time_in(start);
    rotation.turns = std::move(turns);
    return rotation;
}

Configuration with(std::vector<Rotation> rotations, const std::string& name = "payments")
{
    Configuration configuration;
    auto& schedule = configuration.schedules[name];
    schedule.name = name;
    schedule.time_zone = "Europe/Berlin";
    schedule.rotations = std::move(rotations);
    return configuration;
}

const Known acquainted{{"ana@example.com", "U1"}, {"@ana", "U1"}, {"bo@example.com", "U2"}, {"chi@example.com", "U3"}};

} // namespace

TEST_CASE(
    "A person's next shifts are whole, with those before and after, and over the change of the clocks", "[oncall][my_shifts]")
{
    const auto configuration = with({weekly_rotation({{"ana@example.com"}, {"bo@example.com"}, {"chi@example.com"}})});
    const auto shifts = shifts_of(configuration, acquainted, "U1", wall("2026-10-21T12:00"), 2);
    REQUIRE(shifts.size() == 2);
    CHECK(shifts[0] == MyShift{"payments", wall("2026-10-19T09:00"), wall("2026-10-26T09:00"), false, {"U3"}, {"U2"}, {}});
    CHECK(shifts[0].end - shifts[0].start == 169h);
    CHECK(shifts[1].start == wall("2026-11-09T09:00"));
    CHECK(shifts_of(configuration, acquainted, "U4", wall("2026-10-21T12:00"), 9).empty());
}

TEST_CASE("Neighbouring turns of one person are one stretch, whatever she is called in them", "[oncall][my_shifts]")
{
    const auto configuration = with({weekly_rotation({{"ana@example.com"}, {"@ana", "bo@example.com"}, {"chi@example.com"}})});
    const auto shifts = shifts_of(configuration, acquainted, "U1", wall("2026-10-28T12:00"), 1);
    REQUIRE(shifts.size() == 1);
    CHECK(shifts[0] == MyShift{"payments", wall("2026-10-19T09:00"), wall("2026-11-02T09:00"), false, {"U3"}, {"U3"}, {"U2"}});
}

TEST_CASE(
    "Shifts of all schedules come by their beginning, and one without end says how far it was looked", "[oncall][my_shifts]")
{
    auto configuration = with({weekly_rotation({{"bo@example.com"}, {"ana@example.com"}})});
    configuration.schedules["always"] = with({weekly_rotation({{"ana@example.com"}})}, "always").schedules.at("always");
    const auto now = wall("2026-10-21T12:00");
    const auto shifts = shifts_of(configuration, acquainted, "U1", now, 3);
    REQUIRE(shifts.size() == 3);
    CHECK(shifts[0].schedule == "always");
    CHECK(shifts[0].begun_before);
    CHECK(shifts[0].end == now + shifts_ahead);
    CHECK(shifts[0].goes_on);
    CHECK_FALSE(shifts[1].goes_on);
    CHECK(shifts[1].schedule == "payments");
    CHECK(shifts[1].start == wall("2026-10-26T09:00"));
}
