#pragma once

#include "oncall/run.hpp"

namespace oncall {

/// When pages of low urgency wait, as windows of a rotation, in the zone of the person's profile. nullopt: she has said nothing;
/// empty: she has none, whatever her team has.
using QuietHours = std::optional<std::vector<Window>>;

/// Those that hold for somebody: hers, else her team's, else none.
const std::vector<Window>& quiet_hours(const QuietHours& hers, const QuietHours& teams);

/// When the quiet hours that `now` lies in are over; nullopt: it lies in none. They begin and end when the wall clock of the zone
/// first shows the time, or jumps over it; windows that touch are one stretch. In UTC where the zone is unknown. Those without an
/// end hold nothing back.
std::optional<TimePoint> quiet_until(const std::vector<Window>& quiet, TimePoint now, const std::string& time_zone);

/// Whether there is a time outside them, at which what was held can be told.
bool come_to_an_end(const std::vector<Window>& quiet);

/// A run with its page and alert.
struct HeldPage {
    Run run{};
    Page page{};
    Alert alert{};
};
/// What a digest tells: those that are still held and wait for an answer, the longest open first.
std::vector<HeldPage> in_digest(std::vector<HeldPage> held);

/// When a page that nobody of whose last try was awake goes on: its patience runs from the digest on. `runs`: all of the page;
/// `told_at`: when the last of them was told, if one was. nullopt: somebody was paged at once, and the page does not wait.
std::optional<TimePoint> goes_on_at(const Page& page, const std::vector<Run>& runs, std::optional<TimePoint> told_at);

} // namespace oncall
