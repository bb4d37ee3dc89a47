#pragma once

#include "oncall/alert.hpp"
#include "storage/database.hpp"

/// What is known of a service besides its configuration: its alerts, and who wants to hear of them.
namespace storage {

struct ServiceAlerts {
    Transaction& tx;

    /// Open ones that are shown, drills and those that another stands for aside; newest first.
    std::vector<oncall::Alert> open(const std::string& service, int most) const;
    /// Those of them that are of high urgency and that nothing holds back from paging.
    std::vector<oncall::Alert> urgent(const std::string& service, int most) const;
    /// Resolved since then, the last one first.
    std::vector<oncall::Alert> resolved(const std::string& service, TimePoint since, int most) const;
    /// How many are open of each service that has any.
    std::map<std::string, int> open_counts() const;
    /// The same of a team.
    std::vector<oncall::Alert> open_of_team(const std::string& team, int most) const;
};

struct Subscriptions {
    Transaction& tx;

    /// By Slack id: who wants to be told of that service, or no more.
    std::map<std::string, bool> of(const std::string& service) const;
    void save(const std::string& service, const std::string& person, bool wants, TimePoint now) const;
};

struct SubscriberMessage {
    std::string service{};
    std::string person{}; // a Slack user id
    TimePoint began{};
    TimePoint over_at{}; // TimePoint{}: something is wrong
    std::string shows{};
    std::string channel{};
    std::string ts{}; // empty: it does not stand yet
};
/// The key of the outbox row that says it.
std::string subscriber_key(const std::string& service, const std::string& person);
struct SubscriberMessages {
    Transaction& tx;

    std::vector<SubscriberMessage> of(const std::string& service) const;
    std::optional<SubscriberMessage> find(const std::string& service, const std::string& person) const;
    /// Adds it, or replaces the one of that service and person.
    void save(const SubscriberMessage& message) const;
    void stands(const std::string& service, const std::string& person, const std::string& channel, const std::string& ts) const;
    void forget(const std::string& service, const std::string& person) const;
};

} // namespace storage
