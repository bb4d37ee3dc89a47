#include "handlers/heartbeats.hpp"

#include "oncall/severity.hpp"
#include "oncall/words.hpp"
#include "storage/heartbeats.hpp"

#include <algorithm>

namespace handlers {

using oncall::Heartbeat;
using storage::TimerKind;
using storage::Transaction;

namespace {

constexpr std::size_t most_heartbeat_key = 255; // bytes
// For how long a heartbeat waits for its source to come back, and how often that is looked at.
constexpr std::chrono::hours lost_source_patience{24};
constexpr std::chrono::minutes lost_source_look{10};

/// Also what is broken, and so not in force.
bool is_stored(const Context& app, const std::string& source)
{
    const auto is_it = [&](const config::Item& item) { return item.kind == "source" && item.name == source; };
    return app.items && std::any_of(app.items->begin(), app.items->end(), is_it);
}

void plan_expiry(Transaction& tx, const Heartbeat& heartbeat)
{
    const storage::Timers timers{tx};
    if (const auto when = expires_at(heartbeat))
        timers.set(TimerKind::heartbeat, heartbeat.id, *when);
    else
        timers.clear(TimerKind::heartbeat, heartbeat.id);
}

void clear_silence(Transaction& tx, const Context& app, const Heartbeat& heartbeat, TimePoint now)
{
    Report report;
    report.signal = Report::Signal::clear;
    report.dedup_key = heartbeat_key(heartbeat);
    const Asked asked{"", "", heartbeat.source, now};
    receive(tx, app, heartbeat.source, report, asked);
}

Report silence_of(const Heartbeat& heartbeat, const oncall::Source& source, const oncall::Configuration& configuration)
{
    Report report;
    report.dedup_key = heartbeat_key(heartbeat);
    report.title = expiry_title(heartbeat);
    report.description = expiry_words(heartbeat);
    report.severity = oncall::severity_of(source, oncall::lower(heartbeat.priority));
    report.labels["heartbeat"] = heartbeat.name;
    if (!heartbeat.tags.empty())
        report.labels["tags"] = oncall::listed(heartbeat.tags, ", ");
    if (!heartbeat.owner_team.empty())
        report.labels["owner_team"] = heartbeat.owner_team;
    if (configuration.teams.contains(heartbeat.owner_team))
        report.whom.push_back("team:" + heartbeat.owner_team);
    return report;
}

} // namespace

std::string heartbeat_key(const Heartbeat& heartbeat)
{
    auto key = "heartbeat:" + heartbeat.name;
    return key.size() <= most_heartbeat_key ? key : "heartbeat:sha256:" + storage::sha256(heartbeat.name);
}

void heard_of(Transaction& tx, const Context& app, Heartbeat heartbeat, TimePoint now)
{
    const bool was_silent = heartbeat.expired;
    heartbeat.expired = false;
    heartbeat.pinged_at = now;
    heartbeat.counts_from = now;
    storage::Heartbeats{tx}.save(heartbeat);
    plan_expiry(tx, heartbeat);
    if (was_silent)
        clear_silence(tx, app, heartbeat, now);
}

void heartbeat_changed(Transaction& tx, const Context& app, const Heartbeat& heartbeat, TimePoint now)
{
    auto changed = heartbeat;
    if (!changed.enabled && changed.expired) {
        changed.expired = false;
        clear_silence(tx, app, changed, now);
    }
    if (!changed.enabled)
        changed.counts_from = {}; // enabled again, it waits for a ping before it is watched
    storage::Heartbeats{tx}.save(changed);
    plan_expiry(tx, changed);
}

void remove_heartbeat(Transaction& tx, const Context& app, const Heartbeat& heartbeat, TimePoint now)
{
    if (heartbeat.expired)
        clear_silence(tx, app, heartbeat, now);
    storage::Timers{tx}.clear(TimerKind::heartbeat, heartbeat.id);
    storage::Heartbeats{tx}.remove(heartbeat.id);
}

void heartbeat_due(Transaction& tx, const Context& app, std::int64_t id, TimePoint now)
{
    auto heartbeat = storage::Heartbeats{tx}.find(id);
    const auto when = heartbeat ? expires_at(*heartbeat) : std::nullopt;
    if (!when || *when > now) {
        if (when)
            plan_expiry(tx, *heartbeat);
        else
            storage::Timers{tx}.clear(TimerKind::heartbeat, id);
        return;
    }
    const auto configuration = app.configuration();
    const auto source = configuration->sources.find(heartbeat->source);
    if (source == configuration->sources.end()) {
        // Left out for a mistake in it, or removed and put back in a minute, it is watched on.
        if (is_stored(app, heartbeat->source) || now - *when < lost_source_patience) {
            storage::Timers{tx}.set(TimerKind::heartbeat, id, now + lost_source_look);
            return;
        }
        // Nobody can ping it any more, and whose it was is gone.
        storage::Timers{tx}.clear(TimerKind::heartbeat, id);
        storage::Heartbeats{tx}.remove(id);
        return;
    }
    // What nobody is told of is not told: if it is dead still when its source is quiet no more, it is then.
    if (source->second.quiet || begins_anew(*heartbeat, *when, now, storage::Heartbeats{tx}.listening_since())) {
        heartbeat->counts_from = now;
        storage::Heartbeats{tx}.save(*heartbeat);
        plan_expiry(tx, *heartbeat);
        return;
    }
    heartbeat->expired = true;
    storage::Heartbeats{tx}.save(*heartbeat);
    storage::Timers{tx}.clear(TimerKind::heartbeat, id);
    const Asked asked{"", "", heartbeat->source, now};
    receive(tx, app, heartbeat->source, silence_of(*heartbeat, source->second, *configuration), asked);
}

} // namespace handlers
