#pragma once

#include "oncall/run.hpp"
#include "storage/database.hpp"

namespace storage {

/// People's ladders, one for each try of a page that reaches them.
struct Runs {
    Transaction& tx;

    /// Stores a new one; sets its id. False when that try of the page has one for her: nothing changes.
    bool add(oncall::Run& run) const;
    std::optional<oncall::Run> find(oncall::RunId id) const;
    /// By id.
    std::vector<oncall::Run> of_page(oncall::PageId page) const;
    /// Those that are active or held.
    std::vector<oncall::Run> open_of(oncall::PageId page) const;
    /// A person's that are held by her quiet hours.
    std::vector<oncall::Run> held_for(const std::string& person) const;
    /// When the newest `most` pages of that urgency reached for her last, the run's own apart: further tries of a page are no
    /// further pages. Of a drill's run those of drills, else the others.
    std::vector<TimePoint> recent(const oncall::Run& run, int most) const;
    /// The active ones of a bundle whose step `next` is due, by id.
    std::vector<oncall::Run> due_of(oncall::BundleId bundle, int next, TimePoint now) const;
    /// Writes everything that may change; `run.version` becomes one more. Throws Conflict when somebody was faster.
    void save(oncall::Run& run) const;
};

} // namespace storage
