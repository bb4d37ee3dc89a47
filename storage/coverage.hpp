#pragma once

#include "oncall/coverage_announcements.hpp"
#include "storage/repositories.hpp"

/// What teams were told of the coverage of their schedules.
namespace storage {

/// A schedule whose findings are told ahead.
struct WatchedCoverage {
    std::int64_t id{};
    std::string schedule{};
    TimePoint next{}; // nothing of it is to do before
    TimePoint quiet_until{}; // and nothing is told
};
struct WatchedCoverages {
    Transaction& tx;

    std::vector<WatchedCoverage> all() const;
    std::optional<WatchedCoverage> find(std::int64_t id) const;
    /// Adds it, or writes its `next` and `quiet_until`; sets its id.
    void save(WatchedCoverage& one) const;
    void remove(std::int64_t id) const;
};

/// A finding as it was told.
struct CoverageFinding {
    oncall::Finding finding{};
    oncall::Ahead ahead{};
    TimePoint over_at{}; // TimePoint{}: it holds
    oncall::ToldFinding told() const;
};
struct ToldCoverage {
    std::int64_t id{};
    std::string schedule{};
    TimePoint at{};
    std::vector<CoverageFinding> findings{};
};
/// Where it was told.
struct CoverageMessage {
    std::int64_t id{};
    std::int64_t told{};
    std::string channel{}; // of a team, as configured
    std::string place{}; // where it goes: `channel`, or another when Slack refused that
    std::string trouble{}; // why; empty: it did not
    std::string posted_in{}; // Slack's id; empty: it does not stand yet
    std::string ts{};
};
/// The key of the outbox row that posts it and brings it up to date.
std::string coverage_key(std::int64_t message);

struct ToldCoverages {
    Transaction& tx;

    /// Stores it with its findings; sets its id.
    void add(ToldCoverage& one) const;
    std::optional<ToldCoverage> find(std::int64_t id) const;
    /// Those of a schedule of which a finding holds.
    std::vector<ToldCoverage> open(const std::string& schedule) const;
    void over(std::int64_t id, std::size_t place, TimePoint at) const;
    /// Those told before then, with their messages.
    void forget_before(TimePoint when) const;

    CoverageMessage show(std::int64_t told, const std::string& channel) const;
    std::optional<CoverageMessage> message(std::int64_t id) const;
    std::vector<CoverageMessage> messages(std::int64_t told) const;
    void posted(std::int64_t message, const std::string& channel, const std::string& ts) const;
    void moved(std::int64_t message, const std::string& place, const std::string& trouble) const;
};

/// Whom Slack has said that it does not know, by what the configuration calls them. Who is known by now is none of them.
struct UnknownPeople {
    Transaction& tx;

    void add(const std::string& person) const;
    std::set<std::string> all() const;
    /// Of whoever is not in `named` nothing is kept.
    void keep_only(const std::set<std::string>& named) const;
};

/// What is known of everybody whom the configuration may name.
oncall::RotaPeople rota_people(Transaction& tx);

} // namespace storage
