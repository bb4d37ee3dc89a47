#pragma once

#include "oncall/configuration.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace oncall {

/// Something that is to be heard of in each interval: silence is the alarm.
struct Heartbeat {
    std::int64_t id{};
    std::string source{}; // by whose key it is pinged, and whose alert it raises
    std::string name{}; // unique among the source's
    std::string description{};
    int every{1}; // in units
    std::string unit{"minutes"}; // or "hours", "days"
    bool enabled{true};
    std::string alert_message{}; // the alert's title; empty: the usual one
    std::string priority{}; // the alert's, in the source's words; empty: none given
    std::vector<std::string> tags{};
    std::string owner_team{};
    TimePoint pinged_at{}; // TimePoint{}: never
    TimePoint counts_from{}; // the interval begins there: the last ping, or when we were back; TimePoint{}: not yet
    bool expired{};
    milliseconds grace{}; // how late it may be
    std::string service{}; // whose alert its silence is; empty: the source's
    std::string severity{}; // of that alert, in our words; empty: by its priority
    bool configured{}; // by oncall.yaml or a form: they say what it is
    TimePoint started_at{}; // a run of it is under way since then; TimePoint{}: none, as far as it has said
    milliseconds lasted{-1}; // its last run; negative: it has not said
    std::string failure{}; // what it said last is that it failed: "failed with exit status 3"
    std::string last_words{}; // what it sent with its last ping
    TimePoint paused_until{}; // while it is not enabled: when it is again, by itself
    std::string paused_by{}; // empty: nobody in Slack
    std::string pause_reason{}; // may be empty
    bool operator==(const Heartbeat&) const = default;
};

/// What a ping says.
struct Ping {
    enum class Kind { success, start, fail } kind{};
    int status{-1}; // its exit status; negative: it has not said
    std::string words{}; // what it sent with it
};
/// By the last part of its address, as Healthchecks has them: "" a success, "start", "fail", or an exit status, 0 to 255.
std::optional<Ping> ping_in(std::string_view deed);
/// What a heartbeat is after a ping. An early one moves when the next is due, and a success ends silence and failure. A start is
/// no sign that anything was done: it ends nothing, and a run that does not end in time is missing.
Heartbeat heard(Heartbeat heartbeat, const Ping& ping, TimePoint now);

/// The last of what a job sends that is kept, in bytes: errors stand at the end.
inline constexpr std::size_t most_last_words = 10'000;
/// Of what is configured, in bytes.
inline constexpr std::size_t most_monitor_description = 1'000;
/// How many one source's pings may make by themselves, whoever has its key.
inline constexpr int most_made_by_pings = 100;

/// How late whatever its first ping makes may be: a tenth of the interval, from a minute to an hour.
milliseconds usual_grace(milliseconds every);
/// A heartbeat's interval in whole minutes, from one to a year; its grace the same, or none.
bool may_be_interval(milliseconds every);
bool may_be_grace(milliseconds grace);
/// `before` as it is configured now. Its time begins anew where it would have run out already: another interval is nobody's
/// silence.
Heartbeat as_configured(Heartbeat before, const Monitor& monitor, TimePoint now);
/// What the first ping by a name makes.
Heartbeat made_by_ping(const std::string& source, const std::string& name, milliseconds every);

enum class HeartbeatState { fresh, late, missing, failed, never, paused };
/// late: its time is over, its grace is not; never: nothing was heard of it yet.
HeartbeatState state_of(const Heartbeat& heartbeat, TimePoint now);

/// A year at most.
inline constexpr milliseconds longest_interval{std::chrono::days{366}};
/// nullopt for a unit that is none, or an interval below a minute or beyond the longest.
std::optional<milliseconds> heartbeat_interval(std::int64_t every, std::string_view unit);

/// When it is to be heard of next, without grace; nullopt as below.
std::optional<TimePoint> due_at(const Heartbeat& heartbeat);
/// As long as it is paused where nobody says how long. The longest is that of a silence.
inline constexpr std::chrono::hours usual_pause{24};
/// Not watched until then.
Heartbeat paused(Heartbeat heartbeat, TimePoint until, std::string by, std::string reason);
/// Watched again: it has a whole interval and its grace, whatever it said meanwhile, and if it was never heard of its first ping
/// begins the watch.
Heartbeat resumed(Heartbeat heartbeat, TimePoint now);
/// What is paused without an end, or by a clock that was wrong for longer than may be, is so for the longest from now on.
Heartbeat with_an_end(Heartbeat heartbeat, TimePoint now);

/// When it expires unless it is heard of before: its grace after it was due, or after a run began (one without grace may last as
/// long as the interval); nullopt while it is not watched: it is disabled, has expired, or was never heard
/// of (the first ping makes it active).
std::optional<TimePoint> expires_at(const Heartbeat& heartbeat);
/// When time alone changes it: it expires, or its pause is over; nullopt: never.
std::optional<TimePoint> next_change(const Heartbeat& heartbeat);

/// Whether what was due then is looked at so late that we were away: the machine slept, or its clock has jumped. A stall of the
/// loop or of the disk is none, for who listens took what came.
bool was_away(TimePoint due, TimePoint now);
/// Whether whoever pinged us found nobody: then the interval begins anew, for our absence is not theirs. Once for a silence; else
/// restarts would put it off for ever. `running_since`: when we began to listen.
bool begins_anew(const Heartbeat& heartbeat, TimePoint due, TimePoint now, TimePoint running_since);

/// "every" as whole days, hours or minutes.
void set_interval(Heartbeat& heartbeat, milliseconds every);

/// "Heartbeat backup is expired", or what was asked for; "Heartbeat backup failed with exit status 3".
std::string expiry_title(const Heartbeat& heartbeat);
/// "Nothing has been heard of it since 2026-11-03 02:00 UTC, and it is expected every 26 hours."
std::string expiry_words(const Heartbeat& heartbeat);
/// "it was silent for 2h", "it succeeds again after 5m": of one that is heard of again, as it was before.
std::string recovery_words(const Heartbeat& before, TimePoint now);
/// "every minute", "every 26 hours"
std::string interval_words(const Heartbeat& heartbeat);

} // namespace oncall
