#pragma once

#include "config/oncall_yaml.hpp"

/// An environment in which nothing is set.
inline const config::Environment nothing = [](const std::string&) { return std::optional<std::string>{}; };
