#pragma once

#include "oncall/time.hpp"

#include <string>
#include <utility>
#include <vector>

/// The small words of which times are made: days, times of day, lengths. Each is read off a list of words, in lower case and
/// without the commas around them, from a place on; none of them looks further back.
namespace oncall {

/// A day, or what it may be when its words leave that open ("next friday" on a Tuesday, "5/12").
struct SaidDay {
    std::vector<LocalTime> may_be{}; // midnights, at least one
    enum class Again { never, weekly, yearly } again{Again::never}; // when it comes once more: "friday", "24 dec"
    std::size_t words{}; // that it takes
};
/// "today", "tomorrow", "yesterday", "friday", "next friday", "last fri", "2026-11-06", "6.11.", "6.11.2026", "6 nov", "nov 6th
/// 2026", "6/11". Of a weekday that is not "last" the first from `today` on; a date without a year is of this one.
std::optional<SaidDay> day_in_words(const std::vector<std::string>& words, std::size_t at, LocalTime today);

/// A time of day, from 00:00 to 24:00.
struct SaidClock {
    std::chrono::minutes at{};
    bool half_named{}; // 1 to 12 without am or pm, minutes or not: "6", "6:30"
    bool afternoon{}; // with pm
    bool midnight{}; // of which day?
    std::size_t words{};
};
/// "18", "18:00", "6pm", "6:30 pm", "6 o'clock", "18.30", "noon", "midnight", "24:00".
std::optional<SaidClock> clock_in_words(const std::vector<std::string>& words, std::size_t at);

/// "4h", "1h30m", "30 minutes", "an hour", "half an hour", "1.5 hours", "1 hour 30 minutes", "2 days", "a week".
struct SaidLength {
    milliseconds length{};
    std::size_t words{};
};
std::optional<SaidLength> length_in_words(const std::vector<std::string>& words, std::size_t at);

/// What a part of the day is called: "morning" is 08:00 to 12:00, "afternoon" to 18:00, "evening" 18:00 to 22:00, "night" 20:00
/// to 08:00 of the next day.
enum class DayPart { morning, afternoon, evening, night };
std::optional<DayPart> day_part_in(std::string_view word);
std::pair<std::chrono::minutes, std::chrono::minutes> hours_of(DayPart part); // the end may lie beyond 24:00

/// Two of them in one word, with a dash between: "mon-fri", "6-10pm", "5.12.–7.12.". Empty: it is none.
std::vector<std::string> parted(const std::string& word);

} // namespace oncall
