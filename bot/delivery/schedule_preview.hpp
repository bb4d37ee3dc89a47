#pragma once

#include "delivery/preview.hpp"

namespace delivery {

/// Puts the picture of a schedule as it would be from `from` on for so long into a form's preview; what cannot be drawn is told
/// in words. `names`: what people are called.
void draw_schedule(Preview& preview, const oncall::Schedule& schedule, oncall::TimePoint from, oncall::milliseconds lasts,
    oncall::TimePoint now, const std::map<std::string, std::string>& names);

} // namespace delivery
