#pragma once

#include "oncall/alert.hpp"
#include "storage/database.hpp"

#include <vector>

namespace storage {

/// What became of a request of Opsgenie's Alert API, as its sender may ask.
struct OpsgenieRequest {
    std::string request{}; // a UUID
    std::string source{};
    TimePoint at{};
    std::string action{}; // "Create", "Close" …
    bool success{};
    std::string status{}; // in words
    oncall::AlertId alert{}; // zero: none
    std::string alias{};
};

struct OpsgenieRequests {
    Transaction& tx;
    static constexpr std::int64_t most_kept = 10'000;

    /// Drops the oldest beyond the most.
    void add(const OpsgenieRequest& request) const;
    std::optional<OpsgenieRequest> find(const std::string& source, const std::string& request) const;
    void forget_before(TimePoint when) const;
};

/// The alerts of one source that its lists may show.
struct SourceAlerts {
    enum class Which { all, open, closed };
    Transaction& tx;

    /// Open, or closed since then; newest first.
    std::vector<oncall::AlertId> ids(
        const std::string& source, Which which, TimePoint closed_since, bool oldest_first, std::int64_t most) const;
    std::int64_t count(const std::string& source, Which which, TimePoint closed_since) const;
};

} // namespace storage
