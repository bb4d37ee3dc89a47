#pragma once

#include "oncall/configuration.hpp"
#include "oncall/identities.hpp"

#include <array>

/// Handoffs of a schedule, and who is told what of them and when.
namespace oncall {

/// From `at` on others are on call than before. People are Slack ids, where Slack has said who they are.
struct Handoff {
    TimePoint at{};
    std::vector<std::string> outgoing{}; // who were on call and are not any more
    std::vector<std::string> incoming{}; // who come new
    std::vector<std::string> stays{};
    std::optional<TimePoint> until{}; // when that changes again, if within 400 days
    bool operator==(const Handoff&) const = default;
};

/// Those in (from, to], in order, at most `most`. A turn that begins for the same people, by whichever of their names, is none.
std::vector<Handoff> handoffs(
    const Schedule& schedule, const Known& known, TimePoint from, TimePoint to, std::size_t most = 10'000);
/// The latest of these: after a downtime it alone still tells who is on call.
std::optional<Handoff> last_handoff(const Schedule& schedule, const Known& known, TimePoint from, TimePoint to);
/// The one at that instant.
std::optional<Handoff> handoff_at(const Schedule& schedule, const Known& known, TimePoint at);
/// When somebody, a Slack id or as configured, who is on call at `at` goes off call next; nullopt: not until `to`. `at` itself
/// when they are not on call then.
std::optional<TimePoint> goes_off(
    const Schedule& schedule, const Known& known, const std::string& person, TimePoint at, TimePoint to);
/// Nobody is on call at `at`, and so the rotations want it: they go on later, and no change took anybody out.
bool is_planned_gap(const Schedule& schedule, TimePoint at);

/// What somebody wants to be told of their shifts.
struct Reminders {
    std::vector<milliseconds> before{24h, 1h}; // a shift begins; zero: as it begins. Empty: none
    std::optional<milliseconds> note{1h}; // before it ends, when they are asked for a note; nullopt: never
    bool operator==(const Reminders&) const = default;
};
/// What can be chosen.
inline constexpr std::array<milliseconds, 4> reminder_choices{0h, 1h, 24h, 7 * 24h};
inline constexpr std::array<milliseconds, 2> note_choices{1h, 24h};

/// By Slack id; who is not in it has chosen nothing.
struct ChosenReminders {
    std::map<std::string, Reminders> of{};
    const Reminders& operator()(const std::string& person) const;
    /// How far ahead anybody is told anything.
    milliseconds longest() const;
};

/// Somebody is to be told of a shift.
struct ShiftReminder {
    std::string person{};
    TimePoint at{}; // it begins
    milliseconds before{}; // chosen so
    bool operator==(const ShiftReminder&) const = default;
};
/// Those that became due in (last, now] and still help: the latest of a shift alone, none that half its time has gone by since
/// while another is to come, none once it has begun but the one as it begins, for a quarter of an hour. Who is on call meanwhile,
/// between the reminder and the shift, knows: none.
std::vector<ShiftReminder> reminders_due(
    const Schedule& schedule, const Known& known, const ChosenReminders& chosen, TimePoint last, TimePoint now);

/// Somebody who will go off call is to be asked for a note.
struct NoteRequest {
    std::string person{};
    TimePoint at{}; // they go
    bool operator==(const NoteRequest&) const = default;
};
/// Those that became due in (last, now], for handoffs that are to come, of whoever is on call already.
std::vector<NoteRequest> note_requests_due(
    const Schedule& schedule, const Known& known, const ChosenReminders& chosen, TimePoint last, TimePoint now);

/// When, after `after`, there is something to do for a schedule: a handoff, a reminder, a note to be asked for. At the latest
/// after a month.
TimePoint next_due(const Schedule& schedule, const Known& known, const ChosenReminders& chosen, TimePoint after);

/// A note can be written or changed for as long after the handoff.
inline constexpr milliseconds note_kept_open = 12h;
/// A handoff that was not accepted: its people are reminded after this time, and after as long again somebody else is told.
inline constexpr milliseconds accept_within = 30min;

/// `at`, or when the night there (22:00 to 08:00) and the quiet hours are over that it lies in: nobody is woken to press a
/// button.
TimePoint after_the_night(TimePoint at, const std::string& time_zone, const std::vector<Window>& quiet);

/// Whom a team's policy names in person after the schedule: they are told when a handoff is not accepted, since theirs is what
/// nobody answers. Empty: it names nobody.
std::vector<std::string> who_stands_behind(const Configuration& configuration, const Team& team, const std::string& schedule);

} // namespace oncall
