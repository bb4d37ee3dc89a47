#pragma once

#include "oncall/routing.hpp"

/// What conditions on alerts may look at, and how much there may be of them.
namespace oncall {

inline constexpr int deepest_condition = 12; // levels below the first
inline constexpr std::size_t most_conditions = 200; // in one, with all their parts
inline constexpr std::size_t most_values = 1'000; // of `in`
inline constexpr std::size_t most_rules = 1'000;

/// "title", "description", "severity", "urgency" (as its severity means), "source", "service".
const std::vector<std::string>& alert_fields();
/// One of these, or labels.NAME.
bool is_alert_field(std::string_view name);
/// What stands there; "" when nothing does.
std::string field_of(const AlertFields& fields, std::string_view name);

/// A number as people and tools write it: "91", "-0.5", "91.5%". nullopt: it is none.
std::optional<double> number_said(std::string_view text);

/// With all its parts.
std::size_t count_of(const Condition& condition);

} // namespace oncall
