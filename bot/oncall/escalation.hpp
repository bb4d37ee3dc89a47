#pragma once

#include "oncall/alert.hpp"

#include <functional>
#include <map>
#include <set>
#include <variant>

namespace oncall {

/// Who is in which Slack user group, by the group as the configuration names it. One that is not there is not known yet.
using GroupMembers = std::map<std::string, std::vector<std::string>>;

/// Whom targets reach: each once, in their order; `empty` names the targets nobody stands behind.
struct Reached {
    enum class Kind { person, channel, webhook };
    struct One {
        Kind kind{};
        std::string name{}; // a person as configured, "#war-room", "https://…"
        Target target{};
        std::string how{}; // "schedule payments, rotation weekly", "schedule payments, override", "team payments", "named …"
        bool operator==(const One&) const = default;
    };
    std::vector<One> all{};
    std::vector<Target> empty{};

    std::vector<std::string> people() const;
    bool operator==(const Reached&) const = default;
};
Reached reach(
    const std::vector<Target>& targets, const Configuration& configuration, TimePoint now, const GroupMembers& groups = {});

/// Whom the page has tried, and when on its policy.
struct Tried {
    Position at{};
    std::string name{};
};
/// In the order of the policy; what was said to the fallback channel is no try.
std::vector<Tried> tried_of(const std::vector<Notification>& of_page);

/// With whom a round robin began last, and where in the list that was.
struct Beginning {
    std::string name{};
    int place{};
};

/// All that a step depends on besides its page and the time. Schedules are asked anew at each try.
struct Surroundings {
    const Alert& alert;
    const Configuration& configuration;
    GroupMembers groups{};
    std::vector<Tried> tried{};
    std::set<std::string> declined{}; // who said "not me"
    std::set<std::string> acknowledged{}; // who has it, and waits for others that it needs, too
    std::map<std::string, std::string> unable{}; // who can answer no page → why: "is deactivated in Slack"
    std::function<std::string(const std::string& person)> known_as{}; // one name for each person; empty: as configured
    std::function<std::optional<Beginning>(const Level& level, int levels_left)> beginning{}; // empty: it never began
};

/// Notify these now; the next step is due at `due`.
struct Step {
    Position at{};
    std::vector<Reached::One> now{};
    Position next{};
    TimePoint due{};
    std::optional<Beginning> beginning{}; // of a round robin, where this page is the next to begin; it is to be kept
};
/// Nothing yet.
struct Wait {
    TimePoint until{};
    std::string why{}; // "the working hours of team payments"; empty: its time has not come
    Position at{}; // what is run then
};
/// Every level of every round has been tried, or nobody stands behind any.
struct Exhausted { };
/// Answered or resolved: nothing more to do.
struct Done { };

/// What is passed over at once, and why in words. Of a target nobody stands behind, of a person who is tried no more (then there
/// are words when she can answer no page), or of a level (then there is neither).
struct Skip {
    enum class Why { condition, empty, declined, acknowledged, unable };
    Position at{};
    Why why{};
    std::optional<Target> target{};
    std::string words{};
    std::string person{};
};
std::string_view name(Skip::Why why);
struct Decision {
    std::vector<Skip> skipped{}; // on the way to `then`
    std::variant<Step, Wait, Exhausted, Done> then{};
};

/// Somebody is still to be found.
bool is_running(const Page& page);
/// The error of a declined notification whose person said nothing: she could not answer it. She may be tried again once she can.
inline constexpr std::string_view passed_over{"cannot answer a page"};
/// It has reached its person, or may do so yet.
bool reaches(const Notification& notification);

/// What a page does at `now`. Decides and does nothing else. Patience runs from now, not from when the step was due: after an
/// outage people get one page, not a burst. With `hurry`, as when somebody escalates, no level waits for working hours.
///
/// People of a level that pages them one after the other are asked for anew at each try: whoever was tried is not tried again
/// when the list has shifted, and whoever came in is. A whole round of levels with nobody ends the climb.
Decision decide(const Page& page, const Surroundings& around, TimePoint now, bool hurry = false);

/// The first try of the level after the one last run, if that is where the page still is.
Position next_level(const Page& page);

/// The step that was run last, if any was.
std::optional<Position> last_step(const Page& page);

/// How many levels of the policy come from `level` on: what a round robin is counted by, as levels are put in front.
int levels_left(const Policy& policy, int level);

/// "level 1 of 3, try 2, round 2"
std::string level_name(const Page& page, const Position& at);

} // namespace oncall
