#pragma once

#include "config/oncall_yaml.hpp"

#include <string>
#include <vector>

namespace config {

/// One thing that the configuration is made of, as the file and Slack's forms change it. `json` is compact, its keys in a fixed
/// order, and holds what the file may say of it, by the same names; a schedule is without its overrides, a key is `key_hash`.
struct Item {
    std::string kind{}; // "team", "service", "schedule", "policy", "source", "heartbeat", "directory", "rule"
    std::string name{};
    std::string json{};
    bool operator==(const Item&) const = default;
};

/// All of it; kinds in the order above, by name, rules in their order. Equal configurations give equal items.
std::vector<Item> items_of(const oncall::Configuration& configuration);

/// The configuration that the items make, checked as the file is. `Problem::path` says where, as "policy
/// payments.levels[0].patience". Rules are in the order of the items.
Parsed configuration_of(const std::vector<Item>& items);

/// A schedule's overrides, as the file says one: {"from": …, "to": …, "put": […]}, times local in the schedule's zone.
std::string override_json(const oncall::Override& one, const std::string& schedule_zone);

} // namespace config
