#include "config/schedule_yaml.hpp"

#include "config/read.hpp"
#include "config/write.hpp"
#include "config/yaml.hpp"

namespace config {

namespace {

/// The mapping under the only key, when it is that one.
const Node* only(const Node& node, std::string_view key)
{
    const bool is_only = node.kind == Node::Kind::mapping && node.keys.size() == 1 && node.keys.front().text == key;
    return is_only && node.items.front().kind == Node::Kind::mapping ? &node.items.front() : nullptr;
}

/// The schedule's own mapping, however much of what is around it was copied, too.
const Node& body_of(const Node& root, const std::string& name)
{
    const auto* const schedules = only(root, "schedules");
    const auto& inner = schedules ? *schedules : root;
    const auto* const named = only(inner, name);
    return named ? *named : inner;
}

} // namespace

std::string schedule_yaml(const oncall::Schedule& schedule) { return yaml_of(write_schedule(schedule, false)); }

ParsedSchedule parse_schedule(std::string_view text, const std::string& name)
{
    ParsedSchedule parsed;
    const auto root = node_in_yaml(text, parsed.problems);
    if (!parsed.problems.empty())
        return parsed;
    const Environment nothing = [](const std::string&) { return std::optional<std::string>{}; };
    Reader reader{nothing, Names::people};
    const auto& body = body_of(root, name);
    const Place at{&body, "schedule " + name};
    reader.enter(at.path);
    if (const auto* const overrides = body.kind == Node::Kind::mapping ? find(body, "overrides") : nullptr)
        reader.problem({overrides, at.path + ".overrides"}, "overrides are no part of this",
            "take `overrides` out; /oncall override makes them");
    if (body.kind == Node::Kind::null)
        reader.problem(at, "there is no schedule here", "write its `rotations`");
    parsed.schedule = read_schedule(reader, name, at);
    parsed.schedule.overrides.clear();
    parsed.problems = reader.problems();
    return parsed;
}

} // namespace config
