#pragma once

#include "oncall/time.hpp"

/// Stretches of whole local days, as people say them.
namespace oncall {

struct Period {
    TimePoint from{};
    TimePoint to{};
    bool operator==(const Period&) const = default;
};

/// "10d", "2w" and "2 weeks" from today on; "week", "last week", "next week" from Monday to Monday; "month", "last month", "next
/// month", "2026-10"; "today", "tomorrow", "2026-11-02"; "2026-11-02 to 2026-11-15", the last day too; and
/// whole days as time_words reads them: "yesterday", "this weekend", "24 dec to 2 jan". In the days of `zone`.
/// nullopt when it is none of these, longer than 400 days, or out of reach. Throws std::runtime_error on an unknown zone.
std::optional<Period> period_in(std::string_view words, const std::string& zone, TimePoint now);

/// Within the years 2000 to 2099.
bool is_in_reach(const Period& period);

/// The one right after it, or before: of a whole month the next month, else as many days.
Period later(const Period& period, const std::string& zone);
Period earlier(const Period& period, const std::string& zone);

/// "October 2026", "Tue 3 Nov 2026", "Tue 3 Nov 2026 to Mon 16 Nov 2026": the last day is in it.
std::string words_of(const Period& period, const std::string& zone);

} // namespace oncall
