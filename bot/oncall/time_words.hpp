#pragma once

#include "oncall/time.hpp"

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
/// "Fri 6 Nov 18:00 – 22:00", in a zone; for where Slack shows no dates of its own. Of no zone that is known: in UTC.
std::string in_zone(const Span& span, const std::string& zone);

/// What a sentence says of a time: "friday 18:00-22:00", "tomorrow", "2026-11-06 18:00 to sat 09:00", "4h", "next shift".
struct SaidTime {
    std::optional<Span> span{};
    bool next_shift{};
    std::string trouble{}; // why the words make no time; empty: they do, or there are none
    std::vector<std::string> rest{}; // the words that are no time
};
/// A day alone is all of it; times alone are today's, or tomorrow's when those are over; a weekday is the next one that is not
/// over; a duration counts from its beginning, else from now. On the wall clock of `zone`, where a skipped time is the first
/// after the gap and a repeated one its first occurrence.
SaidTime time_said(const std::vector<std::string>& words, const std::string& zone, TimePoint now);

} // namespace oncall
