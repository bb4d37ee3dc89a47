#pragma once

#include "oncall/escalation.hpp"
#include "oncall/identities.hpp"
#include "storage/database.hpp"

/// What the levels of policies need to remember besides their pages.
namespace storage {

using oncall::TimePoint;

/// With whom each round robin began last. Taken in the transaction of the page that begins it.
struct RoundRobins {
    Transaction& tx;

    std::optional<oncall::Beginning> find(const std::string& policy, int levels_left) const;
    void save(const std::string& policy, int levels_left, const oncall::Beginning& beginning) const;
};

/// A Slack user group that a policy pages, as Slack said when it was read last.
struct ReadGroup {
    std::string name{}; // "@payments", or its id
    std::string slack_id{}; // empty: not found yet
    std::vector<std::string> members{}; // Slack user ids
    TimePoint read_at{}; // TimePoint{}: never
    std::string trouble{}; // what Slack said instead, the last time it was asked; empty: nothing
};
struct ReadGroups {
    Transaction& tx;

    std::vector<ReadGroup> all() const;
    void save(const ReadGroup& group) const;
    /// Of the pages that name a group, until their alerts are resolved: whoever has one may give it back. Each once.
    std::vector<oncall::Policy> running_policies() const;
    /// Those that were read.
    oncall::GroupMembers members() const;
};

/// The pages that wait for working hours.
std::vector<oncall::PageId> waiting_pages(Transaction& tx);

/// Who a configured person is in Slack, if that is known by now; else the reference itself.
std::string known_as(Transaction& tx, const std::string& reference);

/// Who people are in Slack, by what the configuration calls them and by their addresses.
oncall::Known known_people(Transaction& tx);

/// All that the page's next step depends on. `alert` and `configuration` must outlive it, and so must `page` and `tx`.
oncall::Surroundings surroundings(
    Transaction& tx, const oncall::Alert& alert, const oncall::Configuration& configuration, const oncall::Page& page);

} // namespace storage
