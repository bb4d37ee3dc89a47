#pragma once

#include "handlers/routes.hpp"

namespace handlers {

/// `me`: the next shifts of whoever asks, by all schedules.
Answer my_shifts(slack::Command command, std::string rest, std::string delivery, Context& app);

} // namespace handlers
