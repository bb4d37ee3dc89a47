#pragma once

#include "slack/message.hpp"

#include <set>
#include <string>

/// A view, a message, a block or an answer to a menu: whether Slack would take it, by its limits. Then compares with
/// tests/blocks/golden/<name>.json; with ONCALL_GOLDEN=write in the environment, writes it instead.
void golden(const std::string& name, const slack::Json& json);
/// The same, and whether only `people` are mentioned in it.
void golden(const std::string& name, const slack::Message& message, const std::set<std::string>& people = {});
/// The same of a view, and whether its texts are sound and mention nobody.
void golden_view(const std::string& name, const slack::View& view);
