#include "oncall/my_shifts.hpp"

#include <algorithm>
#include <set>

namespace oncall {

namespace {

std::vector<std::string> known(const std::vector<std::string>& people, const Known& all, const std::string& but)
{
    std::vector<std::string> found;
    for (const auto& person : people)
        if (const auto id = known_as(person, all); id != but && std::find(found.begin(), found.end(), id) == found.end())
            found.push_back(id);
    return found;
}

void add_of(
    std::vector<MyShift>& all, const Schedule& schedule, const Known& known_people, const std::string& person, TimePoint now)
{
    const auto from = now - shifts_ahead, to = now + shifts_ahead;
    std::vector<MyShift> hers;
    for (const auto& shift : final_shifts(schedule, from, to)) {
        const bool is_hers = std::any_of(shift.people.begin(), shift.people.end(),
            [&](const std::string& one) { return known_as(one, known_people) == person; });
        if (!is_hers)
            continue;
        if (!hers.empty() && shift.start <= hers.back().end) {
            hers.back().end = std::max(hers.back().end, shift.end);
            continue;
        }
        MyShift one;
        one.schedule = schedule.name;
        one.start = shift.start;
        one.end = shift.end;
        one.begun_before = shift.start == from;
        hers.push_back(std::move(one));
    }
    for (auto& one : hers) {
        if (one.end <= now)
            continue;
        one.with = known(who_is_on_call(schedule, std::max(one.start, now)).people, known_people, person);
        if (!one.begun_before)
            one.before = known(who_is_on_call(schedule, one.start - milliseconds{1}).people, known_people, person);
        one.goes_on = one.end == to;
        if (!one.goes_on)
            one.after = known(who_is_on_call(schedule, one.end).people, known_people, person);
        all.push_back(std::move(one));
    }
}

} // namespace

std::vector<MyShift> shifts_of(
    const Configuration& configuration, const Known& known_people, const std::string& person, TimePoint now, std::size_t most)
{
    // Only schedules that name her are resolved.
    std::set<std::string> naming;
    for (const auto& [reference, places] : people_of(configuration, now - shifts_ahead))
        if (known_as(reference, known_people) == person)
            naming.insert(places.begin(), places.end());
    std::vector<MyShift> all;
    for (const auto& [name, schedule] : configuration.schedules)
        if (naming.contains("schedule " + name))
            add_of(all, schedule, known_people, person, now);
    std::stable_sort(all.begin(), all.end(), [](const MyShift& a, const MyShift& b) { return a.start < b.start; });
    if (all.size() > most)
        all.resize(most);
    return all;
}

} // namespace oncall
