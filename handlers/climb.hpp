#pragma once

#include "handlers/context.hpp"
#include "oncall/escalation.hpp"
#include "storage/levels.hpp"

/// How pages move: begun, climbing, crying, stopped, resumed. For the verbs and the timers; inside a transaction.
namespace handlers {

/// Somebody nobody configured has a name all the same.
void remember(storage::Transaction& tx, const Asked& asked);
/// One person, three times.
oncall::Policy only(const std::string& who, const std::string& name);

/// Runs what is due of a page and stores where it stands. With `hurry` no level waits for working hours.
void climb(storage::Transaction& tx, const Context& app, const oncall::Alert& alert, oncall::Page& page, TimePoint now,
    bool hurry = false);

/// `asked_by`: who wants it, if a person does; `responder`: whom alone it reaches; `again`: why though it had been answered.
void start_page(storage::Transaction& tx, const Context& app, const oncall::Alert& alert, oncall::Policy policy, TimePoint now,
    const std::string& asked_by = {}, const std::string& responder = {}, const std::string& again = {});

/// Other working hours may hold by now: a page that waits for them looks when they begin, and may go on at once. Does nothing
/// when it waits no more, or for the same moment.
void wait_anew(storage::Transaction& tx, const Context& app, oncall::PageId id, TimePoint now);

/// Nobody is notified of it any more.
void stop_page(storage::Transaction& tx, oncall::Page& page, oncall::PageState state, TimePoint now);
/// As if it had not been stopped; what was withdrawn then is sent after all.
void resume_page(storage::Transaction& tx, const Context& app, const oncall::Alert& alert, oncall::Page& page,
    oncall::PageState state, TimePoint now);

/// The alert is back: its page goes on as if the time while it was over had not passed.
void take_up_page(storage::Transaction& tx, const Context& app, const oncall::Alert& alert, oncall::Page& page,
    oncall::PageState state, TimePoint now);
/// Nobody is told more of a page that runs before then.
void put_off_page(storage::Transaction& tx, oncall::Page& page, TimePoint until);

/// A cry in the team's and the fallback channel, and again later. Stores the page.
void cry(storage::Transaction& tx, const Context& app, const oncall::Alert& alert, oncall::Page& page, TimePoint now);

/// The next cry of a page that found nobody; or, where its policy has rounds without end and somebody is there by now, the climb
/// goes on. Stores the page.
void cry_or_climb(storage::Transaction& tx, const Context& app, const oncall::Alert& alert, oncall::Page& page, TimePoint now);

/// Says in the fallback channel that the configuration leads nowhere.
void dead_end(storage::Transaction& tx, const Context& app, const oncall::Alert& alert, const std::string& key,
    const std::string& what, TimePoint now);

/// How long a cry waits for an answer before the next.
inline constexpr oncall::milliseconds cry_again_after{15 * 60 * 1000};

} // namespace handlers
