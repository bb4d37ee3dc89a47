#include "handlers/readiness.hpp"

#include "blocks/notification_rules.hpp"
#include "handlers/reach.hpp"
#include "handlers/routes.hpp"
#include "handlers/said.hpp"
#include "oncall/readiness.hpp"
#include "storage/contacts.hpp"
#include "storage/levels.hpp"

#include <algorithm>

namespace handlers {

using slack::Json;
using storage::Transaction;

oncall::Reach reach_of(Transaction& tx, const Context& app, const storage::Person& person)
{
    oncall::Reach reach;
    reach.user = person.user_id;
    reach.kind = person.kind;
    reach.email = person.email;
    reach.time_zone = person.time_zone;
    reach.methods = storage::ContactMethods{tx}.of(person.user_id);
    reach.rules = storage::NotificationRules{tx}.of(person.user_id).rules;
    reach.team_rules = team_rules_of(tx, app, person.user_id, "");
    return reach;
}

oncall::Readiness readiness_at(Transaction& tx, const Context& app, TimePoint now)
{
    oncall::Readiness all;
    all.until = now + readiness_ahead;
    const auto configuration = app.configuration();
    const auto groups = storage::ReadGroups{tx}.members();
    const auto shifts = oncall::coming_shifts(*configuration, now, all.until, groups);
    all.unread = oncall::unread_groups(*configuration, groups);
    const storage::People people{tx};
    std::map<std::string, oncall::Reach> reaches;
    std::set<std::string> rota;
    for (const auto& shift : shifts) {
        const auto known = people.find(shift.person);
        rota.insert(known && !known->user_id.empty() ? known->user_id : shift.person);
        if (known && !reaches.contains(shift.person))
            reaches[shift.person] = reach_of(tx, app, *known);
    }
    all.people = rota.size();
    all.not_ready = oncall::not_ready(shifts, reaches, app.ways);
    return all;
}

void plan_readiness_report(Transaction& tx, const Context& app, TimePoint now)
{
    const storage::Timers timers{tx};
    const bool any = !app.fallback_channel.empty() && std::any_of(app.ways.begin(), app.ways.end(), oncall::wakes);
    if (any && !timers.find(storage::TimerKind::readiness, 0))
        timers.set(storage::TimerKind::readiness, 0, oncall::next_report(*app.configuration(), now));
    else if (!any)
        timers.clear(storage::TimerKind::readiness, 0);
}

void report_readiness(Transaction& tx, const Context& app, TimePoint now)
{
    const auto readiness = readiness_at(tx, app, now);
    const storage::Timers timers{tx};
    timers.clear(storage::TimerKind::readiness, 0);
    plan_readiness_report(tx, app, now);
    if (readiness.not_ready.empty() || app.fallback_channel.empty())
        return;
    // Slack cuts a long text: several messages, then.
    constexpr std::size_t most_in_one = 1'200;
    std::string words;
    int part = 0;
    const auto post = [&] {
        storage::Outbox{tx}.add("readiness:" + std::to_string(now.time_since_epoch().count()) + ":" + std::to_string(part++),
            "channel_words", storage::Priority::furniture, app.fallback_channel, 0, app.fallback_channel + "\n" + words, now);
        words.clear();
    };
    for (const auto& line : words_of(readiness)) {
        if (!words.empty() && words.size() + line.size() > most_in_one)
            post();
        words += (words.empty() ? "" : "\n") + line;
    }
    post();
}

Answer readiness(slack::Command, std::string, std::string, Context& app)
{
    const auto now = app.clock.now();
    std::map<std::string, std::string> names;
    auto load = [&](Transaction& tx) {
        names = storage::People{tx}.names();
        return words_of(readiness_at(tx, app, now));
    };
    const auto lines = co_await app.database.read(load);
    co_return said(blocks::readiness(lines, names));
}

} // namespace handlers
