#pragma once

#include "oncall/overrides.hpp"

/// What people are told of an edit of a schedule. Words are as in blocks::words().
namespace oncall {

/// How far ahead everybody is told of; each person is told of what moves for them within a year.
inline constexpr milliseconds edit_looks_ahead{std::chrono::hours{24 * 56}};

struct MovedShifts {
    std::vector<ShiftChange> changes{}; // of that time; the last one whole, or without an end when it lasts for a year
    std::vector<ShiftChange> later{}; // those after it, within a year
};
/// Both know who people are (`tell_apart`), and have their overrides.
MovedShifts moved_shifts(const Schedule& before, const Schedule& after, const Known& known, TimePoint now);

/// One thing that differs in its settings.
struct EditedField {
    std::string field{}; // "rotations[weekly].users"
    std::string before{};
    std::string after{};
};

/// Whose shifts move within a year.
std::vector<Concern> concerned(const MovedShifts& moved);

/// For everybody: who is on call instead of whom, and what is other than before; the first few of each. Two paragraphs.
std::string edit_words(const std::vector<EditedField>& fields, const MovedShifts& moved);

/// "<!date…> – <!date…>: Chi instead of Bo", a line each; the first few.
std::vector<std::string> change_lines(const MovedShifts& moved);

/// For one person, "• You are on call …, instead of Bo" and "• You are not on call …: Chi is", a line each: what begins within a
/// day first, then by the beginning; the first few of a year. Empty: nothing of hers moves.
std::string moved_words(const std::string& person, const MovedShifts& moved, TimePoint now);

/// What moves for one person in one schedule.
struct MovedIn {
    std::string schedule{};
    std::string title{}; // "Schedule payments, changed by <@U…>"
    std::string words{}; // as moved_words() has them
};
/// In several: a paragraph each, what begins within a day first; those that a message has no room for by their names.
std::string moved_paragraphs(std::vector<MovedIn> all);

/// "changed by <@U…>", or "changed by oncall.yaml, applied by root". `by`: a Slack id; empty: nobody in Slack.
std::string edited_by(const std::string& by, const std::string& via);

} // namespace oncall
