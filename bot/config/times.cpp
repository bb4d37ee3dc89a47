#include "config/times.hpp"

#include <algorithm>
#include <cstdio>

namespace config {

namespace {

using std::chrono::minutes;
using namespace std::chrono_literals;

/// Whether `text` is as `shape`, where d stands for a digit.
bool has_shape(std::string_view text, std::string_view shape)
{
    return std::equal(text.begin(), text.end(), shape.begin(), shape.end(),
        [](char c, char wanted) { return wanted == 'd' ? c >= '0' && c <= '9' : c == wanted; });
}

int number(std::string_view digits)
{
    int value = 0;
    for (const char c : digits)
        value = value * 10 + (c - '0');
    return value;
}

/// The parts of a written time, as long as its shape is right.
struct Parts {
    std::string_view time{}; // to the minute or the second
    std::string_view thousandths{}; // one to three digits
    std::string_view offset{};
};

std::optional<Parts> parts_of(std::string_view text)
{
    Parts parts;
    const bool seconds = text.size() > 18 && text[16] == ':';
    const std::size_t length = seconds ? 19 : 16;
    parts.time = text.substr(0, length);
    std::string time{parts.time};
    if (time.size() < length)
        return std::nullopt;
    if (time[10] == ' ')
        time[10] = 'T';
    if (!has_shape(time, seconds ? "dddd-dd-ddTdd:dd:dd" : "dddd-dd-ddTdd:dd"))
        return std::nullopt;
    text.remove_prefix(length);
    if (seconds && text.starts_with('.')) {
        const auto end = std::min(text.find_first_not_of("0123456789", 1), text.size());
        parts.thousandths = text.substr(1, end - 1);
        if (parts.thousandths.empty() || parts.thousandths.size() > 3)
            return std::nullopt;
        text.remove_prefix(end);
    }
    parts.offset = text;
    if (!text.empty() && text != "Z" && !has_shape(text, "+dd:dd") && !has_shape(text, "-dd:dd"))
        return std::nullopt;
    return parts;
}

std::optional<minutes> offset_in(std::string_view text)
{
    if (text == "Z")
        return minutes{0};
    const minutes offset{number(text.substr(1, 2)) * 60 + number(text.substr(4, 2))};
    if (offset > std::chrono::hours{15} || number(text.substr(4, 2)) > 59)
        return std::nullopt;
    return text.front() == '-' ? -offset : offset;
}

const oncall::LocalTime earliest{};
const oncall::LocalTime too_late = *oncall::local_time_in("2200-01-01T00:00");

template <typename Enum> std::optional<Enum> one_of(std::string_view text, const std::vector<std::string>& names)
{
    const auto found = std::find(names.begin(), names.end(), text);
    return found == names.end() ? std::nullopt : std::optional{static_cast<Enum>(found - names.begin())};
}

} // namespace

bool is_in_range(oncall::LocalTime time) { return time >= earliest && time < too_late; }

bool looks_like_time(std::string_view text) { return parts_of(text).has_value(); }

std::optional<WrittenTime> time_in(std::string_view text)
{
    const auto parts = parts_of(text);
    if (!parts)
        return std::nullopt;
    auto local = oncall::local_time_in(parts->time);
    if (!local || !is_in_range(*local))
        return std::nullopt;
    if (!parts->thousandths.empty())
        *local += std::chrono::milliseconds{number((std::string{parts->thousandths} + "00").substr(0, 3))};
    WrittenTime written{*local};
    if (!parts->offset.empty()) {
        written.offset = offset_in(parts->offset);
        if (!written.offset)
            return std::nullopt;
    }
    return written;
}

std::string time_out(oncall::LocalTime time)
{
    const auto text = oncall::iso(oncall::TimePoint{time.time_since_epoch()}, "UTC");
    const auto thousandths = (time.time_since_epoch() % 1s + 1s) % 1s;
    if (thousandths.count() != 0) {
        char fraction[24];
        std::snprintf(fraction, sizeof fraction, ".%03d", static_cast<int>(thousandths.count()));
        return text.substr(0, 19) + fraction;
    }
    return text.substr(0, time.time_since_epoch() % 1min == 0s ? 16 : 19);
}

std::string time_out(oncall::TimePoint time, const std::string& zone)
{
    const auto local = oncall::to_local(time, zone);
    if (oncall::to_instant(local, zone) == time)
        return time_out(local);
    const auto offset = local.time_since_epoch() - time.time_since_epoch();
    if (offset % 1min != 0s)
        return time_out(oncall::LocalTime{time.time_since_epoch()}) + "Z";
    return time_out(local) + oncall::iso(time, zone).substr(19);
}

std::optional<minutes> clock_in(std::string_view text)
{
    const auto padded = text.size() == 4 ? "0" + std::string{text} : std::string{text};
    if (!has_shape(padded, "dd:dd"))
        return std::nullopt;
    const minutes time{number(padded.substr(0, 2)) * 60 + number(padded.substr(3, 2))};
    if (number(padded.substr(3, 2)) > 59 || time > 24h)
        return std::nullopt;
    return time;
}

std::string clock_out(minutes time)
{
    char text[32];
    std::snprintf(text, sizeof text, "%02d:%02d", static_cast<int>(time.count() / 60), static_cast<int>(time.count() % 60));
    return text;
}

const std::vector<std::string>& weekdays()
{
    static const std::vector<std::string> names{"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
    return names;
}

std::optional<oncall::Weekday> weekday_in(std::string_view text) { return one_of<oncall::Weekday>(text, weekdays()); }

std::string weekday_out(oncall::Weekday day) { return weekdays()[static_cast<std::size_t>(day)]; }

const std::vector<std::string>& units()
{
    static const std::vector<std::string> names{"hour", "day", "week", "month"};
    return names;
}

std::optional<oncall::Unit> unit_in(std::string_view text) { return one_of<oncall::Unit>(text, units()); }

std::string unit_out(oncall::Unit unit) { return units()[static_cast<std::size_t>(unit)]; }

} // namespace config
