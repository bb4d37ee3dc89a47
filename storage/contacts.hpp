#pragma once

#include "oncall/quiet_hours.hpp"
#include "storage/database.hpp"

/// How people want to be reached. A save is conditional on the version that was read and throws Conflict when somebody was
/// faster.
namespace storage {

struct ContactMethods {
    Transaction& tx;

    /// Stores a new one; sets its id. False when she has one of that kind and address: nothing changes.
    bool add(oncall::ContactMethod& method) const;
    std::optional<oncall::ContactMethod> find(oncall::ContactId id) const;
    /// Those of a person, by id, also those that cannot be used.
    std::vector<oncall::ContactMethod> of(const std::string& person) const;
    /// Everybody's with that address, by id, also those that cannot be used: several may share a number.
    std::vector<oncall::ContactMethod> at(oncall::ContactKind kind, const std::string& address) const;
    /// Writes everything but who, what came of it last, and its code; `method.version` becomes one more.
    void save(oncall::ContactMethod& method) const;
    void remove(oncall::ContactId id) const;

    /// Something was sent to it, and what came of that. Not a change that a form would be stale by.
    void used(oncall::ContactId id, TimePoint at, const std::string& outcome) const;
    /// It will never work again, or she wants no more of it. Keeps the time of one that was stopped before.
    void stop(oncall::ContactId id, TimePoint at) const;

    /// The code that was sent to it and has not been typed yet, as its hash; empty: none.
    struct PendingCode {
        std::string hash{};
        TimePoint until{};
        int tries{}; // wrong ones
    };
    PendingCode pending_code(oncall::ContactId id) const;
    /// One that was sent before is void.
    void set_code(oncall::ContactId id, const std::string& code_hash, TimePoint until) const;
    /// A wrong one was typed.
    void count_try(oncall::ContactId id) const;
    void forget_code(oncall::ContactId id) const;
};

/// Numbers whose owners said STOP and not START since; kept as hashes, also when nobody has such a number any more.
struct StoppedNumbers {
    Transaction& tx;

    /// STOP was said then. False when something was said later: nothing changes.
    bool add(const std::string& number, TimePoint at) const;
    /// The same of START.
    bool remove(const std::string& number, TimePoint at) const;
    bool has(const std::string& number) const;
};

/// A person's own rules for both urgencies, in her order. A team's default is kept under "team:payments".
struct PersonsRules {
    std::string person{};
    std::int64_t version{}; // 0: none are stored
    std::vector<oncall::NotificationRule> rules{};
    oncall::QuietHours quiet{};
};
struct NotificationRules {
    Transaction& tx;

    PersonsRules of(const std::string& person) const;
    /// Teams that have a default, by name.
    std::vector<std::string> teams() const;
    /// `rules.version` becomes one more.
    void save(PersonsRules& rules) const;
    /// From here on the defaults hold.
    void remove(const std::string& person) const;
};

} // namespace storage
