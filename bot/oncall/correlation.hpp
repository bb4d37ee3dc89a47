#pragma once

#include "oncall/grouping.hpp"

#include <array>

/// Which open alert a new one may belong to, and why. A suggestion: whoever sees it decides, and paging knows nothing of it.
namespace oncall {

/// Two alerts further apart have nothing to do with each other, as far as we can tell.
inline constexpr milliseconds related_within{5 * 60'000};
/// From here on two texts say the same.
inline constexpr double alike_from{0.6};
/// Labels that name one thing; two alerts that share one of these are about it.
inline constexpr std::array<std::string_view, 4> entity_labels{"host", "instance", "pod", "node"};
/// Labels that name where things are; many unrelated ones share them, so they speak for a reason and are none.
inline constexpr std::array<std::string_view, 3> place_labels{"cluster", "namespace", "region"};
/// The narrowest of these: two alerts there that say the same are related. In a cluster that half of all services are in, every
/// "error rate" would be the same one.
inline constexpr std::string_view word_label{"namespace"};
/// So many neighbours of a service are looked at, and so many open alerts around a new one.
inline constexpr std::size_t most_neighbours{40};
inline constexpr std::size_t most_around{200};

/// A service's neighbours in the graph of dependencies: what it depends on, and what depends on it.
struct Neighbours {
    std::vector<std::string> depends_on{};
    std::vector<std::string> dependants{};
};
/// Those that are known, at most `most_neighbours` together; what it depends on itself comes first.
Neighbours neighbours_of(const Configuration& configuration, const std::string& service);

/// An open alert around a new one.
struct Around {
    Alert alert{};
    Alert root{}; // that stands for it; itself when it stands for itself
    std::size_t members{1}; // of the root's group, with the root
};

/// An alert's group that a new one may belong to.
struct Related {
    AlertId into{}; // the root
    AlertId by{}; // the alert of its group that says so
    double score{}; // from 0 to 1; the higher the likelier
    std::string because{}; // "checkout depends on db, 2 min apart"
};

/// The groups that a new alert may belong to, the likeliest first, one line for each and at most five; none that takes no more. A
/// reason is always one in time AND one in what they are about: the same service or a neighbour's, the same host (pod, …), or the
/// same words in the same namespace. Never time alone, and never words alone. Two that say they are in different clusters or
/// regions are not related.
std::vector<Related> related_to(const Alert& arrived, const std::vector<Around>& around, const Neighbours& neighbours);

/// Which of these is to be suggested; none where two say different things: groups that nothing ties to each other are as likely.
/// `around` and `configuration` as they were found.
std::optional<Related> suggested(
    const std::vector<Related>& related, const std::vector<Around>& around, const Configuration& configuration);

} // namespace oncall
