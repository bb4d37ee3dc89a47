#pragma once

#include "handlers/context.hpp"
#include "oncall/overrides.hpp"
#include "storage/levels.hpp"

/// The one place where overrides change. Everything here runs inside a transaction: the override, what undoes it, audit and the
/// words for everybody concerned leave together. Whoever called puts them in force after the commit.
namespace handlers {

using storage::known_people;

/// A schedule as overrides see it, from what is committed.
struct OverrideDesk {
    oncall::Schedule schedule{}; // with the overrides that hold
    oncall::Known known{};
    std::map<std::string, std::string> names{};
};
/// Throws Refusal when there is no such schedule.
OverrideDesk desk_of(storage::Transaction& tx, const Context& app, const std::string& schedule);
/// Throws Refusal when there is no such schedule, or `asked.actor` may not change it.
OverrideDesk override_desk(storage::Transaction& tx, const Context& app, const std::string& schedule, const Asked& asked);

/// Several at once: people and overrides are read once. Those that are not there are left out.
struct OverrideDesks {
    std::map<std::string, oncall::Schedule> schedules{};
    oncall::Known known{};
};
OverrideDesks desks_of(storage::Transaction& tx, const Context& app, const std::set<std::string>& schedules);

/// Those that `asked.actor` may change.
std::vector<std::string> schedules_to_override(storage::Transaction& tx, const Context& app, const Asked& asked);

struct OverrideWish {
    oncall::OverrideDraft draft{};
    std::string reason{};
    std::int64_t id{}; // of the one to be edited; 0: a new one
    std::int64_t version{}; // as it was shown
    std::string seen{}; // stands for what was shown, as seen_of() says; empty: nothing was
};

/// What the form shows wrong at its fields.
struct InvalidOverride : std::runtime_error {
    explicit InvalidOverride(oncall::OverrideProblems found)
        : std::runtime_error{"an override that cannot be"}
        , problems{std::move(found)}
    {
    }
    oncall::OverrideProblems problems;
};
/// What it changes is not what was shown; `what()` says so.
struct OverrideUnseen : std::runtime_error {
    using std::runtime_error::runtime_error;
};

struct ChangedOverride {
    storage::StoredOverride one{};
    std::vector<oncall::ShiftChange> changes{};
    std::vector<std::string> told{}; // who gets a message about it
    std::string words{}; // for whoever changed it
    std::string undo{}; // value of the button that undoes it: "<id>:<version>"; empty: none
};

/// What stands for a draft and what it changes.
std::string seen_of(const oncall::OverrideDraft& draft, const std::vector<oncall::ShiftChange>& changes);

/// Makes an override, or edits one. Throws Refusal, InvalidOverride or OverrideUnseen; nothing is changed then.
ChangedOverride make_override(storage::Transaction& tx, const Context& app, const OverrideWish& wish, const Asked& asked);
/// Ends one that runs, takes back one that is to come. Whoever may change the schedule may, and whom it puts on call by
/// agreement. Throws Refusal, also when its version is not `version` any more.
ChangedOverride take_back_override(
    storage::Transaction& tx, const Context& app, std::int64_t id, std::int64_t version, const Asked& asked);
/// Undoes one's own last change of it. Throws Refusal.
ChangedOverride undo_override(
    storage::Transaction& tx, const Context& app, std::int64_t id, std::int64_t version, const Asked& asked);

/// The cards of alerts that are paged by that schedule say anew who is next. After the overrides are in force.
void follow_schedule(storage::Transaction& tx, const Context& app, const std::string& schedule, TimePoint now);

/// After the commit: the schedule's overrides hold, and the cards know.
asio::awaitable<void> take_effect(std::string schedule, Context& app);

} // namespace handlers
