#include "oncall/identities.hpp"

#include "oncall/calendar.hpp"

#include <set>

namespace oncall {

namespace {

/// Calls `see` for each list of people that may be on call, those of the rotations first.
template <class See> void each_on_call(const Schedule& schedule, See&& see)
{
    for (const auto& rotation : schedule.rotations) {
        for (const auto& turn : rotation.turns)
            see(turn);
        see(rotation.others);
        for (const auto& version : rotation.versions)
            for (const auto& turn : version.turns)
                see(turn);
    }
    for (const auto& temporary : schedule.temporary)
        for (const auto& shift : temporary.shifts)
            see(shift.people);
    for (const auto& one : schedule.overrides)
        if (one.kind != Override::Kind::remove)
            see(one.people);
}

/// Whose being on call an override looks for.
std::vector<std::string> looked_for(const Override& one)
{
    if (one.kind == Override::Kind::remove)
        return one.people;
    return one.instead_of.empty() ? std::vector<std::string>{} : std::vector{one.instead_of};
}

} // namespace

const std::string& Schedule::identity(const std::string& person) const
{
    const auto found = identities.empty() ? identities.end() : identities.find(person);
    return found == identities.end() ? person : found->second;
}

std::string known_as(const std::string& person, const Known& known)
{
    const auto found = known.find(person);
    return found == known.end() || found->second.empty() ? person : found->second;
}

void tell_apart(Schedule& schedule, const Known& known)
{
    std::map<std::string, std::string> identities, first_names;
    const auto see = [&](const std::vector<std::string>& people) {
        for (const auto& person : people) {
            const auto& first = first_names.try_emplace(known_as(person, known), person).first->second;
            if (first != person)
                identities.emplace(person, first);
        }
    };
    each_on_call(schedule, see);
    for (const auto& one : schedule.overrides)
        see(looked_for(one));
    schedule.identities = std::move(identities);
}

std::vector<Missed> missed(const Schedule& schedule)
{
    std::set<std::string> on_call;
    each_on_call(schedule, [&](const std::vector<std::string>& people) {
        for (const auto& person : people)
            on_call.insert(schedule.identity(person));
    });
    std::vector<Missed> found;
    for (std::size_t i = 0; i < schedule.overrides.size(); ++i)
        for (const auto& person : looked_for(schedule.overrides[i]))
            if (!on_call.contains(schedule.identity(person)))
                found.push_back({i, person});
    return found;
}

std::string describe(const Missed& missed, const Schedule& schedule)
{
    const auto& one = schedule.overrides.at(missed.number);
    const auto what = one.kind == Override::Kind::remove ? "removes " : "puts somebody instead of ";
    return "schedule " + schedule.name + ": the override of " + sortable_words(to_local(one.from, schedule.time_zone)) + " "
        + what + missed.person
        + ", but nothing in the schedule puts anybody of that name on call, so this changes nothing. Fix: call people as the "
          "rotations do, or take the override out.";
}

} // namespace oncall
