#include "config/read.hpp"
#include "oncall/heartbeat.hpp"
#include "oncall/severity.hpp"

#include <algorithm>

namespace config {

namespace {

/// Whole minutes, for a timer that is due to the second is nobody's cron.
oncall::milliseconds read_minutes(Reader& reader, const Fields& in, const std::string& key, bool (*may_be)(oncall::milliseconds))
{
    if (!in.has(key))
        return {};
    const auto& at = in.at(key);
    const auto time = at.node->is_scalar() ? oncall::duration_in(at.node->text) : std::nullopt;
    if (time && may_be(*time))
        return *time;
    reader.problem(at, "`" + key + "` is no time from a minute to a year, in whole minutes", "write it as 5m, 2h or 1d");
    return {};
}

} // namespace

oncall::milliseconds read_interval(Reader& reader, const Fields& in, const std::string& key)
{
    return read_minutes(reader, in, key, oncall::may_be_interval);
}

oncall::Monitor read_heartbeat(Reader& reader, const std::string& name, const Place& at)
{
    const auto in = reader.fields(at, "heartbeat " + name, {"source", "every", "grace", "service", "severity", "description"});
    oncall::Monitor monitor;
    monitor.name = name;
    if (!in.has("source"))
        reader.problem(
            in.of(), "heartbeat " + name + " has no source", "name the source by whose key it is pinged, as source: cron");
    monitor.source = reader.reference(in, "source", "source");
    if (!in.has("every"))
        reader.problem(in.of(), "heartbeat " + name + " does not say how often it is expected", "write it as every: 1d");
    if (const auto every = read_interval(reader, in, "every"); every != oncall::milliseconds{})
        monitor.every = every;
    monitor.grace = read_minutes(reader, in, "grace", oncall::may_be_grace);
    monitor.service = reader.reference(in, "service", "service");
    monitor.severity = reader.text(in, "severity");
    const std::vector<std::string> words{oncall::severity_words.begin(), oncall::severity_words.end()};
    if (!monitor.severity.empty() && std::find(words.begin(), words.end(), monitor.severity) == words.end())
        reader.problem(in.at("severity"), "there is no severity `" + monitor.severity + "`",
            reader.suggestion(monitor.severity, words, "write one of " + joined(words)));
    monitor.description = reader.text(in, "description");
    if (monitor.description.size() > oncall::most_monitor_description)
        reader.problem(in.at("description"), "the description of heartbeat " + name + " is longer than 1,000 bytes",
            "say in a few lines what to do, and where the rest is");
    return monitor;
}

} // namespace config
