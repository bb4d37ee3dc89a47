#pragma once

#include "oncall/time.hpp"

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
};

/// A year at most.
inline constexpr milliseconds longest_interval{std::chrono::days{366}};
/// nullopt for a unit that is none, or an interval below a minute or beyond the longest.
std::optional<milliseconds> heartbeat_interval(std::int64_t every, std::string_view unit);

/// When it expires unless it is heard of before; nullopt while it is not watched: it is disabled, has expired, or was never heard
/// of (the first ping makes it active).
std::optional<TimePoint> expires_at(const Heartbeat& heartbeat);

/// Whether what was due then is looked at so late that we were away: the machine slept, or its clock has jumped. A stall of the
/// loop or of the disk is none, for who listens took what came.
bool was_away(TimePoint due, TimePoint now);
/// Whether whoever pinged us found nobody: then the interval begins anew, for our absence is not theirs. Once for a silence; else
/// restarts would put it off for ever. `running_since`: when we began to listen.
bool begins_anew(const Heartbeat& heartbeat, TimePoint due, TimePoint now, TimePoint running_since);

/// "Heartbeat backup is expired", or what was asked for.
std::string expiry_title(const Heartbeat& heartbeat);
/// "Nothing has been heard of it since 2026-11-03 02:00 UTC, and it is expected every 26 hours."
std::string expiry_words(const Heartbeat& heartbeat);
/// "every minute", "every 26 hours"
std::string interval_words(const Heartbeat& heartbeat);

} // namespace oncall
