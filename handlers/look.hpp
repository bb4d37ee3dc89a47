#pragma once

#include "handlers/context.hpp"

namespace handlers {

/// The policy that somebody means, or a Refusal with those there are.
const oncall::Policy& policy_called(const oncall::Configuration& configuration, const std::string& name, const std::string& verb);

} // namespace handlers
