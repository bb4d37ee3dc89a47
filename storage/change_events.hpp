#pragma once

#include "oncall/change_event.hpp"
#include "storage/database.hpp"

#include <string>
#include <vector>

namespace storage {

/// What was changed on purpose, as sources tell of it. Its `service` here is the one it was routed to; empty: none is known.
struct ChangeEvents {
    Transaction& tx;
    static constexpr int most_of_each = 1'000; // of a service; and of a source, of those without one
    static constexpr auto kept_for = std::chrono::days{90};

    /// Stores it and sets its id. One that its source told of before (by its key) says what it says now, and stays when it was.
    /// False: nothing is new in it.
    bool add(oncall::ChangeEvent& change) const;
    /// Of a service, the newest first; empty: those of no known service.
    std::vector<oncall::ChangeEvent> of_service(const std::string& service, int most) const;
    /// Of a source, those of no known service, the newest first.
    std::vector<oncall::ChangeEvent> of_source(const std::string& source, int most) const;
    /// Of all, the newest first.
    std::vector<oncall::ChangeEvent> last(int most) const;
    /// What may have to do with an alert, the oldest first: the last change of its service in the hour before it, and those
    /// since.
    std::vector<oncall::ChangeEvent> beside(const oncall::Alert& alert) const;
    /// The open alerts of a service that may have to do with a change made then, the newest first.
    std::vector<oncall::AlertId> alerts_beside(const std::string& service, TimePoint at, int most) const;
    void tidy(TimePoint now) const;
};

} // namespace storage
