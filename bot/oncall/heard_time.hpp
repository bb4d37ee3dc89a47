#pragma once

#include "oncall/day_words.hpp"

/// What words say of a time, before anybody asks what that means.
namespace oncall {

/// What was said, as it was said.
struct Heard {
    std::vector<SaidDay> days{};
    std::vector<SaidClock> clocks{};
    std::optional<DayPart> part{};
    std::optional<milliseconds> lasts{};
    std::optional<milliseconds> from_now{}; // "in 2 hours", "2 hours ago"
    std::vector<std::pair<LocalTime, LocalTime>> stretches{}; // weeks and the like: what it may be
    bool until{}; // an end, before any beginning
    bool through{}; // with that day
    bool next_shift{};
    bool this_night{}; // "tonight", said before it is light: the first day may be that of the night that runs
    bool twice{}; // more than one time
    std::vector<std::string> rest{};

    bool any() const { return !days.empty() || !clocks.empty() || part || lasts || from_now || !stretches.empty(); }
    bool begins() const { return !days.empty() || !clocks.empty() || part || !stretches.empty(); }
    void day(SaidDay one)
    {
        twice = twice || days.size() == 2;
        days.push_back(std::move(one));
    }
    void clock(SaidClock one)
    {
        twice = twice || clocks.size() == 2;
        clocks.push_back(one);
    }
    void of_day(DayPart one)
    {
        twice = twice || part;
        part = one;
    }
};
/// Before 5 o'clock whoever has not slept calls the night that runs tonight, and the day that comes tomorrow.
bool is_still_night(LocalTime now);

/// `now`: on the speaker's wall clock.
Heard hear_time(const std::vector<std::string>& words, LocalTime now);

} // namespace oncall
