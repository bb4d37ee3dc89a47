#pragma once

#include "oncall/calendar_event.hpp"

#include <functional>

namespace feeds {

using oncall::TimePoint;

struct CalendarLimits {
    std::size_t bytes{5 << 20};
    std::size_t events{20'000};
    std::size_t occurrences{5'000}; // of all events together
    std::size_t property{8'000}; // bytes of one; longer ones are left out
    std::size_t text{1 << 20}; // of all occurrences together
    std::function<bool()> too_late{}; // looked at between events; true gives the calendar up; empty: never
};

struct ReadCalendar {
    std::string problem{}; // it is no calendar, or too much of one: nothing of it counts; empty: none
    std::string name{};
    std::vector<oncall::CalendarEvent> events{}; // by their beginning
    std::vector<std::string> notes{}; // what was left out, and why: a sentence each
};

/// Reads iCalendar as others write it, and spreads what repeats over [from, to), with exceptions and changed occurrences. Times
/// in a zone that is neither known nor described are on the reader's wall clock. Takes any bytes, and takes no longer than its
/// limits allow: somebody else wrote it. Not for the event loop.
ReadCalendar calendar_in(std::string_view text, TimePoint from, TimePoint to, const CalendarLimits& limits = {});

} // namespace feeds
