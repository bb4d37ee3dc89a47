#pragma once

#include "oncall/configuration.hpp"

#include <cstdint>
#include <stdexcept>

namespace oncall {

/// A number that cannot be mistaken for that of another table.
template <class Tag> struct Id {
    std::int64_t value{};
    auto operator<=>(const Id&) const = default;
};
using AlertId = Id<struct AlertTag>;
using PageId = Id<struct PageTag>;
using NotificationId = Id<struct NotificationTag>;
using RunId = Id<struct RunTag>;

/// We understood and say no; the text is for the person and says what to do next.
struct Refusal : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// `promised` is acknowledged by somebody who will be on it at a time; `snoozed` with a time to come back.
enum class AlertState { triggered, promised, acknowledged, snoozed, resolved };
enum class PageState { paging, acknowledged, resolved, exhausted };

std::string_view name(AlertState state);
std::string_view name(PageState state);
std::string_view name(Urgency urgency);

/// Something is wrong, reported by a source, deduplicated by key. Its id is the number people use.
struct Alert {
    AlertId id{};
    std::int64_t version{1}; // counts every change
    AlertState state{AlertState::triggered};
    std::string source{}; // empty: paged by hand
    std::string dedup_key{};
    std::string title{};
    std::string description{};
    std::string severity{}; // as the source said, lower case; may be empty
    Urgency urgency{Urgency::high};
    std::string service{}; // empty: unmapped
    std::string team{};
    std::string policy{}; // by which it pages, where a rule or its team alone says; empty: its service's
    std::string rule{}; // the rule that routed it, if any
    std::string because{}; // why it went where it went, one sentence
    std::map<std::string, std::string> labels{};
    std::vector<Link> links{};
    std::int64_t count{1}; // times reported while open
    TimePoint triggered_at{};
    std::string answered_by{}; // of the acknowledgement, snooze or resolution in force; empty: the source
    TimePoint answered_at{};
    std::string answered_via{}; // "a button in Slack", "a link in an e-mail" …
    TimePoint snoozed_until{}; // of a snooze or a promise
    bool drill{}; // nothing is broken: its policy is tried out
    AlertId parent{}; // the alert that stands for it, and pages for it; zero: it stands for itself
    std::string group_key{}; // what its rule groups it by, with the rule's name; empty: it is not grouped
    bool suppressed{}; // a rule keeps it, and neither shows it nor pages for it
    int came_back{}; // how often it was over and came back within its grace
};

/// Where on its policy a page stands: all from zero.
struct Position {
    int round{};
    int level{};
    int attempt{};
    auto operator<=>(const Position&) const = default;
};

/// One effort to get a human. `next` is the step to be run at `due`; the policy is as it was when the page started.
struct Page {
    PageId id{};
    std::int64_t version{1};
    AlertId alert{};
    PageState state{PageState::paging};
    Urgency urgency{Urgency::high};
    Policy policy{};
    Position next{};
    std::optional<Position> last{}; // the step that was run last; none: nobody was paged yet
    TimePoint due{};
    bool waits{}; // for working hours, until `due`
    TimePoint started_at{};
    TimePoint stepped_at{}; // when its last step ran
    TimePoint stopped_at{}; // when it was answered or its alert resolved
    std::string responder{}; // a person asked to help, whom alone it reaches; empty: the alert's own page
    std::string asked_by{}; // who asked the responder
};

/// `sent`: whoever delivers it has it; `confirmed`: it has arrived; `declined`: the person said "not me".
enum class NotificationState { planned, sent, confirmed, failed, cancelled, declined };
std::string_view name(NotificationState state);

/// One message to one person by one method. `key` is page·round·level·attempt·person·method: planning twice cannot notify twice.
struct Notification {
    NotificationId id{};
    std::string key{};
    PageId page{};
    AlertId alert{};
    Position at{};
    std::string person{}; // a Slack user id once known, else as configured
    std::string method{"slack"}; // as `method_out` names it
    NotificationState state{NotificationState::planned};
    TimePoint planned_at{};
    TimePoint sent_at{};
    std::string error{};
    std::string why{}; // why this person: rule → service → policy, level → schedule, as of then
    RunId run{}; // whose step planned it; zero: none
    int step{-1};
    int attempts{1}; // those that ended, and the one that is planned or under way
    std::string provider{}; // that took it: "Twilio"
    std::string reference{}; // what that calls it; empty: it reports nothing later
    TimePoint confirmed_at{};
};

struct TimelineEntry {
    std::int64_t id{};
    AlertId alert{};
    TimePoint at{};
    std::string actor{}; // a Slack user id; empty: the service itself or the source
    std::string via{}; // "Slack button", "/oncall", "alertmanager", "timer" …
    std::string text{}; // one sentence; people in it are written <@U…> or as configured
};

} // namespace oncall
