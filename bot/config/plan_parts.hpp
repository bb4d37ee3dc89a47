#pragma once

#include "config/plan.hpp"

/// Parts of the planning; for config/plan*.cpp and their tests.
namespace config {

/// `base`, with what else is in `other` put in behind its predecessor there.
std::vector<std::string> woven(std::vector<std::string> base, const std::vector<std::string>& other);

/// Overrides: those of the file that are new are added in its order, one that is gone from it is taken back, one that was changed
/// in Slack stays so. `result`: the schedules as they will be; of one that will not be, they end.
///
/// Which wins where two overlap: in the file the later in the list; between the file and Slack the later made. So a new one of
/// the file counts as made now, unless an older one stands behind it in the list and overlaps it: then it counts as made just
/// before that one, and what Slack made since wins over both. Applying a file makes none newer: one that was moved ahead in the
/// list goes back behind what stands behind it. One that was made in Slack keeps its place, and that is reported, unless forced.
void plan_overrides(Plan& plan, const Stored& stored, const oncall::Configuration& file, const oncall::Configuration& result,
    const Wishes& wishes, const Hand& hand);

/// Overrides of schedules that are not in `result` any more end.
void end_overrides(Plan& plan, const Stored& stored, const oncall::Configuration& result, const Hand& hand);

} // namespace config
