#include "oncall/time_words.hpp"

#include "oncall/calendar.hpp"
#include "oncall/heard_time.hpp"

#include <algorithm>

namespace oncall {

namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;

using Local = std::pair<LocalTime, LocalTime>;

LocalTime years_later(LocalTime midnight, int years)
{
    const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::floor<days>(midnight).time_since_epoch()}};
    for (int further = 0; further < 8; ++further) { // until there is such a day: 29 February
        const auto other =
            (date.year() + std::chrono::years{years < 0 ? years - further : years + further}) / date.month() / date.day();
        if (other.ok())
            return LocalTime{std::chrono::sys_days{other}.time_since_epoch()};
    }
    return midnight;
}

LocalTime once_more(LocalTime day, SaidDay::Again again, int step)
{
    switch (again) {
    case SaidDay::Again::weekly: return day + days{7 * step};
    case SaidDay::Again::yearly: return years_later(day, step);
    case SaidDay::Again::never: break;
    }
    return day;
}

/// One way to take the days.
struct Taken {
    std::optional<LocalTime> first{}, second{};
    SaidDay::Again again[2]{};
};

std::vector<Taken> ways_to_take(const Heard& heard)
{
    std::vector<Taken> ways{{}};
    for (std::size_t which = 0; which < std::min<std::size_t>(heard.days.size(), 2); ++which) {
        std::vector<Taken> more;
        for (const auto& way : ways)
            for (const auto day : heard.days[which].may_be) {
                auto one = way;
                (which == 0 ? one.first : one.second) = day;
                one.again[which] = heard.days[which].again;
                more.push_back(one);
            }
        ways = std::move(more);
    }
    return ways;
}

/// The local times it means; none: they make none. Without an end when it is counted in real time.
std::optional<Local> meant(const Heard& heard, const Taken& way, LocalTime now, bool past)
{
    const auto part = heard.part ? std::optional{hours_of(*heard.part)} : std::nullopt;
    const auto count = heard.clocks.size();
    auto first = way.first.value_or(day_of(now));
    const auto from_clock = count > 0 ? heard.clocks[0].at : part ? part->first : minutes{0};
    const auto end_of = [&](LocalTime day) -> std::optional<LocalTime> {
        if (heard.lasts)
            return std::nullopt; // counted in real time
        if (way.second)
            return *way.second + (count == 2 ? heard.clocks[1].at : minutes{hours{24}});
        if (count == 2)
            return day + heard.clocks[1].at + (heard.clocks[1].at <= from_clock ? hours{24} : hours{0});
        if (count == 1)
            return day + from_clock; // a moment
        return day + (part ? part->second : minutes{hours{24}});
    };
    const auto is_over = [&](LocalTime day) {
        return end_of(day).value_or(day + from_clock + heard.lasts.value_or(milliseconds{1})) <= now;
    };
    const auto is_to_come = [&](LocalTime day) { return day + from_clock > now; };
    // "Friday" on a Friday evening means the next one, or the last.
    if (past ? is_to_come(first) : is_over(first)) {
        if (!way.first)
            first += days{past ? -1 : 1};
        else if (!way.second || past)
            first = once_more(first, way.again[0], past ? -1 : 1);
    }
    auto end = end_of(first);
    // The end's day is the next one after the beginning.
    if (end && way.second) {
        auto last = *way.second;
        for (int turns = 0; turns < 60 && *end <= first + from_clock && way.again[1] != SaidDay::Again::never; ++turns) {
            const auto other = once_more(last, way.again[1], 1);
            *end += other - last;
            last = other;
        }
        if (!past && *end <= now && way.again[0] == SaidDay::Again::yearly && way.again[1] == SaidDay::Again::yearly) {
            *end += years_later(last, 1) - last;
            first = years_later(first, 1);
        }
    }
    return std::pair{first + from_clock, end.value_or(first + from_clock)};
}

/// Until when, from now on.
std::vector<LocalTime> ends_of(const Heard& heard, const Taken& way, LocalTime now, bool as_moment)
{
    const auto today = day_of(now);
    const auto day = way.first.value_or(today);
    std::vector<milliseconds> clocks;
    if (!heard.clocks.empty()) {
        const auto& clock = heard.clocks.front();
        if (clock.midnight && way.first)
            clocks = {milliseconds{0}, clock.at};
        else
            clocks = {clock.at};
    } else if (heard.part) {
        const auto hers = hours_of(*heard.part);
        clocks = as_moment ? std::vector<milliseconds>{hers.first} : std::vector<milliseconds>{hers.first, hers.second};
    } else if (as_moment) {
        clocks = heard.through ? std::vector<milliseconds>{hours{24}} : std::vector<milliseconds>{hours{9}, hours{0}};
    } else if (heard.through || (day == today && way.again[0] == SaidDay::Again::never)) {
        clocks = {hours{24}};
    } else {
        clocks = {hours{0}, hours{24}};
    }
    std::vector<LocalTime> ends;
    for (const auto clock : clocks) {
        auto end = day + clock;
        if (end <= now)
            end = way.first ? once_more(day, way.again[0], 1) + clock : end + days{1};
        if (end > now && std::find(ends.begin(), ends.end(), end) == ends.end())
            ends.push_back(end);
    }
    return ends;
}

constexpr std::string_view from_when{"From when until when? Write it as `friday 18:00-22:00`, or `friday 18:00 4h`."};
constexpr std::string_view several_times{"I read more than one time in that. Write it as `friday 18:00-22:00`."};

constexpr std::string_view over_already{"That is over already. Write a time that is still to come."};

enum class Wants { span_to_come, anything, anything_past, end };

class Understanding {
public:
    Understanding(Heard heard, const std::string& zone, TimePoint now, Wants wants)
        : heard_{std::move(heard)}
        , zone_{zone}
        , now_{now}
        , wants_{wants}
    {
    }

    SaidTime understand()
    {
        // Whoever asks who is on call means the night that runs.
        const bool is_question = wants_ == Wants::anything || wants_ == Wants::anything_past;
        if (heard_.this_night && is_question)
            heard_.days.front().may_be.resize(1);
        said_.rest = heard_.rest;
        said_.next_shift = heard_.next_shift;
        if (heard_.twice)
            said_.trouble = several_times;
        else if (heard_.next_shift && heard_.any())
            said_.trouble = "Write either `my next shift` or a time, as `friday 18:00-22:00`.";
        else if (heard_.any())
            look();
        return std::move(said_);
    }

private:
    void look()
    {
        if (!heard_.stretches.empty())
            of_stretches();
        else if (heard_.from_now || (heard_.lasts && !heard_.begins()))
            of_lengths();
        else if (wants_ == Wants::end || heard_.until)
            of_ends();
        else
            of_days();
        if (said_.trouble.empty())
            choose();
    }

    void of_stretches()
    {
        if (!heard_.days.empty() || !heard_.clocks.empty() || heard_.part || heard_.lasts || heard_.from_now) {
            said_.trouble = from_when;
            return;
        }
        for (auto [from, to] : heard_.stretches) {
            if (wants_ == Wants::anything_past && to_instant(from, zone_) > now_) {
                from -= days{7}; // "over the weekend", on Monday
                to -= days{7};
            }
            if (wants_ == Wants::end)
                moments_.push_back(to_instant(from, zone_));
            else if (heard_.until)
                spans_.push_back({now_, to_instant(heard_.through ? to : from, zone_)});
            else
                spans_.push_back({to_instant(from, zone_), to_instant(to, zone_)});
        }
    }

    void of_lengths()
    {
        if (heard_.begins() || (heard_.until && wants_ != Wants::end)) {
            said_.trouble = from_when;
            return;
        }
        const auto from = now_ + heard_.from_now.value_or(milliseconds{0});
        if (wants_ == Wants::end)
            moments_.push_back(from + heard_.lasts.value_or(milliseconds{0}));
        else if (heard_.lasts)
            spans_.push_back({from, from + *heard_.lasts});
        else
            moments_.push_back(from);
    }

    void of_ends()
    {
        if (heard_.days.size() > 1 || heard_.clocks.size() > 1 || heard_.lasts) {
            said_.trouble = from_when;
            return;
        }
        for (const auto& way : ways_to_take(heard_))
            for (const auto end : ends_of(heard_, way, to_local(now_, zone_), wants_ == Wants::end))
                if (wants_ == Wants::end)
                    moments_.push_back(to_instant(end, zone_));
                else
                    spans_.push_back({now_, to_instant(end, zone_)});
        if (moments_.empty() && spans_.empty())
            said_.trouble = over_already;
    }

    void of_days()
    {
        if (heard_.lasts && heard_.clocks.size() == 2) {
            said_.trouble = from_when;
            return;
        }
        const bool is_moment = heard_.clocks.size() == 1 && !heard_.lasts;
        if (is_moment && (wants_ == Wants::span_to_come || heard_.days.size() == 2)) {
            said_.trouble = from_when; // until when?
            return;
        }
        const auto local_now = to_local(now_, zone_);
        for (const auto& way : ways_to_take(heard_)) {
            const auto local = meant(heard_, way, local_now, wants_ == Wants::anything_past);
            if (!local)
                continue;
            Span span{to_instant(local->first, zone_), {}};
            span.to = heard_.lasts ? span.from + *heard_.lasts : to_instant(local->second, zone_);
            if (is_moment)
                moments_.push_back(span.from);
            else
                spans_.push_back(span);
        }
    }

    void choose()
    {
        const bool to_come = wants_ == Wants::span_to_come || wants_ == Wants::end;
        const auto wrong = [&](const Span& span) -> std::string_view {
            if (span.to <= span.from)
                return "It must end after it begins.";
            return to_come && span.to <= now_ ? over_already : std::string_view{};
        };
        std::vector<Span> fit;
        for (const auto& span : spans_)
            if (const auto why = wrong(span); !why.empty())
                said_.trouble = why;
            else if (std::find(fit.begin(), fit.end(), span) == fit.end())
                fit.push_back(span);
        std::vector<TimePoint> at;
        for (const auto moment : moments_)
            if (to_come && moment <= now_)
                said_.trouble = over_already;
            else if (std::find(at.begin(), at.end(), moment) == at.end())
                at.push_back(moment);
        if (!fit.empty() || !at.empty())
            said_.trouble.clear();
        else if (said_.trouble.empty())
            said_.trouble = from_when;
        if (fit.size() == 1)
            said_.span = fit.front();
        if (at.size() == 1)
            said_.moment = at.front();
        if (fit.size() > 1)
            said_.readings = std::move(fit);
        if (at.size() > 1)
            said_.moments = std::move(at);
        if (!said_.readings.empty() || !said_.moments.empty())
            said_.trouble = "That may be several times. Write the date as well, as `2026-11-06 18:00-22:00`.";
    }

    Heard heard_;
    const std::string& zone_;
    TimePoint now_;
    Wants wants_;
    SaidTime said_{};
    std::vector<Span> spans_{};
    std::vector<TimePoint> moments_{};
};

SaidTime understood_time(const std::vector<std::string>& words, const std::string& zone, TimePoint now, Wants wants)
{
    auto heard = hear_time(words, to_local(now, zone));
    return Understanding{std::move(heard), zone, now, wants}.understand();
}

} // namespace

std::string written(const Span& span)
{
    const auto at = [](TimePoint when) {
        const auto seconds = std::chrono::floor<std::chrono::seconds>(when).time_since_epoch().count();
        return "<!date^" + std::to_string(seconds) + "^{date_short_pretty} at {time}|" + iso(when, "UTC") + ">";
    };
    return at(span.from) + " – " + at(span.to);
}

std::string in_zone(const Span& span, const std::string& zone, TimeStyle style)
{
    const auto where = is_time_zone(zone) ? zone : std::string{"UTC"};
    const auto from = to_local(std::chrono::floor<minutes>(span.from), where);
    const auto to = to_local(std::chrono::floor<minutes>(span.to), where);
    const auto day = [&](LocalTime local) {
        return std::string{weekday_word(local)} + " " + std::to_string(day_of_month(local)) + " " + std::string{month_word(local)}
        + (style.twelve_hours ? ", " : " "); // "6 Nov 6:00 PM" would read as one number
    };
    return day(from) + clock_words(from, style) + " – " + (day_of(from) == day_of(to) ? "" : day(to)) + clock_words(to, style);
}

SaidTime time_said(const std::vector<std::string>& words, const std::string& zone, TimePoint now)
{
    return understood_time(words, zone, now, Wants::span_to_come);
}

SaidTime time_asked_about(const std::vector<std::string>& words, const std::string& zone, TimePoint now, bool past)
{
    return understood_time(words, zone, now, past ? Wants::anything_past : Wants::anything);
}

SaidTime moment_said(const std::vector<std::string>& words, const std::string& zone, TimePoint now)
{
    return understood_time(words, zone, now, Wants::end);
}

} // namespace oncall
