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
    /// Those that a digest is for, whatever became of them.
    std::vector<oncall::Run> of_digest(std::int64_t digest) const;
    /// Writes everything that may change; `run.version` becomes one more. Throws Conflict when somebody was faster.
    void save(oncall::Run& run) const;
};

} // namespace storage
