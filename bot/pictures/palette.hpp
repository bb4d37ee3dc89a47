#pragma once

#include <array>
#include <cstddef>
#include <string>

namespace pictures {

struct Colour {
    int red{};
    int green{};
    int blue{};
    bool operator==(const Colour&) const = default;
};

/// "#0072b2".
std::string hex(Colour colour);
/// `share` of `on`, the rest of `under`.
Colour mixed(Colour on, Colour under, double share);

constexpr std::size_t people_colours = 8;

/// What a picture is drawn with. Text is `ink`, `muted`, `gap_ink`, or `surface` on `now`.
struct Palette {
    Colour surface{};
    Colour lane{}; // behind what a rotation says
    Colour final_lane{}; // behind who is on call
    Colour weekend{};
    Colour grid{};
    Colour edge{}; // of a shift
    Colour ink{};
    Colour muted{};
    Colour gap{};
    Colour gap_hatch{};
    Colour gap_ink{};
    Colour now{};
    Colour together{}; // the fill of a shift of several people
    /// Okabe and Ito's, in an order in which neighbours differ in lightness too.
    std::array<Colour, people_colours> people{};
    std::array<Colour, people_colours> fills{}; // of their shifts
};

const Palette& light();
const Palette& dark();

} // namespace pictures
