#pragma once

#include "blocks/blocks.hpp"
#include "oncall/coverage_announcements.hpp"

/// What is wrong with who will be on call, and a button that mends it.
namespace blocks {

namespace action {
/// "<kind>:<from>:<to>:<person>:<schedule>", times in seconds since 1970; opens the override form, filled in.
inline constexpr std::string_view coverage_fix{"coverage.fix"};
} // namespace action

/// A finding of a schedule.
struct CoverageLine {
    std::string schedule{};
    oncall::Finding finding{};
    enum State { holds, mended, past } state{holds};
};

/// What `/oncall coverage` answers.
struct CoverageShown {
    struct Covered {
        std::string schedule{};
        oncall::milliseconds covered{};
        oncall::milliseconds whole{};
    };
    std::vector<Covered> schedules{};
    std::vector<CoverageLine> lines{}; // of all of them, in any order
    std::size_t left_out{};
    std::string period{}; // in words
    oncall::TimePoint now{};
    Names names{};
};
Message coverage(const CoverageShown& shown);

/// What a team is told ahead.
struct CoverageTold {
    std::string schedule{};
    std::vector<CoverageLine> lines{};
    std::string trouble{}; // why it is not in the team's channel, with that; empty: it is
    oncall::TimePoint now{};
    Names names{};
};
Message coverage_told(const CoverageTold& told);

} // namespace blocks
