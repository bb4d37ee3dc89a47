#pragma once

#include "oncall/period.hpp"
#include "oncall/schedule.hpp"

#include <functional>
#include <map>
#include <set>

/// Who was on call for how long, and at which hours of their own.
namespace oncall {

/// Of a person's own day: business is Monday to Friday from 08:00 to 18:00, off hours Monday to Friday from 18:00 to 22:00 and
/// weekends and holidays from 08:00 to 22:00, sleep every night from 22:00 to 08:00. These three make the whole.
struct OnCallHours {
    milliseconds business{};
    milliseconds off{};
    milliseconds sleep{};
    milliseconds weekend{}; // of all three: on Saturdays and Sundays
    milliseconds holiday{}; // of all three: on holidays, also on those that are weekends
    milliseconds total() const { return business + off + sleep; }
    OnCallHours& operator+=(const OnCallHours& more);
    bool operator==(const OnCallHours&) const = default;
};

using Holidays = std::set<std::chrono::local_days>;

/// Of [from, to), on the wall clock of `zone`. Throws std::runtime_error on an unknown zone.
OnCallHours hours_of(TimePoint from, TimePoint to, const std::string& zone, const Holidays& holidays = {});

/// Who somebody is whom a schedule names.
struct ReportedPerson {
    std::string id{}; // by which she is one, whatever schedules call her
    std::string name{};
    std::string time_zone{}; // empty: unknown, and the schedule's is taken
};

struct ReportRow {
    std::string person{}; // ReportedPerson::id
    std::string name{};
    std::string time_zone{};
    OnCallHours hours{};
    std::size_t stretches{}; // how often she was on call
    bool operator==(const ReportRow&) const = default;
};

struct Report {
    Period period{}; // that was counted
    std::vector<ReportRow> rows{}; // by name
    OnCallHours total{}; // of all rows
    std::map<std::string, milliseconds> nobody{}; // by schedule, where there is such a time; empty of one person
};

/// By the schedules as they are now: `put`, `add` and `remove` of that time count, and so does what has been edited since. Who is
/// on call by several schedules, or several rotations, at once is so once. Of everybody, or of `only` (an id). `holidays` are
/// those of a schedule's rotation; what is no rotation's (empty) goes by the schedule's.
Report report_of(const std::vector<const Schedule*>& schedules, const Period& period,
    const std::function<ReportedPerson(const std::string& person)>& who, const std::string& only = {},
    const std::function<Holidays(const Schedule& schedule, const std::string& rotation)>& holidays = {});

/// "112.5": hours.
std::string hours_out(milliseconds time);

/// As a spreadsheet reads it: RFC 4180 in UTF-8, said so at its beginning, with a head; nothing in it is taken for a formula.
/// Times are of `zone`.
std::string csv_of(const Report& report, const std::string& zone);

} // namespace oncall
