#pragma once

#include "oncall/schedule.hpp"
#include "oncall/time_words.hpp"

/// What is wrong with who will be on call: nobody, several, people who cannot be paged, or who need their sleep.
namespace oncall {

/// What is known of somebody whom a schedule names.
struct RotaPerson {
    std::string user{}; // a Slack id; empty: not known
    std::string kind{}; // "member", "guest", "bot", "gone", "stranger", or "nobody": Slack knows none of that name; empty: not
                        // known yet
    std::string time_zone{};
};
/// By what schedules call them. Who is not in it is not known yet, and nothing is said of them.
using RotaPeople = std::map<std::string, RotaPerson>;

/// Whether somebody of that kind can never answer a page.
bool is_beyond_reach(std::string_view kind);

enum class FindingKind { gap, gone, doubled, no_rest, night }; // worst first
/// "gap", "gone", "double", "rest", "night".
std::string_view name(FindingKind kind);
std::optional<FindingKind> finding_kind_in(std::string_view name);

struct Finding {
    FindingKind kind{};
    std::vector<Span> stretches{}; // in order, never empty; what follows within three days is one finding
    std::vector<std::string> people{}; // whom it is about, Slack ids where known; nobody of a gap
    std::string rotation{}; // of the first stretch; may be empty
    std::string why{}; // of `gone`: what they are, as in RotaPerson; of `no_rest`: "long" or "short"
    bool usual{}; // nobody changed anything by hand, and it was just so the day or the week before (of nights: the week before),
                  // at the same local times: the rotations want it so, or everybody knows
    TimePoint from() const { return stretches.front().from; }
    TimePoint to() const { return stretches.back().to; }
    bool operator==(const Finding&) const = default;
};

/// On call for longer than this, somebody needs a rest.
inline constexpr milliseconds longest_on_call{14 * 24h};
/// Within a day of shifts, so much of it is to be free. Both are of shifts shorter than a day: longer ones hold nights.
inline constexpr milliseconds least_rest{11h};

struct Coverage {
    std::vector<Finding> findings{}; // worst kind first, then by time
    std::size_t left_out{}; // that had no room
    milliseconds covered{}; // time in which somebody is on call whom pages reach
    milliseconds whole{};
};

/// What is to be said of [from, to). Findings that reach over its beginning are whole, as far as 15 days back, so that one is the
/// same one tomorrow. Usual gaps are one finding, and so are usual doubles. Those of nights name shifts shorter than a day that
/// lie mostly between 22:00 and 07:00 of whoever has them, while somebody else of the schedule has day.
Coverage coverage_of(const Schedule& schedule, const RotaPeople& people, TimePoint from, TimePoint to, std::size_t most = 100);

/// "97.3 %": only what is covered wholly is 100.
std::string percentage(milliseconds part, milliseconds whole);

} // namespace oncall
