#include "config/utf8.hpp"

namespace config {

std::optional<std::uint32_t> next_character(std::string_view text, std::size_t& at)
{
    const auto first = static_cast<unsigned char>(text[at++]);
    if (first < 0x80)
        return first;
    const std::size_t more = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : 1;
    if (first < 0xc2 || first > 0xf4 || at + more > text.size())
        return std::nullopt;
    std::uint32_t code = first & (0x3fu >> more);
    for (std::size_t i = 0; i < more; ++i) {
        if (!is_continuation(text[at + i]))
            return std::nullopt;
        code = (code << 6) | (static_cast<unsigned char>(text[at + i]) & 0x3f);
    }
    constexpr std::uint32_t least[]{0, 0x80, 0x800, 0x10000};
    if (code < least[more] || code > 0x10ffff || (code >= 0xd800 && code < 0xe000))
        return std::nullopt;
    at += more;
    return code;
}

std::size_t length_of(std::string_view text)
{
    std::size_t count = 0;
    for (const char c : text)
        count += !is_continuation(c);
    return count;
}

} // namespace config
