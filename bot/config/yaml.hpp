#pragma once

#include "config/node.hpp"
#include "config/oncall_yaml.hpp"

namespace config {

/// The tree of a YAML text; a text that is none, or larger or deeper than a configuration may be, is a problem. Aliases and
/// merge keys (`<<`) are resolved.
Node node_in_yaml(std::string_view text, std::vector<Problem>& problems);

/// The same of a text of several documents; those with nothing in them are left out.
std::vector<Node> nodes_in_yaml(std::string_view text, std::vector<Problem>& problems);

/// YAML as a person writes it: what is `block` over several lines, the rest on one while it fits, quotes where YAML 1.1 or 1.2
/// needs them. The same tree gives the same bytes, and node_in_yaml reads it back.
std::string yaml_of(const Node& node);

} // namespace config
