#pragma once

#include "storage/database.hpp"

/// The addresses at which calendar apps read shifts, and what they were told there.
namespace storage {

struct CalendarAddress {
    std::string person{}; // whose address it is, a Slack user id
    std::string schedule{}; // whose shifts; empty: the person's own
    std::string nonce{}; // what the token is made of, with the service's secret
    std::string token_hash{}; // SHA-256
    TimePoint made_at{};
    TimePoint read_at{}; // TimePoint{}: never
};
struct CalendarAddresses {
    Transaction& tx;

    std::optional<CalendarAddress> find(const std::string& person, const std::string& schedule) const;
    std::optional<CalendarAddress> by_token_hash(const std::string& hash) const;
    /// Adds it, or replaces the person's for these shifts: the address before is none any more.
    void save(const CalendarAddress& address) const;
    void was_read(const CalendarAddress& address, TimePoint now) const;
};

/// A shift as calendar apps were told of it.
struct PublishedShift {
    std::string uid{};
    std::string digest{}; // of all that they are told
    int sequence{};
    TimePoint changed_at{};
    TimePoint ends_at{};
};
struct PublishedShifts {
    Transaction& tx;

    std::optional<PublishedShift> find(const std::string& uid) const;
    void save(const PublishedShift& shift) const;
    void forget_before(TimePoint end) const;
};

} // namespace storage
