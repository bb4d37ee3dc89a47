#pragma once

#include "handlers/routes.hpp"

namespace handlers {

/// "payments last night": who is on call by the schedules behind a name, now or in a time. Throws Refusal.
Answer who_of(slack::Command command, std::string rest, Context& app);

} // namespace handlers
