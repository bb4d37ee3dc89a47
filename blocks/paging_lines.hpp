#pragma once

#include "blocks/kit.hpp"

/// Where a page stands and what it has tried: the same lines on the card and in `/oncall status`.
namespace blocks {

/// "Level 1 of 3, try 2 of 2, round 1 of 2"; empty: no step has been run, or it is over.
kit::Mrkdwn where_it_stands(const AlertView& shown);

/// "Next: bo and chi, today at 12:10"; when nobody is left, what happens then. Empty: it is not being paged.
kit::Mrkdwn what_comes_next(const AlertView& shown);

/// A line for each try of each person, the newest `most` of them: "today at 12:00, level 1, try 1: ana by Slack, SMS *failed*
/// (carrier)". Those before are counted. `live`: also what is only true at this moment, as a card that stands can't say it.
std::vector<kit::Mrkdwn> attempt_lines(const AlertView& shown, std::size_t most, bool live);

} // namespace blocks
