#pragma once

#include "oncall/alert.hpp"

#include <array>
#include <variant>

namespace oncall {

/// What may be done to an alert. `refire`, `again`, `clear` and `come_back` come from the source, `wake` from a snooze that
/// ended, `lapse` from a promise that was not kept or a "still on it?" that was not answered; all others from people (or from a
/// monitoring system on their behalf).
enum class Verb {
    acknowledge,
    unacknowledge, // nobody has it any more: paged again
    promise, // acknowledged, "on it in 10 min": reminded then, and paged again without an answer
    escalate, // the next level, now
    decline, // "not me": whoever is next, now
    reassign, // a person instead, and then the policy
    add_responder, // a person as well
    join, // a responder is on the way
    snooze,
    resolve,
    reopen,
    note,
    undo, // of one's own last answer
    cancel, // nobody else is paged; whoever says so has it
    still_on_it, // yes, still on it
    refire,
    again, // it fired anew or got worse, and that pages
    clear,
    come_back, // within its grace, as what it was
    wake,
    lapse,
};

inline constexpr std::array all_verbs{Verb::acknowledge, Verb::unacknowledge, Verb::promise, Verb::escalate, Verb::decline,
    Verb::reassign, Verb::add_responder, Verb::join, Verb::snooze, Verb::resolve, Verb::reopen, Verb::note, Verb::undo,
    Verb::cancel, Verb::still_on_it, Verb::refire, Verb::again, Verb::clear, Verb::come_back, Verb::wake, Verb::lapse};

std::string_view name(Verb verb);

/// What a verb does in a state.
struct Effect {
    AlertState state{}; // the new state; of an undo and of coming back: what it was before
    std::string_view words{}; // for the timeline: "acknowledged"; empty: not worth a line
    enum class Paging {
        keep,
        stop, // somebody has it
        next_level,
        hand_over, // whoever said no is out; the next level if nobody else of this one is left
        start, // from the beginning
        redirect, // a person first, then the policy
        ask, // a person besides
        resume, // as if it had not been answered
    } paging{Paging::keep};
};

/// The table state × verb. A refusal's text may contain {who} and {when}: of the answer in force.
std::variant<Effect, Refusal> apply(AlertState state, Verb verb);

/// What of the table of who_may.hpp a verb is: some page people, and so does giving back what others have. `own`: what the actor
/// has, or nobody.
enum class Deed;
Deed deed_of(Verb verb, bool own = true);

/// How long one's own answer can be taken back.
inline constexpr milliseconds undo_within{30'000};
/// How long a reminder of a promise, or a "still on it?", waits before the page starts again.
inline constexpr milliseconds promise_grace{5 * 60'000};

} // namespace oncall
