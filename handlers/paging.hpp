#pragma once

#include "handlers/context.hpp"
#include "oncall/verbs.hpp"

/// The one place where alerts and pages change. Everything here runs inside a transaction: state, timeline, audit and outbox
/// leave together.
namespace handlers {

/// An alert as a source reports it.
struct Report {
    std::string dedup_key{}; // empty: always a new alert
    enum class Signal { fire, acknowledge, clear } signal{Signal::fire};
    std::string title{};
    std::string description{};
    std::string severity{};
    std::string service{}; // as named by the payload; may be empty or unknown
    std::map<std::string, std::string> labels{};
    std::vector<oncall::Link> links{};
    std::vector<std::string> whom{}; // it names them itself: people, services, teams …; empty: the rules say
    std::optional<bool> ends{}; // whether its source will say when it is over; none: as its format does
    std::string
        counted_by{}; // a label whose number grows: what comes late, by a lower one, ends nothing of a higher; empty: none
    std::string why{}; // of a clear: what is said of it; empty: that its source says so
};

/// Takes a report in: opens an alert (and pages by its rule), counts one that is open, or clears it.
/// Returns the alert's id; zero when an acknowledgement or a clear found nothing open, or nothing as old as itself.
oncall::AlertId receive(
    storage::Transaction& tx, const Context& app, const std::string& source, const Report& report, const Asked& asked);

/// What a verb may need besides the alert.
struct Wish {
    oncall::Verb verb{};
    oncall::AlertId alert{};
    std::int64_t shown_version{}; // the version the button was shown with; 0: none
    oncall::milliseconds duration{}; // snooze, promise
    std::string person{}; // reassign, add_responder: a Slack id, or as configured
    std::string text{}; // note: what; decline, reassign, add_responder, resolve: why, if said
};

/// Whether a verb needs these.
bool needs_person(oncall::Verb verb);
bool needs_text(oncall::Verb verb);
bool needs_duration(oncall::Verb verb);
/// From a minute to seven days for a snooze, to four hours for a promise. Throws Refusal with the usage.
void check_duration(oncall::Verb verb, oncall::milliseconds duration);

/// Does it and says so (timeline, audit), or throws Refusal with words for the person; nothing is changed then.
/// `show` is the caller's.
oncall::Alert change(storage::Transaction& tx, const Context& app, Wish wish, const Asked& asked);

/// Whether somebody is being paged for it: its own page runs and has not come to its end.
bool is_paged(storage::Transaction& tx, oncall::AlertId alert);

/// The alert's value for a button that takes the last answer back, if its giver may.
std::optional<std::string> undo_value(storage::Transaction& tx, oncall::AlertId alert, const Asked& asked);

/// A timer is due: the page climbs, cries again, a snooze or a promise ends. Does nothing when the row has moved on.
void timer_due(storage::Transaction& tx, const Context& app, const storage::Timer& timer, TimePoint now);

/// The card and its thread follow the alert; and its DMs too, when its state changed. `but_not`: a message that is edited
/// otherwise.
void show(storage::Transaction& tx, const Context& app, const oncall::Alert& alert, TimePoint now, bool state_changed,
    std::int64_t but_not = 0);

/// The channel of an alert's card: the team's, else the fallback; empty when there is neither.
std::string card_channel(const Context& app, const oncall::Alert& alert);

} // namespace handlers
