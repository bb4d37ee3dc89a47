#pragma once

#include "oncall/time.hpp"

#include <array>

namespace oncall {

/// What the clocks of a zone do each year, by the line with which its file ends: "CET-1CEST,M3.5.0,M10.5.0/3" (RFC 8536, 3.3).
class ZoneRule {
public:
    /// nullopt where there is no summer time, or it is no such line.
    static std::optional<ZoneRule> in(std::string_view text);

    struct Change {
        TimePoint at{};
        milliseconds offset{}; // from then on
    };
    /// Those that fall into a year by its own clock: to summer time, and from it. Either may be the first.
    std::array<Change, 2> changes(int year) const;

private:
    struct Day {
        enum class Kind { weekday, day, day_without_leap_day };
        Kind kind{};
        unsigned month{};
        unsigned week{}; // 5: the last
        unsigned number{}; // of the weekday, from Sunday; else of the day in the year
        std::chrono::seconds time{};
        milliseconds of(int year) const;
    };
    struct Reader;

    std::chrono::seconds winter_{};
    std::chrono::seconds summer_{};
    Day begin_{};
    Day end_{};
};

} // namespace oncall
