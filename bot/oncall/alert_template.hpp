#pragma once

#include "oncall/routing.hpp"

/// Texts over the fields of an alert: "{{service}}: {{title}} on {{labels.host}}". Nothing of Mustache but its names, so that it
/// takes no longer than it is long.
namespace oncall {

inline constexpr std::size_t most_alert_template = 500; // bytes
inline constexpr std::size_t most_expanded = 1'024; // bytes, as of a title that comes

/// Why it is none that is taken, as "has a {{ that nothing closes"; empty: it is one.
std::string why_no_alert_template(std::string_view text);

/// With what the alert says in their place, all of it on one line; "" when none of the fields it names says anything.
/// What is too long ends where a character ends.
std::string expanded(std::string_view text, const AlertFields& fields);

/// The same as a key: never cut short without what tells it from others that begin so.
std::string key_of(std::string_view text, const AlertFields& fields);

} // namespace oncall
