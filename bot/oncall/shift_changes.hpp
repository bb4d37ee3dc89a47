#pragma once

#include "oncall/identities.hpp"

/// Whose shifts an edit of a schedule moves.
namespace oncall {

struct ShiftChange {
    std::string person{}; // as the schedule compares them
    TimePoint from{};
    TimePoint to{};
    bool added{}; // on call now, and not before; else the other way round
    bool operator==(const ShiftChange&) const = default;
};

/// How far two schedules are compared at most, and how many changes are found: the first ones.
inline constexpr std::chrono::hours longest_comparison{24 * 400};
inline constexpr std::size_t most_shift_changes = 5'000;

/// What differs in [from, to) for each person; a handoff to herself is none, so neighbouring stretches are one. By the beginning,
/// then the person. Whoever has several names is one if `becomes` knows (`tell_apart_together`).
std::vector<ShiftChange> shift_changes(const Schedule& was, const Schedule& becomes, TimePoint from, TimePoint to);

/// Both call people by the same identities from here on, also where only one of them names somebody.
void tell_apart_together(Schedule& was, Schedule& becomes, const Known& known);

} // namespace oncall
