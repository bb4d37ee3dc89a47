#include "oncall/heartbeat.hpp"

#include "catch.hpp"
#include "oncall/silences.hpp"

using namespace oncall;
using namespace std::chrono_literals;

TEST_CASE("A heartbeat expires an interval after it was heard of, and is not watched before", "[oncall][heartbeat]")
{
    const TimePoint midday{milliseconds{1'793'707'200'000}};
    Heartbeat backup;
    backup.name = "backup";
    backup.every = 26;
    backup.unit = "hours";
    CHECK_FALSE(expires_at(backup)); // never heard of
    backup.pinged_at = backup.counts_from = midday;
    CHECK(expires_at(backup) == midday + 26h);
    backup.counts_from = midday + 30h; // we were away
    CHECK(expires_at(backup) == midday + 56h);
    auto other = backup;
    other.enabled = false;
    CHECK_FALSE(expires_at(other));
    other = backup;
    other.expired = true;
    CHECK_FALSE(expires_at(other));

    CHECK_FALSE(was_away(midday, midday + 40s));
    CHECK(was_away(midday, midday + 5min));

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
    const TimePoint midday{milliseconds{1'793'707'200'000}};
    const auto before = midday - 3h;
    struct Row {
        milliseconds late;
        TimePoint running_since;
        bool was_put_off;
        bool begins_anew;
    };
    const Row rows[] = {
        {0s, before, false, false},
        {40s, before, false, false}, // a stall
        {1min, midday + 50s, false, true}, // a restart
        {1h, before, false, true}, // a machine that slept
        {1h, midday + 59min, false, true},
        {1min, midday + 50s, true, false}, // not for ever
        {1h, before, true, false},
    };
    for (const auto& row : rows) {
        INFO(row.late.count() << (row.was_put_off ? " again" : ""));
        Heartbeat backup;
        backup.pinged_at = midday - 2h;
        backup.counts_from = row.was_put_off ? midday - 1h : backup.pinged_at;
        CHECK(begins_anew(backup, midday, midday + row.late, row.running_since) == row.begins_anew);
    }
}

namespace {

Heartbeat daily_backup()
{
    Heartbeat backup;
    backup.name = "backup";
    backup.source = "cron";
    backup.every = 1;
    backup.unit = "days";
    backup.grace = 2h;
    return backup;
}

constexpr TimePoint midday{milliseconds{1'793'707'200'000}};

} // namespace

TEST_CASE("The end of a ping's address says what it says, as Healthchecks has it", "[oncall][heartbeat]")
{
    CHECK(ping_in("")->kind == Ping::Kind::success);
    CHECK(ping_in("start")->kind == Ping::Kind::start);
    CHECK(ping_in("fail")->kind == Ping::Kind::fail);
    CHECK(ping_in("0")->kind == Ping::Kind::success);
    CHECK(ping_in("000")->kind == Ping::Kind::success);
    CHECK(ping_in("255")->status == 255);
    CHECK(ping_in("255")->kind == Ping::Kind::fail);
    for (const auto* no : {"256", "0001", "-1", "+1", "1.0", "Start", "log", "12a", " 1", "99999999999999999999"})
        CHECK_FALSE(ping_in(no));
}

TEST_CASE("A heartbeat is fresh, late, missing or failed by its last ping, its interval and its grace", "[oncall][heartbeat]")
{
    using Kind = Ping::Kind;
    using State = HeartbeatState;
    struct Ear {
        milliseconds at; // after midday
        Ping ping;
    };
    struct Row {
        const char* name;
        std::vector<Ear> heard;
        std::optional<milliseconds> expires; // after midday
        milliseconds looked_at;
        State state;
    };
    const Row rows[] = {
        {"never heard of it is not watched", {}, std::nullopt, 100h, State::never},
        {"in time", {{0h, {}}}, 26h, 24h, State::fresh},
        {"late is not missing yet", {{0h, {}}}, 26h, 25h, State::late},
        {"an early one moves when the next is due", {{0h, {}}, {1h, {}}}, 27h, 25h, State::fresh},
        {"many in one millisecond are one", {{0h, {}}, {0h, {}}, {0h, {}}}, 26h, 1h, State::fresh},
        {"a late one begins anew", {{0h, {}}, {25h, {}}}, 51h, 26h, State::fresh},
        {"a clock that was set back counts as it is now", {{5h, {}}, {0h, {}}}, 26h, 1h, State::fresh},
        {"a start alone is watched for its grace", {{0h, {Kind::start}}}, 2h, 1h, State::never},
        {"one that only ever begins is missing", {{0h, {Kind::start}}, {1h, {Kind::start}}}, 2h, 1h, State::never},
        {"a start is no success", {{0h, {}}, {23h, {Kind::start}}}, 25h, 24h, State::fresh},
        {"a start moves nothing further away", {{0h, {}}, {25h, {Kind::start}}}, 26h, 25h, State::late},
        {"a second start begins the run anew", {{0h, {}}, {1h, {Kind::start}}, {2h, {Kind::start}}}, 4h, 2h, State::fresh},
        {"a success ends the run", {{0h, {}}, {1h, {Kind::start}}, {2h, {}}}, 28h, 3h, State::fresh},
        {"a failure is told at once, and its next time counts", {{0h, {}}, {1h, {Kind::fail, 3}}}, 27h, 1h, State::failed},
        {"a success ends a failure", {{1h, {Kind::fail}}, {2h, {}}}, 28h, 2h, State::fresh},
    };
    for (const auto& row : rows) {
        INFO(row.name);
        auto backup = daily_backup();
        for (const auto& ear : row.heard)
            backup = heard(backup, ear.ping, midday + ear.at);
        CHECK(expires_at(backup) == (row.expires ? std::optional{midday + *row.expires} : std::nullopt));
        CHECK(state_of(backup, midday + row.looked_at) == row.state);
    }
    auto backup = heard(heard(daily_backup(), {Kind::start}, midday), {Kind::fail, 3, "disk full"}, midday + 90s);
    CHECK(backup.lasted == 90s);
    CHECK(backup.failure == "failed with exit status 3");
    CHECK(backup.last_words == "disk full");
    CHECK(heard(heard(daily_backup(), {Kind::start}, midday), {}, midday - 1h).lasted == 0s); // the clock was set back
    CHECK(heard(daily_backup(), {}, midday).lasted < 0s);
    backup.enabled = false;
    CHECK(state_of(backup, midday) == State::paused);
    CHECK_FALSE(expires_at(backup));
    // Without grace a run may last as long as the interval.
    auto strict = daily_backup();
    strict.grace = {};
    CHECK(expires_at(heard(heard(strict, {}, midday), {Kind::start}, midday + 1h)) == midday + 24h);
}

TEST_CASE("A pause of a heartbeat has an end, and after it there is a whole interval and the grace", "[oncall][heartbeat]")
{
    using Kind = Ping::Kind;
    struct Row {
        const char* name;
        Heartbeat before;
        std::vector<std::pair<milliseconds, Ping>> heard; // while it is paused, after midday
        std::optional<milliseconds> expires; // after midday, for a pause of three days
    };
    const auto known = heard(daily_backup(), {}, midday - 20h);
    const Row rows[] = {
        {"nothing was heard meanwhile", known, {}, 98h},
        {"a ping shortly before its end makes it no shorter", known, {{71h, {}}}, 98h},
        {"a run that hangs since then is not missing at once", known, {{60h, {Kind::start}}}, 98h},
        {"a failure was told nobody", known, {{60h, {Kind::fail, 3}}}, 98h},
        {"never heard of, its first ping begins the watch", daily_backup(), {}, std::nullopt},
        {"nor does a start while it is paused", daily_backup(), {{60h, {Kind::start}}}, std::nullopt},
    };
    for (const auto& row : rows) {
        INFO(row.name);
        auto backup = paused(row.before, midday + 72h, "UANA", "the disk is moved");
        CHECK(next_change(backup) == midday + 72h);
        for (const auto& [at, ping] : row.heard) {
            backup = heard(backup, ping, midday + at);
            CHECK(next_change(backup) == midday + 72h); // no ping ends it, and none makes it longer
            CHECK(state_of(backup, midday + at) == HeartbeatState::paused);
        }
        const auto again = resumed(backup, midday + 72h);
        CHECK(next_change(again) == (row.expires ? std::optional{midday + *row.expires} : std::nullopt));
        CHECK(again.failure.empty());
        CHECK(again.paused_by.empty());
        CHECK(again.pause_reason.empty());
    }

    // What had no end has the longest from now on, and what a wrong clock made longer no more than that.
    const TimePoint longest = midday + longest_silence;
    const auto without = with_an_end(paused(known, {}, "", ""), midday);
    CHECK(without.paused_until == longest);
    CHECK_FALSE(without.pause_reason.empty());
    CHECK(with_an_end(without, midday + 72h) == without);
    const auto ahead = with_an_end(paused(known, midday + 24h * 400, "UANA", "why"), midday);
    CHECK(ahead.paused_until == longest);
    CHECK(ahead.paused_by == "UANA");
    CHECK(ahead.pause_reason == "why");
}

TEST_CASE("What is said of a heartbeat names what happened, since when, and its last words", "[oncall][heartbeat]")
{
    auto backup = heard(daily_backup(), {Ping::Kind::success, -1, "copied 3 files"}, midday);
    backup.description = "Ask the storage team.";
    backup.expired = true;
    CHECK(expiry_words(backup)
        == "Nothing has been heard of heartbeat backup since 2026-11-03 12:00 UTC, and it is expected every day, 2h late at "
           "most. "
           "This goes away by itself when it is heard of again.\nAsk the storage team.\nIts last words:\ncopied 3 files");
    CHECK(recovery_words(backup, midday + 28h + 59s) == "it was silent for 1d4h");
    CHECK(recovery_words(backup, midday - 1h) == "it was silent for 0s");
    auto running = heard(heard(daily_backup(), {}, midday), {Ping::Kind::start}, midday + 24h);
    running.expired = true;
    CHECK(expiry_words(running).starts_with("Heartbeat backup began a run at 2026-11-04 12:00 UTC, and has not said since"));
    const auto failed = heard(running, {Ping::Kind::fail, 3, std::string(5'000, 'x') + "the end"}, midday + 25h);
    CHECK(expiry_title(failed) == "Heartbeat backup failed with exit status 3");
    CHECK(expiry_words(failed).starts_with("Heartbeat backup itself says that it failed with exit status 3, after 1h."));
    CHECK(expiry_words(failed).ends_with("the end"));
    CHECK(expiry_words(failed).size() < 2'000);
    CHECK(recovery_words(failed, midday + 25h + 5min) == "it succeeds again after 5m");
}

TEST_CASE("What is configured wins, and another interval is nobody's silence", "[oncall][heartbeat]")
{
    Monitor monitor{
        .name = "backup", .source = "cron", .every = 36h, .grace = 30min, .service = "checkout", .severity = "warning"};
    auto made = heard(made_by_ping("cron", "backup", 24h), {}, midday);
    CHECK(made.grace == 1h);
    made.alert_message = "By Opsgenie's API";
    made.priority = "P1";
    auto configured = as_configured(made, monitor, midday + 1h);
    CHECK(configured.configured);
    CHECK(interval_words(configured) == "every 36 hours");
    CHECK(configured.alert_message.empty());
    CHECK(configured.priority.empty());
    CHECK(expires_at(configured) == midday + 36h + 30min);
    CHECK(as_configured(configured, monitor, midday + 100h) == configured); // the same once more changes nothing

    monitor.every = 5min; // it would have been missing for long
    const auto shorter = as_configured(configured, monitor, midday + 10h);
    CHECK(expires_at(shorter) == midday + 10h + 35min);
    CHECK(shorter.pinged_at == midday);
    configured.expired = true; // what is missing stays so
    CHECK(as_configured(configured, monitor, midday + 50h).expired);

    CHECK(usual_grace(1min) == 1min);
    CHECK(usual_grace(3h) == 18min);
    CHECK(usual_grace(24h * 7) == 1h);
    for (const auto every : {0min, 1min, 60min, 24min * 60, 366 * 24min * 60})
        CHECK(may_be_interval(every) == (every != 0min));
    CHECK_FALSE(may_be_interval(90s));
    CHECK_FALSE(may_be_interval(367 * 24h));
    CHECK(may_be_grace(0s));
    CHECK_FALSE(may_be_grace(-1min));
}
