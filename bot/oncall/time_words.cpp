#include "oncall/time_words.hpp"

#include "oncall/calendar.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace oncall {

namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;

constexpr std::array<std::string_view, 7> weekdays{"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"};
constexpr std::array<std::string_view, 9> between_words{"-", "–", "—", "to", "until", "till", "from", "at", "on"};

std::string bare(std::string text)
{
    std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    while (!text.empty() && (text.back() == ',' || text.back() == '.'))
        text.pop_back();
    return text;
}

/// Monday is 0.
int weekday_of(LocalTime local)
{
    const auto since = std::chrono::floor<days>(local.time_since_epoch()).count();
    return static_cast<int>(((since + 3) % 7 + 7) % 7);
}

std::optional<int> weekday_in(std::string_view word)
{
    for (std::size_t day = 0; day < weekdays.size(); ++day)
        if (word == weekdays[day] || word == weekdays[day].substr(0, 3) || (word == "tues" && day == 1)
            || ((word == "thur" || word == "thurs") && day == 3))
            return static_cast<int>(day);
    return std::nullopt;
}

/// "18", "18:00", "6pm", "6:30pm", "24:00".
std::optional<minutes> clock_in(std::string_view word)
{
    bool afternoon{}, named{};
    if (word.size() > 2 && word.back() == 'm' && (word[word.size() - 2] == 'a' || word[word.size() - 2] == 'p')) {
        named = true;
        afternoon = word[word.size() - 2] == 'p';
        word.remove_suffix(2);
    }
    const auto number = [&](std::string_view digits) -> std::optional<int> {
        int value{};
        const auto* const end = digits.data() + digits.size();
        const auto [stop, error] = std::from_chars(digits.data(), end, value);
        if (digits.empty() || digits.size() > 2 || error != std::errc{} || stop != end || value < 0)
            return std::nullopt;
        return value;
    };
    const auto colon = std::min(word.find(':'), word.size());
    auto hour = number(word.substr(0, colon));
    const auto minute = colon == word.size() ? std::optional{0} : number(word.substr(colon + 1));
    if (!hour || !minute || *minute > 59 || (colon < word.size() && word.size() - colon != 3))
        return std::nullopt;
    if (named && (*hour < 1 || *hour > 12))
        return std::nullopt;
    if (named)
        *hour = *hour % 12 + (afternoon ? 12 : 0);
    if (*hour > 24 || (*hour == 24 && *minute > 0))
        return std::nullopt;
    return hours{*hour} + minutes{*minute};
}

/// "18:00-22:00"
std::optional<std::pair<minutes, minutes>> range_in(const std::string& word)
{
    for (const std::string_view dash : {"-", "–", "—"}) {
        const auto at = word.find(dash);
        if (at == word.npos)
            continue;
        const auto from = clock_in(std::string_view{word}.substr(0, at));
        const auto to = clock_in(std::string_view{word}.substr(at + dash.size()));
        if (from && to)
            return std::pair{*from, *to};
    }
    return std::nullopt;
}

/// What was said so far.
struct Heard {
    std::optional<LocalTime> days[2]{}; // midnights
    bool by_weekday[2]{};
    std::optional<minutes> clocks[2]{};
    std::optional<milliseconds> lasts{};
    std::size_t day_count{}, clock_count{};
    bool any{};

    bool day(LocalTime midnight, bool by_name)
    {
        if (day_count == 2)
            return false;
        by_weekday[day_count] = by_name;
        days[day_count++] = midnight;
        return any = true;
    }
    bool clock(minutes at)
    {
        if (clock_count == 2)
            return false;
        clocks[clock_count++] = at;
        return any = true;
    }
};

/// The local times it means; empty: they make none.
std::optional<std::pair<LocalTime, LocalTime>> meant(const Heard& heard, LocalTime now)
{
    const auto today = day_of(now);
    auto first = heard.days[0].value_or(today);
    const auto from_clock = heard.clocks[0].value_or(minutes{0});
    const auto end_of = [&](LocalTime day) -> std::optional<LocalTime> {
        if (heard.lasts)
            return std::nullopt; // counted in real time
        if (heard.day_count == 2)
            return *heard.days[1] + (heard.clock_count == 2 ? *heard.clocks[1] : hours{24});
        if (heard.clock_count == 2)
            return day + *heard.clocks[1] + (*heard.clocks[1] <= from_clock ? hours{24} : hours{0});
        return heard.clock_count == 0 ? std::optional{day + hours{24}} : std::nullopt;
    };
    if (heard.clock_count == 1 && !heard.lasts)
        return std::nullopt; // until when?
    // "Friday" on a Friday evening means the next one.
    const auto is_over = [&](LocalTime day) {
        return end_of(day).value_or(day + from_clock + heard.lasts.value_or(milliseconds{1})) <= now;
    };
    if (heard.day_count == 0 && is_over(first))
        first += days{1};
    if (heard.day_count == 1 && heard.by_weekday[0] && is_over(first))
        first += days{7};
    auto end = end_of(first);
    // The end's weekday is the next one after the beginning.
    if (end && heard.day_count == 2 && heard.by_weekday[1])
        while (*end <= first + from_clock)
            *end += days{7};
    return std::pair{first + from_clock, end.value_or(first + from_clock)};
}

} // namespace

std::string written(const Span& span)
{
    const auto at = [](TimePoint when) {
        const auto seconds = std::chrono::floor<std::chrono::seconds>(when).time_since_epoch().count();
        return "<!date^" + std::to_string(seconds) + "^{date_short_pretty} at {time}|" + iso(when, "UTC") + ">";
    };
    return at(span.from) + " – " + at(span.to);
}

std::string in_zone(const Span& span, const std::string& zone)
{
    const auto where = is_time_zone(zone) ? zone : std::string{"UTC"};
    const auto from = to_local(std::chrono::floor<minutes>(span.from), where);
    const auto to = to_local(std::chrono::floor<minutes>(span.to), where);
    const auto day = [](LocalTime local) {
        return std::string{weekday_word(local)} + " " + std::to_string(day_of_month(local)) + " " + std::string{month_word(local)}
        + " ";
    };
    return day(from) + clock_words(from) + " – " + (day_of(from) == day_of(to) ? "" : day(to)) + clock_words(to);
}

SaidTime time_said(const std::vector<std::string>& words, const std::string& zone, TimePoint now)
{
    SaidTime said;
    const auto local_now = to_local(now, zone);
    const auto today = day_of(local_now);
    Heard heard;
    for (std::size_t i = 0; i < words.size(); ++i) {
        const auto word = bare(words[i]);
        bool fits = true;
        if (word == "next" && i + 1 < words.size() && bare(words[i + 1]) == "shift") {
            said.next_shift = true;
            ++i;
        } else if (word == "today") {
            fits = heard.day(today, false);
        } else if (word == "tomorrow") {
            fits = heard.day(today + days{1}, false);
        } else if (const auto weekday = weekday_in(word)) {
            fits = heard.day(today + days{(*weekday - weekday_of(local_now) + 7) % 7}, true);
        } else if (const auto date = word.size() == 10 ? local_time_in(word + "T00:00") : std::nullopt) {
            fits = heard.day(*date, false);
        } else if (const auto moment = word.size() == 16 ? local_time_in(words[i]) : std::nullopt) {
            fits = heard.day(day_of(*moment), false) && heard.clock(std::chrono::floor<minutes>(*moment - day_of(*moment)));
        } else if (const auto range = range_in(word)) {
            fits = heard.clock(range->first) && heard.clock(range->second);
        } else if (const auto lasts = duration_in(word)) {
            fits = !heard.lasts && lasts->count() > 0;
            heard.lasts = *lasts;
            heard.any = true;
        } else if (const auto clock = word.find_first_of("0123456789") == 0 ? clock_in(word) : std::nullopt) {
            fits = heard.clock(*clock);
        } else if (std::find(between_words.begin(), between_words.end(), word) != between_words.end()) {
            continue;
        } else {
            said.rest.push_back(words[i]);
        }
        if (!fits)
            said.trouble = "I read more than one time in that. Write it as `friday 18:00-22:00`.";
    }
    if (!heard.any || !said.trouble.empty())
        return said;
    if (said.next_shift) {
        said.trouble = "Write either `my next shift` or a time, as `friday 18:00-22:00`.";
        return said;
    }
    if (heard.lasts && heard.day_count == 0 && heard.clock_count == 0) {
        said.span = Span{now, now + *heard.lasts};
        return said;
    }
    const auto local = heard.lasts && heard.clock_count == 2 ? std::nullopt : meant(heard, local_now);
    if (!local) {
        said.trouble = "From when until when? Write it as `friday 18:00-22:00`, or `friday 18:00 4h`.";
        return said;
    }
    said.span = Span{to_instant(local->first, zone), {}};
    said.span->to = heard.lasts ? said.span->from + *heard.lasts : to_instant(local->second, zone);
    if (said.span->to <= said.span->from)
        said.trouble = "It must end after it begins.";
    else if (said.span->to <= now)
        said.trouble = "That is over already. Write a time that is still to come.";
    if (!said.trouble.empty())
        said.span.reset();
    return said;
}

} // namespace oncall
