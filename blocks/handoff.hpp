#pragma once

#include "blocks/form.hpp"

/// Handoffs: the message in the channel, what whoever goes and whoever comes is told, their note and their reminders, and the
/// test of their pager.
namespace blocks {

namespace action {
inline constexpr std::string_view handoff_accept{"handoff.accept"}; // "m<message>" or "h<handoff>"
inline constexpr std::string_view handoff_note{"handoff.note"}; // opens a form; a watched schedule's id, or none
inline constexpr std::string_view reminders_open{"reminders.open"};
inline constexpr std::string_view pager_test{"pager.test"};
} // namespace action
namespace view {
inline constexpr std::string_view handoff_note{"handoff.note.submit"};
inline constexpr std::string_view reminders{"reminders.submit"};
// Fields.
inline constexpr std::string_view handoff_of{"handoff"};
inline constexpr std::string_view handoff_text{"note"};
inline constexpr std::string_view reminders_before{"before"};
inline constexpr std::string_view reminders_note{"note"};
} // namespace view

/// From `at` on others are on call. People are Slack ids or as configured.
struct HandoffView {
    std::string schedule{};
    oncall::TimePoint at{};
    oncall::TimePoint until{}; // TimePoint{}: not in sight
    struct Incoming {
        std::string person{};
        std::string kind{}; // "member", "guest", "gone" …; "nobody": Slack does not know them; empty: it has not said yet
        oncall::TimePoint accepted_at{};
        oncall::TimePoint passed_on_at{}; // others were told that they have not
        std::string passed_on_to{}; // people with commas, or a channel
    };
    std::vector<Incoming> incoming{};
    std::vector<std::string> outgoing{};
    std::vector<std::string> stays{};
    struct Note {
        std::string person{};
        std::string text{};
        oncall::TimePoint written_at{};
    };
    std::vector<Note> notes{};
    bool is_over{}; // others are on call by now: nobody accepts any more
    bool is_planned_gap{}; // nobody is on call, as the rotations want it
};
struct OpenAlert {
    oncall::AlertId id{};
    std::string service{};
    std::string title{};
    oncall::AlertState state{};
    std::string link{}; // to its card; empty: none
};
/// All handoffs of an instant in a channel, and what is open there.
struct HandoffMessageView {
    std::int64_t id{};
    std::vector<HandoffView> handoffs{};
    std::vector<OpenAlert> open{};
    std::size_t more{}; // that are open too
    std::string trouble{}; // why it stands in another channel than its own: "#payments: is_archived"; empty: it does not
    Names names{};
};
/// Mentions those who come.
Message handoff(const HandoffMessageView& shown);

/// A shift is to begin, or begins (`before` is zero), to whoever has it.
struct ShiftReminderView {
    std::string schedule{};
    oncall::TimePoint at{};
    oncall::TimePoint until{}; // TimePoint{}: not in sight
    oncall::milliseconds before{};
    std::vector<std::string> outgoing{}, together{};
    std::string accept{}; // the value of the button; empty: there is none
    Names names{};
    bool is_late{}; // it is not that long before any more
};
Message shift_reminder(const ShiftReminderView& shown);

/// To whoever goes: what should others know?
struct NoteRequestView {
    std::string schedule{};
    oncall::TimePoint at{};
    std::vector<std::string> incoming{};
    std::int64_t watched{}; // the schedule's id
    Names names{};
};
Message note_request(const NoteRequestView& shown);

/// To whoever came and has not accepted. `handoff` is its id.
Message accept_reminder(const HandoffView& shown, std::int64_t handoff, const Names& names);

/// The form of a note: for which handoff, if there are several.
struct NoteForm {
    std::vector<Choice> handoffs{};
    std::string chosen{}; // a value of these
    std::string text{}; // as it stands
};
View note_form(const NoteForm& form);
inline constexpr int most_note = 2'000;

/// What the form of reminders says: leads and the note's lead in the notation of oncall::duration_out; "never".
View reminders_form(const std::vector<std::string>& before, const std::string& note);

/// What came of a test by each way: "planned", "sent", "arrived", "failed".
struct PagerTestView {
    oncall::TimePoint at{};
    struct Way {
        std::string words{};
        std::string state{};
        std::string why{};
    };
    std::vector<Way> ways{};
    bool wakes{}; // one of them may wake somebody
};
Message pager_test(const PagerTestView& shown);

} // namespace blocks
