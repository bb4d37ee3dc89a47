#pragma once

#include "oncall/run.hpp"

namespace oncall {

/// Who has acknowledged an alert, one for each person, in the order they did. `person` is a Slack user id; empty: the source, for
/// somebody in its own screens.
struct Acknowledgement {
    std::string person{};
    TimePoint at{};
    std::string via{};
};

/// How many different people must acknowledge a page before it counts as answered: the most that any level wants which has told
/// somebody, or holds it for them until their quiet hours are over. `told`, `runs`: all of the page.
int needed(const Page& page, const std::vector<Notification>& told, const std::vector<Run>& runs);

bool has_acknowledged(const std::vector<Acknowledgement>& all, const std::string& person);

/// "1 of 2 acknowledged"
std::string in_words(const std::vector<Acknowledgement>& all, int needed);

} // namespace oncall
