#pragma once

#include "blocks/blocks.hpp"

/// An alert beside its card.
namespace blocks {

namespace action {
inline constexpr std::string_view show{"alert.show"}; // value: the alert
} // namespace action

/// All that there is to show of it, whatever state it is in, for whoever asked: nobody is mentioned.
Message details(const AlertView& shown);

/// How it stands now, as a line of its own in its channel. Mentions nobody.
Message change_line(const AlertView& shown);

} // namespace blocks
