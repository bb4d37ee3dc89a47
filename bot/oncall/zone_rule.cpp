#include "oncall/zone_rule.hpp"

#include <algorithm>

namespace oncall {

namespace {

using std::chrono::days;
using std::chrono::seconds;

} // namespace

/// Takes parts off the front of the line; what is missing makes all of it wrong.
struct ZoneRule::Reader {
    std::string_view rest;
    bool sound{true};

    bool take(char c)
    {
        const bool found = rest.starts_with(c);
        rest.remove_prefix(found ? 1 : 0);
        return found;
    }
    void demand(bool found) { sound = sound && found; }

    /// "CET", "<+0330>".
    void name()
    {
        const auto end = rest.starts_with('<') ? rest.find('>') + 1 : rest.find_first_of("+-,0123456789");
        demand(end > 0);
        rest.remove_prefix(std::min(end, rest.size()));
    }
    unsigned number(unsigned least, unsigned most)
    {
        const auto digits = std::min(rest.find_first_not_of("0123456789"), rest.size());
        unsigned value = 0;
        for (const char c : rest.substr(0, digits))
            value = std::min(value * 10 + static_cast<unsigned>(c - '0'), 1'000U);
        demand(digits > 0 && value >= least && value <= most);
        rest.remove_prefix(digits);
        return value;
    }
    /// "2", "-1", "10:30".
    seconds time()
    {
        const bool negative = take('-');
        if (!negative)
            take('+');
        seconds found = std::chrono::hours{number(0, 167)};
        if (take(':'))
            found += std::chrono::minutes{number(0, 59)};
        if (take(':'))
            found += seconds{number(0, 59)};
        return negative ? -found : found;
    }
    /// "M3.5.0/3", "J79", "78".
    Day day()
    {
        Day found;
        if (take('M')) {
            found.month = number(1, 12);
            demand(take('.'));
            found.week = number(1, 5);
            demand(take('.'));
            found.number = number(0, 6);
        } else if (take('J')) {
            found.kind = Day::Kind::day_without_leap_day;
            found.number = number(1, 365);
        } else {
            found.kind = Day::Kind::day;
            found.number = number(0, 365);
        }
        found.time = take('/') ? time() : std::chrono::hours{2};
        return found;
    }
};

std::optional<ZoneRule> ZoneRule::in(std::string_view text)
{
    Reader line{text};
    ZoneRule rule;
    line.name();
    rule.winter_ = -line.time(); // POSIX counts westward
    if (line.rest.empty())
        return std::nullopt;
    line.name();
    rule.summer_ = line.rest.starts_with(',') ? rule.winter_ + std::chrono::hours{1} : -line.time();
    line.demand(line.take(','));
    rule.begin_ = line.day();
    line.demand(line.take(','));
    rule.end_ = line.day();
    return line.sound && line.rest.empty() ? std::optional{rule} : std::nullopt;
}

milliseconds ZoneRule::Day::of(int year) const
{
    const std::chrono::year y{year};
    std::chrono::sys_days date;
    if (kind == Kind::weekday) {
        const auto in_month = y / std::chrono::month{month};
        const std::chrono::weekday day{number};
        date = week == 5 ? std::chrono::sys_days{in_month / day[std::chrono::last]} : std::chrono::sys_days{in_month / day[week]};
    } else {
        const bool after_leap_day = kind == Kind::day_without_leap_day && number > 59 && y.is_leap();
        date = std::chrono::sys_days{y / 1 / 1} + days{number};
        if (kind == Kind::day_without_leap_day)
            date -= days{after_leap_day ? 0 : 1};
    }
    return date.time_since_epoch() + time;
}

std::array<ZoneRule::Change, 2> ZoneRule::changes(int year) const
{
    return {Change{TimePoint{begin_.of(year) - winter_}, summer_}, Change{TimePoint{end_.of(year) - summer_}, winter_}};
}

} // namespace oncall
