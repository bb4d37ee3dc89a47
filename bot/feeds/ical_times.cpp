#include "feeds/ical_times.hpp"

#include "feeds/recurrence.hpp"
#include "feeds/windows_zones.hpp"

#include <algorithm>

namespace feeds {

using namespace std::chrono_literals;

namespace {

constexpr int most_observances = 100, most_rules = 16, most_dates = 500; // of a zone that is described
constexpr std::size_t most_described = 20;

/// Whether libical may work with what somebody wrote of a zone: it keeps each change of the clocks in memory.
bool is_tame(icalcomponent* zone)
{
    int observances = 0, rules = 0, dates = 0;
    for (auto* one = icalcomponent_get_first_component(zone, ICAL_ANY_COMPONENT); one;
         one = icalcomponent_get_next_component(zone, ICAL_ANY_COMPONENT)) {
        ++observances;
        for (auto* rule = icalcomponent_get_first_property(one, ICAL_RRULE_PROPERTY); rule;
             rule = icalcomponent_get_next_property(one, ICAL_RRULE_PROPERTY))
            if (++rules > most_rules || !is_yearly(icalproperty_get_rrule(rule)))
                return false;
        dates += icalcomponent_count_properties(one, ICAL_RDATE_PROPERTY);
    }
    return observances <= most_observances && dates <= most_dates;
}

/// Clocks change in later years as they do in the last of these; both are leap years.
void bound(icaltimetype& time) { time.year = std::clamp(time.year, 1904, 2052); }

/// "/freeassociation.sourceforge.net/Europe/Berlin" and the like end in the name.
std::string iana_of(const std::string& name)
{
    if (name.empty() || name.size() > 200)
        return {};
    if (oncall::is_time_zone(name))
        return name;
    if (name.front() == '/') {
        for (auto slash = name.find('/'); slash != name.npos; slash = name.find('/', slash + 1))
            if (const auto rest = name.substr(slash + 1); rest.find('/') != rest.npos && oncall::is_time_zone(rest))
                return rest;
    }
    return {};
}

std::string x_location(icalcomponent* component)
{
    auto* const property = icalcomponent_get_first_property(component, ICAL_X_PROPERTY);
    const auto name = property ? text_of(icalproperty_get_x_name(property)) : std::string{};
    return name == "X-LIC-LOCATION" ? text_of(icalproperty_get_x(property)) : std::string{};
}

} // namespace

std::optional<LocalTime> local_of(const icaltimetype& time)
{
    if (icaltime_is_null_time(time) || time.year < 1 || time.year > 9999)
        return std::nullopt;
    const std::chrono::year_month_day day{std::chrono::year{time.year}, std::chrono::month{static_cast<unsigned>(time.month)},
        std::chrono::day{static_cast<unsigned>(time.day)}};
    if (!day.ok())
        return std::nullopt;
    LocalTime local{std::chrono::local_days{day}};
    if (time.is_date)
        return local;
    if (time.hour < 0 || time.hour > 24 || time.minute < 0 || time.minute > 59 || time.second < 0 || time.second > 60)
        return std::nullopt;
    return local + std::chrono::hours{time.hour} + std::chrono::minutes{time.minute} + std::chrono::seconds{time.second};
}

icaltimetype ical_of(LocalTime local, bool date_only)
{
    const auto day = std::chrono::floor<std::chrono::days>(local);
    const std::chrono::year_month_day date{day};
    const std::chrono::hh_mm_ss clock{std::chrono::floor<std::chrono::seconds>(local - day)};
    auto time = icaltime_null_time();
    time.year = static_cast<int>(date.year());
    time.month = static_cast<int>(static_cast<unsigned>(date.month()));
    time.day = static_cast<int>(static_cast<unsigned>(date.day()));
    time.is_date = date_only ? 1 : 0;
    if (!date_only) {
        time.hour = static_cast<int>(clock.hours().count());
        time.minute = static_cast<int>(clock.minutes().count());
        time.second = static_cast<int>(clock.seconds().count());
    }
    return time;
}

std::optional<WrittenTime> written_in(icalproperty* property, const icaltimetype& time)
{
    const auto local = local_of(time);
    if (!local)
        return std::nullopt;
    WrittenTime written;
    written.local = *local;
    written.date_only = time.is_date != 0;
    written.utc = icaltime_is_utc(time) != 0;
    auto* const zone = icalproperty_get_first_parameter(property, ICAL_TZID_PARAMETER);
    if (zone && !written.utc && !written.date_only)
        written.zone = text_of(icalparameter_get_tzid(zone));
    return written;
}

CalendarZones::CalendarZones(const std::vector<std::string>& components, const std::string& otherwise)
    : otherwise_{iana_of(otherwise)}
{
    std::size_t described = 0;
    for (const auto& text : components) {
        Component component{icalparser_parse_string(text.c_str())};
        if (!component || icalcomponent_isa(component.get()) != ICAL_VTIMEZONE_COMPONENT)
            continue;
        auto* const property = icalcomponent_get_first_property(component.get(), ICAL_TZID_PROPERTY);
        const auto name = property ? text_of(icalproperty_get_tzid(property)) : std::string{};
        if (name.empty() || zones_.contains(name))
            continue;
        Zone zone;
        // Known by its name, its clocks are those of this machine's database, which is as new as it gets.
        zone.iana = iana_of(name);
        if (zone.iana.empty())
            zone.iana = iana_of(x_location(component.get()));
        if (zone.iana.empty()) {
            if (described == most_described || !is_tame(component.get()))
                continue;
            ++described;
            zone.own = icaltimezone_new();
            if (icaltimezone_set_component(zone.own, component.get())) {
                component.release(); // is the zone's now
            } else {
                icaltimezone_free(zone.own, 1);
                continue;
            }
        }
        zones_.emplace(name, zone);
    }
}

CalendarZones::~CalendarZones()
{
    for (auto& [name, zone] : zones_)
        if (zone.own)
            icaltimezone_free(zone.own, 1);
}

const CalendarZones::Zone* CalendarZones::find(const std::string& name) const
{
    if (const auto described = zones_.find(name); described != zones_.end())
        return &described->second;
    if (const auto known = asked_.find(name); known != asked_.end())
        return known->second.iana.empty() ? nullptr : &known->second;
    Zone zone;
    zone.iana = iana_of(name);
    if (zone.iana.empty())
        zone.iana = iana_zone(name);
    if (!zone.iana.empty() && !oncall::is_time_zone(zone.iana))
        zone.iana.clear();
    if (zone.iana.empty() && unknown_.size() < 20)
        unknown_.insert(name);
    if (asked_.size() > 1'000)
        return nullptr;
    const auto& kept = asked_.emplace(name, zone).first->second;
    return kept.iana.empty() ? nullptr : &kept;
}

std::optional<TimePoint> CalendarZones::instant(const WrittenTime& time) const
{
    if (time.utc)
        return TimePoint{time.local.time_since_epoch()};
    if (time.date_only)
        return std::nullopt;
    const Zone* const zone = time.zone.empty() ? nullptr : find(time.zone);
    if (zone && zone->own) {
        auto written = ical_of(time.local, false);
        bound(written);
        int summer = 0;
        const auto offset = std::chrono::seconds{icaltimezone_get_utc_offset(zone->own, &written, &summer)};
        return TimePoint{time.local.time_since_epoch() - offset};
    }
    if (zone)
        return oncall::to_instant(time.local, zone->iana);
    if (!otherwise_.empty())
        return oncall::to_instant(time.local, otherwise_);
    return std::nullopt;
}

LocalTime CalendarZones::local_at(TimePoint at, const WrittenTime& in) const
{
    const LocalTime as_utc{at.time_since_epoch()};
    if (in.utc || in.date_only)
        return as_utc;
    const Zone* const zone = in.zone.empty() ? nullptr : find(in.zone);
    if (zone && zone->own) {
        auto utc = ical_of(as_utc, false);
        bound(utc);
        int summer = 0;
        return as_utc + std::chrono::seconds{icaltimezone_get_utc_offset_of_utc_time(zone->own, &utc, &summer)};
    }
    const auto& name = zone ? zone->iana : otherwise_;
    return name.empty() ? as_utc : oncall::to_local(at, name);
}

} // namespace feeds
