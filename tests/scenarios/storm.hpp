#pragma once

#include "config/oncall_yaml.hpp"
#include "workspace/workspace.hpp"

#include <map>
#include <string>
#include <vector>

/// A storm: many reports over few keys of twenty services, each with somebody on call and a channel of its own.
namespace storm {

using std::chrono::milliseconds;

inline constexpr int services = 20;
inline constexpr int keys_of_each = 10;

struct Shot {
    milliseconds at{}; // after it begins
    int service{};
    int key{}; // of the service's
    bool fires{}; // else it says that it is over
};

/// So many reports, evenly over that time; keys by chance, and a fifth of them are over. The same for the same seed.
std::vector<Shot> shots(int many, milliseconds length, std::uint64_t seed);

/// As the generic source takes it.
std::string body(const Shot& shot);
std::string dedup_key(const Shot& shot);
inline constexpr const char* source_key{"storm-key"};

std::string yaml();
oncall::Configuration configuration();
std::string person(int service); // its on-call
std::string channel(int service);
/// Those people and channels.
void inhabit(workspace::Workspace& slack);

/// How long each service's first alert took to reach its on-call by direct message, from the times at which those were sent;
/// one that never did: an hour.
std::vector<milliseconds> until_paged(workspace::Workspace& slack, const std::map<int, doors::TimePoint>& first_sent);

/// What a service's channel says: how many alerts there are, on cards of their own and on those that many share, and how many of
/// them are over.
struct Tally {
    int alerts{};
    int resolved{};
    bool operator==(const Tally&) const = default;
};
Tally told(workspace::Workspace& slack, int service);

} // namespace storm
