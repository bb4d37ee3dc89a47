#include "handlers/configure.hpp"

#include "handlers/feeds.hpp"
#include "handlers/heartbeats.hpp"
#include "handlers/overrides.hpp"
#include "handlers/permits.hpp"
#include "handlers/schedule_edits.hpp"
#include "oncall/verbs.hpp"
#include "storage/feeds.hpp"
#include "storage/source_secrets.hpp"

#include <algorithm>

namespace handlers {

using oncall::Refusal;

namespace {

std::string audit_subject(const config::Change& change)
{
    return change.kind == "order" ? "the order of the rules" : change.kind + " " + change.name;
}

std::string_view audit_verb(config::Action action)
{
    return action == config::Action::create ? "create" : action == config::Action::remove ? "delete" : "change";
}

void note_change(storage::Transaction& tx, const config::Change& change, const Asked& asked)
{
    std::string before;
    std::string after;
    for (const auto& field : change.fields) {
        if (!field.before.empty())
            before += (before.empty() ? "" : "; ") + field.field + ": " + field.before;
        if (!field.after.empty())
            after += (after.empty() ? "" : "; ") + field.field + ": " + field.after;
    }
    storage::Audit{tx}.add(
        asked.now, asked.actor, asked.via, std::string{audit_verb(change.action)}, audit_subject(change), before, after);
}

/// Writes what was planned. Keys made for sources are returned. `overlap`: how long replaced signing secrets work on.
std::map<std::string, std::string> carry_out(
    storage::Transaction& tx, const Context& app, const config::Plan& plan, const Asked& asked, oncall::milliseconds overlap)
{
    const storage::Items items{tx};
    for (const auto& item : plan.items)
        items.save(item);
    for (const auto& [kind, name] : plan.forgotten)
        items.remove(kind, name);
    const auto is_heartbeat = [](const std::string& kind) { return kind == "heartbeat"; };
    if (std::any_of(plan.items.begin(), plan.items.end(), [&](const auto& item) { return is_heartbeat(item.kind); })
        || std::any_of(plan.forgotten.begin(), plan.forgotten.end(), [&](const auto& one) { return is_heartbeat(one.first); }))
        follow_configured_heartbeats(tx, app, asked.now);
    for (auto one : plan.overrides)
        if (one.what.id == 0)
            storage::Overrides{tx}.add(one);
        else
            storage::Overrides{tx}.save(one);

    const storage::SourceKeys keys{tx};
    std::map<std::string, std::string> made;
    for (const auto& [source, hash] : plan.keys)
        keys.save(source, hash, asked.now);
    for (const auto& source : plan.keyless) {
        made[source] = app.random.token(24);
        keys.save(source, storage::sha256(made[source]), asked.now);
    }
    const storage::SourceSecrets secrets{tx};
    for (const auto& [source, secret] : plan.secrets)
        secrets.save(source, secret, asked.now, overlap);
    std::vector<std::string> sources;
    for (const auto& item : items.all())
        if (item.kind == "source" && !item.holds.empty())
            sources.push_back(item.name);
    keys.keep_only(sources);
    secrets.keep_only(sources);

    for (const auto& change : plan.changes)
        if (change.action != config::Action::keep)
            note_change(tx, change, asked);
    return made;
}

Configured done(storage::Transaction& tx, const Context& app, config::Plan plan, const Asked& asked, bool dry_run,
    oncall::milliseconds overlap = {})
{
    Configured result;
    result.plan = std::move(plan);
    if (!dry_run && result.plan.problems.empty() && result.plan.writes_anything()) {
        const auto before = schedules_held(tx);
        result.keys = carry_out(tx, app, result.plan, asked, overlap);
        result.written = true;
        tell_schedule_edits(tx, app, before, asked);
    }
    return result;
}

/// Whoever Slack has not told of yet has been asked about before, by the form.
void permit_settings_of(storage::Transaction& tx, const Asked& asked)
{
    if (const auto asker = asker_of(tx, asked); asker.stranger || !asker.kind.empty())
        oncall::permit(oncall::Deed::change_settings, asker.kind, asker.stranger);
}

storage::Item source_called(storage::Transaction& tx, const std::string& name)
{
    auto item = storage::Items{tx}.find("source", name);
    if (!item || item->holds.empty())
        throw Refusal{"There is no source " + name + " any more. Nothing was changed."};
    return *item;
}

} // namespace

config::Stored stored_configuration(storage::Transaction& tx)
{
    config::Stored stored;
    stored.items = storage::Items{tx}.all();
    stored.overrides = storage::Overrides{tx}.held_or_said();
    for (const auto& [hash, key] : storage::SourceKeys{tx}.all())
        if (key.until == TimePoint{})
            stored.keys[key.source] = hash;
    stored.secrets = storage::SourceSecrets{tx}.hashes();
    return stored;
}

Configured apply(
    storage::Transaction& tx, const Context& app, const oncall::Configuration& file, ApplyWish wish, const Asked& asked)
{
    const config::Hand hand{"the file", asked.now};
    auto result =
        done(tx, app, config::plan(stored_configuration(tx), file, {wish.prune, wish.force}, hand), asked, wish.dry_run);
    if (wish.dry_run && result.plan.problems.empty())
        result.shifts = shifts_moved_by(tx, result.plan, asked.now);
    return result;
}

asio::awaitable<TakenUp> take_up(Context& app, oncall::Configuration file, ApplyWish wish, Asked asked)
{
    auto work = [&](storage::Transaction& tx) {
        TakenUp result;
        result.configured = apply(tx, app, file, wish, asked);
        result.names = storage::People{tx}.names();
        return result;
    };
    auto result = co_await app.database.transaction(work);
    if (result.configured.written) {
        auto in_force = put_in_force(app);
        co_await std::move(in_force);
    }
    co_return result;
}

void log_plan(logging::Log& log, const TakenUp& taken_up)
{
    const auto& plan = taken_up.configured.plan;
    for (const auto& problem : plan.problems)
        log.error("oncall.yaml was not taken up; what held goes on to hold", {{"problem", problem.what}, {"fix", problem.fix}});
    if (!plan.problems.empty())
        return;
    for (const auto& change : plan.changes) {
        const auto words = config::describe(change, taken_up.names);
        if (change.action != config::Action::keep && !taken_up.configured.written)
            continue; // it was only looked
        if (change.action == config::Action::keep)
            log.warning("oncall.yaml differs from what holds", {{"what", words}});
        else
            log.info("the configuration changed", {{"how", std::string{audit_verb(change.action)}}, {"what", words}});
    }
}

Configured edit(
    storage::Transaction& tx, const Context& app, const std::vector<config::Edit>& edits, const Asked& asked, bool dry_run)
{
    permit_settings_of(tx, asked);
    const config::Hand hand{asked.actor, asked.now};
    return done(tx, app, config::plan(stored_configuration(tx), edits, hand), asked, dry_run, usual_overlap);
}

Configured take_over(storage::Transaction& tx, const Context& app, const std::vector<config::Edit>& edits,
    const std::string& directory, const Asked& asked, bool dry_run)
{
    const config::Hand hand{"directory " + directory, asked.now};
    return done(tx, app, config::plan(stored_configuration(tx), edits, hand), asked, dry_run);
}

Rotated rotate_key(
    storage::Transaction& tx, const Context& app, const std::string& source, oncall::milliseconds overlap, const Asked& asked)
{
    permit_settings_of(tx, asked);
    if (overlap.count() < 0 || overlap > longest_overlap)
        throw Refusal{"The old key can go on working for 90 days at most."};
    source_called(tx, source);
    const storage::SourceKeys keys{tx};
    bool had = false;
    for (const auto& [hash, key] : keys.all())
        had = had || (key.source == source && key.holds(asked.now));
    Rotated rotated;
    rotated.key = app.random.token(24);
    if (had && overlap.count() > 0)
        rotated.old_until = asked.now + overlap;
    keys.rotate(source, storage::sha256(rotated.key), asked.now, asked.now + overlap);
    storage::Audit{tx}.add(asked.now, asked.actor, asked.via, "replace key", "source " + source, "",
        rotated.old_until == TimePoint{} ? "" : "the old one until " + oncall::iso(rotated.old_until, "UTC"));
    return rotated;
}

bool revoke_keys(storage::Transaction& tx, const Context&, const std::string& source, const Asked& asked)
{
    permit_settings_of(tx, asked);
    source_called(tx, source);
    if (!storage::SourceKeys{tx}.revoke(source, asked.now))
        return false;
    storage::Audit{tx}.add(asked.now, asked.actor, asked.via, "revoke keys", "source " + source, "", "");
    return true;
}

bool end_overlap(storage::Transaction& tx, const Context&, const std::string& source, const Asked& asked)
{
    permit_settings_of(tx, asked);
    source_called(tx, source);
    const bool key = storage::SourceKeys{tx}.end_overlap(source, asked.now);
    const bool secret = storage::SourceSecrets{tx}.end_overlap(source, asked.now);
    if (key)
        storage::Audit{tx}.add(asked.now, asked.actor, asked.via, "end old key", "source " + source, "", "");
    if (secret)
        storage::Audit{tx}.add(asked.now, asked.actor, asked.via, "end old signing secret", "source " + source, "", "");
    return key || secret;
}

namespace {

/// The configuration that the items make. What is broken, which only somebody's own hand in the database can have done, is left
/// out: the rest goes on paging.
oncall::Configuration made_of(std::vector<config::Item> items, logging::Log& log)
{
    while (true) {
        auto parsed = config::configuration_of(items);
        if (parsed.problems.empty())
            return std::move(parsed.configuration);
        const auto before = items.size();
        for (const auto& problem : parsed.problems) {
            log.error("a stored part of the configuration is broken and left out; apply the file again, with --force",
                {{"what", problem.what}, {"where", problem.path}});
            const auto name_of = [](const config::Item& item) { return item.kind + " " + item.name; };
            // Names may have dots: of several that the path begins with, the longest is meant.
            std::string meant;
            for (const auto& item : items) {
                const auto name = name_of(item);
                if ((problem.path == name || problem.path.starts_with(name + ".") || problem.path.starts_with(name + "["))
                    && name.size() > meant.size())
                    meant = name;
            }
            std::erase_if(items, [&](const config::Item& item) { return name_of(item) == meant; });
        }
        if (items.size() == before)
            return {};
    }
}

} // namespace

namespace {

/// It names a rotation that is there no more, and so nothing.
bool is_lost(const oncall::Override& one, const oncall::Schedule& schedule)
{
    const auto is_its = [&](const oncall::Rotation& rotation) { return rotation.name == one.rotation; };
    return !one.rotation.empty() && std::none_of(schedule.rotations.begin(), schedule.rotations.end(), is_its);
}

asio::awaitable<void> read_into_force(Context& app)
{
    struct Read {
        std::int64_t revision{};
        std::vector<config::Item> items{};
        std::vector<storage::StoredOverride> overrides{};
        std::map<std::string, storage::SourceKey> keys{};
        std::map<std::string, std::vector<std::string>> secrets{};
        oncall::Known known{};
        oncall::CalendarsRead calendars{};
        std::vector<storage::Person> people{}; // whom calendars may name
    };
    std::set<std::string> addresses;
    auto load = [&addresses, now = app.clock.now()](storage::Transaction& tx) {
        Read read;
        read.revision = storage::Items{tx}.revision();
        for (auto& item : storage::Items{tx}.all())
            if (!item.holds.empty())
                read.items.push_back({std::move(item.kind), std::move(item.name), std::move(item.holds)});
        read.overrides = storage::Overrides{tx}.all();
        read.keys = storage::SourceKeys{tx}.all();
        read.secrets = storage::SourceSecrets{tx}.holding(now);
        read.known = known_people(tx);
        read.calendars = storage::Feeds{tx}.events(addresses);
        if (!addresses.empty())
            read.people = storage::People{tx}.all();
        return read;
    };
    Read read;
    // All of it is of one moment: when the items name other calendars than those before, they are read once more.
    do {
        addresses = addresses_of(app.made_of_items);
        read = co_await app.database.read(load);
        // Overrides come and go; the items, which are read with care, seldom change.
        if (!app.items || *app.items != read.items) {
            app.made_of_items = made_of(read.items, app.log);
            app.items = read.items;
        }
    } while (addresses_of(app.made_of_items) != addresses);
    auto configuration = app.made_of_items;
    const oncall::NameIndex names{acquaintance(read.people, configuration)};
    auto nameless = oncall::fill_in(configuration, read.calendars, names);
    for (auto& one : read.overrides)
        if (const auto schedule = configuration.schedules.find(one.schedule);
            schedule != configuration.schedules.end() && !is_lost(one.what, schedule->second))
            schedule->second.overrides.push_back(std::move(one.what));
    for (auto& [name, schedule] : configuration.schedules)
        tell_apart(schedule, read.known);
    for (const auto& [hash, key] : read.keys)
        if (const auto source = configuration.sources.find(key.source);
            source != configuration.sources.end() && key.until == TimePoint{})
            source->second.key_hash = hash;
    app.in_force.set(std::move(configuration), read.revision);
    app.nameless = std::move(nameless);
    app.source_by_key = std::move(read.keys);
    app.source_secrets = std::move(read.secrets);
    if (app.configured)
        app.configured();
}

} // namespace

asio::awaitable<void> put_in_force(Context& app)
{
    // What is committed must hold, however long the database's queue is.
    constexpr doors::milliseconds a_moment{100};
    for (bool done = false; !done;) {
        try {
            auto reading = read_into_force(app);
            co_await std::move(reading);
            done = true;
        } catch (const storage::Busy&) {
            app.log.warning("what was committed is not in force yet; trying again", {});
        }
        if (!done)
            co_await app.clock.pause(a_moment);
    }
}

} // namespace handlers
