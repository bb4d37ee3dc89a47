#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace oncall {

/// The candidate that somebody who typed `word` most likely meant: at most one mistake in three letters (swapped neighbours
/// count as one), without regard to case. nullopt when none is that near.
std::optional<std::string> nearest(std::string_view word, const std::vector<std::string>& candidates);

} // namespace oncall
