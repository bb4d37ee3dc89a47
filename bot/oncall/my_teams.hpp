#pragma once

#include "oncall/configuration.hpp"
#include "oncall/identities.hpp"

#include <set>

namespace oncall {

/// Where somebody stands in the configuration.
struct MyPlaces {
    std::set<std::string> teams{}; // as a member, or on duty by a schedule they page by
    std::set<std::string> schedules{}; // that name her, or that her teams page by
    bool named{}; // anywhere, but as a subscriber
    bool operator==(const MyPlaces&) const = default;
};
/// `person`: a Slack user id. Overrides that were over before `now` name nobody.
MyPlaces places_of(const Configuration& configuration, const Known& known, const std::string& person, TimePoint now);

} // namespace oncall
