#pragma once

#include "handlers/context.hpp"
#include "oncall/verbs.hpp"

/// The one place where alerts and pages change. Everything here runs inside a transaction: state, timeline, audit and outbox
/// leave together.
namespace handlers {

/// An alert as a source reports it.
struct Report {
    std::string dedup_key{}; // empty: always a new alert
    bool firing{true};
    std::string title{};
    std::string description{};
    std::string severity{};
    std::string service{}; // as named by the payload; may be empty or unknown
    std::map<std::string, std::string> labels{};
    std::vector<oncall::Link> links{};
};

/// Takes a report in: opens an alert (and pages by its rule), counts one that is open, or clears it.
/// Returns the alert's id; zero when a clear found nothing open.
oncall::AlertId receive(
    storage::Transaction& tx, const Context& app, const std::string& source, const Report& report, const Asked& asked);

/// Pages one person by hand. Returns the alert that stands for it.
oncall::AlertId page_by_hand(
    storage::Transaction& tx, const Context& app, const std::string& person, const std::string& why, const Asked& asked);

/// What a verb may need besides the alert.
struct Wish {
    oncall::Verb verb{};
    oncall::AlertId alert{};
    std::int64_t shown_version{}; // the version the button was shown with; 0: none
    oncall::milliseconds snooze_for{}; // snooze only
};

/// Does it and says so, or throws Refusal with words for the person; nothing is changed then.
oncall::Alert change(storage::Transaction& tx, const Context& app, const Wish& wish, const Asked& asked);

/// A timer is due: the page climbs, cries again, or a snooze ends. Does nothing when the row has moved on.
void timer_due(storage::Transaction& tx, const Context& app, const storage::Timer& timer, TimePoint now);

/// The card and its thread follow the alert; and its DMs too, when its state changed. `but_not`: a message that is edited
/// otherwise.
void show(storage::Transaction& tx, const Context& app, const oncall::Alert& alert, TimePoint now, bool state_changed,
    std::int64_t but_not = 0);

/// The channel of an alert's card: the team's, else the fallback; empty when there is neither.
std::string card_channel(const Context& app, const oncall::Alert& alert);

/// How long a cry waits for an answer before the next.
inline constexpr oncall::milliseconds cry_again_after{15 * 60 * 1000};

} // namespace handlers
