#pragma once

#include "handlers/context.hpp"
#include "oncall/calendars.hpp"

/// Calendars that are read: what for, and how that goes.
namespace handlers {

struct FeedUse {
    std::string address{};
    std::string what{}; // "of the holidays germany", "of your absences"
    std::string person{}; // whose it is, and who hears of it; empty: the configuration's, and the fallback channel does
    bool shifts{}; // it says who is on duty
};
/// Whether Slack says that somebody is here no more.
bool has_left_us(storage::Transaction& tx, const std::string& person);
/// What the configuration and people's absences read; not those of people who have left.
std::vector<FeedUse> feed_uses(storage::Transaction& tx, const oncall::Configuration& configuration);

/// The addresses that a configuration reads.
std::set<std::string> addresses_of(const oncall::Configuration& configuration);

/// Whom events may mean: those the configuration names, as it names them first, and everybody else whom Slack has told of; not
/// those who have left, and no bots. Guests whom the configuration does not name have no names here.
std::vector<oncall::Acquainted> acquaintance(
    const std::vector<storage::Person>& people, const oncall::Configuration& configuration);

/// Calendars of the configuration that cannot be read, a sentence each with its age; a few of them.
std::vector<std::string> old_calendars(storage::Transaction& tx, const oncall::Configuration& configuration, TimePoint now);

/// "1 shift to come", "4 holidays to come".
std::string to_come_words(std::size_t count, bool shifts);

/// A calendar's host, which is no secret; the path of a file.
std::string shown_address(const std::string& address);
/// "26 h", "3 d".
std::string age_words(oncall::milliseconds age);

/// "rotation cover of schedule payments: …", as in blocks::words().
std::string nameless_words(const oncall::Nameless& event, const oncall::Configuration& configuration);

/// How the reading goes, as storage::Feed has it.
struct FeedState {
    TimePoint read_at{};
    std::string trouble{};
    std::string notes{};
};
/// "read 12 min ago", "26 h old: the server says 404 …", "not read yet".
std::string feed_words(const FeedState& state, TimePoint now);

} // namespace handlers
