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

    CHECK_FALSE(was_away(noon, noon + 40s));
    CHECK(was_away(noon, noon + 5min));

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

TEST_CASE("A heartbeat's interval begins anew for our own absence, once, and for no stall", "[oncall][heartbeat]")
{
    const TimePoint noon{milliseconds{1'793'707'200'000}};
    const auto before = noon - 3h;
    struct Row {
        milliseconds late;
        TimePoint running_since;
        bool was_put_off;
        bool begins_anew;
    };
    const Row rows[] = {
        {0s, before, false, false},
        {40s, before, false, false}, // a stall
        {1min, noon + 50s, false, true}, // a restart
        {1h, before, false, true}, // a machine that slept
        {1h, noon + 59min, false, true},
        {1min, noon + 50s, true, false}, // not for ever
        {1h, before, true, false},
    };
    for (const auto& row : rows) {
        INFO(row.late.count() << (row.was_put_off ? " again" : ""));
        Heartbeat backup;
        backup.pinged_at = noon - 2h;
        backup.counts_from = row.was_put_off ? noon - 1h : backup.pinged_at;
        CHECK(begins_anew(backup, noon, noon + row.late, row.running_since) == row.begins_anew);
    }
}
