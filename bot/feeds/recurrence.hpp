#pragma once

#include "feeds/ical.hpp"
#include "oncall/time.hpp"

#include <functional>
#include <optional>
#include <vector>

namespace feeds {

using oncall::LocalTime;

/// How something repeats (RFC 5545 §3.3.10): from daily to yearly, at one time of the day.
struct Recurrence {
    struct Weekday {
        unsigned day{}; // 1 Monday … 7 Sunday
        int which{}; // of the month or the year, negative from its end; 0: each
    };
    enum class Every { day, week, month, year } every{};
    int interval{1};
    int count{}; // 0: not ended by it
    std::optional<LocalTime> until{}; // it is the last then
    unsigned week_start{1};
    std::vector<Weekday> weekdays{};
    // None is 0; negative ones count from the end.
    std::vector<int> months{};
    std::vector<int> month_days{};
    std::vector<int> year_days{};
    std::vector<int> weeks{};
    std::vector<int> positions{}; // of all in a day, week, month or year
    std::optional<int> hour{}, minute{}, second{}; // in place of the start's
};

/// Without its end by time. nullopt: it is more often than once a day, or beyond what calendars for people say.
std::optional<Recurrence> recurrence_in(const icalrecurrencetype& rule);

/// Whether a zone's rule may be left to libical, which would look for ever for what never is: once a year, on a day that there
/// is.
bool is_yearly(const icalrecurrencetype& rule);

/// Tells `see` of each occurrence from `start` to `end`, in order; it says whether it wants more. Looks at one day after the
/// other and takes each from `days_left`; false when they did not suffice.
bool each_occurrence(
    Recurrence rule, LocalTime start, LocalTime end, std::int64_t& days_left, const std::function<bool(LocalTime)>& see);

} // namespace feeds
