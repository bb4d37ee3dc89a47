#pragma once

#include "handlers/routes.hpp"

/// Coverage of schedules: asked for, told ahead, mended. What is told ahead is found, not stepped, as handoffs are.
namespace handlers {

/// `coverage`, also with a schedule and a time ("payments next month"): what is to be mended in the next four weeks.
Answer coverage(slack::Command command, std::string rest, std::string delivery, Context& app);
/// Opens the override form with what is to be mended filled in.
Answer click_coverage_fix(slack::Action action, std::string delivery, Context& app);

/// Another configuration is in force, or more is known of who people are: the schedules' timers are set by what holds now, and
/// messages say what is mended. What a change made just now is told a moment later, when the change after it may have mended it.
/// `unknown`: of those whom the configuration names, whom Slack has said that it does not know.
void plan_coverage(storage::Transaction& tx, const Context& app, const std::vector<std::string>& unknown, TimePoint now);
/// The time of a watched schedule has come: its teams are told what became due.
void coverage_due(storage::Transaction& tx, const Context& app, std::int64_t watched, TimePoint now);

} // namespace handlers
