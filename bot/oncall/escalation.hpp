#pragma once

#include "oncall/alert.hpp"

#include <variant>

namespace oncall {

/// Notify these targets now; the next step is due at `due`.
struct Step {
    Position at{};
    std::vector<Target> targets{};
    Position next{};
    TimePoint due{};
};
/// Nothing yet.
struct Wait {
    TimePoint until{};
};
/// Every level of every round has been tried.
struct Exhausted { };
/// Answered or resolved: nothing more to do.
struct Done { };

/// Somebody is still to be found.
bool is_running(const Page& page);
/// It has reached its person, or may do so yet.
bool reaches(const Notification& notification);

/// What a page does at `now`. Decides and does nothing else. Patience runs from now, not from when the step was due:
/// after an outage people get one page, not a burst.
std::variant<Step, Wait, Exhausted, Done> decide(const Page& page, TimePoint now);

/// The first try of the next level after the step last run, or of the next round; past the end: exhausted.
Position next_level(const Page& page);

/// The step that was run last, if any was.
std::optional<Position> last_step(const Page& page);

/// Whom a step reaches: every person of its targets, once, in order; `empty` names the targets nobody stands behind.
struct Reached {
    std::vector<std::string> people{};
    std::vector<std::string> channels{};
    std::vector<Target> empty{};
    struct Why {
        std::string person{};
        Target target{};
        std::string how{}; // "schedule payments, rotation weekly", "schedule payments, override", "team payments", "named"
    };
    std::vector<Why> because{};
};
Reached reach(const std::vector<Target>& targets, const Configuration& configuration, TimePoint now);

} // namespace oncall
