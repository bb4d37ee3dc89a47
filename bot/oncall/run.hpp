#pragma once

#include "oncall/bundling.hpp"
#include "oncall/escalation.hpp"
#include "oncall/notification_rules.hpp"

namespace oncall {

/// `held`: it waits for the end of her quiet hours; `stopped`: its page was answered, and goes on when the answer is taken back;
/// `completed`: every step has been begun, or nobody wants more of it.
enum class RunState { active, held, stopped, completed };
std::string_view name(RunState state);

/// One person's ladder for one try of a page: `steps` is her rule as it was when the try began, with the methods she had then;
/// `next` is the step to be begun at `due`.
struct Run {
    RunId id{};
    std::int64_t version{1};
    PageId page{};
    AlertId alert{};
    Position at{};
    std::string person{}; // a Slack user id once known, else as configured
    std::string rule{}; // its name
    std::vector<NotificationStep> steps{};
    std::string why{}; // why this person, as in Notification::why
    int next{};
    TimePoint due{};
    RunState state{RunState::active};
    bool waited{}; // it was held by her quiet hours, and told in their digest
    Urgency urgency{Urgency::high}; // of its page
    TimePoint begun_at{};
    BundleId bundle{}; // whose members' steps are taken together, each told in one message; zero: it goes alone
};

/// Use these methods now; the next step is due at `due`.
struct RunStep {
    int step{};
    std::vector<std::string> methods{};
    TimePoint due{};
};

/// What a run does at `now`. As with pages, the wait runs from now, not from when the step was due: no burst after an outage.
std::variant<RunStep, Wait, Done> decide_run(const Run& run, TimePoint now);

/// It waits for its bundle to close, and nobody has been told yet.
bool is_held(const Run& run);

/// Whether steps are left.
bool goes_on(const Run& run);

/// What comes next, when something just failed: "calling now", "sending an SMS and calling now"; empty: nothing.
std::string next_in_words(const Run& run);

} // namespace oncall
