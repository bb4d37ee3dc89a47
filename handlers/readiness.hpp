#pragma once

#include "handlers/context.hpp"
#include "oncall/readiness.hpp"

namespace handlers {

/// How far the rota is looked at.
inline constexpr oncall::milliseconds readiness_ahead = std::chrono::days{7};

/// What is known of how to reach somebody.
oncall::Reach reach_of(storage::Transaction& tx, const Context& app, const storage::Person& person);

/// Who of the coming rota cannot be reached or woken.
oncall::Readiness readiness_at(storage::Transaction& tx, const Context& app, TimePoint now);

/// Sees to it that the weekly report is due some time, if anything is set up that could wake anybody.
void plan_readiness_report(storage::Transaction& tx, const Context& app, TimePoint now);
/// It is due: whoever is not ready is told of in the fallback channel; when all are, nothing is said.
void report_readiness(storage::Transaction& tx, const Context& app, TimePoint now);

} // namespace handlers
