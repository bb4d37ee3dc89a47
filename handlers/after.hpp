#pragma once

#include "handlers/paging.hpp"
#include "oncall/acknowledgements.hpp"

/// What follows answers. Inside a transaction; for the verbs, the sources and the timers.
namespace handlers {

/// Whose acknowledgements an alert has, and how many its page needs.
struct Tally {
    std::vector<oncall::Acknowledgement> by{};
    int needed{1};
};
Tally tally(storage::Transaction& tx, oncall::AlertId alert, const std::optional<oncall::Page>& page);

/// An acknowledgement that others must follow: it counts, is said, and the page goes on without that person. Or one of these
/// taken back. nullopt, and nothing is done: it is neither. Throws Refusal for the second of the same person.
std::optional<oncall::Alert> count_acknowledgement(
    storage::Transaction& tx, const Context& app, const Wish& wish, const oncall::Alert& alert, const Asked& asked);

/// Nobody of that name is reached by the page any more: they have acknowledged it.
void spare(storage::Transaction& tx, const oncall::Page& page, const std::string& person, TimePoint now);

/// Whose acknowledgements still count after a verb has changed the alert from `before`.
void keep_acknowledgements(
    storage::Transaction& tx, const oncall::Alert& before, const oncall::Alert& after, oncall::Verb verb, const Asked& asked);

/// Somebody's answer ended the page: how long that took is kept. `before`: the alert as it was.
void keep_facts(storage::Transaction& tx, const oncall::Alert& before, const std::optional<oncall::Page>& page, oncall::Verb verb,
    const Asked& asked);

/// "Still on it?" is asked when the policy says so, from now on; or never, when the alert is not acknowledged.
void ask_later(storage::Transaction& tx, const oncall::Alert& alert, const std::optional<oncall::Page>& page, TimePoint now);
/// It is being asked, and has not been answered.
bool is_asked_whether_still_on_it(storage::Transaction& tx, oncall::AlertId alert);
/// Its time has come: it is asked; or it was not answered, and the alert is paged again.
void still_on_it_due(storage::Transaction& tx, const Context& app, const oncall::Alert& alert, TimePoint now);

/// The source says it is over (or `why`), and `page` was still unanswered: whoever was told of it is told that, and the timeline
/// and the card say that nobody had answered. `flaps`: it comes and goes, and they are not told each time.
void tell_of_clear(storage::Transaction& tx, const oncall::Alert& alert, const oncall::Page& page, const Asked& asked,
    const std::string& why = {}, bool flaps = false);
/// It is back after so long: whoever was told that it is over, or has it, is told that.
void tell_of_return(storage::Transaction& tx, const oncall::Alert& alert, oncall::milliseconds over, TimePoint now);

} // namespace handlers
