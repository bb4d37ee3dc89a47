#pragma once

#include "config/node.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace config {

/// The tree of a JSON text; nullopt when it is none, or larger or deeper than a configuration may be.
std::optional<Node> node_in_json(std::string_view text);

/// Compact JSON, keys in the tree's order.
std::string json_of(const Node& node);

} // namespace config
