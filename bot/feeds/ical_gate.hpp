#pragma once

#include <string>
#include <string_view>
#include <vector>

/// What of a calendar is handed to libical: it stands between strangers' bytes and a parser in C.
namespace feeds {

struct GatedCalendar {
    bool is_calendar{};
    bool is_whole{}; // it came to its end: what breaks off in the middle has lost events
    bool too_many{}; // events beyond the limit were left out
    std::size_t too_long{}; // properties that were left out
    std::size_t more_rules{}; // RRULEs beyond the first of an event, which were left out
    std::string name{};
    std::string time_zone{}; // of times that have none; empty: none given
    std::vector<std::string> zones{}; // VTIMEZONE components, each as text of its own
    std::vector<std::string> events{}; // VEVENT components
};

/// Unfolds the lines and keeps the properties that are used, with the parameters that are used, of the components that are used;
/// alarms, tasks and attachments stay outside, and so do control characters. Names are in upper case then.
GatedCalendar gate(std::string_view text, std::size_t most_events, std::size_t longest_property);

} // namespace feeds
