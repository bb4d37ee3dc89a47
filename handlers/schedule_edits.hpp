#pragma once

#include "config/plan.hpp"
#include "handlers/context.hpp"
#include "slack/payloads.hpp"

/// Edits of schedules, by the file or by Slack: people are told whose shifts move, the channel what changed, and it can be
/// undone. Overrides tell people themselves.
namespace handlers {

/// The items and overrides that hold, so that what a change made of them can be seen.
struct SchedulesHeld {
    std::vector<config::Item> items{};
    std::vector<storage::StoredOverride> overrides{};
};
SchedulesHeld schedules_held(storage::Transaction& tx);

/// After a change was written, in its transaction: each edit of a schedule is kept and told. A schedule that is new is told to
/// nobody in person, unless it was there before or another went with it, and the first configuration of all to nobody at all.
void tell_schedule_edits(storage::Transaction& tx, const Context& app, const SchedulesHeld& before, const Asked& asked);

/// Who would be on call instead of whom, a line each, as in blocks::words(); the plan's changes are not written.
std::vector<std::string> shifts_moved_by(storage::Transaction& tx, const config::Plan& plan, TimePoint now);

/// The schedule is again what it was before that edit, from now on, a deleted one with its overrides; returns its name. Whoever
/// may change the schedule's settings may. Throws Refusal, also when somebody has undone or changed it since. After the commit:
/// take_effect.
std::string undo_schedule_edit(storage::Transaction& tx, const Context& app, std::int64_t id, const Asked& asked);

asio::awaitable<slack::Json> click_schedule_undo(slack::Action pressed, std::string delivery, Context& app);

} // namespace handlers
