#pragma once

#include "feeds/ical.hpp"
#include "oncall/time.hpp"

#include <map>
#include <optional>
#include <set>
#include <vector>

namespace feeds {

using oncall::LocalTime;
using oncall::TimePoint;

/// A time as a calendar writes it.
struct WrittenTime {
    LocalTime local{};
    bool date_only{};
    bool utc{};
    std::string zone{}; // TZID, as written; empty: none
    bool operator==(const WrittenTime&) const = default;
};

/// nullopt: it is none, or out of the years 1 to 9999.
std::optional<LocalTime> local_of(const icaltimetype& time);
icaltimetype ical_of(LocalTime local, bool date_only);
/// The time in a property, with its TZID.
std::optional<WrittenTime> written_in(icalproperty* property, const icaltimetype& time);

/// What the zones that a calendar names mean.
class CalendarZones {
public:
    /// `components`: its VTIMEZONEs, as text. `otherwise`: the zone of times that have none; may be nonsense.
    CalendarZones(const std::vector<std::string>& components, const std::string& otherwise);
    ~CalendarZones();
    CalendarZones(const CalendarZones&) = delete;

    /// nullopt: the reader's wall clock.
    std::optional<TimePoint> instant(const WrittenTime& time) const;
    /// What the clocks of a written time's zone show then.
    LocalTime local_at(TimePoint at, const WrittenTime& in) const;
    /// Those that are neither known nor described.
    const std::set<std::string>& unknown() const { return unknown_; }

private:
    struct Zone {
        std::string iana{}; // empty: `own` says it
        icaltimezone* own{};
    };
    const Zone* find(const std::string& name) const;

    std::map<std::string, Zone> zones_{};
    mutable std::set<std::string> unknown_{};
    mutable std::map<std::string, Zone> asked_{};
    std::string otherwise_{};
};

} // namespace feeds
