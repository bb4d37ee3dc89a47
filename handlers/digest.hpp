#pragma once

#include "handlers/context.hpp"
#include "oncall/quiet_hours.hpp"

/// Quiet hours: what they hold of low urgency, and the one message that tells of it when they are over. Inside a transaction.
namespace handlers {

/// By what the timeline says it.
inline constexpr const char* quiet_via = "quiet hours";
/// "held until 07:00 by Ana's quiet hours", as the timeline has it.
std::string held_words(const std::string& person, TimePoint until);
/// "<@U…>", or as configured.
std::string spoken_of(const std::string& person);

/// The runs that are held of a page that waits for them; none when somebody was paged at once.
std::vector<oncall::Run> waiting(storage::Transaction& tx, const oncall::Page& page);

/// A page whose last try was held goes on its patience after that is told; `told_at`: it was, just now. What has told somebody
/// else already goes on as it does.
void wait_for_digest(storage::Transaction& tx, oncall::PageId page, std::optional<TimePoint> told_at);

/// Stores that a run waits until then, to be told with whatever else waits for her.
void hold(storage::Transaction& tx, oncall::Run& run, TimePoint until);

/// Her quiet hours are over: what was held and still waits for an answer goes out in one message, by the ways of the first step
/// of her rule, and the patience of those pages begins. One that is left alone goes its way as any page; when nothing is left,
/// nothing is sent.
void send_digest(storage::Transaction& tx, const Context& app, const std::string& person, TimePoint now);

/// Her quiet hours have changed: what is held waits for the end of the new ones, or is told now.
void hold_anew(storage::Transaction& tx, const Context& app, const std::string& person, TimePoint now);

} // namespace handlers
