#pragma once

#include "oncall/schedule.hpp"

/// A schedule that follows the sun: each region is on call in its own day. What it makes is an ordinary schedule.
namespace oncall {

struct Region {
    std::string name{}; // of its rotation; empty: the place in its zone
    std::string time_zone{};
    std::vector<Window> hours{}; // on its own wall clock; never empty
    std::vector<std::string> people{}; // in turn
    bool operator==(const Region&) const = default;
};

struct FollowTheSun {
    std::string name{};
    std::vector<Region> regions{};
    Unit unit{Unit::week}; // a turn lasts one
    LocalTime first_day{}; // 00:00 of the day on which the first turns begin
    bool operator==(const FollowTheSun&) const = default;
};

/// "Europe/Berlin" → "Berlin", "America/Argentina/Buenos_Aires" → "Buenos Aires".
std::string place_of(std::string_view time_zone);

/// A rotation for each region, in its own zone, open in its hours; turns begin when the first of its hours does. The schedule's
/// zone is the first region's. Rotations are called by their regions, with a number where two are called the same.
Schedule follow_the_sun(const FollowTheSun& sun);

/// What is uncovered and what is doubled in a year from `from` on, a line for each time of the day or the week and each stretch
/// of the year in which it is so, as "Nobody: Mon to Fri 18:00 – 19:00 Europe/Berlin, Mon 29 Mar 2027 to Fri 2 Apr 2027". Those
/// that hold longest come first; of the rest it says how many. Empty: there is nothing of that.
std::vector<std::string> uncovered_through_the_year(const Schedule& schedule, TimePoint from, std::size_t most = 12);

} // namespace oncall
