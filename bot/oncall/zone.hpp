#pragma once

#include "oncall/zone_rule.hpp"

namespace date {
class time_zone;
}

namespace oncall {

/// Farther away than any time that is asked for. `forever` stands for "no end", its negative for "no beginning".
constexpr milliseconds forever{900'000'000'000'000};
constexpr TimePoint no_beginning{-forever};
constexpr TimePoint no_end{forever};

/// A time zone of the system's database, for any year: the library knows the changes that the zone's file lists, mostly to 2037,
/// and the rule at the file's end says how it goes on. Nothing else here asks the database.
class Zone {
public:
    /// Read when first asked for, and kept. Throws std::runtime_error when there is no such zone.
    static const Zone& named(std::string_view name);

    /// A stretch with one offset; may be without beginning or end.
    struct Stretch {
        TimePoint begin{};
        TimePoint end{};
        milliseconds offset{};
    };
    Stretch at(TimePoint t) const;
    /// A skipped local time is the first instant after the gap, a repeated one its first occurrence.
    TimePoint instant(LocalTime local) const;

private:
    explicit Zone(const std::string& name);

    const date::time_zone* listed_;
    std::optional<ZoneRule> rule_;
};

} // namespace oncall
