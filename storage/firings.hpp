#pragma once

#include "oncall/flapping.hpp"
#include "storage/repositories.hpp"

/// That alerts fired before: the same one, others of its key, others of its service.
namespace storage {

/// What alerts were when their source said that they are over.
struct Clears {
    Transaction& tx;

    /// Of an `Undo` its version and actor are left out.
    std::optional<Undo> find(oncall::AlertId alert) const;
    void save(oncall::AlertId alert, const Undo& before) const;
    void forget(oncall::AlertId alert) const;
    void tidy(TimePoint now) const;
};

struct CameBack {
    oncall::AlertId alert{};
    TimePoint at{};
    oncall::milliseconds over_for{};
    std::string flapping{}; // that it flapped then, in words; empty: it did not
};
struct CameBacks {
    Transaction& tx;
    static constexpr int most_of_each = 100; // of an alert; of more the oldest go
    static constexpr auto kept_for = std::chrono::days{90};

    void add(const CameBack& one) const;
    /// The last time; nullopt: it never did, or long ago.
    std::optional<CameBack> last(oncall::AlertId alert) const;
    void tidy(TimePoint now) const;
};

/// An open alert of the same service.
struct Neighbour {
    oncall::AlertId id{};
    std::string title{};
};

struct Firings {
    Transaction& tx;
    static constexpr int most_alerts = 20; // that are looked at
    static constexpr int most_alerts_paged = 500; // of which is asked who was paged
    static constexpr int most_neighbours = 50;

    /// Of a source and key since then, drills aside; of many the newest.
    std::vector<oncall::Firing> since(const std::string& source, const std::string& dedup_key, TimePoint when) const;
    /// When somebody was last told by a page of it; zero: of its newest alerts nobody was.
    TimePoint last_paged(const std::string& source, const std::string& dedup_key) const;
    /// The newest alert of a source and key.
    std::optional<oncall::Alert> newest(const std::string& source, const std::string& dedup_key) const;
    /// The one of its source and key before it, drills aside.
    std::optional<oncall::Alert> before(const oncall::Alert& alert) const;
    /// What a person said of how it ended, the last of it; empty: nobody said anything.
    std::string note_of(const oncall::Alert& resolved) const;
    /// The open alerts of its service that came in the time before it, the newest first; those in its own group aside.
    std::vector<Neighbour> beside(const oncall::Alert& alert, oncall::milliseconds looks_back) const;
};

} // namespace storage
