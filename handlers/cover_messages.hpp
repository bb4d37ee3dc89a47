#pragma once

#include "handlers/overrides.hpp"
#include "storage/covers.hpp"

/// What is said of requests for cover, swaps and takes, and to whom. Inside a transaction.
namespace handlers {

/// A new one: to the channels of the teams that page by the schedule (else the fallback) and to whoever shares it; or to the one
/// who is asked. The requester gets it too, to call it off.
void announce(
    storage::Transaction& tx, const Context& app, const oncall::CoverRequest& request, const OverrideDesk& desk, TimePoint now);
/// Those who share the schedule are asked once more, in messages of their own, since an edit notifies nobody; each so often at
/// most.
void ask_again(storage::Transaction& tx, const Context& app, const oncall::CoverRequest& request, const OverrideDesk& desk,
    oncall::CoverAudience audience, TimePoint now);
/// For the last time: teams have no manager in the configuration, so whom the policy pages next is asked; else the admins; else
/// the fallback channel.
void last_call(
    storage::Transaction& tx, const Context& app, const oncall::CoverRequest& request, const OverrideDesk& desk, TimePoint now);
/// Its messages are brought up to date, those of many people after all that is more urgent: while it is open the newest of each
/// place, and all of them once it is over.
void follow(storage::Transaction& tx, const oncall::CoverRequest& request, TimePoint now);
/// A line where it was asked for everybody to read. `what` makes it said once.
void tell_channels(storage::Transaction& tx, const Context& app, const oncall::CoverRequest& request, const std::string& what,
    const std::string& words, TimePoint now);

} // namespace handlers
