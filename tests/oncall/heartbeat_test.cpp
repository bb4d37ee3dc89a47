#include "oncall/heartbeat.hpp"

#include "catch.hpp"

using namespace oncall;
using namespace std::chrono_literals;

TEST_CASE("A heartbeat expires an interval after it was heard of, and is not watched before", "[oncall][heartbeat]")
{
    const TimePoint noon{milliseconds{1'793'707'200'000}};
    Heartbeat backup;
    backup.name = "backup";
    backup.every = 26;
    backup.unit = "hours";
    CHECK_FALSE(expires_at(backup)); // never heard of
    backup.pinged_at = backup.counts_from = noon;
    CHECK(expires_at(backup) == noon + 26h);
    backup.counts_from = noon + 30h; // we were away
    CHECK(expires_at(backup) == noon + 56h);
    auto other = backup;
    other.enabled = false;
    CHECK_FALSE(expires_at(other));
    other = backup;
    other.expired = true;
    CHECK_FALSE(expires_at(other));

    CHECK_FALSE(was_away(noon, noon + 2s));
    CHECK(was_away(noon, noon + 30s));

    CHECK(heartbeat_interval(1, "minutes") == 1min);
    CHECK(heartbeat_interval(366, "days") == longest_interval);
    for (const auto& [every, unit] : std::vector<std::pair<std::int64_t, std::string>>{
             {0, "minutes"}, {-1, "hours"}, {367, "days"}, {INT64_MAX, "minutes"}, {1, "weeks"}, {1, ""}})
        CHECK_FALSE(heartbeat_interval(every, unit));

    CHECK(expiry_title(backup) == "Heartbeat backup is expired");
    CHECK(expiry_words(backup).starts_with(
        "Nothing has been heard of heartbeat backup since 2026-11-03 12:00 UTC, and it is expected every 26 hours."));
    backup.alert_message = "No backup!";
    backup.every = 1;
    CHECK(expiry_title(backup) == "No backup!");
    CHECK(interval_words(backup) == "every hour");
}
