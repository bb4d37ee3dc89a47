#pragma once

#include "oncall/time.hpp"

#include <string>
#include <vector>

/// Calendars, out and in. What is written and read is iCalendar (RFC 5545), by libical.
namespace feeds {

using oncall::TimePoint;

struct PublishedEvent {
    std::string uid{}; // the same for as long as it is the same event
    TimePoint from{};
    TimePoint to{};
    std::string title{};
    std::string text{};
    int sequence{}; // how often it was changed
    TimePoint changed_at{};
};

struct PublishedCalendar {
    std::string name{};
    std::string text{};
    std::vector<PublishedEvent> events{};
};

/// A calendar to subscribe to: times in UTC, nobody is shown as busy. The same bytes for the same calendar.
std::string calendar_out(const PublishedCalendar& calendar);

} // namespace feeds
