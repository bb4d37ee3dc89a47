#pragma once

#include "config/oncall_yaml.hpp"

/// What a rule's form has in one field: what few rules say, as oncall.yaml has it under `then`.
namespace config {

/// `default_service`, `team`, `policy`, `severity`, `title`, `delay`, `group`, `suppress` and `continue`, as far as the rule says
/// them. The same rule gives the same bytes, and parse_further reads them back. "": it says none.
std::string further_yaml(const oncall::Rule& rule);

struct ParsedRule {
    oncall::Rule rule{}; // of use only without problems
    std::vector<Problem> problems{}; // all of them, in the text's order, with line and column
};
/// The rule with what the text says of these instead of what it said. That what it names exists is not looked at.
ParsedRule parse_further(std::string_view text, oncall::Rule rule);

} // namespace config
