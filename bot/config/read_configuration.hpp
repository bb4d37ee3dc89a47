#pragma once

#include "config/reader.hpp"

namespace config {

/// One named part of the configuration, where its name stands, and its value.
struct Section {
    std::string kind{}; // "team", "service", "schedule", "policy", "source", "rule"
    std::optional<std::string> name{}; // a rule of the file has its name inside
    const Node* key{};
    Place at{};
};

/// Reads all of it into one configuration and checks it as a whole: every reference, and that somebody can be reached.
Parsed read_configuration(Reader& reader, const std::vector<Section>& sections);

} // namespace config
