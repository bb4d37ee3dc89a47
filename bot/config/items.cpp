#include "config/items.hpp"

#include "config/json.hpp"
#include "config/read_configuration.hpp"
#include "config/write.hpp"

#include <algorithm>
#include <deque>

namespace config {

namespace {

constexpr std::string_view item_kinds[]{
    "team", "service", "holidays", "schedule", "policy", "source", "heartbeat", "directory", "rule"};

} // namespace

std::vector<Item> items_of(const oncall::Configuration& configuration)
{
    std::vector<Item> items;
    for (const auto& [name, team] : configuration.teams)
        items.push_back({"team", name, json_of(write_team(team))});
    for (const auto& [name, service] : configuration.services)
        items.push_back({"service", name, json_of(write_service(service))});
    for (const auto& [name, calendar] : configuration.holidays)
        items.push_back({"holidays", name, json_of(write_holidays(calendar))});
    for (const auto& [name, schedule] : configuration.schedules)
        items.push_back({"schedule", name, json_of(write_schedule(schedule, false))});
    for (const auto& [name, policy] : configuration.policies)
        items.push_back({"policy", name, json_of(write_policy(policy))});
    for (const auto& [name, source] : configuration.sources)
        items.push_back({"source", name, json_of(write_source(source))});
    for (const auto& [name, monitor] : configuration.heartbeats)
        items.push_back({"heartbeat", name, json_of(write_heartbeat(monitor))});
    for (const auto& [name, directory] : configuration.directories)
        items.push_back({"directory", name, json_of(write_directory(directory))});
    for (const auto& rule : configuration.rules)
        items.push_back({"rule", rule.name, json_of(write_rule(rule, false))});
    return items;
}

Parsed configuration_of(const std::vector<Item>& items)
{
    const Environment nothing = [](const std::string&) { return std::optional<std::string>{}; };
    Reader reader{nothing, Names::people};
    std::deque<Node> trees; // what the sections point to stays where it is
    std::vector<Section> sections;
    for (const auto& item : items) {
        auto tree = node_in_json(item.json);
        const bool readable = tree.has_value();
        const auto& node = trees.emplace_back(readable ? std::move(*tree) : a_mapping());
        const Place at{&node, item.kind + " " + item.name};
        if (std::find(std::begin(item_kinds), std::end(item_kinds), item.kind) == std::end(item_kinds)) {
            reader.problem(at, "there is no kind `" + item.kind + "`",
                "use team, service, holidays, schedule, policy, source, heartbeat, directory or rule");
            continue;
        }
        if (!readable)
            reader.problem(at, at.path + " is no JSON", "write an object, as {\"key\": \"value\"}");
        sections.push_back({item.kind, item.name, &node, at});
    }
    return read_configuration(reader, sections);
}

std::string override_json(const oncall::Override& one, const std::string& schedule_zone)
{
    return json_of(write_override(one, schedule_zone));
}

} // namespace config
