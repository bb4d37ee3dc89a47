#pragma once

#include "oncall/command_verbs.hpp"
#include "oncall/paging_by_hand.hpp"
#include "oncall/time_words.hpp"

/// What people write behind `/oncall`, to the bot's mention and in its direct messages: short commands and whole sentences.
namespace oncall {

/// Who speaks, and where.
struct Speaker {
    std::string user{}; // a Slack user id
    std::string time_zone{}; // unknown or empty: UTC
    TimePoint now{};
    AlertId about{}; // the alert in whose thread it was said; 0: none
    bool has_forms{true}; // typed behind the slash: what is missing can be asked for in a form; else written to us in prose
    bool in_passing{}; // others were written to, and we named among the words
    std::size_t
        told_of{}; // open alerts that the page tells of in whose thread it was said; several: none of them is meant by itself
};

/// The names that may be said.
struct CalledPerson {
    std::string id{}; // a Slack user id
    std::string name{};
    std::string handle{}; // without @; may be empty
};
struct NamedAlert {
    AlertId id{};
    std::string title{};
};
struct Vocabulary {
    const Configuration& configuration;
    std::vector<CalledPerson> people{}; // members of the workspace
    std::vector<NamedAlert> alerts{}; // open, those to offer first
};

/// A command that is meant by one thing only, and what to call it.
struct Reading {
    std::string command{}; // without "/oncall "
    std::string label{};
};

/// What was understood: a verb of the table and the words its handler reads; or readings to choose from; or neither.
struct Sentence {
    std::string verb{};
    std::string rest{};
    std::string question{}; // what is not clear; without readings it is said, and that is all
    std::vector<Reading> readings{}; // at most five
    std::string unknown{}; // the word where it was not understood
    std::vector<std::string> suggestions{}; // commands that are near it
};

/// Never guesses where several things may be meant, and changes nothing that was not plainly asked for: what begins with its verb
/// behind the slash is an order, while a question, a half sentence or a remark that may be one is asked back. What it only half
/// understands goes to the verb's handler as it was written, which says what is wrong. Never throws, and takes time with the
/// words' number alone; what is longer than a Slack message is cut.
Sentence understand(std::string_view text, const Speaker& speaker, const Vocabulary& vocabulary);

inline constexpr std::size_t most_readings = 5;
inline constexpr std::size_t most_command_bytes = 1'800; // what a button can carry, with when and where it was asked

/// "Who is on call": of what and when. Names in any order with the time, as "payments last night".
struct WhoAsked {
    std::vector<Recipient> of{}; // services, teams, schedules, policies; empty: of all schedules
    std::optional<Span> span{};
    std::optional<TimePoint> moment{};
    std::string trouble{};
    std::vector<Span> readings{};
    std::vector<TimePoint> moments{};
    std::string unknown{}; // words that are neither
};
WhoAsked who_asked(
    std::string_view text, const Configuration& configuration, const std::string& zone, TimePoint now, bool past = false);

/// The schedules that a name stands for: itself, or those by which a team, a service or a policy pages.
std::vector<std::string> schedules_behind(const Recipient& named, const Configuration& configuration);

/// A time as time_said() reads it again: "2026-11-06 18:00 to 2026-11-06 22:00", "2026-11-06", "30m", "until 2026-11-06 22:00".
std::string span_out(const Span& span, const std::string& zone, TimePoint now);
/// "2026-11-06 18:00"
std::string moment_out(TimePoint at, const std::string& zone);

} // namespace oncall
