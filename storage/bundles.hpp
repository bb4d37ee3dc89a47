#pragma once

#include "oncall/bundling.hpp"
#include "oncall/notification_rules.hpp"
#include "storage/database.hpp"

namespace storage {

/// Pages of one person and urgency that are told in one message. Its members are runs.
struct Bundle {
    oncall::BundleId id{};
    std::string person{};
    oncall::Urgency urgency{};
    std::vector<oncall::NotificationStep> steps{}; // the rule that all its members go by
    TimePoint opened_at{};
    TimePoint closes_at{};
    bool quiet{}; // they waited for the end of her quiet hours
};
struct Bundles {
    Transaction& tx;

    /// Stores a new one; sets its id.
    void add(Bundle& bundle) const;
    std::optional<Bundle> find(oncall::BundleId id) const;
    /// The newest that such a run can still join. `drill`: it is of a drill; these are apart.
    std::optional<Bundle> open(const std::string& person, oncall::Urgency urgency,
        const std::vector<oncall::NotificationStep>& steps, bool drill, TimePoint now) const;
    /// The alerts that she was told of by it, or is being told of, without those that she has declined.
    std::vector<oncall::AlertId> told(oncall::BundleId id) const;
    /// Of which she was told by the last thing that was sent to her by such a method in that time, if that was a bundle.
    /// `person`: a Slack user id.
    std::optional<oncall::BundleId> last_told(
        const std::string& person, oncall::ContactKind kind, TimePoint from, TimePoint to) const;
};

} // namespace storage
