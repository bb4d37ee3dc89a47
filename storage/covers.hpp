#pragma once

#include "oncall/cover.hpp"
#include "storage/database.hpp"

#include <set>

namespace storage {

/// Requests for cover, swaps and takes, with what was taken of them.
struct CoverRequests {
    Transaction& tx;

    /// Stores a new one; sets its id.
    void add(oncall::CoverRequest& request) const;
    std::optional<oncall::CoverRequest> find(std::int64_t id) const;
    /// Writes everything that may change, with its parts.
    void save(const oncall::CoverRequest& request) const;
    /// Those that are open, and those of which something was taken or is to be and is not over; oldest first.
    std::vector<oncall::CoverRequest> active(TimePoint now) const;
    /// The open ones of a person, oldest first.
    std::vector<oncall::CoverRequest> open_of(const std::string& requester) const;
    /// How many a person has made since then.
    std::size_t asked_since(const std::string& requester, TimePoint when) const;
    /// The overrides that came of any and are not over by what was taken.
    std::set<std::int64_t> overrides_made(TimePoint now) const;
};

/// A message of a request that stands, or is to.
struct CoverMessage {
    std::string key{}; // of the outbox row that posts and edits it
    std::int64_t request{};
    oncall::CoverAudience audience{};
    std::string place{}; // the person or the channel it goes to
    std::string channel{}; // where it stands; empty: not yet
    std::string ts{};
};
struct CoverMessages {
    Transaction& tx;

    /// False when its key exists: nothing changes.
    bool add(const CoverMessage& message) const;
    std::optional<CoverMessage> find(const std::string& key) const;
    std::vector<CoverMessage> of(std::int64_t request) const;
    /// It stands there from here on.
    void stands(const std::string& key, const std::string& channel, const std::string& ts) const;
    void forget(const std::string& key) const;
};

} // namespace storage
