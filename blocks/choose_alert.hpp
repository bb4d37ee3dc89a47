#pragma once

#include "blocks/form.hpp"

/// A menu of alerts that asks for its options while somebody types, so that it may be about any number of them.
namespace blocks {

namespace action {
inline constexpr std::string_view alerts_open{"alerts.open"};
inline constexpr std::string_view alerts_resolved{"alerts.resolved"}; // in the last 24 hours
inline constexpr std::string_view alerts_lately{"alerts.lately"}; // both
inline constexpr std::string_view alerts_grouped{"alerts.grouped"}; // open, and others stand for them
} // namespace action

/// `action` says which alerts it offers.
Json alert_input(std::string_view action, const std::optional<oncall::Alert>& chosen, std::string_view block = view::verb_alert,
    std::string_view label = "Alert");
/// "#42 Checkout is down"; its value is the number.
Choice alert_choice(const oncall::Alert& alert, std::string_view group);

} // namespace blocks
