#pragma once

#include "oncall/open_hours.hpp"

namespace oncall {

/// Whether a rotation can be on duty at all: it has turns, and each lasts at least a unit.
bool is_possible(const Rotation& rotation);

/// Whose turn it is, on the wall clock alone: all is counted from `start`, in both directions, so nothing drifts. A period is one
/// unit; it counts when the rotation is open somewhere in it; a turn lasts as many periods that count as its length says.
/// Turn 0 begins with the first period that counts from `start` on. The rotation must be possible, and the hours its own.
class Turns {
public:
    Turns(const Rotation& rotation, const OpenHours& hours);

    /// The turn at a time at which the rotation is open.
    std::int64_t at(LocalTime local) const;
    LocalTime begin(std::int64_t turn) const;
    const Turn& people(std::int64_t turn) const;

private:
    LocalTime period_begin(std::int64_t period) const;
    std::int64_t period_at(LocalTime local) const;
    /// How many periods from `start` on count and lie before this one (negative before `start`), and the period of such a number.
    std::int64_t number_of(std::int64_t period) const;
    std::int64_t period_of(std::int64_t number) const;

    const Rotation* rotation_; // outlives us
    LocalTime first_week_; // with a handoff day: begins at or before `start`
    bool splits_{}; // `start` lies inside that week: its two parts are the periods -1 and 0
    std::int64_t cycle_{1}; // the same periods count in each run of so many
    std::vector<std::int64_t> counting_{}; // those that do; empty: all
    bool counts_before_{true}; // whether the period before `start` does, where `start` splits a week
    bool counts_after_{true};
    std::int64_t periods_{}; // of all lengths together
};

} // namespace oncall
