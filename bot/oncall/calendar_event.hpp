#pragma once

#include "oncall/schedule.hpp"

/// What stands in calendars that others keep.
namespace oncall {

/// One occurrence of an event.
struct CalendarEvent {
    std::string uid{};
    std::string title{};
    std::vector<std::string> people{}; // e-mail addresses of those who take part
    bool all_day{}; // from one midnight to another
    bool local{}; // its times are of no zone, or it lasts whole days: on the wall clock of whoever looks, counted as if in UTC
    TimePoint from{};
    TimePoint to{}; // after `from`
    bool free{}; // whoever has it is marked as free then
    bool tentative{}; // it may come to nothing
    std::vector<std::string> declined{}; // e-mail addresses of those who will not come, or do not know yet; not in `people`
    bool operator==(const CalendarEvent&) const = default;

    /// When that is for somebody in `zone`. Throws std::runtime_error on an unknown zone.
    TimePoint from_in(std::string_view zone) const { return local ? to_instant(LocalTime{from.time_since_epoch()}, zone) : from; }
    TimePoint to_in(std::string_view zone) const { return local ? to_instant(LocalTime{to.time_since_epoch()}, zone) : to; }
};

} // namespace oncall
