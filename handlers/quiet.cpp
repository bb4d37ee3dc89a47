#include "handlers/quiet.hpp"

#include "handlers/heartbeats.hpp"
#include "handlers/sources/sources.hpp"
#include "oncall/auto_resolve.hpp"
#include "storage/auto_resolves.hpp"
#include "storage/heartbeats.hpp"

namespace handlers {

using oncall::milliseconds;

namespace {

/// Silence about silence is not its end: it is told once, and the next ping ends it.
bool is_of_silence(storage::Transaction& tx, const oncall::Alert& alert)
{
    const auto named = alert.labels.find("heartbeat");
    if (named == alert.labels.end())
        return false;
    const auto heartbeat = storage::Heartbeats{tx}.find(alert.source, named->second);
    return heartbeat && heartbeat_key(*heartbeat) == alert.dedup_key;
}

} // namespace

void expect_again(
    storage::Transaction& tx, const Context& app, const oncall::Alert& alert, std::optional<bool> ends, TimePoint now)
{
    const auto configuration = app.configuration();
    const auto source = configuration->sources.find(alert.source);
    if (source == configuration->sources.end() || is_of_silence(tx, alert))
        return;
    const auto* const format = sources::format(source->second.format);
    storage::AutoResolve wanted;
    wanted.ends = ends.value_or(!format || format->resolves);
    wanted.may_last = oncall::may_be_unreported(source->second, wanted.ends);
    if (wanted.may_last == milliseconds{})
        return; // what an earlier setting has left is looked at when it is due
    const storage::AutoResolves resolves{tx};
    const storage::Timers timers{tx};
    const auto due = timers.find(storage::TimerKind::quiet, alert.id.value);
    const auto known = due ? resolves.find(alert.id.value) : std::nullopt;
    const bool as_before = known && known->may_last == wanted.may_last && known->ends == wanted.ends;
    // In a storm it is written once a minute, and so due that much later than it need be.
    if (as_before && *due >= now + wanted.may_last)
        return;
    if (!as_before)
        resolves.save(alert.id.value, wanted);
    timers.set(storage::TimerKind::quiet, alert.id.value, now + wanted.may_last + oncall::auto_resolve_grain);
}

std::string over_by_silence(
    storage::Transaction& tx, const Context& app, const oncall::Alert& alert, TimePoint due, TimePoint now)
{
    const storage::AutoResolves resolves{tx};
    auto known = resolves.find(alert.id.value);
    const auto configuration = app.configuration();
    const auto source = configuration->sources.find(alert.source);
    const auto may_last = !known || source == configuration->sources.end()
        ? milliseconds{}
        : oncall::may_be_unreported(source->second, known->ends);
    if (known && alert.state != oncall::AlertState::resolved && may_last > known->may_last) {
        // It is given more time by now.
        storage::Timers{tx}.set(storage::TimerKind::quiet, alert.id.value, now + (may_last - known->may_last));
        known->may_last = may_last;
        resolves.save(alert.id.value, *known);
        return {};
    }
    if (known && alert.state != oncall::AlertState::resolved && may_last != milliseconds{} && oncall::was_away(due, now)) {
        wait_anew(tx, alert.id, now);
        return {};
    }
    resolves.forget(alert.id.value);
    if (alert.state == oncall::AlertState::resolved || may_last == milliseconds{})
        return {};
    return oncall::not_reported_for(known->may_last);
}

void wait_anew(storage::Transaction& tx, oncall::AlertId alert, TimePoint now)
{
    if (const auto known = storage::AutoResolves{tx}.find(alert.value))
        storage::Timers{tx}.set(storage::TimerKind::quiet, alert.value, now + known->may_last);
}

} // namespace handlers
