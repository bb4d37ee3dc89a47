#pragma once

#include "oncall/arrival.hpp"
#include "oncall/heartbeat.hpp"
#include "oncall/override_permission.hpp"

#include <set>

/// Silences and maintenance windows: whom they meet, when they hold, who may make them.
namespace oncall {

/// How long one may last. Nobody is silent for ever by accident: whoever needs more says so again.
inline constexpr std::chrono::days longest_silence{30};
/// Until when a window may come back, and how far ahead anything may be planned.
inline constexpr std::chrono::days longest_recurrence{366};

/// What holds back the pages of some alerts for a while.
struct Silence {
    std::int64_t id{};
    Hold::Kind kind{Hold::Kind::silence}; // or maintenance
    std::vector<std::string> services{}; // one of them; empty: any, and alerts of none
    std::vector<std::string> teams{}; // the same
    Condition when{}; // all of its parts as well: is, contains, in
    TimePoint from{};
    TimePoint to{}; // of one that comes back: until when it does
    WorkingHours repeats{}; // when it holds in that time; without windows: always
    std::string reason{};
    std::string made_by{};
    std::string ended_by{};
    TimePoint ended_at{}; // TimePoint{}: nobody ended it
    bool operator==(const Silence&) const = default;
};

/// "silence" or "maintenance", as people call it.
std::string_view called(const Silence& silence);
bool meets_everything(const Silence& silence);
bool comes_back(const Silence& silence);

/// Whether it is about that alert, at whatever time.
bool meets(const Silence& silence, const AlertFields& fields, const std::string& team);

/// Until when it goes on holding; nullopt: it does not hold at `at`. On the wall clock of its zone a skipped time is the first
/// instant after the gap, a repeated one its first occurrence.
std::optional<TimePoint> holds_until(const Silence& silence, TimePoint at);
/// When it holds next, at `at` or later; nullopt: never again.
std::optional<TimePoint> holds_from(const Silence& silence, TimePoint at);
/// When that changes next, after `at`; nullopt: it is over.
std::optional<TimePoint> next_change(const Silence& silence, TimePoint at);
/// The times of [from, to) in which it holds, the first `most` of them.
std::vector<std::pair<TimePoint, TimePoint>> occurrences(const Silence& silence, TimePoint from, TimePoint to, std::size_t most);

/// How a window comes back: "daily", "weekdays", "weekly"; empty: it does not. By its first time, on the wall clock of `zone`.
struct RecurringHours {
    WorkingHours hours{};
    std::string trouble{};
};
RecurringHours recurrence_of(std::string_view how, TimePoint from, TimePoint to, const std::string& zone);
/// The same read back; empty: it does not come back.
std::string recurrence_in(const Silence& silence);

/// "service checkout, labels.cluster = eu-1"; "everything".
std::string words_of_match(const Silence& silence);
/// "every Sunday 02:00–06:00 (Europe/Berlin)"; empty: once.
std::string words_of_recurrence(const Silence& silence);
/// Services and teams that it names and that are no more: renamed, or gone.
std::vector<std::string> gone_from(const Silence& silence, const Configuration& configuration);

/// What a line of a form or a word of a command says: "labels.cluster=eu-1", "source=alertmanager", "title~disk". nullopt: it is
/// no condition.
std::optional<Condition> term_in(std::string_view text);
std::string term_out(const Condition& term);

/// "checkout 2h because deploy", "labels.cluster=eu-1 until 18:00 because …": what may be missing is empty then.
struct SaidSilence {
    Silence silence{};
    std::string trouble{}; // words that are nothing it could mean
};
SaidSilence silence_said(const std::string& text, const Configuration& configuration, const std::string& zone, TimePoint now);

/// "backup 3d because the disk is moved", of a heartbeat that is called one of `names`: until when it is paused, and why. By its
/// name alone it is for the usual time; whoever wants another says why, as of a silence.
struct SaidPause {
    std::string name{}; // none of `names`: there is none
    TimePoint until{};
    std::string reason{};
    std::string trouble{}; // why it cannot be
};
SaidPause pause_said(const std::string& text, const std::vector<std::string>& names, const std::string& zone, TimePoint now);

/// At what of it something is wrong.
enum class SilencePart { match, from, to, repeats, reason };
struct SilenceProblem {
    SilencePart part{};
    std::string words{};
};
/// Why it cannot be made or changed to that; the first that is wrong.
std::optional<SilenceProblem> problem_of(const Silence& silence, const Configuration& configuration, TimePoint now);

/// What makes it so grave that whoever makes it is asked once more; `met`: the services of what it would have met lately.
std::vector<std::string> grave(const Silence& silence, const Configuration& configuration, const std::set<std::string>& met);

/// Whether `asker` may make, change and end it: `admins` may, and the members and managers of each team that it is about; of what
/// names neither a service nor a team, those of any team. While no team has any, every full member may; guests and strangers
/// never. A window over everything is the administrators', where there are any. Throws Refusal.
void permit_silence(const Configuration& configuration, const Silence& silence, const Asker& asker,
    const std::vector<std::string>& admins, const Known& known);

/// When the next digest of what is silent goes out: at nine, in the zone of most schedules.
TimePoint next_digest(const Configuration& configuration, TimePoint now);
/// In which channels it is told of: those of its teams, else the fallback channel.
std::vector<std::string> channels_of(
    const Silence& silence, const Configuration& configuration, const std::string& fallback_channel);
/// The same of a heartbeat that is paused: those of the teams that its alert would be of.
std::vector<std::string> channels_of(
    const Heartbeat& heartbeat, const Configuration& configuration, const std::string& fallback_channel);

} // namespace oncall
