#pragma once

#include "oncall/configuration.hpp"

#include <set>

/// People who can answer no page any more though the configuration goes on naming them, and the configuration without them.
namespace oncall {

/// Where somebody is named from now on; what was is history.
struct NamedPlace {
    enum class Kind { rotation, holidays, temporary, override, policy, team, user_group };
    Kind kind{};
    std::string name{}; // of the schedule, policy or team
    std::string part{}; // the rotation, or "level 2"
    TimePoint from{}; // of an override or a temporary schedule
    TimePoint to{};
    bool alone{}; // nobody else would be left there
    bool operator==(const NamedPlace&) const = default;
};

/// `names`: all that she is called. In the order of the kinds above, then by name.
std::vector<NamedPlace> places_of(const Configuration& configuration, const std::set<std::string>& names, TimePoint now);
/// "schedule payments, rotation weekly"; times as `<!date^…>`.
std::string describe(const NamedPlace& place);
/// The item of the configuration that it is in: "schedule", "policy", "team".
std::string_view item_kind(const NamedPlace& place);

/// The teams that it concerns: those whose page it is part of, or who are named themselves.
std::set<std::string> teams_of_place(const Configuration& configuration, const NamedPlace& place);

/// The configuration from `now` on without her: everywhere with `instead` in her place, or where that is empty without anybody.
/// Turns go on in their order after whoever is on call, and a turn of hers alone falls away. Overrides stay as they are: they
/// are no part of the operator's configuration.
Configuration without(
    const Configuration& configuration, const std::set<std::string>& names, const std::string& instead, TimePoint now);

/// "is deactivated in Slack", "is an app", "is of another workspace".
std::string_view why_unable(std::string_view kind);

} // namespace oncall
