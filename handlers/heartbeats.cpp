#include "handlers/heartbeats.hpp"

#include "config/items.hpp"
#include "handlers/silences.hpp"
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

void plan_change(Transaction& tx, const Heartbeat& heartbeat)
{
    const storage::Timers timers{tx};
    if (const auto when = next_change(heartbeat))
        timers.set(TimerKind::heartbeat, heartbeat.id, *when);
    else
        timers.clear(TimerKind::heartbeat, heartbeat.id);
}

bool has_alert(const Heartbeat& heartbeat) { return heartbeat.expired || !heartbeat.failure.empty(); }

void clear_silence(Transaction& tx, const Context& app, const Heartbeat& heartbeat, const std::string& why, TimePoint now)
{
    Report report;
    report.why = why;
    report.signal = Report::Signal::clear;
    report.dedup_key = heartbeat_key(heartbeat);
    const Asked asked{"", "", heartbeat.source, now};
    receive(tx, app, heartbeat.source, report, asked);
}

Report report_of(const Heartbeat& heartbeat, const oncall::Source& source, const oncall::Configuration& configuration)
{
    Report report;
    report.dedup_key = heartbeat_key(heartbeat);
    report.title = expiry_title(heartbeat);
    report.description = expiry_words(heartbeat);
    report.service = heartbeat.service;
    report.severity =
        heartbeat.severity.empty() ? oncall::severity_of(source, oncall::lower(heartbeat.priority)) : heartbeat.severity;
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

void heard_of(Transaction& tx, const Context& app, const Heartbeat& heartbeat, const oncall::Ping& ping, TimePoint now)
{
    const auto is = heard(heartbeat, ping, now);
    storage::Heartbeats{tx}.save(is);
    plan_change(tx, is);
    if (ping.kind == oncall::Ping::Kind::success && has_alert(heartbeat))
        clear_silence(tx, app, heartbeat, recovery_words(heartbeat, now), now);
    if (ping.kind != oncall::Ping::Kind::fail || !is.enabled)
        return;
    const auto configuration = app.configuration();
    const auto source = configuration->sources.find(is.source);
    if (source == configuration->sources.end() || source->second.quiet)
        return;
    const Asked asked{"", "", is.source, now};
    receive(tx, app, is.source, report_of(is, source->second, *configuration), asked);
}

void pause_heartbeat(Transaction& tx, const Context& app, const Heartbeat& heartbeat, TimePoint until, const std::string& reason,
    const Asked& asked)
{
    heartbeat_changed(tx, app, paused(heartbeat, until, asked.actor, reason), asked.now);
    storage::Audit{tx}.add(asked.now, asked.actor, asked.via, "pause", "heartbeat " + heartbeat.name, "",
        "until " + oncall::iso(until, "UTC") + (reason.empty() ? "" : ": " + reason));
}

void resume_heartbeat(Transaction& tx, const Context& app, const Heartbeat& heartbeat, const Asked& asked)
{
    heartbeat_changed(tx, app, resumed(heartbeat, asked.now), asked.now);
    storage::Audit{tx}.add(asked.now, asked.actor, asked.via, "resume", "heartbeat " + heartbeat.name, "", "");
}

void follow_configured_heartbeats(Transaction& tx, const Context& app, TimePoint now)
{
    std::vector<oncall::Monitor> monitors;
    for (const auto& item : storage::Items{tx}.all())
        if (item.kind == "heartbeat" && !item.holds.empty())
            for (auto& [name, monitor] : config::configuration_of({{item.kind, item.name, item.holds}}).configuration.heartbeats)
                if (!monitor.source.empty()) // else it is broken, by somebody's own hand in the database
                    monitors.push_back(std::move(monitor));
    const storage::Heartbeats all{tx};
    for (const auto& one : all.configured()) {
        const auto is_its = [&](const oncall::Monitor& it) { return it.source == one.source && it.name == one.name; };
        if (std::none_of(monitors.begin(), monitors.end(), is_its))
            remove_heartbeat(tx, app, one, now);
    }
    for (const auto& monitor : monitors) {
        const auto known = all.find(monitor.source, monitor.name);
        auto becomes = as_configured(known.value_or(Heartbeat{}), monitor, now);
        if (known && becomes == *known)
            continue;
        if (!known)
            all.add(becomes);
        heartbeat_changed(tx, app, becomes, now);
    }
}

void heartbeat_changed(Transaction& tx, const Context& app, const Heartbeat& heartbeat, TimePoint now)
{
    auto changed = heartbeat;
    if (!changed.enabled && has_alert(changed)) {
        changed.expired = false;
        changed.failure.clear();
        clear_silence(tx, app, changed, "the heartbeat is paused", now);
    }
    if (!changed.enabled) { // enabled again, it waits for a ping before it is watched
        changed.counts_from = {};
        changed.started_at = {};
    }
    storage::Heartbeats{tx}.save(changed);
    plan_change(tx, changed);
    if (!changed.enabled)
        plan_digest_of_silence(tx, app, now);
}

void remove_heartbeat(Transaction& tx, const Context& app, const Heartbeat& heartbeat, TimePoint now)
{
    if (has_alert(heartbeat))
        clear_silence(tx, app, heartbeat, "the heartbeat is no more", now);
    storage::Timers{tx}.clear(TimerKind::heartbeat, heartbeat.id);
    storage::Heartbeats{tx}.remove(heartbeat.id);
}

void mend_heartbeats(Transaction& tx, const Context& app, TimePoint now)
{
    const storage::Heartbeats all{tx};
    for (auto& one : all.ahead_of(now)) {
        one.pinged_at = std::min(one.pinged_at, now);
        one.counts_from = std::min(one.counts_from, now);
        one.started_at = std::min(one.started_at, now);
        all.save(one);
        plan_change(tx, one);
    }
    for (const auto& one : all.paused())
        if (const auto ends = with_an_end(one, now); ends != one)
            heartbeat_changed(tx, app, ends, now);
}

void heartbeat_due(Transaction& tx, const Context& app, std::int64_t id, TimePoint now)
{
    auto heartbeat = storage::Heartbeats{tx}.find(id);
    const auto when = heartbeat ? next_change(*heartbeat) : std::nullopt;
    if (!when || *when > now) {
        if (when)
            plan_change(tx, *heartbeat);
        else
            storage::Timers{tx}.clear(TimerKind::heartbeat, id);
        return;
    }
    if (!heartbeat->enabled) {
        const Asked nobody{"", "", "a timer", now};
        resume_heartbeat(tx, app, *heartbeat, nobody);
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
        heartbeat->started_at = {};
        storage::Heartbeats{tx}.save(*heartbeat);
        plan_change(tx, *heartbeat);
        return;
    }
    heartbeat->expired = true;
    storage::Heartbeats{tx}.save(*heartbeat);
    storage::Timers{tx}.clear(TimerKind::heartbeat, id);
    const Asked asked{"", "", heartbeat->source, now};
    receive(tx, app, heartbeat->source, report_of(*heartbeat, source->second, *configuration), asked);
}

} // namespace handlers
