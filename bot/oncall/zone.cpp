#include "oncall/zone.hpp"

#include <date/tz.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <mutex>
#include <stdexcept>

namespace oncall {

namespace {

/// Where the library reads it too.
constexpr const char* database = "/usr/share/zoneinfo/";

/// No zone was ever so far from UTC.
constexpr milliseconds farthest_offset = 26h;

template <class Seconds> TimePoint time_point(Seconds seconds) { return TimePoint{milliseconds{seconds.time_since_epoch()}}; }

std::string last_line_of(const std::string& path)
{
    std::ifstream file{path, std::ios::binary};
    std::string text{std::istreambuf_iterator<char>{file}, {}};
    if (!text.starts_with("TZif") || text.back() != '\n')
        return {};
    text.pop_back();
    return text.substr(text.rfind('\n') + 1);
}

/// Names that mean another zone on each machine, or none.
bool is_no_place(std::string_view name)
{
    return name == "localtime" || name == "posixrules" || name == "Factory" || name.starts_with("posix/")
        || name.starts_with("right/");
}

} // namespace

Zone::Zone(const std::string& name)
    : listed_{date::locate_zone(name)}
    , rule_{ZoneRule::in(last_line_of(database + name))}
{
}

const Zone& Zone::named(std::string_view name)
{
    static std::mutex mutex;
    static std::map<std::string, Zone, std::less<>> zones;
    const std::lock_guard lock{mutex};
    const auto found = zones.find(name);
    if (found != zones.end())
        return found->second;
    if (is_no_place(name))
        throw std::runtime_error{std::string{name} + " is no time zone"};
    return zones.emplace(std::string{name}, Zone{std::string{name}}).first->second;
}

Zone::Stretch Zone::at(TimePoint t) const
{
    const auto found = listed_->get_info(date::sys_seconds{date::floor<std::chrono::seconds>(t.time_since_epoch())});
    Stretch stretch{std::max(time_point(found.begin), no_beginning), std::min(time_point(found.end), no_end), found.offset};
    if (!rule_ || stretch.end < no_end || t >= no_end)
        return stretch;
    // After the last change that is listed.
    const std::chrono::year_month_day today{std::chrono::floor<std::chrono::days>(t)};
    for (int year = int{today.year()} - 1; year <= int{today.year()} + 1; ++year) {
        auto changes = rule_->changes(year);
        if (changes[1].at < changes[0].at)
            std::swap(changes[0], changes[1]);
        for (const auto& change : changes)
            if (change.at > t)
                stretch.end = std::min(stretch.end, change.at);
            else if (change.at > stretch.begin)
                stretch = {change.at, no_end, change.offset};
    }
    return stretch;
}

TimePoint Zone::instant(LocalTime local) const
{
    const auto since = local.time_since_epoch();
    for (auto stretch = at(TimePoint{since - farthest_offset});; stretch = at(stretch.end))
        if (const TimePoint t{since - stretch.offset}; t < stretch.end || stretch.end >= no_end)
            return std::max(t, stretch.begin);
}

} // namespace oncall
