#include "feeds/recurrence.hpp"

#include <algorithm>
#include <cstdlib>

namespace feeds {

namespace {

using std::chrono::days;
using std::chrono::local_days;
using std::chrono::year_month_day;
using Every = Recurrence::Every;

constexpr std::size_t most_listed = 31;
constexpr int longest_interval = 1'000;

/// One of libical's lists; nullopt: it is too long, or holds what no such list may.
template <std::size_t N> std::optional<std::vector<int>> list_in(const short (&list)[N], int least, int most)
{
    std::vector<int> all;
    for (const int one : list) {
        if (one == ICAL_RECURRENCE_ARRAY_MAX)
            break;
        if (one == 0 || one < least || one > most || all.size() == most_listed)
            return std::nullopt;
        all.push_back(one);
    }
    return all;
}

/// At most one; nullopt: more, or none that can be.
template <std::size_t N> std::optional<std::optional<int>> one_in(const short (&list)[N], int most)
{
    if (list[0] == ICAL_RECURRENCE_ARRAY_MAX)
        return std::optional<int>{};
    if (list[0] < 0 || list[0] > most || list[1] != ICAL_RECURRENCE_ARRAY_MAX)
        return std::nullopt;
    return std::optional<int>{list[0]};
}

/// libical counts weekdays from Sunday, which is 1.
unsigned iso_weekday(int day) { return day == 1 ? 7U : static_cast<unsigned>(day - 1); }

bool lists(const std::vector<int>& all, int number, int from_the_end)
{
    return all.empty() || std::any_of(all.begin(), all.end(), [&](int one) { return one == number || one == from_the_end; });
}

int days_from(local_days first, local_days day) { return static_cast<int>((day - first).count()); }

local_days first_of_year(std::chrono::year year) { return local_days{year / std::chrono::January / 1}; }

/// A day's week belongs to the year in which most of it is (its fourth day).
bool lists_week(const Recurrence& rule, local_days day)
{
    if (rule.weeks.empty())
        return true;
    const auto since = (std::chrono::weekday{day}.iso_encoding() + 7 - rule.week_start) % 7;
    const auto middle = day - days{since} + days{3};
    const auto year = year_month_day{middle}.year();
    const auto number = days_from(first_of_year(year), middle) / 7 + 1;
    const auto to_come = days_from(middle, first_of_year(year + std::chrono::years{1}) - days{1}) / 7;
    return lists(rule.weeks, number, -1 - to_come);
}

bool lists_weekday(const Recurrence& rule, local_days day, const year_month_day& date)
{
    if (rule.weekdays.empty())
        return true;
    const bool in_month = rule.every == Every::month || (rule.every == Every::year && !rule.months.empty());
    const bool in_year = rule.every == Every::year && rule.months.empty();
    const auto first = in_month ? local_days{date.year() / date.month() / 1} : first_of_year(date.year());
    const auto last = in_month ? local_days{date.year() / date.month() / std::chrono::last}
                               : first_of_year(date.year() + std::chrono::years{1}) - days{1};
    const auto weekday = std::chrono::weekday{day}.iso_encoding();
    const auto number = days_from(first, day) / 7 + 1, from_the_end = -1 - days_from(day, last) / 7;
    return std::any_of(rule.weekdays.begin(), rule.weekdays.end(), [&](const Recurrence::Weekday& one) {
        return one.day == weekday
            && (one.which == 0 || !(in_month || in_year) || one.which == number || one.which == from_the_end);
    });
}

/// In a month that it lists.
bool happens_on(const Recurrence& rule, local_days day, const year_month_day& date)
{
    const auto number = static_cast<int>(static_cast<unsigned>(date.day()));
    const auto month_end = local_days{date.year() / date.month() / std::chrono::last};
    const auto year = first_of_year(date.year()), next_year = first_of_year(date.year() + std::chrono::years{1});
    return lists(rule.month_days, number, -1 - days_from(day, month_end))
        && lists(rule.year_days, days_from(year, day) + 1, -days_from(day, next_year)) && lists_week(rule, day)
        && lists_weekday(rule, day, date);
}

/// What a rule does not say is as at its start.
void fill(Recurrence& rule, local_days start)
{
    const year_month_day date{start};
    const Recurrence::Weekday same_weekday{std::chrono::weekday{start}.iso_encoding(), 0};
    const bool says_days = !rule.weekdays.empty() || !rule.month_days.empty() || !rule.year_days.empty();
    if (rule.every == Every::week ? !rule.weekdays.empty() : says_days)
        return;
    if (rule.every == Every::week || !rule.weeks.empty()) {
        rule.weekdays = {same_weekday};
    } else if (rule.every == Every::month || rule.every == Every::year) {
        rule.month_days = {static_cast<int>(static_cast<unsigned>(date.day()))};
        if (rule.every == Every::year && rule.months.empty())
            rule.months = {static_cast<int>(static_cast<unsigned>(date.month()))};
    }
}

struct Period {
    local_days first{};
    local_days after{};
};

/// The one that is `steps` after the one of `start`.
Period period_after(const Recurrence& rule, local_days start, int steps)
{
    const year_month_day date{start};
    switch (rule.every) {
    case Every::day: return {start + days{steps}, start + days{steps + 1}};
    case Every::week: {
        const auto since = (std::chrono::weekday{start}.iso_encoding() + 7 - rule.week_start) % 7;
        const auto first = start - days{since} + days{7 * steps};
        return {first, first + days{7}};
    }
    case Every::month: {
        const auto month = date.year() / date.month() + std::chrono::months{steps};
        return {local_days{month / 1}, local_days{(month + std::chrono::months{1}) / 1}};
    }
    case Every::year: break;
    }
    const auto year = date.year() + std::chrono::years{steps};
    return {first_of_year(year), first_of_year(year + std::chrono::years{1})};
}

std::vector<local_days> at_positions(const std::vector<local_days>& all, const std::vector<int>& positions)
{
    std::vector<local_days> chosen;
    const auto count = static_cast<int>(all.size());
    for (int i = 0; i < count; ++i)
        if (lists(positions, i + 1, i - count))
            chosen.push_back(all[static_cast<std::size_t>(i)]);
    return chosen;
}

} // namespace

std::optional<Recurrence> recurrence_in(const icalrecurrencetype& rule)
{
    Recurrence all;
    switch (rule.freq) {
    case ICAL_DAILY_RECURRENCE: all.every = Every::day; break;
    case ICAL_WEEKLY_RECURRENCE: all.every = Every::week; break;
    case ICAL_MONTHLY_RECURRENCE: all.every = Every::month; break;
    case ICAL_YEARLY_RECURRENCE: all.every = Every::year; break;
    default: return std::nullopt;
    }
    if (rule.interval < 1 || rule.interval > longest_interval || rule.count < 0)
        return std::nullopt;
    if (rule.rscale && std::string_view{rule.rscale} != "GREGORIAN" && std::string_view{rule.rscale} != "gregorian")
        return std::nullopt;
    all.interval = rule.interval;
    all.count = rule.count;
    if (rule.week_start >= 1 && rule.week_start <= 7)
        all.week_start = iso_weekday(rule.week_start);
    const auto hour = one_in(rule.by_hour, 23), minute = one_in(rule.by_minute, 59), second = one_in(rule.by_second, 59);
    auto months = list_in(rule.by_month, 1, 12), month_days = list_in(rule.by_month_day, -31, 31);
    auto year_days = list_in(rule.by_year_day, -366, 366), weeks = list_in(rule.by_week_no, -53, 53);
    auto positions = list_in(rule.by_set_pos, -366, 366);
    if (!hour || !minute || !second || !months || !month_days || !year_days || !weeks || !positions)
        return std::nullopt;
    all.hour = *hour;
    all.minute = *minute;
    all.second = *second;
    all.months = std::move(*months);
    all.month_days = std::move(*month_days);
    all.year_days = std::move(*year_days);
    all.weeks = std::move(*weeks);
    all.positions = std::move(*positions);
    for (const auto one : rule.by_day) {
        if (one == ICAL_RECURRENCE_ARRAY_MAX)
            break;
        const int day = icalrecurrencetype_day_day_of_week(one);
        if (day < 1 || day > 7 || all.weekdays.size() == most_listed)
            return std::nullopt;
        all.weekdays.push_back({iso_weekday(day), icalrecurrencetype_day_position(one)});
    }
    return all;
}

bool is_yearly(const icalrecurrencetype& rule)
{
    const auto all = recurrence_in(rule);
    if (!all || all->every != Every::year || all->interval != 1 || rule.rscale)
        return false;
    if (all->hour || all->minute || all->second || !all->year_days.empty() || !all->weeks.empty() || !all->positions.empty())
        return false;
    if (all->months.size() > 1 || all->weekdays.size() > 1 || all->month_days.size() > 7)
        return false;
    if (all->months.empty() && !(all->month_days.empty() && all->weekdays.empty()))
        return false;
    if (!all->weekdays.empty() && std::abs(all->weekdays.front().which) > (all->month_days.empty() ? 4 : 0))
        return false; // a fifth Sunday is not in each month
    return std::all_of(all->month_days.begin(), all->month_days.end(), [&](int day) {
        const auto month = static_cast<unsigned>(all->months.front());
        return day > 0
            && std::chrono::year_month_day{std::chrono::year{2023}, std::chrono::month{month},
                std::chrono::day{static_cast<unsigned>(day)}}
                   .ok();
    });
}

bool each_occurrence(
    Recurrence rule, LocalTime start, LocalTime end, std::int64_t& days_left, const std::function<bool(LocalTime)>& see)
{
    const auto first_day = std::chrono::floor<days>(start);
    fill(rule, first_day);
    const std::chrono::hh_mm_ss clock{std::chrono::floor<std::chrono::seconds>(start - first_day)};
    const auto time = std::chrono::hours{rule.hour.value_or(static_cast<int>(clock.hours().count()))}
        + std::chrono::minutes{rule.minute.value_or(static_cast<int>(clock.minutes().count()))}
        + std::chrono::seconds{rule.second.value_or(static_cast<int>(clock.seconds().count()))};
    const auto last = std::min(end, rule.until.value_or(end));
    int seen = 0;
    for (int steps = 0;; steps += rule.interval) {
        const auto period = period_after(rule, first_day, steps);
        if (LocalTime{period.first} > last)
            return true;
        std::vector<local_days> found;
        for (auto day = period.first; day < period.after;) {
            if (--days_left < 0)
                return false;
            const year_month_day date{day};
            const auto month = static_cast<int>(static_cast<unsigned>(date.month()));
            if (!lists(rule.months, month, month)) {
                day = std::min(local_days{date.year() / date.month() / std::chrono::last} + days{1}, period.after);
                continue;
            }
            if (happens_on(rule, day, date))
                found.push_back(day);
            day += days{1};
        }
        if (!rule.positions.empty())
            found = at_positions(found, rule.positions);
        for (const auto day : found) {
            const LocalTime at{day + time};
            if (at < start)
                continue;
            if (at > last || !see(at) || (rule.count > 0 && ++seen == rule.count))
                return true;
        }
    }
}

} // namespace feeds
