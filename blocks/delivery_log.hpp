#pragma once

#include "blocks/blocks.hpp"

namespace blocks {

/// What was done about an alert, and what was sent to whom for it.
struct DeliveryLog {
    oncall::Alert alert{};
    std::vector<oncall::TimelineEntry> entries{};
    std::vector<oncall::Notification> notifications{}; // of all its pages
    Names names{};
};

/// In the order of time; the newest ones are shown. No addresses: a method is named by its kind.
Message delivery_log(const DeliveryLog& log);

} // namespace blocks
