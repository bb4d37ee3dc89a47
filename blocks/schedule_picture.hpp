#pragma once

#include "blocks/blocks.hpp"
#include "oncall/outlook.hpp"

namespace blocks {

namespace action {
/// Of these, the value is "<from>:<to>:<alone>:<schedule>": seconds since 1970, and 1 when only whoever clicks sees the message.
inline constexpr std::string_view schedule_earlier{"schedule.earlier"};
inline constexpr std::string_view schedule_later{"schedule.later"};
inline constexpr std::string_view schedule_post{"schedule.post"}; // in the channel, for everybody
inline constexpr std::string_view schedule_pick{"schedule.pick"}; // a menu; an option's value is the schedule's name
} // namespace action

/// A picture that Slack has as a file. `alt` says all it shows.
Json picture(const std::string& file, const std::string& alt);

/// A schedule for a while, ready to show.
struct ScheduleShown {
    std::string schedule{};
    std::string team{}; // that pages by it; may be empty
    oncall::TimePoint now{};
    oncall::OnCall on_call{};
    std::vector<oncall::OnCallStretch> next{}; // from now on, as far as it is shown
    oncall::TimePoint from{};
    oncall::TimePoint to{};
    std::string period{}; // in words
    std::string time_zone{}; // the picture's
    bool alone{}; // only whoever asked sees it
    Names names{};
};
/// With room for the picture at `schedule_picture_at`.
Message schedule_shown(const ScheduleShown& shown);
inline constexpr std::size_t schedule_picture_at = 1;

/// The first answer, in words: who is on call, and that the picture follows.
Message schedule_words(const ScheduleShown& shown);

/// Which schedules there are, to choose from.
struct ScheduleListed {
    std::string name{};
    std::string team{};
};
Message schedules(const std::vector<ScheduleListed>& all);

} // namespace blocks
