#pragma once

#include "blocks/blocks.hpp"

/// Shifts in calendar apps.
namespace blocks {

namespace action {
inline constexpr std::string_view calendar_new{"calendar.new"}; // value: "me", or "schedule:<name>"
} // namespace action

struct CalendarAddressView {
    std::string schedule{}; // empty: one's own shifts
    std::string url{}; // a secret: shown to its owner alone
    oncall::TimePoint read_at{}; // by a calendar app; zero: never
    bool replaced{}; // just now: the one before works no more
};
Message calendar_address(const CalendarAddressView& shown);

} // namespace blocks
