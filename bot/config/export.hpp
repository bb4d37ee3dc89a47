#pragma once

#include "oncall/configuration.hpp"

#include <string>

namespace config {

/// The configuration as oncall.yaml, which `parse` reads back as the same. The same configuration gives the same bytes. Keys of
/// sources are written as their hashes.
std::string export_yaml(const oncall::Configuration& configuration);

} // namespace config
