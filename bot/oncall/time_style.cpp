#include "oncall/time_style.hpp"

#include "oncall/calendar.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace oncall {

namespace {

struct StyleRow {
    std::string_view locale{};
    TimeStyle style{};
};

// As CLDR has it; those that Slack offers and that are other than what is usual.
constexpr std::array styles{
    StyleRow{"en-US", {true, true}},
    StyleRow{"ja-JP", {false, true}},
    StyleRow{"ko-KR", {true, true}},
    StyleRow{"pt-BR", {false, true}},
    StyleRow{"zh-TW", {true, true}},
};

} // namespace

TimeStyle time_style(std::string_view locale)
{
    const auto* const row = std::find_if(styles.begin(), styles.end(), [&](const StyleRow& one) { return one.locale == locale; });
    return row == styles.end() ? TimeStyle{} : row->style;
}

std::string clock_words(LocalTime local, TimeStyle style)
{
    if (!style.twelve_hours)
        return clock_words(local);
    const std::chrono::hh_mm_ss time{
        std::chrono::floor<std::chrono::seconds>(local - std::chrono::floor<std::chrono::days>(local))};
    const auto hour = static_cast<int>(time.hours().count()), minute = static_cast<int>(time.minutes().count()),
               second = static_cast<int>(time.seconds().count());
    char text[32];
    std::snprintf(text, sizeof text, second == 0 ? "%d:%02d" : "%d:%02d:%02d", (hour + 11) % 12 + 1, minute, second);
    return std::string{text} + (hour < 12 ? " AM" : " PM");
}

} // namespace oncall
