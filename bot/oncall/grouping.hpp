#pragma once

#include "oncall/arrival.hpp"

#include <cstddef>

/// Alerts that are one: which group takes a new one, and when its page begins anew for it.
namespace oncall {

/// A group, as one that comes finds it. What it has had at worst counts all that ever were in it.
struct Group {
    AlertId parent{};
    TimePoint began_at{};
    TimePoint last_at{}; // the last report of any of them
    std::size_t members{1}; // with the one that stands for all
    Urgency urgency{Urgency::low};
    int worst{-1}; // by severity_rank; -1: of none is it known
    bool looked_after{}; // it is paged, has been answered, or is held back
    std::optional<Hold::Kind> held{}; // nobody is paged for it yet
};

/// One that comes.
struct Comer {
    bool pages{}; // by itself it would
    std::vector<Hold> holds{}; // what would hold it back
};

inline constexpr milliseconds group_lasts{60 * 60'000}; // from its first, however often it is reported
inline constexpr std::size_t most_in_group = 500;

/// Whether it takes one that comes now, `within` of the last. What would page goes only where somebody is paged or has answered;
/// what pages at once does not wait for a group that is held back, and what somebody silenced does not join one that is not.
bool takes(const Group& group, const Comer& comer, milliseconds within, TimePoint now);

/// What makes one of a group worse than all there were: "with severity critical", "with high urgency"; empty: it is not. As of
/// one alone, a severity counts while the urgency is high.
std::string worse_by(const Group& group, const std::string& severity, Urgency urgency);

/// With it the group is as bad as the worst of both.
void add_to(Group& group, const std::string& severity, Urgency urgency);

} // namespace oncall
