#pragma once

#include "handlers/settings_forms.hpp"

/// The form of an escalation policy, pure. A form of Slack has no room for all levels with all that is in them: one shows the
/// policy and its levels in short, another one level. What stands in all of them is one set of values, which the draft keeps.
namespace handlers {

/// What a form takes; more is for oncall.yaml.
inline constexpr std::size_t most_levels = 20;
inline constexpr std::size_t most_targets = 25;

/// "levels[0].patience"
std::string level_field(std::size_t index, const std::string& what);
/// The level that a field belongs to.
std::optional<std::size_t> level_of(const std::string& field);

/// Throws Refusal when it does not fit into a form.
void put(blocks::Values& values, const oncall::Policy& policy);
/// What can be read; what cannot is an error, at a field of the policy's form or of a level's.
void read(oncall::Policy& policy, const blocks::Values& values, std::map<std::string, std::string>& errors);

/// The policy's own fields, and its levels in short, each with a menu.
std::vector<blocks::Part> policy_parts(const blocks::Values& values, const Naming& naming);
/// One level: its targets, each with a menu, and its fields.
std::vector<blocks::Part> level_parts(const std::string& policy, const blocks::Values& values, std::size_t index,
    const oncall::Configuration& now, const Naming& naming);
/// Whom a level may page besides people, channels, user groups and webhooks.
std::vector<blocks::Choice> target_choices(const oncall::Configuration& now);

/// The field that a problem is shown at; `rest` is what follows "policy payments." in its path. Empty: none.
std::string policy_field(const oncall::Policy& policy, const std::string& rest);

/// One level more at the end, one elsewhere, one less.
void add_level(blocks::Values& values);
void move_level(blocks::Values& values, std::size_t from, std::size_t to);
void remove_level(blocks::Values& values, std::size_t index);
std::size_t levels_in(const blocks::Values& values);

/// Who and what was chosen in the form of a level to be added stands among its targets from here on.
void take_added(blocks::Values& values, std::size_t index, const Naming& naming);
void move_target(blocks::Values& values, std::size_t index, std::size_t from, std::size_t to);
void remove_target(blocks::Values& values, std::size_t index, std::size_t target);

} // namespace handlers
