#pragma once

#include "storage/feeds.hpp"
#include "storage/repositories.hpp"
#include "storage/troubles.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace storage {

/// What can be told about a database from outside.
struct Inspection {
    bool exists{};
    std::string trouble{}; // why it cannot be used, or is damaged; empty: nothing was found
    std::string remedy{}; // of the trouble
    bool finished{}; // it was looked through to its end
    std::optional<int> holder{}; // the process that has it open, as far as the system tells
    std::uintmax_t free{}; // bytes left on its disk
    std::vector<Feed> feeds{}; // calendars that were read, without their bodies
    std::vector<Person> people{}; // whom Slack has told of; where there are feeds
    std::vector<Trouble> troubles{}; // that a person must mend, as the service has said
    std::vector<Follower> unled{}; // user groups and topics that do not follow who is on call
    bool home_is_off{}; // Slack refused what was published to Home: it is switched off for the app
    std::string last_page_failed{}; // why the newest page by Slack did not get through; empty: it did, or there is none
};

/// Looks at the file and through it without its lock and without changing it, so that the service may run meanwhile. `enough` is
/// asked now and then; true ends the look. Blocks.
Inspection inspect(const std::string& path, const std::function<bool()>& enough);

} // namespace storage
