#include "oncall/calendars.hpp"

#include "oncall/wall_clock.hpp"

#include <algorithm>
#include <set>

namespace oncall {

namespace {

using std::chrono::days;

constexpr std::size_t most_dates = 2'000;

std::string lower(std::string text)
{
    std::transform(
        text.begin(), text.end(), text.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return text;
}

std::string trimmed(const std::string& text)
{
    constexpr std::string_view blanks{" \t\r\n."};
    const auto first = text.find_first_not_of(blanks);
    return first == text.npos ? std::string{} : text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

/// The names in a title, in small letters: "On call: Ana & Bo (primary)" → "ana", "bo".
std::vector<std::string> parts_of(const std::string& title)
{
    auto text = lower(title);
    for (auto open = text.find('('); open != text.npos; open = text.find('(')) {
        const auto close = std::min(text.find(')', open), text.size() - 1);
        text.erase(open, close - open + 1);
    }
    if (const auto colon = text.find(": "); colon != text.npos && text.rfind("on", colon) != text.npos && colon < 30)
        text.erase(0, colon + 2);
    for (const std::string_view between : {" and ", " und ", " et ", " y ", " & ", " + ", " / ", ";", "|", "/", "&", "+"})
        for (auto at = text.find(between); at != text.npos; at = text.find(between))
            text.replace(at, between.size(), ",");
    std::vector<std::string> parts;
    for (std::size_t at = 0; at <= text.size();) {
        const auto end = std::min(text.find(',', at), text.size());
        if (auto part = trimmed(text.substr(at, end - at)); !part.empty())
            parts.push_back(std::move(part));
        at = end + 1;
    }
    return parts;
}

/// The one whom `part` means; empty: nobody, or several.
std::string named(const std::string& part, const std::vector<Acquainted>& known)
{
    struct Found {
        std::string reference{}; // empty: several
        bool any{};
    };
    const auto look = [&](auto fits) {
        Found found;
        std::string user;
        for (const auto& one : known) {
            if (!fits(one))
                continue;
            const auto& who = one.user.empty() ? one.reference : one.user;
            if (found.any && user != who)
                return Found{{}, true};
            if (!found.any)
                found = {one.reference, true};
            user = who;
        }
        return found;
    };
    const auto exactly = look([&](const Acquainted& one) {
        return part == lower(one.reference) || (!one.email.empty() && part == lower(one.email))
            || (!one.user.empty() && (part == lower(one.user) || part == "<@" + lower(one.user) + ">"))
            || (!one.name.empty() && (part == lower(one.name) || part == "@" + lower(one.name)));
    });
    if (exactly.any)
        return exactly.reference;
    if (part.find('@') != part.npos && part.find(' ') == part.npos && part.size() > 1)
        return part; // whom Slack is asked for
    const auto by_first_name = look([&](const Acquainted& one) {
        const auto name = lower(one.name);
        return !name.empty() && name.substr(0, name.find(' ')) == part;
    });
    if (by_first_name.any)
        return by_first_name.reference;
    return look([&](const Acquainted& one) {
        const auto& address = one.email.empty() ? one.reference : one.email;
        const auto at = address.find('@');
        return at != address.npos && at > 0 && lower(address.substr(0, at)) == part;
    }).reference;
}

void add(std::vector<std::string>& people, const std::string& person)
{
    if (!person.empty() && std::find(people.begin(), people.end(), person) == people.end())
        people.push_back(person);
}

struct Edge {
    TimePoint at{};
    std::size_t event{};
    bool begins{};
};

/// From an instant on they are on duty, for as long as nothing else is said; nobody: nobody.
Rotation from_then(const Rotation& rotation, LocalTime from, const std::string& zone, Turn people)
{
    constexpr int centuries = 12 * 300;
    Rotation version;
    version.name = rotation.name;
    version.priority = rotation.priority;
    version.from = version.start = from;
    version.time_zone = zone;
    version.unit = Unit::month;
    version.lengths = {centuries};
    version.turns = {std::move(people)};
    return version;
}

std::string titled(const std::string& title) { return title.substr(0, 200); }

void give_shifts(Rotation& rotation, const Schedule& schedule, const std::vector<CalendarEvent>& events,
    const std::vector<Acquainted>& known, std::vector<Nameless>& nameless)
{
    const auto& zone = rotation.time_zone.empty() ? schedule.time_zone : rotation.time_zone;
    std::vector<std::vector<std::string>> people;
    std::vector<Edge> edges;
    for (const auto& event : events) {
        auto hers = people_in(event, known);
        const auto from = event.from_in(zone), to = event.to_in(zone);
        if (hers.empty())
            nameless.push_back({schedule.name, rotation.name, titled(event.title), from});
        if (hers.empty() || from >= to)
            continue;
        edges.push_back({from, people.size(), true});
        edges.push_back({to, people.size(), false});
        people.push_back(std::move(hers));
    }
    std::sort(edges.begin(), edges.end(), [](const Edge& one, const Edge& other) { return one.at < other.at; });
    rotation.turns.clear();
    rotation.versions.clear();
    std::set<std::size_t> running;
    for (auto edge = edges.begin(); edge != edges.end();) {
        const auto at = edge->at;
        for (; edge != edges.end() && edge->at == at; ++edge)
            if (edge->begins)
                running.insert(edge->event);
            else
                running.erase(edge->event);
        Turn on_duty;
        for (const auto event : running)
            for (const auto& person : people[event])
                add(on_duty, person);
        rotation.versions.push_back(from_then(rotation, LocalTime{at.time_since_epoch()}, "UTC", std::move(on_duty)));
    }
}

/// Cuts the days out of what the rotation and its versions say.
void keep_holidays(Rotation& rotation, const Schedule& schedule, const std::vector<LocalDay>& dates)
{
    // What holds from when on; first the rotation itself.
    std::vector<Rotation> patterns{rotation};
    patterns.front().versions.clear();
    patterns.insert(patterns.end(), rotation.versions.begin(), rotation.versions.end());
    const auto zone_of = [&](const Rotation& one) { return one.time_zone.empty() ? schedule.time_zone : one.time_zone; };
    std::vector<TimePoint> begins{no_beginning};
    for (std::size_t i = 1; i < patterns.size(); ++i)
        begins.push_back(WallClock{zone_of(patterns[i])}.instant(patterns[i].from));
    std::vector<std::size_t> order(patterns.size());
    for (std::size_t i = 0; i < order.size(); ++i)
        order[i] = i;
    std::stable_sort(
        order.begin() + 1, order.end(), [&](std::size_t one, std::size_t other) { return begins[one] < begins[other]; });

    std::vector<Rotation> versions;
    for (std::size_t place = 0; place < order.size(); ++place) {
        const auto& pattern = patterns[order[place]];
        const auto since = begins[order[place]];
        const auto until = place + 1 < order.size() ? begins[order[place + 1]] : no_end;
        if (place > 0)
            versions.push_back(pattern);
        if (pattern.turns.empty())
            continue;
        const auto zone = zone_of(pattern);
        const WallClock clock{zone};
        for (std::size_t i = 0; i < dates.size();) {
            auto last = i;
            while (last + 1 < dates.size() && dates[last + 1] == dates[last] + days{1})
                ++last;
            const LocalTime first_day{dates[i]}, day_after{dates[last] + days{1}};
            i = last + 1;
            if (clock.instant(day_after) <= since || clock.instant(first_day) >= until)
                continue;
            const bool begins_in_it = clock.instant(first_day) < since;
            auto holiday = from_then(pattern, begins_in_it ? pattern.from : first_day, zone, rotation.others);
            holiday.begin = pattern.begin;
            holiday.end = pattern.end;
            versions.push_back(std::move(holiday));
            if (clock.instant(day_after) >= until)
                continue;
            auto again = pattern;
            again.from = day_after;
            again.time_zone = zone;
            versions.push_back(std::move(again));
        }
    }
    rotation.versions = std::move(versions);
}

} // namespace

std::string address_of(const HolidayCalendar& calendar)
{
    return !calendar.url.empty() ? calendar.url : calendar.file.empty() ? std::string{} : "file:" + calendar.file;
}

std::string address_of(const Rotation& rotation) { return rotation.ics; }

std::vector<std::string> people_in(const CalendarEvent& event, const std::vector<Acquainted>& known)
{
    std::vector<std::string> people;
    for (const auto& part : parts_of(event.title))
        add(people, named(part, known));
    if (!people.empty())
        return people;
    for (const auto& address : event.people) {
        const auto who = named(address, known);
        add(people, who.empty() ? address : who);
    }
    return people;
}

std::vector<LocalDay> dates_of(const HolidayCalendar& calendar, const CalendarsRead& read)
{
    std::set<LocalDay> dates;
    for (const auto& [date, name] : calendar.dates)
        dates.insert(date);
    const auto found = read.find(address_of(calendar));
    if (found != read.end())
        for (const auto& event : found->second) {
            if (!event.all_day)
                continue; // "Christmas dinner, 19:00"
            const auto last = std::chrono::floor<days>(LocalTime{event.to.time_since_epoch()});
            for (auto day = std::chrono::floor<days>(LocalTime{event.from.time_since_epoch()});
                 day < last && dates.size() < most_dates; day += days{1})
                dates.insert(day);
        }
    return {dates.begin(), dates.end()};
}

std::vector<Nameless> fill_in(Schedule& schedule, const std::map<std::string, HolidayCalendar>& holidays,
    const CalendarsRead& read, const std::vector<Acquainted>& known)
{
    std::vector<Nameless> nameless;
    for (auto& rotation : schedule.rotations) {
        if (!rotation.ics.empty()) {
            const auto found = read.find(address_of(rotation));
            give_shifts(rotation, schedule, found == read.end() ? std::vector<CalendarEvent>{} : found->second, known, nameless);
            continue;
        }
        const auto calendar = holidays.find(rotation.holidays.empty() ? schedule.holidays : rotation.holidays);
        if (rotation.on_holidays == OnHolidays::as_usual || calendar == holidays.end())
            continue;
        if (const auto dates = dates_of(calendar->second, read); !dates.empty())
            keep_holidays(rotation, schedule, dates);
    }
    return nameless;
}

} // namespace oncall
