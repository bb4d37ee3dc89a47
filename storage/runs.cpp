#include "storage/runs.hpp"

#include "storage/repositories.hpp"
#include "storage/rules_json.hpp"
#include "storage/sql.hpp"

#include <set>

namespace storage {

namespace {

const std::string select_runs =
    "SELECT id, version, page, alert, round, level, attempt, person, rule, steps, why, next, due, state, waited, urgency, "
    "begun_at, bundle "
    "FROM runs WHERE ";
const std::string run_by_id = select_runs + "id = $1";
const std::string by_page = select_runs + "page = $1 ORDER BY id";
const std::string open = select_runs + "page = $1 AND state IN ('active', 'held') ORDER BY id";
const std::string held_runs = select_runs + "person = $1 AND state = 'held' ORDER BY id";

oncall::RunState run_state(const std::string& name)
{
    using enum oncall::RunState;
    return name == "active" ? active : name == "held" ? oncall::RunState::held : name == "stopped" ? stopped : completed;
}

oncall::Run run_in(Query& row)
{
    oncall::Run found;
    found.id = {row.integer()};
    found.version = row.integer();
    found.page = {row.integer()};
    found.alert = {row.integer()};
    found.at.round = row.number();
    found.at.level = row.number();
    found.at.attempt = row.number();
    found.person = row.text();
    found.rule = row.text();
    found.steps = steps_in(row.text());
    found.why = row.text();
    found.next = row.number();
    found.due = row.time();
    found.state = run_state(row.text());
    found.waited = row.integer() != 0;
    found.urgency = row.text() == "low" ? oncall::Urgency::low : oncall::Urgency::high;
    found.begun_at = row.time();
    found.bundle = {row.integer()};
    return found;
}

std::vector<oncall::Run> runs_in(Query row)
{
    std::vector<oncall::Run> found;
    while (row.step())
        found.push_back(run_in(row));
    return found;
}

} // namespace

bool Runs::add(oncall::Run& one) const
{
    run(tx,
        "INSERT INTO runs (version, page, alert, round, level, attempt, person, rule, steps, why, next, due, state, waited, "
        "urgency, begun_at, bundle)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) ON CONFLICT (page, round, level, "
        "attempt, person) DO NOTHING",
        one.version, one.page.value, one.alert.value, one.at.round, one.at.level, one.at.attempt, one.person, one.rule,
        steps_out(one.steps), one.why, one.next, one.due, oncall::name(one.state), one.waited, oncall::name(one.urgency),
        one.begun_at, one.bundle.value);
    if (tx.changes() == 0)
        return false;
    one.id = {tx.last_id()};
    return true;
}

std::optional<oncall::Run> Runs::find(oncall::RunId id) const
{
    Query row{tx, run_by_id, id.value};
    return row.step() ? std::optional{run_in(row)} : std::nullopt;
}

std::vector<oncall::Run> Runs::of_page(oncall::PageId page) const { return runs_in(Query{tx, by_page, page.value}); }
std::vector<oncall::Run> Runs::open_of(oncall::PageId page) const { return runs_in(Query{tx, open, page.value}); }
std::vector<oncall::Run> Runs::held_for(const std::string& person) const { return runs_in(Query{tx, held_runs, person}); }

std::vector<TimePoint> Runs::recent(const oncall::Run& one, int most) const
{
    std::set<std::int64_t> pages{one.page.value};
    std::vector<TimePoint> found;
    Query row{tx,
        "SELECT begun_at, page, (SELECT drill FROM alerts WHERE id = runs.alert) IS (SELECT drill FROM alerts WHERE id = $3) "
        "FROM "
        "runs WHERE person = $1 AND urgency = $2 ORDER BY begun_at DESC",
        one.person, oncall::name(one.urgency), one.alert.value};
    // To be bundled they must be of the last minute: older ones are not walked.
    while (static_cast<int>(found.size()) < most && row.step()) {
        const auto at = row.time();
        if (at <= one.begun_at - oncall::Bundling{}.within)
            break;
        const auto page = row.integer();
        if (row.integer() != 0 && pages.insert(page).second)
            found.push_back(at);
    }
    return found;
}

std::vector<oncall::Run> Runs::due_of(oncall::BundleId bundle, int next, TimePoint now) const
{
    static const auto sql =
        select_runs + "bundle = $1 AND bundle <> 0 AND state = 'active' AND next = $2 AND due <= $3 ORDER BY id";
    return runs_in(Query{tx, sql, bundle.value, next, now});
}

void Runs::save(oncall::Run& one) const
{
    run(tx,
        "UPDATE runs SET version = version + 1, next = $3, due = $4, state = $5, steps = $6, waited = $7, bundle = $8 WHERE id = "
        "$1 "
        "AND version = $2",
        one.id.value, one.version, one.next, one.due, oncall::name(one.state), steps_out(one.steps), one.waited,
        one.bundle.value);
    if (tx.changes() != 1)
        throw Conflict{"run " + std::to_string(one.id.value) + " was changed by somebody else"};
    ++one.version;
}

} // namespace storage
