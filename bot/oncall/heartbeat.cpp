#include "oncall/heartbeat.hpp"

#include "oncall/silences.hpp"
#include "oncall/words.hpp"

#include <algorithm>
#include <array>

namespace oncall {

std::optional<milliseconds> heartbeat_interval(std::int64_t every, std::string_view unit)
{
    using namespace std::chrono;
    const milliseconds one = unit == "minutes" ? milliseconds{minutes{1}}
        : unit == "hours"                      ? milliseconds{hours{1}}
        : unit == "days"                       ? milliseconds{days{1}}
                                               : milliseconds{0};
    if (one == milliseconds{0} || every < 1 || every > longest_interval / one)
        return std::nullopt;
    return every * one;
}

namespace {

constexpr std::size_t most_words_told = 1'500; // bytes of them in an alert's description

bool is_watched(const Heartbeat& heartbeat)
{
    return heartbeat.enabled && !heartbeat.expired && heartbeat_interval(heartbeat.every, heartbeat.unit);
}

milliseconds interval_of(const Heartbeat& heartbeat)
{
    return heartbeat_interval(heartbeat.every, heartbeat.unit).value_or(longest_interval);
}

/// A run without grace may last as long as the interval.
milliseconds run_may_last(const Heartbeat& heartbeat)
{
    return heartbeat.grace > milliseconds{} ? heartbeat.grace : interval_of(heartbeat);
}

bool is_minutes(milliseconds time) { return time % std::chrono::minutes{1} == milliseconds{}; }

/// "2026-11-03 02:00 UTC"
std::string minute_of(TimePoint at)
{
    auto text = iso(at, "UTC").substr(0, 16);
    if (text.size() > 10)
        text[10] = ' ';
    return text + " UTC";
}

/// In whole minutes from the first on.
std::string about(milliseconds time)
{
    time = std::max(time, milliseconds{});
    return duration_out(time < 1min ? time : std::chrono::floor<std::chrono::minutes>(time));
}

/// The end of it, no character cut in two.
std::string end_of(const std::string& text, std::size_t most)
{
    if (text.size() <= most)
        return text;
    auto from = text.size() - most;
    while (from < text.size() && (static_cast<unsigned char>(text[from]) & 0xC0) == 0x80)
        ++from;
    return "…" + text.substr(from);
}

} // namespace

std::optional<Ping> ping_in(std::string_view deed)
{
    if (deed.empty())
        return Ping{};
    if (deed == "start")
        return Ping{Ping::Kind::start};
    if (deed == "fail")
        return Ping{Ping::Kind::fail};
    if (deed.size() > 3 || !std::all_of(deed.begin(), deed.end(), is_digit))
        return std::nullopt;
    int status = 0;
    for (const char digit : deed)
        status = status * 10 + (digit - '0');
    if (status > 255)
        return std::nullopt;
    return Ping{status == 0 ? Ping::Kind::success : Ping::Kind::fail, status};
}

Heartbeat heard(Heartbeat heartbeat, const Ping& ping, TimePoint now)
{
    if (ping.kind == Ping::Kind::start) {
        // What has never been done is missing after its first run, however often it begins.
        if (heartbeat.started_at == TimePoint{} || heartbeat.counts_from != TimePoint{})
            heartbeat.started_at = now;
        if (!ping.words.empty())
            heartbeat.last_words = ping.words;
        return heartbeat;
    }
    // A clock that was set back meanwhile makes no run shorter than nothing.
    heartbeat.lasted =
        heartbeat.started_at == TimePoint{} ? milliseconds{-1} : std::max(now - heartbeat.started_at, milliseconds{});
    heartbeat.started_at = {};
    heartbeat.pinged_at = now;
    heartbeat.counts_from = now;
    heartbeat.expired = false;
    heartbeat.failure = ping.kind == Ping::Kind::success ? ""
        : ping.status > 0                                ? "failed with exit status " + std::to_string(ping.status)
                                                         : "failed";
    heartbeat.last_words = ping.words;
    return heartbeat;
}

milliseconds usual_grace(milliseconds every)
{
    return std::chrono::floor<std::chrono::minutes>(std::clamp<milliseconds>(every / 10, 1min, 1h));
}

bool may_be_interval(milliseconds every) { return every >= 1min && every <= longest_interval && is_minutes(every); }

bool may_be_grace(milliseconds grace) { return grace == milliseconds{} || may_be_interval(grace); }

void set_interval(Heartbeat& heartbeat, milliseconds every)
{
    const auto minutes = every / std::chrono::minutes{1};
    const auto of = minutes % (24 * 60) == 0 ? 24 * 60 : minutes % 60 == 0 ? 60 : 1;
    heartbeat.every = static_cast<int>(minutes / of);
    heartbeat.unit = of == 1 ? "minutes" : of == 60 ? "hours" : "days";
}

Heartbeat as_configured(Heartbeat before, const Monitor& monitor, TimePoint now)
{
    Heartbeat heartbeat = before;
    heartbeat.source = monitor.source;
    heartbeat.name = monitor.name;
    heartbeat.description = monitor.description;
    set_interval(heartbeat, monitor.every);
    heartbeat.grace = monitor.grace;
    heartbeat.service = monitor.service;
    heartbeat.severity = monitor.severity;
    heartbeat.alert_message.clear();
    heartbeat.priority.clear();
    heartbeat.tags.clear();
    heartbeat.owner_team.clear();
    heartbeat.configured = true;
    const auto was = expires_at(before), is = expires_at(heartbeat);
    if (is && *is <= now && was != is) {
        heartbeat.counts_from = now;
        heartbeat.started_at = {};
    }
    return heartbeat;
}

Heartbeat made_by_ping(const std::string& source, const std::string& name, milliseconds every)
{
    Heartbeat heartbeat;
    heartbeat.source = source;
    heartbeat.name = name;
    set_interval(heartbeat, every);
    heartbeat.grace = usual_grace(every);
    return heartbeat;
}

HeartbeatState state_of(const Heartbeat& heartbeat, TimePoint now)
{
    if (!heartbeat.enabled)
        return HeartbeatState::paused;
    if (heartbeat.expired)
        return HeartbeatState::missing;
    if (!heartbeat.failure.empty())
        return HeartbeatState::failed;
    if (heartbeat.pinged_at == TimePoint{} && heartbeat.counts_from == TimePoint{})
        return HeartbeatState::never;
    const auto due = due_at(heartbeat);
    return due && *due < now ? HeartbeatState::late : HeartbeatState::fresh;
}

std::optional<TimePoint> due_at(const Heartbeat& heartbeat)
{
    if (!is_watched(heartbeat) || heartbeat.counts_from == TimePoint{})
        return std::nullopt;
    return heartbeat.counts_from + interval_of(heartbeat);
}

std::optional<TimePoint> expires_at(const Heartbeat& heartbeat)
{
    auto when = due_at(heartbeat);
    if (when)
        *when += heartbeat.grace;
    if (!is_watched(heartbeat) || heartbeat.started_at == TimePoint{})
        return when;
    const auto run_ends = heartbeat.started_at + run_may_last(heartbeat);
    return when ? std::min(*when, run_ends) : run_ends;
}

Heartbeat paused(Heartbeat heartbeat, TimePoint until, std::string by, std::string reason)
{
    heartbeat.enabled = false;
    heartbeat.paused_until = until;
    heartbeat.paused_by = std::move(by);
    heartbeat.pause_reason = std::move(reason);
    return heartbeat;
}

Heartbeat resumed(Heartbeat heartbeat, TimePoint now)
{
    heartbeat = paused(std::move(heartbeat), {}, {}, {});
    heartbeat.enabled = true;
    heartbeat.failure.clear(); // that of a paused one was told nobody
    heartbeat.started_at = {}; // as was a run that hangs
    if (heartbeat.pinged_at != TimePoint{})
        heartbeat.counts_from = now; // else one that is dead would never be missed
    return heartbeat;
}

Heartbeat with_an_end(Heartbeat heartbeat, TimePoint now)
{
    const TimePoint longest = now + longest_silence;
    if (heartbeat.paused_until == TimePoint{})
        return paused(std::move(heartbeat), longest, {}, "it was paused without an end");
    heartbeat.paused_until = std::min(heartbeat.paused_until, longest);
    return heartbeat;
}

std::optional<TimePoint> next_change(const Heartbeat& heartbeat)
{
    return heartbeat.enabled ? expires_at(heartbeat) : std::optional{heartbeat.paused_until};
}

bool was_away(TimePoint due, TimePoint now)
{
    // The engine is never as late while it runs, however much there is to do.
    constexpr std::chrono::minutes never_late{5};
    return now - due >= never_late;
}

bool begins_anew(const Heartbeat& heartbeat, TimePoint due, TimePoint now, TimePoint running_since)
{
    return heartbeat.counts_from == heartbeat.pinged_at && (running_since > due || was_away(due, now));
}

std::string expiry_title(const Heartbeat& heartbeat)
{
    if (!heartbeat.expired && !heartbeat.failure.empty())
        return "Heartbeat " + heartbeat.name + " " + heartbeat.failure;
    return heartbeat.alert_message.empty() ? "Heartbeat " + heartbeat.name + " is expired" : heartbeat.alert_message;
}

std::string interval_words(const Heartbeat& heartbeat)
{
    if (heartbeat.every == 1)
        return "every " + heartbeat.unit.substr(0, heartbeat.unit.size() - 1);
    return "every " + std::to_string(heartbeat.every) + " " + heartbeat.unit;
}

std::string recovery_words(const Heartbeat& before, TimePoint now)
{
    if (!before.expired)
        return "it succeeds again after " + about(now - before.pinged_at);
    const auto since = before.pinged_at == TimePoint{} ? before.started_at : before.pinged_at;
    return since == TimePoint{} ? "it was silent" : "it was silent for " + about(now - since);
}

std::string expiry_words(const Heartbeat& heartbeat)
{
    const bool failed = !heartbeat.expired && !heartbeat.failure.empty();
    std::string words;
    if (failed)
        words = "Heartbeat " + heartbeat.name + " itself says that it " + heartbeat.failure
            + (heartbeat.lasted < milliseconds{} ? "" : ", after " + about(heartbeat.lasted));
    else if (heartbeat.started_at != TimePoint{})
        words = "Heartbeat " + heartbeat.name + " began a run at " + minute_of(heartbeat.started_at)
            + ", and has not said since that it is done";
    else
        words = "Nothing has been heard of heartbeat " + heartbeat.name + " since " + minute_of(heartbeat.pinged_at)
            + ", and it is expected " + interval_words(heartbeat)
            + (heartbeat.grace == milliseconds{} ? "" : ", " + duration_out(heartbeat.grace) + " late at most");
    words += failed ? ". This goes away by itself when it succeeds." : ". This goes away by itself when it is heard of again.";
    if (!heartbeat.description.empty())
        words += "\n" + heartbeat.description;
    if (!heartbeat.last_words.empty())
        words += "\nIts last words:\n" + end_of(heartbeat.last_words, most_words_told);
    return words;
}

} // namespace oncall
