#pragma once

#include "oncall/calendar_people.hpp"
#include "oncall/configuration.hpp"

#include <set>

/// Calendars that others keep, put into the schedules that name them.
namespace oncall {

/// What was read last, by address.
using CalendarsRead = std::map<std::string, std::vector<CalendarEvent>>;

/// The address that a calendar of holidays is read from; empty: it is written by hand.
std::string address_of(const HolidayCalendar& calendar);

/// A calendar that the configuration reads.
struct CalendarUse {
    std::string address{};
    std::string holidays{}; // the calendar of holidays it is; empty: it is a rotation's
    std::string schedule{};
    std::string rotation{};
};
std::vector<CalendarUse> calendars_of(const Configuration& configuration);
/// "of the holidays germany", "of rotation weekly of schedule payments".
std::string words_of(const CalendarUse& use);

/// An event of a rotation that puts nobody on call, or not everybody it may mean.
struct Nameless {
    std::string schedule{};
    std::string rotation{};
    std::string title{};
    TimePoint from{};
    TimePoint to{};
    std::vector<std::string> unknown{}; // addresses and @handles in it that are nobody's I know
    bool nobody{}; // nobody is on duty by it
    bool declined{}; // whoever it means said no
    std::vector<std::string> several{}; // names in it that several have
    std::vector<std::string> strange{}; // what is a name by where it stands, and nobody's I know
    bool operator==(const Nameless&) const = default;
};
/// "\"Cover\" on 2026-11-08: I know nobody called zed@example.com; nobody is on duty by it". Foreign text in it is not escaped.
std::string words_of(const Nameless& event, const std::string& time_zone);

/// Puts what the calendars say into the rotations: shifts that are given, and holidays on which a rotation is off, or hands its
/// duty over. Both are written as versions of the rotation, so that there is one way to say who is on call; they are made anew
/// each time and stored nowhere. What only may be (tentative) is no shift. Whatever the calendars say, it takes a moment: of more
/// than 50 people at once the first are on, and holidays that make more than 5,000 versions of a rotation change nothing from
/// there on. Returns the events that do not name whom I know.
std::vector<Nameless> fill_in(Schedule& schedule, const std::map<std::string, HolidayCalendar>& holidays,
    const CalendarsRead& read, const NameIndex& known);

/// The same of all schedules.
std::vector<Nameless> fill_in(Configuration& configuration, const CalendarsRead& read, const NameIndex& known);

/// What holds, as it was `written`: its rotations without what calendars put into them. The written is all that one may write
/// back.
Configuration without_read(Configuration holds, const Configuration& written);

/// The dates of a calendar: those written in it, and the whole days of what was read.
std::set<LocalDay> dates_of(const HolidayCalendar& calendar, const CalendarsRead& read);

/// The calendar of holidays that a rotation goes by, or, where it names none, its schedule; nullptr: none.
const HolidayCalendar* holidays_of(
    const Schedule& schedule, const std::string& rotation, const std::map<std::string, HolidayCalendar>& all);

/// By which clock on the wall a calendar's days begin and end.
struct CalendarPlace {
    std::string time_zone{"UTC"};
    bool holidays{}; // no rotation's shifts: a day of it is one as a whole, or is none
    bool operator==(const CalendarPlace&) const = default;
};
/// That of the first rotation whose shifts it has, else of the first that goes by its holidays.
CalendarPlace calendar_place_of(const std::string& address, const Configuration& configuration);

struct WithPast {
    std::vector<CalendarEvent> events{};
    bool forgot{}; // there was more than is kept
};
/// What a calendar said until now, with what it says from now on: before the first event of the new copy, and before `now`, all
/// stays as it was, so that who was on call does not change behind us. What was over before `since` goes, and the oldest of more
/// than 5,000 events, or a megabyte of them.
WithPast with_past(const std::vector<CalendarEvent>& before, std::vector<CalendarEvent> after, TimePoint since, TimePoint now,
    const CalendarPlace& place);

/// How many of them are not over.
std::size_t to_come(const std::vector<CalendarEvent>& events, TimePoint now);

} // namespace oncall
