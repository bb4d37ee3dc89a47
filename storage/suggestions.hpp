#pragma once

#include "oncall/correlation.hpp"
#include "storage/repositories.hpp"

namespace storage {

/// What was suggested about an alert, and what became of that.
struct Suggestion {
    enum class State { open, merged, refused };
    oncall::AlertId alert{};
    oncall::Related likeliest{}; // that was suggested
    std::vector<oncall::Related> candidates{}; // with the likeliest, in its order
    TimePoint made_at{};
    State state{State::open};
    std::string decided_by{}; // a Slack user id
    TimePoint decided_at{};
};
struct Suggestions {
    Transaction& tx;

    /// False: something was suggested about that alert before, and nothing changes.
    bool add(const Suggestion& suggestion) const;
    std::optional<Suggestion> find(oncall::AlertId alert) const;
    /// Only of one that is open: false, somebody was faster.
    bool decide(oncall::AlertId alert, Suggestion::State state, const std::string& person, TimePoint at) const;
    /// Made since then, oldest first.
    std::vector<Suggestion> since(TimePoint when, int most) const;
    /// So many alerts came in the last ten seconds that there is other work, and nobody reads suggestions.
    bool is_storm(TimePoint now) const;

    /// The open alerts that came in the last minutes before one: of these services so many each, and of all others; each once,
    /// with what stands for it. What is of no source, a drill, or not shown is none of them.
    std::vector<oncall::Around> around(const oncall::Alert& alert, const std::vector<std::string>& services) const;
};

/// Alerts that have nothing to do with each other, as somebody said, also when they come again.
struct UnrelatedAlerts {
    Transaction& tx;

    void add(const oncall::Alert& one, const oncall::Alert& other, const std::string& person, TimePoint at) const;
    bool has(const oncall::Alert& one, const oncall::Alert& other) const;
};

} // namespace storage
