#include "pictures/text.hpp"

#include <array>
#include <utility>

namespace pictures {

namespace {

struct Range {
    char32_t first{};
    char32_t last{};
};

template <std::size_t count> bool in(const std::array<Range, count>& ranges, char32_t c)
{
    for (const auto& range : ranges)
        if (c >= range.first && c <= range.last)
            return true;
    return false;
}

/// One code point off the front of `text`; U+FFFD for a byte that begins none.
char32_t take(std::string_view& text)
{
    const auto first = static_cast<unsigned char>(text.front());
    const std::size_t length = first < 0x80 ? 1 : first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF5 ? 4 : 0;
    char32_t c = length == 1 ? first : first & (0xFFU >> (length + 1));
    bool sound = length > 0 && text.size() >= length;
    for (std::size_t i = 1; sound && i < length; ++i) {
        const auto next = static_cast<unsigned char>(text[i]);
        sound = (next & 0xC0U) == 0x80;
        c = (c << 6U) | (next & 0x3FU);
    }
    constexpr std::array<char32_t, 5> least{0, 0, 0x80, 0x800, 0x10000};
    if (!sound || c < least[length] || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF)) {
        text.remove_prefix(1);
        return 0xFFFD;
    }
    text.remove_prefix(length);
    return c;
}

bool is_hidden(char32_t c)
{
    static constexpr std::array<Range, 8> hidden{{{0x00, 0x1F}, {0x7F, 0x9F}, {0x061C, 0x061C}, {0x200B, 0x200F},
        {0x2028, 0x202E}, {0x2060, 0x206F}, {0xFEFF, 0xFEFF}, {0xFFF9, 0xFFFB}}};
    return in(hidden, c) || (c & 0xFFFEU) == 0xFFFE;
}

bool is_accent(char32_t c)
{
    static constexpr std::array<Range, 10> accents{{{0x0300, 0x036F}, {0x0483, 0x0489}, {0x0591, 0x05BD}, {0x064B, 0x065F},
        {0x0E34, 0x0E3A}, {0x0E47, 0x0E4E}, {0x1AB0, 0x1AFF}, {0x20D0, 0x20FF}, {0xFE00, 0xFE0F}, {0x1F3FB, 0x1F3FF}}};
    return in(accents, c);
}

bool is_wide(char32_t c)
{
    static constexpr std::array<Range, 11> wide{
        {{0x1100, 0x115F}, {0x2E80, 0x303E}, {0x3041, 0x33FF}, {0x3400, 0x4DBF}, {0x4E00, 0xA4CF}, {0xAC00, 0xD7A3},
            {0xF900, 0xFAFF}, {0xFE30, 0xFE6F}, {0xFF00, 0xFF60}, {0x1F300, 0x1FAFF}, {0x20000, 0x3FFFD}}};
    return in(wide, c);
}

int width(char32_t c)
{
    // DejaVu Sans, from the blank to '~'.
    static constexpr std::array<unsigned char, 95> latin{32, 40, 46, 84, 64, 95, 78, 27, 39, 39, 50, 84, 32, 36, 32, 34, 64, 64,
        64, 64, 64, 64, 64, 64, 64, 64, 34, 34, 84, 84, 84, 53, 100, 68, 69, 70, 77, 63, 58, 77, 75, 29, 29, 66, 56, 86, 75, 79,
        60, 79, 69, 63, 61, 73, 68, 99, 69, 61, 69, 39, 34, 39, 84, 50, 50, 61, 63, 55, 63, 62, 35, 63, 63, 28, 28, 58, 28, 97,
        63, 61, 63, 63, 41, 52, 39, 63, 59, 82, 59, 59, 52, 64, 34, 64, 84};
    if (c >= 0x20 && c < 0x7F)
        return latin[c - 0x20];
    if (is_accent(c))
        return 0;
    return is_wide(c) || c >= 0x1F000 ? 125 : c == 0x2026 ? 100 : c >= 0x2190 && c < 0x2400 ? 84 : 78;
}

} // namespace

std::u32string decoded(std::string_view text)
{
    std::u32string points;
    while (!text.empty()) {
        const auto c = take(text);
        if (c == '\n' || c == '\t')
            points += U' ';
        else if (!is_hidden(c))
            points += c;
    }
    return points;
}

std::string encoded(std::u32string_view text)
{
    std::string bytes;
    const auto put = [&](char32_t byte) { bytes += static_cast<char>(static_cast<unsigned char>(byte)); };
    for (const auto c : text) {
        if (c < 0x80) {
            put(c);
            continue;
        }
        const int more = c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
        put((more == 1 ? 0xC0U : more == 2 ? 0xE0U : 0xF0U) | (c >> (6U * more)));
        for (int left = more - 1; left >= 0; --left)
            put(0x80U | ((c >> (6U * left)) & 0x3FU));
    }
    return bytes;
}

std::size_t columns(std::string_view text)
{
    std::size_t count = 0;
    for (const auto c : decoded(text))
        count += is_accent(c) ? 0 : is_wide(c) ? 2 : 1;
    return count;
}

int width(std::u32string_view text)
{
    int sum = 0;
    for (const auto c : text)
        sum += width(c);
    return sum;
}

std::string shortened(std::string_view text, int most)
{
    auto points = decoded(text);
    if (width(points) <= most)
        return encoded(points);
    const int room = most - width(U'…');
    int sum = 0;
    std::size_t kept = 0;
    while (kept < points.size() && sum + width(points[kept]) <= room)
        sum += width(points[kept++]);
    if (kept < 3)
        return {};
    points.resize(kept);
    return encoded(points + U"…");
}

std::string xml(std::string_view text)
{
    std::string escaped;
    for (const char c : encoded(decoded(text)))
        switch (c) {
        case '&': escaped += "&amp;"; break;
        case '<': escaped += "&lt;"; break;
        case '>': escaped += "&gt;"; break;
        case '"': escaped += "&quot;"; break;
        case '\'': escaped += "&#39;"; break;
        default: escaped += c;
        }
    return escaped;
}

} // namespace pictures
