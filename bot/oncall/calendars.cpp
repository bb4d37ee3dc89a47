#include "oncall/calendars.hpp"

#include "oncall/turns.hpp"
#include "oncall/wall_clock.hpp"
#include "oncall/words.hpp"

#include <algorithm>

namespace oncall {

namespace {

using std::chrono::days;

// What is read is somebody else's, and is put in force on the loop.
constexpr std::size_t most_dates = 2'000;
constexpr std::size_t most_together = 50; // people on duty at once by a calendar
constexpr std::size_t most_kept = 5'000, most_kept_text = 1 << 20; // events that are over, and bytes of them
constexpr std::size_t most_versions = 5'000; // of a rotation with its holidays

/// A beginning or an end of an event.
struct EventEdge {
    TimePoint at{};
    std::size_t event{};
    bool begins{};
};

/// Those who are on duty while one goes through the edges of events, by when they came on.
class Running {
public:
    void begin(const std::vector<std::string>& people)
    {
        for (const auto& person : people) {
            auto& stay = stays_[person];
            if (stay.events++ == 0) {
                stay.place = next_;
                by_place_.emplace(next_++, person);
            }
        }
    }
    void end(const std::vector<std::string>& people)
    {
        for (const auto& person : people)
            if (const auto stay = stays_.find(person); --stay->second.events == 0) {
                by_place_.erase(stay->second.place);
                stays_.erase(stay);
            }
    }
    Turn people() const
    {
        Turn turn;
        for (auto one = by_place_.begin(); one != by_place_.end() && turn.size() < most_together; ++one)
            turn.push_back(one->second);
        return turn;
    }

private:
    struct Stay {
        std::size_t events{}; // that call her now
        std::size_t place{};
    };
    std::map<std::string, Stay> stays_{};
    std::map<std::size_t, std::string> by_place_{};
    std::size_t next_{};
};

/// From a time on they are on duty, for as long as nothing else is said; nobody: nobody.
Rotation on_duty_from(const Rotation& rotation, LocalTime from, const std::string& zone, Turn people)
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

void give_shifts(Rotation& rotation, const Schedule& schedule, const std::vector<CalendarEvent>& events, const NameIndex& known,
    std::vector<Nameless>& nameless)
{
    const auto& zone = rotation.time_zone.empty() ? schedule.time_zone : rotation.time_zone;
    std::vector<std::vector<std::string>> people;
    std::vector<EventEdge> edges;
    for (const auto& event : events) {
        const auto from = event.from_in(zone), to = event.to_in(zone);
        if (event.tentative || from >= to)
            continue;
        auto called = people_in(event, known);
        const bool nobody = called.people.empty();
        if (nobody || !called.unknown.empty() || !called.several.empty() || !called.strange.empty())
            nameless.push_back({schedule.name, rotation.name, event.title, from, to, std::move(called.unknown), nobody,
                called.declined, std::move(called.several), std::move(called.strange)});
        if (nobody)
            continue;
        edges.push_back({from, people.size(), true});
        edges.push_back({to, people.size(), false});
        people.push_back(std::move(called.people));
    }
    // Of one instant, beginnings first: whoever goes on keeps her place.
    std::stable_sort(edges.begin(), edges.end(), [](const EventEdge& one, const EventEdge& other) {
        return one.at != other.at ? one.at < other.at : one.begins && !other.begins;
    });
    rotation.turns.clear();
    rotation.versions.clear();
    Running running;
    for (auto edge = edges.begin(); edge != edges.end();) {
        const auto at = edge->at;
        for (; edge != edges.end() && edge->at == at; ++edge)
            if (edge->begins)
                running.begin(people[edge->event]);
            else
                running.end(people[edge->event]);
        rotation.versions.push_back(on_duty_from(rotation, LocalTime{at.time_since_epoch()}, "UTC", running.people()));
    }
}

/// What a rotation is for a time: itself, or a version of it.
struct Pattern {
    Rotation rotation{}; // without versions
    std::string zone{};
    TimePoint since{};
    TimePoint until{};
};

/// As the resolver takes them: by their beginnings; of two at one instant the later in the list.
std::vector<Pattern> patterns_of(const Rotation& rotation, const Schedule& schedule)
{
    std::vector<Pattern> patterns;
    const auto add = [&](const Rotation& one, bool first) {
        const auto& zone = one.time_zone.empty() ? schedule.time_zone : one.time_zone;
        patterns.push_back({one, zone, first ? no_beginning : WallClock{zone}.instant(one.from), no_end});
        patterns.back().rotation.versions.clear();
    };
    add(rotation, true);
    for (const auto& version : rotation.versions)
        add(version, false);
    std::stable_sort(
        patterns.begin() + 1, patterns.end(), [](const Pattern& one, const Pattern& other) { return one.since < other.since; });
    for (std::size_t i = 0; i + 1 < patterns.size(); ++i)
        patterns[i].until = patterns[i + 1].since;
    return patterns;
}

/// From `at` on it is these people's turn.
struct Handed {
    TimePoint at{};
    Turn people{};
};

/// Whose turn it is in [from, to) by a pattern, whether it is on duty then or not.
void add_handed(std::vector<Handed>& found, const Pattern& pattern, TimePoint from, TimePoint to)
{
    const auto& rotation = pattern.rotation;
    const WallClock clock{pattern.zone};
    const auto begins = rotation.begin ? clock.instant(*rotation.begin) : no_beginning;
    const auto ends = rotation.end ? clock.instant(*rotation.end) : no_end;
    const auto first = std::clamp(begins, from, to), last = std::clamp(ends, first, to);
    if (!is_possible(rotation) || first >= last) {
        found.push_back({from, {}});
        return;
    }
    if (first > from)
        found.push_back({from, {}});
    const OpenHours hours{rotation};
    const Turns turns{rotation, hours};
    // In a time that counts for nobody it is the turn of whoever comes next.
    auto turn = turns.at(clock.reached(first));
    for (auto at = first; at < last && found.size() <= most_versions; at = std::max(at, clock.instant(turns.begin(++turn)))) {
        if (!found.empty() && found.back().at == at)
            found.pop_back();
        found.push_back({at, turns.people(turn)});
    }
    if (last < to)
        found.push_back({last, {}});
}

/// Who has a rotation's duty in [from, to), which are holidays.
std::vector<Handed> handed_over(const Rotation& rotation, const std::vector<Pattern>& other, TimePoint from, TimePoint to)
{
    std::vector<Handed> found;
    if (rotation.on_holidays != OnHolidays::rotation) {
        found.push_back({from, rotation.others});
        return found;
    }
    for (const auto& pattern : other)
        if (const auto since = std::max(from, pattern.since), until = std::min(to, pattern.until); since < until)
            add_handed(found, pattern, since, until);
    if (found.empty())
        found.push_back({from, {}}); // there is no such rotation
    return found;
}

/// Cuts the days out of what the rotation and its versions say.
void keep_holidays(Rotation& rotation, const Schedule& schedule, const std::set<LocalDay>& dates)
{
    std::vector<Pattern> other;
    for (const auto& one : schedule.rotations)
        if (rotation.on_holidays == OnHolidays::rotation && one.name == rotation.other_rotation)
            other = patterns_of(one, schedule);
    std::vector<Rotation> versions;
    const auto patterns = patterns_of(rotation, schedule);
    for (std::size_t place = 0; place < patterns.size(); ++place) {
        const auto& pattern = patterns[place];
        if (place > 0)
            versions.push_back(pattern.rotation);
        if (pattern.rotation.turns.empty())
            continue;
        const WallClock clock{pattern.zone};
        for (auto first = dates.begin(); first != dates.end();) {
            auto day_after = *first + days{1};
            auto next = std::next(first);
            for (; next != dates.end() && *next == day_after; ++next)
                day_after += days{1};
            const auto from = std::max(clock.instant(LocalTime{*first}), pattern.since);
            const auto end = clock.instant(LocalTime{day_after}), to = std::min(end, pattern.until);
            const bool begins_before = clock.instant(LocalTime{*first}) < pattern.since;
            const LocalTime midnight{*first};
            first = next;
            if (from >= to)
                continue;
            auto handed = handed_over(rotation, other, from, to);
            if (versions.size() + handed.size() > most_versions)
                break; // no calendar of holidays: it goes on as usual
            for (auto& one : handed) {
                const auto local = one.at > from ? to_local(one.at, pattern.zone)
                    : begins_before              ? pattern.rotation.from
                                                 : midnight;
                auto holiday = on_duty_from(pattern.rotation, local, pattern.zone, std::move(one.people));
                holiday.days = pattern.rotation.days;
                holiday.windows = pattern.rotation.windows;
                holiday.begin = pattern.rotation.begin;
                holiday.end = pattern.rotation.end;
                versions.push_back(std::move(holiday));
            }
            if (end >= pattern.until)
                continue;
            auto again = pattern.rotation;
            again.from = LocalTime{day_after};
            again.time_zone = pattern.zone;
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

std::vector<CalendarUse> calendars_of(const Configuration& configuration)
{
    std::vector<CalendarUse> uses;
    for (const auto& [name, calendar] : configuration.holidays)
        if (auto address = address_of(calendar); !address.empty())
            uses.push_back({std::move(address), name, {}, {}});
    for (const auto& [name, schedule] : configuration.schedules)
        for (const auto& rotation : schedule.rotations)
            if (!rotation.ics.empty())
                uses.push_back({rotation.ics, {}, name, rotation.name});
    return uses;
}

std::string words_of(const CalendarUse& use)
{
    return use.rotation.empty() ? "of the holidays " + use.holidays
                                : "of rotation " + use.rotation + " of schedule " + use.schedule;
}

std::string words_of(const Nameless& event, const std::string& time_zone)
{
    auto words = "\"" + event.title + "\" on " + iso(event.from, time_zone).substr(0, 10) + ": ";
    auto nobody = event.unknown;
    nobody.insert(nobody.end(), event.strange.begin(), event.strange.end());
    if (!nobody.empty())
        words += "I know nobody called " + listed(nobody, " or ");
    if (!event.several.empty())
        words += (nobody.empty() ? "" : ", and ") + std::string{"several are called "} + listed(event.several);
    if (nobody.empty() && event.several.empty())
        words += event.declined ? "whoever it means has declined, or is not sure" : "no name in it is one I know";
    return words + (event.nobody ? "; nobody is on duty by it" : "; the others are on duty");
}

std::set<LocalDay> dates_of(const HolidayCalendar& calendar, const CalendarsRead& read)
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
    return dates;
}

std::vector<Nameless> fill_in(
    Schedule& schedule, const std::map<std::string, HolidayCalendar>& holidays, const CalendarsRead& read, const NameIndex& known)
{
    std::vector<Nameless> nameless;
    for (auto& rotation : schedule.rotations)
        if (!rotation.ics.empty()) {
            const auto found = read.find(rotation.ics);
            give_shifts(rotation, schedule, found == read.end() ? std::vector<CalendarEvent>{} : found->second, known, nameless);
        }
    // A rotation that takes another's duty does so by its turns as they are on other days.
    const auto before = schedule;
    for (auto& rotation : schedule.rotations) {
        const auto* const calendar = holidays_of(before, rotation.name, holidays);
        if (rotation.on_holidays == OnHolidays::as_usual || !rotation.ics.empty() || !calendar)
            continue;
        if (const auto dates = dates_of(*calendar, read); !dates.empty())
            keep_holidays(rotation, before, dates);
    }
    return nameless;
}

std::vector<Nameless> fill_in(Configuration& configuration, const CalendarsRead& read, const NameIndex& known)
{
    std::vector<Nameless> nameless;
    for (auto& [name, schedule] : configuration.schedules)
        for (auto& event : fill_in(schedule, configuration.holidays, read, known))
            nameless.push_back(std::move(event));
    return nameless;
}

Configuration without_read(Configuration holds, const Configuration& written)
{
    for (auto& [name, schedule] : holds.schedules)
        if (const auto found = written.schedules.find(name); found != written.schedules.end())
            schedule.rotations = found->second.rotations;
    return holds;
}

const HolidayCalendar* holidays_of(
    const Schedule& schedule, const std::string& rotation, const std::map<std::string, HolidayCalendar>& all)
{
    const auto* name = &schedule.holidays;
    for (const auto& one : schedule.rotations)
        if (one.name == rotation && !one.holidays.empty())
            name = &one.holidays;
    const auto found = all.find(*name);
    return found == all.end() ? nullptr : &found->second;
}

CalendarPlace calendar_place_of(const std::string& address, const Configuration& configuration)
{
    std::optional<CalendarPlace> found;
    for (const auto& [name, schedule] : configuration.schedules)
        for (const auto& rotation : schedule.rotations) {
            const auto& zone = rotation.time_zone.empty() ? schedule.time_zone : rotation.time_zone;
            if (rotation.ics == address)
                return {zone, false};
            const auto* const days_off = holidays_of(schedule, rotation.name, configuration.holidays);
            if (!found && days_off && address_of(*days_off) == address)
                found = {zone, true};
        }
    return found.value_or(CalendarPlace{});
}

WithPast with_past(const std::vector<CalendarEvent>& before, std::vector<CalendarEvent> after, TimePoint since, TimePoint now,
    const CalendarPlace& place)
{
    const auto& zone = place.time_zone;
    auto first = now;
    for (const auto& event : after)
        first = std::min(first, event.from_in(zone));
    // Of local times the same, by the clock on the wall. A day that has begun as a holiday is one until it ends.
    const TimePoint shown{to_local(first, zone).time_since_epoch()};
    const TimePoint day_over = std::chrono::ceil<days>(shown);
    WithPast all;
    std::size_t text = 0;
    for (auto event = before.rbegin(); event != before.rend(); ++event) {
        if (event->from_in(zone) >= first || event->to_in(zone) <= since)
            continue;
        text += event->uid.size() + event->title.size();
        for (const auto* const people : {&event->people, &event->declined})
            for (const auto& person : *people)
                text += person.size();
        if (all.events.size() >= most_kept || text > most_kept_text) {
            all.forgot = true;
            break;
        }
        all.events.push_back(*event);
        const auto end = !event->local ? first : event->all_day && place.holidays ? day_over : shown;
        all.events.back().to = std::min(event->to, end);
    }
    std::reverse(all.events.begin(), all.events.end());
    std::move(after.begin(), after.end(), std::back_inserter(all.events));
    return all;
}

std::size_t to_come(const std::vector<CalendarEvent>& events, TimePoint now)
{
    const auto is_to_come = [&](const CalendarEvent& event) { return event.to > now && !event.tentative; };
    return static_cast<std::size_t>(std::count_if(events.begin(), events.end(), is_to_come));
}

} // namespace oncall
