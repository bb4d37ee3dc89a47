#pragma once

#include "oncall/calendar_event.hpp"

namespace feeds {

using oncall::TimePoint;

struct CalendarLimits {
    std::size_t bytes{5 << 20};
    std::size_t events{20'000};
    std::size_t occurrences{5'000}; // of all events together
    std::size_t property{8'000}; // bytes of one; longer ones are left out
};

struct ReadCalendar {
    std::string problem{}; // it is no calendar, or too large: nothing of it counts; empty: none
    std::string name{};
    std::vector<oncall::CalendarEvent> events{}; // by their beginning
    std::vector<std::string> notes{}; // what was left out, and why: a sentence each
};

/// Reads iCalendar as others write it, and spreads what repeats over [from, to), with exceptions and changed occurrences. Times
/// in a zone that is neither known nor described are on the reader's wall clock. Takes any bytes, and takes no longer than its
/// limits allow.
ReadCalendar calendar_in(std::string_view text, TimePoint from, TimePoint to, const CalendarLimits& limits = {});

} // namespace feeds
