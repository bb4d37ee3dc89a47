#include "oncall/period.hpp"

#include "oncall/calendar.hpp"
#include "oncall/time_words.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <sstream>

namespace oncall {

namespace {

using PeriodDay = std::chrono::local_days;
using std::chrono::days;
using std::chrono::months;
using std::chrono::year_month;
using std::chrono::year_month_day;

constexpr days longest_period{400};

PeriodDay day_at(TimePoint at, const std::string& zone) { return std::chrono::floor<days>(to_local(at, zone)); }

PeriodDay first_of(year_month month) { return PeriodDay{month / std::chrono::day{1}}; }

year_month month_at(PeriodDay day)
{
    const year_month_day date{day};
    return date.year() / date.month();
}

Period period_between(PeriodDay from, PeriodDay to, const std::string& zone)
{
    return {to_instant(LocalTime{from}, zone), to_instant(LocalTime{to}, zone)};
}

Period of_month(year_month month, const std::string& zone)
{
    return period_between(first_of(month), first_of(month + months{1}), zone);
}

/// "last", "this", "next" and nothing: -1, 0, 1, 0; what follows stays in `words`.
int which(std::string& words)
{
    for (const auto& [word, step] :
        {std::pair{"last ", -1}, std::pair{"previous ", -1}, std::pair{"this ", 0}, std::pair{"next ", 1}})
        if (words.starts_with(word)) {
            words.erase(0, std::string_view{word}.size());
            return step;
        }
    return 0;
}

std::optional<int> number_said(std::string_view digits)
{
    int value{};
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (digits.empty() || error != std::errc{} || end != digits.data() + digits.size() || value < 0)
        return std::nullopt;
    return value;
}

/// "2w", "14d", "2 weeks": days.
std::optional<int> days_in(std::string_view words)
{
    const auto end = std::min(words.find_first_not_of("0123456789"), words.size());
    const auto count = number_said(words.substr(0, end));
    auto unit = words.substr(end);
    if (unit.starts_with(' '))
        unit.remove_prefix(1);
    if (!count || *count < 1 || *count > longest_period.count())
        return std::nullopt;
    if (unit == "d" || unit == "day" || unit == "days")
        return *count;
    if (unit == "w" || unit == "week" || unit == "weeks")
        return 7 * *count;
    return std::nullopt;
}

/// "2026-10"
std::optional<year_month> month_in(std::string_view words)
{
    if (words.size() != 7 || words[4] != '-')
        return std::nullopt;
    const auto year = number_said(words.substr(0, 4)), month = number_said(words.substr(5));
    if (!year || !month)
        return std::nullopt;
    const year_month found{std::chrono::year{*year}, std::chrono::month{static_cast<unsigned>(*month)}};
    return found.ok() && *year >= 2000 && *year < 2100 ? std::optional{found} : std::nullopt;
}

/// "2026-11-02"
std::optional<PeriodDay> date_said(std::string_view words)
{
    const auto month = words.size() == 10 && words[7] == '-' ? month_in(words.substr(0, 7)) : std::nullopt;
    const auto day = month ? number_said(words.substr(8)) : std::nullopt;
    if (!day)
        return std::nullopt;
    const year_month_day date{*month / std::chrono::day{static_cast<unsigned>(*day)}};
    return date.ok() ? std::optional{PeriodDay{date}} : std::nullopt;
}

std::string cleaned(std::string_view text)
{
    std::string words;
    for (const char c : text)
        if (c != ' ')
            words += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        else if (!words.empty() && words.back() != ' ')
            words += ' ';
    while (words.ends_with(' '))
        words.pop_back();
    return words;
}

std::optional<Period> dates_in(const std::string& words, const std::string& zone)
{
    for (const std::string_view between_them : {" to ", " until ", " - ", "..", " "}) {
        const auto at = words.find(between_them);
        if (at == words.npos)
            continue;
        const auto from = date_said(std::string_view{words}.substr(0, at));
        const auto last = date_said(std::string_view{words}.substr(at + between_them.size()));
        if (from && last && *from <= *last)
            return period_between(*from, *last + days{1}, zone);
    }
    return std::nullopt;
}

/// "yesterday", "this weekend", "3 nov", "24 dec to 2 jan": whole days that can mean one thing only.
std::optional<Period> days_said(const std::string& words, const std::string& zone, TimePoint now)
{
    std::istringstream stream{words};
    std::vector<std::string> all;
    for (std::string word; stream >> word;)
        all.push_back(word);
    if (all.empty() || all.size() > 8)
        return std::nullopt;
    const auto said = time_asked_about(all, zone, now, false);
    if (!said.span || !said.rest.empty() || said.next_shift)
        return std::nullopt;
    const auto found = period_between(day_at(said.span->from, zone), day_at(said.span->to, zone), zone);
    const auto year = int{month_at(day_at(found.from, zone)).year()};
    const bool whole = found.from == said.span->from && found.to == said.span->to;
    return whole && year >= 2000 && year < 2100 ? std::optional{found} : std::nullopt;
}

std::optional<Period> read(std::string words, const std::string& zone, TimePoint now)
{
    const auto today = day_at(now, zone);
    const auto whole = words;
    const auto step = which(words);
    if (words == "week") {
        const std::chrono::weekday weekday{today};
        const auto monday = today - (weekday - std::chrono::Monday) + days{7 * step};
        return period_between(monday, monday + days{7}, zone);
    }
    if (words == "month")
        return of_month(month_at(today) + months{step}, zone);
    if (words == "today" || words == "tomorrow")
        return period_between(today + days{words == "today" ? 0 : 1}, today + days{words == "today" ? 1 : 2}, zone);
    if (const auto count = days_in(words))
        return step < 0 ? period_between(today - days{*count}, today, zone) : period_between(today, today + days{*count}, zone);
    if (const auto month = month_in(whole))
        return of_month(*month, zone);
    if (const auto date = date_said(whole))
        return period_between(*date, *date + days{1}, zone);
    if (const auto dates = dates_in(whole, zone))
        return dates;
    return days_said(whole, zone, now);
}

bool is_month(PeriodDay from, PeriodDay to)
{
    return from == first_of(month_at(from)) && to == first_of(month_at(from) + months{1});
}

Period moved(const Period& period, const std::string& zone, int step)
{
    const auto from = day_at(period.from, zone), to = day_at(period.to, zone);
    if (is_month(from, to))
        return of_month(month_at(from) + months{step}, zone);
    const auto by = std::max(to - from, days{1}) * step;
    return period_between(from + by, to + by, zone);
}

} // namespace

std::optional<Period> period_in(std::string_view words, const std::string& zone, TimePoint now)
{
    const auto period = read(cleaned(words), zone, now);
    return period && period->to - period->from <= longest_period && is_in_reach(*period) ? period : std::nullopt;
}

bool is_in_reach(const Period& period)
{
    // A day more on either side, for the zones.
    using std::chrono::year;
    constexpr std::chrono::sys_days first{year{2000} / 1 / 1}, last{year{2100} / 1 / 1};
    return period.from >= first - days{1} && period.to <= last + days{1};
}

Period later(const Period& period, const std::string& zone) { return moved(period, zone, 1); }
Period earlier(const Period& period, const std::string& zone) { return moved(period, zone, -1); }

std::string words_of(const Period& period, const std::string& zone)
{
    constexpr std::array<std::string_view, 12> names{
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"};
    const auto month = month_at(day_at(period.from, zone));
    if (period == of_month(month, zone))
        return std::string{names.at(static_cast<unsigned>(month.month()) - 1)} + " " + std::to_string(int{month.year()});
    const auto first = day_words(to_local(period.from, zone));
    const auto last = day_words(to_local(std::max(period.from, period.to - milliseconds{1}), zone));
    return first == last ? first : first + " to " + last;
}

} // namespace oncall
