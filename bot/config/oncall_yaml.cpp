#include "config/oncall_yaml.hpp"

#include "config/read_configuration.hpp"
#include "config/yaml.hpp"

namespace config {

namespace {

/// The sections of the file in the order they are read, and what one of their entries is called.
constexpr std::pair<std::string_view, std::string_view> section_kinds[]{{"teams", "team"}, {"services", "service"},
    {"holidays", "holidays"}, {"schedules", "schedule"}, {"policies", "policy"}, {"sources", "source"},
    {"heartbeats", "heartbeat"}, {"directories", "directory"}, {"rules", "rule"}};

/// The path of a rule: by its name, if it says it.
std::string path_of_rule(const Node& rule, std::size_t index)
{
    const auto* const name = find(rule, "name");
    return name && name->is_scalar() && !name->text.empty() ? "rule " + name->text : "rules[" + std::to_string(index) + "]";
}

std::vector<Section> sections_of(Reader& reader, const Node& root)
{
    std::vector<std::string> known;
    for (const auto& [plural, kind] : section_kinds)
        known.emplace_back(plural);
    const auto in = reader.fields({&root, ""}, "the file", known);
    std::vector<Section> sections;
    for (const auto& [plural, kind] : section_kinds) {
        const std::string section{plural};
        if (!in.has(section))
            continue;
        if (kind == "rule") {
            const auto rules = reader.list(in, section);
            for (std::size_t i = 0; i < rules.size(); ++i)
                sections.push_back(
                    {std::string{kind}, std::nullopt, rules[i].node, {rules[i].node, path_of_rule(*rules[i].node, i)}});
            continue;
        }
        reader.names_of(in.at(section), "`" + section + "`", [&](const std::string& name, const Place& key, const Node& value) {
            sections.push_back({std::string{kind}, name, key.node, {&value, std::string{kind} + " " + name}});
        });
    }
    return sections;
}

} // namespace

Parsed parse(std::string_view text, const Environment& environment, Names names)
{
    Parsed parsed;
    const auto root = node_in_yaml(text, parsed.problems);
    if (!parsed.problems.empty())
        return parsed;
    Reader reader{environment, names};
    const auto sections = sections_of(reader, root);
    return read_configuration(reader, sections);
}

std::string describe(std::string_view file, const Problem& problem)
{
    std::string text{file};
    if (problem.line > 0)
        text += ":" + std::to_string(problem.line) + ":" + std::to_string(problem.column);
    return text + ": " + problem.what + ". Fix: " + problem.fix + (problem.fix.ends_with('?') ? "" : ".");
}

} // namespace config
