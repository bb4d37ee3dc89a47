#pragma once

#include "catch.hpp"
#include "oncall/schedule.hpp"

#include <algorithm>
#include <set>
#include <sstream>

/// Schedules written short, for tests that are tables.
namespace in_words {

using namespace oncall;

inline std::vector<std::string> split(const std::string& text, char at)
{
    std::vector<std::string> parts;
    std::istringstream stream{text};
    for (std::string part; std::getline(stream, part, at);)
        parts.push_back(part);
    return parts;
}

/// "chi+dee"; "-" is nobody.
inline Turn people(const std::string& text) { return text == "-" ? Turn{} : split(text, '+'); }

inline std::vector<Weekday> days(const std::string& text)
{
    static const std::vector<std::string> names{"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
    std::vector<Weekday> found;
    for (const auto& name : split(text, ' '))
        found.push_back(Weekday{static_cast<int>(std::find(names.begin(), names.end(), name) - names.begin())});
    return found;
}

inline std::chrono::minutes time_of_day(const std::string& text)
{
    return std::chrono::hours{std::stoi(text)} + std::chrono::minutes{std::stoi(text.substr(3))};
}

inline LocalTime local(const std::string& text) { return local_time_in(text).value(); }

/// Local in `zone`; with a Z at the end, UTC.
inline TimePoint when(std::string text, const std::string& zone)
{
    if (text.back() != 'Z')
        return to_instant(local(text), zone);
    text.pop_back();
    return to_instant(local(text), "UTC");
}

struct Rota {
    Rotation it{};

    /// Turns as "ana bo chi+dee -".
    Rota(Unit unit, const std::string& start, const std::string& turns)
    {
        it.name = "weekly";
        it.unit = unit;
        it.start = local(start);
        for (const auto& turn : split(turns, ' '))
            it.turns.push_back(people(turn));
    }
    Rota& set(auto Rotation::*member, auto value) { return it.*member = std::move(value), *this; }
    Rota& named(const char* name) { return set(&Rotation::name, name); }
    Rota& priority(int priority) { return set(&Rotation::priority, priority); }
    Rota& lengths(std::vector<int> lengths) { return set(&Rotation::lengths, std::move(lengths)); }
    Rota& zone(const char* zone) { return set(&Rotation::time_zone, zone); }
    Rota& on(const char* text) { return set(&Rotation::days, days(text)); }
    Rota& handoff(const char* day) { return set(&Rotation::handoff_day, days(day).front()); }
    Rota& begin(const char* text) { return set(&Rotation::begin, local(text)); }
    Rota& end(const char* text) { return set(&Rotation::end, local(text)); }
    /// Times of the day, "20:00"; with a weekday at both ends, "fri 20:00".
    Rota& window(const std::string& from, const std::string& to, const std::string& on = "")
    {
        Window window;
        const auto end = [](const std::string& text, std::optional<Weekday>& day) {
            if (text.size() > 5)
                day = days(text.substr(0, 3)).front();
            return time_of_day(text.substr(text.size() - 5));
        };
        window.from = end(from, window.from_day);
        window.to = end(to, window.to_day);
        window.days = days(on);
        it.windows.push_back(window);
        return *this;
    }
    Rota& version(const char* from, Rota next)
    {
        next.it.name = it.name;
        next.it.from = local(from);
        it.versions.push_back(next.it);
        return *this;
    }
};

struct Plan {
    Schedule it{};

    Plan(const char* zone, const std::vector<Rota>& rotations)
    {
        it.name = "payments";
        it.time_zone = zone;
        for (const auto& one : rotations)
            it.rotations.push_back(one.it);
    }
    Plan& change(Override::Kind kind, const char* from, const char* to, const char* who, const char* instead_of = "")
    {
        it.overrides.push_back({when(from, it.time_zone), when(to, it.time_zone), kind, people(who), instead_of});
        return *this;
    }
    Plan& put(const char* from, const char* to, const char* who, const char* instead_of = "")
    {
        return change(Override::Kind::put, from, to, who, instead_of);
    }
    Plan& add(const char* from, const char* to, const char* who) { return change(Override::Kind::add, from, to, who); }
    Plan& remove(const char* from, const char* to, const char* who) { return change(Override::Kind::remove, from, to, who); }
    /// The override before is of this rotation.
    Plan& of(const char* rotation) { return it.overrides.back().rotation = rotation, *this; }
    Plan& temporary(const char* from, const char* to)
    {
        it.temporary.push_back({when(from, it.time_zone), when(to, it.time_zone), {}});
        return *this;
    }
    /// Of the temporary schedule before.
    Plan& shift(const char* from, const char* to, const char* who)
    {
        it.temporary.back().shifts.push_back({when(from, it.time_zone), when(to, it.time_zone), people(who)});
        return *this;
    }
};

inline std::string words(std::vector<std::string> people)
{
    std::sort(people.begin(), people.end());
    std::string text;
    for (const auto& person : people)
        text += (text.empty() ? "" : "+") + person;
    return text.empty() ? "-" : text;
}

/// "11-02T09:00 11-09T09:00 ana weekly", local in the schedule's zone; a star where a change made it.
inline std::string words(const Shift& shift, const std::string& zone)
{
    return iso(shift.start, zone).substr(5, 11) + " " + iso(shift.end, zone).substr(5, 11) + " " + words(shift.people)
        + (shift.rotation.empty() ? "" : " " + shift.rotation) + (shift.overridden ? " *" : "");
}

inline std::vector<std::string> words(const std::vector<Shift>& shifts, const std::string& zone)
{
    std::vector<std::string> lines;
    for (const auto& shift : shifts)
        lines.push_back(words(shift, zone));
    return lines;
}

struct Case {
    const char* name;
    Plan plan;
    std::vector<std::pair<const char*, const char*>> who; // at a local time (or UTC, with a Z): who
};

/// Paging and display say who the table says.
inline void check(const std::vector<Case>& cases)
{
    for (const auto& one : cases)
        for (const auto& [at, who] : one.who) {
            INFO(one.name << ", at " << at);
            const auto t = when(at, one.plan.it.time_zone);
            CHECK(words(who_is_on_call(one.plan.it, t).people) == who);
            std::set<std::string> shown;
            for (const auto& shift : final_shifts(one.plan.it, t, t + 1ms))
                shown.insert(shift.people.begin(), shift.people.end());
            CHECK(words({shown.begin(), shown.end()}) == who);
        }
}

inline Rota hours(const char* start, const char* turns) { return {Unit::hour, start, turns}; }
inline Rota daily(const char* start, const char* turns) { return {Unit::day, start, turns}; }
inline Rota weekly(const char* start, const char* turns) { return {Unit::week, start, turns}; }
inline Rota monthly(const char* start, const char* turns) { return {Unit::month, start, turns}; }

inline constexpr auto berlin = "Europe/Berlin";
/// Ana until Monday the 9th, then bo, then chi with dee; nine o'clock.
inline Rota base() { return weekly("2026-11-02T09:00", "ana bo chi+dee"); }
inline Plan plan() { return {berlin, {base()}}; }

} // namespace in_words
