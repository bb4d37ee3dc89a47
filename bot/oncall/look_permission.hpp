#pragma once

#include "oncall/override_permission.hpp"

/// Who may look at what everybody's schedules come to. Each throws Refusal.
namespace oncall {

/// A schedule, for oneself: whoever is of this workspace.
void permit_look(const Asker& asker);
/// In a channel, for all who are in it: members.
void permit_post(const Asker& asker);
/// What is wrong with who will be on call, and with whom: members.
void permit_coverage(const Asker& asker);
/// Hours on call: members; `own` ones guests as well.
void permit_report(const Asker& asker, bool own);

} // namespace oncall
