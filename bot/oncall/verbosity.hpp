#pragma once

#include "oncall/configuration.hpp"

#include <optional>
#include <string_view>

/// How much of its alerts a channel is told.
namespace oncall {

/// "cards", "thread", "all"
std::string_view name(Verbosity verbosity);
std::optional<Verbosity> verbosity_in(std::string_view word);

/// What a channel, as it is configured, is told: of the teams that share it the one that wants most counts, so that nobody misses
/// what they asked for. A channel of no team: cards and threads.
Verbosity verbosity_of(const Configuration& configuration, const std::string& channel);

/// What a line of an alert's timeline is to its channel. `shout`: nobody answered, nobody is left, it leads nowhere. Whatever is
/// shouted has a message of its own besides, at every verbosity.
enum class News { step, change, shout };
struct Told {
    bool in_thread{};
    bool in_channel{}; // as a line of its own
    bool operator==(const Told&) const = default;
};
/// `bundled`: the alert shares a card with others, which tells all there is to say.
Told told_of(News news, Verbosity verbosity, bool bundled);

} // namespace oncall
