#include "oncall/report.hpp"

#include "oncall/calendar.hpp"
#include "oncall/words.hpp"

#include <algorithm>
#include <cstdio>

namespace oncall {

namespace {

using ReportDay = std::chrono::local_days;
using std::chrono::days;

struct CountedStretch {
    TimePoint from{};
    TimePoint to{};
};

/// Joined where they touch or overlap, in order.
std::vector<CountedStretch> joined_stretches(std::vector<CountedStretch> all)
{
    std::sort(all.begin(), all.end(), [](const CountedStretch& a, const CountedStretch& b) { return a.from < b.from; });
    std::vector<CountedStretch> found;
    for (const auto& one : all)
        if (!found.empty() && one.from <= found.back().to)
            found.back().to = std::max(found.back().to, one.to);
        else
            found.push_back(one);
    return found;
}

/// What a spreadsheet would take for a formula is text.
std::string cell(std::string text)
{
    if (!text.empty() && std::string_view{"=+-@\t\r\n"}.find(text.front()) != std::string_view::npos)
        text.insert(0, "'");
    if (text.find_first_of(",\"\r\n") == text.npos)
        return text;
    std::string quoted{"\""};
    for (const char c : text)
        quoted.append(c == '"' ? 2 : 1, c);
    return quoted + '"';
}

std::string decimal(milliseconds time, int places)
{
    char text[40];
    std::snprintf(text, sizeof text, "%.*f", places, std::chrono::duration<double, std::ratio<3600>>(time).count());
    return text;
}

std::string cells(const OnCallHours& worked)
{
    std::string text;
    for (const auto one : {worked.total(), worked.business, worked.off, worked.sleep, worked.weekend, worked.holiday})
        text += "," + decimal(one, 2);
    return text;
}

} // namespace

OnCallHours& OnCallHours::operator+=(const OnCallHours& more)
{
    business += more.business;
    off += more.off;
    sleep += more.sleep;
    weekend += more.weekend;
    holiday += more.holiday;
    return *this;
}

OnCallHours hours_of(TimePoint from, TimePoint to, const std::string& zone, const Holidays& holidays)
{
    OnCallHours hours;
    // A local time that the clocks skip or show twice is an instant all the same, so that no day has a hole or counts twice.
    for (auto day = std::chrono::floor<days>(to_local(from, zone)) - days{1}; to_instant(LocalTime{day}, zone) < to;
         day += days{1}) {
        const bool is_weekend_day = is_weekend(LocalTime{day});
        const bool is_holiday = holidays.contains(day);
        auto begin = to_instant(LocalTime{day}, zone);
        const auto part = [&](std::chrono::hours until) {
            const auto end = to_instant(LocalTime{day} + until, zone);
            const auto counted = std::min(end, to) - std::max(begin, from);
            begin = end;
            return std::max(counted, milliseconds{0});
        };
        OnCallHours its;
        its.sleep += part(8h);
        (is_weekend_day || is_holiday ? its.off : its.business) += part(18h);
        its.off += part(22h);
        its.sleep += part(24h);
        its.weekend = is_weekend_day ? its.total() : milliseconds{0};
        its.holiday = is_holiday ? its.total() : milliseconds{0};
        hours += its;
    }
    return hours;
}

Report report_of(const std::vector<const Schedule*>& schedules, const Period& period,
    const std::function<ReportedPerson(const std::string& person)>& who, const std::string& only,
    const std::function<Holidays(const Schedule& schedule, const std::string& rotation)>& holidays)
{
    struct Counted {
        ReportedPerson person{};
        std::vector<CountedStretch> on_call{};
        Holidays holidays{}; // of hers, by what she is on call by then
    };
    std::map<std::pair<std::string, std::string>, Holidays> read;
    const auto days_of = [&](const Schedule& schedule, const std::string& rotation) -> const Holidays& {
        const auto [found, is_new] = read.try_emplace({schedule.name, rotation});
        if (is_new && holidays)
            found->second = holidays(schedule, rotation);
        return found->second;
    };
    std::map<std::string, Counted> people;
    Report report;
    report.period = period;
    for (const auto* const schedule : schedules)
        for (const auto& shift : final_shifts(*schedule, period.from, period.to)) {
            if (shift.people.empty() && only.empty())
                report.nobody[schedule->name] += shift.end - shift.start;
            for (const auto& name : shift.people) {
                auto person = who(name);
                if (!only.empty() && person.id != only)
                    continue;
                auto& counted = people[person.id];
                if (counted.person.id.empty()) {
                    if (!is_time_zone(person.time_zone))
                        person.time_zone = schedule->time_zone;
                    counted.person = std::move(person);
                }
                counted.on_call.push_back({shift.start, shift.end});
                // Only the days around it: there may be years of them, and as many shifts.
                const auto& zone = counted.person.time_zone;
                const auto& dates = days_of(*schedule, shift.rotation);
                const auto first = std::chrono::floor<days>(to_local(shift.start, zone)) - days{1};
                for (auto day = dates.lower_bound(first); day != dates.end() && to_instant(LocalTime{*day}, zone) < shift.end;
                     ++day)
                    if (to_instant(LocalTime{*day + days{1}}, zone) > shift.start)
                        counted.holidays.insert(*day);
            }
        }
    for (auto& [id, counted] : people) {
        ReportRow row{id, counted.person.name, counted.person.time_zone, {}, 0};
        for (const auto& stretch : joined_stretches(std::move(counted.on_call))) {
            row.hours += hours_of(stretch.from, stretch.to, row.time_zone, counted.holidays);
            ++row.stretches;
        }
        report.total += row.hours;
        report.rows.push_back(std::move(row));
    }
    std::stable_sort(report.rows.begin(), report.rows.end(),
        [](const ReportRow& a, const ReportRow& b) { return lower(a.name) < lower(b.name); });
    return report;
}

std::string hours_out(milliseconds time) { return decimal(time, 1); }

std::string csv_of(const Report& report, const std::string& zone)
{
    std::string text{"\xEF\xBB\xBFperson,id,time_zone,from,to,times_on_call,hours,business_hours,off_hours,sleep_hours,of_it_"
                     "weekend,of_it_holiday\r\n"};
    const auto period = "," + iso(report.period.from, zone) + "," + iso(report.period.to, zone) + ",";
    for (const auto& row : report.rows)
        text += cell(row.name) + "," + cell(row.person) + "," + cell(row.time_zone) + period + std::to_string(row.stretches)
            + cells(row.hours) + "\r\n";
    text += "all,," + period + cells(report.total) + "\r\n";
    return text;
}

} // namespace oncall
