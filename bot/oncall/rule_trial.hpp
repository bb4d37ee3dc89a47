#pragma once

#include "oncall/alert.hpp"
#include "oncall/alert_fields.hpp"

#include <span>

/// What a rule would have made of alerts that came.
namespace oncall {

struct TriedAlert {
    AlertId alert{};
    std::string title{};
    TimePoint at{};
    std::vector<std::string> changes{}; // what would be different, as "service checkout instead of ledger"; may be none
};

struct RuleTrial {
    std::size_t looked_at{};
    std::size_t met{}; // the rule's conditions hold
    std::size_t stopped{}; // of these: an earlier rule decides alone
    std::size_t different{}; // of those compared: something would be different
    std::size_t compared{}; // of those met: the first thousand
    std::vector<TriedAlert> first{}; // ten of those met, those that would be different before the others
};

inline constexpr std::size_t most_tried_shown = 10;

/// `rule` is the name of one in `becomes`; what would be different is against `now`, which may have it or not. `so_far`: of
/// alerts before these.
RuleTrial try_rule(const Configuration& now, const Configuration& becomes, const std::string& rule, std::span<const Alert> alerts,
    RuleTrial so_far = {});

/// What one course has that the other has not, in words. Whose it is, whether and when it pages, what it is called.
std::vector<std::string> changes_between(const Routed& was, const Routed& is);

/// Sentences about a trial of the alerts since `days`: how many it met, then a line for each of the first. `all`: there were
/// no more than these.
std::vector<std::string> words_of(const RuleTrial& trial, int days, bool all);

} // namespace oncall
