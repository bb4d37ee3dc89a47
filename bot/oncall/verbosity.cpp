#include "oncall/verbosity.hpp"

#include <algorithm>

namespace oncall {

namespace {

constexpr std::pair<Verbosity, std::string_view> verbosity_words[]{
    {Verbosity::cards, "cards"}, {Verbosity::thread, "thread"}, {Verbosity::all, "all"}};

} // namespace

std::string_view name(Verbosity verbosity)
{
    for (const auto& [one, word] : verbosity_words)
        if (one == verbosity)
            return word;
    return "thread";
}

std::optional<Verbosity> verbosity_in(std::string_view word)
{
    for (const auto& [one, its] : verbosity_words)
        if (its == word)
            return one;
    return std::nullopt;
}

Verbosity verbosity_of(const Configuration& configuration, const std::string& channel)
{
    std::optional<Verbosity> most;
    for (const auto& [name, team] : configuration.teams)
        if (!channel.empty() && team.channel == channel)
            most = std::max(most.value_or(team.verbosity), team.verbosity);
    return most.value_or(Verbosity::thread);
}

Told told_of(News news, Verbosity verbosity, bool bundled)
{
    Told told;
    if (bundled)
        return told;
    told.in_thread = verbosity != Verbosity::cards || news == News::shout;
    told.in_channel = verbosity == Verbosity::all && news == News::change;
    return told;
}

} // namespace oncall
