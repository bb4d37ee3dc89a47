#include "oncall/calendar.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>

namespace oncall {

namespace {

using std::chrono::days;
using std::chrono::floor;

std::chrono::year_month_day date_of(LocalTime local)
{
    return std::chrono::year_month_day{std::chrono::local_days{floor<days>(local)}};
}

/// Takes what is read off the front of a text.
class Taker {
public:
    explicit Taker(std::string_view rest)
        : rest_{rest}
    {
    }
    bool take(std::string_view any_of)
    {
        if (rest_.empty() || any_of.find(rest_.front()) == any_of.npos)
            return false;
        rest_.remove_prefix(1);
        return true;
    }
    /// Exactly `digits` of them.
    std::optional<int> number(std::size_t digits)
    {
        if (this->digits() < digits)
            return std::nullopt;
        int value = 0;
        for (std::size_t i = 0; i < digits; ++i)
            value = value * 10 + (rest_[i] - '0');
        rest_.remove_prefix(digits);
        return value;
    }
    /// How many are next.
    std::size_t digits() const
    {
        const auto end = rest_.find_first_not_of("0123456789");
        return end == rest_.npos ? rest_.size() : end;
    }
    /// ".5" as milliseconds; what is finer is dropped.
    milliseconds fraction()
    {
        milliseconds::rep value = 0, scale = 100;
        for (auto count = digits(); count > 0; --count, scale /= 10)
            value += *number(1) * scale;
        return milliseconds{value};
    }
    bool done() const { return rest_.empty(); }

private:
    std::string_view rest_;
};

std::optional<std::chrono::local_days> date_in(Taker& text, bool& extended)
{
    const auto year = text.number(4);
    extended = text.take("-");
    const auto month = text.number(2);
    if (!year || !month || (extended && !text.take("-")))
        return std::nullopt;
    const auto day = text.number(2);
    if (!day)
        return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year{*year}, std::chrono::month{static_cast<unsigned>(*month)},
        std::chrono::day{static_cast<unsigned>(*day)}};
    return date.ok() ? std::optional{std::chrono::local_days{date}} : std::nullopt;
}

/// "09", "09:00", "09:00:30.5"; basic without colons.
std::optional<milliseconds> time_in(Taker& text, bool extended)
{
    const auto hour = text.number(2);
    if (!hour)
        return std::nullopt;
    milliseconds time{std::chrono::hours{*hour}};
    const auto another = [&] { return extended ? text.take(":") : text.digits() > 0; };
    if (another()) {
        const auto minute = text.number(2);
        if (!minute || *minute > 59)
            return std::nullopt;
        time += std::chrono::minutes{*minute};
        if (another()) {
            const auto second = text.number(2);
            if (!second || *second > 59)
                return std::nullopt;
            time += std::chrono::seconds{*second};
            if (text.take(".,")) {
                if (text.digits() == 0)
                    return std::nullopt;
                time += text.fraction();
            }
        }
    }
    return time <= 24h ? std::optional{time} : std::nullopt;
}

std::optional<milliseconds> offset_in(Taker& text, bool negative)
{
    const auto hours = text.number(2);
    std::optional<int> minutes = 0;
    if (text.take(":") || text.digits() > 0)
        minutes = text.number(2);
    if (!hours || !minutes || *hours > 23 || *minutes > 59)
        return std::nullopt;
    const milliseconds offset = std::chrono::hours{*hours} + std::chrono::minutes{*minutes};
    return negative ? -offset : offset;
}

} // namespace

std::string_view weekday_word(LocalTime local)
{
    constexpr std::array<std::string_view, 7> words{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    return words[std::chrono::weekday{floor<days>(local)}.c_encoding()];
}

std::string_view month_word(LocalTime local)
{
    constexpr std::array<std::string_view, 12> words{
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    return words[unsigned{date_of(local).month()} - 1];
}

bool is_weekend(LocalTime local)
{
    const std::chrono::weekday day{floor<days>(local)};
    return day == std::chrono::Saturday || day == std::chrono::Sunday;
}

LocalTime day_of(LocalTime local) { return floor<days>(local); }

LocalTime month_of(LocalTime local)
{
    const auto date = date_of(local);
    return std::chrono::local_days{date.year() / date.month() / 1};
}

int day_of_month(LocalTime local) { return static_cast<int>(unsigned{date_of(local).day()}); }

int year_of(LocalTime local) { return int{date_of(local).year()}; }

std::string clock_words(LocalTime local)
{
    const std::chrono::hh_mm_ss time{floor<std::chrono::seconds>(local - floor<days>(local))};
    char text[32];
    std::snprintf(text, sizeof text, time.seconds().count() == 0 ? "%02d:%02d" : "%02d:%02d:%02d",
        static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
        static_cast<int>(time.seconds().count()));
    return text;
}

std::string day_words(LocalTime local)
{
    return std::string{weekday_word(local)} + " " + std::to_string(day_of_month(local)) + " " + std::string{month_word(local)}
    + " " + std::to_string(year_of(local));
}

std::string sortable_words(LocalTime local)
{
    const auto date = date_of(local);
    char text[32];
    std::snprintf(text, sizeof text, " %04d-%02u-%02u ", int{date.year()}, unsigned{date.month()}, unsigned{date.day()});
    return std::string{weekday_word(local)} + text + clock_words(local);
}

std::string offset_words(milliseconds offset)
{
    const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(offset).count();
    char text[32];
    std::snprintf(text, sizeof text, "%c%02d:%02d", minutes < 0 ? '-' : '+', static_cast<int>(std::abs(minutes) / 60),
        static_cast<int>(std::abs(minutes) % 60));
    return text;
}

milliseconds offset_at(TimePoint at, std::string_view zone)
{
    return to_local(at, zone).time_since_epoch() - at.time_since_epoch();
}

std::vector<ClockChange> clock_changes(std::string_view zone, TimePoint from, TimePoint to)
{
    // No zone has changed its clocks twice within half a day.
    constexpr milliseconds step = 12h;
    std::vector<ClockChange> changes;
    auto before = offset_at(from, zone);
    for (auto begin = from; begin < to; begin += step) {
        auto high = std::min(begin + step, to);
        const auto after = offset_at(high, zone);
        if (after == before)
            continue;
        auto low = begin;
        while (high - low > 1ms) {
            const auto middle = low + (high - low) / 2;
            (offset_at(middle, zone) == before ? low : high) = middle;
        }
        if (high < to)
            changes.push_back({high, before, after});
        before = after;
    }
    return changes;
}

std::optional<TimePoint> instant_in(std::string_view text, std::string_view zone)
{
    Taker rest{text};
    bool extended{};
    const auto date = date_in(rest, extended);
    if (!date)
        return std::nullopt;
    LocalTime local{*date};
    if (rest.done())
        return to_instant(local, zone);
    if (!rest.take("Tt "))
        return std::nullopt;
    const auto time = time_in(rest, extended);
    if (!time)
        return std::nullopt;
    local += *time;
    if (rest.done())
        return to_instant(local, zone);
    if (rest.take("Zz"))
        return rest.done() ? std::optional{TimePoint{local.time_since_epoch()}} : std::nullopt;
    const bool negative = rest.take("-");
    if (!negative && !rest.take("+"))
        return std::nullopt;
    const auto offset = offset_in(rest, negative);
    return offset && rest.done() ? std::optional{TimePoint{local.time_since_epoch() - *offset}} : std::nullopt;
}

} // namespace oncall
