#pragma once

#include "blocks/kit.hpp"

namespace blocks {

/// A schedule's name on one line, at most 60 characters; "(no name)" when nothing of it can be shown.
kit::Mrkdwn schedule_name(const std::string& schedule);

} // namespace blocks
