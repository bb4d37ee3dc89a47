#pragma once

#include "oncall/calendar_event.hpp"
#include "oncall/configuration.hpp"

/// Calendars that others keep, put into the schedules that name them.
namespace oncall {

/// What was read last, by address.
using CalendarsRead = std::map<std::string, std::vector<CalendarEvent>>;

/// Somebody whom an event may mean.
struct Acquainted {
    std::string reference{}; // as the configuration is to call her: an address, a @handle or a Slack id
    std::string name{}; // what Slack calls her
    std::string email{};
    std::string user{}; // her Slack id
};

/// Whom an event calls on duty: those its title names by address, @handle or name ("Ana", "Ana & Bo", "On call: Ana Example");
/// where it names nobody, those who take part; nobody: no name in it is known.
std::vector<std::string> people_in(const CalendarEvent& event, const std::vector<Acquainted>& known);

/// An event of a rotation by which nobody is on duty.
struct Nameless {
    std::string schedule{};
    std::string rotation{};
    std::string title{};
    TimePoint from{};
    bool operator==(const Nameless&) const = default;
};

/// Puts what the calendars say into the rotations: shifts that are given, and holidays on which a rotation is off, or others are
/// on duty. Both are written as versions of the rotation, so that there is one way to say who is on call. Returns the events in
/// which nobody is known.
std::vector<Nameless> fill_in(Schedule& schedule, const std::map<std::string, HolidayCalendar>& holidays,
    const CalendarsRead& read, const std::vector<Acquainted>& known);

/// The dates of a calendar: those written in it, and the whole days of what was read.
std::vector<LocalDay> dates_of(const HolidayCalendar& calendar, const CalendarsRead& read);

/// The addresses that a calendar or a rotation is read from; empty: none.
std::string address_of(const HolidayCalendar& calendar);
std::string address_of(const Rotation& rotation);

} // namespace oncall
