#include "oncall/wall_clock.hpp"

#include <date/tz.h>

#include <algorithm>

namespace oncall {

namespace {

// No zone ever moved by more than a day and an hour, so a time farther than this from every change is neither skipped nor
// repeated.
constexpr milliseconds near_a_change = std::chrono::hours{50};

template <class Seconds> TimePoint time_point(Seconds seconds) { return TimePoint{milliseconds{seconds.time_since_epoch()}}; }

auto seconds_of(TimePoint t) { return date::sys_seconds{date::floor<std::chrono::seconds>(t.time_since_epoch())}; }

} // namespace

WallClock::WallClock(std::string zone)
    : zone_{std::move(zone)}
    , place_{date::locate_zone(zone_)}
{
}

void WallClock::look_up(TimePoint t) const
{
    const auto found = place_->get_info(seconds_of(t));
    begin_ = std::max(time_point(found.begin), no_beginning);
    end_ = std::min(time_point(found.end), no_end);
    offset_ = found.offset;
    shown_before_ = LocalTime{-forever};
    if (begin_ > no_beginning) {
        const milliseconds before = place_->get_info(seconds_of(begin_ - 1s)).offset;
        shown_before_ = LocalTime{begin_.time_since_epoch() + before - 1ms};
    }
}

TimePoint WallClock::instant(LocalTime local) const
{
    const auto since = local.time_since_epoch();
    if (since <= -forever || since >= forever)
        return since < milliseconds{} ? no_beginning : no_end;
    if (const TimePoint guess{since - offset_}; !holds(guess))
        look_up(guess);
    if (const TimePoint guess{since - offset_}; guess >= begin_ + near_a_change && guess < end_ - near_a_change)
        return guess;
    return to_instant(local, *place_);
}

LocalTime WallClock::reached(TimePoint t) const
{
    if (!holds(t))
        look_up(t);
    return std::max(LocalTime{t.time_since_epoch() + offset_}, shown_before_);
}

} // namespace oncall
