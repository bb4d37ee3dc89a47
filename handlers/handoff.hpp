#pragma once

#include "handlers/context.hpp"
#include "storage/handoffs.hpp"

/// Handoffs of schedules that teams page by: told, accepted, noted; and reminders of shifts. Inside a transaction, where nothing
/// else is said. Nothing of paging waits for any of it.
namespace handlers {

/// Another configuration is in force, or somebody wants other reminders: the schedules' timers are set by what holds now. What
/// is overdue stays so. What a change makes of this very moment is told by whoever made it, and is no handoff. `is_late`: a
/// change may not have been planned when it was made, so what has become due since the last plan is due now.
void plan_handoffs(storage::Transaction& tx, const Context& app, TimePoint now, bool is_late = false);

/// The time of a watched schedule has come. After a downtime the latest handoff is told, and of the rest what still helps.
void handoff_due(storage::Transaction& tx, const Context& app, std::int64_t watched, TimePoint now);
/// A handoff has not been accepted for a time: its people are reminded, and then somebody else is told.
void accept_due(storage::Transaction& tx, const Context& app, std::int64_t handoff, TimePoint now);

/// Where a schedule's handoffs are told: in the channels of the teams that page by it, for one without a channel in the fallback
/// channel.
std::set<std::string> channels_told(const Context& app, const oncall::Configuration& configuration, const std::string& schedule);
/// The messages that show it are brought up to date.
void show_handoff(storage::Transaction& tx, std::int64_t handoff, TimePoint now);

/// Whether Slack has said that there is nobody of that name.
using IsNobody = std::function<bool(const std::string& person)>;
/// Whether those who just came on call by that schedule are still in this workspace is asked of Slack, so that the handoff says
/// so before it is posted. When Slack does not say, what was known holds.
asio::awaitable<void> know_incoming(Context& app, std::int64_t watched, IsNobody is_nobody);
/// The handoffs of the last day say who those are that Slack did not know then, or that it knows none of that name.
asio::awaitable<void> name_incoming(Context& app, IsNobody is_nobody);

/// Which handoff somebody may write a note for: of a schedule they are on call by, or went off within half a day.
struct NoteTarget {
    std::int64_t watched{};
    std::string schedule{};
    std::int64_t handoff{}; // 0: it is to come
    TimePoint at{}; // TimePoint{}: not in sight
};
std::vector<NoteTarget> note_targets(storage::Transaction& tx, const Context& app, const std::string& person, TimePoint now);
/// Notes of a schedule that wait for a handoff, and whose writers are off call: they go with `handoff`, or, without one, to
/// whoever is on call instead and into the channels. None stays behind and turns up at a later handoff.
void hand_notes_over(
    storage::Transaction& tx, const Context& app, const std::string& schedule, std::int64_t handoff, TimePoint now);
/// Keeps it; without text it is taken back. Returns words for its writer.
std::string write_note(storage::Transaction& tx, const NoteTarget& target, const std::string& text, const Asked& asked);

/// Accepts what `value` of the button names. Returns words. Throws Refusal.
std::string accept_handoff(storage::Transaction& tx, const Context& app, const std::string& value, const Asked& asked);

/// Tries each way to the person; what comes of it is ticked off in one message. Throws Refusal.
void test_pager(storage::Transaction& tx, const Context& app, const Asked& asked);

} // namespace handlers
