#pragma once

#include "storage/repositories.hpp"

#include <compare>

/// What keeps us from something until a person acts, and the messages that wait for that.
namespace storage {

/// kind      subject
/// channel   a channel, as configured, that takes no posts of ours
/// scope     a scope of Slack's that the app lacks
/// app       Slack's code for another thing that the app or the workspace lacks
/// token     the setting of a token that Slack does not accept
struct TroubleKey {
    std::string kind{};
    std::string subject{};
    auto operator<=>(const TroubleKey&) const = default;
};
struct Trouble {
    TroubleKey of{};
    std::string code{}; // Slack's
    std::string method{}; // that was refused with it
    TimePoint since{};
    TimePoint due{}; // the next try
    TimePoint said_at{}; // TimePoint{}: not yet
    TimePoint over_at{}; // TimePoint{}: it stands
    std::int64_t released{}; // messages that went out when it was over
};
struct Troubles {
    Transaction& tx;

    /// In the order of their kinds and subjects; also those that are over and were not said to be.
    std::vector<Trouble> all() const;
    std::optional<Trouble> find(const TroubleKey& of) const;
    /// It stands, from now on if it did not; tried again at `due`. True when it is new.
    bool note(const TroubleKey& of, const std::string& code, const std::string& method, TimePoint now, TimePoint due) const;
    void said(const TroubleKey& of, TimePoint now) const;
    /// Tried again then.
    void put_off(const TroubleKey& of, TimePoint due) const;
    /// All of a kind are tried again now.
    void look_again(const std::string& kind, TimePoint now) const;
    /// It stands no more; one of which nobody was told is forgotten.
    void over(const TroubleKey& of, std::int64_t released, TimePoint now) const;
    void forget(const TroubleKey& of) const;

    /// The row of the outbox of that key waits for its end. True when it did not before.
    bool wait(const std::string& key, const TroubleKey& of) const;
    /// What that row waits for.
    std::optional<TroubleKey> awaited(const std::string& key) const;
    void wait_no_more(const std::string& key) const;
    /// The rows that wait for it and are not under way, oldest first.
    std::vector<OutboxRow> waiting(const TroubleKey& of) const;
    /// A row that waits is sent now.
    void hurry(const std::string& key, TimePoint now) const;
    /// Entries of rows that are no more.
    void forget_strays() const;
};

} // namespace storage
