#pragma once

#include "oncall/calendar_event.hpp"
#include "oncall/configuration.hpp"
#include "oncall/diary.hpp"

/// When people are away, and on call all the same. Nobody else is paged because of it.
namespace oncall {

struct Away {
    std::string person{}; // a Slack user id
    TimePoint from{};
    TimePoint to{};
    std::string why{};
    bool operator==(const Away&) const = default;
};

/// What a person's calendar says of her absences: days, and times of at least four hours, unless "#oncall-ignore" stands in the
/// title. Where she is marked as free it is one when it lasts longer than a day: so calendars mark whole days, birthdays and
/// journeys alike. What she (by her address `email`) has declined or is not sure of, and what is tentative, is none.
std::vector<Away> absences_in(const std::string& person, const std::vector<CalendarEvent>& events, const std::string& time_zone,
    const std::string& email = {});

/// When somebody is away in a shift of hers.
struct Clash {
    std::string person{};
    std::string schedule{};
    Shift shift{}; // whole
    TimePoint from{}; // the part of it in which she is away
    TimePoint to{};
    std::string why{};
};

/// Of shifts that are not over at `now` and begin before `until`: each absence that is not over, in its shift's order. `names`:
/// by person, all that the configuration may call her.
std::vector<Clash> clashes(const Configuration& configuration, const std::vector<Away>& away,
    const std::map<std::string, std::set<std::string>>& names, TimePoint now, TimePoint until);

/// What somebody writes behind "away".
struct AwayWords {
    TimePoint from{};
    TimePoint to{};
    std::string why{};
    std::string problem{}; // why it makes no sense, and what to write; empty: it does
};
/// "2026-12-24 to 2027-01-02", "today", "tomorrow", "friday", "this week", "next week", "2026-12-24T12:00 to 2026-12-24T18:00",
/// with "because …" behind it. A last day is away as well. In the person's zone.
AwayWords away_in(const std::string& words, TimePoint now, const std::string& time_zone);

} // namespace oncall
