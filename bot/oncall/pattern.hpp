#pragma once

#include <string>
#include <string_view>

/// Patterns that people write, over texts that anybody sends: RE2, whose time grows with the length of the text and no faster,
/// whatever both of them are.
namespace oncall {

inline constexpr std::size_t most_pattern = 1'000; // bytes
inline constexpr std::size_t most_looked_at = 16'384; // bytes of a text; a condition sees no more of it

/// Why it is no pattern, as "missing ): (db"; empty: it is one.
std::string why_no_pattern(const std::string& pattern);

/// Whether it is found anywhere in the beginning of the text; what is no pattern is found nowhere. Of any thread. What was
/// compiled is kept, so much of it and no more.
bool is_found(const std::string& pattern, std::string_view text);

} // namespace oncall
