#include "pictures/palette.hpp"

#include <cmath>

namespace pictures {

namespace {

constexpr Colour of(unsigned rgb)
{
    return {static_cast<int>(rgb >> 16U), static_cast<int>((rgb >> 8U) & 0xFFU), static_cast<int>(rgb & 0xFFU)};
}

// Blue, orange, green, yellow, vermilion, sky, black (white on dark), purple.
constexpr std::array<Colour, people_colours> okabe_ito{
    of(0x0072B2), of(0xE69F00), of(0x009E73), of(0xF0E442), of(0xD55E00), of(0x56B4E9), of(0x000000), of(0xCC79A7)};

Palette filled(Palette palette, double share)
{
    for (std::size_t i = 0; i < people_colours; ++i)
        palette.fills[i] = mixed(palette.people[i], palette.surface, share);
    return palette;
}

Palette light_colours()
{
    Palette palette;
    palette.surface = of(0xFFFFFF);
    palette.lane = of(0xF3F5F8);
    palette.final_lane = of(0xE9EDF2);
    palette.weekend = of(0xDFE4EB);
    palette.grid = of(0xC3CAD4);
    palette.edge = of(0x5A6470);
    palette.ink = of(0x14181D);
    palette.muted = of(0x4A535E);
    palette.gap = of(0xFDECEA);
    palette.gap_hatch = of(0xE58A83);
    palette.gap_ink = of(0x8C1D18);
    palette.now = of(0xA3005C);
    palette.together = of(0xFFFFFF);
    palette.people = okabe_ito;
    return filled(palette, 0.3);
}

Palette dark_colours()
{
    Palette palette;
    palette.surface = of(0x14171B);
    palette.lane = of(0x1D2127);
    palette.final_lane = of(0x262B33);
    palette.weekend = of(0x313843);
    palette.grid = of(0x454D5A);
    palette.edge = of(0x9AA4B1);
    palette.ink = of(0xF4F6F8);
    palette.muted = of(0xB9C1CC);
    palette.gap = of(0x3B1A1A);
    palette.gap_hatch = of(0xA64B45);
    palette.gap_ink = of(0xFFC4BE);
    palette.now = of(0xFF8AC5);
    palette.together = of(0x14171B);
    palette.people = okabe_ito;
    palette.people[6] = of(0xFFFFFF);
    return filled(palette, 0.38);
}

} // namespace

std::string hex(Colour colour)
{
    constexpr auto digits = "0123456789abcdef";
    std::string text = "#";
    for (const auto part : {colour.red, colour.green, colour.blue}) {
        text += digits[part / 16];
        text += digits[part % 16];
    }
    return text;
}

Colour mixed(Colour on, Colour under, double share)
{
    const auto mix = [&](int a, int b) { return static_cast<int>(std::lround(share * a + (1 - share) * b)); };
    return {mix(on.red, under.red), mix(on.green, under.green), mix(on.blue, under.blue)};
}

const Palette& light()
{
    static const Palette palette = light_colours();
    return palette;
}

const Palette& dark()
{
    static const Palette palette = dark_colours();
    return palette;
}

} // namespace pictures
