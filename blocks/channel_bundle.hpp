#pragma once

#include "blocks/blocks.hpp"

/// Alerts of a storm on one card of their channel.
namespace blocks {

namespace action {
/// The button's value: "<bundle>:<alert>,<alert>…", those that were shown as waiting.
inline constexpr std::string_view acknowledge_shown{"channel_bundle.acknowledge"};
} // namespace action

struct ChannelBundleView {
    std::string id{}; // for the button
    std::string team{}; // whose all of them are; empty: they are of several
    std::vector<AlertView> alerts{}; // in the order in which they are told
};

/// How many it lists; the others are counted.
inline constexpr std::size_t most_in_channel_card = 9;

/// Lists what is not over, mentions all who are being paged in one line, and has one button that acknowledges what waits. Folds
/// when all is over.
Message channel_bundle(const ChannelBundleView& shown);

} // namespace blocks
