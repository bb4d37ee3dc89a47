#include "bench/schedules.hpp"

#include "oncall/schedule.hpp"

#include <algorithm>
#include <ctime>

namespace bench {

namespace {

using namespace oncall;

constexpr int twenty = 20;

std::string person(int number) { return "person" + std::to_string(number % twenty) + "@example.com"; }

Rotation rotation(const std::string& name, int priority, Unit unit, const char* start, int first, int count)
{
    Rotation one;
    one.name = name;
    one.priority = priority;
    one.unit = unit;
    one.start = local_time_in(start).value();
    for (int i = 0; i < count; ++i)
        one.turns.push_back({person(first + i)});
    return one;
}

Window window(std::chrono::minutes from, std::chrono::minutes to, std::vector<Weekday> days = {})
{
    Window one;
    one.from = from;
    one.to = to;
    one.days = std::move(days);
    return one;
}

const std::vector<Weekday> weekdays{Weekday::mon, Weekday::tue, Weekday::wed, Weekday::thu, Weekday::fri};

Schedule five_rotations()
{
    Schedule schedule;
    schedule.time_zone = "Europe/Berlin";
    auto europe = rotation("europe", 1, Unit::week, "2026-11-02T09:00", 0, 7);
    europe.windows = {window(8h, 16h)};
    auto america = rotation("america", 1, Unit::day, "2026-11-02T09:00", 5, 7);
    america.time_zone = "America/New_York";
    america.windows = {window(10h, 18h)};
    auto asia = rotation("asia", 1, Unit::day, "2026-11-02T09:00", 10, 6);
    asia.time_zone = "Asia/Kolkata";
    asia.windows = {window(6h, 12h, weekdays)};
    asia.lengths = {5, 2};
    auto nights = rotation("nights", 2, Unit::week, "2026-11-02T20:00", 3, 9);
    nights.windows = {window(22h, 6h, weekdays)};
    schedule.rotations = {rotation("base", 0, Unit::week, "2026-11-02T09:00", 0, twenty), europe, america, asia, nights};
    return schedule;
}

double milliseconds_of(const auto& work)
{
    double best = 1e9;
    for (int i = 0; i < 9; ++i) {
        const auto begun = std::clock(); // of the processor: others may be busy beside us
        work();
        best = std::min(best, 1e3 * static_cast<double>(std::clock() - begun) / CLOCKS_PER_SEC);
    }
    return best;
}

} // namespace

double a_year_of_shifts()
{
    auto schedule = five_rotations();
    const auto from = to_instant(*local_time_in("2026-11-02T00:00"), schedule.time_zone);
    const auto to = from + std::chrono::hours{24 * 365};
    for (int i = 0; i < 200; ++i) {
        Override one;
        one.from = from + std::chrono::hours{43 * i};
        one.to = one.from + std::chrono::hours{4 + i % 60};
        one.kind = i % 7 == 0 ? Override::Kind::add : i % 11 == 0 ? Override::Kind::remove : Override::Kind::put;
        one.people = {person(i)};
        if (one.kind == Override::Kind::put && i % 3 > 0)
            one.instead_of = person(i / 3);
        schedule.overrides.push_back(one);
    }
    return milliseconds_of([&] { return final_shifts(schedule, from, to).size(); });
}

double who_in_a_thousand()
{
    std::vector<Schedule> schedules;
    const auto now = to_instant(*local_time_in("2026-11-28T12:00"), "UTC");
    for (int i = 0; i < 1'000; ++i) {
        auto& schedule = schedules.emplace_back();
        schedule.time_zone = i % 2 ? "Europe/Berlin" : "America/Chicago";
        auto base = rotation("base", 0, i % 3 ? Unit::week : Unit::day, "2024-01-01T09:00", i, 3 + i % 5);
        auto days = rotation("days", 1, Unit::day, "2024-01-01T09:00", i + 3, 5);
        days.windows = {window(9h, 17h, weekdays)};
        auto nights = rotation("nights", 2, Unit::week, "2024-01-01T20:00", i + 7, 4);
        nights.windows = {window(22h, 6h)};
        schedule.rotations = {base, days, nights};
        for (int k = 0; k < 10; ++k) {
            Override one;
            one.from = now + std::chrono::hours{31 * k - 90};
            one.to = one.from + 8h;
            one.people = {person(k)};
            schedule.overrides.push_back(one);
        }
    }
    std::size_t people = 0;
    return milliseconds_of([&] {
        for (const auto& schedule : schedules)
            people += who_is_on_call(schedule, now).people.size();
    });
}

} // namespace bench
