#pragma once

#include "oncall/alert.hpp"

#include <variant>

namespace oncall {

/// What may be done to an alert. `refire` and `clear` come from the source, `wake` from a snooze that ended.
enum class Verb { acknowledge, escalate, resolve, snooze, refire, clear, wake };

std::string_view name(Verb verb);

/// What a verb does in a state.
struct Effect {
    AlertState state{}; // the new state
    std::string_view words{}; // for the timeline: "acknowledged"; empty: not worth a line
    enum class Paging { keep, stop, next_level, start } paging{Paging::keep};
};

/// The table state × verb. A refusal's text may contain {who} and {when}: of the answer in force.
std::variant<Effect, Refusal> apply(AlertState state, Verb verb);

/// Whether `actor` may do `verb`, asked in the one place where alerts change. Throws Refusal.
/// `actor_team` and `home_team` are Slack workspaces; an unknown one counts as home.
void permit(Verb verb, std::string_view actor_team, std::string_view home_team);

} // namespace oncall
