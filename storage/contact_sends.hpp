#pragma once

#include "oncall/contact.hpp"
#include "storage/database.hpp"

#include <optional>
#include <string>

namespace storage {

/// What people had sent to their contact methods, for the limits on it: "code", "test".
struct ContactSends {
    Transaction& tx;
    void add(const std::string& person, const std::string& what, const std::string& address, TimePoint at) const;
    /// The `most`th latest since then, counted from one: as many were sent, and it is the first to fall out of the limit.
    std::optional<TimePoint> by(const std::string& person, const std::string& what, TimePoint since, int most) const;
    /// The same to an address, whoever had it sent.
    std::optional<TimePoint> to(const std::string& address, const std::string& what, TimePoint since, int most) const;
    void forget_before(TimePoint when) const;

    /// Words of which a provider has yet to say what became of them. It is asked while the row is there.
    struct Awaited {
        std::int64_t row{}; // of the outbox
        oncall::ContactId contact{};
        std::string test{}; // the key of the test they were; empty: none
    };
    /// By what their provider calls them.
    std::optional<Awaited> awaited(const std::string& reference) const;
    /// `provider` is asked from `when` on.
    void await(const Awaited& words, const std::string& provider, const std::string& reference, oncall::ContactKind kind,
        TimePoint when) const;
};

} // namespace storage
