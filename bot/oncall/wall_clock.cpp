#include "oncall/wall_clock.hpp"

#include <algorithm>

namespace oncall {

namespace {

// No zone ever moved by more than a day and an hour, so a time farther than this from every change is neither skipped nor
// repeated.
constexpr milliseconds near_a_change = std::chrono::hours{50};

} // namespace

WallClock::WallClock(std::string zone)
    : zone_{std::move(zone)}
    , place_{Zone::named(zone_)}
{
}

void WallClock::look_up(TimePoint t) const
{
    const auto found = place_.at(t);
    begin_ = found.begin;
    end_ = found.end;
    offset_ = found.offset;
    shown_before_ = LocalTime{-forever};
    if (begin_ > no_beginning)
        shown_before_ = LocalTime{begin_.time_since_epoch() + place_.at(begin_ - 1ms).offset - 1ms};
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
    return place_.instant(local);
}

LocalTime WallClock::reached(TimePoint t) const
{
    if (!holds(t))
        look_up(t);
    return std::max(LocalTime{t.time_since_epoch() + offset_}, shown_before_);
}

} // namespace oncall
