#pragma once

#include "blocks/form.hpp"
#include "oncall/notification_rules.hpp"
#include "oncall/time_style.hpp"

/// The form of a notification rule, pure: what the rule says goes into fields, and comes back from them.
namespace handlers {

inline constexpr std::size_t most_rule_steps = 5;

/// What stands in the fields at first: "name", "days", "from", "to", "steps[0].methods", "steps[0].wait" …
blocks::Values rule_values(const oncall::NotificationRule& rule);

/// The fields. `hers`: methods that may be chosen one by one.
std::vector<blocks::Part> rule_parts(const blocks::Values& values, const std::vector<oncall::ContactMethod>& hers,
    const std::string& time_zone, oncall::TimeStyle style = {});

struct ReadRule {
    oncall::NotificationRule rule{};
    std::map<std::string, std::string> errors{}; // field → what is wrong with it
};
ReadRule rule_in(const blocks::Values& values, oncall::Urgency urgency, const std::vector<oncall::ContactMethod>& hers);

/// The form of a rule, to be filled with `values`. `words` are said on top.
blocks::Form rule_form(std::vector<blocks::Part> parts, bool fresh, oncall::Urgency urgency, const std::string& words);

/// The form of quiet hours: "days", "from", "to".
blocks::Values quiet_values(const oncall::Window& window);
std::vector<blocks::Part> quiet_parts(const std::string& time_zone, oncall::TimeStyle style = {});
blocks::Form quiet_form(std::vector<blocks::Part> parts);
struct ReadQuiet {
    oncall::Window window{};
    std::map<std::string, std::string> errors{};
};
ReadQuiet quiet_in(const blocks::Values& values);

std::size_t steps_in(const blocks::Values& values);
void add_step(blocks::Values& values);
void move_step(blocks::Values& values, std::size_t from, std::size_t to);
void remove_step(blocks::Values& values, std::size_t index);

/// What stands in the fields as text, to be carried by a view; and back, nullopt when it is none of ours.
std::string carried(const blocks::Values& values);
std::optional<blocks::Values> carried_in(const std::string& text);

} // namespace handlers
