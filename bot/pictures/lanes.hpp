#pragma once

#include "oncall/schedule.hpp"
#include "pictures/axis.hpp"
#include "pictures/people.hpp"

namespace pictures {

constexpr int bar_text = 21; // pixels
constexpr int small_bar_text = 15; // where there is little room: initials

/// What is drawn in a row of a lane: a shift with its words, or several that are too short to be told apart.
struct Bar {
    double x{};
    double width{};
    std::vector<const oncall::Shift*> shifts{};
    std::string words{}; // empty: no room even for a letter
    int size{bar_text};
    bool begins{}; // here, and not in the line before
    bool ends{};
};

/// Shifts in rows, so that those at the same time are below each other; a rotation keeps its row where it can. Shifts beyond
/// `most` rows are left out.
std::vector<std::vector<const oncall::Shift*>> rows_of(const std::vector<oncall::Shift>& shifts, std::size_t most);

/// One row as bars. Three or more in a row without room for a letter, each less than `apart` pixels after the other, become
/// one bar that says how many they are.
std::vector<Bar> bars_of(
    const std::vector<const oncall::Shift*>& row, const Strip& strip, const Axis& axis, const People& people, double apart);

/// Extents placed in as few rows as they need: the row of each.
std::vector<std::size_t> placed(const std::vector<std::pair<double, double>>& extents, double apart);

} // namespace pictures
