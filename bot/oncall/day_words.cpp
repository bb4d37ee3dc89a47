#include "oncall/day_words.hpp"

#include "oncall/calendar.hpp"
#include "oncall/words.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace oncall {

namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;

constexpr std::array<std::string_view, 7> names_of_days{
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"};
constexpr std::array<std::string_view, 12> names_of_months{
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"};
constexpr std::string_view no_word{};

std::string_view word_at(const std::vector<std::string>& words, std::size_t at)
{
    return at < words.size() ? std::string_view{words[at]} : no_word;
}

/// Monday is 0.
int place_in_week(LocalTime local)
{
    const auto since = std::chrono::floor<days>(local.time_since_epoch()).count();
    return static_cast<int>(((since + 3) % 7 + 7) % 7);
}

std::optional<int> day_name_in(std::string_view word)
{
    for (std::size_t day = 0; day < names_of_days.size(); ++day)
        if (word == names_of_days[day] || word == names_of_days[day].substr(0, 3) || (word == "tues" && day == 1)
            || (word == "weds" && day == 2) || ((word == "thur" || word == "thurs") && day == 3))
            return static_cast<int>(day);
    return std::nullopt;
}

std::optional<unsigned> month_name_in(std::string_view word)
{
    for (std::size_t month = 0; month < names_of_months.size(); ++month)
        if (word == names_of_months[month] || word == names_of_months[month].substr(0, 3) || (word == "sept" && month == 8))
            return static_cast<unsigned>(month + 1);
    return std::nullopt;
}

/// At most `most` digits and nothing else.
std::optional<int> digits_said(std::string_view text, std::size_t most)
{
    int value{};
    if (text.empty() || text.size() > most || !std::all_of(text.begin(), text.end(), is_digit))
        return std::nullopt;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

/// "6", "6th"
std::optional<unsigned> day_number_in(std::string_view word)
{
    for (const std::string_view end : {"st", "nd", "rd", "th"})
        if (word.size() > end.size() && word.ends_with(end)) {
            word.remove_suffix(end.size());
            break;
        }
    const auto number = digits_said(word, 2);
    return number && *number >= 1 && *number <= 31 ? std::optional{static_cast<unsigned>(*number)} : std::nullopt;
}

std::optional<int> year_in(std::string_view word)
{
    const auto number = digits_said(word, 4);
    return word.size() == 4 && number && *number >= 2000 && *number < 2100 ? number : std::nullopt;
}

std::optional<LocalTime> midnight_of(int year, unsigned month, unsigned day)
{
    const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{month}, std::chrono::day{day}};
    if (!date.ok())
        return std::nullopt;
    return LocalTime{std::chrono::local_days{date}.time_since_epoch()};
}

/// Of this year when none was said; 29 February in the next that has one.
void add_date(SaidDay& said, std::optional<int> year, unsigned month, unsigned day, LocalTime today)
{
    said.again = year ? SaidDay::Again::never : SaidDay::Again::yearly;
    for (int further = 0; further < (year ? 1 : 8); ++further)
        if (const auto found = midnight_of(year.value_or(year_of(today)) + further, month, day)) {
            said.may_be.push_back(*found);
            return;
        }
}

/// "6.11.", "6.11.2026", "6/11", "11/6/2026": which of two numbers is the month is open where both can be.
std::optional<SaidDay> numbered_date(std::string_view word, LocalTime today)
{
    const bool dotted = word.find('.') != word.npos;
    const auto mark = dotted ? '.' : '/';
    const auto first = word.find(mark);
    if (first == word.npos)
        return std::nullopt;
    const auto second = std::min(word.find(mark, first + 1), word.size());
    const auto left = digits_said(word.substr(0, first), 2), right = digits_said(word.substr(first + 1, second - first - 1), 2);
    std::optional<int> year;
    if (second + 1 < word.size()) {
        const auto rest = word.substr(second + 1);
        year = rest.size() == 2 && digits_said(rest, 2) ? std::optional{2000 + *digits_said(rest, 2)} : year_in(rest);
        if (!year)
            return std::nullopt;
    }
    if (!left || !right || *left < 1 || *right < 1)
        return std::nullopt;
    SaidDay said;
    said.words = 1;
    if (*right <= 12 && *left <= 31)
        add_date(said, year, static_cast<unsigned>(*right), static_cast<unsigned>(*left), today);
    if (!dotted && *left <= 12 && *right <= 31 && *left != *right)
        add_date(said, year, static_cast<unsigned>(*left), static_cast<unsigned>(*right), today);
    return said.may_be.empty() ? std::nullopt : std::optional{said};
}

/// "6 nov", "6th of november 2026", "nov 6th", "november 6 2026".
std::optional<SaidDay> date_with_month(const std::vector<std::string>& words, std::size_t at, LocalTime today)
{
    auto next = at;
    std::optional<unsigned> day = day_number_in(word_at(words, next)), month;
    if (day) {
        ++next;
        if (word_at(words, next) == "of")
            ++next;
        month = month_name_in(word_at(words, next));
    } else if ((month = month_name_in(word_at(words, next)))) {
        day = day_number_in(word_at(words, ++next));
        // "nov 6:00" is no day, and neither is "nov 18-22".
    }
    if (!day || !month)
        return std::nullopt;
    ++next;
    const auto year = year_in(word_at(words, next));
    SaidDay said;
    said.words = next - at + (year ? 1 : 0);
    add_date(said, year, *month, *day, today);
    return said.may_be.empty() ? std::nullopt : std::optional{said};
}

/// "friday", "this friday", "next friday", "last friday".
std::optional<SaidDay> day_of_week(const std::vector<std::string>& words, std::size_t at, LocalTime today)
{
    const auto first = word_at(words, at);
    const bool next = first == "next", last = first == "last" || first == "past",
               led = next || last || first == "this" || first == "coming";
    const auto day = day_name_in(word_at(words, led ? at + 1 : at));
    if (!day)
        return std::nullopt;
    SaidDay said;
    said.words = led ? 2 : 1;
    const auto ahead = (*day - place_in_week(today) + 7) % 7;
    if (last) {
        said.may_be.push_back(today - days{ahead == 0 ? 7 : 7 - ahead});
    } else if (next) {
        // Of this week or of the next? Who says it on a Tuesday of Friday may mean either.
        if (ahead > 0 && place_in_week(today) + ahead < 7)
            said.may_be.push_back(today + days{ahead});
        said.may_be.push_back(today + days{ahead == 0 || place_in_week(today) + ahead < 7 ? ahead + 7 : ahead});
    } else {
        said.may_be.push_back(today + days{ahead});
        said.again = led ? SaidDay::Again::never : SaidDay::Again::weekly;
    }
    return said;
}

std::optional<minutes> clock_of(std::string_view word, bool& short_hour)
{
    const auto mark = std::min(word.find_first_of(":."), word.size());
    const auto hour = digits_said(word.substr(0, mark), 2);
    const auto minute = mark == word.size() ? std::optional{0} : digits_said(word.substr(mark + 1), 2);
    if (!hour || !minute || *minute > 59 || (mark < word.size() && word.size() - mark != 3) || *hour > 24
        || (*hour == 24 && *minute > 0))
        return std::nullopt;
    short_hour = *hour >= 1 && *hour <= 12 && word.substr(0, mark).size() == (*hour < 10 ? 1 : 2);
    return hours{*hour} + minutes{*minute};
}

/// "am", "p.m."
std::optional<bool> half_in(std::string_view word)
{
    if (word == "am" || word == "a.m" || word == "a.m.")
        return false;
    if (word == "pm" || word == "p.m" || word == "p.m.")
        return true;
    return std::nullopt;
}

std::optional<double> count_in(std::string_view word)
{
    constexpr std::pair<std::string_view, int> counts[]{{"a", 1}, {"an", 1}, {"one", 1}, {"two", 2}, {"three", 3}, {"four", 4},
        {"five", 5}, {"six", 6}, {"seven", 7}, {"eight", 8}, {"nine", 9}, {"ten", 10}, {"twelve", 12}, {"fifteen", 15},
        {"twenty", 20}, {"thirty", 30}, {"forty", 40}, {"forty-five", 45}, {"sixty", 60}, {"ninety", 90}};
    for (const auto& [name, count] : counts)
        if (word == name)
            return count;
    const auto point = std::min(word.find('.'), word.size());
    const auto whole = digits_said(word.substr(0, point), 4);
    const auto tenths = point == word.size() ? std::optional{0} : digits_said(word.substr(point + 1), 1);
    if (!whole || !tenths)
        return std::nullopt;
    return *whole + *tenths / 10.0;
}

std::optional<milliseconds> unit_in(std::string_view word)
{
    constexpr std::pair<std::string_view, milliseconds> units[]{{"s", 1s}, {"sec", 1s}, {"second", 1s}, {"m", 1min},
        {"min", 1min}, {"minute", 1min}, {"h", 1h}, {"hr", 1h}, {"hour", 1h}, {"d", 24h}, {"day", 24h}, {"week", 168h}};
    if (word.size() > 2 && word.ends_with('s'))
        word.remove_suffix(1);
    for (const auto& [name, unit] : units)
        if (word == name)
            return unit;
    return std::nullopt;
}

/// "30min", "2hrs", "1.5h"
std::optional<milliseconds> length_in(std::string_view word)
{
    if (const auto plain = duration_in(word))
        return plain;
    const auto unit_from = word.find_first_not_of("0123456789.");
    if (unit_from == word.npos || unit_from == 0)
        return std::nullopt;
    const auto count = count_in(word.substr(0, unit_from));
    const auto unit = unit_in(word.substr(unit_from));
    if (!count || !unit)
        return std::nullopt;
    return milliseconds{static_cast<milliseconds::rep>(*count * static_cast<double>(unit->count()))};
}

std::optional<SaidLength> one_length(const std::vector<std::string>& words, std::size_t at)
{
    if (const auto whole = length_in(word_at(words, at)))
        return SaidLength{*whole, 1};
    if (word_at(words, at) == "half" && (word_at(words, at + 1) == "an" || word_at(words, at + 1) == "a")) {
        const auto unit = unit_in(word_at(words, at + 2));
        return unit && *unit > 1s ? std::optional{SaidLength{*unit / 2, 3}} : std::nullopt;
    }
    const auto count = count_in(word_at(words, at));
    const auto unit = unit_in(word_at(words, at + 1));
    if (!count || !unit)
        return std::nullopt;
    SaidLength said{milliseconds{static_cast<milliseconds::rep>(*count * static_cast<double>(unit->count()))}, 2};
    if (word_at(words, at + 2) == "and" && word_at(words, at + 3) == "a" && word_at(words, at + 4) == "half") {
        said.length += *unit / 2;
        said.words = 5;
    }
    return said;
}

} // namespace

std::optional<SaidDay> day_in_words(const std::vector<std::string>& words, std::size_t at, LocalTime today)
{
    const auto word = word_at(words, at);
    const auto of = [](LocalTime midnight) { return SaidDay{{midnight}, SaidDay::Again::never, 1}; };
    if (word == "today")
        return of(today);
    if (word == "tomorrow" || word == "tmrw")
        return of(today + days{1});
    if (word == "yesterday")
        return of(today - days{1});
    if (word.size() == 10)
        if (const auto date = local_time_in(std::string{word} + "T00:00"))
            return of(*date);
    if (auto named = day_of_week(words, at, today))
        return named;
    if (auto date = date_with_month(words, at, today))
        return date;
    return numbered_date(word, today);
}

std::optional<SaidClock> clock_in_words(const std::vector<std::string>& words, std::size_t at)
{
    auto word = word_at(words, at);
    SaidClock said;
    said.words = 1;
    if (word == "noon" || word == "midday") {
        said.at = hours{12};
        return said;
    }
    if (word == "midnight") {
        said.at = hours{24};
        said.midnight = true;
        return said;
    }
    if (word.empty() || !is_digit(word.front()))
        return std::nullopt;
    std::optional<bool> half = half_in(word_at(words, at + 1));
    if (half) {
        said.words = 2;
    } else if (word.size() > 2 && half_in(word.substr(word.size() - 2))) {
        half = half_in(word.substr(word.size() - 2));
        word.remove_suffix(2);
    } else if (const auto follows = word_at(words, at + 1); follows == "o'clock" || follows == "oclock" || follows == "uhr") {
        said.words = 2;
    }
    bool short_hour{};
    const auto clock = clock_of(word, short_hour);
    if (!clock)
        return std::nullopt;
    said.at = *clock;
    if (half) {
        if (*clock < hours{1} || *clock >= hours{13})
            return std::nullopt;
        said.afternoon = *half;
        said.at = *clock % hours{12} + (*half ? hours{12} : hours{0});
    } else {
        said.half_named = short_hour;
    }
    return said;
}

std::optional<SaidLength> length_in_words(const std::vector<std::string>& words, std::size_t at)
{
    auto said = one_length(words, at);
    // "1 hour 30 minutes", "1 hour and 30 minutes"
    if (said && said->words >= 2) {
        const auto behind = at + said->words + (word_at(words, at + said->words) == "and" ? 1 : 0);
        const auto more = one_length(words, behind);
        if (more && more->length < said->length) {
            said->length += more->length;
            said->words = behind + more->words - at;
        }
    }
    return said && said->length > milliseconds{0} ? said : std::nullopt;
}

std::optional<DayPart> day_part_in(std::string_view word)
{
    if (word.ends_with('s'))
        word.remove_suffix(1);
    if (word == "morning")
        return DayPart::morning;
    if (word == "afternoon")
        return DayPart::afternoon;
    if (word == "evening")
        return DayPart::evening;
    return word == "night" ? std::optional{DayPart::night} : std::nullopt;
}

std::pair<minutes, minutes> hours_of(DayPart part)
{
    switch (part) {
    case DayPart::morning: return {hours{8}, hours{12}};
    case DayPart::afternoon: return {hours{12}, hours{18}};
    case DayPart::evening: return {hours{18}, hours{22}};
    case DayPart::night: break;
    }
    return {hours{20}, hours{32}};
}

std::vector<std::string> parted(const std::string& word)
{
    constexpr std::size_t longest_pair = 40;
    if (word.size() > longest_pair)
        return {};
    const LocalTime any_day{};
    for (const std::string_view dash : {"–", "—", "-", ".."}) {
        for (auto at = word.find(dash); at != word.npos; at = word.find(dash, at + dash.size())) {
            const std::vector<std::string> two{word.substr(0, at), word.substr(at + dash.size())};
            const auto whole = [](const auto& read) { return read && read->words == 1; };
            if (whole(day_in_words(two, 0, any_day)) && whole(day_in_words(two, 1, any_day)))
                return two;
            const bool both_clocks = whole(clock_in_words(two, 0)) && whole(clock_in_words(two, 1));
            if (both_clocks)
                return two;
        }
    }
    return {};
}

} // namespace oncall
