#pragma once

#include <nlohmann/json.hpp>

#include <string>

namespace tests {

/// What Python's icalendar reads in it: {name, version, refresh, events: [{uid, sequence, changed, start, end, title, text,
/// transparent}]}. Fails the test when it refuses, or when lines are folded otherwise than RFC 5545 says.
nlohmann::json read_by_others(const std::string& calendar);

} // namespace tests
