#pragma once

#include "handlers/context.hpp"
#include "oncall/alert.hpp"

/// Alerts that resolve when their source reports them no more. Inside a transaction; the timer is of kind `quiet`.
namespace handlers {

/// Its source has just reported it: by when it must do so again. `ends`: whether it will say when it is over; none: as its
/// format.
void expect_again(
    storage::Transaction& tx, const Context& app, const oncall::Alert& alert, std::optional<bool> ends, TimePoint now);

/// That time has come: why the alert is over, as "not reported for 30 minutes"; empty: it is not, by what its source says of that
/// today, or we were away at `due` and have heard nobody.
std::string over_by_silence(
    storage::Transaction& tx, const Context& app, const oncall::Alert& alert, TimePoint due, TimePoint now);

/// It is open again: its time begins anew.
void wait_anew(storage::Transaction& tx, oncall::AlertId alert, TimePoint now);

} // namespace handlers
