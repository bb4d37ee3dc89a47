#pragma once

#include "oncall/schedule.hpp"

/// A second resolver, to hold the first against. It knows no arithmetic: it walks the wall clock minute by minute from the
/// anchor, counts the periods it meets, and asks the rules anew at each minute. It shares nothing with the first but the values.
/// Times must be whole minutes.
namespace slow {

struct Entry {
    std::string because{}; // while it is the same, it is one shift
    oncall::Shift shift{}; // of one minute
};

/// Who is on call in each minute of [from, to); nobody is one entry without people.
std::vector<std::vector<Entry>> minutes(const oncall::Schedule& schedule, oncall::TimePoint from, oncall::TimePoint to);
/// The same of one rotation by itself; nobody is no entry.
std::vector<std::vector<Entry>> rotation_minutes(
    const oncall::Schedule& schedule, const std::string& rotation, oncall::TimePoint from, oncall::TimePoint to);

/// Equal neighbours become one shift.
std::vector<oncall::Shift> joined(const std::vector<std::vector<Entry>>& minutes);

/// Every instant of [from, to) at which the zone changes its offset.
std::vector<oncall::TimePoint> transitions(const std::string& zone, oncall::TimePoint from, oncall::TimePoint to);

} // namespace slow
