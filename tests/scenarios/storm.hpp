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
    int service{};
    int key{}; // of the service's
    bool fires{}; // else it says that it is over
};
/// What a monitoring system sends at once: several alerts of one service, as Alertmanager groups them.
struct Volley {
    milliseconds at{}; // after the storm begins
    std::vector<Shot> shots{};
    int service() const { return shots.front().service; }
};

/// So many reports, five at a time, evenly over that time; services and keys by chance, and a fifth of them are over. The same
/// for the same seed.
std::vector<Volley> volleys(int reports, milliseconds length, std::uint64_t seed);

std::string body(const Volley& volley);
std::string dedup_key(const Shot& shot);
/// Each service has a source of its own, for one source may send 1,200 requests a minute.
std::string source_key(int service);

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
