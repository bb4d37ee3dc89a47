#pragma once

#include "config/settings.hpp"
#include "oncall/configuration.hpp"

namespace commands {

/// The service, until SIGINT or SIGTERM. Returns the exit status.
int run();
/// The story of one page, in a workspace of its own; `once` ends after it.
int demo(bool once);

/// Reads oncall.yaml; says every problem on standard error. nullopt when there is one.
std::optional<oncall::Configuration> read_configuration(const std::string& path);

} // namespace commands
