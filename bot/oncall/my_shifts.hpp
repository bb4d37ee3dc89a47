#pragma once

#include "oncall/configuration.hpp"
#include "oncall/identities.hpp"

namespace oncall {

/// A stretch in which a person is on call by a schedule, whole; a handoff from herself to herself is none.
struct MyShift {
    std::string schedule{};
    TimePoint start{};
    TimePoint end{};
    bool begun_before{}; // earlier than `start`, further back than was looked
    std::vector<std::string> before{}; // who hands over to her; as Slack knows them, where that is known
    std::vector<std::string> after{}; // to whom she hands over
    std::vector<std::string> with{}; // on call as well when it begins
    bool goes_on{}; // beyond `end`, further ahead than is looked; `after` is not known
    bool operator==(const MyShift&) const = default;
};

/// How far ahead, and back, it is looked.
inline constexpr std::chrono::hours shifts_ahead{24 * 90};

/// Her stretches of all schedules that are not over at `now`, by their beginning; the first `most`. `person`: a Slack user id.
std::vector<MyShift> shifts_of(
    const Configuration& configuration, const Known& known, const std::string& person, TimePoint now, std::size_t most);

} // namespace oncall
