#pragma once

#include "oncall/alert.hpp"
#include "oncall/identities.hpp"

/// Overrides as people make them: from what they wish to what changes, whom that concerns, and what may still be changed.
namespace oncall {

/// Whose place those take who are put on call.
enum class Stead { everybody, one_person, as_well };

/// What somebody wishes. People are Slack ids, or as configured.
struct OverrideDraft {
    std::string schedule{};
    std::vector<std::string> people{};
    std::optional<TimePoint> from{};
    std::optional<TimePoint> to{};
    Stead stead{Stead::everybody};
    std::string instead_of{}; // of one_person
    bool times_only{}; // of one that is edited: what it does stays, and whom it names
    bool agreed{}; // of one_person, who has agreed, so that nobody's permission is asked: it may name somebody for whom others
                   // stand in already, also to give them their time back
};

/// Where a form shows what is wrong.
enum class OverrideField { schedule, people, from, to, stead, instead_of };
/// Words for the person: people in them are written <@U…> or as configured.
using OverrideProblems = std::map<OverrideField, std::string>;

/// A stretch of [start, end) in which others are on call than before. Slack ids where known, each once.
struct ShiftChange {
    TimePoint start{};
    TimePoint end{};
    std::vector<std::string> before{};
    std::vector<std::string> after{};
    bool operator==(const ShiftChange&) const = default;
};

/// Where the people on call differ, oldest first; neighbours that change alike are one.
std::vector<ShiftChange> changes_between(
    const Schedule& before, const Schedule& after, const Known& known, TimePoint from, TimePoint to);

/// Everybody on call at some time of [from, to), as Slack knows them, in the order of their shifts.
std::vector<std::string> on_call_between(const Schedule& schedule, const Known& known, TimePoint from, TimePoint to);

/// A draft that was looked at: the override it makes, with what that changes; or else what is wrong with it.
struct Drafted {
    Override one{};
    std::vector<ShiftChange> changes{};
    OverrideProblems problems{};
};
/// `edited`: it takes the place of that override, which the schedule holds by the same id; nullptr: a new one, the latest made.
/// What lies before `now` stays as it was: a new one begins now at the earliest, and of one that has begun only the end may
/// change. Of one that is edited by its times only, from, to and the schedule are all that counts. People are named as the
/// schedule names them, so that later overrides find them.
Drafted look_at(
    const OverrideDraft& draft, const Schedule& schedule, const Known& known, TimePoint now, const Override* edited = nullptr);

/// Whoever comes in by an override is not looked at again, so of a time that somebody has by one, another must name whom that one
/// stands in for. The drafts by which the first of `wish.people` is on call instead of `wish.instead_of` all through its time,
/// and nothing else changes; oldest first, each to be made after the one before. Empty: there are none, as where an override adds
/// somebody, or a temporary schedule holds.
std::vector<OverrideDraft> agreed_drafts(const OverrideDraft& wish, const Schedule& schedule, const Known& known, TimePoint now);

/// A draft and what it changes, as one text that differs when either does. The beginning of the first change aside, which may be
/// "now".
std::string seen(const OverrideDraft& draft, const std::vector<ShiftChange>& changes);

/// The draft that makes an override what it is; only `put` and `add` without a rotation of their own have one.
std::optional<OverrideDraft> draft_of(const Override& one, const std::string& schedule, const Known& known);

/// The schedule with it: in the place of the one with its id, else as the latest made.
Schedule with(Schedule schedule, Override one);
Schedule without(Schedule schedule, std::int64_t id);

bool has_begun(const Override& one, TimePoint now);
bool is_over(const Override& one, TimePoint now);

/// What is left of one that is taken back: of a running one the time until now, so that history stays as it was; of a coming one
/// nothing. Throws Refusal when it is over.
std::optional<Override> taken_back(Override one, TimePoint now);

/// What changes for one person.
struct Concern {
    struct Stretch {
        TimePoint start{};
        TimePoint end{};
        std::vector<std::string> others{}; // of a gain: who was on before; of a loss: who is on now
        bool operator==(const Stretch&) const = default;
    };
    std::string person{};
    std::vector<Stretch> gains{};
    std::vector<Stretch> losses{};
};
/// Everybody who gets or loses time on call, but whoever made the change.
std::vector<Concern> concerned(const std::vector<ShiftChange>& changes, const std::string& maker);

inline constexpr milliseconds longest_override{std::chrono::hours{24 * 90}};
inline constexpr milliseconds furthest_override{std::chrono::hours{24 * 366}};
inline constexpr std::size_t most_put_on_call = 10;
/// How far ahead what an override changes is looked at: no further than people can make one, however long one of the file lasts.
constexpr TimePoint looked_at_until(TimePoint now) { return now + furthest_override + longest_override; }
/// How long one's own change of an override can be undone, while nothing else happened to it.
inline constexpr milliseconds undo_override_within{30'000};

} // namespace oncall
