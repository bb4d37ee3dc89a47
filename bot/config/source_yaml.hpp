#pragma once

#include "config/oncall_yaml.hpp"

/// What a source's form has in one field: what few need, as oncall.yaml has it.
namespace config {

/// `group`, `branches`, `topics`, `severities`, `first_ping_makes` and `mapping`, as far as the source has them, as the file has
/// them under its name. The same source gives the same bytes, and parse_further reads them back. "": it has none.
std::string further_yaml(const oncall::Source& source);

struct ParsedSource {
    oncall::Source source{}; // of use only without problems
    std::vector<Problem> problems{}; // all of them, in the text's order, with line and column
};
/// The source with what the text says of these instead of what it had.
ParsedSource parse_further(std::string_view text, oncall::Source source);

/// Why it is no secret to sign with, as "is too short to keep anybody out"; empty: it is one.
std::string why_no_secret(const std::string& text);

} // namespace config
