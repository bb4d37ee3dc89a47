#include "config/read.hpp"
#include "config/rule_yaml.hpp"
#include "config/yaml.hpp"
#include "oncall/alert_template.hpp"
#include "oncall/severity.hpp"

#include <algorithm>

namespace config {

namespace {

using namespace std::chrono_literals;

const std::vector<std::string> further_of_rule{
    "default_service", "team", "policy", "severity", "title", "delay", "group", "suppress", "continue"};

/// Alerts wait for so long at most: a rule that holds them back for ever would be one that nobody misses them by.
constexpr oncall::milliseconds longest_delay{std::chrono::days{1}}, longest_group{std::chrono::days{7}};

oncall::milliseconds read_wait(
    Reader& reader, const Fields& in, const std::string& key, oncall::milliseconds otherwise, oncall::milliseconds most)
{
    const auto word = reader.text(in, key);
    if (word.empty())
        return otherwise;
    const auto time = oncall::duration_in(word);
    if (time && *time >= 1s && *time <= most)
        return *time;
    reader.problem(in.at(key), "`" + key + "` must be a time from 1s to " + oncall::duration_out(most), "write 30s, 5m or 2h");
    return otherwise;
}

std::string read_template(Reader& reader, const Fields& in, const std::string& key)
{
    auto text = reader.text(in, key);
    if (const auto why = oncall::why_no_alert_template(text); !why.empty())
        reader.problem(in.at(key), "`" + key + "` " + why,
            "name fields as {{title}}, {{description}}, {{severity}}, {{urgency}}, {{source}}, {{service}} or {{labels.NAME}}");
    return text;
}

oncall::Grouping read_group(Reader& reader, const Place& at)
{
    oncall::Grouping group;
    const auto in = reader.fields(at, "`group`", {"by", "within"});
    group.by = read_template(reader, in, "by");
    if (!in.has("by"))
        reader.problem(at, "`group` does not say by what", "write group: {by: \"{{labels.cluster}}\", within: 5m}");
    group.within = read_wait(reader, in, "within", group.within, longest_group);
    return group;
}

void read_consequence(Reader& reader, const Place& at, oncall::Rule& rule)
{
    std::vector<std::string> known{"service", "urgency", "page"};
    known.insert(known.end(), further_of_rule.begin(), further_of_rule.end());
    const auto in = reader.fields(at, "`then`", known);
    rule.service = reader.reference(in, "service", "service");
    rule.page = reader.truth(in, "page");
    const auto urgency = reader.text(in, "urgency");
    if (urgency == "high" || urgency == "low")
        rule.urgency = urgency == "high" ? oncall::Urgency::high : oncall::Urgency::low;
    else if (!urgency.empty())
        reader.problem(in.at("urgency"), "there is no urgency `" + urgency + "`", "write high or low");
    read_further(reader, in, rule);
    if (rule.suppress && rule.page.value_or(false))
        reader.problem(
            in.at("suppress"), "what is suppressed pages nobody, and `page: true` says it does", "leave one of them out");
}

} // namespace

void read_further(Reader& reader, const Fields& in, oncall::Rule& rule)
{
    rule.default_service = reader.reference(in, "default_service", "service");
    rule.team = reader.reference(in, "team", "team");
    rule.policy = reader.reference(in, "policy", "policy");
    rule.severity = reader.text(in, "severity");
    const auto& severities = oncall::severity_words;
    if (!rule.severity.empty() && std::find(severities.begin(), severities.end(), rule.severity) == severities.end())
        reader.problem(in.at("severity"), "there is no severity `" + rule.severity + "`",
            reader.suggestion(rule.severity, std::vector<std::string>(severities.begin(), severities.end()),
                "use critical, error, warning or info"));
    rule.title = read_template(reader, in, "title");
    rule.delay = read_wait(reader, in, "delay", {}, longest_delay);
    rule.group = in.has("group") ? read_group(reader, in.at("group")) : oncall::Grouping{};
    rule.suppress = reader.truth(in, "suppress").value_or(false);
    rule.goes_on = reader.truth(in, "continue").value_or(false);
}

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

ParsedRule parse_further(std::string_view text, oncall::Rule rule)
{
    ParsedRule parsed;
    parsed.rule = std::move(rule);
    const auto root = node_in_yaml(text, parsed.problems);
    if (!parsed.problems.empty())
        return parsed;
    const Environment nothing = [](const std::string&) { return std::optional<std::string>{}; };
    Reader reader{nothing, Names::people};
    const Place at{&root, "rule " + parsed.rule.name + ".then"};
    reader.enter("rule " + parsed.rule.name);
    const auto in = reader.fields(at, "this field", further_of_rule);
    read_further(reader, in, parsed.rule);
    parsed.problems = reader.problems();
    return parsed;
}

} // namespace config
