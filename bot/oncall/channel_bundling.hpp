#pragma once

#include "oncall/bundling.hpp"

/// When alerts storm in a channel they share one card.
namespace oncall {

using ChannelBundleId = Id<struct ChannelBundleTag>;

/// A storm that goes on has another card after this time, or after so many alerts, so that whoever looks at the channel sees
/// that.
inline constexpr milliseconds joined_for{10 * 60'000};
inline constexpr std::size_t most_in_channel_bundle{100};

/// The newest bundle of a channel.
struct OpenChannelBundle {
    TimePoint opened_at{};
    std::size_t alerts{};
};

enum class ChannelPlace { card, join, open };
/// Where an alert that opens now is shown: by the rule that joins a person's pages, so many of a minute have cards of their own,
/// and further ones share one. `recent`: when others came to that channel before it, in any order; of those longer ago none is
/// needed.
ChannelPlace channel_place(
    const std::vector<TimePoint>& recent, const std::optional<OpenChannelBundle>& newest, TimePoint now, const Bundling& rule);

/// In the order in which a channel's card lists them: what waits for an answer first, what is over last; of these the most severe
/// first, and then the newest.
void order_for_channel(std::vector<Alert>& alerts);

} // namespace oncall
