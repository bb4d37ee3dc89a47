#pragma once

#include "slack/message.hpp"

#include <set>
#include <string>

/// Compares with tests/blocks/golden/<name>.json; with ONCALL_GOLDEN=write in the environment, writes it instead.
void golden(const std::string& name, const slack::Json& json);
/// The same, and whether Slack would take it and only `people` are mentioned in it.
void golden(const std::string& name, const slack::Message& message, const std::set<std::string>& people = {});
