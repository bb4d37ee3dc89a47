#include "oncall/turns.hpp"

#include "oncall/week.hpp"

#include <date/date.h>

#include <algorithm>

namespace oncall {

namespace {

constexpr std::int64_t most_months = 12 * 20'000; // as far as the calendar reaches

std::int64_t floor_div(std::int64_t a, std::int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }

milliseconds length_of(Unit unit) { return unit == Unit::hour ? milliseconds{1h} : unit == Unit::day ? a_day : a_week; }

date::year_month_day civil_date(LocalTime local)
{
    return date::year_month_day{date::floor<date::days>(date::sys_time<milliseconds>{local.time_since_epoch()})};
}

/// `count` months later; the day becomes the month's last where the month has no such day.
LocalTime months_after(LocalTime start, std::int64_t count)
{
    if (count > most_months || count < -most_months)
        return LocalTime{count > 0 ? milliseconds::max() / 4 : milliseconds::min() / 4};
    const auto since = start.time_since_epoch();
    const auto time_of_day = since - milliseconds{date::floor<date::days>(since)};
    const auto from = civil_date(start);
    const auto month = from.year() / from.month() + date::months{count};
    const auto last = (month / date::last).day();
    return LocalTime{milliseconds{date::sys_days{month / std::min(from.day(), last)}.time_since_epoch()} + time_of_day};
}

std::int64_t months_between(LocalTime from, LocalTime to)
{
    const auto one = civil_date(from);
    const auto other = civil_date(to);
    return (other.year() / other.month() - one.year() / one.month()).count();
}

/// The last time at or before `start` that is a handoff.
LocalTime handoff_before(LocalTime start, Weekday handoff)
{
    const auto since = start - a_monday;
    const auto time_of_day = since - date::floor<date::days>(since);
    const auto wanted = static_cast<int>(handoff) * a_day + time_of_day;
    return start - ((since - wanted) % a_week + a_week) % a_week;
}

} // namespace

bool is_possible(const Rotation& rotation)
{
    return !rotation.turns.empty() && !rotation.lengths.empty()
        && std::all_of(rotation.lengths.begin(), rotation.lengths.end(), [](int length) { return length >= 1; });
}

Turns::Turns(const Rotation& rotation, const OpenHours& hours)
    : rotation_{&rotation}
    , first_week_{rotation.start}
{
    for (const auto length : rotation.lengths)
        periods_ += length;
    if (rotation.unit == Unit::week && rotation.handoff_day) {
        first_week_ = handoff_before(rotation.start, *rotation.handoff_day);
        splits_ = first_week_ != rotation.start;
    }
    if (hours.always() || hours.never())
        return;
    if (splits_) {
        counts_before_ = hours.within(period_begin(-1), period_begin(0));
        counts_after_ = hours.within(period_begin(0), period_begin(1));
    }
    // A whole week, and so a month, has an open time in it; of hours and days the same ones do each week.
    if (rotation.unit == Unit::hour || rotation.unit == Unit::day) {
        cycle_ = a_week / length_of(rotation.unit);
        counting_.reserve(static_cast<std::size_t>(cycle_));
        for (std::int64_t period = 0; period < cycle_; ++period)
            if (hours.within(period_begin(period), period_begin(period + 1)))
                counting_.push_back(period);
    }
}

LocalTime Turns::period_begin(std::int64_t period) const
{
    if (rotation_->unit == Unit::month)
        return months_after(rotation_->start, period);
    if (splits_)
        return period == 0 ? rotation_->start : first_week_ + (period > 0 ? period : period + 1) * a_week;
    return rotation_->start + period * length_of(rotation_->unit);
}

std::int64_t Turns::period_at(LocalTime local) const
{
    if (rotation_->unit == Unit::month) {
        const auto period = months_between(rotation_->start, local);
        return period_begin(period) <= local ? period : period - 1;
    }
    if (splits_) {
        const auto weeks = floor_div((local - first_week_).count(), a_week.count());
        return local < rotation_->start ? weeks - 1 : weeks;
    }
    return floor_div((local - rotation_->start).count(), length_of(rotation_->unit).count());
}

std::int64_t Turns::number_of(std::int64_t period) const
{
    if (counting_.empty())
        return period - (period > 0 && !counts_after_) + (period < 0 && !counts_before_);
    const auto cycles = floor_div(period, cycle_);
    const auto before = std::lower_bound(counting_.begin(), counting_.end(), period - cycles * cycle_) - counting_.begin();
    return cycles * static_cast<std::int64_t>(counting_.size()) + before;
}

std::int64_t Turns::period_of(std::int64_t number) const
{
    if (counting_.empty())
        return number + (number >= 0 && !counts_after_) - (number < 0 && !counts_before_);
    const auto count = static_cast<std::int64_t>(counting_.size());
    const auto cycles = floor_div(number, count);
    return cycles * cycle_ + counting_[static_cast<std::size_t>(number - cycles * count)];
}

std::int64_t Turns::at(LocalTime local) const
{
    const auto number = number_of(period_at(local));
    const auto rounds = floor_div(number, periods_);
    auto left = number - rounds * periods_;
    std::int64_t turn = rounds * static_cast<std::int64_t>(rotation_->lengths.size());
    for (const auto length : rotation_->lengths) {
        if (left < length)
            break;
        left -= length;
        ++turn;
    }
    return turn;
}

LocalTime Turns::begin(std::int64_t turn) const
{
    const auto count = static_cast<std::int64_t>(rotation_->lengths.size());
    const auto rounds = floor_div(turn, count);
    auto number = rounds * periods_;
    for (std::int64_t i = 0; i < turn - rounds * count; ++i)
        number += rotation_->lengths[static_cast<std::size_t>(i)];
    return period_begin(period_of(number));
}

const Turn& Turns::people(std::int64_t turn) const
{
    const auto count = static_cast<std::int64_t>(rotation_->turns.size());
    return rotation_->turns[static_cast<std::size_t>(turn - floor_div(turn, count) * count)];
}

} // namespace oncall
