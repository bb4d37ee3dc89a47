#include "oncall/my_teams.hpp"

#include "oncall/override_permission.hpp"
#include "oncall/policy.hpp"
#include "oncall/service_directory.hpp"

namespace oncall {

MyPlaces places_of(const Configuration& configuration, const Known& known, const std::string& person, TimePoint now)
{
    constexpr std::string_view of_team{"team "}, of_schedule{"schedule "};
    MyPlaces mine;
    for (const auto& [reference, places] : people_of(configuration, now)) {
        if (known_as(reference, known) != person)
            continue;
        mine.named = mine.named || !only_looks_on(places);
        for (const auto& place : places)
            if (place.starts_with(of_team))
                mine.teams.insert(place.substr(of_team.size()));
            else if (place.starts_with(of_schedule))
                mine.schedules.insert(place.substr(of_schedule.size()));
    }
    for (const auto& schedule : mine.schedules)
        for (auto& team : teams_of(configuration, schedule))
            mine.teams.insert(std::move(team));
    const auto add = [&](const std::string& policy) {
        if (const auto found = policy_in(configuration, policy))
            mine.schedules.merge(schedules_of(configuration, *found));
    };
    for (const auto& name : mine.teams)
        if (const auto team = configuration.teams.find(name); team != configuration.teams.end())
            add(policy_of_team(configuration, name));
    for (const auto& [name, service] : configuration.services)
        if (mine.teams.contains(service.team))
            add(service.policy);
    return mine;
}

} // namespace oncall
