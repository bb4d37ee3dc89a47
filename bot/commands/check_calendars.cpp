#include "commands/check_calendars.hpp"

#include "handlers/feeds.hpp"

#include <algorithm>

namespace commands {

namespace {

constexpr std::size_t most_nameless_shown = 5;

void check_calendar(const oncall::CalendarUse& use, const storage::Inspection& found, oncall::TimePoint now, const Tell& tell)
{
    const auto name = "The calendar " + oncall::words_of(use) + " (" + handlers::shown_address(use.address) + ")";
    const auto feed = std::find_if(
        found.feeds.begin(), found.feeds.end(), [&](const storage::Feed& one) { return one.address == use.address; });
    if (feed == found.feeds.end()) {
        tell({Verdict::note, name + " was not read yet: the service reads it.", ""});
        return;
    }
    const bool was_read = feed->read_at != oncall::TimePoint{};
    const auto how = handlers::feed_words({feed->read_at, feed->trouble, {}}, now);
    if (!feed->trouble.empty()) {
        tell({Verdict::bad, name + (was_read ? " is " : " ") + how,
            "Mend its address, or publish it again; what was read last holds."});
        return;
    }
    const auto ahead = oncall::to_come(feed->events, now);
    if (ahead == 0 && !use.rotation.empty())
        tell({Verdict::bad, name + " was " + how + " and has no shifts to come: nobody is on duty by it.",
            "Put shifts into it, or take the rotation out."});
    else
        tell({Verdict::good, name + " was " + how + ": " + handlers::to_come_words(ahead, !use.rotation.empty()) + ".", ""});
}

} // namespace

void check_calendars(
    const oncall::Configuration& configuration, const storage::Inspection& found, oncall::TimePoint now, const Tell& tell)
{
    for (const auto& use : oncall::calendars_of(configuration))
        check_calendar(use, found, now, tell);
    oncall::CalendarsRead read;
    for (const auto& feed : found.feeds)
        read.emplace(feed.address, feed.events);
    const oncall::NameIndex known{handlers::acquaintance(found.people, configuration)};
    std::size_t count = 0;
    for (auto [name, schedule] : configuration.schedules)
        for (const auto& event : oncall::fill_in(schedule, configuration.holidays, read, known))
            if (event.to > now && ++count <= most_nameless_shown)
                tell({event.nobody ? Verdict::bad : Verdict::note,
                    "In the calendar of " + handlers::nameless_words(event, configuration) + ".",
                    "Write an e-mail address, @handle or name, as Slack has it, into the title."});
    if (count > most_nameless_shown)
        tell({Verdict::note,
            std::to_string(count - most_nameless_shown) + " more events of calendars name people whom nobody knows.", ""});
}

} // namespace commands
