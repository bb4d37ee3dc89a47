#pragma once

#include "handlers/routes.hpp"

namespace handlers {

/// Pages by a policy as an alert would, and says on every screen that nothing is broken. Whoever may change the policy may; one
/// drill of a policy at a time. Returns the alert that stands for it, or throws Refusal.
oncall::AlertId start_drill(storage::Transaction& tx, const Context& app, const oncall::Policy& policy, const Asked& asked);

/// The form was sent: the drill runs, and the form says so.
Answer submit_drill(slack::Submission submission, std::string delivery, Context& app);

} // namespace handlers
