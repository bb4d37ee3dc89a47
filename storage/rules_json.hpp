#pragma once

#include "oncall/notification_rules.hpp"

/// Notification rules as they are stored, as JSON.
namespace storage {

std::string rules_out(const std::vector<oncall::NotificationRule>& rules);
std::vector<oncall::NotificationRule> rules_in(const std::string& text);
std::string steps_out(const std::vector<oncall::NotificationStep>& steps);
std::vector<oncall::NotificationStep> steps_in(const std::string& text);

} // namespace storage
