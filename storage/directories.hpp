#pragma once

#include "oncall/directory.hpp"
#include "storage/database.hpp"

#include <optional>

namespace storage {

/// How the reading of a directory goes, and what it said last.
struct DirectoryState {
    std::string name{};
    std::string origin{}; // a digest of where it is read from
    oncall::SyncedServices services{};
    std::string report{}; // of the last whole reading, a line for each thing
    TimePoint read_at{}; // TimePoint{}: never
    TimePoint due{};
    int failures{}; // since it was read last
    std::string trouble{}; // why it was not read; empty: it was
    bool told{}; // that was said
};

struct Directories {
    Transaction& tx;

    std::optional<DirectoryState> find(const std::string& name) const;
    /// All that were ever read, without what they said: one that is named anew goes on from there.
    std::vector<DirectoryState> all() const;
    /// Adds it, or replaces the one of that name.
    void save(const DirectoryState& state) const;
    /// The services with open alerts.
    std::set<std::string> alerting() const;
    /// Rests until `due`; adds it when it is not there.
    void put_off(const std::string& name, const std::string& origin, TimePoint due) const;
};

} // namespace storage
