#include "handlers/change_events.hpp"

#include "blocks/changes.hpp"
#include "config/nearest.hpp"
#include "handlers/said.hpp"
#include "oncall/routing.hpp"
#include "storage/change_events.hpp"

namespace handlers {

using oncall::Refusal;

namespace {

constexpr int most_cards_that_follow = 20; // of one change
constexpr int most_changes_shown = 10;

/// The service an alert that says the same would belong to; empty: none.
std::string service_of(const Context& app, const oncall::ChangeEvent& change)
{
    oncall::AlertFields fields;
    fields.source = change.source;
    fields.service = change.service;
    fields.title = change.title;
    fields.labels = change.labels;
    fields.at = app.clock.now();
    return oncall::route(*app.configuration(), fields).service;
}

template <class Things> void add_names(std::vector<std::string>& names, const Things& things)
{
    for (const auto& [name, thing] : things)
        names.push_back(name);
}

} // namespace

std::string change_key(const oncall::ChangeEvent& change)
{
    constexpr std::size_t most_key = 255;
    if (!change.dedup_key.empty())
        return change.dedup_key.size() <= most_key ? change.dedup_key : "long:" + storage::sha256(change.dedup_key);
    if (change.at == TimePoint{})
        return {};
    return "at:"
        + storage::sha256(change.service + '\n' + std::to_string(change.at.time_since_epoch().count()) + '\n' + change.title);
}

bool is_too_old(const oncall::ChangeEvent& change, TimePoint now)
{
    return change.at != TimePoint{} && change.at < now - storage::ChangeEvents::kept_for;
}

void take_change(storage::Transaction& tx, const Context& app, oncall::ChangeEvent change, TimePoint now)
{
    change.dedup_key = change_key(change);
    // A clock that is ahead does not put it above what comes later.
    if (change.at == TimePoint{} || change.at > now)
        change.at = now;
    if (is_too_old(change, now))
        return;
    const auto service = service_of(app, change);
    if (service != change.service && !change.service.empty())
        change.labels.emplace("service", change.service); // as it was named
    change.service = service;
    const storage::ChangeEvents changes{tx};
    if (!changes.add(change) || service.empty())
        return;
    for (const auto id : changes.alerts_beside(service, change.at, most_cards_that_follow))
        if (const auto alert = storage::Alerts{tx}.find(id); alert && !alert->drill)
            show(tx, app, *alert, now, false);
}

Answer changes(slack::Command, std::string rest, std::string, Context& app)
{
    const auto configuration = app.configuration();
    blocks::ChangesView shown;
    shown.name = rest;
    shown.of_service = configuration->services.contains(rest);
    if (!rest.empty() && !shown.of_service && !configuration->sources.contains(rest)) {
        std::vector<std::string> names;
        add_names(names, configuration->services);
        add_names(names, configuration->sources);
        const auto meant = config::nearest(rest, names);
        throw Refusal{"There is no service “" + rest + "”, and no source. "
            + (meant ? "Did you mean `/oncall changes " + *meant + "`? " : std::string{})
            + "`/oncall changes` alone shows the last of all."};
    }
    auto load = [&](storage::Transaction& tx) {
        const storage::ChangeEvents all{tx};
        return rest.empty()    ? all.last(most_changes_shown)
            : shown.of_service ? all.of_service(rest, most_changes_shown)
                               : all.of_source(rest, most_changes_shown);
    };
    shown.changes = co_await app.database.read(load);
    co_return said(blocks::changes(shown));
}

} // namespace handlers
