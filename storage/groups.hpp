#pragma once

#include "storage/repositories.hpp"

namespace storage {

/// An alert that stands for others, or may.
struct AlertGroup {
    oncall::AlertId parent{};
    TimePoint last_at{}; // the last report of any of them
    std::int64_t members{1}; // with itself
    oncall::Urgency urgency{oncall::Urgency::low}; // of all that ever were in it the highest
    int worst{-1}; // severity; -1: not known
    TimePoint over_at{}; // its own source says so since then, and others of it are open; zero: it does not
};
struct AlertGroups {
    Transaction& tx;

    std::optional<AlertGroup> find(oncall::AlertId parent) const;
    void save(const AlertGroup& group) const;
    /// It was merged into another: its keys lead there, and so do its children.
    void move(oncall::AlertId from, oncall::AlertId into, TimePoint began_at) const;
    /// What comes with that key from now on may be of its group. Those that began before `old` take nothing any more.
    void take_key(const std::string& key, oncall::AlertId parent, TimePoint began_at, TimePoint old) const;
    /// The open alerts that take what comes with that key, the newest first.
    std::vector<oncall::AlertId> of_key(const std::string& key, int most) const;
    /// Any of the group, or the one that stands for it, was reported.
    void reported(oncall::AlertId parent, TimePoint at) const;

    struct Count {
        std::int64_t open{};
        std::int64_t over{};
    };
    /// Of its children.
    Count count(oncall::AlertId parent) const;
    bool has_open(oncall::AlertId parent) const;
    std::vector<oncall::AlertId> open_children(oncall::AlertId parent) const;
    /// The open ones first, of them the urgent, the newest first.
    std::vector<oncall::Alert> some(oncall::AlertId parent, int most) const;
    /// Those resolved by one answer, to be taken back.
    std::vector<oncall::AlertId> resolved_by(oncall::AlertId parent, const std::string& person, TimePoint at) const;
    /// Open children of whatever group, the newest first.
    std::vector<oncall::Alert> all_open_children(int most) const;
};

} // namespace storage
