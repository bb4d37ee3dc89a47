#pragma once

#include "oncall/time_style.hpp"

#include <vector>

/// Times on call as people write and read them.
namespace oncall {

/// A time of [from, to).
struct Span {
    TimePoint from{};
    TimePoint to{};
    auto operator<=>(const Span&) const = default;
};

/// "<!date^…> – <!date^…>", which each reader sees in their own zone.
std::string written(const Span& span);
/// "Fri 6 Nov 18:00 – 22:00" or "Fri 6 Nov, 6:00 PM – 10:00 PM", in a zone; for where Slack shows no dates of its own. Of no zone
/// that is known: in UTC.
std::string in_zone(const Span& span, const std::string& zone, TimeStyle style = {});

/// What a sentence says of a time: "friday 18:00-22:00", "tomorrow evening", "2026-11-06 18:00 to sat 09:00", "4h", "for half an
/// hour", "until monday 9", "this weekend", "5.12. 18:00-22:00", "next shift".
struct SaidTime {
    std::optional<Span> span{};
    std::optional<TimePoint> moment{}; // where one alone is asked for
    bool next_shift{};
    std::string trouble{}; // why the words make no time; empty: they do, or there are none
    std::vector<std::string> rest{}; // the words that are no time
    std::vector<Span> readings{}; // what it may be when its words leave that open: several; then there is trouble, and no span
    std::vector<TimePoint> moments{}; // the same of a moment
};
/// A time that is still to come. A day alone is all of it; times alone are today's, or tomorrow's when those are over; a weekday
/// is the next one that is not over; a duration counts from its beginning, else from now; with an end alone it begins now. On the
/// wall clock of `zone`, where a skipped time is the first after the gap and a repeated one its first occurrence. What may mean
/// several times ("next friday" on a Tuesday, "5/12", "until friday") is never guessed. Throws std::runtime_error on an unknown
/// zone.
SaidTime time_said(const std::vector<std::string>& words, const std::string& zone, TimePoint now);
/// The same of a question: a moment will do ("at 9", "yesterday at 3am", "2 hours ago"), and it may be over. `past`: it is, so
/// that "friday" is the last one.
SaidTime time_asked_about(const std::vector<std::string>& words, const std::string& zone, TimePoint now, bool past);
/// The end of something that goes on now: "monday 9", "18:00", "tomorrow morning" (its beginning). As a moment.
SaidTime moment_said(const std::vector<std::string>& words, const std::string& zone, TimePoint now);

} // namespace oncall
