#include "feeds/calendar_in.hpp"

#include "feeds/ical_gate.hpp"
#include "feeds/ical_times.hpp"
#include "feeds/recurrence.hpp"

#include <algorithm>

namespace feeds {

using oncall::CalendarEvent;
using namespace std::chrono_literals;

namespace {

// What rules may cost: each day from the first occurrence on is looked at, whether anything happens then or not.
constexpr std::int64_t most_days = 60'000; // from a rule's beginning to its end
constexpr std::int64_t most_days_in_all = 5'000'000; // half a second
constexpr std::size_t most_people = 20, most_title = 300;
constexpr auto longest_event = std::chrono::days{400};
/// Of local times it is not known when exactly they are.
constexpr auto around = 26h;

std::string lower(std::string text)
{
    std::transform(
        text.begin(), text.end(), text.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return text;
}

/// "mailto:Ana@Example.com" → "ana@example.com"; empty: something else.
std::string address_in(const char* written)
{
    auto text = lower(text_of(written));
    if (text.starts_with("mailto:"))
        text.erase(0, 7);
    // Google's rooms and calendars take part, too, and are nobody.
    const bool is_nobody = text.ends_with("calendar.google.com");
    return text.find('@') == text.npos || text.size() > 200 || is_nobody ? std::string{} : text;
}

/// Each property of a kind.
template <class See> void each(icalcomponent* component, icalproperty_kind kind, See&& see)
{
    for (auto* one = icalcomponent_get_first_property(component, kind); one;
         one = icalcomponent_get_next_property(component, kind))
        see(one);
}

/// An event as written, before it is spread.
struct Written {
    Component component{};
    CalendarEvent event{}; // without times
    WrittenTime start{};
    oncall::milliseconds length{}; // exact, or of the wall clock where the start is local
    std::optional<WrittenTime> changes{}; // RECURRENCE-ID: which occurrence of its series this is
    bool cancelled{};
};

/// When an occurrence that starts at that time is, comparable within its series.
TimePoint comparable(const WrittenTime& time, const CalendarZones& zones)
{
    return zones.instant(time).value_or(TimePoint{time.local.time_since_epoch()});
}

std::optional<Written> written(const std::string& text, const CalendarZones& zones)
{
    Written one;
    one.component.reset(icalparser_parse_string(text.c_str()));
    auto* const event = one.component.get();
    if (!event || icalcomponent_isa(event) != ICAL_VEVENT_COMPONENT)
        return std::nullopt;
    auto* const starts = icalcomponent_get_first_property(event, ICAL_DTSTART_PROPERTY);
    const auto start = starts ? written_in(starts, icalproperty_get_dtstart(starts)) : std::nullopt;
    if (!start)
        return std::nullopt;
    one.start = *start;
    one.event.all_day = start->date_only;
    const auto begin = comparable(*start, zones);
    one.length = start->date_only ? oncall::milliseconds{24h} : oncall::milliseconds{};
    if (auto* const ends = icalcomponent_get_first_property(event, ICAL_DTEND_PROPERTY)) {
        if (const auto end = written_in(ends, icalproperty_get_dtend(ends)))
            one.length = comparable(*end, zones) - begin;
    } else if (auto* const lasts = icalcomponent_get_first_property(event, ICAL_DURATION_PROPERTY)) {
        one.length = std::chrono::seconds{icaldurationtype_as_int(icalproperty_get_duration(lasts))};
    }
    if (one.length <= 0ms && start->date_only)
        one.length = 24h;
    if (one.length <= 0ms || one.length > longest_event)
        return std::nullopt;

    if (auto* const uid = icalcomponent_get_first_property(event, ICAL_UID_PROPERTY))
        one.event.uid = text_of(icalproperty_get_uid(uid)).substr(0, most_title);
    if (auto* const summary = icalcomponent_get_first_property(event, ICAL_SUMMARY_PROPERTY))
        one.event.title = text_of(icalproperty_get_summary(summary)).substr(0, most_title);
    each(event, ICAL_ATTENDEE_PROPERTY, [&](icalproperty* attendee) {
        auto* const said = icalproperty_get_first_parameter(attendee, ICAL_PARTSTAT_PARAMETER);
        const auto answer = said ? icalparameter_get_partstat(said) : ICAL_PARTSTAT_NEEDSACTION;
        const bool will_not = answer == ICAL_PARTSTAT_DECLINED || answer == ICAL_PARTSTAT_TENTATIVE;
        auto& list = will_not ? one.event.declined : one.event.people;
        auto address = address_in(icalproperty_get_attendee(attendee));
        if (!address.empty() && list.size() < most_people)
            list.push_back(std::move(address));
    });
    // Whoever organizes it need not take part: often a lead writes everybody's shifts.
    if (auto* const status = icalcomponent_get_first_property(event, ICAL_STATUS_PROPERTY)) {
        one.cancelled = icalproperty_get_status(status) == ICAL_STATUS_CANCELLED;
        one.event.tentative = icalproperty_get_status(status) == ICAL_STATUS_TENTATIVE;
    }
    // So Outlook says it of what its owner has not said yes to.
    if (text.find("\r\nX-MICROSOFT-CDO-BUSYSTATUS:TENTATIVE\r\n") != text.npos)
        one.event.tentative = true;
    if (auto* const takes = icalcomponent_get_first_property(event, ICAL_TRANSP_PROPERTY)) {
        const auto how = icalproperty_get_transp(takes);
        one.event.free = how == ICAL_TRANSP_TRANSPARENT || how == ICAL_TRANSP_TRANSPARENTNOCONFLICT;
    }
    if (auto* const which = icalcomponent_get_first_property(event, ICAL_RECURRENCEID_PROPERTY)) {
        one.changes = written_in(which, icalproperty_get_recurrenceid(which));
        if (!one.changes)
            return std::nullopt;
    }
    return one;
}

/// Spreads events over the time that is wanted.
class Spread {
public:
    Spread(ReadCalendar& into, const CalendarZones& zones, TimePoint from, TimePoint to, const CalendarLimits& limits)
        : into_{into}
        , zones_{zones}
        , from_{from}
        , to_{to}
        , limits_{limits}
    {
    }

    void add(const Written& one, const std::set<TimePoint>& changed)
    {
        std::set<TimePoint> not_then = changed;
        std::set<LocalTime> not_on; // whole days: so Outlook writes it of what has a time
        each(one.component.get(), ICAL_EXDATE_PROPERTY, [&](icalproperty* except) {
            const auto time = written_in(except, icalproperty_get_exdate(except));
            if (time && time->date_only && !one.start.date_only)
                not_on.insert(time->local);
            else if (time)
                not_then.insert(comparable(*time, zones_));
        });
        std::set<TimePoint> seen;
        const auto happen = [&](const WrittenTime& start) {
            const auto when = comparable(start, zones_);
            const LocalTime day{std::chrono::floor<std::chrono::days>(start.local)};
            if (!not_then.contains(when) && !not_on.contains(day) && seen.insert(when).second)
                put(one, start);
        };
        bool repeats = false;
        each(one.component.get(), ICAL_RRULE_PROPERTY, [&](icalproperty* rule) {
            repeats = true;
            follow(icalproperty_get_rrule(rule), one.start, happen);
        });
        each(one.component.get(), ICAL_RDATE_PROPERTY, [&](icalproperty* also) {
            const auto value = icalproperty_get_rdate(also);
            const auto time = icaltime_is_null_time(value.time) ? value.period.start : value.time;
            if (const auto start = written_in(also, time))
                happen(*start);
        });
        if (!repeats)
            happen(one.start);
    }

    void notes()
    {
        const auto note = [&](bool is_so, const std::string& words) {
            if (is_so)
                into_.notes.push_back(words);
        };
        note(too_often_, "What repeats more often than daily was left out.");
        note(unknown_, "A rule by which something repeats was not understood; it was read once.");
        note(too_long_, "It has more repetitions than are read; some were left out.");
        note(full_, "It has more events in the coming year than are read; some were left out.");
    }

private:
    template <class Happen> void follow(const icalrecurrencetype& written, const WrittenTime& start, Happen&& happen)
    {
        auto rule = recurrence_in(written);
        if (!rule) {
            (written.freq < ICAL_DAILY_RECURRENCE ? too_often_ : unknown_) = true;
            happen(start);
            return;
        }
        // Counted on the wall clock; an end that is given in UTC is brought there, and a last day is one to its end.
        if (const auto until = local_of(written.until)) {
            rule->until = *until;
            if (written.until.is_date)
                *rule->until += 24h - 1s;
            else if (icaltime_is_utc(written.until) && !start.utc && !start.date_only)
                rule->until = zones_.local_at(TimePoint{until->time_since_epoch()}, start);
        }
        if (start.date_only)
            rule->hour = rule->minute = rule->second = std::nullopt;
        const LocalTime end{(to_ + around).time_since_epoch()};
        if (start.local > end)
            return;
        const auto last = std::min(rule->until.value_or(end), end);
        if (last - start.local > std::chrono::days{most_days}) {
            too_long_ = true;
            happen(start);
            return;
        }
        const auto see = [&](LocalTime local) {
            auto next = start;
            next.local = local;
            happen(next);
            return !full_;
        };
        if (!each_occurrence(std::move(*rule), start.local, end, days_left_, see))
            too_long_ = true;
    }

    void put(const Written& one, const WrittenTime& start)
    {
        if (one.cancelled)
            return;
        auto event = one.event;
        const auto instant = zones_.instant(start);
        event.local = !instant;
        event.from = instant.value_or(TimePoint{start.local.time_since_epoch()});
        event.to = event.from + one.length;
        const auto slack = event.local ? oncall::milliseconds{around} : oncall::milliseconds{};
        if (event.to <= from_ - slack || event.from >= to_ + slack)
            return;
        text_ += event.uid.size() + event.title.size();
        for (const auto* const people : {&event.people, &event.declined})
            for (const auto& person : *people)
                text_ += person.size();
        if (into_.events.size() >= limits_.occurrences || text_ > limits_.text)
            full_ = true;
        else
            into_.events.push_back(std::move(event));
    }

    ReadCalendar& into_;
    const CalendarZones& zones_;
    TimePoint from_, to_;
    const CalendarLimits& limits_;
    std::int64_t days_left_{most_days_in_all};
    std::size_t text_{};
    bool too_often_{}, unknown_{}, too_long_{}, full_{};
};

} // namespace

ReadCalendar calendar_in(std::string_view text, TimePoint from, TimePoint to, const CalendarLimits& limits)
{
    calm();
    ReadCalendar calendar;
    if (text.size() > limits.bytes) {
        calendar.problem = "it is larger than " + std::to_string(limits.bytes >> 20) + " MB";
        return calendar;
    }
    const auto gated = gate(text, limits.events, limits.property);
    if (!gated.is_calendar) {
        calendar.problem = "what is there is no calendar (no BEGIN:VCALENDAR)";
        return calendar;
    }
    if (!gated.is_whole) {
        calendar.problem = "the calendar breaks off before its end (no END:VCALENDAR)";
        return calendar;
    }
    calendar.name = gated.name;
    const CalendarZones zones{gated.zones, gated.time_zone};
    const auto late = [&] {
        if (!limits.too_late || !limits.too_late())
            return false;
        calendar = {};
        calendar.problem = "reading it takes too long; it has to be made smaller";
        return true;
    };
    // One event at a time is taken apart: what libical makes of them all would be a hundred times as large.
    std::map<std::string, std::set<TimePoint>> changed; // occurrences of a series that are written out by themselves
    for (const auto& event : gated.events) {
        if (event.find("\r\nRECURRENCE-ID") == event.npos)
            continue;
        if (late())
            return calendar;
        if (const auto one = written(event, zones); one && one->changes)
            changed[one->event.uid].insert(comparable(*one->changes, zones));
    }
    Spread spread{calendar, zones, from, to, limits};
    std::size_t unreadable = 0;
    for (const auto& event : gated.events) {
        if (late())
            return calendar;
        if (const auto one = written(event, zones))
            spread.add(*one, one->changes ? std::set<TimePoint>{} : changed[one->event.uid]);
        else
            ++unreadable;
    }
    spread.notes();
    if (gated.too_many)
        calendar.notes.push_back("It has more than " + std::to_string(limits.events) + " events; the rest was left out.");
    if (gated.more_rules > 0)
        calendar.notes.push_back("What repeats by more than one rule was read by its first.");
    if (unreadable > 0)
        calendar.notes.push_back(std::to_string(unreadable) + (unreadable == 1 ? " event" : " events")
            + " could not be read, or last for no time, and were left out.");
    for (const auto& zone : zones.unknown())
        calendar.notes.push_back("Nobody knows the time zone " + zone.substr(0, 80) + "; its times were taken for local ones.");
    std::stable_sort(calendar.events.begin(), calendar.events.end(),
        [](const CalendarEvent& one, const CalendarEvent& other) { return one.from < other.from; });
    return calendar;
}

} // namespace feeds
