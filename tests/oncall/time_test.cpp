#include "catch.hpp"
#include "oncall/time.hpp"

using namespace oncall;

TEST_CASE("Durations are read and written as people write them", "[oncall]")
{
    CHECK(duration_in("30s") == 30s);
    CHECK(duration_in("1h30m") == 90min);
    CHECK(duration_in("1d") == 24h);
    for (const auto* bad : {"", "5", "m", "5 m", "-5m", "5x", "1.5h", "99999999999999999999d", "4000d"})
        CHECK(duration_in(bad) == std::nullopt);
    CHECK(duration_out(90min) == "1h30m");
    CHECK(duration_out(0s) == "0s");
}

TEST_CASE("Local times are read strictly", "[oncall]")
{
    CHECK(local_time_in("2026-11-02T09:00"));
    CHECK(local_time_in("2026-11-02 09:00:30"));
    for (const auto* bad : {"", "2026-02-30T09:00", "2026-11-02", "2026-11-02T25:00", "2026-11-02T09:00Z", "tomorrow"})
        CHECK_FALSE(local_time_in(bad));
}

TEST_CASE("A local time that is skipped or repeated becomes one instant", "[oncall]")
{
    // Berlin, 2026-03-29: 02:00 to 03:00 does not exist. 2026-10-25: 02:00 to 03:00 is there twice.
    CHECK(iso(to_instant(*local_time_in("2026-03-29T02:30"), "Europe/Berlin"), "Europe/Berlin") == "2026-03-29T03:00:00+02:00");
    CHECK(iso(to_instant(*local_time_in("2026-10-25T02:30"), "Europe/Berlin"), "UTC").substr(0, 16) == "2026-10-25T00:30");
    CHECK(is_time_zone("America/New_York"));
    CHECK_FALSE(is_time_zone("Mars/Olympus"));
    CHECK_THROWS(to_instant(*local_time_in("2026-10-25T02:30"), "Mars/Olympus"));
}
