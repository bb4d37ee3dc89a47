#include "config/rule_yaml.hpp"
#include "config/write.hpp"
#include "config/yaml.hpp"

namespace config {

namespace {

using Kind = oncall::Condition::Kind;

Node write_values_of(const oncall::Condition& condition)
{
    auto values = a_list();
    for (const auto& value : condition.values)
        values.items.push_back(a_text(value));
    return values;
}

Node write_during(const oncall::WorkingHours& hours)
{
    auto node = a_mapping();
    put_text(node, "time_zone", hours.time_zone);
    put(node, "windows", write_windows(hours.windows));
    return node;
}

/// What a field is asked.
void put_comparison(Node& node, const oncall::Condition& condition)
{
    switch (condition.kind) {
    case Kind::contains: put(node, "contains", a_text(condition.value)); break;
    case Kind::matches: put(node, "matches", a_text(condition.value)); break;
    case Kind::in: put(node, "in", write_values_of(condition)); break;
    case Kind::greater: put(node, "greater", a_text(condition.value)); break;
    case Kind::less: put(node, "less", a_text(condition.value)); break;
    case Kind::exists: put(node, "exists", a_truth(true)); break;
    default: put(node, "is", a_text(condition.value)); break;
    }
}

Node write_group(const oncall::Grouping& group)
{
    auto node = a_mapping();
    put(node, "by", a_text(group.by));
    if (group.within != oncall::Grouping{}.within)
        put(node, "within", a_text(oncall::duration_out(group.within)));
    return node;
}

void write_further_of(const oncall::Rule& rule, Node& then)
{
    put_text(then, "default_service", rule.default_service);
    put_text(then, "team", rule.team);
    put_text(then, "policy", rule.policy);
    put_text(then, "severity", rule.severity);
    put_text(then, "title", rule.title);
    if (rule.delay != oncall::milliseconds{})
        put(then, "delay", a_text(oncall::duration_out(rule.delay)));
    if (!rule.group.by.empty())
        put(then, "group", write_group(rule.group));
    if (rule.suppress)
        put(then, "suppress", a_truth(true));
    if (rule.goes_on)
        put(then, "continue", a_truth(true));
}

} // namespace

Node write_condition(const oncall::Condition& condition)
{
    auto node = a_mapping();
    auto parts = a_list();
    switch (condition.kind) {
    case Kind::during: put(node, "during", write_during(condition.hours)); return node;
    case Kind::all:
    case Kind::any:
    case Kind::no: break;
    default:
        put(node, "field", a_text(condition.field));
        put_comparison(node, condition);
        return node;
    }
    for (const auto& part : condition.parts)
        parts.items.push_back(write_condition(part));
    if (condition.kind == Kind::no)
        put(node, "not", parts.items.empty() ? Node{} : std::move(parts.items.front()));
    else
        put(node, condition.kind == Kind::all ? "all" : "any", std::move(parts));
    return node;
}

Node write_rule(const oncall::Rule& rule, bool name)
{
    auto node = a_mapping();
    node.block = true;
    if (name)
        put(node, "name", a_text(rule.name));
    put(node, "when", write_condition(rule.when));
    auto then = a_mapping();
    put_text(then, "service", rule.service);
    if (rule.urgency)
        put(then, "urgency", a_text(*rule.urgency == oncall::Urgency::high ? "high" : "low"));
    if (rule.page)
        put(then, "page", a_truth(*rule.page));
    write_further_of(rule, then);
    put(node, "then", std::move(then));
    return node;
}

std::string further_yaml(const oncall::Rule& rule)
{
    auto node = a_mapping();
    write_further_of(rule, node);
    if (node.items.empty())
        return "";
    node.block = true;
    return yaml_of(node);
}

} // namespace config
