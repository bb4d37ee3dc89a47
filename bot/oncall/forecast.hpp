#pragma once

#include "oncall/escalation.hpp"
#include "oncall/notification_rules.hpp"

namespace oncall {

/// What a page would do if nobody answered, from `now` on: by the same functions as the page itself.
struct Forecast {
    /// Somebody whom a step pages.
    struct Person {
        std::string person{}; // a Slack user id once known, else as configured
        std::string how{}; // by what: "schedule payments, rotation weekly"
        std::string rule{}; // the name of the notification rule that holds then
        std::vector<NotificationStep> steps{}; // with the methods she has; none: nothing of her rule is set up
        milliseconds held{}; // by her quiet hours, before the first of them
        bool operator==(const Person&) const = default;
    };
    struct Step {
        TimePoint at{};
        Position position{};
        std::vector<Person> people{};
        std::vector<Reached::One> others{}; // channels, webhooks
        std::vector<std::string> skipped{}; // what was passed over on the way to it, and why
        std::string waits{}; // it pages nobody, but waits for this: "the working hours of team payments"
        bool pages() const { return !people.empty() || !others.empty(); }
    };
    Policy policy{}; // as the page is frozen
    TimePoint from{};
    std::vector<Step> steps{};
    std::optional<TimePoint> exhausted{}; // none: it goes on until somebody answers, or longer than is looked ahead
};

/// How somebody would be paged at a time; `person` is as a step names her.
using Paged = std::function<Forecast::Person(const std::string& person, TimePoint at)>;

/// `page` is one that is about to start: its policy, as it is frozen, and its urgency. At most `most` steps are looked ahead; of
/// rounds without end those of the first, and the step that begins the second.
Forecast forecast(Page page, Surroundings around, TimePoint now, const Paged& paged, std::size_t most = 1'000);

/// The forecast in words, a line for each step of the first round and for each round after it; people as <@U…> or as configured.
/// `cries`: where it is said when nobody answered, as "#ops".
std::vector<std::string> words_of(const Forecast& forecast, const std::vector<std::string>& cries);

/// "Slack and e-mail; SMS and call after 1 min"
std::string words_of(const Forecast::Person& person);

/// What of a step is no person, in words: "#war-room", "a webhook at example.com".
std::string words_of(const Reached::One& other);

} // namespace oncall
