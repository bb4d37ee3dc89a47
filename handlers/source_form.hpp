#pragma once

#include "handlers/settings_forms.hpp"

/// The form of a source, pure; part of settings_forms.
namespace handlers {

void put_source(blocks::Values& values, const oncall::Source& source);
void source_parts(std::vector<blocks::Part>& parts, const Subject& subject, const oncall::Configuration& now);
/// What was filled in; a signing secret only when another one was given. What cannot be read is said by field.
void read_source(oncall::Source& source, const blocks::Values& values, std::map<std::string, std::string>& errors);
/// The field that shows `path` within a source, as "severities.p2"; empty: none does.
std::string source_field(const std::string& path);

} // namespace handlers
