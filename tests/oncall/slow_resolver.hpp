#pragma once

#include "oncall/schedule.hpp"

/// A second resolver, to hold the first against. It knows no arithmetic: it walks the wall clock minute by minute from the
/// anchor, counts the periods it meets, and asks the rules anew at each minute. It shares nothing with the first but the values.
/// Times must be whole minutes.
namespace slow {

enum class Kind { nobody, turn, put, add, temporary };

struct Entry {
    /// While it is the same, of the same rotation, it is one shift.
    struct Because {
        Kind kind{};
        std::size_t number{}; // of the version, the override, the temporary schedule
        std::int64_t part{}; // the turn, or the shift of the temporary schedule
        bool operator==(const Because&) const = default;
    };
    Because because{};
    oncall::Shift shift{}; // of one minute
};

/// In each minute.
using Minutes = std::vector<std::vector<Entry>>;

struct Answer {
    Minutes all{}; // who is on call; nobody is one entry without people
    std::vector<Minutes> rotations{}; // each by itself, in the schedule's order; nobody is no entry
};
/// In each minute of [from, to).
Answer minutes(const oncall::Schedule& schedule, oncall::TimePoint from, oncall::TimePoint to);

/// Equal neighbours become one shift.
std::vector<oncall::Shift> joined(const Minutes& minutes);

/// Every instant of [from, to) at which the zone changes its offset.
std::vector<oncall::TimePoint> transitions(const std::string& zone, oncall::TimePoint from, oncall::TimePoint to);

} // namespace slow
