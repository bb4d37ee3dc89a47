#include "oncall/time.hpp"

#include "oncall/zone.hpp"

#include <date/date.h>

#include <algorithm>
#include <cstdio>
#include <stdexcept>

namespace oncall {

namespace {

constexpr milliseconds longest = std::chrono::hours{24 * 3653};

struct Parts {
    int year{}, month{}, day{}, hour{}, minute{}, second{};
};

Parts parts_of(milliseconds since_epoch)
{
    const date::sys_time<milliseconds> at{since_epoch};
    const auto day = date::floor<date::days>(at);
    const date::year_month_day ymd{day};
    const date::hh_mm_ss time{date::floor<std::chrono::seconds>(at - day)};
    return {int{ymd.year()}, static_cast<int>(unsigned{ymd.month()}), static_cast<int>(unsigned{ymd.day()}),
        static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
        static_cast<int>(time.seconds().count())};
}

} // namespace

std::optional<milliseconds> duration_in(std::string_view text)
{
    milliseconds total{};
    bool any = false;
    while (!text.empty()) {
        std::size_t digits = 0;
        std::int64_t count = 0;
        for (; digits < text.size() && text[digits] >= '0' && text[digits] <= '9'; ++digits) {
            count = count * 10 + (text[digits] - '0');
            if (count > 1'000'000'000)
                return std::nullopt;
        }
        if (digits == 0 || digits == text.size())
            return std::nullopt;
        milliseconds unit{};
        switch (text[digits]) {
        case 's': unit = 1s; break;
        case 'm': unit = 1min; break;
        case 'h': unit = 1h; break;
        case 'd': unit = 24h; break;
        default: return std::nullopt;
        }
        if (count > longest / unit)
            return std::nullopt;
        total += count * unit;
        if (total > longest)
            return std::nullopt;
        any = true;
        text.remove_prefix(digits + 1);
    }
    return any ? std::optional{total} : std::nullopt;
}

std::string duration_out(milliseconds duration)
{
    auto seconds = std::chrono::duration_cast<std::chrono::seconds>(duration).count();
    if (seconds == 0)
        return "0s";
    std::string text = seconds < 0 ? "-" : "";
    seconds = std::abs(seconds);
    for (const auto& [length, letter] : {std::pair{86'400L, 'd'}, {3'600L, 'h'}, {60L, 'm'}, {1L, 's'}}) {
        if (seconds >= length)
            text += std::to_string(seconds / length) + letter;
        seconds %= length;
    }
    return text;
}

std::optional<LocalTime> local_time_in(std::string_view text)
{
    // YYYY-MM-DDTHH:MM[:SS]
    if (text.size() != 16 && text.size() != 19)
        return std::nullopt;
    const std::string_view shape = "dddd-dd-ddTdd:dd:dd";
    int numbers[6]{};
    int at = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (shape[i] == 'd') {
            if (c < '0' || c > '9')
                return std::nullopt;
            numbers[at] = numbers[at] * 10 + (c - '0');
        } else {
            if (c != shape[i] && !(shape[i] == 'T' && (c == ' ' || c == 't')))
                return std::nullopt;
            ++at;
        }
    }
    const auto ymd = date::year{numbers[0]} / static_cast<unsigned>(numbers[1]) / static_cast<unsigned>(numbers[2]);
    if (!ymd.ok() || numbers[3] > 23 || numbers[4] > 59 || numbers[5] > 59)
        return std::nullopt;
    const auto day = date::local_days{ymd}.time_since_epoch();
    return LocalTime{
        milliseconds{day} + std::chrono::hours{numbers[3]} + std::chrono::minutes{numbers[4]} + std::chrono::seconds{numbers[5]}};
}

bool is_time_zone(std::string_view name)
{
    // Names only: no path must be followed.
    if (name.empty() || name.find("..") != name.npos || name.front() == '/')
        return false;
    try {
        Zone::named(name);
        return true;
    } catch (const std::runtime_error&) {
        return false;
    }
}

TimePoint to_instant(LocalTime local, std::string_view zone) { return Zone::named(zone).instant(local); }

LocalTime to_local(TimePoint instant, std::string_view zone)
{
    return LocalTime{instant.time_since_epoch() + Zone::named(zone).at(instant).offset};
}

std::string iso(TimePoint instant, std::string_view zone)
{
    const auto local = to_local(instant, zone).time_since_epoch();
    const auto offset = std::chrono::duration_cast<std::chrono::minutes>(local - instant.time_since_epoch()).count();
    const auto parts = parts_of(local);
    char text[64];
    std::snprintf(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02d%c%02d:%02d", parts.year, parts.month, parts.day, parts.hour,
        parts.minute, parts.second, offset < 0 ? '-' : '+', static_cast<int>(std::abs(offset) / 60),
        static_cast<int>(std::abs(offset) % 60));
    return text;
}

} // namespace oncall
