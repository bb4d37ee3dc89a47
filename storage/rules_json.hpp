#pragma once

#include "oncall/quiet_hours.hpp"

/// Notification rules as they are stored, as JSON.
namespace storage {

std::string rules_out(const std::vector<oncall::NotificationRule>& rules);
std::vector<oncall::NotificationRule> rules_in(const std::string& text);
/// Nothing said is the empty text.
std::string quiet_out(const oncall::QuietHours& quiet);
oncall::QuietHours quiet_in(const std::string& text);
std::string steps_out(const std::vector<oncall::NotificationStep>& steps);
std::vector<oncall::NotificationStep> steps_in(const std::string& text);

} // namespace storage
