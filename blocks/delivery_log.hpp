#pragma once

#include "blocks/blocks.hpp"

namespace blocks {

/// What was done about an alert, and what was sent to whom for it.
struct DeliveryLog {
    oncall::Alert alert{};
    std::vector<oncall::TimelineEntry> entries{};
    std::vector<oncall::Notification> notifications{}; // of all its pages
    std::map<oncall::NotificationId, std::int64_t> pages_in_one{}; // how many its message told of, where it was more than one
    Names names{};
};

/// In the order of time; the newest ones are shown. No addresses: a method is named by its kind.
Message delivery_log(const DeliveryLog& log);

} // namespace blocks
