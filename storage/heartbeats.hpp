#pragma once

#include "oncall/heartbeat.hpp"
#include "storage/database.hpp"

namespace storage {

struct Heartbeats {
    Transaction& tx;
    static constexpr int most_of_source = 500;
    static constexpr int most_listed = 5'000;

    /// Stores a new one; sets its id.
    void add(oncall::Heartbeat& heartbeat) const;
    std::optional<oncall::Heartbeat> find(std::int64_t id) const;
    std::optional<oncall::Heartbeat> find(const std::string& source, const std::string& name) const;
    /// By name.
    std::vector<oncall::Heartbeat> of_source(const std::string& source) const;
    /// Of all sources, by name.
    std::vector<oncall::Heartbeat> all() const;
    /// Those that oncall.yaml or a form says there are.
    std::vector<oncall::Heartbeat> configured() const;
    /// Those that are paused, by the ends of their pauses.
    std::vector<oncall::Heartbeat> paused() const;
    /// Those that were heard of after `now`.
    std::vector<oncall::Heartbeat> ahead_of(TimePoint now) const;
    /// How many of a source nobody has configured.
    int made_by_pings(const std::string& source) const;
    /// Writes everything that may change: all but source and name.
    void save(const oncall::Heartbeat& heartbeat) const;
    void remove(std::int64_t id) const;
    /// Since when pings are listened to: the last start; TimePoint{}: unknown.
    TimePoint listening_since() const;
};

} // namespace storage
