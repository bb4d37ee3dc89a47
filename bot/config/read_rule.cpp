#include "config/read.hpp"

namespace config {

namespace {

void read_consequence(Reader& reader, const Place& at, oncall::Rule& rule)
{
    const auto in = reader.fields(at, "`then`", {"service", "urgency", "page"});
    rule.service = reader.reference(in, "service", "service");
    rule.page = reader.truth(in, "page");
    const auto urgency = reader.text(in, "urgency");
    if (urgency == "high" || urgency == "low")
        rule.urgency = urgency == "high" ? oncall::Urgency::high : oncall::Urgency::low;
    else if (!urgency.empty())
        reader.problem(in.at("urgency"), "there is no urgency `" + urgency + "`", "write high or low");
}

} // namespace

oncall::Rule read_rule(Reader& reader, const std::optional<std::string>& name, const Place& at)
{
    std::vector<std::string> known{"name", "when", "then"};
    if (name)
        known.erase(known.begin());
    const auto in = reader.fields(at, "a rule", known);
    oncall::Rule rule;
    if (name)
        rule.name = *name;
    else if (in.has("name"))
        rule.name = reader.text(in, "name");
    else
        reader.problem(at, "a rule has no name", "add `name: …`: people see it as the reason of a page");
    if (!rule.name.empty())
        reader.check_name(in.near("name"), rule.name, "a rule");
    const auto called = rule.name.empty() ? "a rule" : "rule " + rule.name;
    if (in.has("when"))
        rule.when = read_condition(reader, in.at("when"));
    else
        reader.problem(at, called + " has no `when`", "say which alerts it is for, as `when: {field: severity, is: critical}`");
    if (in.has("then"))
        read_consequence(reader, in.at("then"), rule);
    else
        reader.problem(at, called + " does nothing", "add `then: {service: …}`");
    return rule;
}

} // namespace config
