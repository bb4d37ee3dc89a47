#pragma once

#include "oncall/alert.hpp"
#include "storage/database.hpp"

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

} // namespace storage
