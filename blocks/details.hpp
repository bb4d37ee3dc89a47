#pragma once

#include "blocks/blocks.hpp"

/// An alert beside its card.
namespace blocks {

namespace action {
inline constexpr std::string_view show{"alert.show"}; // value: the alert
inline constexpr std::string_view in_details{"alert.details"}; // block_id of the buttons there
} // namespace action

/// All that there is to show of it, whatever state it is in, for whoever asked: nobody is mentioned. `story`: its timeline, of
/// which the last lines are shown.
Message details(const AlertView& shown, const std::vector<oncall::TimelineEntry>& story = {}, const Names& names = {});

/// How it stands now, as a line of its own in its channel. Mentions nobody.
Message change_line(const AlertView& shown);

} // namespace blocks
