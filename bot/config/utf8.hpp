#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace config {

inline bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }

/// The character at `at`, which moves behind it; nullopt, and one byte further, where the text is not UTF-8.
std::optional<std::uint32_t> next_character(std::string_view text, std::size_t& at);

/// How many characters the text has.
std::size_t length_of(std::string_view text);

} // namespace config
