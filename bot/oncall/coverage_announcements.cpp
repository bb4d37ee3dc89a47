#include "oncall/coverage_announcements.hpp"

#include <algorithm>

namespace oncall {

namespace {

constexpr milliseconds a_week_ahead{7 * 24h}, a_day_ahead{24h};
constexpr milliseconds even_at_night{12h}; // so near, it is told
constexpr milliseconds goes_on_within{3 * 24h};
constexpr milliseconds told_from{9h}, told_evenings{18h}, told_until{22h}; // of a day
constexpr milliseconds told_in_the_morning{1h}; // from 09:00 on

std::string zone_or_utc(const std::string& zone) { return is_time_zone(zone) ? zone : "UTC"; }

milliseconds clock_there(TimePoint at, const std::string& zone)
{
    const auto local = to_local(at, zone);
    return local - std::chrono::floor<std::chrono::days>(local);
}

/// A time of the day that `at` is in, or of one before or after it.
TimePoint on_the_day(TimePoint at, milliseconds time, const std::string& zone, std::chrono::days more = {})
{
    return to_instant(LocalTime{std::chrono::floor<std::chrono::days>(to_local(at, zone)) + more} + time, zone);
}

/// 09:00 at `at` or after it.
TimePoint morning_from(TimePoint at, const std::string& zone)
{
    const auto today = on_the_day(at, told_from, zone);
    return today >= at ? today : on_the_day(at, told_from, zone, std::chrono::days{1});
}

bool is_awake(TimePoint at, const std::string& zone)
{
    const auto time = clock_there(at, zone);
    return time >= told_from && time < told_until;
}

/// A day before `begins`, or earlier: the evening before, where that is at night.
TimePoint a_day_before(TimePoint begins, const std::string& zone)
{
    const auto at = begins - a_day_ahead;
    if (is_awake(at, zone))
        return at;
    return on_the_day(at, told_evenings, zone, clock_there(at, zone) < told_from ? std::chrono::days{-1} : std::chrono::days{0});
}

/// `at`, or when the night there is over, but no later than it has to be told.
TimePoint when_awake(TimePoint at, TimePoint begins, const std::string& zone)
{
    if (is_awake(at, zone) || begins - at <= even_at_night)
        return at;
    return std::min(morning_from(at, zone), begins - even_at_night);
}

/// Whether it is of the same kind and, but of doubles, about the same person.
bool is_alike(const Finding& one, const ToldFinding& told)
{
    return one.kind == told.kind
        && (one.kind == FindingKind::doubled || told.person == (one.people.empty() ? std::string{} : one.people.front()));
}

bool was_told(const std::vector<ToldFinding>& told, const Finding& one, bool also_week)
{
    return std::any_of(told.begin(), told.end(), [&](const ToldFinding& before) {
        return is_alike(one, before) && before.from <= one.from() && one.from() < before.to
            && (also_week || before.ahead == Ahead::day);
    });
}

bool keeps_from_sleep(FindingKind kind) { return kind == FindingKind::no_rest || kind == FindingKind::night; }

/// When it is told next, by what is known at `now`; nullopt: no more, or not by `now`.
struct NextTold {
    TimePoint at{};
    Ahead ahead{};
};
std::optional<NextTold> told_next(
    const Finding& one, const std::vector<ToldFinding>& told, const std::string& zone, TimePoint now)
{
    if (one.usual || one.to() <= now)
        return std::nullopt;
    const auto begins = one.from();
    const bool sleep = keeps_from_sleep(one.kind);
    if (sleep && begins <= now)
        return std::nullopt;
    const auto day = a_day_before(begins, zone);
    const auto soon = NextTold{when_awake(std::max(day, now), begins, zone), Ahead::day};
    const bool is_near = day <= now;
    if (!sleep && is_near)
        return was_told(told, one, false) ? std::nullopt : std::optional{soon};
    if (!was_told(told, one, true)) {
        const auto first = begins - a_week_ahead;
        const auto since = now - told_in_the_morning;
        const auto week = morning_from(std::max(first, since + 1ms), zone);
        // Later the day before says it, or, of what keeps from sleep, nobody.
        if (week < (sleep ? begins : day))
            return NextTold{std::max(week, now), Ahead::week};
    }
    return sleep ? std::nullopt : std::optional{soon};
}

} // namespace

std::string_view name(Ahead ahead) { return ahead == Ahead::week ? "week" : "day"; }

TimePoint next_morning(const std::string& time_zone, TimePoint now) { return morning_from(now + 1ms, zone_or_utc(time_zone)); }

std::vector<ToTell> to_tell(
    const std::vector<Finding>& findings, const std::vector<ToldFinding>& told, const std::string& time_zone, TimePoint now)
{
    const auto zone = zone_or_utc(time_zone);
    std::vector<ToTell> due;
    for (const auto& one : findings)
        if (const auto next = told_next(one, told, zone, now); next && next->at <= now)
            due.push_back({one, next->ahead});
    return due;
}

TimePoint next_look(
    const std::vector<Finding>& findings, const std::vector<ToldFinding>& told, const std::string& time_zone, TimePoint now)
{
    auto when = next_morning(time_zone, now);
    const auto zone = zone_or_utc(time_zone);
    for (const auto& one : findings)
        if (const auto next = told_next(one, told, zone, now); next && next->at > now)
            when = std::min(when, next->at);
    return when;
}

std::vector<Finding> without_reported(std::vector<Finding> findings, const std::set<std::string>& reported)
{
    std::erase_if(findings, [&](const Finding& one) {
        return one.kind == FindingKind::gone && !one.people.empty() && reported.contains(one.people.front());
    });
    return findings;
}

TimePoint end_by_now(const std::vector<Finding>& findings, const ToldFinding& one)
{
    auto end = one.to;
    for (const auto& now : findings) {
        const bool is_series = one.kind != FindingKind::gap && one.kind != FindingKind::doubled;
        const auto until = is_series ? one.to + goes_on_within : one.to;
        if (!now.usual && is_alike(now, one) && now.from() <= until && one.from < now.to())
            end = std::max(end, now.to());
    }
    return end;
}

bool is_found(const std::vector<Finding>& findings, const ToldFinding& one)
{
    return std::any_of(findings.begin(), findings.end(), [&](const Finding& now) {
        return is_alike(now, one) && std::any_of(now.stretches.begin(), now.stretches.end(), [&](const Span& span) {
            return span.from < one.to && one.from < span.to;
        });
    });
}

} // namespace oncall
