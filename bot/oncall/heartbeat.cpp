#include "oncall/heartbeat.hpp"

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

std::optional<TimePoint> expires_at(const Heartbeat& heartbeat)
{
    const auto interval = heartbeat_interval(heartbeat.every, heartbeat.unit);
    if (!interval || !heartbeat.enabled || heartbeat.expired || heartbeat.counts_from == TimePoint{})
        return std::nullopt;
    return heartbeat.counts_from + *interval;
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
    return heartbeat.alert_message.empty() ? "Heartbeat " + heartbeat.name + " is expired" : heartbeat.alert_message;
}

std::string interval_words(const Heartbeat& heartbeat)
{
    if (heartbeat.every == 1)
        return "every " + heartbeat.unit.substr(0, heartbeat.unit.size() - 1);
    return "every " + std::to_string(heartbeat.every) + " " + heartbeat.unit;
}

std::string expiry_words(const Heartbeat& heartbeat)
{
    auto since = iso(heartbeat.pinged_at, "UTC").substr(0, 16);
    if (since.size() > 10)
        since[10] = ' ';
    return "Nothing has been heard of heartbeat " + heartbeat.name + " since " + since + " UTC, and it is expected "
        + interval_words(heartbeat) + ". This goes away by itself when it is heard of again."
        + (heartbeat.description.empty() ? "" : "\n" + heartbeat.description);
}

} // namespace oncall
