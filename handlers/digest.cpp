#include "handlers/digest.hpp"

#include "handlers/ladder.hpp"
#include "handlers/paging.hpp"
#include "handlers/reach.hpp"
#include "oncall/words.hpp"
#include "storage/runs.hpp"

#include <algorithm>

namespace handlers {

using namespace oncall;
using storage::Transaction;

namespace {

std::vector<HeldPage> held_pages(Transaction& tx, const std::vector<Run>& runs)
{
    std::vector<HeldPage> found;
    for (const auto& run : runs) {
        auto page = storage::Pages{tx}.find(run.page);
        auto alert = storage::Alerts{tx}.find(run.alert);
        if (page && alert)
            found.push_back({run, std::move(*page), std::move(*alert)});
    }
    return found;
}

/// By what a digest goes: the first step of her rule of low urgency, as it is now.
NotificationStep digest_ways(
    Transaction& tx, const Context& app, const std::string& person, const std::string& team, TimePoint now)
{
    const auto contacts = contacts_of(tx, app, person);
    const auto steps = steps_for(rule_of(tx, app, person, team, Urgency::low, now), contacts);
    return {steps.empty() ? methods_of(NotificationStep{{"slack", "email"}, {}}, contacts) : steps.front().methods, {}};
}

} // namespace

std::string spoken_of(const std::string& person) { return person.find('@') == person.npos ? "<@" + person + ">" : person; }

std::string held_words(const std::string& person, TimePoint until)
{
    return "held until " + date_token(until) + " by " + spoken_of(person) + "'s quiet hours";
}

std::vector<Run> waiting(Transaction& tx, const Page& page)
{
    auto held = storage::Runs{tx}.open_of(page.id);
    std::erase_if(held, [](const Run& run) { return run.state != RunState::held; });
    if (held.empty() || !goes_on_at(page, storage::Runs{tx}.of_page(page.id), std::nullopt))
        return {};
    return held;
}

void wait_for_digest(Transaction& tx, PageId id, std::optional<TimePoint> told_at)
{
    auto page = storage::Pages{tx}.find(id);
    const auto due = page ? goes_on_at(*page, storage::Runs{tx}.of_page(id), told_at) : std::nullopt;
    if (!due || *due == page->due)
        return;
    page->due = *due;
    storage::Pages{tx}.save(*page);
    storage::Timers{tx}.set(storage::TimerKind::page, id.value, page->due);
}

void hold(Transaction& tx, Run& run, TimePoint until)
{
    run.waited = true;
    run.state = RunState::held;
    run.due = until;
    storage::Runs{tx}.save(run);
    storage::Timers{tx}.set(storage::TimerKind::run, run.id.value, until);
}

void send_digest(Transaction& tx, const Context& app, const std::string& person, TimePoint now)
{
    const storage::Runs runs{tx};
    auto held = runs.held_for(person);
    const auto told = in_digest(held_pages(tx, held));
    for (auto& run : held) {
        storage::Timers{tx}.clear(storage::TimerKind::run, run.id.value);
        if (std::any_of(told.begin(), told.end(), [&](const HeldPage& one) { return one.run.id == run.id; }))
            continue;
        run.state = RunState::completed;
        run.next = static_cast<int>(run.steps.size());
        runs.save(run);
    }
    if (told.empty())
        return;
    const bool alone = told.size() == 1;
    const auto others = std::to_string(told.size() - 1) + (told.size() == 2 ? " other" : " others");
    std::vector<Run> together;
    for (const auto& one : told) {
        if (last_step(one.page) == one.run.at)
            wait_for_digest(tx, one.page.id, now);
        storage::Timeline{tx}.add(one.alert.id, now, "", quiet_via,
            (alone ? "paging " + spoken_of(person) + " after their quiet hours"
                   : "told " + spoken_of(person) + " after their quiet hours, in one message with " + others));
        together.push_back(one.run);
    }
    if (alone)
        begin_held_run(tx, app, told.front().page, told.front().run, now);
    else
        begin_held_runs(tx, app, std::move(together), digest_ways(tx, app, person, told.front().alert.team, now), now);
    for (const auto& one : told)
        show(tx, app, one.alert, now, false);
}

void hold_anew(Transaction& tx, const Context& app, const std::string& person, TimePoint now)
{
    const storage::Runs runs{tx};
    std::set<PageId> pages;
    for (auto& run : runs.held_for(person)) {
        const auto alert = storage::Alerts{tx}.find(run.alert);
        const auto until = quiet_until(tx, app, person, alert ? alert->team : std::string{}, now);
        const auto due = until.value_or(now);
        if (due == run.due)
            continue;
        run.due = due;
        runs.save(run);
        storage::Timers{tx}.set(storage::TimerKind::run, run.id.value, due);
        pages.insert(run.page);
        if (until && alert) {
            storage::Timeline{tx}.add(alert->id, now, "", quiet_via, held_words(person, *until));
            show(tx, app, *alert, now, false);
        }
    }
    for (const auto page : pages)
        wait_for_digest(tx, page, std::nullopt);
}

} // namespace handlers
