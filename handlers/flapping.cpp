#include "handlers/flapping.hpp"

#include "handlers/after.hpp"
#include "handlers/climb.hpp"
#include "oncall/flapping.hpp"
#include "storage/firings.hpp"

namespace handlers {

using storage::Transaction;

namespace {

/// A chain of firings, each within a while of the one before, is followed back so far.
constexpr std::chrono::hours flapping_looks_back{24};
/// However it comes and goes, somebody is told so often.
constexpr std::chrono::hours flapping_pages_each{1};

std::vector<oncall::Firing> firings_of(Transaction& tx, const oncall::Alert& alert, TimePoint now)
{
    if (alert.dedup_key.empty() || alert.source.empty() || alert.drill)
        return {};
    return storage::Firings{tx}.since(alert.source, alert.dedup_key, now - flapping_looks_back);
}

/// That it flaps, in words; empty: it does not.
std::string flapping_in_words(Transaction& tx, const Context& app, const oncall::Alert& alert, TimePoint now)
{
    std::vector<TimePoint> times{now};
    for (const auto& one : firings_of(tx, alert, now))
        times.push_back(one.at);
    const auto found = oncall::flapping(std::move(times), now, app.recurrence);
    return found ? in_words(*found) : "";
}

/// What stands for it must be open, else nobody would be paged for it.
bool is_stood_for(Transaction& tx, const oncall::Alert& alert)
{
    const auto parent = storage::Alerts{tx}.find(alert.parent);
    return parent && parent->state != oncall::AlertState::resolved;
}

} // namespace

std::optional<oncall::Hold> flapping(Transaction& tx, const Context& app, const oncall::Alert& alert, TimePoint now)
{
    const auto firings = firings_of(tx, alert, now);
    auto hold = firings.empty() ? std::nullopt : oncall::hold_of(alert, firings, now, app.recurrence);
    if (hold && now - storage::Firings{tx}.last_paged(alert.source, alert.dedup_key) >= flapping_pages_each)
        hold.reset();
    return hold;
}

oncall::AlertId comes_back(
    Transaction& tx, const Context& app, const std::string& source, const Report& report, const Asked& asked)
{
    // Whoever names people wants those paged, each time.
    if (report.dedup_key.empty() || !report.whom.empty())
        return {};
    const auto last = storage::Firings{tx}.newest(source, report.dedup_key);
    if (!last || !oncall::comes_back(*last, asked.now, app.recurrence) || !storage::Clears{tx}.find(last->id)
        || (last->parent.value != 0 && !is_stood_for(tx, *last)))
        return {};
    const auto over = asked.now - last->answered_at;
    const auto unsteady = flapping_in_words(tx, app, *last, asked.now);
    storage::CameBacks{tx}.add({last->id, asked.now, over, unsteady});
    Wish wish;
    wish.verb = oncall::Verb::come_back;
    wish.alert = last->id;
    wish.text = unsteady.empty() ? "" : "flapping, " + unsteady;
    const auto back = change(tx, app, wish, asked);
    show(tx, app, back, asked.now, true);
    return back.id;
}

void say_back(Transaction& tx, const oncall::Alert& alert, TimePoint now)
{
    const auto back = storage::CameBacks{tx}.last(alert.id);
    if (back && back->flapping.empty() && alert.parent.value == 0)
        tell_of_return(tx, alert, back->over_for, now);
}

void calm_page(Transaction& tx, const Context& app, const oncall::Alert& alert, TimePoint now)
{
    auto page = storage::Pages{tx}.latest(alert.id);
    if (!page || alert.state != oncall::AlertState::triggered || !is_running(*page))
        return;
    if (const auto hold = flapping(tx, app, alert, now))
        put_off_page(tx, *page, hold->until);
}

bool flapped(Transaction& tx, const Context& app, oncall::AlertId alert, TimePoint now)
{
    const auto last = storage::CameBacks{tx}.last(alert);
    return last && !last->flapping.empty() && now - last->at < app.recurrence.within;
}

} // namespace handlers
