#pragma once

#include "oncall/time.hpp"

/// How the people of a language and region write times, for where Slack shows no times of its own.
namespace oncall {

struct TimeStyle {
    bool twelve_hours{}; // "6:00 PM", else "18:00"
    bool sunday_first{}; // the week begins on Sunday, else on Monday
    bool operator==(const TimeStyle&) const = default;
};

/// By the locale of a Slack profile ("en-US"). Of one that is not known: 24 hours, from Monday on.
TimeStyle time_style(std::string_view locale);

/// "18:00", "6:00 PM"; with seconds where they are not 0.
std::string clock_words(LocalTime local, TimeStyle style);

} // namespace oncall
